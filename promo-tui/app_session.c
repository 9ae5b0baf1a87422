/* SPDX-License-Identifier: MIT */
#include "promo-tui/session.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/rules/code.h"
#include "promo-tui/app_inside.h"
#include "promo-tui/screen_factor.h"
#include "promo-tui/screens.h"

/* Who is signed in. The texts of the session live in its own arena, which the next one empties. */

size_t tui_session_profiles(const struct tui_app *app)
{
	return app->config.profiles->count(app->config.profiles);
}

struct tui_profile tui_session_profile(const struct tui_app *app, size_t index)
{
	return app->config.profiles->get(app->config.profiles, index);
}

size_t tui_session_chosen(const struct tui_app *app)
{
	return app->profile;
}

const char *tui_session_identifier(const struct tui_app *app)
{
	return app->token ? app->identifier : NULL;
}

bool tui_session_is_locked(const struct tui_app *app)
{
	return app->locked;
}

bool tui_session_is_open(const struct tui_app *app)
{
	return app->user && !app->locked;
}

/* NULL: none is known. */
static const char *address_of(const struct tui_app *app, const struct tui_sign_in *where)
{
	return where->server && *where->server ? where->server
					       : tui_session_profile(app, where->profile).server;
}

bool tui_session_is_clear(const struct tui_app *app, const struct tui_sign_in *where)
{
	const char *address = address_of(app, where);

	return address && app->config.remote->is_clear(app->config.remote, address);
}

static void forget(struct tui_app *app)
{
	promo_arena_clear(app->session);
	app->user = NULL;
	app->identifier = app->token = app->server = NULL;
	app->may = 0;
	app->unread = app->unread_ms = 0;
	app->locked = app->ended = app->enrolling = false;
	app->session_number++;
}

/* Closes the screens of signing in and locking, or all others but those. */
static void close_where(struct tui_app *app, bool signed_out)
{
	struct tui_layer *layer = app->top;

	while (layer) {
		struct tui_layer *below = layer->below;

		if (layer->screen->signed_out == signed_out)
			tui_app_close(app, layer);
		layer = below;
	}
}

static void close_screen(struct tui_app *app, const struct tui_screen *screen)
{
	struct tui_layer *layer = tui_app_find(app, screen);

	if (layer)
		tui_app_close(app, layer);
}

static int say_no_server(struct tui_app *app, const char *address)
{
	if (address)
		tui_app_say(app, TUI_BAD,
			"\"%s\" is no address of a server, such as https://promo.example.com",
			address);
	else
		tui_app_say(app, TUI_BAD, "which server? for example https://promo.example.com");
	return PROMO_E_INVALID_INPUT;
}

int tui_session_choose(struct tui_app *app, size_t index, const char *server)
{
	struct tui_profile profile = tui_session_profile(app, index);
	const char *address = address_of(app, &(struct tui_sign_in){ index, server, NULL });

	if (index == app->profile && app->server && address && strcmp(app->server, address) == 0)
		return 0;
	if (!address || app->config.remote->connect(app->config.remote, address, profile.token))
		return say_no_server(app, address);
	forget(app);
	tui_app_own_outbox(app, NULL);
	close_where(app, false);
	close_screen(app, &tui_screen_lock);
	app->profile = index;
	app->offline = app->reached = app->probing = false;
	app->server = promo_arena_strdup(app->session, address);
	app->identifier = promo_arena_strdup(app->session, profile.user);
	app->token = promo_arena_strdup(app->session, profile.token);
	tui_app_ask_brand(app);
	return 0;
}

