/* SPDX-License-Identifier: MIT */

#include "libpromo/base/error.h"
#include "promo-tui/card.h"
#include "promo-tui/form.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

/* Changing one's own password. */

enum {
	IN_BYTES_MAX = 64 * 1024
};

struct password {
	struct tui_form form;
	bool busy;
};

static const struct tui_form_row rows[] = {
	{ .name = "current_password", .label = "Password so far" },
	{ .name = "new_password", .label = "New password" },
	{ .same_as = "new_password", .label = "The same again" },
};

static int password_open(struct tui_app *app, void *self, const void *argument)
{
	(void)app;
	(void)argument;
	return tui_form_init(
		&((struct password *)self)->form, &promo_op_me_password, rows, PROMO_COUNT(rows));
}

static void password_close(struct tui_app *app, void *self)
{
	(void)app;
	tui_form_release(&((struct password *)self)->form);
}

static void submit(struct tui_app *app, struct password *password)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new_secret(IN_BYTES_MAX);
	void *in;

	if (password->busy || !arena || tui_form_read(&password->form, arena, &in))
		return;
	password->busy = true;
	tui_app_call(app, 0, &promo_op_me_password, in, NULL);
}

static enum tui_handled password_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct password *password = self;
	struct tui_field *field = tui_form_focused(&password->form);

	if ((request == TUI_REQ_ACCEPT || request == TUI_REQ_NEXT_FIELD) &&
		tui_app_take_code(app, tui_field_text(field))) {
		tui_field_clear(field);
		return TUI_HANDLED;
	}
	if (request == TUI_REQ_BACK && password->busy) {
		tui_app_say(app, TUI_TEXT, "it is under way; wait for its answer");
		return TUI_HANDLED;
	}
	if (request != TUI_REQ_ACCEPT)
		return tui_form_request(&password->form, request, argument);
	if (argument || !tui_form_next(&password->form))
		submit(app, password);
	return TUI_HANDLED;
}

static enum tui_handled password_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	(void)app;
	return tui_form_key(&((struct password *)self)->form, key);
}

static void password_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	(void)app;
	(void)at_ms;
	tui_form_text(&((struct password *)self)->form, text);
}

static void password_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct password *password = self;

	password->busy = false;
	if (!reply->error) {
		tui_app_back(app);
		tui_app_say(
			app, TUI_GOOD, "the password was changed; your other sessions have ended");
		return;
	}
	if (reply->error == PROMO_E_INVALID_CREDENTIALS) {
		tui_form_put_error(&password->form, "current_password", "is not your password");
		return;
	}
	(void)tui_form_refuse(&password->form, &reply->reply.problem);
	tui_app_say_refusal(app, reply);
}

static void password_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct password *password = self;
	struct tui_rect room =
		tui_card_draw(canvas, tui_card_place(area, 64, 11), "Change password");
	int y = room.y + 1;

	(void)app;
	y += tui_form_draw(&password->form, canvas,
		(struct tui_rect){ room.x, y, room.width, room.height - 2 }, true);
	if (password->busy)
		(void)tui_put(canvas, room.x + 17, y, room.width - 17, TUI_MUTED, "changing ...");
	else
		(void)tui_card_button(canvas, room.x + 17, y, "Change password", TUI_REQ_ACCEPT, 1);
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, "next field; change it from the last one", "change" },
	TUI_FORM_KEYS,
	{ 0 },
};

const struct tui_screen tui_screen_password = {
	.name = "password",
	.title = "Change password",
	.opened_by = TUI_REQ_PASSWORD,
	.takes_text = true,
	.secret = true,
	.keys = keys,
	.size = sizeof(struct password),
	.open = password_open,
	.draw = password_draw,
	.request = password_request,
	.key = password_key,
	.text = password_text,
	.reply = password_reply,
	.close = password_close,
};
