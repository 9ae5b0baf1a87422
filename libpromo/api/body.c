/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/json.h"
#include "libpromo/api/value.h"

/*
 * The body of a request, by the table of its fields. Reading goes on after a bad field, so that all
 * of them are named at once: a positive result of one field is in the problem already, only a fault
 * (<0) stops.
 */

enum {
	DEPTH_MAX = 32, /* of nested arrays and objects; our deepest input has 3 */
};

#define refuse(reader, pointer, ...)                                                               \
	promo_refuse_field((reader)->problem, (reader)->arena, (pointer), __VA_ARGS__)

static int read_object(const struct promo_reader *reader, const struct promo_schema *schema,
	json_t *json, const char *base, unsigned not_here, void *object);

static const char *pointer_to(struct promo_arena *arena, const char *base, const char *name)
{
	return promo_value_pointer(arena, base, '/', name);
}

static const char *pointer_to_index(struct promo_arena *arena, const char *base, size_t index)
{
	return promo_arena_printf(arena, "%s/%zu", base, index);
}

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not read an input");
}

static int read_texts(const struct promo_reader *reader, const struct promo_field *field,
	json_t *json, const char *pointer, struct promo_texts *ret)
{
	const size_t count = json_array_size(json);
	const char **items;

	if (!json_is_array(json))
		return refuse(reader, pointer, "wrong_type", "has to be a list of texts");
	if (count > promo_value_items_max(field))
		return promo_value_too_many(reader, field, pointer);
	if ((int64_t)count < field->min)
		return refuse(reader, pointer, "too_short", "needs at least %" PRId64, field->min);
	items = promo_arena_alloc_array(reader->arena, count, sizeof(*items));
	if (!items)
		return no_memory();
	for (size_t i = 0; i < count; i++) {
		json_t *item = json_array_get(json, i);
		const char *at = pointer_to_index(reader->arena, pointer, i);
		int r;

		if (!at)
			return no_memory();
		r = json_is_string(item)
			    ? promo_value_read_item(reader, field, json_string_value(item),
				      json_string_length(item), at, &items[i])
			    : refuse(reader, at, "wrong_type", "has to be a text");
		if (r < 0)
			return r;
	}
	*ret = (struct promo_texts){ items, count };
	return 0;
}

static int read_objects(const struct promo_reader *reader, const struct promo_field *field,
	json_t *json, const char *pointer, struct promo_objects *ret)
{
	const size_t count = json_array_size(json);
	char *items;

	if (!json_is_array(json))
		return refuse(reader, pointer, "wrong_type", "has to be a list of objects");
	if (count > promo_value_items_max(field))
		return promo_value_too_many(reader, field, pointer);
	items = promo_arena_alloc_array(reader->arena, count, field->schema->size);
	if (!items)
		return no_memory();
	for (size_t i = 0; i < count; i++) {
		const char *at = pointer_to_index(reader->arena, pointer, i);
		int r;

		if (!at)
			return no_memory();
		r = read_object(reader, field->schema, json_array_get(json, i), at, 0,
			items + i * field->schema->size);
		if (r < 0)
			return r;
	}
	*ret = (struct promo_objects){ items, count };
	return 0;
}

static int read_one_object(const struct promo_reader *reader, const struct promo_field *field,
	json_t *json, const char *pointer, const void **ret)
{
	void *object = promo_arena_alloc(reader->arena, field->schema->size);
	int r;

	if (!object)
		return no_memory();
	r = read_object(reader, field->schema, json, pointer, 0, object);
	if (!r)
		*ret = object;
	return r;
}

static int read_integer(const struct promo_reader *reader, const struct promo_field *field,
	json_t *json, const char *pointer, void *object)
{
	char text[24];

	if (field->kind == PROMO_INT)
		return promo_value_take_number(
			reader, field, json_integer_value(json), pointer, object);
	/* An amount without decimals, by who does not know that amounts are texts. */
	(void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(json));
	return promo_value_read(reader, field, text, strlen(text), pointer, object);
}

