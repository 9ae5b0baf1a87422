/* SPDX-License-Identifier: MIT */
#include "libpromo/base/buffer.h"
#include "promo-tui/canvas.h"

/* The picture of a canvas. */

enum {
	PICTURE_BYTES_MAX = 64 << 20
};

/* Without the characters at the end of a row that say nothing. */
static void end_row(struct promo_buffer *picture, size_t begin, char nothing)
{
	while (picture->size > begin && picture->bytes[picture->size - 1] == nothing)
		picture->bytes[--picture->size] = '\0';
	promo_buffer_char(picture, '\n');
}

static void print_row(struct promo_buffer *picture, const struct tui_canvas *canvas, int y)
{
	const size_t begin = picture->size;

	for (int x = 0; x < tui_canvas_columns(canvas); x++)
		promo_buffer_text(picture, tui_canvas_cell(canvas, x, y)->text);
	end_row(picture, begin, ' ');
}

static void print_styles(struct promo_buffer *picture, const struct tui_canvas *canvas, int y)
{
	const size_t begin = picture->size;

	for (int x = 0; x < tui_canvas_columns(canvas); x++)
		promo_buffer_char(picture,
			tui_style_letter((enum tui_style)tui_canvas_cell(canvas, x, y)->style));
	end_row(picture, begin, tui_style_letter(TUI_TEXT));
}

const char *tui_canvas_print(
	const struct tui_canvas *canvas, bool with_styles, struct promo_arena *arena)
{
	struct promo_buffer picture = PROMO_BUFFER(arena, PICTURE_BYTES_MAX);
	const char *text = NULL;
	int x, y;

	for (int row = 0; row < tui_canvas_rows(canvas); row++)
		print_row(&picture, canvas, row);
	if (with_styles) {
		promo_buffer_text(&picture, "--- styles\n");
		for (int row = 0; row < tui_canvas_rows(canvas); row++)
			print_styles(&picture, canvas, row);
		if (tui_cursor_at(canvas, &x, &y))
			promo_buffer_printf(&picture, "--- cursor %d %d\n", x, y);
	}
	return promo_buffer_end(&picture, &text) ? NULL : text;
}