int tui_session_try(struct tui_app *app, const struct tui_sign_in *where, const struct promo_op *op,
	const void *in)
{
	const char *address = address_of(app, where);
	const struct tui_call call = {
		.op = op,
		.in = in,
		.server = address,
		.generation = app->generation,
		.session = app->session_number,
	};
	int r;

	/* Nobody has anything to lose. */
	if (!app->token) {
		r = tui_session_choose(app, where->profile, where->server);
		if (!r)
			tui_app_call(app, 0, op, in, NULL);
		return r;
	}
	if (!address)
		return say_no_server(app, NULL);
	if (app->server && strcmp(app->server, address) == 0) {
		tui_app_call(app, 0, op, in, NULL);
		return 0;
	}
	r = app->config.remote->begin(app->config.remote, &call);
	return r ? say_no_server(app, address) : 0;
}

bool tui_session_asks_more(
	struct tui_app *app, const struct tui_sign_in *where, const struct tui_reply *reply)
{
	const struct promo_problem *problem = &reply->reply.problem;
	const struct tui_factor_question question = { where, problem->members };

	return reply->error == PROMO_E_MFA_REQUIRED && problem->members &&
	       problem->member_schema == &promo_mfa_member_schema &&
	       tui_app_open(app, &tui_screen_factor, &question) == 0;
}

int tui_app_start(struct tui_app *app)
{
	struct tui_profile profile = tui_session_profile(app, app->profile);

	if (profile.server && tui_session_choose(app, app->profile, NULL) == 0 && app->token &&
		app->identifier) {
		(void)tui_app_call_own(app, TUI_TAG_WHO, &promo_op_auth_session);
		tui_session_lock(app, NULL);
	}
	tui_app_fall_home(app);
	return app->top ? 0 : promo_fault(-1, "there is no first screen");
}

static const struct promo_user *copy_user(struct tui_app *app, const struct promo_user *user)
{
	struct promo_user *copy = promo_arena_alloc(app->session, sizeof(*copy));

	if (!copy || !user)
		return copy;
	*copy = (struct promo_user){
		.id = promo_arena_strdup(app->session, user->id),
		.first_name = promo_arena_strdup(app->session, user->first_name),
		.last_name = promo_arena_strdup(app->session, user->last_name),
		.email = promo_arena_strdup(app->session, user->email),
		.phone_number = promo_arena_strdup(app->session, user->phone_number),
		.is_active = true,
	};
	return copy;
}

static bool is_same_user(const struct tui_app *app, const struct promo_user *user)
{
	return app->user && app->user->id && user && user->id &&
	       strcmp(app->user->id, user->id) == 0;
}

/* What the form typed lives in the form, which may be closed below. */
static bool remember(struct tui_app *app, const char *server, const char *identifier,
	const struct promo_login_answer *answer)
{
	struct promo_arena *arena = promo_arena_new_secret(TUI_SESSION_BYTES_MAX);
	struct promo_arena *before = app->session;

	if (!arena)
		return false;
	app->session = arena;
	app->session_number++;
	app->unread = app->unread_ms = 0;
	app->ended = false;
	app->enrolling = answer->mfa_enrolment_required;
	app->server = promo_arena_strdup(arena, server);
	app->identifier = promo_arena_strdup(arena, identifier);
	app->token = promo_arena_strdup(arena, answer->token);
	app->user = copy_user(app, answer->user);
	promo_arena_free(before);
	tui_app_take_rights(app, &answer->permissions);
	return app->server && app->identifier && app->token && app->user;
}

static void keep(struct tui_app *app)
{
	struct tui_profile profile = tui_session_profile(app, app->profile);

	profile.server = app->server;
	profile.user = app->identifier;
	profile.token = app->token;
	if (app->config.profiles->save(app->config.profiles, app->profile, &profile))
		tui_app_say(app, TUI_WARN,
			"the session could not be kept on disk: it ends with this program");
}

/* Its user is back. */
static void tell_screens(struct tui_app *app)
{
	for (struct tui_layer *layer = app->top, *below; layer; layer = below) {
		struct tui_running before;

		below = layer->below;
		if (!layer->screen->resumed)
			continue;
		before = tui_app_enter(app, layer);
		layer->screen->resumed(app, layer->self);
		tui_app_leave(app, before);
	}
}

