/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/codec.h"

/*
 * One value of an input, from text into its field: checked, normalised, named if it is bad. What
 * JSON, query, path and command line have in common. For the files of this folder; not installed.
 */

struct promo_reader {
	const struct promo_decode_env *env;
	struct promo_arena *arena;
	struct promo_problem *problem;
};

/* Reads text (length bytes, any bytes, NUL behind them) into a scalar field. An empty text is null
 * where the field takes null. PROMO_E_INVALID_INPUT when it was named as bad, else 0 or a fault. */
int promo_value_read(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, size_t length, const char *pointer, void *object) PROMO_CHECK;

/* A text that is one item of a TEXTS field: cleaned, and one of the field's words if it has any. */
int promo_value_read_item(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, size_t length, const char *pointer, const char **ret) PROMO_CHECK;

/* The members of a JSON body into the struct, those of path and query left alone; schema NULL:
 * there may be none. PROMO_E_MALFORMED_REQUEST if the body is no JSON object; bad fields are in the
 * problem, and the result may be 0 all the same. */
int promo_value_read_body(const struct promo_reader *reader, const struct promo_schema *schema,
	const char *body, size_t size, void *ret) PROMO_CHECK;

/* How a field is named in a problem: base, then "/" and the name escaped as RFC 6901 says, or "?"
 * and the name of a query parameter. A client's own long name is cut. NULL without memory. */
const char *promo_value_pointer(
	struct promo_arena *arena, const char *base, char mark, const char *name);

/* INT and MONEY within the limits of the field, else named as out_of_range. */
int promo_value_take_number(const struct promo_reader *reader, const struct promo_field *field,
	int64_t value, const char *pointer, void *object) PROMO_CHECK;

/* How many items a TEXTS or OBJECTS field takes; promo_value_too_many() names more than that. */
size_t promo_value_items_max(const struct promo_field *field);
int promo_value_too_many(const struct promo_reader *reader, const struct promo_field *field,
	const char *pointer) PROMO_CHECK;

/* The words of an enum for a message: "active, expired, redeemed". NULL without memory. */
const char *promo_value_words(const struct promo_words *words, struct promo_arena *arena);

/* Notes that a field was given; as null too, where it holds null and may. */
void promo_value_mark(
	const struct promo_schema *schema, const struct promo_field *field, void *object);
