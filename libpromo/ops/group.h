/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/call.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/*
 * Verifications and redemptions, decided and written together (design section 3, the group lanes).
 * A group reads everything that decides about its requests in one trip, decides each of them by the
 * one rule of rules/redeem.h, and writes what follows in a second trip that is one transaction:
 * compare-and-set on exactly what was read. Who falls out of it was overtaken and has to be read
 * and decided again.
 *
 * This file knows neither threads nor sockets: it says which statements to run and takes their
 * rows. A lane (lanes.h) runs them on a pipeline for many requests at once; redeem.c and verify.c run
 * them on a runner's store, inside its transaction, for one request alone. So there is one way to
 * redeem a code.
 *
 * Locks are taken in the same order everywhere: the own writer of the audit trail, customers by
 * phone, codes by code, keys, totals by batch. A key is used once in a group at most; that is up to
 * the caller. A code may stand in it any number of times: the first that would redeem it keeps it, the
 * others who would are AGAIN, and those who are refused or only look share the group.
 *
 * Not installed.
 */

enum {
	PROMO_GROUP_MAX = 256,      /* requests: measured, larger ones only add latency */
	PROMO_GROUP_CALLS_MAX = 12, /* statements of a trip */
};

/* What became of a request of the group. */
enum promo_group_end {
	PROMO_GROUP_OPEN = 0,
	PROMO_GROUP_ANSWERED, /* call.answer is the truth, committed: tell it */
	PROMO_GROUP_AGAIN,    /* overtaken: into a later group */
	PROMO_GROUP_ALONE,    /* not for a group: promo_run() has to do it */
	PROMO_GROUP_SUSPECT,  /* the same, but a few of one user at a time: he may be guessing (a
			       * miss, another request of who has one in this group, or his row of
			       * throttles is not neutral) */
};

struct promo_group_item {
	struct promo_call call; /* actor, input and key are set; admitted by lanes.c */
	enum promo_group_end end;
	bool untold; /* with ALONE: it is done, but there was no memory to say so */
	struct promo_group_facts
		*facts; /* the group's own: what was read, and what is to be written */
};

/* Statements that travel together, and afterwards their rows. */
struct promo_group_trip {
	struct promo_group_statement {
		enum promo_query query;
		struct promo_params params;
		struct promo_objects rows;
	} statements[PROMO_GROUP_CALLS_MAX];
	size_t count;
};

struct promo_group {
	struct promo_arena *arena; /* of the group; the answers live in the arenas of their calls */
	struct promo_group_item *items[PROMO_GROUP_MAX];
	size_t count;
	int64_t writer; /* of the audit trail: locked before a code is redeemed (fence.h) */
	int64_t lane;   /* which row of totals is raised */
	int64_t epoch;  /* up to which changes of rights are known already */
	bool alone;     /* one request inside a runner, whose are writer, audit row and answer */
	const struct promo_auth_state_row *state; /* read in trip one; NULL where alone */
	const char **users; /* the group's own: whose requests these are, each once, in order */
	size_t user_count;
};

/* Trip one: what decides. One transaction that writes nothing. An item that was AGAIN starts anew. */
int promo_group_read(struct promo_group *group, struct promo_group_trip *ret) PROMO_CHECK;
/* Takes the state that came with trip one (epoch, settings, whose rights changed, the clock), so
 * that the lane can take out (end = ALONE) whose actor is not what it was. */
int promo_group_take_state(
	struct promo_group *group, const struct promo_group_trip *trip) PROMO_CHECK;
/* Decides about every item that is still open; ctx.settings and call.out of each have to be there.
 * An item that cannot be decided upon is ALONE. */
int promo_group_decide(struct promo_group *group, const struct promo_group_trip *trip) PROMO_CHECK;
/* Trip two: what follows, audit rows included; no statement at all where nobody is left. */
int promo_group_write(struct promo_group *group, struct promo_group_trip *ret) PROMO_CHECK;
/* After it was committed: every item that is still open is ANSWERED or AGAIN; or ALONE and untold,
 * and its key brings the answer. */
int promo_group_settle(struct promo_group *group, const struct promo_group_trip *trip) PROMO_CHECK;

/* Trip three, only where somebody was overtaken: takes back the customers that were made for him. No
 * answer depends on it. */
int promo_group_forget(struct promo_group *group, struct promo_group_trip *ret) PROMO_CHECK;

/* One request, as the operation of a runner: both trips on ctx->store, inside its transaction. `out`
 * is the struct of the operation's answer; refusals and notes are left in *ctx as by any operation.
 * -EAGAIN with ctx->overtaken where another request was faster. */
int promo_group_alone(struct promo_ctx *ctx, const void *in, void *out) PROMO_CHECK;
