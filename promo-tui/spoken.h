/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/arena.h"

/*
 * Values as people read them on a screen: "1,500 RWF", "2026-11-22 18:51", "A1U2-C325-5X09-6E21".
 * Texts live in the arena, are without controls, and are "" for what is null or without memory.
 */

const char *tui_spoken_text(struct promo_arena *arena, const char *text);
const char *tui_spoken_code(struct promo_arena *arena, const char *code);
/* Cents only where there are some. currency: NULL for the bare number. */
const char *tui_spoken_money(struct promo_arena *arena, int64_t minor, const char *currency);
const char *tui_spoken_number(struct promo_arena *arena, int64_t number);
/* In the time zone of this machine. */
const char *tui_spoken_time(struct promo_arena *arena, int64_t at_ms);
/* And says which: what was set in the shop's zone may be another day here. */
const char *tui_spoken_time_zone(struct promo_arena *arena, int64_t at_ms);
/* First and last name; either may be NULL. */
const char *tui_spoken_name(struct promo_arena *arena, const char *first, const char *last);
/* "12 s", "4 min": how long to wait, rounded up. */
const char *tui_spoken_wait(struct promo_arena *arena, int64_t ms);
