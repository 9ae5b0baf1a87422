/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "promo-tui/form.h"
#include "promo-tui/screen_enrol.h"

/* What happens when the second factor is enrolled, renewed or removed; screen_enrol_draw.c draws it. */

enum {
	IN_BYTES_MAX = 64 * 1024,
};

static const struct tui_form_row password_rows[] = {
	{ .name = "password", .label = "Password" },
};
static const struct tui_form_row remove_rows[] = {
	{ .name = "password", .label = "Password" },
	{ .name = "code", .label = "Code" },
};

static void begin(struct tui_app *app, struct tui_enrol *enrol)
{
	enrol->busy = true;
	tui_app_call(app, 0, &promo_op_me_mfa_totp, NULL, NULL);
}

static int enrol_open(struct tui_app *app, void *self, const void *argument)
{
	struct tui_enrol *enrol = self;
	int r = tui_field_init(&enrol->code, PROMO_MFA_CODE_MAX, false);

	(void)argument;
	if (!r)
		begin(app, enrol);
	return r;
}

static void enrol_close(struct tui_app *app, void *self)
{
	struct tui_enrol *enrol = self;

	(void)app;
	tui_field_release(&enrol->code);
	tui_form_release(&enrol->form);
	explicit_bzero(enrol, sizeof(*enrol));
}

/* Renewing and removing ask for what proves that it is still him. */
static void ask_for(struct tui_app *app, struct tui_enrol *enrol, enum tui_enrol_stage stage)
{
	int r;

	tui_form_release(&enrol->form);
	r = stage == TUI_ENROL_RENEW ? tui_form_init(&enrol->form, &promo_op_me_mfa_recovery_codes,
					       password_rows, PROMO_COUNT(password_rows))
				     : tui_form_init(&enrol->form, &promo_op_me_mfa_totp_remove,
					       remove_rows, PROMO_COUNT(remove_rows));
	if (r)
		tui_app_say(app, TUI_BAD, "there is no memory left for this");
	else
		enrol->stage = stage;
}

static void confirm(struct tui_app *app, struct tui_enrol *enrol)
{
	const struct promo_code_in in = { .code = tui_field_text(&enrol->code) };

	if (!in.code[strspn(in.code, " ")]) {
		tui_app_say(app, TUI_WARN, "type the six digits that the app shows");
		return;
	}
	enrol->busy = true;
	tui_app_call(app, 0, &promo_op_me_mfa_totp_confirm, &in, NULL);
}

static void submit(struct tui_app *app, struct tui_enrol *enrol)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new_secret(IN_BYTES_MAX);
	void *in;

	if (!arena || tui_form_read(&enrol->form, arena, &in))
		return;
	enrol->busy = true;
	tui_app_call(app, 0, enrol->form.op, in, NULL);
}

static void accept(struct tui_app *app, struct tui_enrol *enrol, int argument)
{
	if (enrol->busy)
		return;
	if (enrol->stage == TUI_ENROL_SEED)
		confirm(app, enrol);
	else if (enrol->stage == TUI_ENROL_CODES)
		tui_app_say(app, TUI_TEXT, "F2 when you have written them down");
	else if (tui_enrol_has_form(enrol) && (argument || !tui_form_next(&enrol->form)))
		submit(app, enrol);
}

/* Wanted before anything else, and found to be there. */
static bool leaves_enrolled(const struct tui_app *app, const struct tui_enrol *enrol)
{
	return enrol->stage == TUI_ENROL_DONE && tui_session_is_enrolling(app);
}

static enum tui_handled back(struct tui_app *app, struct tui_enrol *enrol)
{
	if (enrol->stage == TUI_ENROL_CODES) {
		tui_app_say(
			app, TUI_WARN, "they are not shown again: write them down, then press F2");
		return TUI_HANDLED;
	}
	/* The answer may hold codes that are shown this once. */
	if (enrol->busy && enrol->stage != TUI_ENROL_ASKING) {
		tui_app_say(app, TUI_TEXT, "it is under way; wait for its answer");
		return TUI_HANDLED;
	}
	if (tui_enrol_has_form(enrol)) {
		enrol->stage = TUI_ENROL_DONE;
		return TUI_HANDLED;
	}
	if (!leaves_enrolled(app, enrol))
		return TUI_UNHANDLED;
	tui_session_enrolled(app);
	return TUI_HANDLED;
}

static void leave(struct tui_app *app)
{
	if (tui_session_is_enrolling(app))
		tui_session_enrolled(app);
	else
		tui_app_back(app);
}

