/* SPDX-License-Identifier: MIT */
#include "promo-tui/screen_factor.h"

#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/model/words.h"
#include "promo-tui/card.h"
#include "promo-tui/field.h"

/*
 * The second step of a sign-in: a code that proves that it is really him. The question of the server
 * lives for some minutes; when it is dead the sign-in begins anew with the password.
 */

enum {
	METHODS_MAX = 4,
	WHERE_SIZE = 512,
	TOKEN_SIZE = 128,
	LABEL_COLUMNS = 11,
	CARD_WIDTH = 62,
	CARD_HEIGHT = 12,
};

struct factor {
	struct tui_sign_in who;
	char server[WHERE_SIZE], identifier[WHERE_SIZE], token[TOKEN_SIZE];
	int methods[METHODS_MAX]; /* enum promo_mfa_method */
	int count, chosen;
	struct tui_field code;
	bool busy;
};

/* What is asked for, and where it is found. */
static const struct {
	const char *name, *hint;
	bool sent;
} ways[] = {
	[PROMO_MFA_AUTHENTICATOR_APP] = { "authenticator app",
		"The six digits that the app on your phone shows now.", false },
	[PROMO_MFA_EMAIL] = { "e-mail", "The code in the e-mail that F5 sends you.", true },
	[PROMO_MFA_SMS] = { "text message", "The code in the text message that F5 sends you.",
		true },
	[PROMO_MFA_RECOVERY_CODE] = { "recovery code",
		"One of the codes that you wrote down; it is used up by this.", false },
};

static int method(const struct factor *factor)
{
	return factor->methods[factor->chosen];
}

static int factor_open(struct tui_app *app, void *self, const void *argument)
{
	const struct tui_factor_question *question = argument;
	struct factor *factor = self;

	if (!question)
		return PROMO_E_UNAUTHENTICATED;
	(void)snprintf(factor->server, sizeof(factor->server), "%s",
		question->who->server ? question->who->server : "");
	(void)snprintf(factor->identifier, sizeof(factor->identifier), "%s",
		question->who->identifier ? question->who->identifier : "");
	(void)snprintf(factor->token, sizeof(factor->token), "%s",
		question->asked->mfa_token ? question->asked->mfa_token : "");
	factor->who =
		(struct tui_sign_in){ question->who->profile, factor->server, factor->identifier };
	for (size_t i = 0; i < question->asked->methods.count && factor->count < METHODS_MAX; i++) {
		int found = promo_word_value(
			&promo_mfa_method_words, question->asked->methods.items[i]);

		if (found > 0 && (size_t)found < PROMO_COUNT(ways))
			factor->methods[factor->count++] = found;
	}
	if (factor->count == 0) {
		tui_app_say(app, TUI_BAD,
			"this sign-in wants a second factor that this program does not know");
		return PROMO_E_MFA_REQUIRED;
	}
	return tui_field_init(&factor->code, PROMO_MFA_CODE_MAX, false);
}

static void factor_close(struct tui_app *app, void *self)
{
	struct factor *factor = self;

	(void)app;
	tui_field_release(&factor->code);
	explicit_bzero(factor->token, sizeof(factor->token));
}

static void submit(struct tui_app *app, struct factor *factor)
{
	const struct promo_mfa_in in = {
		.mfa_token = factor->token,
		.method = method(factor),
		.code = tui_field_text(&factor->code),
	};

	if (factor->busy)
		return;
	if (tui_session_refuse_code(app, in.code)) {
		tui_field_clear(&factor->code);
		return;
	}
	if (!in.code[strspn(in.code, " ")]) {
		tui_app_say(app, TUI_WARN, "the code is missing");
		return;
	}
	factor->busy = tui_session_try(app, &factor->who, &promo_op_auth_mfa, &in) == 0;
}

static void send_code(struct tui_app *app, struct factor *factor)
{
	const struct promo_mfa_send_in in = {
		.mfa_token = factor->token,
		.method = method(factor),
	};

	if (!factor->busy && ways[method(factor)].sent)
		factor->busy =
			tui_session_try(app, &factor->who, &promo_op_auth_mfa_send, &in) == 0;
}

static enum tui_handled factor_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct factor *factor = self;

	(void)argument;
	switch ((int)request) {
	case TUI_REQ_ACCEPT:
		submit(app, factor);
		return TUI_HANDLED;
	case TUI_REQ_NEXT_METHOD:
		factor->chosen = (factor->chosen + 1) % factor->count;
		tui_field_clear(&factor->code);
		return TUI_HANDLED;
	case TUI_REQ_SEND_CODE:
		send_code(app, factor);
		return TUI_HANDLED;
	default:
		return TUI_UNHANDLED;
	}
}

