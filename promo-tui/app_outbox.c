/* SPDX-License-Identifier: MIT */
#include "promo-tui/app_inside.h"

/* Redemptions that have no answer yet. */

size_t tui_app_unsettled(const struct tui_app *app)
{
	(void)app;
	return 0;
}

void tui_app_settle(struct tui_app *app)
{
	(void)app;
}
