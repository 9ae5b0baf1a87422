/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/audit.h"
#include "libpromo/model/permission.h"
#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/*
 * What people and programs are told of: the rows of events.def, and the news itself, which is what a
 * mail is made of and what a webhook gets. News hold ids, names of batches, words and counts; never
 * a code, a phone or a name of somebody.
 */

PROMO_BEGIN_DECLS

enum promo_event_kind {
	PROMO_EVENT_NONE = 0,
#define PROMO_EVENT(name, topic, word, who, permission, mail, hook, help) PROMO_EVENT_##name,
#include "libpromo/model/events.def"
#undef PROMO_EVENT
	PROMO_EVENT_COUNT
};

/* Who is told in the application. */
enum promo_event_who {
	PROMO_TELL_PERSON = 1 << 0,  /* whom it concerns */
	PROMO_TELL_HOLDERS = 1 << 1, /* who has the permission of the row */
	PROMO_TELL_BOTH = PROMO_TELL_PERSON | PROMO_TELL_HOLDERS,
};

struct promo_event_row {
	const char *topic, *word, *help;
	enum promo_event_who who;
	enum promo_permission permission;
	bool mail, hook; /* the ways it may go beside the application, if the settings say so */
};

/* The row of a kind; of PROMO_EVENT_NONE nothing but nulls. */
const struct promo_event_row *promo_event_row(enum promo_event_kind kind);

/* The words of events that users, and that recipients of mail may be told of: for the settings. */
extern const struct promo_words promo_event_app_words, promo_event_mail_words;
/* Whether there is an event of this topic that webhooks may be told of. */
bool promo_event_has_topic(const char *topic);

struct promo_news {
	const struct promo_audit_entity *about; /* kind and id of what it is about */
	const char *title, *body;               /* in words, as people read them */
	const struct promo_batch_ref *batch;    /* NULL where it is about none */
	const char *status;                     /* a word, where something came to be something */
	int64_t count;                          /* PROMO_NULL_INT where there is nothing to count */
	const char *user_id;                    /* whom it concerns, or NULL */
	const char *by;                         /* the user who did it, or NULL */
};
extern const struct promo_schema promo_news_schema;

PROMO_END_DECLS
