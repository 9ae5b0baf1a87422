/* SPDX-License-Identifier: MIT */
#include "promo-tui/card.h"

struct tui_rect tui_card_place(struct tui_rect area, int width, int height)
{
	if (width > area.width)
		width = area.width;
	if (height > area.height)
		height = area.height;
	return (struct tui_rect){ area.x + (area.width - width) / 2,
		area.y + (area.height - height) / 2, width, height };
}

struct tui_rect tui_card_draw(struct tui_canvas *canvas, struct tui_rect card, const char *title)
{
	tui_fill(canvas, card, TUI_TEXT);
	tui_box(canvas, card, TUI_BORDER, title);
	return (struct tui_rect){ card.x + 2, card.y + 1, card.width - 4, card.height - 2 };
}

int tui_card_button(struct tui_canvas *canvas, int x, int y, const char *text,
	enum tui_request request, int argument)
{
	int columns = tui_text_columns(text) + 4;

	(void)tui_putf(canvas, x, y, columns, TUI_KEY, "[ %s ]", text);
	tui_hit(canvas, (struct tui_rect){ x, y, columns, 1 }, request, argument);
	return columns;
}
