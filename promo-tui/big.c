/* SPDX-License-Identifier: MIT */
#include "promo-tui/big.h"

#include <string.h>

/* Each row of a letter is written from the left; a # is a block, of two columns in the wide form. */
struct letter {
	char character;
	const char *rows[TUI_BIG_ROWS];
};

static const struct letter letters[] = {
	{ '0', { "###", "# #", "# #", "# #", "###" } },
	{ '1', { "## ", " # ", " # ", " # ", "###" } },
	{ '2', { "###", "  #", "###", "#  ", "###" } },
	{ '3', { "###", "  #", "###", "  #", "###" } },
	{ '4', { "# #", "# #", "###", "  #", "  #" } },
	{ '5', { "###", "#  ", "###", "  #", "###" } },
	{ '6', { "###", "#  ", "###", "# #", "###" } },
	{ '7', { "###", "  #", "  #", "  #", "  #" } },
	{ '8', { "###", "# #", "###", "# #", "###" } },
	{ '9', { "###", "# #", "###", "  #", "###" } },
	{ 'A', { "###", "# #", "###", "# #", "# #" } },
	{ 'B', { "## ", "# #", "## ", "# #", "## " } },
	{ 'C', { "###", "#  ", "#  ", "#  ", "###" } },
	{ 'D', { "## ", "# #", "# #", "# #", "## " } },
	{ 'E', { "###", "#  ", "## ", "#  ", "###" } },
	{ 'F', { "###", "#  ", "## ", "#  ", "#  " } },
	{ 'G', { "####", "#   ", "# ##", "#  #", "####" } },
	{ 'H', { "# #", "# #", "###", "# #", "# #" } },
	{ 'I', { "###", " # ", " # ", " # ", "###" } },
	{ 'J', { "  #", "  #", "  #", "# #", "###" } },
	{ 'K', { "#  #", "# # ", "##  ", "# # ", "#  #" } },
	{ 'L', { "#  ", "#  ", "#  ", "#  ", "###" } },
	{ 'M', { "#   #", "## ##", "# # #", "#   #", "#   #" } },
	{ 'N', { "#   #", "##  #", "# # #", "#  ##", "#   #" } },
	{ 'O', { "####", "#  #", "#  #", "#  #", "####" } },
	{ 'P', { "###", "# #", "###", "#  ", "#  " } },
	{ 'Q', { "####", "#  #", "#  #", "# ##", "####" } },
	{ 'R', { "### ", "#  #", "### ", "# # ", "#  #" } },
	{ 'S', { "####", "#   ", "####", "   #", "####" } },
	{ 'T', { "###", " # ", " # ", " # ", " # " } },
	{ 'U', { "#  #", "#  #", "#  #", "#  #", "####" } },
	{ 'V', { "#   #", "#   #", "#   #", " # # ", "  #  " } },
	{ 'W', { "#   #", "#   #", "# # #", "## ##", "#   #" } },
	{ 'X', { "#   #", " # # ", "  #  ", " # # ", "#   #" } },
	{ 'Y', { "# #", "# #", " # ", " # ", " # " } },
	{ 'Z', { "####", "   #", " ## ", "#   ", "####" } },
	{ ' ', { "  ", "  ", "  ", "  ", "  " } },
	{ '.', { " ", " ", " ", " ", "#" } },
	{ ',', { "  ", "  ", "  ", " #", "# " } },
	{ '-', { "   ", "   ", "###", "   ", "   " } },
	{ '+', { "   ", " # ", "###", " # ", "   " } },
};

static const struct letter *find(char character)
{
	for (size_t i = 0; i < PROMO_COUNT(letters); i++)
		if (letters[i].character == character)
			return &letters[i];
	return NULL;
}

/* Columns with blocks so wide and one between letters; 0 for text that has no such letters. */
static int columns_of(const char *text, int block)
{
	int columns = 0;

	for (; *text; text++) {
		const struct letter *letter = find(*text);

		if (!letter)
			return 0;
		columns += (int)strlen(letter->rows[0]) * block + 1;
	}
	return columns > 0 ? columns - 1 : 0;
}

/* The widest blocks that fit; 0: none do. */
static int block_that_fits(int most_columns, const char *text)
{
	for (int block = 2; block > 0; block--) {
		const int columns = columns_of(text, block);

		if (columns > 0 && columns <= most_columns)
			return block;
	}
	return 0;
}

static void put_letter(struct tui_canvas *canvas, int x, int y, enum tui_style style,
	const struct letter *letter, int block)
{
	const char *full = tui_canvas_ascii(canvas) ? "#" : "\xe2\x96\x88";

	for (int row = 0; row < TUI_BIG_ROWS; row++) {
		const int columns = (int)strlen(letter->rows[row]) * block;

		for (int i = 0; i < columns; i++)
			(void)tui_put(canvas, x + i, y + row, 1, style,
				letter->rows[row][i / block] == '#' ? full : " ");
	}
}

int tui_big_columns(int most_columns, const char *text)
{
	const int block = block_that_fits(most_columns, text);
	const int plain = tui_text_columns(text);

	if (block > 0)
		return columns_of(text, block);
	return plain < most_columns ? plain : most_columns;
}

int tui_big(struct tui_canvas *canvas, int x, int y, int most_columns, enum tui_style style,
	const char *text)
{
	const int room = tui_canvas_columns(canvas) - x;
	int block;

	if (most_columns > room)
		most_columns = room;
	block = block_that_fits(most_columns, text);
	if (block == 0) {
		(void)tui_put(canvas, x, y, most_columns, style, text);
		return 1;
	}
	for (; *text; text++) {
		const struct letter *letter = find(*text);

		put_letter(canvas, x, y, style, letter, block);
		x += (int)strlen(letter->rows[0]) * block + 1;
	}
	return TUI_BIG_ROWS;
}
