/* SPDX-License-Identifier: MIT */
#include "promo-tui/term_cell.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/utf8.h"

enum {
	JOINER = 0x200d,
	SELECTOR_FIRST = 0xfe00, /* asks for another form of a character, often a wider one */
	SELECTOR_LAST = 0xfe0f
};

static bool is_in_locale(wchar_t character)
{
	mbstate_t state = { 0 };
	char bytes[MB_LEN_MAX];

	return wcrtomb(bytes, character, &state) != (size_t)-1;
}

static void add(struct tui_piece *piece, wchar_t character)
{
	size_t length = wcslen(piece->text);

	if (length < TUI_PIECE_CHARACTERS) {
		piece->text[length] = character;
		piece->text[length + 1] = L'\0';
	}
}

size_t tui_cell_pieces(const struct tui_cell *cell, struct tui_piece ret[2])
{
	const char *at = cell->text;
	size_t count = 0, length;
	int used = 0;
	int32_t character;

	while ((length = promo_utf8_next(at, &character)) > 0 && character != JOINER) {
		const wchar_t wide = is_in_locale((wchar_t)character) ? (wchar_t)character : L'?';
		const int columns = wcwidth(wide);

		at += length;
		if (character >= SELECTOR_FIRST && character <= SELECTOR_LAST)
			continue;
		if (columns > 0 && used + columns > cell->columns)
			break;
		if (columns > 0) {
			ret[count++] = (struct tui_piece){ { wide } };
			used += columns;
		} else if (columns == 0 && count > 0) {
			add(&ret[count - 1], wide);
		}
	}
	for (; used < cell->columns; used++)
		ret[count++] = (struct tui_piece){ { used == 0 ? L'?' : L' ' } };
	return count;
}