static bool factor_offers(const struct tui_app *app, const void *self, enum tui_request request)
{
	const struct factor *factor = self;

	(void)app;
	if (request == TUI_REQ_BACK)
		return false;
	if (request == TUI_REQ_NEXT_METHOD)
		return factor->count > 1;
	return request != TUI_REQ_SEND_CODE || ways[method(factor)].sent;
}

static enum tui_handled factor_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	(void)app;
	if (key->kind != TUI_KEY_NAMED || !tui_field_key(&((struct factor *)self)->code, key->name))
		return TUI_UNHANDLED;
	return TUI_HANDLED;
}

static void factor_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	(void)app;
	(void)at_ms;
	(void)tui_field_insert(&((struct factor *)self)->code, text);
}

/* No code begins with one of these. */
static bool factor_wants_text(const struct tui_app *app, const void *self, const char *text)
{
	(void)app;
	return (text[0] != ':' && text[0] != '?') ||
	       !tui_field_is_empty(&((const struct factor *)self)->code);
}

static void factor_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct factor *factor = self;

	factor->busy = false;
	if (!reply->error && reply->op == &promo_op_auth_mfa_send) {
		tui_app_say(app, TUI_GOOD, "a code is on its way to you");
		return;
	}
	if (!reply->error && reply->reply.out) {
		tui_session_begin(app, &factor->who, reply->reply.out);
		return;
	}
	if (reply->error == PROMO_E_SESSION_EXPIRED || reply->error == PROMO_E_UNAUTHENTICATED) {
		tui_app_back(app);
		tui_app_say(app, TUI_WARN,
			"it took too long, or too many codes were wrong: begin again with the "
			"password");
		return;
	}
	if (reply->error != PROMO_E_INVALID_CREDENTIALS) {
		tui_app_say_refusal(app, reply);
		return;
	}
	tui_field_clear(&factor->code);
	tui_app_say(app, TUI_BAD, "%s",
		method(factor) == PROMO_MFA_AUTHENTICATOR_APP
			? "That code is wrong, or was used already: wait for the next one that the "
			  "app shows."
			: "That code is wrong, or was used already.");
}

static void factor_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct factor *factor = self;
	struct tui_rect room = tui_card_draw(
		canvas, tui_card_place(area, CARD_WIDTH, CARD_HEIGHT), "One more step to sign in");
	int x = room.x + LABEL_COLUMNS, y = room.y, width = room.width - LABEL_COLUMNS;

	(void)app;
	(void)tui_put(canvas, room.x, y, LABEL_COLUMNS, TUI_TEXT, "User");
	(void)tui_put(canvas, x, y, width, TUI_TITLE, factor->identifier);
	y += 2;
	(void)tui_put(canvas, room.x, y, LABEL_COLUMNS, TUI_TEXT, "Code from");
	(void)tui_put(canvas, x, y, width, TUI_TITLE, ways[method(factor)].name);
	if (factor->count > 1)
		tui_hit(canvas, (struct tui_rect){ room.x, y, room.width, 1 }, TUI_REQ_NEXT_METHOD,
			0);
	y++;
	(void)tui_put_wrapped(
		canvas, (struct tui_rect){ x, y, width, 2 }, TUI_MUTED, ways[method(factor)].hint);
	y += 3;
	(void)tui_put(canvas, room.x, y, LABEL_COLUMNS, TUI_TITLE, "Code");
	tui_field_draw(&factor->code, canvas, x, y, width < 30 ? width : 30, true);
	y += 2;
	if (factor->busy) {
		(void)tui_put(canvas, x, y, width, TUI_MUTED, "asking ...");
		return;
	}
	x += tui_card_button(canvas, x, y, "Go on", TUI_REQ_ACCEPT, 0) + 2;
	if (factor->count > 1)
		(void)tui_card_button(canvas, x, y, "Another way", TUI_REQ_NEXT_METHOD, 0);
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, "send the code", "go on" },
	{ "f4", TUI_REQ_NEXT_METHOD, NULL, "another way" },
	{ "f5", TUI_REQ_SEND_CODE, NULL, "send a code" },
	{ 0 },
};

const struct tui_screen tui_screen_factor = {
	.name = "factor",
	.title = "Sign in",
	.signed_out = true,
	.takes_text = true,
	.keys = keys,
	.size = sizeof(struct factor),
	.open = factor_open,
	.draw = factor_draw,
	.request = factor_request,
	.offers = factor_offers,
	.key = factor_key,
	.wants_text = factor_wants_text,
	.text = factor_text,
	.reply = factor_reply,
	.close = factor_close,
};
