/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/api/op_code.h"
#include "libpromo/base/arena.h"
#include "libpromo/client/client.h"
#include "libpromo/rules/code.h"
#include "libpromo/rules/phone.h"

/*
 * What happens at the counter, without a terminal, a network or a clock: a code is verified, an
 * active one gets a phone number and perhaps a name, a summary is read, and an explicit key redeems.
 * Each function is one thing that happened; it changes the state and says what is to be called, with
 * the input that tui_counter_*_in() gives and the tag that tui_counter_tag() gives; the answer goes
 * to tui_counter_reply(). Screen and --plain only draw tui_counter_view() and hand things on.
 *
 * What must hold: Enter never redeems; nothing redeems within 300 ms of a scan; an answer to what is
 * no longer asked changes nothing; an outcome that is not known is never shown as a failure; what was
 * typed for a customer is kept when the next one comes in between.
 */

enum tui_tone {
	TUI_TONE_NONE,
	TUI_TONE_GOOD,
	TUI_TONE_WARN,
	TUI_TONE_BAD,
	TUI_TONE_GREY,
};

enum tui_verdict_kind {
	TUI_VERDICT_NONE,
#define TUI_VERDICT(name, word, symbol, ascii, tone, sentence, next) TUI_VERDICT_##name,
#include "promo-tui/verdict.def"
#undef TUI_VERDICT
};

struct tui_verdict {
	const char *word, *symbol, *ascii;
	enum tui_tone tone;
	const char *sentence, *next; /* NULL: see verdict.def */
};

/* The row of a verdict; words are empty for TUI_VERDICT_NONE. */
const struct tui_verdict *tui_verdict(enum tui_verdict_kind kind);

enum tui_counter_step {
	TUI_STEP_CODE,      /* a code is typed; a verdict says what was wrong with the last try */
	TUI_STEP_VERIFYING, /* asked; what is typed meanwhile is the phone number */
	TUI_STEP_SHOWN,     /* a code that cannot be redeemed */
	TUI_STEP_FORM,      /* an active one: phone and name are typed */
	TUI_STEP_SUMMARY,   /* to be read before it is redeemed */
	TUI_STEP_REDEEMING,
	TUI_STEP_DONE,
	TUI_STEP_UNKNOWN, /* of outcome */
};

enum tui_counter_field {
	TUI_FIELD_CODE,
	TUI_FIELD_PHONE,
	TUI_FIELD_FIRST_NAME,
	TUI_FIELD_LAST_NAME,
	TUI_FIELD_COUNT,
	TUI_FIELD_NONE = TUI_FIELD_COUNT, /* the summary */
};

enum tui_counter_call {
	TUI_CALL_NONE,
	TUI_CALL_VERIFY,   /* promo_op_code_verify */
	TUI_CALL_CUSTOMER, /* promo_op_customer_list */
	TUI_CALL_REDEEM,   /* promo_op_redemption_create, through the outbox */
};

enum {
	TUI_COUNTER_CODE_MAX = 64, /* characters of the fields */
	TUI_COUNTER_PHONE_MAX = 32,
	TUI_COUNTER_NAME_MAX = 100,
	TUI_COUNTER_TEXT_SIZE = 4 * TUI_COUNTER_NAME_MAX + 1,
	TUI_COUNTER_KEPT_MAX = 8,
	TUI_COUNTER_LETTER_MS = 120, /* a key that redeems is not followed by others so soon */
	TUI_COUNTER_LETTER_LATE_MS = 2000, /* after which it is forgotten */
	TUI_COUNTER_NOTE_SIZE = 160,
};

/* What was typed for one customer. */
struct tui_counter_form {
	char texts[TUI_FIELD_COUNT][TUI_COUNTER_TEXT_SIZE];
};

/* What is known of the code in hand. Texts live in the counter's arena. */
struct tui_counter_subject {
	char code[PROMO_CODE_SIZE]; /* canonical; "": none */
	int64_t amount;             /* PROMO_NULL_INT: not known */
	const char *currency, *batch_name;
	int64_t expires_at, redeemed_at, reported_at;
	const char *phone_number, *person, *redeemed_by; /* of the redemption */
};

struct tui_counter_config {
	const char *country_code; /* of national numbers; NULL: "250" */
	bool finds_customers;     /* the user holds customers.search */
};

/* To be read by whoever draws; changed by the functions below only. */
struct tui_counter {
	struct promo_arena *arena;
	char country_code[8];
	bool finds_customers;

	enum tui_counter_step step;
	enum tui_counter_field focus;
	enum tui_verdict_kind verdict;
	struct tui_counter_form form;
	struct tui_counter_subject subject;
	const char *detail;      /* the server's sentence, in the arena; NULL: the verdict's own */
	int64_t available_at_ms; /* when the server wants to be asked again; 0: not said */
	int64_t throttled_until_ms; /* nothing is asked before; 0: any time */

	char phone[PROMO_PHONE_SIZE];     /* as it will be sent; "": what is typed is no number */
	char looked_up[PROMO_PHONE_SIZE]; /* whose name was asked for */
	char known_name[2 * TUI_COUNTER_TEXT_SIZE]; /* of looked_up; "": no such customer */

