/* SPDX-License-Identifier: MIT */
#include "libpromo/api/json.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"

/*
 * Texts.
 */

static void write_escaped(struct promo_buffer *json, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char letters[] = { ['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r',
		['"'] = '"',
		['\\'] = '\\' };
	const char letter[] = { '\\', letters[c] };
	const char number[] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (letters[c])
		promo_buffer_append(json, letter, sizeof(letter));
	else
		promo_buffer_append(json, number, sizeof(number));
}

static size_t plain_length(const char *text)
{
	const char *end = text;

	while ((unsigned char)*end >= 0x20 && *end != '"' && *end != '\\')
		end++;
	return (size_t)(end - text);
}

void promo_json_write_text(struct promo_buffer *json, const char *text)
{
	if (!text) {
		promo_buffer_append(json, "null", 4);
		return;
	}
	/* It never comes from a client, whose texts were checked on their way in. */
	if (!promo_utf8_valid(text, strlen(text))) {
		promo_buffer_fail(
			json, promo_fault(-EILSEQ, "could not encode a text that is not UTF-8"));
		return;
	}
	promo_buffer_char(json, '"');
	for (;;) {
		size_t plain = plain_length(text);

		promo_buffer_append(json, text, plain);
		text += plain;
		if (!*text)
			break;
		write_escaped(json, (unsigned char)*text++);
	}
	promo_buffer_char(json, '"');
}

void promo_json_write_name(struct promo_buffer *json, const char *name)
{
	if (json->size > 0 && json->bytes[json->size - 1] != '{')
		promo_buffer_char(json, ',');
	promo_json_write_text(json, name);
	promo_buffer_char(json, ':');
}

/*
 * Values.
 */

const char *promo_json_scalar(
	const struct promo_field *field, const void *object, union promo_json_room *room)
{
	const void *at = promo_json_at(field, object);

	switch (field->kind) {
	case PROMO_BOOL:
		return *(const bool *)at ? "true" : "false";
	case PROMO_INT:
		(void)snprintf(
			room->number, sizeof(room->number), "%" PRId64, *(const int64_t *)at);
		return room->number;
	case PROMO_MONEY:
		promo_money_format(*(const int64_t *)at, room->money);
		return room->money;
	case PROMO_TIME:
		promo_time_format(*(const int64_t *)at, room->time);
		return room->time;
	case PROMO_ENUM:
		return promo_word(field->words, *(const int *)at);
	case PROMO_CODE:
		promo_code_show(*(const char *const *)at, room->code);
		return room->code;
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_SECRET:
		return *(const char *const *)at;
	case PROMO_JSON:
	case PROMO_OBJECT:
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
		break;
	}
	return NULL;
}

static void write_scalar(
	struct promo_buffer *json, const struct promo_field *field, const void *object)
{
	union promo_json_room room;
	const char *text = promo_json_scalar(field, object, &room);

	if (!text)
		promo_buffer_fail(
			json, promo_fault(-EINVAL, "could not encode the field '%s'", field->name));
	else if (field->kind == PROMO_BOOL || field->kind == PROMO_INT)
		promo_buffer_text(json, text);
	else
		promo_json_write_text(json, text);
}

/* What is JSON already, read once more: nothing that only looks like it gets into an answer. */
static void write_embedded(struct promo_buffer *json, const struct promo_field *field,
	const char *text, enum promo_json_order order)
{
	const size_t sorted = order == PROMO_JSON_BY_NAME ? JSON_SORT_KEYS : 0;
	json_auto_t *value = promo_json_load_text(text, JSON_DECODE_ANY | JSON_ALLOW_NUL);
	char *compact = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | sorted) : NULL;

	if (compact)
		promo_buffer_text(json, compact);
	else
		promo_buffer_fail(json,
			promo_fault(-EPROTO, "the field '%s' does not hold JSON", field->name));
	free(compact);
}

static void write_texts(struct promo_buffer *json, const struct promo_texts *texts)
{
	promo_buffer_char(json, '[');
	for (size_t i = 0; i < texts->count; i++) {
		if (i > 0)
			promo_buffer_char(json, ',');
		promo_json_write_text(json, texts->items[i]);
	}
	promo_buffer_char(json, ']');
}

void promo_json_write_objects(struct promo_buffer *json, const struct promo_schema *schema,
	const struct promo_objects *objects, enum promo_json_order order)
{
	promo_buffer_char(json, '[');
	for (size_t i = 0; i < objects->count; i++) {
		if (i > 0)
			promo_buffer_char(json, ',');
		promo_json_write_object(
			json, schema, (const char *)objects->items + i * schema->size, order);
	}
	promo_buffer_char(json, ']');
}

