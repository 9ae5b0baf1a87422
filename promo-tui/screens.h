/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/app.h"

/* Every screen there is. The order is that of the menu, and the first one that a user may see is the
 * one he begins with. */

extern const struct tui_screen *const tui_screens[]; /* ended by NULL */

extern const struct tui_screen tui_screen_counter, tui_screen_day, tui_screen_notices,
	tui_screen_report;
extern const struct tui_screen tui_screen_factor, tui_screen_enrol;
extern const struct tui_screen tui_screen_login, tui_screen_lock, tui_screen_menu,
	tui_screen_palette, tui_screen_help, tui_screen_profile, tui_screen_password;
