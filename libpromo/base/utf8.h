/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"

/*
 * Text is UTF-8 without NUL everywhere. What comes from outside is checked with promo_utf8_valid()
 * once, at the edge; all other functions here take text that passed it (and stop early, never
 * reading too far, if it did not). Results live in the arena. Unicode's tables: utf8proc.
 */

PROMO_BEGIN_DECLS

/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF) without NUL. */
bool promo_utf8_valid(const char *text, size_t size);

/* The character at text and how many bytes it has; 0 bytes at the end or if it is not valid. */
size_t promo_utf8_next(const char *text, int32_t *ret_character);

/* How many characters (code points): what limits on length count. */
size_t promo_utf8_count(const char *text);

/* The property White_Space (also no-break spaces); the property Dash, as far as keyboards and word
 * processors put them for a hyphen. */
bool promo_utf8_is_space(int32_t character);
bool promo_utf8_is_dash(int32_t character);

/* Normal form C: composed characters. PROMO_E_INVALID_INPUT if text is no UTF-8 (as the next ones),
 * a fault without memory. */
int promo_utf8_nfc(struct promo_arena *arena, const char *text, const char **ret) PROMO_CHECK;
/* For comparing without regard to case: full case folding, then NFC. */
int promo_utf8_casefold(struct promo_arena *arena, const char *text, const char **ret) PROMO_CHECK;

/* Without White_Space at both ends. A fault without memory. */
int promo_utf8_trim(struct promo_arena *arena, const char *text, const char **ret) PROMO_CHECK;
/* What is normal for a name or a sentence that a person typed: NFC, trimmed. */
int promo_utf8_clean(struct promo_arena *arena, const char *text, const char **ret) PROMO_CHECK;

/* Columns on a terminal: 2 for wide characters, 0 for combining ones and controls. */
size_t promo_utf8_width(const char *text);
/* Bytes of the longest beginning that takes at most `columns`, with its combining characters. */
size_t promo_utf8_fit(const char *text, size_t columns);
/* The first grapheme cluster (extended, UAX #29), which people call one character: its bytes (0 at
 * the end or if it is not valid), and the columns that a screen gives it: those of its characters,
 * but never more than 2, because a joined emoji is one picture. */
size_t promo_utf8_cluster(const char *text, size_t *ret_columns);

/* What steers a terminal or hides in a text: C0 and C1 controls, DEL, line and paragraph separators
 * and the bidirectional controls (UAX #9); and what is no character in any text. */
bool promo_utf8_is_control(int32_t character);

/* Makes text of others harmless for a terminal and for a reader: controls are each replaced by
 * U+FFFD, bytes that are not UTF-8 too. Line ends and tabs are controls as well. A fault without
 * memory. */
int promo_utf8_strip_controls(
	struct promo_arena *arena, const char *text, const char **ret) PROMO_CHECK;

PROMO_END_DECLS
