/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/json.h"
#include "libpromo/base/time.h"
#include "libpromo/rules/code.h"
#include "libpromo/rules/money.h"

/*
 * Answers of a server, read by a client. A newer server may say more than this version knows:
 * members without a field are passed over, unknown words of an enum are null. What a field cannot
 * hold at all is PROMO_E_UNAVAILABLE: whatever answers there, it does not speak this contract.
 */

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not read an answer");
}

static int take_text(const struct promo_field *field, const char *text, struct promo_arena *arena,
	const char **ret)
{
	char code[PROMO_CODE_SIZE];

	/* A code of another alphabet stays as it is shown. */
	if (field->kind == PROMO_CODE && promo_code_canonical(text, code) == 0)
		text = code;
	*ret = promo_arena_strdup(arena, text);
	return *ret ? 0 : no_memory();
}

static int take_string(
	const struct promo_field *field, const char *text, struct promo_arena *arena, void *at)
{
	switch (field->kind) {
	case PROMO_MONEY:
		return promo_money_parse(text, PROMO_MONEY_ANY_SIGN, at) ? PROMO_E_UNAVAILABLE : 0;
	case PROMO_TIME:
		return promo_time_parse(text, at) ? PROMO_E_UNAVAILABLE : 0;
	case PROMO_ENUM:
		*(int *)at = promo_word_value(field->words, text);
		return 0;
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_CODE:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_SECRET:
		return take_text(field, text, arena, at);
	case PROMO_BOOL:
	case PROMO_INT:
	case PROMO_JSON:
	case PROMO_OBJECT:
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
		break;
	}
	return PROMO_E_UNAVAILABLE;
}

static int take_texts(json_t *array, struct promo_arena *arena, struct promo_texts *ret)
{
	const size_t count = json_array_size(array);
	const char **items;

	if (!json_is_array(array))
		return PROMO_E_UNAVAILABLE;
	items = promo_arena_alloc_array(arena, count, sizeof(*items));
	if (!items)
		return no_memory();
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(array, i));

		if (!text)
			return PROMO_E_UNAVAILABLE;
		items[i] = promo_arena_strdup(arena, text);
		if (!items[i])
			return no_memory();
	}
	*ret = (struct promo_texts){ items, count };
	return 0;
}

static int take_objects(const struct promo_schema *schema, json_t *array, struct promo_arena *arena,
	struct promo_objects *ret)
{
	const size_t count = json_array_size(array);
	char *items;

	if (!json_is_array(array))
		return PROMO_E_UNAVAILABLE;
	items = promo_arena_alloc_array(arena, count, schema->size);
	if (!items)
		return no_memory();
	for (size_t i = 0; i < count; i++) {
		int r = promo_json_take_members(
			schema, json_array_get(array, i), arena, items + i * schema->size);

		if (r)
			return r;
	}
	*ret = (struct promo_objects){ items, count };
	return 0;
}

static int take_object(const struct promo_schema *schema, json_t *json, struct promo_arena *arena,
	const void **ret)
{
	void *object = promo_arena_alloc(arena, schema->size);
	int r;

	if (!object)
		return no_memory();
	r = promo_json_take_members(schema, json, arena, object);
	if (!r)
		*ret = object;
	return r;
}

static int take_value(
	const struct promo_field *field, json_t *json, struct promo_arena *arena, void *at)
{
	if (json_is_null(json))
		return 0;
	if (field->kind == PROMO_TEXTS)
		return take_texts(json, arena, at);
	if (field->kind == PROMO_OBJECTS)
		return take_objects(field->schema, json, arena, at);
	if (field->kind == PROMO_OBJECT)
		return take_object(field->schema, json, arena, at);
	if (field->kind == PROMO_JSON)
		return promo_json_text(json, JSON_COMPACT | JSON_ENCODE_ANY, arena, at);
	if (field->kind == PROMO_BOOL && json_is_boolean(json)) {
		*(bool *)at = json_is_true(json);
		return 0;
	}
	if (field->kind == PROMO_INT && json_is_integer(json)) {
		*(int64_t *)at = json_integer_value(json);
		return 0;
	}
	return json_is_string(json) ? take_string(field, json_string_value(json), arena, at)
				    : PROMO_E_UNAVAILABLE;
}

int promo_json_take_members(
	const struct promo_schema *schema, json_t *json, struct promo_arena *arena, void *ret)
{
	if (!json_is_object(json))
		return PROMO_E_UNAVAILABLE;
	promo_set_nulls(schema, ret);
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		json_t *value = json_object_get(json, field->name);
		int r;

		if (!value || (field->flags & PROMO_INTERNAL))
			continue;
		r = take_value(field, value, arena, (char *)ret + field->offset);
		if (r)
			return r;
	}
	return 0;
}

int promo_decode_output(
	const struct promo_schema *schema, const char *json, struct promo_arena *arena, void *ret)
{
	json_auto_t *object = promo_json_load_text(json, JSON_REJECT_DUPLICATES);

	return promo_json_take_members(schema, object, arena, ret);
}

int promo_decode_list(const struct promo_op *op, const char *json, struct promo_arena *arena,
	struct promo_list *ret)
{
	json_auto_t *object = promo_json_load_text(json, JSON_REJECT_DUPLICATES);
	json_t *cursor = json_object_get(object, "next_cursor");
	json_t *total = json_object_get(object, "total");
	struct promo_list list = { .total = PROMO_NULL_INT };
	struct promo_objects items;
	int r = take_objects(op->out, json_object_get(object, "items"), arena, &items);

	if (!r && op->totals)
		r = take_object(op->totals, json_object_get(object, "totals"), arena, &list.totals);
	if (r)
		return r;
	list.items = items.items;
	list.count = items.count;
	if (json_is_integer(total))
		list.total = json_integer_value(total);
	else if (json_is_null(total))
		list.total = PROMO_TOTAL_UNCOUNTED;
	if (json_is_string(cursor)) {
		list.next_cursor = promo_arena_strdup(arena, json_string_value(cursor));
		if (!list.next_cursor)
			return no_memory();
	}
	*ret = list;
	return 0;
}
