/* SPDX-License-Identifier: MIT */
#include "promo-tui/day.h"

#include <stdio.h>

#include "libpromo/api/op_code.h"
#include "libpromo/base/time.h"
#include "libpromo/model/ref.h"
#include "promo-tui/clock.h"
#include "promo-tui/spoken.h"

enum {
	SPOKEN_BYTES_MAX = 256 * 1024,
	STALE_MS = 5 * 60 * 1000,
	TIME_COLUMNS = 7,
	CODE_COLUMNS = 21,
	AMOUNT_COLUMNS = 14,
};

void tui_day_ask(struct tui_day *day, struct tui_app *app, int tag)
{
	static const char *const completed[] = { "completed" };
	char today[PROMO_TIME_SIZE];
	struct promo_me_redemptions_in in;

	if (day->asked) {
		day->again = true;
		return;
	}
	promo_set_nulls(promo_op_me_redemptions.in, &in);
	promo_time_format(tui_app_wall_ms(app), today);
	in.limit = day->limit;
	in.from = in.to = today;
	in.status = (struct promo_texts){ completed, PROMO_COUNT(completed) };
	day->asked = true;
	day->again = false;
	day->asked_ms = tui_app_now_ms(app);
	tui_app_call(app, tag, &promo_op_me_redemptions, &in, NULL);
}

static void take_row(struct tui_day_row *row, const struct promo_redemption *redemption,
	struct promo_arena *arena)
{
	const struct promo_customer_ref *customer = redemption->customer;
	const char *name =
		customer ? tui_spoken_name(arena, customer->first_name, customer->last_name) : "";
	const char *phone = customer ? tui_spoken_text(arena, customer->phone_number) : "";

	row->at = redemption->completed_at ? redemption->completed_at : redemption->created_at;
	(void)snprintf(
		row->code, sizeof(row->code), "%s", tui_spoken_code(arena, redemption->code));
	(void)snprintf(row->amount, sizeof(row->amount), "%s",
		tui_spoken_money(arena, redemption->amount, redemption->currency));
	(void)snprintf(
		row->customer, sizeof(row->customer), "%s%s%s", phone, *name ? " " : "", name);
}

static void take_totals(struct tui_day *day, const struct promo_redemption_totals *totals,
	struct promo_arena *arena)
{
	const struct promo_sum *sums = totals->amount.items;
	size_t used = 0;

	day->redeemed = totals->count;
	day->sums[0] = '\0';
	for (size_t i = 0; i < totals->amount.count && used < sizeof(day->sums); i++)
		used += (size_t)snprintf(day->sums + used, sizeof(day->sums) - used, "%s%s",
			i ? ", " : "", tui_spoken_money(arena, sums[i].amount, sums[i].currency));
}

void tui_day_take(struct tui_day *day, struct tui_app *app, const struct tui_reply *reply, int tag)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(SPOKEN_BYTES_MAX);
	const struct promo_list *list = reply->reply.out;
	const struct promo_redemption *items;

	day->asked = false;
	if (arena && !reply->error && list) {
		items = list->items;
		day->count = 0;
		for (size_t i = 0; i < list->count && day->count < day->limit; i++)
			take_row(&day->rows[day->count++], &items[i], arena);
		if (list->totals)
			take_totals(day, list->totals, arena);
		day->known = true;
	}
	if (day->again)
		tui_day_ask(day, app, tag);
}

void tui_day_tick(struct tui_day *day, struct tui_app *app, int tag)
{
	if (!day->asked && tui_app_now_ms(app) - day->asked_ms >= STALE_MS &&
		tui_app_is_attended(app))
		tui_day_ask(day, app, tag);
}

void tui_day_draw_sums(
	const struct tui_day *day, struct tui_canvas *canvas, int x, int y, int columns)
{
	int used = tui_put(canvas, x, y, columns, TUI_LABEL, "Today") + 2;

	if (!day->known) {
		(void)tui_put(canvas, x + used, y, columns - used, TUI_MUTED, "...");
		return;
	}
	used += tui_putf(canvas, x + used, y, columns - used, TUI_TEXT, "%lld redeemed",
			(long long)day->redeemed) +
		2;
	(void)tui_put(canvas, x + used, y, columns - used, TUI_TITLE, day->sums);
}

static void draw_row(
	const struct tui_day_row *row, struct tui_canvas *canvas, int x, int y, int columns)
{
	char clock[TUI_CLOCK_SIZE];

	tui_clock_time(row->at, clock);
	(void)tui_put(canvas, x, y, columns, TUI_MUTED, clock);
	x += TIME_COLUMNS;
	columns -= TIME_COLUMNS;
	(void)tui_put(canvas, x, y, columns < CODE_COLUMNS ? columns : CODE_COLUMNS - 1, TUI_TEXT,
		row->code);
	x += CODE_COLUMNS;
	columns -= CODE_COLUMNS;
	if (columns <= 0)
		return;
	(void)tui_put(canvas, x, y, columns < AMOUNT_COLUMNS ? columns : AMOUNT_COLUMNS - 1,
		TUI_TEXT, row->amount);
	if (columns > AMOUNT_COLUMNS)
		(void)tui_put(canvas, x + AMOUNT_COLUMNS, y, columns - AMOUNT_COLUMNS, TUI_MUTED,
			row->customer);
}

void tui_day_draw_rows(const struct tui_day *day, struct tui_canvas *canvas, struct tui_rect room)
{
	if (day->known && day->count == 0 && room.height > 0)
		(void)tui_put(canvas, room.x, room.y, room.width, TUI_MUTED, "nothing yet");
	for (int i = 0; i < day->count && i < room.height; i++)
		draw_row(&day->rows[i], canvas, room.x, room.y + i, room.width);
}
