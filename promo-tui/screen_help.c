/* SPDX-License-Identifier: MIT */

#include "promo-tui/card.h"
#include "promo-tui/screens.h"

/* What the keys do: the rows of the screen below and those of the program, nothing written twice. */

enum {
	KEY_COLUMNS = 11
};

struct help {
	int top;
};

static int row_count(const struct tui_binding *rows)
{
	int count = 0;

	while (rows && rows[count].key)
		count++;
	return count;
}

/* The lines of the help: a title, the screen's keys, a blank, a title, the program's keys. */
static int line_count(const struct tui_app *app)
{
	const struct tui_screen *screen = tui_app_main_screen(app);

	return 3 + row_count(screen ? screen->keys : NULL) + row_count(tui_global_keys);
}

static enum tui_handled help_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct help *help = self;
	int last = line_count(app) - 1;

	(void)argument;
	switch ((int)request) {
	case TUI_REQ_ACCEPT:
		tui_app_back(app);
		return TUI_HANDLED;
	case TUI_REQ_UP:
		help->top -= 1;
		break;
	case TUI_REQ_DOWN:
		help->top += 1;
		break;
	case TUI_REQ_PAGE_UP:
		help->top -= 10;
		break;
	case TUI_REQ_PAGE_DOWN:
		help->top += 10;
		break;
	default:
		return TUI_UNHANDLED;
	}
	if (help->top > last)
		help->top = last;
	if (help->top < 0)
		help->top = 0;
	return TUI_HANDLED;
}

static void draw_row(struct tui_canvas *canvas, struct tui_rect line, const struct tui_binding *row)
{
	const struct tui_request_info *info = tui_request_info(row->request);
	const char *help = tui_binding_help(row);
	char key[TUI_KEY_NAME_SIZE];
	int used;

	tui_key_format(row->key, key);
	(void)tui_put(canvas, line.x, line.y, KEY_COLUMNS, TUI_KEY, key);
	used = KEY_COLUMNS + tui_put(canvas, line.x + KEY_COLUMNS, line.y, line.width - KEY_COLUMNS,
				     TUI_TEXT, help);
	if (info->command && used + tui_text_columns(info->command) + 4 <= line.width)
		(void)tui_putf(canvas, line.x + used, line.y, line.width - used, TUI_MUTED,
			" (:%s)", info->command);
}

static void draw_line(
	const struct tui_app *app, struct tui_canvas *canvas, struct tui_rect line, int index)
{
	const struct tui_screen *screen = tui_app_main_screen(app);
	int own = row_count(screen ? screen->keys : NULL);

	if (index == 0)
		(void)tui_put(
			canvas, line.x, line.y, line.width, TUI_TITLE, screen ? screen->title : "");
	else if (index <= own)
		draw_row(canvas, line, &screen->keys[index - 1]);
	else if (index == own + 2)
		(void)tui_put(canvas, line.x, line.y, line.width, TUI_TITLE, "Everywhere");
	else if (index > own + 2)
		draw_row(canvas, line, &tui_global_keys[index - own - 3]);
}

static void help_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct help *help = self;
	int count = line_count(app);
	struct tui_rect room = tui_card_draw(canvas, tui_card_place(area, 76, count + 2), "Help");

	for (int i = 0; i < room.height && help->top + i < count; i++)
		draw_line(app, canvas, (struct tui_rect){ room.x, room.y + i, room.width, 1 },
			help->top + i);
	if (help->top + room.height < count)
		(void)tui_put(canvas, room.x + room.width - 8, room.y + room.height - 1, 8,
			TUI_MUTED, tui_canvas_ascii(canvas) ? "more v" : "more ▼");
}

static const struct tui_binding keys[] = {
	{ "up", TUI_REQ_UP },
	{ "down", TUI_REQ_DOWN, NULL, "scroll" },
	{ "pgup", TUI_REQ_PAGE_UP },
	{ "pgdn", TUI_REQ_PAGE_DOWN },
	{ "enter", TUI_REQ_ACCEPT, "close", "close" },
	{ 0 },
};

const struct tui_screen tui_screen_help = {
	.name = "help",
	.title = "Help",
	.signed_out = true,
	.overlay = true,
	.keys = keys,
	.size = sizeof(struct help),
	.draw = help_draw,
	.request = help_request,
};
