/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/uuid.h"
#include "promo-tui/app.h"
#include "promo-tui/app_run.h"
#include "promo-tui/scanner.h"

/*
 * The app's own state, for app*.c alone: app.c (the stack, what screens use), app_keys.c (where keys,
 * text, scans and clicks go), app_requests.c (what the app does itself), app_replies.c (answers,
 * online or not, rights that went), app_told.c (what the bar tells of the server), app_session.c (who is signed in), app_draw.c.
 */

enum {
	TUI_SAY_SIZE = 512,
	TUI_TYPED_SIZE = 2 * TUI_SCAN_SIZE,
	TUI_NAME_SIZE = 256,
	TUI_BRAND_SIZE = 4 * 200 + 1, /* settings.def: of both */
	TUI_OUTCOMES_MAX = 3,
	TUI_STACK_MAX = 12,
	TUI_SESSION_BYTES_MAX = 4 * 1024 * 1024,
	TUI_QUIT_AGAIN_MS = 3000,
	TUI_PROBE_MS = 5000,
};

/* Calls of the app itself, of generation 0. */
enum tui_app_tag {
	TUI_TAG_LOGOUT = 1,
	TUI_TAG_RIGHTS, /* auth.session: what the user may do now */
	TUI_TAG_PROBE,  /* server.version: is it back */
	TUI_TAG_WHO,    /* auth.session, at the start: whose redemptions can be settled */
	TUI_TAG_SETTLE, /* redemption.create, once more with the same key */
	TUI_TAG_BRAND,  /* server.version: whose shop it is */
	TUI_TAG_UNREAD, /* notification.list: how many the user has not read */
};

struct tui_layer {
	const struct tui_screen *screen;
	void *self;
	uint64_t generation;
	struct tui_layer *below;
};

struct tui_app {
	struct tui_app_config config;
	struct tui_layer *top, *closed; /* what was closed is freed when nothing of it can run */
	int running;                    /* how deep functions of screens stand in each other */
	uint64_t generation;            /* of the screen whose function runs; 0: the app's */
	uint64_t last_generation;

	/* Who is signed in. */
	size_t profile;
	struct promo_arena *session;
	const struct promo_user *user;
	const char *identifier, *token, *server;
	promo_permissions may;
	bool locked;
	uint64_t session_number; /* of the token in use */
	bool enrolling;          /* a second factor is wanted before anything else */
	bool ended;              /* the server knows this session no longer: it has to be renewed */

	char company[TUI_BRAND_SIZE], tagline[TUI_BRAND_SIZE]; /* of this server; "": not known */
	int64_t unread, unread_ms; /* notifications; when to ask again, monotonic */

	bool offline, reached;              /* by the last call; ever */
	bool probing;                       /* a probe is under way */
	int64_t offline_since_ms, probe_ms; /* wall; monotonic */

	struct tui_scanner scanner;
	char said[TUI_SAY_SIZE];
	enum tui_style said_style;
	bool said_now; /* since the last key */
	/* What became of redemptions, until Esc says that it was seen, and whose they are. */
	char outcomes[TUI_OUTCOMES_MAX][TUI_SAY_SIZE], outcomes_of[PROMO_UUID_SIZE];
	size_t outcome_count;
	int64_t now_ms, wall_ms, touched_ms, quit_ms;
	struct {
		int64_t at_ms; /* 0: none yet */
		int x, y;
	} clicked; /* last, and it counted */
	struct tui_wishes wishes;
	int theme;
	bool muted, over;
};

/* app_told.c: asks whose shop this server is; asks how much is unread, where it is time to; takes both. */
void tui_app_ask_brand(struct tui_app *app);
void tui_app_ask_unread(struct tui_app *app);
void tui_app_take_told(struct tui_app *app, const struct tui_reply *reply);

/* Layers. */
struct tui_layer *tui_app_find(struct tui_app *app, const struct tui_screen *screen);
/* Closes this one, wherever it stands. */
void tui_app_close(struct tui_app *app, struct tui_layer *layer);
void tui_app_close_all(struct tui_app *app);
void tui_app_close_overlays(struct tui_app *app); /* those in front */
/* Brings it to the front; false if it is not open. */
bool tui_app_raise(struct tui_app *app, struct tui_layer *layer);
/* The first screen that this user may see; the menu if there is none. */
const struct tui_screen *tui_app_home_screen(const struct tui_app *app);
/* Opens the home, or the sign-in, where nothing is open: there is always a screen. */
void tui_app_fall_home(struct tui_app *app);

/* Around every function of a screen: calls belong to it, and what is closed meanwhile stays. */
struct tui_running {
	uint64_t generation;
};
struct tui_running tui_app_enter(struct tui_app *app, const struct tui_layer *layer);
void tui_app_leave(struct tui_app *app, struct tui_running before);

/* Begins a call of the app itself; false if it could not be. */
bool tui_app_call_own(struct tui_app *app, enum tui_app_tag tag, const struct promo_op *op);
enum tui_handled tui_app_request_own(struct tui_app *app, enum tui_request request);

/* Hands on what the scanner held back and was typing after all. */
void tui_app_tick_keys(struct tui_app *app);

/* Sees every reply first. */
void tui_app_watch(struct tui_app *app, const struct tui_reply *reply);
void tui_app_take_rights(struct tui_app *app, const struct promo_texts *permissions);
/* Screens that need what the user may no longer do go, wherever they stand. True if there was one. */
bool tui_app_close_forbidden(struct tui_app *app);

/* How many redemptions have no answer yet: of who is signed in, or of others. */
size_t tui_app_unsettled(const struct tui_app *app, bool mine);
/* They are asked for at once rather than when their time comes. */
void tui_app_settle(struct tui_app *app);
/* Whose they are; NULL: nobody is signed in. */
void tui_app_own_outbox(struct tui_app *app, const struct promo_user *user);
void tui_app_take_outcome(struct tui_app *app, const struct tui_reply *reply);
/* Sends those whose time has come. */
void tui_app_ask_again(struct tui_app *app);
