/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/model/permission.h"
#include "promo-tui/canvas.h"
#include "promo-tui/key.h"
#include "promo-tui/keymap.h"
#include "promo-tui/remote.h"

/*
 * A screen is a row: what it is called, who may see it, which keys it has, and what it does. The app
 * keeps the state (`self`, of `size` bytes, zeroed) and the stack. Nothing of a screen waits, reads a
 * clock or touches the terminal, so that every screen can be shown in a test: it draws onto a canvas,
 * handles requests, and gets the replies of its calls.
 *
 * If you add a screen: write its row, list it in screens.c, and give it golden pictures in
 * tests/screens.
 */

struct tui_app;

enum tui_handled {
	TUI_UNHANDLED = 0,
	TUI_HANDLED
};

struct tui_screen {
	const char *name;  /* for tests and the manual: "counter" */
	const char *title; /* in the bar above */
	/* Who may see it; PROMO_P_NONE: any signed-in user. It is closed with a sentence when the
	 * permission goes. */
	enum promo_permission permission;
	bool signed_out; /* may be shown when nobody is signed in */
	bool overlay;    /* drawn over the screen below, which stays in view */
	bool takes_text; /* letters go to text(), not to bindings */
	/* Its fields hold passwords, which some program may type as fast as a scanner: nothing is taken
	 * for a scan. What stands in a field as codes are printed is handed on by tui_app_take_code(). */
	bool secret;
	bool in_menu;                   /* the menu offers it to those who may see it */
	enum tui_request opened_by;     /* TUI_REQ_NONE: only other screens open it */
	const struct tui_binding *keys; /* ended by a row without a key, or NULL */

	size_t size; /* of its state */
	/* What cannot be opened says why (tui_app_say) and returns other than 0. */
	int (*open)(struct tui_app *app, void *self, const void *argument);
	/* A pure function of the state: no calls, no changes. */
	void (*draw)(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
		struct tui_rect area);
	enum tui_handled (*request)(
		struct tui_app *app, void *self, enum tui_request request, int argument);
	/* Whether a request of its rows makes sense just now: the hints leave out what does not. NULL:
	 * always. BACK: whether it does something before the screen is left. */
	bool (*offers)(const struct tui_app *app, const void *self, enum tui_request request);
	/* Sees every key before the bindings do, for editing. */
	enum tui_handled (*key)(struct tui_app *app, void *self, const struct tui_key *key);
	/* With takes_text: whether this text is input just now, rather than a key that is bound. NULL:
	 * always. So a counter can take 'r' as a key on its summary, and ':' where the field is empty. */
	bool (*wants_text)(const struct tui_app *app, const void *self, const char *text);
	/* Typed (one cluster) or pasted text, without controls. */
	void (*text)(struct tui_app *app, void *self, const char *text, int64_t at_ms);
	/* A scanned code; only for the screen that scans go to, which the app brings to the front first. */
	void (*scan)(struct tui_app *app, void *self, const char *code, int64_t at_ms);
	/* The answer to a call of this very opening of the screen. What it points to lasts as long as
	 * the function runs. Refusals that concern the session or a permission were seen by the app
	 * before, and the screen may be gone then. */
	void (*reply)(struct tui_app *app, void *self, const struct tui_reply *reply);
	/* The outcome of a redemption that the app asked for again, since its own call was not
	 * answered; reply->idempotency_key tells which. All open screens get it. */
	void (*settled)(struct tui_app *app, void *self, const struct tui_reply *reply);
	/* Its user unlocked it, or signed in again because the session had ended. */
	void (*resumed)(struct tui_app *app, void *self);
	/* At least once a second while it is in front, and at its deadline. */
	void (*tick)(struct tui_app *app, void *self, int64_t now_ms);
	/* When it wants to be ticked at the latest (monotonic); 0: no wish. */
	int64_t (*deadline)(const struct tui_app *app, const void *self);
	void (*close)(struct tui_app *app, void *self); /* the state's memory is the app's */
};
