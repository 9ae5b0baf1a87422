/* SPDX-License-Identifier: MIT */
#include "promo-tui/app.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "libpromo/base/error.h"
#include "promo-tui/app_inside.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

int tui_app_new(const struct tui_app_config *config, struct tui_app **ret)
{
	struct tui_app *app = calloc(1, sizeof(*app));
	int r;

	if (!app)
		return promo_fault(-ENOMEM, "could not hold the program's state");
	app->config = *config;
	app->profile = config->profile;
	app->theme = config->theme;
	app->muted = config->muted;
	r = tui_scanner_init(&app->scanner, config->scanner_prefix, config->scanner_suffix);
	if (!r) {
		app->session = promo_arena_new_secret(TUI_SESSION_BYTES_MAX);
		if (!app->session)
			r = promo_fault(-ENOMEM, "could not hold a session");
	}
	if (r) {
		tui_app_free(app);
		return r;
	}
	*ret = app;
	return 0;
}

static void free_closed(struct tui_app *app)
{
	while (app->closed) {
		struct tui_layer *layer = app->closed;

		app->closed = layer->below;
		free(layer->self);
		free(layer);
	}
}

void tui_app_free(struct tui_app *app)
{
	if (!app)
		return;
	tui_app_close_all(app);
	free_closed(app);
	promo_arena_free(app->session);
	free(app);
}

struct tui_running tui_app_enter(struct tui_app *app, const struct tui_layer *layer)
{
	struct tui_running before = { app->generation };

	app->running++;
	app->generation = layer->generation;
	return before;
}

void tui_app_leave(struct tui_app *app, struct tui_running before)
{
	app->generation = before.generation;
	if (--app->running == 0)
		free_closed(app);
}

struct tui_layer *tui_app_find(struct tui_app *app, const struct tui_screen *screen)
{
	struct tui_layer *layer = app->top;

	while (layer && layer->screen != screen)
		layer = layer->below;
	return layer;
}

static void unlink_layer(struct tui_app *app, struct tui_layer *layer)
{
	struct tui_layer **at = &app->top;

	while (*at != layer)
		at = &(*at)->below;
	*at = layer->below;
}

void tui_app_close(struct tui_app *app, struct tui_layer *layer)
{
	struct tui_running before = tui_app_enter(app, layer);

	unlink_layer(app, layer);
	layer->below = app->closed;
	app->closed = layer;
	if (layer->screen->close)
		layer->screen->close(app, layer->self);
	app->config.remote->cancel(app->config.remote, layer->generation);
	tui_app_leave(app, before);
}

void tui_app_close_all(struct tui_app *app)
{
	while (app->top)
		tui_app_close(app, app->top);
}

void tui_app_close_overlays(struct tui_app *app)
{
	while (app->top && app->top->screen->overlay)
		tui_app_close(app, app->top);
}

bool tui_app_raise(struct tui_app *app, struct tui_layer *layer)
{
	if (!layer)
		return false;
	unlink_layer(app, layer);
	layer->below = app->top;
	app->top = layer;
	return true;
}

const struct tui_screen *tui_app_home_screen(const struct tui_app *app)
{
	if (app->enrolling)
		return &tui_screen_enrol;
	for (size_t i = 0; app->config.screens[i]; i++) {
		const struct tui_screen *screen = app->config.screens[i];

		if (screen->opened_by && !screen->signed_out && !screen->overlay &&
			tui_app_may(app, screen->permission))
			return screen;
	}
	return &tui_screen_menu;
}

void tui_app_fall_home(struct tui_app *app)
{
	if (app->top)
		return;
	if (!app->user)
		(void)tui_app_open(app, &tui_screen_login, NULL);
	else
		(void)tui_app_open(app, tui_app_home_screen(app), NULL);
}

static int may_open(struct tui_app *app, const struct tui_screen *screen)
{
	size_t depth = 0;

	for (struct tui_layer *layer = app->top; layer; layer = layer->below)
		depth++;
	if (depth >= TUI_STACK_MAX) {
		tui_app_say(app, TUI_BAD, "too much is open; go back first");
		return PROMO_E_UNAVAILABLE;
	}
	if (screen->signed_out)
		return 0;
	if (!app->user || app->locked) {
		tui_app_say(app, TUI_BAD, "sign in first");
		return PROMO_E_UNAUTHENTICATED;
	}
	if (tui_app_may(app, screen->permission))
		return 0;
	if (app->enrolling) {
		tui_app_say(app, TUI_WARN, "the second factor comes first");
		return PROMO_E_MFA_ENROLMENT_REQUIRED;
	}
	tui_app_say(app, TUI_BAD, "%s: the permission \"%s\" is missing", screen->title,
		promo_permission_key(screen->permission));
	return PROMO_E_FORBIDDEN;
}

