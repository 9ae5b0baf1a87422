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

/* Secrets, codes and what is of a person never stand in the audit trail (design, section 3). */
static bool may_be_told(const struct promo_field *field)
{
	return field->kind != PROMO_SECRET && field->kind != PROMO_CODE &&
	       field->kind != PROMO_PHONE && field->kind != PROMO_EMAIL &&
	       !(field->flags & (PROMO_INTERNAL | PROMO_PERSONAL));
}

/* Adds {field, before, after} where the two differ. Values that may not be told become null on both
 * sides: that they changed is said, what they were is not. */
static int put_change(
	const struct promo_field *field, const void *before, const void *after, json_t *changes)
{
	json_auto_t *old = NULL, *new = NULL;
	json_auto_t *change = json_object();
	int r;

	r = before ? promo_json_value(field, before, &old) : 0;
	if (r)
		return r;
	r = after ? promo_json_value(field, after, &new) : 0;
	if (r)
		return r;
	if (!old)
		old = json_null();
	if (!new)
		new = json_null();
	if (json_equal(old, new))
		return 0;
	if (!change || json_object_set_new(change, "field", json_string(field->name)) ||
		json_object_set(change, "before", may_be_told(field) ? old : json_null()) ||
		json_object_set(change, "after", may_be_told(field) ? new : json_null()) ||
		json_array_append(changes, change))
		return promo_fault(-ENOMEM, "could not note a change");
	return 0;
}

int promo_encode_changes(const struct promo_schema *schema, const void *before, const void *after,
	struct promo_arena *arena, const char **ret)
{
	json_auto_t *changes = json_array();

	if (!changes)
		return promo_fault(-ENOMEM, "could not note changes");
	for (size_t i = 0; i < schema->count; i++) {
		int r = put_change(&schema->fields[i], before, after, changes);

		if (r)
			return r;
	}
	return promo_json_text(changes, JSON_COMPACT, arena, ret);
}
