/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/event.h"
#include "libpromo/ops/ctx.h"

/*
 * Tells people and programs of an event, in the transaction of what it reports: so nothing is told
 * that did not happen, and nothing that happened goes untold. What is written here are rows;
 * sending them is the work of others, later. Who is told, and by which ways, follows from the row of
 * the event (model/events.def) and from the settings. Never called for a verification or a
 * redemption. For the files of this folder; not installed.
 */

struct promo_event {
	enum promo_event_kind kind;
	const char *about_kind, *about_id; /* "batch" and its id; both may be NULL */
	const char *title, *body;          /* sentences for people: no codes, no phones, no names */
	const char *user_id;               /* the PERSON of the row; NULL: nobody */
	const char *by;                    /* who did it and need not be told; NULL: nobody */
	/* What programs want to know besides, see struct promo_news. */
	const char *batch_id, *batch_name, *status;
	int64_t count;      /* PROMO_NULL_INT: nothing to count */
	bool only_programs; /* people hear of it by another event */
};

/* Whatever tells: an operation, a job, a thread that sends mail. */
struct promo_teller {
	struct promo_store *store; /* inside of a transaction */
	struct promo_arena *arena;
	const struct promo_settings *settings;
};

/* A fault where a row could not be written, and with it the whole transaction. */
int promo_tell_by(const struct promo_teller *teller, const struct promo_event *event) PROMO_CHECK;

/* The same from an operation; `by` is who asked, unless it is given. */
int promo_tell(struct promo_ctx *ctx, const struct promo_event *event) PROMO_CHECK;

/* From time to time: tells what time brings, which is another version of the program (NULL: nobody
 * knows which this is), batches that end soon, and letters that are dead. */
int promo_tell_tidy(const struct promo_teller *teller, const char *version) PROMO_CHECK;
