/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_code.h"
#include "libpromo/client/profile.h"
#include "promo-tui/remote.h"

/*
 * Redemptions whose answer is missing. Each is a file below the profile's folder from before it is
 * sent until its outcome is known, so that it can be asked for again with the same idempotency key,
 * by a later run if need be: the server does it once and tells what became of it. Only the user who
 * began it can ask (a key belongs to its user); those of others stay and are shown as theirs.
 *
 * To ask again one has to send the same again, so the file holds the code, the phone number, the
 * names and the note in the clear. It is for its owner's eyes only (0600), holds no password and no
 * token, and is removed the moment the outcome is known. A lock on it says that a living program
 * has it in hand; a program that dies, however it dies, gives its files to the next one.
 *
 * How it is used: tui_outbox_begin(), then the call with the key that it gave; every reply to
 * tui_outbox_take(), and now and then tui_outbox_next() until it has nothing, with a call for each.
 */

struct tui_outbox;

/* The profile's folder and what is below it is made when something is written. */
int tui_outbox_new(const struct promo_profile *profile, struct tui_outbox **ret) PROMO_CHECK;
void tui_outbox_free(struct tui_outbox *outbox); /* what waits stays on disk; NULL is fine */

/* Who is signed in, and where. Whatever was under way may have been done from now on. NULL: nobody. */
struct tui_outbox_owner {
	const char *server, *user_id, *user_name;
};
int tui_outbox_set_owner(
	struct tui_outbox *outbox, const struct tui_outbox_owner *owner) PROMO_CHECK;

/* Before a redemption is sent: it is on disk when this returns 0, and must not be sent otherwise.
 * wall_ms: now, since the epoch. The key lasts until the outcome is known. */
int tui_outbox_begin(struct tui_outbox *outbox, const struct promo_redemption_create_in *in,
	int64_t wall_ms, struct promo_arena *arena, struct promo_problem *problem,
	const char **ret_key) PROMO_CHECK;

enum tui_outbox_end {
	TUI_OUTBOX_NOT_MINE, /* a reply to something else */
	TUI_OUTBOX_ANSWERED, /* the first answer: done, or certainly not done */
	TUI_OUTBOX_SETTLED,  /* what was not known before is now: to be told loudly */
	TUI_OUTBOX_UNKNOWN,  /* it will be asked for again */
};
/* Takes a reply to promo_op_redemption_create. *ret_sentence: what is to be told of SETTLED and
 * UNKNOWN, with code and phone number, in the arena; "" else. */
enum tui_outbox_end tui_outbox_take(struct tui_outbox *outbox, const struct tui_reply *reply,
	int64_t now_ms, struct promo_arena *arena, const char **ret_sentence);

/* Of one of them. Texts last until it is settled or the owner changes. */
struct tui_outbox_item {
	const char *key, *user_name;
	int64_t begun_at_ms;
	struct promo_redemption_create_in in;
	bool mine;     /* of who is signed in here */
	bool asked;    /* an answer is under way */
	bool in_doubt; /* it may have been done: false until its first answer is overdue */
};

/* The next one that is to be asked for again, by a call with its key and input; false: none now.
 * Looks every half a minute for what other programs left behind. */
bool tui_outbox_next(struct tui_outbox *outbox, int64_t now_ms, struct tui_outbox_item *ret);
/* All are to be asked for at once: the server is back. */
void tui_outbox_hurry(struct tui_outbox *outbox);

/* What waits: those in doubt of who is signed in, and those of others. */
size_t tui_outbox_count(const struct tui_outbox *outbox, bool mine);
/* The i-th of all, oldest first; false: there are fewer. */
bool tui_outbox_item(const struct tui_outbox *outbox, size_t i, struct tui_outbox_item *ret);
/* Files that hold no redemption: a disk was damaged. They are left as they are. */
size_t tui_outbox_damaged(const struct tui_outbox *outbox, const char **ret_folder);