void promo_json_write_value(struct promo_buffer *json, const struct promo_field *field,
	const void *object, enum promo_json_order order)
{
	const void *at = promo_json_at(field, object);

	if (field->kind == PROMO_TEXTS)
		write_texts(json, at);
	else if (field->kind == PROMO_OBJECTS)
		promo_json_write_objects(json, field->schema, at, order);
	else if (promo_field_is_null(field, object))
		promo_buffer_append(json, "null", 4);
	else if (field->kind == PROMO_OBJECT)
		promo_json_write_object(json, field->schema, *(const void *const *)at, order);
	else if (field->kind == PROMO_JSON)
		write_embedded(json, field, *(const char *const *)at, order);
	else
		write_scalar(json, field, object);
}

/*
 * Objects.
 */

/* A list that was never filled is left out; one that is known to be empty is []. */
static bool is_left_out(const struct promo_field *field, const void *object)
{
	const void *at = promo_json_at(field, object);

	if (field->flags & PROMO_INTERNAL)
		return true;
	if (!(field->flags & PROMO_OMIT_NULL))
		return false;
	if (field->kind == PROMO_TEXTS)
		return !((const struct promo_texts *)at)->items;
	if (field->kind == PROMO_OBJECTS)
		return !((const struct promo_objects *)at)->items;
	return promo_field_is_null(field, object);
}

static int by_name(const void *a, const void *b)
{
	const struct promo_field *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

void promo_json_write_fields(struct promo_buffer *json, const struct promo_field **fields,
	size_t count, const void *object, enum promo_json_order order)
{
	if (order == PROMO_JSON_BY_NAME)
		qsort(fields, count, sizeof(fields[0]), by_name);
	for (size_t i = 0; i < count; i++) {
		promo_json_write_name(json, fields[i]->name);
		promo_json_write_value(json, fields[i], object, order);
	}
}

bool promo_json_is_given(
	const struct promo_schema *schema, const struct promo_field *field, const void *in)
{
	if (promo_present(schema, in, field->name))
		return true;
	if (field->kind == PROMO_INT || field->kind == PROMO_MONEY)
		return !promo_field_is_null(field, in) &&
		       *(const int64_t *)promo_json_at(field, in) != 0;
	if (field->kind == PROMO_BOOL)
		return *(const bool *)promo_json_at(field, in);
	return !promo_field_is_null(field, in);
}

void promo_json_write_given(struct promo_buffer *json, const struct promo_schema *schema,
	const struct promo_field *field, const void *in, enum promo_json_order order)
{
	promo_json_write_name(json, field->name);
	if ((field->flags & PROMO_NULLABLE) && promo_given_null(schema, in, field->name))
		promo_buffer_append(json, "null", 4);
	else
		promo_json_write_value(json, field, in, order);
}

static void write_what_is_given(struct promo_buffer *json, const struct promo_schema *schema,
	const void *in, enum promo_json_order order)
{
	const struct promo_field *fields[PROMO_FIELDS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < schema->count; i++)
		if (promo_json_is_given(schema, &schema->fields[i], in) &&
			!is_left_out(&schema->fields[i], in))
			fields[count++] = &schema->fields[i];
	if (order == PROMO_JSON_BY_NAME)
		qsort(fields, count, sizeof(fields[0]), by_name);
	for (size_t i = 0; i < count; i++)
		promo_json_write_given(json, schema, fields[i], in, order);
}

void promo_json_write_members(struct promo_buffer *json, const struct promo_schema *schema,
	const void *object, enum promo_json_order order)
{
	const struct promo_field *fields[PROMO_FIELDS_MAX];
	size_t count = 0;

	assert(schema->count <= PROMO_FIELDS_MAX);
	for (size_t i = 0; i < schema->count; i++)
		if (!is_left_out(&schema->fields[i], object))
			fields[count++] = &schema->fields[i];
	promo_json_write_fields(json, fields, count, object, order);
}

void promo_json_write_object(struct promo_buffer *json, const struct promo_schema *schema,
	const void *object, enum promo_json_order order)
{
	promo_buffer_char(json, '{');
	if (schema->has_set)
		write_what_is_given(json, schema, object, order);
	else
		promo_json_write_members(json, schema, object, order);
	promo_buffer_char(json, '}');
}

int promo_json_text(const json_t *value, size_t flags, struct promo_arena *arena, const char **ret)
{
	char *text = json_dumps(value, flags);
	const char *copy = promo_arena_strdup(arena, text);

	free(text);
	if (!copy)
		return promo_fault(-ENOMEM, "could not write JSON");
	*ret = copy;
	return 0;
}
