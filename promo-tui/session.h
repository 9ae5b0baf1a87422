/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "promo-tui/app.h"
#include "promo-tui/profiles.h"

/*
 * Who is signed in: what the screens of signing in and of locking tell the app. A lock keeps the
 * session, so that what has no answer yet can be settled behind it; the password opens a new session
 * and ends the old one. What stands on the screens behind a lock is kept for the same user and thrown
 * away for another.
 */

/* Profiles to choose from. */
size_t tui_session_profiles(const struct tui_app *app);
struct tui_profile tui_session_profile(const struct tui_app *app, size_t index);
/* Turns to this profile at its server, or at another one where it has none. Says what was wrong. */
int tui_session_choose(struct tui_app *app, size_t index, const char *server) PROMO_CHECK;
size_t tui_session_chosen(const struct tui_app *app);

/* Who is about to sign in, and where. */
struct tui_sign_in {
	size_t profile;
	const char *server; /* NULL or "": the profile's own */
	const char *identifier;
};
/* Begins a call that signs in there, of the screen that is being run. While somebody is signed in here
 * nothing of his is touched before the other one is in. Says what was wrong. */
int tui_session_try(struct tui_app *app, const struct tui_sign_in *where, const struct promo_op *op,
	const void *in) PROMO_CHECK;
/* If the answer asks for a second factor, opens its screen and is true. */
bool tui_session_asks_more(
	struct tui_app *app, const struct tui_sign_in *where, const struct tui_reply *reply);

/* How the user of the session signed in ("aline@example.com"); NULL: nobody is signed in. */
const char *tui_session_identifier(const struct tui_app *app);
/* Whether what is typed can be read by everybody on the way to the server. */
bool tui_session_is_clear(const struct tui_app *app, const struct tui_sign_in *where);

/* Somebody signed in: goes on behind the lock if it is the same one, at home otherwise. */
void tui_session_begin(struct tui_app *app, const struct tui_sign_in *who,
	const struct promo_login_answer *answer);
/* The second factor that was missing is enrolled: what the user may do is his from now on. */
void tui_session_enrolled(struct tui_app *app);
bool tui_session_is_enrolling(const struct tui_app *app);
/* The server lets the user do nothing but enrol a second factor. */
void tui_session_enrol(struct tui_app *app);
/* Puts the lock in front; why is said there, or NULL. */
void tui_session_lock(struct tui_app *app, const char *why);
/* To the sign-in, without ending the session: another clerk takes over, or nobody does. */
void tui_session_switch(struct tui_app *app);
/* Ends the session here and on the server. */
void tui_session_end(struct tui_app *app);
bool tui_session_is_locked(const struct tui_app *app);
/* Somebody is signed in, and no lock hides what is his. */
bool tui_session_is_open(const struct tui_app *app);

/* Exactly as it is printed, so that no password looks like one. */
bool tui_session_is_printed_code(const char *text);
/* Whether somebody scanned a code where a password is asked for: said so, and not sent anywhere. */
bool tui_session_refuse_code(struct tui_app *app, const char *text);
