/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * What clients saw: every attempt that was sent, what it was answered and when, on one monotonic
 * clock. tests/fault/load writes it, tests/fault/check-history reads it.
 *
 * A file has one attempt a line, fields apart by tabs, "-" where there is nothing:
 *	kind code key user invoke_us complete_us status word redemption_id replayed body request_id
 * kind is verify or redeem. key is as the database keeps it, "<user id>/<Idempotency-Key>"; several
 * attempts may have one. status is that of HTTP, 0 where no answer came. word is what was learnt of
 * the code (redeemed after a redemption, the status after a verification) or the wire code of the
 * refusal. body is a hash of the answer without its request id.
 */

enum attempt_kind {
	ATTEMPT_VERIFY,
	ATTEMPT_REDEEM,
};

struct attempt {
	enum attempt_kind kind;
	unsigned status;
	bool replayed;
	int64_t invoke_us, complete_us;
	const char *code, *key, *user, *word, *redemption_id, *body, *request_id;
};

struct history {
	struct attempt *attempts;
	size_t count;
	char **texts; /* the files, in which the attempts' texts lie */
	size_t text_count;
};

/* Takes the text of a file (from malloc) and cuts it up; the number of the first line that is not
 * understood, 0: none. */
size_t history_add(struct history *history, char *text);
void history_free(struct history *history);
void attempt_write(const struct attempt *attempt, FILE *file);

/*
 * What an attempt tells.
 */

/* It may have been done, or may still be: no answer, one that says so, or one that is not ours. */
bool attempt_unknown(const struct attempt *attempt);
/* It was answered that it was done. */
bool attempt_ok(const struct attempt *attempt);
/* An answer that the key keeps: a redemption, or why there was none. */
bool attempt_bound(const struct attempt *attempt);

/* What the code was seen to be. */
enum seen {
	SEEN_NOTHING,
	SEEN_NOT_REDEEMED,
	SEEN_REDEEMED,
};
enum seen attempt_seen(const struct attempt *attempt);

/*
 * Files of fields, for state.c as well.
 */

/* Reads a whole file; NULL: errno says why. To be freed. */
char *file_text(const char *path);
/* Cuts the next line off *text and it at its tabs; the number of fields, 0: the text is over. A line
 * with other than `count` fields gives another number. */
size_t file_fields(char **text, const char **ret, size_t count);
bool file_number(const char *text, int64_t *ret);
