/* SPDX-License-Identifier: MIT */
#include "promo-tui/clock.h"

#include <time.h>

static struct tm local(int64_t at_ms)
{
	time_t at = (time_t)(at_ms / 1000);
	struct tm tm = { 0 };

	(void)localtime_r(&at, &tm);
	return tm;
}

void tui_clock_text(int64_t at_ms, char ret[TUI_CLOCK_SIZE])
{
	struct tm tm = local(at_ms);

	if (strftime(ret, TUI_CLOCK_SIZE, "%Y-%m-%d %H:%M", &tm) == 0)
		ret[0] = '\0';
}

void tui_clock_text_zone(int64_t at_ms, char ret[TUI_CLOCK_SIZE])
{
	struct tm tm = local(at_ms);

	if (strftime(ret, TUI_CLOCK_SIZE, "%Y-%m-%d %H:%M %Z", &tm) == 0)
		ret[0] = '\0';
}

void tui_clock_time(int64_t at_ms, char ret[TUI_CLOCK_SIZE])
{
	struct tm tm = local(at_ms);

	if (strftime(ret, TUI_CLOCK_SIZE, "%H:%M", &tm) == 0)
		ret[0] = '\0';
}

void tui_clock_zone(int64_t at_ms, char ret[TUI_CLOCK_SIZE])
{
	struct tm tm = local(at_ms);

	if (strftime(ret, TUI_CLOCK_SIZE, "%H:%M %Z", &tm) == 0)
		ret[0] = '\0';
}
