/* SPDX-License-Identifier: MIT */
#include "promo-tui/app_inside.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

/* What the app does itself: requests that the screen in front did not take. */

static const struct tui_screen *opened_by(const struct tui_app *app, enum tui_request request)
{
	for (size_t i = 0; app->config.screens[i]; i++)
		if (request && app->config.screens[i]->opened_by == request)
			return app->config.screens[i];
	return NULL;
}

/* A screen that is open already comes to the front; what it held is still there. */
static void show(struct tui_app *app, const struct tui_screen *screen)
{
	tui_app_close_overlays(app);
	if (!tui_app_may(app, screen->permission) || app->locked ||
		!tui_app_raise(app, tui_app_find(app, screen)))
		(void)tui_app_open(app, screen, NULL);
}

/* Leaving by one slip of a finger would empty a counter with a queue before it. */
static void quit(struct tui_app *app)
{
	size_t unsettled = tui_app_unsettled(app, true);

	if (app->quit_ms && app->now_ms - app->quit_ms < TUI_QUIT_AGAIN_MS) {
		app->over = true;
		return;
	}
	app->quit_ms = app->now_ms;
	if (unsettled)
		tui_app_say(app, TUI_WARN,
			"%zu without an answer: kept on disk and settled at the next start; "
			"Ctrl-C once more to leave",
			unsettled);
	else
		tui_app_say(app, TUI_WARN, "Ctrl-C once more to leave");
}

static void toggle_sound(struct tui_app *app)
{
	app->muted = !app->muted;
	tui_app_say(app, TUI_TEXT, app->muted ? "sounds are off" : "sounds are on");
	tui_app_bell(app, 1);
}

static void next_theme(struct tui_app *app)
{
	app->theme = (app->theme + 1) % TUI_THEME_COUNT;
	tui_app_say(app, TUI_TEXT, "theme: %s", tui_theme_get(app->theme)->name);
}

static void overlay(struct tui_app *app, const struct tui_screen *screen)
{
	struct tui_layer *layer = tui_app_find(app, screen);

	if (layer)
		tui_app_close(app, layer);
	else
		(void)tui_app_open(app, screen, NULL);
}

static bool needs_session(enum tui_request request)
{
	return request == TUI_REQ_LOCK || request == TUI_REQ_SIGN_OUT ||
	       request == TUI_REQ_SWITCH_USER;
}

enum tui_handled tui_app_request_own(struct tui_app *app, enum tui_request request)
{
	const struct tui_screen *screen = opened_by(app, request);

	if (screen) {
		show(app, screen);
		return TUI_HANDLED;
	}
	if (needs_session(request) && !tui_app_can(app, request)) {
		tui_app_say(app, TUI_TEXT, "nobody is signed in");
		return TUI_HANDLED;
	}
	switch ((int)request) {
	case TUI_REQ_BACK:
		tui_app_back(app);
		break;
	case TUI_REQ_HELP:
		overlay(app, &tui_screen_help);
		break;
	case TUI_REQ_PALETTE:
		overlay(app, &tui_screen_palette);
		break;
	case TUI_REQ_LOCK:
		tui_session_lock(app, NULL);
		break;
	case TUI_REQ_SWITCH_USER:
		tui_session_switch(app);
		break;
	case TUI_REQ_SIGN_OUT:
		tui_session_end(app);
		break;
	case TUI_REQ_THEME:
		next_theme(app);
		break;
	case TUI_REQ_MUTE:
		toggle_sound(app);
		break;
	case TUI_REQ_REDRAW:
		app->wishes.redraw = true;
		break;
	case TUI_REQ_SUSPEND:
		app->wishes.suspend = true;
		break;
	case TUI_REQ_SETTLE:
		tui_app_settle(app);
		break;
	case TUI_REQ_QUIT:
		quit(app);
		break;
	default:
		return TUI_UNHANDLED;
	}
	return TUI_HANDLED;
}

void tui_app_request(struct tui_app *app, enum tui_request request, int argument)
{
	const struct tui_layer *layer = app->top;
	enum tui_handled handled = TUI_UNHANDLED;
	struct tui_running before;

	if (request == TUI_REQ_BACK && app->outcome_count && tui_session_is_open(app)) {
		app->outcome_count = 0;
		return;
	}
	if (layer && layer->screen->request) {
		before = tui_app_enter(app, layer);
		handled = layer->screen->request(app, layer->self, request, argument);
		tui_app_leave(app, before);
	}
	if (!handled)
		(void)tui_app_request_own(app, request);
}

bool tui_app_can(const struct tui_app *app, enum tui_request request)
{
	const struct tui_screen *screen = opened_by(app, request);
	const struct tui_screen *front = tui_app_main_screen(app);
	bool open = tui_session_is_open(app);

	if (screen)
		return open && tui_app_may(app, screen->permission);
	switch ((int)request) {
	case TUI_REQ_LOCK:
	case TUI_REQ_SIGN_OUT:
		return open;
	case TUI_REQ_SWITCH_USER:
		return app->user || app->locked;
	case TUI_REQ_BACK:
		return (app->outcome_count && open) ||
		       (app->top && app->top->below && app->top->screen != &tui_screen_lock);
	case TUI_REQ_SETTLE:
		return tui_app_unsettled(app, true) > 0;
	case TUI_REQ_HELP:
	case TUI_REQ_PALETTE:
	case TUI_REQ_THEME:
	case TUI_REQ_MUTE:
	case TUI_REQ_REDRAW:
	case TUI_REQ_SUSPEND:
	case TUI_REQ_QUIT:
		return true;
	default:
		return front && tui_keymap_key(front->keys, request);
	}
}