	struct tui_counter_form kept[TUI_COUNTER_KEPT_MAX]; /* customers put aside, newest last */
	int kept_count;
	char queued[TUI_COUNTER_TEXT_SIZE]; /* scanned while a redemption was under way */
	/* The outcome of the redemption before, while the next code is in hand. */
	char last_line[TUI_COUNTER_NOTE_SIZE];
	enum tui_verdict_kind last_verdict;

	int64_t wary_until_ms; /* see tui_counter_signed_in() */
	bool doubted;          /* what is typed as a code was said to be none */
	bool unreachable;      /* no answer comes to what is under way */

	int turn;          /* numbers what is asked */
	int64_t asked_ms;  /* when the last question was */
	int64_t scan_ms;   /* the end of the last scan; INT64_MIN: none */
	int64_t letter_ms; /* when the letter that redeems came; INT64_MIN: it did not */
	int bell;
	char note[TUI_COUNTER_NOTE_SIZE];
};

int tui_counter_init(
	struct tui_counter *counter, const struct tui_counter_config *config) PROMO_CHECK;
void tui_counter_release(struct tui_counter *counter); /* wipes what was typed; twice is fine */

/* The whole text of a field as it is now. In a step that shows a result, text of CODE begins the
 * next customer. */
void tui_counter_type(struct tui_counter *counter, enum tui_counter_field field, const char *text);
/* Text where no field has the focus: on the summary a lone `r` redeems a moment later, through
 * tui_counter_tick(); anything else begins the next code and keeps this customer. */
void tui_counter_type_at_summary(struct tui_counter *counter, const char *text, int64_t now_ms);
/* Moves among phone and names by +1 or -1. */
enum tui_counter_call tui_counter_move(struct tui_counter *counter, int direction);
/* Enter: verifies, or goes on to the summary. Never redeems. */
enum tui_counter_call tui_counter_accept(struct tui_counter *counter, int64_t now_ms);
/* The key that redeems; on the form it only goes on to the summary. */
enum tui_counter_call tui_counter_redeem(struct tui_counter *counter, int64_t now_ms);
/* A scan: the next code, whatever is being done. */
enum tui_counter_call tui_counter_scan(
	struct tui_counter *counter, const char *code, int64_t now_ms);
/* One step back: from the summary to the form, from there and from a result to an empty field. False
 * if there is nothing to go back from. */
bool tui_counter_back(struct tui_counter *counter);
bool tui_counter_can_go_back(const struct tui_counter *counter);
/* Verifies the code of the customer who was put aside last; what was typed comes back with it. */
enum tui_counter_call tui_counter_recall(struct tui_counter *counter, int64_t now_ms);
enum tui_counter_call tui_counter_tick(struct tui_counter *counter, int64_t now_ms);
/* When tui_counter_tick() has something to do; INT64_MAX: nothing. */
int64_t tui_counter_due_ms(const struct tui_counter *counter);

/* The input of a call. Its texts are the counter's and last until the next function. */
void tui_counter_verify_in(const struct tui_counter *counter, struct promo_code_verify_in *ret);
void tui_counter_customer_in(const struct tui_counter *counter, struct promo_customer_list_in *ret);
void tui_counter_redeem_in(
	const struct tui_counter *counter, struct promo_redemption_create_in *ret);
int tui_counter_tag(const struct tui_counter *counter, enum tui_counter_call call);

/* The answer to the call with this tag. Stale ones change nothing. The next call comes of a code that
 * was scanned meanwhile. */
enum tui_counter_call tui_counter_reply(struct tui_counter *counter, int tag, int error,
	const struct promo_reply *reply, int64_t now_ms);
/* The redemption that is shown as unknown is settled: error and reply are those of its last try. */
void tui_counter_settled(struct tui_counter *counter, int error, const struct promo_reply *reply);

/* The clerk has just signed in, or unlocked what stands here: what was refused for want of a session
 * can go on; and a password that comes too late is no code, nor is its first letter the one that
 * redeems. */
void tui_counter_signed_in(struct tui_counter *counter, int64_t now_ms);
/* Whether what is under way has not got through so far: said at once, rather than when it is over. */
void tui_counter_set_unreachable(struct tui_counter *counter, bool unreachable);

/* How often to ring since the last call (1 good, 2 warning, 3 bad), and what to say in one line; 0
 * and "" for nothing. */
int tui_counter_take_bell(struct tui_counter *counter);
const char *tui_counter_take_note(struct tui_counter *counter);

/* The name of the customer with this phone number, where it is known; else "". */
const char *tui_counter_known_name(const struct tui_counter *counter);

/* The state in words, for screen and --plain. Texts live in the arena; never NULL. */
struct tui_counter_line {
	const char *name, *value;
};
enum {
	TUI_COUNTER_LINES_MAX = 8
};
struct tui_counter_view {
	const struct tui_verdict *verdict;
	const char *code;   /* as printed */
	const char *amount; /* "500 RWF" */
	const char *sentence, *next;
	struct tui_counter_line lines[TUI_COUNTER_LINES_MAX];
	int line_count;
};
void tui_counter_view(const struct tui_counter *counter, int64_t now_ms, struct promo_arena *arena,
	struct tui_counter_view *ret);
