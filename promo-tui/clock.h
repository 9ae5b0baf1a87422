/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/*
 * Times as people at a counter read them: in the zone of this machine, like the clock on its wall.
 */

enum {
	TUI_CLOCK_SIZE = 40
};

void tui_clock_text(int64_t at_ms, char ret[TUI_CLOCK_SIZE]);      /* "2026-11-22 14:03" */
void tui_clock_text_zone(int64_t at_ms, char ret[TUI_CLOCK_SIZE]); /* "2026-11-22 14:03 CAT" */
void tui_clock_time(int64_t at_ms, char ret[TUI_CLOCK_SIZE]);      /* "14:03" */
void tui_clock_zone(int64_t at_ms, char ret[TUI_CLOCK_SIZE]);      /* "14:03 CAT" */
