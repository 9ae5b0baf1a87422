/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/value.h"

#define refuse(reader, pointer, ...)                                                               \
	promo_refuse_field((reader)->problem, (reader)->arena, (pointer), __VA_ARGS__)

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not read an input");
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

/* What was named of an object that stood alone is named by where it belongs. */
static int name_within(const struct promo_reader *reader, const char *pointer, size_t from)
{
	struct promo_problem *problem = reader->problem;

	for (size_t i = from; i < problem->field_count; i++) {
		const char *member = problem->fields[i].pointer;

		problem->fields[i].pointer =
			promo_arena_printf(reader->arena, "%s%s", pointer, member);
		if (!problem->fields[i].pointer)
			return no_memory();
	}
	return 0;
}

/* An object as the text of its JSON, which is how a command line gives one. */
static int read_object_text(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	void *inner = promo_arena_alloc(reader->arena, field->schema->size);
	const size_t named = reader->problem->field_count;
	int r, lost;

	if (!inner)
		return no_memory();
	promo_set_nulls(field->schema, inner);
	r = promo_value_read_body(reader, field->schema, text, strlen(text), inner);
	if (r == PROMO_E_MALFORMED_REQUEST)
		return refuse(reader, pointer, "wrong_type", "has to be a JSON object");
	lost = name_within(reader, pointer, named);
	if (lost)
		return lost;
	if (!r)
		*(const void **)(void *)((char *)object + field->offset) = inner;
	return r;
}

/* Text from outside of JSON, into a field of any kind that can stand as text. */
static int read_from_text(const struct promo_reader *reader, const struct promo_field *field,
	const char *text, const char *pointer, void *object)
{
	if (field->kind == PROMO_TEXTS)
		return read_query_items(reader, field, text, pointer,
			(struct promo_texts *)(void *)((char *)object + field->offset));
	if (field->kind == PROMO_OBJECT)
		return read_object_text(reader, field, text, pointer, object);
	return promo_value_read(reader, field, text, strlen(text), pointer, object);
}

static int read_query(const struct promo_reader *reader, const struct promo_op *op,
	const struct promo_input *input, void *ret)
{
	for (size_t i = 0; i < input->query_count; i++) {
		const struct promo_pair *pair = &input->query[i];
		const struct promo_field *field =
			op->in ? promo_schema_field(op->in, pair->name) : NULL;
		const char *pointer = promo_value_pointer(reader->arena, "", '?', pair->name);
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
		pointer = promo_value_pointer(reader->arena, "", '?', field->name);
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
	if (op->body == PROMO_BODY_JSON) {
		r = promo_value_read_body(&reader, op->in, input->body, input->body_size, ret);
		if (r)
			return r;
	}
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
