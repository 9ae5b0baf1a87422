/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/json.h"

int promo_encode(const struct promo_schema *schema, const void *object, struct promo_arena *arena,
	const char **ret)
{
	json_auto_t *value = json_object();
	int r;

	if (!value)
		return promo_fault(-ENOMEM, "could not encode an answer");
	r = promo_json_put_members(schema, object, value);
	if (r)
		return r;
	return promo_json_text(value, JSON_COMPACT, arena, ret);
}

int promo_encode_value(const struct promo_field *field, const void *object,
	struct promo_arena *arena, const char **ret)
{
	json_auto_t *value = NULL;
	int r;

	r = promo_json_value(field, object, &value);
	if (r)
		return r;
	return promo_json_text(value, JSON_COMPACT | JSON_ENCODE_ANY, arena, ret);
}

int promo_encode_list(const struct promo_schema *schema, const struct promo_list *list,
	struct promo_arena *arena, const char **ret)
{
	const struct promo_field items = {
		.name = "items", .kind = PROMO_OBJECTS, .schema = schema
	};
	const struct promo_objects objects = { list->items, list->count };
	json_auto_t *value = json_object();
	json_t *array = NULL;
	int r;

	if (!value)
		return promo_fault(-ENOMEM, "could not encode a list");
	r = promo_json_value(&items, &objects, &array);
	if (r)
		return r;
	r = promo_json_put(value, "items", array);
	if (r)
		return r;
	r = promo_json_put(value, "next_cursor",
		list->next_cursor ? json_string(list->next_cursor) : json_null());
	if (r)
		return r;
	if (list->total != PROMO_NULL_INT) {
		r = promo_json_put(value, "total", json_integer(list->total));
		if (r)
			return r;
	}
	return promo_json_text(value, JSON_COMPACT, arena, ret);
}

static bool has_bit(
	const struct promo_schema *schema, const struct promo_field *field, uint64_t bits)
{
	return (bits >> (field - schema->fields)) & 1;
}

int promo_encode_canonical(
	const struct promo_op *op, const void *in, struct promo_arena *arena, const char **ret)
{
	json_auto_t *value = json_object();
	const char *text;
	int r;

	if (!value)
		return promo_fault(-ENOMEM, "could not encode an input");
	for (size_t i = 0; op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		json_t *member = NULL;

		if (!has_bit(op->in, field, ((const struct promo_set *)in)->present))
			continue;
		r = promo_json_value(field, in, &member);
		if (r)
			return r;
		r = promo_json_put(value, field->name, member);
		if (r)
			return r;
	}
	r = promo_json_text(value, JSON_COMPACT | JSON_SORT_KEYS, arena, &text);
	if (r)
		return r;
	text = promo_arena_printf(arena, "%s %s", op->name, text);
	if (!text)
		return promo_fault(-ENOMEM, "could not encode an input");
	*ret = text;
	return 0;
}
