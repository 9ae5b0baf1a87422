/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "promo-tui/app_inside.h"
#include "promo-tui/clock.h"
#include "promo-tui/session.h"

/* What stands around every screen: the bar above, banners, the line of messages, the hints. */

enum {
	COLUMNS_MIN = 60,
	ROWS_MIN = 16,
	COMPANY_COLUMNS_MAX = 30,
	COMPANY_NARROW = 10, /* where there are fewer columns than ROOMY */
	ROOMY = 80,
	UNREAD_MAX = 99,
};

/* "https://promo.example.com" is no news to anybody but for its host. */
static const char *host(const char *server)
{
	const char *at = strstr(server, "://");

	return at ? at + 3 : server;
}

static int put_right(
	struct tui_canvas *canvas, int right, int y, enum tui_style style, const char *text)
{
	int columns = tui_text_columns(text);

	(void)tui_put(canvas, right - columns, y, columns, style, text);
	return right - columns - 2;
}

/* Of the shop, which may be called anything. The rest of the bar keeps its room. */
static int draw_company(const struct tui_app *app, struct tui_canvas *canvas, int x)
{
	const int columns = tui_canvas_columns(canvas);
	int most = columns / 4 < COMPANY_COLUMNS_MAX ? columns / 4 : COMPANY_COLUMNS_MAX;

	if (columns < ROOMY)
		most = COMPANY_NARROW;

	return tui_put(canvas, x, 0, most, TUI_BAR, *app->company ? app->company : "promo");
}

/* Returns what is left to the right of it. */
static int draw_unread(const struct tui_app *app, struct tui_canvas *canvas, int right)
{
	char text[32];
	int end;

	if (app->unread <= 0 || !tui_session_is_open(app))
		return right;
	(void)snprintf(text, sizeof(text), "%s%d unread", app->unread > UNREAD_MAX ? ">" : "",
		app->unread > UNREAD_MAX ? UNREAD_MAX : (int)app->unread);
	end = right;
	right = put_right(canvas, right, 0, TUI_KEY, text);
	tui_hit(canvas, (struct tui_rect){ right + 2, 0, end - right - 2, 1 }, TUI_REQ_NOTICES, 0);
	return right;
}

static void draw_bar(const struct tui_app *app, struct tui_canvas *canvas)
{
	const struct tui_screen *screen = tui_app_main_screen(app);
	const char *name = app->user && app->user->first_name ? app->user->first_name : "";
	int right = tui_canvas_columns(canvas) - 1, left = 1;
	char clock[TUI_CLOCK_SIZE], who[256];

	tui_fill(canvas, (struct tui_rect){ 0, 0, tui_canvas_columns(canvas), 1 }, TUI_BAR);
	tui_clock_zone(app->wall_ms, clock);
	right = put_right(canvas, right, 0, TUI_BAR, clock);
	if (app->server)
		right = put_right(canvas, right, 0, app->offline ? TUI_BANNER : TUI_BAR,
			app->offline   ? " OFFLINE "
			: app->reached ? "online"
				       : "...");
	right = draw_unread(app, canvas, right);
	left += draw_company(app, canvas, left) + 2;
	if (screen)
		left += tui_put(canvas, left, 0, right - left, TUI_BAR, screen->title) + 2;
	(void)snprintf(who, sizeof(who), "%s%s%s", app->locked ? "" : name,
		*name && !app->locked ? " at " : "", app->server ? host(app->server) : "");
	if (tui_text_columns(who) < right - left)
		(void)put_right(canvas, right, 0, TUI_BAR, who);
	else if (right - left > 8)
		(void)tui_put(canvas, left, 0, right - left, TUI_BAR, who);
	else if (!app->locked && tui_text_columns(name) < right - left)
		(void)put_right(canvas, right, 0, TUI_BAR, name);
}

/* Over as many rows as the text needs, two at the most. Returns how many. */
static int draw_banner(struct tui_canvas *canvas, int y, const char *text)
{
	int columns = tui_canvas_columns(canvas), rows;

	rows = tui_text_columns(text) > columns - 2 ? 2 : 1;
	tui_fill(canvas, (struct tui_rect){ 0, y, columns, rows }, TUI_BANNER);
	(void)tui_put_wrapped(
		canvas, (struct tui_rect){ 1, y, columns - 2, rows }, TUI_BANNER, text);
	return rows;
}

/* Returns how many rows they took. */
static int draw_banners(const struct tui_app *app, struct tui_canvas *canvas, int y)
{
	const char *mark = tui_canvas_ascii(canvas) ? "!" : "▲";
	size_t mine = tui_app_unsettled(app, true), others = tui_app_unsettled(app, false);
	char text[TUI_SAY_SIZE + 32], clock[TUI_CLOCK_SIZE];
	int top = y;

	if (mine) {
		(void)snprintf(text, sizeof(text),
			"%s %zu WITHOUT AN ANSWER: pay nothing out before it is settled", mark,
			mine);
		y += draw_banner(canvas, y, text);
	}
	if (others) {
		(void)snprintf(text, sizeof(text),
			app->user
				? "%s %zu of another clerk without an answer: settled when he "
				  "signs in"
				: "%s %zu WITHOUT AN ANSWER: pay nothing out before the clerk has "
				  "signed in",
			mark, others);
		y += draw_banner(canvas, y, text);
	}
	/* They name a customer. */
	if (app->outcome_count && !tui_session_is_open(app)) {
		(void)snprintf(text, sizeof(text),
			"%s SETTLED meanwhile: %zu; sign in to see the outcome", mark,
			app->outcome_count);
		y += draw_banner(canvas, y, text);
	}
	for (size_t i = 0; tui_session_is_open(app) && i < app->outcome_count; i++) {
		(void)snprintf(text, sizeof(text), "%s %s%s", mark, app->outcomes[i],
			i + 1 == app->outcome_count ? " (Esc: seen)" : "");
		y += draw_banner(canvas, y, text);
	}
	if (app->offline) {
		tui_clock_time(app->offline_since_ms, clock);
		(void)snprintf(text, sizeof(text), "%s OFFLINE since %s: no answer, trying again",
			mark, clock);
		y += draw_banner(canvas, y, text);
	}
	return y - top;
}

