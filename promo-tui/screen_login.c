/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "promo-tui/card.h"
#include "promo-tui/form.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

/* Signing in: at which server, who, and the password. */

enum {
	SERVER_CHARACTERS_MAX = 200,
	IN_BYTES_MAX = 64 * 1024,
	TITLE_SIZE = 1024,
	ROOMY_ROWS = 13, /* of the card */
	SUBMIT = 1,      /* argument of ACCEPT: the button, not Enter */
};

struct login {
	size_t profile;
	bool asks_server, in_server; /* the profile has no server; the focus is there */
	struct tui_field server;
	struct tui_form form;
	bool busy;
};

static const struct tui_form_row rows[] = {
	{ .name = "identifier", .label = "E-mail or phone" },
	{ .name = "password", .label = "Password" },
};

static void turn_to(struct tui_app *app, struct login *login, size_t profile)
{
	struct tui_profile chosen = tui_session_profile(app, profile);

	login->profile = profile;
	login->asks_server = login->in_server = !chosen.server;
	tui_form_clear(&login->form);
	/* Who takes over from somebody else is somebody else. */
	if (!chosen.user || tui_session_is_locked(app))
		return;
	tui_form_text(&login->form, chosen.user);
	tui_form_focus(&login->form, "password");
}

static int login_open(struct tui_app *app, void *self, const void *argument)
{
	struct login *login = self;
	int r = tui_form_init(&login->form, &promo_op_auth_login, rows, PROMO_COUNT(rows));

	(void)argument;
	if (!r)
		r = tui_field_init(&login->server, SERVER_CHARACTERS_MAX, false);
	if (!r)
		turn_to(app, login, tui_session_chosen(app));
	return r;
}

static void login_close(struct tui_app *app, void *self)
{
	struct login *login = self;

	(void)app;
	tui_form_release(&login->form);
	tui_field_release(&login->server);
}

static struct tui_sign_in where(const struct login *login)
{
	return (struct tui_sign_in){
		.profile = login->profile,
		.server = login->asks_server ? tui_field_text(&login->server) : NULL,
		.identifier = tui_field_text(&login->form.fields[0].edit),
	};
}

static void submit(struct tui_app *app, struct login *login)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new_secret(IN_BYTES_MAX);
	struct tui_sign_in sign_in;
	void *in;

	if (!arena || tui_form_read(&login->form, arena, &in)) {
		login->in_server = false;
		return;
	}
	sign_in = where(login);
	if (tui_session_try(app, &sign_in, &promo_op_auth_login, in)) {
		login->in_server = login->asks_server;
		return;
	}
	login->busy = true;
}

static enum tui_handled accept(struct tui_app *app, struct login *login, int argument)
{
	struct tui_form_field *field = &login->form.fields[login->form.focus];

	if (login->busy)
		return TUI_HANDLED;
	if (tui_session_refuse_code(app, tui_field_text(&field->edit))) {
		tui_field_clear(&field->edit);
		return TUI_HANDLED;
	}
	if (login->in_server && argument != SUBMIT)
		login->in_server = false;
	else if (argument == SUBMIT || !tui_form_next(&login->form))
		submit(app, login);
	return TUI_HANDLED;
}

/* The server's field stands before those of the form. */
static bool move_over_server(struct login *login, enum tui_request request)
{
	bool next = request == TUI_REQ_NEXT_FIELD;
	size_t edge = next ? login->form.count - 1 : 0;

	if (!login->asks_server || (!next && request != TUI_REQ_PREVIOUS_FIELD))
		return false;
	if (login->in_server) {
		login->in_server = false;
		login->form.focus = next ? 0 : login->form.count - 1;
		return true;
	}
	login->in_server = login->form.focus == edge;
	return login->in_server;
}

static bool login_offers(const struct tui_app *app, const void *self, enum tui_request request)
{
	(void)self;
	if (request == TUI_REQ_BACK)
		return false;
	return request != TUI_REQ_NEXT_PROFILE || tui_session_profiles(app) > 1;
}

/* Who types himself where the password is wanted, since he was not the last one here: before his
 * password stands in the field that everybody can read. */
static bool move_identifier(struct login *login)
{
	struct tui_field *password = tui_form_field(&login->form, "password");
	const char *at = strchr(tui_field_text(password), '@');

	if (tui_form_focused(&login->form) != password || !at || !strchr(at, '.') ||
		strchr(tui_field_text(password), ' '))
		return false;
	(void)tui_field_set(tui_form_field(&login->form, "identifier"), tui_field_text(password));
	tui_field_clear(password);
	return true;
}

static enum tui_handled login_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct login *login = self;

	if (request == TUI_REQ_ACCEPT)
		return accept(app, login, argument);
	if (request == TUI_REQ_NEXT_PROFILE) {
		if (!login->busy && login_offers(app, self, request))
			turn_to(app, login, (login->profile + 1) % tui_session_profiles(app));
		return TUI_HANDLED;
	}
	if (login->busy)
		return TUI_UNHANDLED;
	if (move_over_server(login, request) ||
		(request == TUI_REQ_NEXT_FIELD && move_identifier(login)))
		return TUI_HANDLED;
	if (request == TUI_REQ_SELECT)
		login->in_server = argument < 0;
	return tui_form_request(&login->form, request, argument);
}

