/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/app.h"

/*
 * A clerk's own day as the server counts it: what he redeemed last and what it comes to
 * (me.redemptions). A part of screens, which call it and hand it its answers.
 */

enum {
	TUI_DAY_ROWS_MAX = 50,
	TUI_DAY_TEXT_SIZE = 96,
};

struct tui_day_row {
	int64_t at;
	char code[TUI_DAY_TEXT_SIZE], amount[TUI_DAY_TEXT_SIZE], customer[TUI_DAY_TEXT_SIZE];
};

struct tui_day {
	int limit; /* how many rows are asked for */
	struct tui_day_row rows[TUI_DAY_ROWS_MAX];
	int count;
	int64_t redeemed; /* of the whole day */
	char sums[TUI_DAY_TEXT_SIZE];
	int64_t asked_ms;
	bool asked, again, known;
};

/* Asks for it, with this tag; once more after the answer where one is under way. */
void tui_day_ask(struct tui_day *day, struct tui_app *app, int tag);
/* Takes the answer; what could not be read stays as it was. */
void tui_day_take(struct tui_day *day, struct tui_app *app, const struct tui_reply *reply, int tag);
/* Asks when the last answer is old. */
void tui_day_tick(struct tui_day *day, struct tui_app *app, int tag);

/* "Today  12 redeemed  6,000 RWF" in one line. */
void tui_day_draw_sums(
	const struct tui_day *day, struct tui_canvas *canvas, int x, int y, int columns);
/* The last ones, newest first, as many as there is room for; the names where it is wide. */
void tui_day_draw_rows(const struct tui_day *day, struct tui_canvas *canvas, struct tui_rect room);
