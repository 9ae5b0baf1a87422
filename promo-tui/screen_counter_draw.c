/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "promo-tui/big.h"
#include "promo-tui/card.h"
#include "promo-tui/screen_counter.h"

/*
 * What the counter looks like, from 60x11 to any size: the field, the verdict to be read from two
 * metres, what to do next, then the form or the particulars; one's own day beside it where it is
 * wide, below where it is high.
 */

enum {
	LABEL_COLUMNS = 12,
	CODE_COLUMNS = 40,
	PHONE_COLUMNS = 24,
	NAME_COLUMNS = 34,
	DAY_COLUMNS = 46,          /* beside */
	DAY_CUSTOMER_COLUMNS = 26, /* and with whom */
	WIDE = 120,                /* columns from which the day stands beside */
	WIDER = 160,               /* and tells for whom */
	HIGH = 32,                 /* rows from which it stands below */
	DAY_ROWS = 12,
	ROOMY = 17,        /* rows from which there are blank lines */
	BIG_AMOUNT = 13,   /* rows from which the amount is big */
	BIG_WORD = 27,     /* and the word too */
	PAIR_COLUMNS = 36, /* of a particular where two stand in a row */
	PAIR_LABEL_COLUMNS = 9,
	PAIR_RIGHT_COLUMNS = 29, /* of the right one: an end of validity with its zone */
	SPOKEN_BYTES_MAX = 64 * 1024,
};

/* Where the next thing goes. */
struct pen {
	struct tui_canvas *canvas;
	struct tui_rect room; /* what is left, from above */
};

static void down(struct pen *pen, int rows)
{
	rows = rows < pen->room.height ? rows : pen->room.height;
	pen->room.y += rows;
	pen->room.height -= rows;
}

static enum tui_style style_of(enum tui_tone tone)
{
	static const enum tui_style styles[] = {
		[TUI_TONE_NONE] = TUI_TEXT,
		[TUI_TONE_GOOD] = TUI_GOOD,
		[TUI_TONE_WARN] = TUI_WARN,
		[TUI_TONE_BAD] = TUI_BAD,
		[TUI_TONE_GREY] = TUI_GREY,
	};

	return styles[tone];
}

static enum tui_style big_style_of(enum tui_tone tone)
{
	static const enum tui_style styles[] = {
		[TUI_TONE_NONE] = TUI_TEXT,
		[TUI_TONE_GOOD] = TUI_BIG_GOOD,
		[TUI_TONE_WARN] = TUI_BIG_WARN,
		[TUI_TONE_BAD] = TUI_BIG_BAD,
		[TUI_TONE_GREY] = TUI_BIG_GREY,
	};

	return styles[tone];
}

static void draw_field(struct pen *pen, const struct tui_counter_screen *screen,
	enum tui_counter_field field, const char *label, int columns)
{
	const struct tui_rect *room = &pen->room;
	bool focused = screen->counter.focus == field;
	int most = room->width - LABEL_COLUMNS;

	if (room->height <= 0)
		return;
	(void)tui_put(pen->canvas, room->x, room->y, LABEL_COLUMNS, focused ? TUI_TITLE : TUI_LABEL,
		label);
	tui_field_draw(&screen->fields[field], pen->canvas, room->x + LABEL_COLUMNS, room->y,
		columns < most ? columns : most, focused);
	down(pen, 1);
}

static void draw_code(struct pen *pen, const struct tui_counter_screen *screen,
	const struct tui_counter_view *view, bool roomy)
{
	enum tui_counter_step step = screen->counter.step;

	if (step == TUI_STEP_FORM || step == TUI_STEP_SUMMARY) {
		(void)tui_put(
			pen->canvas, pen->room.x, pen->room.y, LABEL_COLUMNS, TUI_LABEL, "Code");
		(void)tui_put(pen->canvas, pen->room.x + LABEL_COLUMNS, pen->room.y,
			pen->room.width - LABEL_COLUMNS, TUI_TITLE, view->code);
		down(pen, 1);
	} else {
		draw_field(pen, screen, TUI_FIELD_CODE, "Code", CODE_COLUMNS);
	}
	down(pen, roomy);
}

