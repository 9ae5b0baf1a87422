/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Styles and themes, both rows of theme.def. Screens name a style; what it looks like is the theme's
 * business and the terminal's. Pure tables: nothing here knows a terminal.
 */

enum tui_style {
#define TUI_STYLE(name, letter, meaning) TUI_##name,
#include "promo-tui/theme.def"
	TUI_STYLE_COUNT
};

enum tui_theme_id {
#define TUI_THEME(name, word, meaning) TUI_THEME_##name,
#include "promo-tui/theme.def"
	TUI_THEME_COUNT
};

enum { /* attributes of a look */
	TUI_BOLD = 1,
	TUI_UNDERLINE = 2,
	TUI_REVERSE = 4,
};

struct tui_look {
	bool given;               /* theme.def has its row */
	uint8_t attributes;       /* TUI_BOLD and so on */
	uint8_t text16, ground16; /* numbers of the 16 old colours */
	uint32_t text, ground;    /* 0xrrggbb */
};

struct tui_theme {
	const char *name, *meaning;   /* the word for it, and a line for a menu */
	const struct tui_look *looks; /* TUI_STYLE_COUNT of them, by style */
	bool has_colours;             /* else attributes alone */
};

/* A theme by its number (0 .. TUI_THEME_COUNT - 1); NULL for any other. */
const struct tui_theme *tui_theme_get(int id);
/* A theme by its word, "teal" for instance; NULL if none has it. */
const struct tui_theme *tui_theme_find(const char *name);

/* The letter that stands for a style in a picture. */
char tui_style_letter(enum tui_style style);
/* What a style is for: a line of a manual. */
const char *tui_style_meaning(enum tui_style style);

/* The nearest of the 256 colours of xterm (16 .. 255: the cube and the greys, which, unlike the
 * first 16, look the same everywhere) to 0xrrggbb. */
int tui_colour_256(uint32_t rgb);

/* The number of a colour on a terminal that has so many: 0xrrggbb itself where it has (nearly) all,
 * one of 256, or `old`, without its brightness where there are but 8. */
int tui_colour(int colours, uint32_t rgb, int old);
