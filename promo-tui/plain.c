/* SPDX-License-Identifier: MIT */
#include "promo-tui/plain.h"

#include <string.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "promo-tui/plain_inside.h"
#include "promo-tui/spoken.h"

enum {
	CODE_LENGTH = 16, /* of codes of the standard format */
	NOT_SIGNED_IN = 4
};

void tui_plain_clear(struct tui_plain *plain)
{
	const struct tui_counter_config config = { .finds_customers = plain->finds_customers };

	tui_counter_release(&plain->counter);
	if (tui_counter_init(&plain->counter, &config))
		plain->failed = plain->ended = true;
}

static void say_help(struct tui_plain *plain)
{
	static const char *const lines[] = {
		"At the code: a code and Enter look it up. Enter alone tries the last one again.",
		("An active code asks for the phone number and the name, reads them back, and is "
		 "redeemed by the word redeem and nothing else."),
		"day: what you redeemed today. report: when somebody brings a redeemed code.",
		"waiting: redemptions without an answer. sign-in: another user. quit: the end.",
	};

	for (size_t i = 0; i < PROMO_COUNT(lines); i++)
		tui_plain_say(plain, "%s", lines[i]);
}

static void say_waiting(struct tui_plain *plain)
{
	struct tui_outbox_item item;
	size_t i = 0;

	for (; tui_outbox_item(plain->config->outbox, i, &item); i++)
		tui_plain_say(plain, "%s for %s, begun at %s%s%s.",
			tui_spoken_code(plain->arena, item.in.code), item.in.phone_number,
			tui_spoken_time(plain->arena, item.begun_at_ms), item.mine ? "" : " by ",
			item.mine        ? ""
			: item.user_name ? item.user_name
					 : "another user");
	if (i == 0)
		tui_plain_say(plain, "Nothing waits for an answer.");
}

static int64_t wait_ms(const struct tui_counter *counter)
{
	const int64_t until_ms = counter->verdict == TUI_VERDICT_THROTTLED
					 ? counter->throttled_until_ms
					 : counter->available_at_ms;
	const int64_t left_ms = until_ms - promo_monotonic_ms();

	return left_ms > 0 ? left_ms : 0;
}

/* What to do next, in words that can be typed where the screen has keys. */
static const char *next_step(struct tui_plain *plain, const struct tui_counter_view *view)
{
	const struct tui_counter *counter = &plain->counter;
	const char *text;

	if (counter->verdict == TUI_VERDICT_REDEEMED)
		return "Pay nothing. If somebody else brings it now, type report.";
	if (counter->verdict == TUI_VERDICT_REPORTED)
		return "Pay nothing. If one more person brings it, type report.";
	if (counter->step == TUI_STEP_FORM)
		return "";
	if (counter->step != TUI_STEP_SUMMARY || counter->verdict == TUI_VERDICT_SIGNED_OUT)
		return view->next ? view->next : "";
	if (counter->verdict == TUI_VERDICT_ACTIVE)
		return "";
	text = promo_arena_printf(plain->arena, "Nothing was done. Type redeem to try again%s%s.",
		wait_ms(counter) ? " in " : "",
		wait_ms(counter) ? tui_spoken_wait(plain->arena, wait_ms(counter)) : "");
	return text ? text : "";
}

/* "ACTIVE: A1U2-C325-5X09-6E21, 500 RWF. Code is valid and can be redeemed." and what else is known,
 * one thing a line. */
static void say_state(struct tui_plain *plain)
{
	struct tui_counter_view view;
	const char *next;
	int bell = tui_counter_take_bell(&plain->counter);

	tui_counter_view(&plain->counter, promo_monotonic_ms(), plain->arena, &view);
	if (*view.verdict->word)
		tui_plain_say(plain, "%s%s%s%s%s. %s", view.verdict->word, *view.code ? ": " : "",
			view.code, *view.amount ? ", " : "", view.amount,
			view.sentence ? view.sentence : "");
	for (int i = 0; i < view.line_count; i++)
		tui_plain_say(plain, "%s: %s", view.lines[i].name, view.lines[i].value);
	next = next_step(plain, &view);
	if (*next)
		tui_plain_say(plain, "%s", next);
	for (; plain->config->bell && bell > 0; bell--)
		(void)fputc('\a', plain->config->out);
}

static void say_note(struct tui_plain *plain)
{
	const char *note = tui_counter_take_note(&plain->counter);

	if (*note)
		tui_plain_say(plain, "%s", note);
}

