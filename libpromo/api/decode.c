/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/json.h"
#include "libpromo/api/value.h"
#include "libpromo/base/utf8.h"

/*
 * Reading goes on after a bad field, so that all of them are named at once: a positive result of
 * one field is in the problem already, only a fault (<0) stops.
 */

enum {
	DEPTH_MAX = 32,         /* of nested arrays and objects; our deepest input has 3 */
	POINTER_NAME_MAX = 100, /* bytes of a client's own name that are told back to it */
};

#define refuse(reader, pointer, ...)                                                               \
	promo_refuse_field((reader)->problem, (reader)->arena, (pointer), __VA_ARGS__)

static int read_object(const struct promo_reader *reader, const struct promo_schema *schema,
	json_t *json, const char *base, unsigned not_here, void *object);

/* A client's own name behind base and mark: "/", then escaped as RFC 6901 says, or "?". Cut where it
 * is long. */
static const char *marked_name(
	struct promo_arena *arena, const char *base, char mark, const char *name)
{
	char told[2 * POINTER_NAME_MAX + 8];
	size_t used = 0;

	while (used < POINTER_NAME_MAX) {
		int32_t c;
		const size_t length = promo_utf8_next(name, &c);

		if (length == 0)
			break;
		if (mark == '/' && (c == '~' || c == '/')) {
			told[used++] = '~';
			told[used++] = c == '~' ? '0' : '1';
		} else {
			memcpy(told + used, name, length);
			used += length;
		}
		name += length;
	}
	told[used] = '\0';
	return promo_arena_printf(arena, "%s%c%s", base, mark, told);
}