/* A scanner typed into one of its fields. */
static bool takes_code(struct tui_app *app, struct tui_enrol *enrol)
{
	struct tui_field *field =
		tui_enrol_has_form(enrol) ? tui_form_focused(&enrol->form) : &enrol->code;

	if (!tui_app_take_code(app, tui_field_text(field)))
		return false;
	tui_field_clear(field);
	return true;
}

static enum tui_handled enrol_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct tui_enrol *enrol = self;

	if ((request == TUI_REQ_ACCEPT || request == TUI_REQ_NEXT_FIELD) && takes_code(app, enrol))
		return TUI_HANDLED;
	switch ((int)request) {
	case TUI_REQ_ACCEPT:
		accept(app, enrol, argument);
		return TUI_HANDLED;
	case TUI_REQ_BACK:
		return back(app, enrol);
	case TUI_REQ_SAVED:
		if (enrol->stage == TUI_ENROL_CODES)
			leave(app);
		return TUI_HANDLED;
	case TUI_REQ_RENEW_CODES:
		if (enrol->stage == TUI_ENROL_DONE)
			ask_for(app, enrol, TUI_ENROL_RENEW);
		return TUI_HANDLED;
	case TUI_REQ_REMOVE_FACTOR:
		if (enrol->stage == TUI_ENROL_DONE)
			ask_for(app, enrol, TUI_ENROL_REMOVE);
		return TUI_HANDLED;
	case TUI_REQ_REFRESH:
		if (enrol->stage == TUI_ENROL_ASKING && !enrol->busy)
			begin(app, enrol);
		return TUI_HANDLED;
	default:
		return tui_enrol_has_form(enrol) ? tui_form_request(&enrol->form, request, argument)
						 : TUI_UNHANDLED;
	}
}

static bool enrol_offers(const struct tui_app *app, const void *self, enum tui_request request)
{
	const struct tui_enrol *enrol = self;

	switch ((int)request) {
	case TUI_REQ_ACCEPT:
		return enrol->stage == TUI_ENROL_SEED || tui_enrol_has_form(enrol);
	case TUI_REQ_SAVED:
		return enrol->stage == TUI_ENROL_CODES;
	case TUI_REQ_RENEW_CODES:
	case TUI_REQ_REMOVE_FACTOR:
		return enrol->stage == TUI_ENROL_DONE;
	case TUI_REQ_REFRESH:
		return enrol->stage == TUI_ENROL_ASKING;
	case TUI_REQ_BACK:
		return tui_enrol_has_form(enrol) || leaves_enrolled(app, enrol);
	default:
		return true;
	}
}

static enum tui_handled enrol_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	struct tui_enrol *enrol = self;

	(void)app;
	if (tui_enrol_has_form(enrol))
		return tui_form_key(&enrol->form, key);
	if (enrol->stage != TUI_ENROL_SEED || key->kind != TUI_KEY_NAMED ||
		!tui_field_key(&enrol->code, key->name))
		return TUI_UNHANDLED;
	return TUI_HANDLED;
}

static void enrol_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	struct tui_enrol *enrol = self;

	(void)app;
	(void)at_ms;
	if (tui_enrol_has_form(enrol))
		tui_form_text(&enrol->form, text);
	else if (enrol->stage == TUI_ENROL_SEED)
		(void)tui_field_insert(&enrol->code, text);
}

static bool enrol_wants_text(const struct tui_app *app, const void *self, const char *text)
{
	const struct tui_enrol *enrol = self;

	(void)app;
	if (tui_enrol_has_form(enrol))
		return true;
	return enrol->stage == TUI_ENROL_SEED &&
	       ((text[0] != ':' && text[0] != '?') || !tui_field_is_empty(&enrol->code));
}

/* What every app assumes anyway makes the picture larger than a small terminal. */
static void draw_uri(struct tui_enrol *enrol, const char *uri)
{
	static const char usual[] = "&algorithm=SHA1&digits=6&period=30";
	size_t size = strlen(uri), tail = sizeof(usual) - 1;
	char text[TUI_ENROL_URI_SIZE];

	if (size > tail && strcmp(uri + size - tail, usual) == 0)
		size -= tail;
	enrol->qr.modules = 0;
	if (size >= sizeof(text))
		return; /* a part of the secret is none */
	(void)snprintf(text, sizeof(text), "%.*s", (int)size, uri);
	if (tui_qr_make(text, &enrol->qr))
		enrol->qr.modules = 0;
	explicit_bzero(text, sizeof(text));
}

