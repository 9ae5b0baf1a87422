/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/uuid.h"
#include "promo-tui/counter.h"
#include "promo-tui/day.h"
#include "promo-tui/field.h"
#include "promo-tui/screens.h"

/* The counter on a screen: screen_counter.c hands things on, screen_counter_draw.c shows them. */

struct tui_counter_screen {
	struct tui_counter counter;
	struct tui_field fields[TUI_FIELD_COUNT];
	struct tui_day day;
	char key[PROMO_UUID_SIZE]; /* of the last redemption */
};

void tui_counter_screen_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area);