/* The word with its symbol, and the amount, as big as there is room for. */
static void draw_verdict(struct pen *pen, const struct tui_counter_screen *screen,
	const struct tui_counter_view *view, bool roomy)
{
	const struct tui_verdict *verdict = view->verdict;
	const char *symbol = tui_canvas_ascii(pen->canvas) ? verdict->ascii : verdict->symbol;
	enum tui_counter_step step = screen->counter.step;
	bool code_is_above = step == TUI_STEP_FORM || step == TUI_STEP_SUMMARY;
	int high = pen->room.height, used;

	if (*verdict->word) {
		used = tui_putf(pen->canvas, pen->room.x, pen->room.y, pen->room.width,
			style_of(verdict->tone), "%s %s", symbol, verdict->word);
		if (!code_is_above)
			(void)tui_put(pen->canvas, pen->room.x + used + 3, pen->room.y,
				pen->room.width - used - 3, TUI_TITLE, view->code);
		down(pen, 1);
	}
	if (*verdict->word && high >= BIG_WORD - 2) {
		down(pen, roomy);
		down(pen, tui_big(pen->canvas, pen->room.x, pen->room.y, pen->room.width,
				  big_style_of(verdict->tone), verdict->word));
	}
	if (!*view->amount)
		return;
	down(pen, roomy);
	if (high >= BIG_AMOUNT - 2)
		down(pen, tui_big(pen->canvas, pen->room.x, pen->room.y, pen->room.width,
				  big_style_of(verdict->tone), view->amount));
	else
		down(pen, tui_put(pen->canvas, pen->room.x, pen->room.y, pen->room.width,
				  style_of(verdict->tone), view->amount) > 0);
	down(pen, roomy);
}

static void draw_wrapped(struct pen *pen, enum tui_style style, const char *text)
{
	struct tui_rect rect = pen->room;

	rect.height = rect.height < 2 ? rect.height : 2;
	if (*text && rect.height > 0)
		down(pen, tui_put_wrapped(pen->canvas, rect, style, text));
}

static void draw_form(struct pen *pen, const struct tui_counter_screen *screen)
{
	const struct tui_counter *counter = &screen->counter;
	int y = pen->room.y, x = pen->room.x + LABEL_COLUMNS + PHONE_COLUMNS + 2;
	const char *known = tui_counter_known_name(counter);

	draw_field(pen, screen, TUI_FIELD_PHONE, "Phone", PHONE_COLUMNS);
	if (counter->phone[0])
		x += tui_putf(pen->canvas, x, y, pen->room.x + pen->room.width - x, TUI_GOOD,
			     "= %s", counter->phone) +
		     2;
	if (*known)
		(void)tui_put(
			pen->canvas, x, y, pen->room.x + pen->room.width - x, TUI_TEXT, known);
	draw_field(pen, screen, TUI_FIELD_FIRST_NAME, "First name", NAME_COLUMNS);
	draw_field(pen, screen, TUI_FIELD_LAST_NAME, "Last name", NAME_COLUMNS);
}

static void draw_line(
	const struct pen *pen, const struct tui_counter_line *line, int x, int columns, int label)
{
	(void)tui_put(pen->canvas, x, pen->room.y, label, TUI_LABEL, line->name);
	(void)tui_put(pen->canvas, x + label, pen->room.y, columns - label, TUI_TEXT, line->value);
}

/* One in a row where all of them have room so, else two. */
static void draw_lines(struct pen *pen, const struct tui_counter_view *view)
{
	bool pairs = view->line_count > pen->room.height && pen->room.width >= 56;
	int columns = pen->room.width, label = pairs ? PAIR_LABEL_COLUMNS : LABEL_COLUMNS;
	int left = columns - PAIR_RIGHT_COLUMNS < PAIR_COLUMNS ? columns - PAIR_RIGHT_COLUMNS
							       : PAIR_COLUMNS;
	for (int i = 0; i < view->line_count && pen->room.height > 0; i++) {
		bool is_left = !pairs || i % 2 == 0;
		int x = pen->room.x + (is_left ? 0 : left);
		bool is_alone = !pairs || (is_left && i + 1 == view->line_count);
		int most = is_alone ? columns : is_left ? left - 1 : columns - left;

		draw_line(pen, &view->lines[i], x, most, label);
		if (!pairs || !is_left || i + 1 == view->line_count)
			down(pen, 1);
	}
}