static void take_seed(struct tui_enrol *enrol, const struct promo_totp_answer *seed)
{
	const char *secret = seed->secret ? seed->secret : "";
	size_t used = 0;

	for (size_t i = 0; secret[i] && used + 2 < sizeof(enrol->secret); i++) {
		if (i && i % 4 == 0)
			enrol->secret[used++] = ' ';
		enrol->secret[used++] = secret[i];
	}
	enrol->secret[used] = '\0';
	draw_uri(enrol, seed->uri ? seed->uri : "");
	enrol->stage = TUI_ENROL_SEED;
}

static void take_codes(
	struct tui_app *app, struct tui_enrol *enrol, const struct promo_recovery_codes *answer)
{
	const struct promo_texts *codes = &answer->recovery_codes;

	explicit_bzero(enrol->secret, sizeof(enrol->secret));
	explicit_bzero(&enrol->qr, sizeof(enrol->qr));
	tui_field_clear(&enrol->code);
	tui_form_release(&enrol->form);
	enrol->code_count = 0;
	for (size_t i = 0; i < codes->count && enrol->code_count < TUI_ENROL_CODES_MAX; i++)
		(void)snprintf(enrol->codes[enrol->code_count++], TUI_ENROL_CODE_SIZE, "%s",
			codes->items[i]);
	enrol->stage = TUI_ENROL_CODES;
	tui_app_say(app, TUI_TEXT, "F2 when you have written them down");
	tui_app_bell(app, 1);
}

static void refused(struct tui_app *app, struct tui_enrol *enrol, const struct tui_reply *reply)
{
	if (reply->error == PROMO_E_MFA_ALREADY_ENROLLED) {
		if (enrol->stage == TUI_ENROL_SEED)
			tui_app_say(app, TUI_WARN,
				"it was enrolled already; F4 makes new recovery codes");
		enrol->stage = TUI_ENROL_DONE;
		return;
	}
	if (reply->error == PROMO_E_INVALID_CREDENTIALS && enrol->stage == TUI_ENROL_SEED) {
		tui_field_clear(&enrol->code);
		tui_app_say(app, TUI_BAD,
			"That is not what the app should show now. Is the clock of the phone "
			"right?");
		return;
	}
	if (reply->error == PROMO_E_INVALID_CREDENTIALS && tui_enrol_has_form(enrol)) {
		tui_form_clear(&enrol->form);
		tui_app_say(app, TUI_BAD,
			enrol->stage == TUI_ENROL_RENEW ? "The password is wrong."
							: "The password or the code is wrong.");
		return;
	}
	if (tui_enrol_has_form(enrol))
		(void)tui_form_refuse(&enrol->form, &reply->reply.problem);
	tui_app_say_refusal(app, reply);
}

static void enrol_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct tui_enrol *enrol = self;

	enrol->busy = false;
	if (reply->error) {
		refused(app, enrol, reply);
	} else if (reply->op == &promo_op_me_mfa_totp && reply->reply.out) {
		take_seed(enrol, reply->reply.out);
	} else if (reply->op == &promo_op_me_mfa_totp_remove) {
		tui_app_back(app);
		tui_app_say(app, TUI_GOOD,
			"the authenticator app was removed; your other sessions have ended");
	} else if (reply->reply.out) {
		take_codes(app, enrol, reply->reply.out);
	}
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, NULL, "go on" },
	{ "f2", TUI_REQ_SAVED, NULL, "I have them" },
	{ "f4", TUI_REQ_RENEW_CODES, NULL, "new codes" },
	{ "f5", TUI_REQ_REFRESH, NULL, "again" },
	{ "f8", TUI_REQ_REMOVE_FACTOR, NULL, "remove" },
	TUI_FORM_KEYS,
	{ 0 },
};

const struct tui_screen tui_screen_enrol = {
	.name = "enrol",
	.title = "Second factor",
	.opened_by = TUI_REQ_ENROL,
	.takes_text = true,
	.secret = true,
	.keys = keys,
	.size = sizeof(struct tui_enrol),
	.open = enrol_open,
	.draw = tui_enrol_draw,
	.request = enrol_request,
	.offers = enrol_offers,
	.key = enrol_key,
	.wants_text = enrol_wants_text,
	.text = enrol_text,
	.reply = enrol_reply,
	.close = enrol_close,
};
