/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_mfa.h"
#include "promo-tui/form.h"
#include "promo-tui/qr.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

/*
 * The second factor of who is signed in: the secret as a picture and as letters, the code that
 * confirms it, the recovery codes that are shown this once; later new codes, or its end. Where the
 * server wants one before anything else it is the only screen that opens. What is secret is wiped as
 * soon as it has been used.
 */

enum {
	TUI_ENROL_URI_SIZE = 512,
	TUI_ENROL_SECRET_SIZE = 128, /* in groups of four */
	TUI_ENROL_CODES_MAX = 20,
	TUI_ENROL_CODE_SIZE = 40,
};

enum tui_enrol_stage {
	TUI_ENROL_ASKING, /* for a secret, or whether there is one */
	TUI_ENROL_SEED,   /* to be confirmed */
	TUI_ENROL_CODES,  /* to be written down */
	TUI_ENROL_DONE,   /* there is one */
	TUI_ENROL_RENEW,
	TUI_ENROL_REMOVE,
};

struct tui_enrol {
	enum tui_enrol_stage stage;
	char secret[TUI_ENROL_SECRET_SIZE];
	struct tui_qr qr;
	struct tui_field code;
	struct tui_form form; /* of RENEW and REMOVE */
	char codes[TUI_ENROL_CODES_MAX][TUI_ENROL_CODE_SIZE];
	int code_count;
	bool busy;
};

bool tui_enrol_has_form(const struct tui_enrol *enrol);
void tui_enrol_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area);
