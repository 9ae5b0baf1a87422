/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "promo-tui/plain_inside.h"
#include "promo-tui/spoken.h"

enum {
	TICK_MS = 1000
};

void tui_plain_say(struct tui_plain *plain, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = promo_arena_vprintf(plain->arena, format, arguments);
	va_end(arguments);
	if (plain->asking)
		(void)fputc('\n', plain->config->out);
	plain->asking = false;
	(void)fprintf(plain->config->out, "%s\n", tui_spoken_text(plain->arena, text));
}

void tui_plain_say_refusal(struct tui_plain *plain, const struct tui_reply *reply)
{
	const struct promo_problem *problem = &reply->reply.problem;

	tui_plain_say(plain, "%s",
		problem->detail ? problem->detail : promo_error_info(reply->error)->text);
	for (size_t i = 0; i < problem->field_count; i++)
		tui_plain_say(plain, "%s: %s",
			problem->fields[i].pointer + strspn(problem->fields[i].pointer, "/?"),
			problem->fields[i].message ? problem->fields[i].message
						   : problem->fields[i].code);
	if (problem->retry_after_s > 0)
		tui_plain_say(plain, "Try again in %s.",
			tui_spoken_wait(plain->arena, problem->retry_after_s * 1000));
}

/* What the outbox has to say of this reply. */
static void take_for_outbox(struct tui_plain *plain, const struct tui_reply *reply)
{
	const char *sentence;
	const enum tui_outbox_end end = tui_outbox_take(
		plain->config->outbox, reply, promo_monotonic_ms(), plain->arena, &sentence);

	if (end == TUI_OUTBOX_UNKNOWN && !plain->session_ended &&
		(reply->error == PROMO_E_UNAUTHENTICATED ||
			reply->error == PROMO_E_SESSION_EXPIRED)) {
		plain->session_ended = true;
		tui_plain_say(plain,
			"WARNING: the session has ended, and what is without an answer waits. Type "
			"sign-in.");
	}
	if (end != TUI_OUTBOX_SETTLED)
		return;
	tui_plain_say(plain, "SETTLED: %s.", sentence);
	if (plain->config->bell)
		(void)fputc('\a', plain->config->out);
	if (strcmp(reply->idempotency_key, plain->key) == 0)
		tui_counter_settled(&plain->counter, reply->error, &reply->reply);
}

static void ask_for_the_unsettled(struct tui_plain *plain)
{
	struct tui_outbox_item item;

	while (plain->signed_in && !plain->session_ended &&
		tui_outbox_next(plain->config->outbox, promo_monotonic_ms(), &item)) {
		const struct tui_call call = {
			.op = &promo_op_redemption_create,
			.in = &item.in,
			.idempotency_key = item.key,
			.tag = TUI_PLAIN_TAG_OUTBOX,
		};

		/* What could not begin now is asked for again when it is overdue. */
		if (plain->config->remote->begin(plain->config->remote, &call))
			return;
	}
}

/* Takes the replies that came up to the one with this tag; false: it is not among them. */
static bool take_replies(struct tui_plain *plain, int tag, struct tui_reply *ret)
{
	struct tui_remote *remote = plain->config->remote;

	while (remote->next(remote, ret)) {
		take_for_outbox(plain, ret);
		if (ret->tag == tag)
			return true;
	}
	return false;
}

bool tui_plain_call(struct tui_plain *plain, int tag, const struct promo_op *op, const void *in,
	const char *key, struct tui_reply *ret)
{
	struct tui_remote *remote = plain->config->remote;
	const struct tui_call call = { .op = op, .in = in, .idempotency_key = key, .tag = tag };
	bool readable, told = false;

	if (remote->begin(remote, &call))
		plain->failed = true;
	(void)fflush(plain->config->out);
	while (!plain->failed && !take_replies(plain, tag, ret)) {
		plain->failed = remote->wait(remote, -1, TICK_MS, &readable) != 0;
		if (told || !remote->is_struggling(remote))
			continue;
		told = true;
		tui_plain_say(plain, "The server cannot be reached; still trying.%s",
			op == &promo_op_redemption_create ? " The redemption is kept on disk."
							  : "");
		(void)fflush(plain->config->out);
	}
	if (plain->failed)
		plain->ended = true;
	return !plain->failed;
}

/* Moves a line that came whole into plain->line. */
static bool take_line(struct tui_plain *plain)
{
	char *end = memchr(plain->waiting, '\n', plain->waiting_size);
	size_t length, used;

	if (!end && !plain->ended && plain->waiting_size < sizeof(plain->waiting) - 1)
		return false;
	if (!end && plain->waiting_size == 0)
		return false;
	length = end ? (size_t)(end - plain->waiting) : plain->waiting_size;
	used = end ? length + 1 : length;
	memcpy(plain->line, plain->waiting, length);
	plain->line[length] = '\0';
	memmove(plain->waiting, plain->waiting + used, plain->waiting_size - used);
	plain->waiting_size -= used;
	while (length > 0 && strchr(" \t\r", plain->line[length - 1]))
		plain->line[--length] = '\0';
	used = strspn(plain->line, " \t");
	memmove(plain->line, plain->line + used, length - used + 1);
	return true;
}

static void read_more(struct tui_plain *plain)
{
	const ssize_t n = read(plain->config->in, plain->waiting + plain->waiting_size,
		sizeof(plain->waiting) - 1 - plain->waiting_size);

	if (n > 0)
		plain->waiting_size += (size_t)n;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		plain->ended = true;
}

static void put_prompt(struct tui_plain *plain, const char *prompt)
{
	(void)fputs(prompt, plain->config->out);
	(void)fflush(plain->config->out);
	plain->asking = true;
}

bool tui_plain_ask(struct tui_plain *plain, const char *prompt)
{
	struct tui_remote *remote = plain->config->remote;
	struct tui_reply reply;
	bool readable;

	promo_arena_clear(plain->arena);
	plain->asking = false;
	while (!take_line(plain)) {
		if (plain->ended)
			return false;
		if (!plain->asking)
			put_prompt(plain, prompt);
		ask_for_the_unsettled(plain);
		if (remote->wait(remote, plain->config->in, TICK_MS, &readable)) {
			plain->failed = plain->ended = true;
			return false;
		}
		if (readable)
			read_more(plain);
		(void)take_replies(plain, 0, &reply);
	}
	if (!plain->asking)
		put_prompt(plain, prompt);
	/* A terminal has shown the line and its end; a pipe shows neither. */
	if (!plain->terminal)
		(void)fputc('\n', plain->config->out);
	plain->asking = false;
	return true;
}

bool tui_plain_ask_secret(struct tui_plain *plain, const char *prompt)
{
	struct termios before, silent;
	const bool hide = plain->terminal && tcgetattr(plain->config->in, &before) == 0;
	bool got;

	if (hide) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(plain->config->in, TCSAFLUSH, &silent);
	}
	got = tui_plain_ask(plain, prompt);
	if (hide) {
		(void)tcsetattr(plain->config->in, TCSAFLUSH, &before);
		(void)fputc('\n', plain->config->out);
	}
	return got;
}
