/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_notification.h"
#include "promo-tui/clock.h"
#include "promo-tui/screens.h"
#include "promo-tui/spoken.h"

/* What the user was told of: the newest ones, and which of them he has not read. */

enum {
	ROWS_MAX = 100,
	TEXT_SIZE = 200,
	SPOKEN_BYTES_MAX = 256 * 1024,
	STALE_MS = 60 * 1000,
	TIME_COLUMNS = 19,
	FOOT_ROWS = 2,
};

struct row {
	char id[40], title[TEXT_SIZE], body[TEXT_SIZE];
	int64_t at;
	bool read;
};

struct notices {
	struct row rows[ROWS_MAX];
	int count, chosen;
	int64_t asked_ms;
	bool asked, known;
};

static void refresh(struct tui_app *app, struct notices *notices)
{
	struct promo_notification_list_in in;

	if (notices->asked)
		return;
	promo_set_nulls(promo_op_notification_list.in, &in);
	in.limit = ROWS_MAX;
	notices->asked = true;
	notices->asked_ms = tui_app_now_ms(app);
	tui_app_call(app, 0, &promo_op_notification_list, &in, NULL);
}

static int notices_open(struct tui_app *app, void *self, const void *argument)
{
	(void)argument;
	refresh(app, self);
	return 0;
}

static void choose(struct notices *notices, int row)
{
	if (row >= 0 && row < notices->count)
		notices->chosen = row;
}

static void take_list(struct notices *notices, const struct promo_list *list)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(SPOKEN_BYTES_MAX);
	const struct promo_notification *items = list->items;

	if (!arena)
		return;
	notices->count = 0;
	for (size_t i = 0; i < list->count && notices->count < ROWS_MAX; i++) {
		struct row *row = &notices->rows[notices->count++];

		(void)snprintf(row->id, sizeof(row->id), "%s", items[i].id);
		(void)snprintf(row->title, sizeof(row->title), "%s",
			tui_spoken_text(arena, items[i].title));
		(void)snprintf(
			row->body, sizeof(row->body), "%s", tui_spoken_text(arena, items[i].body));
		row->at = items[i].created_at;
		row->read = items[i].read_at != 0;
	}
	choose(notices, notices->chosen < notices->count ? notices->chosen : 0);
	notices->known = true;
}

static void notices_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct notices *notices = self;

	if (reply->op == &promo_op_notification_list)
		notices->asked = false;
	if (reply->error) {
		tui_app_say_refusal(app, reply);
		return;
	}
	if (reply->op == &promo_op_notification_list && reply->reply.out)
		take_list(notices, reply->reply.out);
	else
		refresh(app, notices);
}

static void read_chosen(struct tui_app *app, struct notices *notices)
{
	struct promo_id_in in;

	if (notices->chosen >= notices->count || notices->rows[notices->chosen].read)
		return;
	promo_set_nulls(promo_op_notification_read.in, &in);
	in.id = notices->rows[notices->chosen].id;
	notices->rows[notices->chosen].read = true;
	tui_app_call(app, 0, &promo_op_notification_read, &in, NULL);
}

static enum tui_handled notices_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct notices *notices = self;

	switch ((int)request) {
	case TUI_REQ_UP:
		choose(notices, notices->chosen - 1);
		return TUI_HANDLED;
	case TUI_REQ_DOWN:
		choose(notices, notices->chosen + 1);
		return TUI_HANDLED;
	case TUI_REQ_SELECT:
		choose(notices, argument);
		return TUI_HANDLED;
	case TUI_REQ_READ:
		read_chosen(app, notices);
		return TUI_HANDLED;
	case TUI_REQ_READ_ALL:
		tui_app_call(app, 0, &promo_op_notification_read_all, NULL, NULL);
		return TUI_HANDLED;
	case TUI_REQ_REFRESH:
		refresh(app, notices);
		return TUI_HANDLED;
	default:
		return TUI_UNHANDLED;
	}
}

static void notices_tick(struct tui_app *app, void *self, int64_t now_ms)
{
	struct notices *notices = self;

	if (now_ms - notices->asked_ms >= STALE_MS && tui_app_is_attended(app))
		refresh(app, notices);
}

static int count_unread(const struct notices *notices)
{
	int count = 0;

	for (int i = 0; i < notices->count; i++)
		count += !notices->rows[i].read;
	return count;
}

static void draw_row(
	struct tui_canvas *canvas, struct tui_rect line, const struct row *row, bool chosen)
{
	enum tui_style style = chosen ? TUI_SELECTED : row->read ? TUI_MUTED : TUI_TEXT;
	char at[TUI_CLOCK_SIZE];

	tui_clock_text(row->at, at);
	tui_fill(canvas, line, style);
	(void)tui_putf(canvas, line.x, line.y, TIME_COLUMNS, style, "%s%s %s", chosen ? ">" : " ",
		row->read ? " " : "*", at);
	(void)tui_put(canvas, line.x + TIME_COLUMNS + 1, line.y, line.width - TIME_COLUMNS - 1,
		style, row->title);
}

static void notices_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct notices *notices = self;
	struct tui_rect room = { area.x + 2, area.y, area.width - 4, area.height };
	int shown = room.height - 1 - FOOT_ROWS;
	int top = notices->chosen >= shown ? notices->chosen - shown + 1 : 0;

	(void)app;
	if (!notices->known) {
		(void)tui_put(canvas, room.x, room.y, room.width, TUI_MUTED, "asking ...");
		return;
	}
	(void)tui_putf(canvas, room.x, room.y, room.width, TUI_HEADER, "%d unread of %d",
		count_unread(notices), notices->count);
	for (int i = top; i < notices->count && i - top < shown; i++) {
		struct tui_rect line = { room.x, room.y + 1 + i - top, room.width, 1 };

		draw_row(canvas, line, &notices->rows[i], i == notices->chosen);
		tui_hit(canvas, line, TUI_REQ_SELECT, i);
	}
	if (notices->count > 0)
		(void)tui_put(canvas, room.x, room.y + room.height - 1, room.width, TUI_TEXT,
			notices->rows[notices->chosen].body);
	else
		(void)tui_put(canvas, room.x, room.y + 1, room.width, TUI_MUTED, "nothing yet");
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_READ, NULL, "read" },
	{ "f4", TUI_REQ_READ_ALL, NULL, "read all" },
	{ "f5", TUI_REQ_REFRESH, NULL, "refresh" },
	{ "up", TUI_REQ_UP },
	{ "down", TUI_REQ_DOWN },
	{ 0 },
};

const struct tui_screen tui_screen_notices = {
	.name = "notifications",
	.title = "Notifications",
	.opened_by = TUI_REQ_NOTICES,
	.in_menu = true,
	.keys = keys,
	.size = sizeof(struct notices),
	.open = notices_open,
	.draw = notices_draw,
	.request = notices_request,
	.reply = notices_reply,
	.tick = notices_tick,
};
