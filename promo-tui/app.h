/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/user.h"
#include "promo-tui/screen.h"

/*
 * The program without its terminal: a stack of screens, who is signed in, and where every key, text,
 * scan, click, reply and tick goes. It never waits and reads no clock: main.c (or a test) says what
 * time it is, hands over keys, and shows the canvas. Keys go to the screen in front, then by its rows,
 * then by those of the program; what a scanner types goes to the counter wherever the focus is.
 */

struct tui_outbox;
struct tui_theme;

/* What screens use. */

/* Who is signed in; NULL: nobody. It lasts until somebody else is. */
const struct promo_user *tui_app_user(const struct tui_app *app);
bool tui_app_may(const struct tui_app *app, enum promo_permission permission);
/* The server and the profile in use, for people. */
const char *tui_app_server(const struct tui_app *app);
const char *tui_app_profile(const struct tui_app *app);
/* Whose shop it is, and what stands below its name; "": not known (yet). */
const char *tui_app_company(const struct tui_app *app);
const char *tui_app_tagline(const struct tui_app *app);
/* Whether the last call reached the server. */
bool tui_app_is_online(const struct tui_app *app);

/* Opens a screen in front of all others. Other than 0 if it was not opened; why was said. */
int tui_app_open(struct tui_app *app, const struct tui_screen *screen, const void *argument);
/* Closes the screen in front, unless it is the last one. */
void tui_app_back(struct tui_app *app);

/* Begins a call; its answer comes to reply() of the screen that is being run (whose function calls
 * this), if that is still open then. What could not be begun comes as a reply too. */
void tui_app_call(struct tui_app *app, int tag, const struct promo_op *op, const void *in,
	const char *idempotency_key);

/* One line above the hints, until the next one or the next key. */
void tui_app_say(struct tui_app *app, enum tui_style style, const char *format, ...)
	PROMO_PRINTF(3, 4);
/* Says what went wrong, with the particulars and what to do next (how long to wait, ...). */
void tui_app_say_refusal(struct tui_app *app, const struct tui_reply *reply);

/* If the text is a code exactly as it is printed, it goes where scans go. */
bool tui_app_take_code(struct tui_app *app, const char *text);

/* Rings so many times, unless sounds are off. */
void tui_app_bell(struct tui_app *app, int times);
int64_t tui_app_now_ms(const struct tui_app *app); /* monotonic */
/* Whether somebody touched a key lately. What is asked for by itself stops where nobody did: it would keep the
 * session of a forsaken terminal alive for ever. */
bool tui_app_is_attended(const struct tui_app *app);
int64_t tui_app_wall_ms(const struct tui_app *app); /* since the epoch */
struct tui_outbox *tui_app_outbox(struct tui_app *app);
/* Does what a key or a click would do. */
void tui_app_request(struct tui_app *app, enum tui_request request, int argument);
/* Whether the screen in front (below overlays) or the program would do it now. */
bool tui_app_can(const struct tui_app *app, enum tui_request request);
/* The screen in front that is no overlay: whose keys help explains; NULL: none. */
const struct tui_screen *tui_app_main_screen(const struct tui_app *app);
/* All screens, in the order of the menu; ended by NULL. */
const struct tui_screen *const *tui_app_screens(const struct tui_app *app);
