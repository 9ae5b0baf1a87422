/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/canvas.h"

/*
 * A QR code (ISO/IEC 18004) on a canvas, two modules a cell in half blocks. The light modules are what
 * is drawn, so that it can be read on the dark ground that TUI_QR has, and that terminals without
 * colours mostly have. The only file that knows libqrencode is qr.c.
 */

enum {
	TUI_QR_MODULES_MAX = 57, /* of a side: version 10, which no terminal has room for anyway */
	TUI_QR_QUIET = 2         /* light modules around it */
};

struct tui_qr {
	int modules; /* of a side; 0: none */
	bool dark[TUI_QR_MODULES_MAX][TUI_QR_MODULES_MAX];
};

/* PROMO_E_INVALID_INPUT: the text is too long for one. */
int tui_qr_make(const char *text, struct tui_qr *ret) PROMO_CHECK;
/* The cells that it takes. */
int tui_qr_columns(const struct tui_qr *qr);
int tui_qr_rows(const struct tui_qr *qr);
/* Not on a canvas in ASCII, which has no half blocks. */
void tui_qr_draw(const struct tui_qr *qr, struct tui_canvas *canvas, int x, int y);
