/* SPDX-License-Identifier: MIT */
#include "libpromo/api/json.h"

#include <errno.h>
#include <stdlib.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "libpromo/rules/code.h"
#include "libpromo/rules/money.h"

/* A NULL from jansson means no memory, or a text that is not UTF-8: neither ever comes from a
 * client, whose texts were checked on their way in. */
static int made(const struct promo_field *field, json_t *value, json_t **ret)
{
	if (!value)
		return promo_fault(-ENOMEM, "could not encode the field '%s'", field->name);
	*ret = value;
	return 0;
}

static int embedded_value(const struct promo_field *field, const char *text, json_t **ret)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	if (!value)
		return promo_fault(-EPROTO, "the field '%s' does not hold JSON", field->name);
	*ret = value;
	return 0;
}

static int texts_value(
	const struct promo_field *field, const struct promo_texts *texts, json_t **ret)
{
	json_auto_t *array = json_array();

	for (size_t i = 0; i < texts->count; i++)
		if (json_array_append_new(array, json_string(texts->items[i])))
			return promo_fault(-ENOMEM, "could not encode the list '%s'", field->name);
	return made(field, json_incref(array), ret);
}

static int object_value(const struct promo_schema *schema, const void *object, json_t **ret)
{
	json_auto_t *value = json_object();
	int r;

	if (!value)
		return promo_fault(-ENOMEM, "could not encode an object");
	r = promo_json_put_members(schema, object, value);
	if (r)
		return r;
	*ret = json_incref(value);
	return 0;
}

static int objects_value(
	const struct promo_field *field, const struct promo_objects *objects, json_t **ret)
{
	json_auto_t *array = json_array();

	for (size_t i = 0; i < objects->count; i++) {
		json_t *value = NULL;
		int r = object_value(field->schema,
			(const char *)objects->items + i * field->schema->size, &value);

		if (r)
			return r;
		if (json_array_append_new(array, value))
			return promo_fault(-ENOMEM, "could not encode the list '%s'", field->name);
	}
	return made(field, json_incref(array), ret);
}

static json_t *scalar_value(const struct promo_field *field, const void *at)
{
	union {
		char time[PROMO_TIME_SIZE], money[PROMO_MONEY_SIZE], code[PROMO_CODE_SHOWN_SIZE];
	} text;

	switch (field->kind) {
	case PROMO_BOOL:
		return json_boolean(*(const bool *)at);
	case PROMO_INT:
		return json_integer(*(const int64_t *)at);
	case PROMO_MONEY:
		promo_money_format(*(const int64_t *)at, text.money);
		return json_string(text.money);
	case PROMO_TIME:
		promo_time_format(*(const int64_t *)at, text.time);
		return json_string(text.time);
	case PROMO_ENUM:
		return json_string(promo_word(field->words, *(const int *)at));
	case PROMO_CODE:
		promo_code_show(*(const char *const *)at, text.code);
		return json_string(text.code);
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_SECRET:
		return json_string(*(const char *const *)at);
	case PROMO_JSON:
	case PROMO_OBJECT:
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
		break;
	}
	return NULL;
}

int promo_json_value(const struct promo_field *field, const void *object, json_t **ret)
{
	const void *at = promo_json_at(field, object);

	if (field->kind == PROMO_TEXTS)
		return texts_value(field, at, ret);
	if (field->kind == PROMO_OBJECTS)
		return objects_value(field, at, ret);
	if (promo_field_is_null(field, object)) {
		*ret = json_null();
		return 0;
	}
	if (field->kind == PROMO_OBJECT)
		return object_value(field->schema, *(const void *const *)at, ret);
	if (field->kind == PROMO_JSON)
		return embedded_value(field, *(const char *const *)at, ret);
	return made(field, scalar_value(field, at), ret);
}

int promo_json_put(json_t *into, const char *name, json_t *value)
{
	if (json_object_set_new(into, name, value))
		return promo_fault(-ENOMEM, "could not encode '%s'", name);
	return 0;
}

/* A list that was never filled is left out; one that is known to be empty is []. */
static bool is_left_out(const struct promo_field *field, const void *object)
{
	const void *at = promo_json_at(field, object);

	if (!(field->flags & PROMO_OMIT_NULL))
		return false;
	if (field->kind == PROMO_TEXTS)
		return !((const struct promo_texts *)at)->items;
	if (field->kind == PROMO_OBJECTS)
		return !((const struct promo_objects *)at)->items;
	return promo_field_is_null(field, object);
}

int promo_json_put_members(const struct promo_schema *schema, const void *object, json_t *into)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		json_t *value = NULL;
		int r;

		if (field->flags & PROMO_INTERNAL)
			continue;
		if (is_left_out(field, object))
			continue;
		r = promo_json_value(field, object, &value);
		if (r)
			return r;
		r = promo_json_put(into, field->name, value);
		if (r)
			return r;
	}
	return 0;
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
