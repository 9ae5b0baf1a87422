/* SPDX-License-Identifier: MIT */
#include "promo-tui/spoken.h"

#include <inttypes.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "libpromo/model/field.h"
#include "libpromo/rules/code.h"
#include "libpromo/rules/money.h"
#include "promo-tui/clock.h"

enum {
	MS_PER_S = 1000,
	S_PER_MINUTE = 60,
	CENTS_LENGTH = 3, /* ".00" */
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

const char *tui_spoken_text(struct promo_arena *arena, const char *text)
{
	const char *clean;

	return text && promo_utf8_strip_controls(arena, text, &clean) == 0 ? clean : "";
}

const char *tui_spoken_code(struct promo_arena *arena, const char *code)
{
	char shown[PROMO_CODE_SHOWN_SIZE];

	if (!code || strlen(code) >= PROMO_CODE_SIZE)
		return "";
	promo_code_show(code, shown);
	return tui_spoken_text(arena, shown);
}

const char *tui_spoken_money(struct promo_arena *arena, int64_t minor, const char *currency)
{
	char shown[PROMO_MONEY_SHOWN_SIZE];
	size_t length;

	if (minor == PROMO_NULL_INT)
		return "";
	promo_money_show(minor, shown);
	length = strlen(shown);
	if (length > CENTS_LENGTH && strcmp(shown + length - CENTS_LENGTH, ".00") == 0)
		shown[length - CENTS_LENGTH] = '\0';
	if (!currency)
		return or_empty(promo_arena_strdup(arena, shown));
	return or_empty(
		promo_arena_printf(arena, "%s %s", shown, tui_spoken_text(arena, currency)));
}

const char *tui_spoken_number(struct promo_arena *arena, int64_t number)
{
	char shown[PROMO_MONEY_SHOWN_SIZE];

	if (number > INT64_MAX / 100 || number < INT64_MIN / 100)
		return or_empty(promo_arena_printf(arena, "%" PRId64, number));
	promo_money_show(number * 100, shown);
	shown[strlen(shown) - CENTS_LENGTH] = '\0';
	return or_empty(promo_arena_strdup(arena, shown));
}

const char *tui_spoken_time(struct promo_arena *arena, int64_t at_ms)
{
	char text[TUI_CLOCK_SIZE];

	if (at_ms == 0)
		return "";
	tui_clock_text(at_ms, text);
	return or_empty(promo_arena_strdup(arena, text));
}

const char *tui_spoken_time_zone(struct promo_arena *arena, int64_t at_ms)
{
	char text[TUI_CLOCK_SIZE];

	if (at_ms == 0)
		return "";
	tui_clock_text_zone(at_ms, text);
	return or_empty(promo_arena_strdup(arena, text));
}

const char *tui_spoken_name(struct promo_arena *arena, const char *first, const char *last)
{
	const char *name = promo_arena_printf(arena, "%s%s%s", or_empty(first),
		first && *first && last && *last ? " " : "", or_empty(last));

	return tui_spoken_text(arena, name);
}

const char *tui_spoken_wait(struct promo_arena *arena, int64_t ms)
{
	int64_t seconds = ms > 0 ? (ms + MS_PER_S - 1) / MS_PER_S : 0;

	if (seconds < 2 * S_PER_MINUTE)
		return or_empty(promo_arena_printf(arena, "%" PRId64 " s", seconds));
	return or_empty(promo_arena_printf(
		arena, "%" PRId64 " min", (seconds + S_PER_MINUTE - 1) / S_PER_MINUTE));
}
