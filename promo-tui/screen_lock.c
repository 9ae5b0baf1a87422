/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "libpromo/base/error.h"
#include "promo-tui/card.h"
#include "promo-tui/form.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

/* The lock: nothing of what is behind it can be seen; the password alone opens it. */

enum {
	WHY_SIZE = 120,
	IN_BYTES_MAX = 64 * 1024
};

struct lock {
	char why[WHY_SIZE];
	struct tui_form form;
	bool busy;
};

static const struct tui_form_row rows[] = { { .name = "password", .label = "Password" } };

static int lock_open(struct tui_app *app, void *self, const void *argument)
{
	struct lock *lock = self;

	(void)app;
	(void)snprintf(lock->why, sizeof(lock->why), "%s", argument ? (const char *)argument : "");
	return tui_form_init(&lock->form, &promo_op_auth_login, rows, PROMO_COUNT(rows));
}

static void lock_close(struct tui_app *app, void *self)
{
	struct lock *lock = self;

	(void)app;
	tui_form_release(&lock->form);
}

static void submit(struct tui_app *app, struct lock *lock)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new_secret(IN_BYTES_MAX);
	struct promo_login_in *login;
	void *in;

	if (tui_session_refuse_code(app, tui_field_text(tui_form_field(&lock->form, "password")))) {
		tui_form_clear(&lock->form);
		return;
	}
	if (lock->busy || !arena || tui_form_read(&lock->form, arena, &in))
		return;
	login = in;
	login->identifier = tui_session_identifier(app);
	lock->busy = true;
	tui_app_call(app, 0, &promo_op_auth_login, in, NULL);
}

static enum tui_handled lock_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	if (request == TUI_REQ_ACCEPT)
		submit(app, self);
	else if (request == TUI_REQ_BACK)
		tui_app_say(app, TUI_TEXT, "the password opens it; F2 is for another clerk");
	else
		return tui_form_request(&((struct lock *)self)->form, request, argument);
	return TUI_HANDLED;
}

static enum tui_handled lock_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	(void)app;
	return tui_form_key(&((struct lock *)self)->form, key);
}

static void lock_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	(void)app;
	(void)at_ms;
	tui_form_text(&((struct lock *)self)->form, text);
}

static void lock_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct lock *lock = self;
	const struct tui_sign_in who = {
		.profile = tui_session_chosen(app),
		.server = tui_app_server(app),
		.identifier = tui_session_identifier(app),
	};

	lock->busy = false;
	if (!reply->error && reply->reply.out) {
		tui_session_begin(app, &who, reply->reply.out);
		return;
	}
	tui_form_clear(&lock->form);
	if (tui_session_asks_more(app, &who, reply))
		return;
	if (reply->error == PROMO_E_INVALID_CREDENTIALS)
		tui_app_say(app, TUI_BAD, "The password is wrong. Please try again.");
	else
		tui_app_say_refusal(app, reply);
}

static void lock_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct lock *lock = self;
	struct tui_rect room = tui_card_draw(canvas, tui_card_place(area, 62, 10), "Locked");
	const char *who = tui_session_identifier(app);
	int x = room.x + 10, y = room.y;

	(void)tui_put(canvas, room.x, y, room.width, TUI_TEXT, lock->why);
	y += 2;
	(void)tui_put(canvas, room.x, y, 9, TUI_TEXT, "Clerk");
	(void)tui_put(canvas, x, y, room.width - 10, TUI_TITLE, who ? who : "");
	y += 2;
	y += tui_form_draw(
		&lock->form, canvas, (struct tui_rect){ room.x, y, room.width, 2 }, true);
	if (lock->busy) {
		(void)tui_put(canvas, x, y, room.width - 10, TUI_MUTED, "opening ...");
		return;
	}
	x += tui_card_button(canvas, x, y, "Unlock", TUI_REQ_ACCEPT, 0) + 2;
	(void)tui_card_button(canvas, x, y, "Another clerk", TUI_REQ_SWITCH_USER, 0);
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, "open with the password", "unlock" },
	{ "f2", TUI_REQ_SWITCH_USER, NULL, "another clerk" },
	{ 0 },
};

const struct tui_screen tui_screen_lock = {
	.name = "lock",
	.title = "Locked",
	.signed_out = true,
	.takes_text = true,
	.keys = keys,
	.size = sizeof(struct lock),
	.open = lock_open,
	.draw = lock_draw,
	.request = lock_request,
	.key = lock_key,
	.text = lock_text,
	.reply = lock_reply,
	.close = lock_close,
};