/* The key is on disk before the request is sent; false if it could not be put there. */
static bool redeem(struct tui_plain *plain, struct tui_reply *ret)
{
	const int tag = tui_counter_tag(&plain->counter, TUI_CALL_REDEEM);
	struct promo_redemption_create_in in;
	struct promo_problem problem = { 0 };
	const char *key;
	int r;

	tui_counter_redeem_in(&plain->counter, &in);
	r = tui_outbox_begin(
		plain->config->outbox, &in, promo_now_ms(), plain->arena, &problem, &key);
	if (r) {
		*ret = (struct tui_reply){ .tag = tag,
			.op = &promo_op_redemption_create,
			.error = PROMO_E_INTERNAL,
			.reply.problem = problem };
		return true;
	}
	(void)snprintf(plain->key, sizeof(plain->key), "%s", key);
	return tui_plain_call(plain, tag, &promo_op_redemption_create, &in, plain->key, ret);
}

static bool ask_server(struct tui_plain *plain, enum tui_counter_call call, struct tui_reply *ret)
{
	struct tui_counter *counter = &plain->counter;
	const int tag = tui_counter_tag(counter, call);
	struct promo_customer_list_in customer;
	struct promo_code_verify_in verify;

	switch (call) {
	case TUI_CALL_VERIFY:
		tui_counter_verify_in(counter, &verify);
		return tui_plain_call(plain, tag, &promo_op_code_verify, &verify, NULL, ret);
	case TUI_CALL_CUSTOMER:
		tui_counter_customer_in(counter, &customer);
		return tui_plain_call(plain, tag, &promo_op_customer_list, &customer, NULL, ret);
	case TUI_CALL_REDEEM:
		return redeem(plain, ret);
	case TUI_CALL_NONE:
		break;
	}
	return false;
}

/* Does what the counter wants of the server. */
static void follow(struct tui_plain *plain, enum tui_counter_call call)
{
	struct tui_reply reply;

	while (call && ask_server(plain, call, &reply))
		call = tui_counter_reply(&plain->counter, reply.tag, reply.error, &reply.reply,
			promo_monotonic_ms());
}

/* The same, and tells what came of it. */
static void follow_and_tell(struct tui_plain *plain, enum tui_counter_call call)
{
	follow(plain, call);
	if (plain->failed)
		return;
	say_note(plain);
	say_state(plain);
	if (plain->counter.verdict != TUI_VERDICT_SIGNED_OUT || !plain->signed_in)
		return;
	if (!tui_plain_sign_in(plain, NULL)) {
		plain->over = true;
		return;
	}
	say_note(plain);
	if (plain->counter.step == TUI_STEP_SUMMARY)
		say_state(plain);
}

/* A line; not for who comes back after a long while, who has to say who he is before. */
static bool ask(struct tui_plain *plain, const char *prompt)
{
	const int64_t limit_ms = plain->config->idle_lock_ms;
	const int64_t before_ms = promo_monotonic_ms();

	if (!tui_plain_ask(plain, prompt)) {
		plain->over = true;
		return false;
	}
	if (!limit_ms || promo_monotonic_ms() - before_ms < limit_ms)
		return true;
	if (!tui_plain_sign_in(plain, "Locked because nobody was here."))
		plain->over = true;
	return false;
}

/* A scanner types wherever one is. No name has this shape. */
static bool is_code(const char *text)
{
	char code[PROMO_CODE_SIZE];

	return strpbrk(text, "0123456789") && promo_code_read(text, code) == 0 &&
	       strlen(code) == CODE_LENGTH;
}

/* Back to the code: this customer is not served, and nothing of him is kept. */
static void leave(struct tui_plain *plain)
{
	for (int field = TUI_FIELD_PHONE; field < TUI_FIELD_COUNT; field++)
		tui_counter_type(&plain->counter, (enum tui_counter_field)field, "");
	while (tui_counter_back(&plain->counter))
		continue;
}

static void look_up(struct tui_plain *plain, const char *text)
{
	tui_counter_type(&plain->counter, TUI_FIELD_CODE, text);
	follow_and_tell(plain, tui_counter_accept(&plain->counter, promo_monotonic_ms()));
}

/* The next code in the middle of something: this customer was not served. */
static void put_aside(struct tui_plain *plain)
{
	char code[TUI_PLAIN_LINE_SIZE];

	(void)snprintf(code, sizeof(code), "%s", plain->line);
	tui_plain_say(plain, "Not redeemed: %s.",
		tui_spoken_code(plain->arena, plain->counter.subject.code));
	leave(plain);
	look_up(plain, code);
}

