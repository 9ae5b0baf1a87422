/* SPDX-License-Identifier: MIT */
#include "promo-tui/theme.h"

#include <stddef.h>
#include <string.h>

_Static_assert(TUI_TEXT == 0, "plain text has the pair of the terminal's own colours");

static const struct tui_look looks[TUI_THEME_COUNT][TUI_STYLE_COUNT] = {
#define TUI_LOOK(theme, style, text_, ground_, text16_, ground16_, attributes_)                    \
	[TUI_THEME_##theme][TUI_##style] = {                                                       \
		.given = true,                                                                     \
		.text = (text_),                                                                   \
		.ground = (ground_),                                                               \
		.text16 = (text16_),                                                               \
		.ground16 = (ground16_),                                                           \
		.attributes = (attributes_),                                                       \
	},
#include "promo-tui/theme.def"
};

static const struct tui_theme themes[TUI_THEME_COUNT] = {
#define TUI_THEME(name_, word, meaning_)                                                           \
	[TUI_THEME_##name_] = {                                                                    \
		.name = (word),                                                                    \
		.meaning = (meaning_),                                                             \
		.looks = looks[TUI_THEME_##name_],                                                 \
		.has_colours = TUI_THEME_##name_ != TUI_THEME_MONO,                                \
	},
#include "promo-tui/theme.def"
};

static const struct {
	char letter;
	const char *meaning;
} styles[TUI_STYLE_COUNT] = {
#define TUI_STYLE(name, letter_, meaning_) [TUI_##name] = { (letter_), (meaning_) },
#include "promo-tui/theme.def"
};

const struct tui_theme *tui_theme_get(int id)
{
	return id >= 0 && id < TUI_THEME_COUNT ? &themes[id] : NULL;
}

const struct tui_theme *tui_theme_find(const char *name)
{
	for (size_t i = 0; i < TUI_THEME_COUNT; i++)
		if (strcmp(themes[i].name, name) == 0)
			return &themes[i];
	return NULL;
}

char tui_style_letter(enum tui_style style)
{
	return styles[style].letter;
}

const char *tui_style_meaning(enum tui_style style)
{
	return styles[style].meaning;
}

/* xterm's 256colres.h: the six levels of the cube. */
static const int levels[] = { 0, 95, 135, 175, 215, 255 };

static int nearest_level(int value)
{
	int best = 0;

	for (int i = 1; i < 6; i++) {
		int now = value > levels[i] ? value - levels[i] : levels[i] - value;
		int before = value > levels[best] ? value - levels[best] : levels[best] - value;

		if (now < before)
			best = i;
	}
	return best;
}

static int distance(const int a[3], int red, int green, int blue)
{
	return (a[0] - red) * (a[0] - red) + (a[1] - green) * (a[1] - green) +
	       (a[2] - blue) * (a[2] - blue);
}

int tui_colour_256(uint32_t rgb)
{
	const int wanted[3] = { rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff };
	const int red = nearest_level(wanted[0]), green = nearest_level(wanted[1]),
		  blue = nearest_level(wanted[2]);
	int best = 16 + 36 * red + 6 * green + blue;
	int best_distance = distance(wanted, levels[red], levels[green], levels[blue]);

	/* The greys: 24 from 8 in steps of 10. */
	for (int i = 0; i < 24; i++) {
		int grey = 8 + 10 * i;
		int now = distance(wanted, grey, grey, grey);

		if (now < best_distance) {
			best = 232 + i;
			best_distance = now;
		}
	}
	return best;
}

int tui_colour(int colours, uint32_t rgb, int old)
{
	enum {
		DIRECT = 1 << 16
	};

	if (colours > DIRECT)
		return (int)rgb;
	if (colours >= 256)
		return tui_colour_256(rgb);
	return colours >= 16 ? old : old & 7;
}