static const char *pointer_to(struct promo_arena *arena, const char *base, const char *name)
{
	return marked_name(arena, base, '/', name);
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
		if (schema->has_set && value)
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
	json_auto_t *json = json_loadb(body, size,
		JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
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
	const char *why = json_error_code(error) == json_error_duplicate_key
				  ? "a name stands twice in one object of the body"
				  : "the body is not valid JSON";

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
		json = json_loadb(body, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
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

static int read_body(const struct promo_reader *reader, const struct promo_op *op,
	const struct promo_input *input, void *ret)
{
	json_auto_t *json = NULL;
	int r = parse_body(reader, input->body, input->body_size, &json);

	if (r)
		return r;
	if (!op->in)
		return unknown_members(reader, NULL, json, "", 0);
	return read_members(reader, op->in, json, "", PROMO_IN_PATH | PROMO_IN_QUERY, ret);
}

/* What stands in the path names a thing; a name that cannot be one names nothing. */
static int read_path(const struct promo_reader *reader, const struct promo_op *op,
	const struct promo_input *input, void *ret)
{
	struct promo_problem aside = { 0 };
	const struct promo_reader quiet = { reader->env, reader->arena, &aside };

	for (size_t i = 0; i < input->path_count; i++) {
		const struct promo_pair *pair = &input->path[i];
		const struct promo_field *field =
			op->in ? promo_schema_field(op->in, pair->name) : NULL;
		int r;

		if (!field || !(field->flags & PROMO_IN_PATH))
			return promo_fault(-EINVAL, "the path of '%s' has no field '%s'", op->name,
				pair->name);
		r = promo_value_read(
			&quiet, field, pair->value, strlen(pair->value), pair->name, ret);
		if (r)
			return r < 0 ? r : PROMO_E_NOT_FOUND;
		promo_value_mark(op->in, field, ret);
	}
	return 0;
}

/* Appends what stands between commas to the list. */
static int read_query_items(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, struct promo_texts *texts)
{
	size_t count = texts->count + 1;
	const char **items;

	for (const char *c = text; *c; c++)
		count += *c == ',';
	if (count > promo_value_items_max(field))
		return promo_value_too_many(reader, field, pointer);
	items = promo_arena_alloc_array(reader->arena, count, sizeof(*items));
	if (!items)
		return no_memory();
	if (texts->count)
		memcpy(items, texts->items, texts->count * sizeof(*items));
	for (size_t i = texts->count; i < count; i++) {
		const size_t length = strcspn(text, ",");
		const char *item = promo_arena_strndup(reader->arena, text, length);
		int r;

		if (!item)
			return no_memory();
		r = promo_value_read_item(reader, field, item, length, pointer, &items[i]);
		if (r)
			return r;
		text += length + 1;
	}
	*texts = (struct promo_texts){ items, count };
	return 0;
}

/* Text from outside of JSON, into a field of any kind that can stand as text. */
static int read_from_text(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	if (field->kind == PROMO_TEXTS)
		return read_query_items(reader, field, text, pointer,
			(struct promo_texts *)(void *)((char *)object + field->offset));
	return promo_value_read(reader, field, text, strlen(text), pointer, object);
}

static int read_query(const struct promo_reader *reader, const struct promo_op *op,
	const struct promo_input *input, void *ret)
{
	for (size_t i = 0; i < input->query_count; i++) {
		const struct promo_pair *pair = &input->query[i];
		const struct promo_field *field =
			op->in ? promo_schema_field(op->in, pair->name) : NULL;
		const char *pointer = marked_name(reader->arena, "", '?', pair->name);
		int r;

		if (!pointer)
			return no_memory();
		if (!field || !(field->flags & PROMO_IN_QUERY)) {
			r = refuse(reader, pointer, "unknown_field",
				"there is no such parameter here");
		} else if (promo_present(op->in, ret, field->name) &&
			   !(field->flags & PROMO_MULTI)) {
			r = refuse(reader, pointer, "repeated", "can be given only once");
		} else {
			r = read_from_text(reader, field, pair->value, pointer, ret);
			promo_value_mark(op->in, field, ret);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

/* Names the parameters that lack. A name of the path lacks only where a caller forgot it. */
static int check_required(const struct promo_reader *reader, const struct promo_op *op, void *ret)
{
	for (size_t i = 0; op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		const char *pointer;
		int r;

		if (!(field->flags & PROMO_REQUIRED) || promo_present(op->in, ret, field->name))
			continue;
		if (field->flags & PROMO_IN_PATH)
			return PROMO_E_NOT_FOUND;
		if (!(field->flags & PROMO_IN_QUERY))
			continue;
		pointer = marked_name(reader->arena, "", '?', field->name);
		if (!pointer)
			return no_memory();
		r = refuse(reader, pointer, "required", "is required");
		if (r < 0)
			return r;
	}
	return 0;
}

static void set_list_defaults(const struct promo_op *op, void *ret)
{
	const struct promo_field *limit = promo_schema_field(op->in, "limit");

	if (op->shape == PROMO_SHAPE_LIST && limit && promo_field_is_null(limit, ret))
		*(int64_t *)((char *)ret + limit->offset) = PROMO_LIMIT_DEFAULT;
}

int promo_decode_input(const struct promo_op *op, const struct promo_input *input,
	const struct promo_decode_env *env, struct promo_arena *arena,
	struct promo_problem *problem, void *ret)
{
	const struct promo_reader reader = { env, arena, problem };
	int r;

	if (op->in)
		promo_set_nulls(op->in, ret);
	r = read_path(&reader, op, input, ret);
	if (r)
		return r;
	r = read_query(&reader, op, input, ret);
	if (r)
		return r;
	r = check_required(&reader, op, ret);
	if (r)
		return r;
	r = read_body(&reader, op, input, ret);
	if (r)
		return r;
	if (op->in)
		set_list_defaults(op, ret);
	return problem->field_count > 0 ? PROMO_E_INVALID_INPUT : 0;
}

int promo_decode_text(const struct promo_schema *schema, const struct promo_field *field,
	const char *text, const char *pointer, const struct promo_decode_env *env,
	struct promo_arena *arena, struct promo_problem *problem, void *object)
{
	const struct promo_reader reader = { env, arena, problem };
	int r = read_from_text(&reader, field, text, pointer, object);

	if (r)
		return r;
	if (schema->has_set)
		promo_value_mark(schema, field, object);
	return 0;
}
