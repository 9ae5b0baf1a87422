/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/canvas.h"

/* A box in the middle of an area, with a title: what forms, locks and overlays stand in. */

/* A rectangle of at most this size in the middle. */
struct tui_rect tui_card_place(struct tui_rect area, int width, int height);
/* Draws it, blank inside, and returns the room in it. */
struct tui_rect tui_card_draw(struct tui_canvas *canvas, struct tui_rect card, const char *title);
/* What can be clicked on and has a key: "[ Sign in ]". Returns the columns used. */
int tui_card_button(struct tui_canvas *canvas, int x, int y, const char *text,
	enum tui_request request, int argument);
