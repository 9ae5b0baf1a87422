/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/macros.h"
#include "libpromo/base/time.h"
#include "libpromo/model/field.h"
#include "libpromo/rules/code.h"
#include "libpromo/rules/money.h"

/*
 * Structs as JSON, for the files of this folder only. Not installed.
 *
 * Structs are written as text at once, by their tables, without a tree of values in between: that
 * tree cost the thread of the event loop more than all else about an answer. What goes wrong sticks
 * to the buffer (base/buffer.h), so writers have no result; promo_buffer_end() tells.
 *
 * What comes in is read through jansson's tree. Every json_t that is handed out is the caller's.
 */

/* Room for any scalar that is not a text of its own. */
union promo_json_room {
	char number[sizeof("-9223372036854775808")];
	char time[PROMO_TIME_SIZE], money[PROMO_MONEY_SIZE], code[PROMO_CODE_SHOWN_SIZE];
};

enum promo_json_order {
	PROMO_JSON_BY_TABLE,
	PROMO_JSON_BY_NAME, /* members of all objects sorted: canonical */
};

/* A writer's buffer in an arena, with all the room that the arena has. */
#define PROMO_JSON_BUFFER(arena_) PROMO_BUFFER((arena_), SIZE_MAX / 4)

/* Text in quotes, what has to be escaped is (RFC 8259, 7); NULL is null. */
void promo_json_write_text(struct promo_buffer *json, const char *text);
/* The name of a member and its colon, after a comma unless the object just began. */
void promo_json_write_name(struct promo_buffer *json, const char *name);
/* The value of one field, null where the field holds its null. */
void promo_json_write_value(struct promo_buffer *json, const struct promo_field *field,
	const void *object, enum promo_json_order order);
/* Whether a field of an input is given: by its bit, or by a value that nobody gets by zeroing the
 * struct; and its name and value, null where it is given as that. */
bool promo_json_is_given(
	const struct promo_schema *schema, const struct promo_field *field, const void *in);
void promo_json_write_given(struct promo_buffer *json, const struct promo_schema *schema,
	const struct promo_field *field, const void *in, enum promo_json_order order);
/* The members of an output, by the flags OMIT_NULL and INTERNAL: without braces, and with them. */
void promo_json_write_members(struct promo_buffer *json, const struct promo_schema *schema,
	const void *object, enum promo_json_order order);
void promo_json_write_object(struct promo_buffer *json, const struct promo_schema *schema,
	const void *object, enum promo_json_order order);
/* A list of such objects, with its brackets. */
void promo_json_write_objects(struct promo_buffer *json, const struct promo_schema *schema,
	const struct promo_objects *objects, enum promo_json_order order);
/* These fields as members; sorts them where the order says so. */
void promo_json_write_fields(struct promo_buffer *json, const struct promo_field **fields,
	size_t count, const void *object, enum promo_json_order order);

/* A scalar as the text that stands in JSON (BOOL and INT: without quotes) and in an address. NULL
 * where it is none, or holds a number that is no word. What has to be made is made in `room`. */
const char *promo_json_scalar(
	const struct promo_field *field, const void *object, union promo_json_room *room);

/* The way back, for a client: the members of an object into a struct, whose nulls are set first.
 * PROMO_E_UNAVAILABLE if it is no object, or a member cannot be what its field says. */
int promo_json_take_members(const struct promo_schema *schema, json_t *json,
	struct promo_arena *arena, void *ret) PROMO_CHECK;

/* Reads a text; flags of json_loads(). NULL where it is no JSON, or json_error_code(error) is
 * json_error_out_of_memory. Nothing else may read JSON: see json_load.c. */
json_t *promo_json_load(const char *text, size_t size, size_t flags, json_error_t *error);
json_t *promo_json_load_text(const char *text, size_t flags);

/* The text of a value of jansson, in the arena; flags of json_dumps(). */
int promo_json_text(
	const json_t *value, size_t flags, struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* A pointer inside an object, by its field. */
static inline const void *promo_json_at(const struct promo_field *field, const void *object)
{
	return (const char *)object + field->offset;
}