static void draw_button(struct pen *pen, const struct tui_counter_screen *screen, bool roomy)
{
	const struct tui_counter *counter = &screen->counter;
	enum tui_request request = TUI_REQ_NONE;
	const char *text = "";

	if (counter->step == TUI_STEP_SUMMARY) {
		request = TUI_REQ_REDEEM;
		text = "Redeem (F2)";
	} else if (counter->step == TUI_STEP_SHOWN &&
		   (counter->verdict == TUI_VERDICT_REDEEMED ||
			   counter->verdict == TUI_VERDICT_REPORTED)) {
		request = TUI_REQ_REPORT;
		text = "Fraud Report (F3)";
	}
	if (!request || pen->room.height <= 0)
		return;
	if (pen->room.height > 2)
		down(pen, roomy);
	(void)tui_card_button(pen->canvas, pen->room.x, pen->room.y, text, request, 0);
	down(pen, 1);
}

/* What is still to be known of the customers before, in the last row. */
static void draw_before(struct pen *pen, const struct tui_counter *counter)
{
	int y = pen->room.y + pen->room.height - 1, used = 0;

	if (pen->room.height <= 0)
		return;
	if (counter->kept_count)
		used = tui_putf(pen->canvas, pen->room.x, y, pen->room.width, TUI_WARN,
			       "%d put aside (F4)", counter->kept_count) +
		       2;
	if (counter->last_line[0] && counter->step != TUI_STEP_DONE &&
		counter->step != TUI_STEP_UNKNOWN)
		(void)tui_putf(pen->canvas, pen->room.x + used, y, pen->room.width - used,
			style_of(tui_verdict(counter->last_verdict)->tone), "before: %s",
			counter->last_line);
	pen->room.height--;
}

static void draw_main(
	const struct tui_app *app, const struct tui_counter_screen *screen, struct pen *pen)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(SPOKEN_BYTES_MAX);
	const struct tui_counter *counter = &screen->counter;
	bool roomy = pen->room.height >= ROOMY;
	struct tui_counter_view view;

	if (!arena)
		return;
	tui_counter_view(counter, tui_app_now_ms(app), arena, &view);
	if (roomy || counter->kept_count)
		draw_before(pen, counter);
	draw_code(pen, screen, &view, roomy);
	draw_verdict(pen, screen, &view, roomy);
	draw_wrapped(pen, TUI_TEXT, view.sentence);
	draw_wrapped(pen, TUI_MUTED, view.next);
	if (pen->room.height > 3 + view.line_count)
		down(pen, roomy);
	if (counter->step == TUI_STEP_FORM) {
		draw_form(pen, screen);
		down(pen, pen->room.height > view.line_count && roomy);
	}
	draw_lines(pen, &view);
	draw_button(pen, screen, roomy);
}

static void draw_day(
	const struct tui_counter_screen *screen, struct tui_canvas *canvas, struct tui_rect box)
{
	struct tui_rect room = tui_card_draw(canvas, box, "My day");

	tui_day_draw_sums(&screen->day, canvas, room.x, room.y, room.width);
	room.y += 2;
	room.height -= 2;
	tui_day_draw_rows(&screen->day, canvas, room);
}

void tui_counter_screen_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct tui_counter_screen *screen = self;
	struct pen pen = { canvas, { area.x + 2, area.y, area.width - 4, area.height } };

	if (area.height > BIG_AMOUNT) {
		pen.room.y++;
		pen.room.height--;
	}
	if (area.width >= WIDE) {
		int columns = DAY_COLUMNS + (area.width >= WIDER ? DAY_CUSTOMER_COLUMNS : 0);
		struct tui_rect box = { area.x + area.width - columns - 1, area.y, columns,
			area.height < DAY_ROWS + 4 ? area.height : DAY_ROWS + 4 };

		pen.room.width -= columns + 2;
		draw_day(screen, canvas, box);
	} else if (area.height >= HIGH) {
		struct tui_rect box = { area.x + 1, area.y + area.height - DAY_ROWS - 2,
			area.width - 2, DAY_ROWS + 2 };

		pen.room.height -= box.height;
		draw_day(screen, canvas, box);
	} else if (area.height > BIG_AMOUNT) {
		pen.room.height--;
		tui_day_draw_sums(
			&screen->day, canvas, pen.room.x, area.y + area.height - 1, pen.room.width);
	}
	draw_main(app, screen, &pen);
}
