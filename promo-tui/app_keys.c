/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "promo-tui/app_inside.h"
#include "promo-tui/session.h"

/* Where keys, text, scans and clicks go. */

enum {
	DOUBLE_CLICK_MS = 400
};

static bool wants_text(struct tui_app *app, const char *text)
{
	const struct tui_screen *screen = app->top ? app->top->screen : NULL;

	return screen && screen->takes_text &&
	       (!screen->wants_text || screen->wants_text(app, app->top->self, text));
}

static void press(struct tui_app *app, const struct tui_key *key)
{
	const char *name = key->kind == TUI_KEY_TEXT ? key->text : key->name;
	const struct tui_layer *layer = app->top;
	enum tui_handled handled = TUI_UNHANDLED;
	enum tui_request request;
	struct tui_running before;

	if (!layer)
		return;
	if (layer->screen->key) {
		before = tui_app_enter(app, layer);
		handled = layer->screen->key(app, layer->self, key);
		tui_app_leave(app, before);
	}
	if (handled)
		return;
	request = tui_keymap_find(layer->screen->keys, name);
	if (!request)
		request = tui_keymap_find(tui_global_keys, name);
	if (request)
		tui_app_request(app, request, 0);
}

static void press_named(struct tui_app *app, const char *name, int64_t at_ms)
{
	const struct tui_key key = { .kind = TUI_KEY_NAMED, .name = name, .at_ms = at_ms };

	press(app, &key);
}

static void give_text(struct tui_app *app, const char *text, int64_t at_ms)
{
	const struct tui_layer *layer = app->top;
	struct tui_running before;

	if (!layer || !layer->screen->text)
		return;
	before = tui_app_enter(app, layer);
	layer->screen->text(app, layer->self, text, at_ms);
	tui_app_leave(app, before);
}

/* One character after the other: each may turn to another screen. */
static void type(struct tui_app *app, const char *text, int64_t at_ms)
{
	while (*text) {
		struct tui_key key = { .kind = TUI_KEY_TEXT, .at_ms = at_ms };
		int32_t character;
		size_t size = promo_utf8_next(text, &character);

		if (!size)
			return;
		memcpy(key.text, text, size);
		text += size;
		if (wants_text(app, key.text))
			give_text(app, key.text, at_ms);
		else
			press(app, &key);
	}
}

static const struct tui_screen *scan_screen(const struct tui_app *app)
{
	for (size_t i = 0; app->config.screens[i]; i++)
		if (app->config.screens[i]->scan)
			return app->config.screens[i];
	return NULL;
}

static void scan(struct tui_app *app, const char *code, int64_t at_ms)
{
	const struct tui_screen *screen = scan_screen(app);
	struct tui_running before;

	if (!screen)
		return;
	tui_app_close_overlays(app);
	if (!tui_app_raise(app, tui_app_find(app, screen)) && tui_app_open(app, screen, NULL))
		return;
	before = tui_app_enter(app, app->top);
	screen->scan(app, app->top->self, code, at_ms);
	tui_app_leave(app, before);
}

bool tui_app_take_code(struct tui_app *app, const char *text)
{
	char code[TUI_SCAN_SIZE];

	if (!tui_session_is_open(app) || !tui_session_is_printed_code(text))
		return false;
	(void)snprintf(code, sizeof(code), "%s", text); /* the field may be cleared meanwhile */
	scan(app, code, app->now_ms);
	return true;
}

/* Texts of the scanner end with its next call, and what a screen does may bring one. */
static void obey(struct tui_app *app, const struct tui_scanned *scanned, const struct tui_key *key,
	int64_t at_ms)
{
	char typed[TUI_TYPED_SIZE], code[TUI_SCAN_SIZE];

	(void)snprintf(typed, sizeof(typed), "%s", scanned->typed);
	(void)snprintf(code, sizeof(code), "%s", scanned->code ? scanned->code : "");
	for (int i = 0; i < scanned->take_back; i++)
		press_named(app, "backspace", at_ms);
	type(app, typed, at_ms);
	if (scanned->code)
		scan(app, code, at_ms);
	if (!scanned->key || !key)
		return;
	if (key->kind == TUI_KEY_NAMED)
		press(app, key);
	else if (wants_text(app, key->paste)) /* pasted letters never act as keys */
		give_text(app, key->paste, at_ms);
}

/* Where nobody is signed in there is nothing to scan for, and what comes fast may be a password. */
static void take_plainly(struct tui_app *app, const struct tui_key *key)
{
	if (key->kind == TUI_KEY_TEXT)
		type(app, key->text, key->at_ms);
	else if (key->kind == TUI_KEY_NAMED)
		press(app, key);
	else if (wants_text(app, key->paste))
		give_text(app, key->paste, key->at_ms);
}

static void take(struct tui_app *app, const struct tui_key *key)
{
	struct tui_scanned scanned;

	if (!tui_session_is_open(app) || (app->top && app->top->screen->secret)) {
		take_plainly(app, key);
		return;
	}
	if (key->kind == TUI_KEY_TEXT)
		scanned = tui_scanner_text(
			&app->scanner, key->text, wants_text(app, key->text), key->at_ms);
	else if (key->kind == TUI_KEY_NAMED)
		scanned = tui_scanner_key(&app->scanner, key->name, key->at_ms);
	else
		scanned = tui_scanner_paste(&app->scanner, key->paste, key->at_ms);
	obey(app, &scanned, key->kind == TUI_KEY_TEXT ? NULL : key, key->at_ms);
}

/* The hand that clicks twice means what it saw before the first click. */
static bool is_double_click(const struct tui_app *app, const struct tui_key *key)
{
	return app->clicked.at_ms && app->now_ms - app->clicked.at_ms < DOUBLE_CLICK_MS &&
	       app->clicked.y == key->y && abs(app->clicked.x - key->x) <= 1;
}

static void click(struct tui_app *app, const struct tui_canvas *shown, const struct tui_key *key)
{
	enum tui_request request;
	int argument;

	if (!shown || !tui_hit_at(shown, key->x, key->y, &request, &argument))
		return;
	if (is_double_click(app, key)) {
		tui_app_say(app, TUI_TEXT, "too soon after a click: click once more");
		return;
	}
	app->clicked.at_ms = app->now_ms;
	app->clicked.x = key->x;
	app->clicked.y = key->y;
	tui_app_request(app, request, argument);
}

void tui_app_key(struct tui_app *app, const struct tui_canvas *shown, const struct tui_key *key)
{
	if (key->kind != TUI_KEY_NONE && key->kind != TUI_KEY_RESIZE) {
		app->touched_ms = app->now_ms;
		app->said_now = false;
	}
	switch (key->kind) {
	case TUI_KEY_TEXT:
	case TUI_KEY_NAMED:
	case TUI_KEY_PASTE:
		take(app, key);
		break;
	case TUI_KEY_MOUSE:
		click(app, shown, key);
		break;
	case TUI_KEY_END:
		app->over = true;
		break;
	case TUI_KEY_NONE:
	case TUI_KEY_RESIZE:
		break;
	}
	tui_app_fall_home(app);
}

void tui_app_tick_keys(struct tui_app *app)
{
	struct tui_scanned scanned;

	if (tui_scanner_due_ms(&app->scanner) > app->now_ms)
		return;
	scanned = tui_scanner_tick(&app->scanner, app->now_ms);
	obey(app, &scanned, NULL, app->now_ms);
}
