/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/uuid.h"
#include "promo-tui/counter.h"
#include "promo-tui/plain.h"

/* The parts of plain.h's mode: plain.c (the order of things), plain_io.c (lines in and out, calls and
 * what is settled between them), plain_session.c (signing in), plain_more.c (reports, the day). */

enum {
	TUI_PLAIN_LINE_SIZE = 4096,
	TUI_PLAIN_BYTES_MAX = 4 * 1024 * 1024,
	TUI_PLAIN_TAG_OWN = -1, /* the counter's tags are not negative */
	TUI_PLAIN_TAG_OUTBOX = -2,
};

struct tui_plain {
	const struct tui_plain_config *config;
	struct promo_arena *arena; /* of what is being said, emptied for each line that is read */
	struct tui_counter counter;
	char key[PROMO_UUID_SIZE]; /* of the last redemption */
	char user_name[TUI_COUNTER_TEXT_SIZE];
	char user_id[PROMO_UUID_SIZE];
	bool finds_customers, signed_in;
	bool session_ended;       /* the server said so: nobody asks with its token again */
	bool ended, over, failed; /* the input; the work; it cannot go on */
	bool asking;              /* a prompt stands at the end of the output */
	bool terminal;
	char line[TUI_PLAIN_LINE_SIZE], waiting[TUI_PLAIN_LINE_SIZE];
	size_t waiting_size;
};

/* One line, without controls. */
void tui_plain_say(struct tui_plain *plain, const char *format, ...) PROMO_PRINTF(2, 3);
/* Why a call was refused, and how long to wait. */
void tui_plain_say_refusal(struct tui_plain *plain, const struct tui_reply *reply);

/* The next line, in plain->line; false at the end of the input. */
bool tui_plain_ask(struct tui_plain *plain, const char *prompt);
bool tui_plain_ask_secret(struct tui_plain *plain, const char *prompt);

/* Calls and waits for the answer, which lasts until the next line is asked for or call is made.
 * False if the program cannot go on. */
bool tui_plain_call(struct tui_plain *plain, int tag, const struct promo_op *op, const void *in,
	const char *key, struct tui_reply *ret);

/* An empty counter. */
void tui_plain_clear(struct tui_plain *plain);

/* Asks who is there; false at the end of the input. */
bool tui_plain_sign_in(struct tui_plain *plain, const char *why);
/* *reply asks for a second factor, and is the answer to the sign-in afterwards. False: given up. */
bool tui_plain_factor(struct tui_plain *plain, struct tui_reply *reply, struct promo_arena *arena);
/* False: not enrolled. */
bool tui_plain_enrol(struct tui_plain *plain);
void tui_plain_report(struct tui_plain *plain);
void tui_plain_day(struct tui_plain *plain);