int tui_app_open(struct tui_app *app, const struct tui_screen *screen, const void *argument)
{
	struct tui_layer *layer;
	struct tui_running before;
	int r = may_open(app, screen);

	if (r)
		return r;
	layer = calloc(1, sizeof(*layer));
	if (layer)
		layer->self = calloc(1, screen->size ? screen->size : 1);
	if (!layer || !layer->self) {
		free(layer);
		tui_app_say(app, TUI_BAD, "there is no memory left for this");
		return promo_fault(-ENOMEM, "could not hold the screen %s", screen->name);
	}
	layer->screen = screen;
	layer->generation = ++app->last_generation;
	layer->below = app->top;
	app->top = layer;
	if (!screen->open)
		return 0;
	before = tui_app_enter(app, layer);
	r = screen->open(app, layer->self, argument);
	if (r && tui_app_find(app, screen) == layer)
		tui_app_close(app, layer);
	tui_app_leave(app, before);
	return r;
}

/* A home that a scan brought to the front goes behind what was there. */
static bool sink(struct tui_app *app)
{
	struct tui_layer *home = app->top, *last = home;

	if (home->screen != tui_app_home_screen(app) || !home->below)
		return false;
	while (last->below)
		last = last->below;
	app->top = home->below;
	last->below = home;
	home->below = NULL;
	return true;
}

void tui_app_back(struct tui_app *app)
{
	if (!app->top || sink(app) || !app->top->below)
		return;
	tui_app_close(app, app->top);
}

void tui_app_call(struct tui_app *app, int tag, const struct promo_op *op, const void *in,
	const char *idempotency_key)
{
	const struct tui_call call = {
		.op = op,
		.in = in,
		.idempotency_key = idempotency_key,
		.tag = tag,
		.generation = app->generation,
		.session = app->session_number,
	};

	if (app->config.remote->begin(app->config.remote, &call))
		tui_app_say(app, TUI_BAD, "this could not be sent; try again");
}

bool tui_app_call_own(struct tui_app *app, enum tui_app_tag tag, const struct promo_op *op)
{
	const struct tui_call call = {
		.op = op,
		.tag = (int)tag,
		.session = app->session_number,
	};

	return app->config.remote->begin(app->config.remote, &call) == 0;
}

void tui_app_say(struct tui_app *app, enum tui_style style, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(app->said, sizeof(app->said), format, arguments);
	va_end(arguments);
	app->said_style = style;
	app->said_now = true;
}

void tui_app_say_refusal(struct tui_app *app, const struct tui_reply *reply)
{
	const struct promo_problem *problem = &reply->reply.problem;
	const char *text = problem->detail ? problem->detail : promo_error_info(reply->error)->text;

	if (problem->retry_after_s > 0)
		tui_app_say(app, TUI_BAD, "%s; try again in %" PRId64 " s", text,
			problem->retry_after_s);
	else if (reply->error == PROMO_E_UNAVAILABLE && !reply->reply.http_status)
		tui_app_say(app, TUI_BAD, "%s; nothing typed is lost", text);
	else if (reply->error == PROMO_E_INTERNAL && reply->reply.request_id)
		tui_app_say(app, TUI_BAD, "%s (request %s)", text, reply->reply.request_id);
	else
		tui_app_say(app, TUI_BAD, "%s", text);
}

void tui_app_bell(struct tui_app *app, int times)
{
	if (!app->muted)
		app->wishes.bells = times;
}

const struct promo_user *tui_app_user(const struct tui_app *app)
{
	return app->user;
}

bool tui_app_may(const struct tui_app *app, enum promo_permission permission)
{
	if (permission == PROMO_P_NONE)
		return app->user != NULL;
	return !app->enrolling && promo_permissions_has(app->may, permission);
}

const char *tui_app_server(const struct tui_app *app)
{
	return app->server ? app->server : "";
}

const char *tui_app_profile(const struct tui_app *app)
{
	return app->config.profiles->get(app->config.profiles, app->profile).name;
}

bool tui_app_is_online(const struct tui_app *app)
{
	return !app->offline;
}

int64_t tui_app_now_ms(const struct tui_app *app)
{
	return app->now_ms;
}

int64_t tui_app_wall_ms(const struct tui_app *app)
{
	return app->wall_ms;
}

struct tui_outbox *tui_app_outbox(struct tui_app *app)
{
	return app->config.outbox;
}

void tui_app_set_time(struct tui_app *app, int64_t now_ms, int64_t wall_ms)
{
	app->now_ms = now_ms;
	app->wall_ms = wall_ms;
	if (!app->touched_ms)
		app->touched_ms = now_ms;
}

struct tui_wishes tui_app_take_wishes(struct tui_app *app)
{
	struct tui_wishes wishes = app->wishes;

	app->wishes = (struct tui_wishes){ 0 };
	return wishes;
}

int tui_app_theme(const struct tui_app *app)
{
	return app->theme;
}

bool tui_app_is_over(const struct tui_app *app)
{
	return app->over;
}

const struct tui_screen *tui_app_front(const struct tui_app *app)
{
	return app->top ? app->top->screen : NULL;
}

const struct tui_screen *tui_app_main_screen(const struct tui_app *app)
{
	const struct tui_layer *layer = app->top;

	while (layer && layer->screen->overlay)
		layer = layer->below;
	return layer ? layer->screen : NULL;
}

const struct tui_screen *const *tui_app_screens(const struct tui_app *app)
{
	return app->config.screens;
}
