/* SPDX-License-Identifier: MIT */
#include "promo-tui/day.h"
#include "promo-tui/screens.h"

/* One's own day: what was redeemed last and what it comes to. */

enum {
	HEAD_ROWS = 4
};

static int day_open(struct tui_app *app, void *self, const void *argument)
{
	struct tui_day *day = self;

	(void)argument;
	day->limit = TUI_DAY_ROWS_MAX;
	tui_day_ask(day, app, 0);
	return 0;
}

static void day_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	if (reply->error)
		tui_app_say_refusal(app, reply);
	tui_day_take(self, app, reply, 0);
}

static void day_tick(struct tui_app *app, void *self, int64_t now_ms)
{
	(void)now_ms;
	tui_day_tick(self, app, 0);
}

static enum tui_handled day_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	(void)argument;
	if (request != TUI_REQ_REFRESH)
		return TUI_UNHANDLED;
	tui_day_ask(self, app, 0);
	return TUI_HANDLED;
}

static void day_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	struct tui_rect room = { area.x + 2, area.y + 1, area.width - 4, area.height - 1 };

	(void)app;
	tui_day_draw_sums(self, canvas, room.x, room.y, room.width);
	(void)tui_put(canvas, room.x, room.y + 2, room.width, TUI_HEADER,
		"Time   Code                 Amount        Customer");
	room.y += HEAD_ROWS - 1;
	room.height -= HEAD_ROWS - 1;
	tui_day_draw_rows(self, canvas, room);
}

static const struct tui_binding keys[] = {
	{ "f5", TUI_REQ_REFRESH, NULL, "refresh" },
	{ 0 },
};

const struct tui_screen tui_screen_day = {
	.name = "day",
	.title = "My day",
	.permission = PROMO_P_REDEMPTIONS_CREATE_MANUAL,
	.opened_by = TUI_REQ_DAY,
	.in_menu = true,
	.keys = keys,
	.size = sizeof(struct tui_day),
	.open = day_open,
	.draw = day_draw,
	.request = day_request,
	.reply = day_reply,
	.tick = day_tick,
};