static int read_scalar(const struct promo_reader *reader, const struct promo_field *field,
	json_t *json, const char *pointer, void *object)
{
	if (field->kind == PROMO_BOOL) {
		if (!json_is_boolean(json))
			return refuse(reader, pointer, "wrong_type", "has to be true or false");
		*(bool *)((char *)object + field->offset) = json_is_true(json);
		return 0;
	}
	if ((field->kind == PROMO_INT || field->kind == PROMO_MONEY) && json_is_integer(json))
		return read_integer(reader, field, json, pointer, object);
	if (field->kind == PROMO_INT)
		return refuse(reader, pointer, "wrong_type", "has to be a whole number");
	if (!json_is_string(json))
		return refuse(reader, pointer, "wrong_type", "%s",
			field->kind == PROMO_MONEY ? "has to be a text like \"500.00\""
						   : "has to be a text");
	return promo_value_read(
		reader, field, json_string_value(json), json_string_length(json), pointer, object);
}

static int read_json(const struct promo_reader *reader, json_t *json, const char **ret)
{
	if (json_is_null(json))
		return 0;
	return promo_json_text(
		json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS, reader->arena, ret);
}

static int read_value(const struct promo_reader *reader, const struct promo_field *field,
	json_t *json, const char *pointer, void *object)
{
	void *at = (char *)object + field->offset;

	if (field->kind == PROMO_JSON)
		return read_json(reader, json, at);
	if (json_is_null(json) && (field->flags & PROMO_NULLABLE))
		return 0;
	if (json_is_null(json))
		return refuse(reader, pointer, "not_null", "must not be null");
	if (field->kind == PROMO_TEXTS)
		return read_texts(reader, field, json, pointer, at);
	if (field->kind == PROMO_OBJECTS)
		return read_objects(reader, field, json, pointer, at);
	if (field->kind == PROMO_OBJECT)
		return read_one_object(reader, field, json, pointer, at);
	return read_scalar(reader, field, json, pointer, object);
}

static int unknown_members(const struct promo_reader *reader, const struct promo_schema *schema,
	json_t *json, const char *base, unsigned not_here)
{
	const char *name;
	json_t *value;

	json_object_foreach(json, name, value)
	{
		const struct promo_field *field = schema ? promo_schema_field(schema, name) : NULL;
		const char *pointer;
		int r;

		if (field && !(field->flags & not_here))
			continue;
		pointer = pointer_to(reader->arena, base, name);
		if (!pointer)
			return no_memory();
		r = refuse(reader, pointer, "unknown_field", "there is no such field here");
		if (r < 0)
			return r;
	}
	return 0;
}

void promo_value_mark(
	const struct promo_schema *schema, const struct promo_field *field, void *object)
{
	struct promo_set *set = object;
	const uint64_t bit = UINT64_C(1) << (field - schema->fields);

	set->present |= bit;
	set->null &= ~bit;
	if ((field->flags & PROMO_NULLABLE) && promo_field_is_null(field, object) &&
		!(field->kind == PROMO_TEXTS && (field->flags & PROMO_EMPTY)))
		set->null |= bit;
}

/* Said of kinds, too, that have no null in the struct. */
static void mark_null(
	const struct promo_schema *schema, const struct promo_field *field, struct promo_set *set)
{
	set->present |= UINT64_C(1) << (field - schema->fields);
	set->null |= UINT64_C(1) << (field - schema->fields);
}

/* Fields with a flag of `not_here` come from elsewhere (path, query). The object is a struct of
 * schema whose nulls are set; a bad field is named and does not stop the others. */
static int read_members(const struct promo_reader *reader, const struct promo_schema *schema,
	json_t *json, const char *base, unsigned not_here, void *object)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		json_t *value = json_object_get(json, field->name);
		const char *pointer;
		int r = 0;

		if ((field->flags & not_here) || (!value && !(field->flags & PROMO_REQUIRED)))
			continue;
		pointer = pointer_to(reader->arena, base, field->name);
		if (!pointer)
			return no_memory();
		r = value ? read_value(reader, field, value, pointer, object)
			  : refuse(reader, pointer, "required", "is required");
		if (r < 0)
			return r;
		if (schema->has_set && json_is_null(value) && (field->flags & PROMO_NULLABLE))
			mark_null(schema, field, object);
		else if (schema->has_set && value)
			promo_value_mark(schema, field, object);
	}
	return unknown_members(reader, schema, json, base, not_here);
}