/* While an answer is awaited the form says to whom it belongs, and stays as it was sent. */
static enum tui_handled login_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	struct login *login = self;

	(void)app;
	if (login->busy)
		return TUI_UNHANDLED;
	if (!login->in_server)
		return tui_form_key(&login->form, key);
	if (key->kind != TUI_KEY_NAMED || !tui_field_key(&login->server, key->name))
		return TUI_UNHANDLED;
	return TUI_HANDLED;
}

static void login_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	struct login *login = self;

	(void)app;
	(void)at_ms;
	if (login->busy)
		return;
	if (login->in_server)
		(void)tui_field_insert(&login->server, text);
	else
		tui_form_text(&login->form, text);
}

/* ':' and '?' begin no address, no phone number and no server; a password may. */
static bool login_wants_text(const struct tui_app *app, const void *self, const char *text)
{
	const struct login *login = self;
	bool empty = login->in_server ? tui_field_is_empty(&login->server)
				      : login->form.focus == 0 && tui_form_is_empty(&login->form);

	(void)app;
	return !empty || (strcmp(text, ":") != 0 && strcmp(text, "?") != 0);
}

static void login_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct login *login = self;
	const struct tui_sign_in who = where(login);

	login->busy = false;
	if (!reply->error && reply->reply.out) {
		tui_session_begin(app, &who, reply->reply.out);
		return;
	}
	if (tui_session_asks_more(app, &who, reply)) {
		tui_field_clear(tui_form_field(&login->form, "password"));
		return;
	}
	if (reply->error == PROMO_E_INVALID_CREDENTIALS) {
		tui_field_clear(tui_form_field(&login->form, "password"));
		tui_form_focus(&login->form, "password");
		tui_app_say(app, TUI_BAD, "The user or the password is wrong. Please try again.");
		return;
	}
	(void)tui_form_refuse(&login->form, &reply->reply.problem);
	tui_app_say_refusal(app, reply);
}

static void draw_server(const struct tui_app *app, const struct login *login,
	struct tui_canvas *canvas, struct tui_rect room)
{
	struct tui_profile profile = tui_session_profile(app, login->profile);
	int x = room.x + 17, width = room.width - 17;

	(void)tui_put(
		canvas, room.x, room.y, 16, login->in_server ? TUI_TITLE : TUI_TEXT, "Server");
	if (login->asks_server) {
		tui_field_draw(&login->server, canvas, x, room.y, width < 40 ? width : 40,
			login->in_server);
		tui_hit(canvas, (struct tui_rect){ room.x, room.y, room.width, 1 }, TUI_REQ_SELECT,
			-1);
		return;
	}
	x += tui_put(canvas, x, room.y, width, TUI_TEXT, profile.name) + 2;
	(void)tui_put(canvas, x, room.y, room.x + room.width - x, TUI_MUTED, profile.server);
	tui_hit(canvas, (struct tui_rect){ room.x, room.y, room.width, 1 }, TUI_REQ_NEXT_PROFILE,
		0);
}

/* As the shop greets, if it is that server which is meant; its tagline where the card has a row to spare. */
static struct tui_rect draw_card(const struct tui_app *app, const struct login *login,
	struct tui_canvas *canvas, struct tui_rect card)
{
	const bool known = !login->asks_server && login->profile == tui_session_chosen(app);
	const char *company = known ? tui_app_company(app) : "";
	char title[TITLE_SIZE] = "Sign in";
	struct tui_rect room;

	if (*company)
		(void)snprintf(title, sizeof(title), "Welcome to %s", company);
	room = tui_card_draw(canvas, card, title);
	if (known && card.height >= ROOMY_ROWS)
		(void)tui_put(canvas, room.x, room.y, room.width, TUI_MUTED, tui_app_tagline(app));
	return room;
}

static void login_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct login *login = self;
	struct tui_rect card = tui_card_place(area, 62, area.height >= 15 ? ROOMY_ROWS : 11);
	struct tui_rect room = draw_card(app, login, canvas, card);
	const struct tui_sign_in sign_in = where(login);
	int y = room.y + (card.height >= ROOMY_ROWS);
	int used;

	draw_server(app, login, canvas, (struct tui_rect){ room.x, y, room.width, 1 });
	if (tui_session_is_clear(app, &sign_in))
		(void)tui_put(canvas, room.x, y + 1, room.width, TUI_WARN,
			"What you type can be read by everybody on the way.");
	y += 2;
	used = tui_form_draw(&login->form, canvas,
		(struct tui_rect){ room.x, y, room.width, room.y + room.height - y - 1 },
		!login->in_server);
	y += used;
	if (login->busy)
		(void)tui_put(canvas, room.x + 17, y, room.width - 17, TUI_MUTED, "signing in ...");
	else
		(void)tui_card_button(canvas, room.x + 17, y, "Sign in", TUI_REQ_ACCEPT, SUBMIT);
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, "next field; sign in from the last one", "sign in" },
	{ "f4", TUI_REQ_NEXT_PROFILE, "another server", "server" },
	TUI_FORM_KEYS,
	{ 0 },
};

const struct tui_screen tui_screen_login = {
	.name = "login",
	.title = "Sign in",
	.signed_out = true,
	.takes_text = true,
	.keys = keys,
	.size = sizeof(struct login),
	.open = login_open,
	.draw = login_draw,
	.request = login_request,
	.offers = login_offers,
	.key = login_key,
	.wants_text = login_wants_text,
	.text = login_text,
	.reply = login_reply,
	.close = login_close,
};
