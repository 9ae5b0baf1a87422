/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/app.h"
#include "promo-tui/profiles.h"

/*
 * How a program runs the app: main.c with a terminal and a server, the tests with scripted keys and
 * canned answers. In turn: say what time it is, hand over keys, take the replies, draw.
 */

struct tui_app_config {
	const struct tui_screen *const *screens; /* ended by NULL; the order of the menu */
	struct tui_remote *remote;
	struct tui_profiles *profiles;
	struct tui_outbox *outbox;                   /* NULL: none */
	size_t profile;                              /* to begin with */
	const char *scanner_prefix, *scanner_suffix; /* or NULL */
	int64_t idle_lock_ms;                        /* 0: never */
	int theme;                                   /* enum tui_theme_id */
	bool muted;
};

/* What the app cannot do itself; taken once. */
struct tui_wishes {
	int bells;
	bool redraw, suspend;
};

int tui_app_new(const struct tui_app_config *config, struct tui_app **ret) PROMO_CHECK;
void tui_app_free(struct tui_app *app); /* NULL is fine */

/* Monotonic and since the epoch; before anything else, and again before each of the next. */
void tui_app_set_time(struct tui_app *app, int64_t now_ms, int64_t wall_ms);
/* Opens the first screen: the lock where somebody is signed in, so that starting anew is no way
 * around it, else the sign-in. */
int tui_app_start(struct tui_app *app) PROMO_CHECK;

/* shown: what is on the terminal, to know what a click meant; NULL: nothing yet. */
void tui_app_key(struct tui_app *app, const struct tui_canvas *shown, const struct tui_key *key);
/* Takes the replies that came and does what is due. */
void tui_app_tick(struct tui_app *app);
/* When the next tick is due at the latest (monotonic). */
int64_t tui_app_deadline_ms(const struct tui_app *app);
void tui_app_draw(const struct tui_app *app, struct tui_canvas *canvas);

struct tui_wishes tui_app_take_wishes(struct tui_app *app);
int tui_app_theme(const struct tui_app *app);
bool tui_app_is_over(const struct tui_app *app);
const struct tui_screen *tui_app_front(const struct tui_app *app); /* NULL: none */