/* Returns the columns used, 0 if there is no room for it. */
static int draw_hint(struct tui_canvas *canvas, int x, int y, const struct tui_binding *row)
{
	char key[TUI_KEY_NAME_SIZE];
	int columns;

	tui_key_format(row->key, key);
	columns = tui_text_columns(key) + 1 + tui_text_columns(row->hint);
	if (x + columns >= tui_canvas_columns(canvas))
		return 0;
	tui_hit(canvas, (struct tui_rect){ x, y, columns, 1 }, row->request, 0);
	x += tui_put(canvas, x, y, columns, TUI_KEY, key) + 1;
	(void)tui_put(canvas, x, y, columns, TUI_BAR, row->hint);
	return columns + 2;
}

static bool is_offered(const struct tui_app *app, enum tui_request request)
{
	const struct tui_screen *front = tui_app_front(app);

	if (request == TUI_REQ_BACK && tui_app_can(app, request))
		return true;
	if (request == TUI_REQ_BACK && !front->offers)
		return false;
	return !front->offers || front->offers(app, app->top->self, request);
}

static int draw_hints_of(const struct tui_app *app, struct tui_canvas *canvas, int x, int y,
	const struct tui_binding *rows)
{
	const struct tui_screen *front = tui_app_front(app);

	for (; rows && rows->key; rows++)
		if (rows->hint && is_offered(app, rows->request) &&
			(rows->request == TUI_REQ_BACK || tui_app_can(app, rows->request) ||
				tui_keymap_key(front->keys, rows->request) == rows->key))
			x += draw_hint(canvas, x, y, rows);
	return x;
}

static void draw_hints(const struct tui_app *app, struct tui_canvas *canvas, int y)
{
	const struct tui_screen *front = tui_app_front(app);
	int x = 1;

	tui_fill(canvas, (struct tui_rect){ 0, y, tui_canvas_columns(canvas), 1 }, TUI_BAR);
	if (!front)
		return;
	x = draw_hints_of(app, canvas, x, y, front->keys);
	(void)draw_hints_of(app, canvas, x, y, tui_global_keys);
}

/* From the lowest screen that is seen to the one in front. */
static void draw_layers(const struct tui_app *app, const struct tui_layer *layer,
	struct tui_canvas *canvas, struct tui_rect area)
{
	if (layer->screen->overlay && layer->below) {
		draw_layers(app, layer->below, canvas, area);
		tui_hit(canvas, area, TUI_REQ_BACK, 0);
	}
	if (layer->screen->draw)
		layer->screen->draw(app, layer->self, canvas, area);
}

/* A long one takes a second row from the screen. */
static void draw_message(const struct tui_app *app, struct tui_canvas *canvas, int y)
{
	int columns = tui_canvas_columns(canvas);
	int rows = tui_text_columns(app->said) > columns - 2 ? 2 : 1;

	y -= rows - 1;
	tui_fill(canvas, (struct tui_rect){ 0, y, columns, rows }, TUI_TEXT);
	(void)tui_put_wrapped(
		canvas, (struct tui_rect){ 1, y, columns - 2, rows }, app->said_style, app->said);
}

static void draw_too_small(struct tui_canvas *canvas)
{
	struct tui_rect all = { 0, 0, tui_canvas_columns(canvas), tui_canvas_rows(canvas) };
	char text[160];

	(void)snprintf(text, sizeof(text),
		"Please make this window larger: promo needs %d columns and %d rows, here are %d "
		"and "
		"%d. Everything is kept.",
		COLUMNS_MIN, ROWS_MIN, all.width, all.height);
	(void)tui_put_wrapped(canvas, all, TUI_TEXT, text);
}

void tui_app_draw(const struct tui_app *app, struct tui_canvas *canvas)
{
	int columns = tui_canvas_columns(canvas), rows = tui_canvas_rows(canvas), top = 1;

	tui_canvas_clear(canvas);
	if (columns < COLUMNS_MIN || rows < ROWS_MIN) {
		draw_too_small(canvas);
		return;
	}
	draw_bar(app, canvas);
	top += draw_banners(app, canvas, top);
	if (app->top)
		draw_layers(app, app->top, canvas,
			(struct tui_rect){ 0, top, columns, rows - top - 2 });
	if (app->said_now)
		draw_message(app, canvas, rows - 2);
	draw_hints(app, canvas, rows - 1);
}
