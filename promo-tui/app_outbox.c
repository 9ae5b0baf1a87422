/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_code.h"
#include "libpromo/base/error.h"
#include "promo-tui/app_inside.h"
#include "promo-tui/outbox.h"
#include "promo-tui/session.h"

/* Redemptions that have no answer yet: asked for again with their keys, and told loudly at the end.
 * The app does it, so that it goes on whatever screen is in front, and behind the lock. */

enum {
	SENTENCE_BYTES_MAX = 64 * 1024
};

size_t tui_app_unsettled(const struct tui_app *app, bool mine)
{
	return app->config.outbox ? tui_outbox_count(app->config.outbox, mine) : 0;
}

void tui_app_settle(struct tui_app *app)
{
	if (app->config.outbox)
		tui_outbox_hurry(app->config.outbox);
}

void tui_app_own_outbox(struct tui_app *app, const struct promo_user *user)
{
	char name[TUI_NAME_SIZE];
	const struct tui_outbox_owner owner = {
		.server = app->server,
		.user_id = user ? user->id : NULL,
		.user_name = name,
	};

	if (!app->config.outbox)
		return;
	if (strcmp(app->outcomes_of, user && user->id ? user->id : "") != 0) {
		explicit_bzero(app->outcomes, sizeof(app->outcomes));
		app->outcome_count = 0;
	}
	(void)snprintf(
		app->outcomes_of, sizeof(app->outcomes_of), "%s", user && user->id ? user->id : "");
	if (user)
		(void)snprintf(name, sizeof(name), "%s %s",
			user->first_name ? user->first_name : "",
			user->last_name ? user->last_name : "");
	if (tui_outbox_set_owner(app->config.outbox, user && user->id ? &owner : NULL))
		tui_app_say(
			app, TUI_BAD, "redemptions without an answer cannot be read from the disk");
}

/* What stood there longest gives way; the banner says how many there were. */
static void tell(struct tui_app *app, const char *sentence)
{
	if (app->outcome_count >= TUI_OUTCOMES_MAX)
		for (size_t i = 1; i < TUI_OUTCOMES_MAX; i++)
			(void)snprintf(app->outcomes[i - 1], TUI_SAY_SIZE, "%s", app->outcomes[i]);
	else
		app->outcome_count++;
	(void)snprintf(app->outcomes[app->outcome_count - 1], TUI_SAY_SIZE, "%s", sentence);
	app->said_now = false; /* perhaps that it is not known */
	tui_app_bell(app, 3);
}

/* So that a counter that shows it as unknown shows what became of it. */
static void tell_screens(struct tui_app *app, const struct tui_reply *reply)
{
	struct tui_layer *layer = app->top;

	while (layer) {
		struct tui_layer *below = layer->below;
		struct tui_running before;

		if (layer->screen->settled) {
			before = tui_app_enter(app, layer);
			layer->screen->settled(app, layer->self, reply);
			tui_app_leave(app, before);
		}
		layer = below;
	}
}

void tui_app_take_outcome(struct tui_app *app, const struct tui_reply *reply)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(SENTENCE_BYTES_MAX);
	const char *sentence = "";

	if (!app->config.outbox || !arena)
		return;
	switch (tui_outbox_take(app->config.outbox, reply, app->now_ms, arena, &sentence)) {
	case TUI_OUTBOX_SETTLED:
		tell(app, sentence);
		tell_screens(app, reply);
		break;
	case TUI_OUTBOX_UNKNOWN:
		if (tui_session_is_open(app))
			tui_app_say(app, TUI_WARN, "%s", sentence);
		/* An ended session is told by the lock, once. */
		if (!app->ended)
			tui_app_bell(app, 2);
		break;
	case TUI_OUTBOX_NOT_MINE:
	case TUI_OUTBOX_ANSWERED:
		break;
	}
}

void tui_app_ask_again(struct tui_app *app)
{
	struct tui_outbox_item item;

	while (app->config.outbox && app->token && !app->ended && !app->enrolling &&
		tui_outbox_next(app->config.outbox, app->now_ms, &item)) {
		const struct tui_call call = {
			.op = &promo_op_redemption_create,
			.in = &item.in,
			.idempotency_key = item.key,
			.tag = TUI_TAG_SETTLE,
			.session = app->session_number,
		};

		if (app->config.remote->begin(app->config.remote, &call))
			return;
	}
}
