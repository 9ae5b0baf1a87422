/* SPDX-License-Identifier: MIT */
#include "promo-tui/card.h"
#include "promo-tui/screens.h"

/* What there is to do here: the screens that this user may see. */

enum {
	MENU_MAX = 32
};

struct menu {
	int chosen;
};

static int entries(const struct tui_app *app, const struct tui_screen *ret[MENU_MAX])
{
	const struct tui_screen *const *screens = tui_app_screens(app);
	int count = 0;

	for (size_t i = 0; screens[i] && count < MENU_MAX; i++)
		if (screens[i]->opened_by && screens[i] != &tui_screen_menu &&
			screens[i]->in_menu && tui_app_may(app, screens[i]->permission))
			ret[count++] = screens[i];
	return count;
}

static enum tui_handled menu_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct menu *menu = self;
	const struct tui_screen *screens[MENU_MAX];
	int count = entries(app, screens);

	if (count == 0)
		return TUI_UNHANDLED;
	switch ((int)request) {
	case TUI_REQ_UP:
		menu->chosen = (menu->chosen + count - 1) % count;
		return TUI_HANDLED;
	case TUI_REQ_DOWN:
		menu->chosen = (menu->chosen + 1) % count;
		return TUI_HANDLED;
	case TUI_REQ_SELECT:
		menu->chosen = argument;
		break;
	case TUI_REQ_ACCEPT:
		break;
	default:
		return TUI_UNHANDLED;
	}
	if (menu->chosen >= 0 && menu->chosen < count)
		tui_app_request(app, screens[menu->chosen]->opened_by, 0);
	return TUI_HANDLED;
}

static void menu_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct menu *menu = self;
	const struct tui_screen *screens[MENU_MAX];
	int count = entries(app, screens);
	struct tui_rect room = tui_card_draw(canvas, tui_card_place(area, 56, count + 4), "Menu");

	for (int i = 0; i < count && i < room.height - 2; i++) {
		struct tui_rect line = { room.x, room.y + 1 + i, room.width, 1 };

		if (i == menu->chosen)
			tui_fill(canvas, line, TUI_SELECTED);
		(void)tui_putf(canvas, line.x, line.y, line.width,
			i == menu->chosen ? TUI_SELECTED : TUI_TEXT, "%s %s",
			i == menu->chosen ? ">" : " ", screens[i]->title);
		tui_hit(canvas, line, TUI_REQ_SELECT, i);
	}
}

static const struct tui_binding keys[] = {
	{ "up", TUI_REQ_UP },
	{ "down", TUI_REQ_DOWN },
	{ "enter", TUI_REQ_ACCEPT, "go there", "open" },
	{ 0 },
};

const struct tui_screen tui_screen_menu = {
	.name = "menu",
	.title = "Menu",
	.opened_by = TUI_REQ_MENU,
	.overlay = true,
	.keys = keys,
	.size = sizeof(struct menu),
	.draw = menu_draw,
	.request = menu_request,
};
