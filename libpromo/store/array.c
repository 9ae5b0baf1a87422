/* SPDX-License-Identifier: MIT */
#include "libpromo/store/array.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/store/store.h"

enum {
	NUMBER_SIZE = 32, /* an int64_t with a sign and a point */
	FRAME = 2,        /* the brace or comma before an item, and the brace behind the last */
};

struct promo_array promo_array_new(struct promo_arena *arena, size_t count, size_t item_size)
{
	struct promo_array array = { .arena = arena, .capacity = count * (item_size + 1) + FRAME };

	array.text = promo_arena_alloc(arena, array.capacity + 1);
	array.failed = !array.text;
	return array;
}

/* Makes room for an item of `size` bytes with what stands around it, and begins it. */
static bool begin(struct promo_array *array, size_t size)
{
	size_t wanted = array->size + size + FRAME;
	char *text;

	if (array->failed)
		return false;
	if (wanted > array->capacity) {
		wanted *= 2;
		text = promo_arena_alloc(array->arena, wanted + 1);
		if (!text) {
			array->failed = true;
			return false;
		}
		memcpy(text, array->text, array->size);
		array->text = text;
		array->capacity = wanted;
	}
	array->text[array->size] = array->size == 0 ? '{' : ',';
	array->size++;
	return true;
}

static void add(struct promo_array *array, const char *text, size_t length)
{
	if (!begin(array, length))
		return;
	memcpy(array->text + array->size, text, length);
	array->size += length;
}

void promo_array_plain(struct promo_array *array, const char *value)
{
	if (!value)
		value = "NULL";
	add(array, value, strlen(value));
}

/* In quotes, so that only those two characters need a backslash. */
void promo_array_text(struct promo_array *array, const char *value)
{
	char *to;

	if (!value) {
		add(array, "NULL", strlen("NULL"));
		return;
	}
	if (!begin(array, 2 * strlen(value) + strlen("\"\"")))
		return;
	to = array->text + array->size;
	*to++ = '"';
	for (const char *c = value; *c; c++) {
		if (*c == '"' || *c == '\\')
			*to++ = '\\';
		*to++ = *c;
	}
	*to++ = '"';
	array->size = (size_t)(to - array->text);
}

void promo_array_int(struct promo_array *array, int64_t value)
{
	char text[NUMBER_SIZE];

	if (value == PROMO_NULL_INT) {
		promo_array_plain(array, NULL);
		return;
	}
	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	promo_array_plain(array, text);
}

void promo_array_money(struct promo_array *array, int64_t minor)
{
	const uint64_t size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
	char text[NUMBER_SIZE];

	if (minor == PROMO_NULL_INT) {
		promo_array_plain(array, NULL);
		return;
	}
	(void)snprintf(text, sizeof(text), "%s%" PRIu64 ".%02" PRIu64, minor < 0 ? "-" : "",
		size / 100, size % 100);
	promo_array_plain(array, text);
}

void promo_param_array(struct promo_params *params, struct promo_array *array)
{
	if (!array->failed && array->size == 0)
		array->text[array->size++] = '{';
	if (!array->failed) {
		array->text[array->size++] = '}';
		array->text[array->size] = '\0';
	}
	if (array->failed || params->count == PROMO_PARAMS_MAX)
		params->failed = true;
	else
		params->values[params->count++] = array->text;
}