static bool take_word(struct tui_plain *plain)
{
	static const struct {
		const char *word;
		void (*run)(struct tui_plain *plain);
	} words[] = {
		{ "help", say_help },
		{ "?", say_help },
		{ "day", tui_plain_day },
		{ "report", tui_plain_report },
		{ "waiting", say_waiting },
	};

	for (size_t i = 0; i < PROMO_COUNT(words); i++)
		if (strcmp(plain->line, words[i].word) == 0) {
			words[i].run(plain);
			return true;
		}
	if (strcmp(plain->line, "quit") == 0)
		plain->over = true;
	else if (strcmp(plain->line, "sign-in") != 0)
		return false;
	else if (!tui_plain_sign_in(plain, NULL))
		plain->over = true;
	return true;
}

static void at_code(struct tui_plain *plain)
{
	if (!ask(plain, "Code: ") || take_word(plain))
		return;
	if (*plain->line)
		look_up(plain, plain->line);
	else if (*plain->counter.form.texts[TUI_FIELD_CODE])
		follow_and_tell(plain, tui_counter_accept(&plain->counter, promo_monotonic_ms()));
}

/* False when something else came instead. */
static bool ask_name(struct tui_plain *plain, enum tui_counter_field field, const char *prompt)
{
	if (!ask(plain, prompt))
		return false;
	if (is_code(plain->line)) {
		put_aside(plain);
		return false;
	}
	tui_counter_type(&plain->counter, field, plain->line);
	return true;
}

static void at_form(struct tui_plain *plain)
{
	struct tui_counter *counter = &plain->counter;

	if (!ask(plain, "Phone (Enter for another code): "))
		return;
	if (!*plain->line) {
		leave(plain);
		return;
	}
	if (is_code(plain->line)) {
		put_aside(plain);
		return;
	}
	tui_counter_type(counter, TUI_FIELD_PHONE, plain->line);
	if (!*counter->phone) {
		tui_plain_say(plain, "That is no phone number: 07... or + and the country code.");
		return;
	}
	follow(plain, tui_counter_move(counter, 1));
	tui_plain_say(plain, "Phone %s.", counter->phone);
	if (*tui_counter_known_name(counter))
		tui_plain_say(plain, "Known as %s.",
			tui_spoken_text(plain->arena, tui_counter_known_name(counter)));
	if (!ask_name(plain, TUI_FIELD_FIRST_NAME, "First name (Enter for none): ") ||
		!ask_name(plain, TUI_FIELD_LAST_NAME, "Last name (Enter for none): "))
		return;
	follow_and_tell(plain, tui_counter_accept(counter, promo_monotonic_ms()));
}

static void at_summary(struct tui_plain *plain)
{
	struct tui_counter *counter = &plain->counter;

	if (!ask(plain, "Type redeem, back or stop: "))
		return;
	if (strcmp(plain->line, "redeem") == 0)
		follow_and_tell(plain, tui_counter_redeem(counter, promo_monotonic_ms()));
	else if (strcmp(plain->line, "back") == 0)
		(void)tui_counter_back(counter);
	else if (is_code(plain->line))
		put_aside(plain);
	else if (strcmp(plain->line, "stop") == 0)
		leave(plain);
}

static void step(struct tui_plain *plain)
{
	if (plain->counter.step == TUI_STEP_FORM)
		at_form(plain);
	else if (plain->counter.step == TUI_STEP_SUMMARY)
		at_summary(plain);
	else
		at_code(plain);
}

static int run(struct tui_plain *plain)
{
	size_t mine;

	if (!tui_plain_sign_in(plain, "promo, line by line. Type help at the code."))
		return plain->failed ? 1 : NOT_SIGNED_IN;
	while (!plain->over && !plain->failed)
		step(plain);
	mine = tui_outbox_count(plain->config->outbox, true);
	if (mine)
		tui_plain_say(plain,
			"WARNING: %zu without an answer; kept on disk and settled at the next "
			"start.",
			mine);
	return plain->failed ? 1 : 0;
}

int tui_plain_run(const struct tui_plain_config *config)
{
	struct tui_plain plain = {
		.config = config,
		.terminal = isatty(config->in),
		.arena = promo_arena_new_secret(TUI_PLAIN_BYTES_MAX),
	};
	int code = 1;

	if (plain.arena) {
		tui_plain_clear(&plain);
		if (!plain.failed)
			code = run(&plain);
	}
	(void)fflush(config->out);
	tui_counter_release(&plain.counter);
	promo_arena_free(plain.arena);
	explicit_bzero(plain.line, sizeof(plain.line));
	explicit_bzero(plain.waiting, sizeof(plain.waiting));
	return code;
}
