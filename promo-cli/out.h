/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "libpromo/base/arena.h"

/*
 * Everything that the program prints goes through here: data to stdout, talk to stderr. Text of the
 * server and of people is stripped of control characters first, so that no name can move the
 * cursor or change the colours. Colour says nothing that a word does not say too, and is for
 * terminals only; NO_COLOR (https://no-color.org) and TERM=dumb switch it off.
 */

struct cli_env;

enum cli_tone {
	CLI_PLAIN,
	CLI_GOOD,  /* green */
	CLI_WARN,  /* amber */
	CLI_BAD,   /* red */
	CLI_MUTED, /* grey */
	CLI_BOLD,
};

/* How people read times in tables and objects. */
enum cli_times {
	CLI_TIMES_USUAL = 0, /* relative in tables, local in objects */
	CLI_TIMES_RELATIVE,
	CLI_TIMES_LOCAL,
	CLI_TIMES_UTC,
};

struct cli_out {
	FILE *data, *talk;
	bool data_terminal, talk_terminal;
	bool colour;                  /* where the stream is a terminal */
	bool utf8;                    /* symbols beyond ASCII can be shown */
	size_t columns, talk_columns; /* of the terminals; 0: no limit */
	size_t rows;                  /* of the one with the data; 0: none */
	enum cli_times times;
	bool csv, no_headers; /* how tables are printed */
	bool quiet;           /* no JSON: nothing is printed but ids */
};

void cli_out_init(struct cli_out *out, FILE *data, FILE *talk, const struct cli_env *env);

/* Prints data as it is. */
void cli_put(const struct cli_out *out, const char *text);
void cli_putf(const struct cli_out *out, const char *format, ...) PROMO_PRINTF(2, 3);
/* Prints data in a tone, where the terminal has one. */
void cli_put_tone(const struct cli_out *out, enum cli_tone tone, const char *text);

/* JSON as it came, and a line end; on a terminal without what could control it. */
void cli_put_json(const struct cli_out *out, struct promo_arena *arena, const char *json);
/* The same of a piece, without the line end. */
void cli_put_json_piece(const struct cli_out *out, struct promo_arena *arena, const char *json);
void cli_put_blanks(const struct cli_out *out, size_t count);

/* A line of talk; cli_complain() puts "promo: " in front. */
void cli_say(const struct cli_out *out, const char *format, ...) PROMO_PRINTF(2, 3);
void cli_complain(const struct cli_out *out, const char *format, ...) PROMO_PRINTF(2, 3);

/* Flushes the data. False when some of it could not be written (a full disk, a closed pipe). */
bool cli_flush(const struct cli_out *out);

/* One line that is harmless for a terminal: line ends and tabs become blanks, other controls are
 * replaced (promo_utf8_strip_controls). Never NULL: without memory, or for NULL, it is "". */
const char *cli_clean(struct promo_arena *arena, const char *text);

/* The text cut to so many columns, with a mark at its end where something was cut off; 0 columns:
 * no limit. */
const char *cli_clip(
	const struct cli_out *out, struct promo_arena *arena, const char *text, size_t columns);

/* 1234567 as "1,234,567". */
const char *cli_number(struct promo_arena *arena, int64_t number);

/* Minor units as "1,500 RWF"; the two places only where they are not zero: "12.50 USD". */
const char *cli_money(struct promo_arena *arena, int64_t minor, const char *currency);

/* "2026-11-22 14:31 CAT", in the time zone of this machine (TZ); "" for 0. */
const char *cli_time(struct promo_arena *arena, int64_t at_ms);

/* "2026-11-22 12:31 UTC"; "" for 0. */
const char *cli_time_utc(struct promo_arena *arena, int64_t at_ms);

/* "3 min ago", "in 5 days", as seen at `now_ms`; what is further off than a month as cli_time() has it,
 * "" for 0. */
const char *cli_time_relative(struct promo_arena *arena, int64_t at_ms, int64_t now_ms);

/* A word's symbol: good, warn or bad. */
const char *cli_symbol(const struct cli_out *out, enum cli_tone tone);