static void open_enrolment(struct tui_app *app)
{
	tui_app_say(app, TUI_WARN, "a second factor has to be enrolled before anything else");
	if (!tui_app_raise(app, tui_app_find(app, &tui_screen_enrol)))
		(void)tui_app_open(app, &tui_screen_enrol, NULL);
}

bool tui_session_is_enrolling(const struct tui_app *app)
{
	return app->enrolling;
}

void tui_session_enrol(struct tui_app *app)
{
	if (app->enrolling || !app->user)
		return;
	app->enrolling = true;
	(void)tui_app_close_forbidden(app);
	if (!app->locked)
		open_enrolment(app);
}

void tui_session_enrolled(struct tui_app *app)
{
	app->enrolling = false;
	close_screen(app, &tui_screen_enrol);
	if (!tui_app_find(app, tui_app_home_screen(app)))
		(void)tui_app_open(app, tui_app_home_screen(app), NULL);
	tui_app_settle(app);
}

void tui_session_begin(
	struct tui_app *app, const struct tui_sign_in *who, const struct promo_login_answer *answer)
{
	bool same;

	if (tui_session_choose(app, who->profile, who->server))
		return;
	same = is_same_user(app, answer->user);
	if (app->token)
		(void)tui_app_call_own(app, TUI_TAG_LOGOUT, &promo_op_auth_logout);
	if (!remember(app, app->server, who->identifier, answer) ||
		app->config.remote->set_token(app->config.remote, app->token)) {
		forget(app);
		tui_app_say(app, TUI_BAD, "there is no memory left for a session");
		return;
	}
	app->locked = false;
	app->touched_ms = app->now_ms;
	if (same)
		close_where(app, true);
	else
		tui_app_close_all(app);
	keep(app);
	tui_app_own_outbox(app, app->user);
	tui_app_fall_home(app);
	if (tui_app_close_forbidden(app))
		tui_app_say(app, TUI_BAD,
			"a permission was taken away meanwhile, and with it what stood here");
	tui_app_settle(app);
	if (same)
		tell_screens(app);
	if (app->enrolling)
		open_enrolment(app);
}

void tui_session_lock(struct tui_app *app, const char *why)
{
	if (!app->token || app->locked)
		return;
	tui_app_close_overlays(app);
	app->locked = true;
	app->said_now = false;
	(void)tui_app_open(app, &tui_screen_lock, why);
}

void tui_session_switch(struct tui_app *app)
{
	tui_session_lock(app, NULL);
	if (app->locked && !tui_app_find(app, &tui_screen_login))
		(void)tui_app_open(app, &tui_screen_login, NULL);
}

void tui_session_end(struct tui_app *app)
{
	if (!app->token)
		return;
	(void)tui_app_call_own(app, TUI_TAG_LOGOUT, &promo_op_auth_logout);
	if (app->config.profiles->forget(app->config.profiles, app->profile))
		tui_app_say(app, TUI_WARN, "the session could not be removed from the disk");
	(void)app->config.remote->set_token(app->config.remote, NULL);
	tui_app_close_all(app);
	forget(app);
	app->server =
		promo_arena_strdup(app->session, tui_session_profile(app, app->profile).server);
	tui_app_fall_home(app);
}

bool tui_session_is_printed_code(const char *text)
{
	char code[PROMO_CODE_SIZE], shown[PROMO_CODE_SHOWN_SIZE];

	if (promo_code_canonical(text, code))
		return false;
	promo_code_show(code, shown);
	return strchr(shown, '-') && strcmp(text, shown) == 0;
}

bool tui_session_refuse_code(struct tui_app *app, const char *text)
{
	if (!tui_session_is_printed_code(text))
		return false;
	tui_app_say(app, TUI_WARN, "that was a code: sign in first, then scan it again");
	tui_app_bell(app, 2);
	return true;
}
