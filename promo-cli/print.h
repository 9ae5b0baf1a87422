/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/fields.h"
#include "libpromo/api/op.h"
#include "promo-cli/out.h"

/*
 * Nouns as text, by their tables of fields. On a terminal: aligned, cut to its width, for people
 * (1,000 and 500 RWF, local time, colours by status). Anywhere else: tab-separated values with a
 * header, for programs (1000, 500.00 beside its currency, RFC 3339).
 */

/* One object, a field a line; what is null is left out on a terminal. */
void cli_print_object(const struct cli_out *out, const struct promo_schema *schema,
	const void *object, struct promo_arena *arena);

/* A line "name   value" of a text for people; nothing where the value is NULL or empty. */
void cli_print_pair(
	const struct cli_out *out, struct promo_arena *arena, const char *name, const char *value);

/* For whom a value is written. Only what is exact keeps controls and line ends as they came: never for
 * a terminal. */
enum cli_reader {
	CLI_PROGRAMS,
	CLI_PEOPLE, /* and those who look up at a clock: */
	CLI_PEOPLE_AGO,
	CLI_PEOPLE_UTC,
	CLI_EXACT,
};

/* Who reads a terminal: `usual` where nothing was said about times. */
enum cli_reader cli_person(const struct cli_out *out, enum cli_reader usual);

const char *cli_print_value(const struct promo_schema *schema, const struct promo_field *field,
	const void *object, enum cli_reader reader, struct promo_arena *arena);
/* The same of a field inside; of each object of a list, with commas. "" where it leads nowhere. */
const char *cli_print_path(const struct promo_schema *schema, const struct promo_path *path,
	const void *object, enum cli_reader reader, struct promo_arena *arena);

/* The tone of a status word. */
enum cli_tone cli_tone_of(const char *word);