static int read_object(const struct promo_reader *reader, const struct promo_schema *schema,
	json_t *json, const char *base, unsigned not_here, void *object)
{
	if (!json_is_object(json))
		return refuse(reader, base, "wrong_type", "has to be an object");
	promo_set_nulls(schema, object);
	return read_members(reader, schema, json, base, not_here, object);
}

/* Deeper than any input of ours is an attack on the stack of whoever parses it. */
static bool too_deep(const char *body, size_t size)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < size; i++) {
		const char c = body[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > DEPTH_MAX)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

/* A number that no int64_t holds stops jansson; read once more with numbers as reals, the members
 * that are to blame can be named. */
static int name_overflow(const struct promo_reader *reader, const char *body, size_t size)
{
	const double beyond = 9223372036854775807.0;
	json_error_t error;
	json_auto_t *json = promo_json_load(body, size,
		JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
	const char *name;
	json_t *value;

	json_object_foreach(json, name, value)
	{
		const double number = json_real_value(value);
		const char *pointer;
		int r;

		if (number < beyond && number > -beyond)
			continue;
		pointer = pointer_to(reader->arena, "", name);
		if (!pointer)
			return no_memory();
		r = refuse(reader, pointer, "out_of_range", "is too large a number");
		if (r < 0)
			return r;
	}
	if (reader->problem->field_count > 0)
		return PROMO_E_INVALID_INPUT;
	return refuse(reader, "", "out_of_range", "a number in the body is too large");
}

static int malformed(const struct promo_reader *reader, const json_error_t *error)
{
	const enum json_error_code code = json_error_code(error);
	const char *why = code == json_error_duplicate_key
				  ? "a name stands twice in one object of the body"
				  : "the body is not valid JSON";

	if (code == json_error_out_of_memory)
		return no_memory();
	return promo_refuse(reader->problem, reader->arena, PROMO_E_MALFORMED_REQUEST,
		"%s (line %d, column %d)", why, error->line, error->column);
}

static bool is_blank(const char *body, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (body[i] != ' ' && body[i] != '\t' && body[i] != '\n' && body[i] != '\r')
			return false;
	return true;
}

/* A body that is not there is an object without members. */
static int parse_body(
	const struct promo_reader *reader, const char *body, size_t size, json_t **ret)
{
	json_auto_t *json = NULL;
	json_error_t error;

	if (!body || is_blank(body, size)) {
		json = json_object();
		if (!json)
			return no_memory();
	} else if (too_deep(body, size)) {
		return promo_refuse(reader->problem, reader->arena, PROMO_E_MALFORMED_REQUEST,
			"the body is nested too deeply");
	} else {
		json = promo_json_load(body, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
		if (!json && json_error_code(&error) == json_error_numeric_overflow)
			return name_overflow(reader, body, size);
		if (!json)
			return malformed(reader, &error);
	}
	if (!json_is_object(json))
		return promo_refuse(reader->problem, reader->arena, PROMO_E_MALFORMED_REQUEST,
			"the body has to be a JSON object");
	*ret = json_incref(json);
	return 0;
}

int promo_decode_object(const struct promo_schema *schema, const char *text, const char *base,
	const struct promo_decode_env *env, struct promo_arena *arena,
	struct promo_problem *problem, void *ret)
{
	const struct promo_reader reader = { env, arena, problem };
	json_auto_t *json = promo_json_load_text(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL);
	int r;

	promo_set_nulls(schema, ret);
	r = read_object(&reader, schema, json, base, 0, ret);
	if (r)
		return r;
	return problem->field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

int promo_value_read_body(const struct promo_reader *reader, const struct promo_schema *schema,
	const char *body, size_t size, void *ret)
{
	json_auto_t *json = NULL;
	int r = parse_body(reader, body, size, &json);

	if (r)
		return r;
	if (!schema)
		return unknown_members(reader, NULL, json, "", 0);
	return read_members(reader, schema, json, "", PROMO_IN_PATH | PROMO_IN_QUERY, ret);
}
