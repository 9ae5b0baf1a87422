/* SPDX-License-Identifier: MIT */
#include "promo-tui/screens.h"

const struct tui_screen *const tui_screens[] = {
	&tui_screen_counter,
	&tui_screen_day,
	&tui_screen_profile,
	&tui_screen_notices,
	&tui_screen_password,
	&tui_screen_enrol,
	&tui_screen_report,
	&tui_screen_menu,
	&tui_screen_login,
	&tui_screen_lock,
	&tui_screen_factor,
	&tui_screen_palette,
	&tui_screen_help,
	NULL,
};
