/* SPDX-License-Identifier: MIT */
#include "libpromo/store/row.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"

enum {
	COLUMN_NAME_SIZE = 192
};

/* Where the values of one object come from: a row, or item `item` of arrays that stand in a row. */
struct source {
	const PGresult *result;
	int row;
	struct promo_arena *arena;
	const struct promo_texts *arrays; /* by column; NULL: the row itself */
	size_t item;
};

void promo_row_plan_free(struct promo_row_plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->schema->count; i++)
		promo_row_plan_free(plan->slots[i].plan);
	free(plan);
}

void promo_row_plan_freep(struct promo_row_plan **plan)
{
	promo_row_plan_free(*plan);
	*plan = NULL;
}

static int plan_new(const struct promo_schema *schema, const PGresult *result, const char *prefix,
	struct promo_row_plan **ret)
{
	PROMO_CLEANUP(promo_row_plan_freep) struct promo_row_plan *plan = NULL;
	char name[COLUMN_NAME_SIZE];
	int r;

	plan = calloc(1, sizeof(*plan) + schema->count * sizeof(plan->slots[0]));
	if (!plan)
		return promo_fault(-ENOMEM, "no memory for the columns of \"%s\"", schema->name);
	plan->schema = schema;
	for (size_t i = 0; i < schema->count; i++) {
		struct promo_row_slot *slot = &plan->slots[i];

		slot->field = &schema->fields[i];
		slot->column = -1;
		if (slot->field->flags & PROMO_ONLY_WIRE)
			continue;
		(void)snprintf(name, sizeof(name), "%s%s%s", prefix, slot->field->name,
			slot->field->schema ? "." : "");
		if (slot->field->schema) {
			r = plan_new(slot->field->schema, result, name, &slot->plan);
			if (r)
				return r;
			plan->columns += slot->plan->columns;
		} else {
			slot->column = PQfnumber(result, name);
			plan->columns += slot->column >= 0;
		}
	}
	*ret = TAKE_PTR(plan);
	return 0;
}

int promo_row_plan_new(
	const struct promo_schema *schema, const PGresult *result, struct promo_row_plan **ret)
{
	return plan_new(schema, result, "", ret);
}

/* How far an item reaches: to the closing quote, or to what ends an item without quotes. */
static size_t item_length(const char *from)
{
	size_t length = 1;

	if (*from != '"')
		return strcspn(from, ",{}\"");
	while (from[length] && from[length] != '"')
		length += from[length] == '\\' && from[length + 1] ? 2 : 1;
	return length;
}

/* One item of an array, from *at on; *at is then behind it. */
static int array_item(const char **at, struct promo_arena *arena, const char **ret)
{
	const char *from = *at;
	size_t length = item_length(from);
	char *item = promo_arena_alloc(arena, length + 1), *to = item;

	if (!item)
		return promo_fault(-ENOMEM, "no memory for an array");
	if (*from != '"') {
		if (length == 0)
			return PROMO_E_INVALID_INPUT;
		memcpy(item, from, length);
		*at = from + length;
		*ret = strcmp(item, "NULL") == 0 ? NULL : item;
		return 0;
	}
	if (from[length] != '"')
		return PROMO_E_INVALID_INPUT;
	for (size_t i = 1; i < length; i++) {
		if (from[i] == '\\')
			i++;
		*to++ = from[i];
	}
	*at = from + length + 1;
	*ret = item;
	return 0;
}

int promo_row_array(const char *text, struct promo_arena *arena, struct promo_texts *ret)
{
	static const char *const none[1];
	size_t most = 1, count = 0;
	const char **items;

	if (*text == '[') { /* bounds that do not begin at 1 */
		text = strchr(text, '=');
		text = text ? text + 1 : "";
	}
	if (strcmp(text, "{}") == 0) {
		*ret = (struct promo_texts){ .items = none, .count = 0 };
		return 0;
	}
	for (const char *c = text; *c; c++)
		most += *c == ',';
	items = promo_arena_alloc_array(arena, most, sizeof(*items));
	if (!items)
		return promo_fault(-ENOMEM, "no memory for an array");
	if (*text != '{')
		return PROMO_E_INVALID_INPUT;
	do {
		int r;

		text++;
		r = array_item(&text, arena, &items[count++]);
		if (r)
			return r;
	} while (*text == ',');
	if (strcmp(text, "}") != 0)
		return PROMO_E_INVALID_INPUT;
	*ret = (struct promo_texts){ .items = items, .count = count };
	return 0;
}

static const char *value_of(const struct source *source, int column)
{
	if (column < 0)
		return NULL;
	if (source->arrays)
		return source->arrays[column].items[source->item];
	if (PQgetisnull(source->result, source->row, column))
		return NULL;
	return PQgetvalue(source->result, source->row, column);
}

static int read_int(const char *value, int64_t *ret)
{
	char *end;
	long long number;

	if (!value) {
		*ret = PROMO_NULL_INT;
		return 0;
	}
	errno = 0;
	number = strtoll(value, &end, 10);
	if (errno || end == value || *end)
		return PROMO_E_INVALID_INPUT;
	*ret = number;
	return 0;
}

/* numeric into minor units: "-12.50", "3", "0.5"; what is smaller than a minor unit is no money. */
static int read_money(const char *value, int64_t *ret)
{
	const char *c = value;
	bool negative = value && *value == '-';
	int decimals = -1;
	int64_t minor = 0;

	if (!value) {
		*ret = PROMO_NULL_INT;
		return 0;
	}
	for (c += negative; *c; c++) {
		if (*c == '.' && decimals < 0) {
			decimals = 0;
		} else if (*c < '0' || *c > '9') {
			return PROMO_E_INVALID_INPUT;
		} else if (decimals >= 2) {
			if (*c != '0')
				return PROMO_E_INVALID_INPUT;
		} else {
			if (__builtin_mul_overflow(minor, 10, &minor) ||
				__builtin_add_overflow(minor, *c - '0', &minor))
				return PROMO_E_INVALID_INPUT;
			decimals += decimals >= 0;
		}
	}
	for (int i = decimals < 0 ? 0 : decimals; i < 2; i++)
		if (__builtin_mul_overflow(minor, 10, &minor))
			return PROMO_E_INVALID_INPUT;
	*ret = negative ? -minor : minor;
	return 0;
}

static int read_time(const char *value, int64_t *ret)
{
	*ret = 0;
	return value ? promo_time_parse_iso(value, ret) : 0;
}

static int read_bool(const char *value, bool *ret)
{
	if (value && strcmp(value, "t") != 0 && strcmp(value, "f") != 0)
		return PROMO_E_INVALID_INPUT;
	*ret = value && *value == 't';
	return 0;
}

static int read_word(const struct promo_words *words, const char *value, int *ret)
{
	*ret = value ? promo_word_value(words, value) : 0;
	return value && *ret == 0 ? PROMO_E_INVALID_INPUT : 0;
}

static int read_text(const struct source *source, const char *value, const char **ret)
{
	/* Items of arrays are in the arena already. */
	*ret = source->arrays ? value : promo_arena_strdup(source->arena, value);
	if (value && !*ret)
		return promo_fault(-ENOMEM, "no memory for a text of the database");
	return 0;
}

static int read_texts(const struct source *source, const char *value, struct promo_texts *ret)
{
	*ret = (struct promo_texts){ .count = 0 };
	return value ? promo_row_array(value, source->arena, ret) : 0;
}

static int read_object(const struct promo_row_plan *plan, const struct source *source, void *ret);

static bool all_null(const struct promo_row_plan *plan, const struct source *source)
{
	for (size_t i = 0; i < plan->schema->count; i++) {
		const struct promo_row_slot *slot = &plan->slots[i];

		if (slot->plan ? !all_null(slot->plan, source) : !!value_of(source, slot->column))
			return false;
	}
	return true;
}

/* Whether the row has nothing for an object that may be missing. Without its id it is missing,
 * whatever a join made of the rest; one that is always there may have no id: nobody acted. */
static bool is_missing(const struct promo_field *field, const struct promo_row_plan *plan,
	const struct source *source)
{
	const struct promo_row_slot *first = &plan->slots[0];

	if (field->flags & PROMO_NULLABLE && strcmp(first->field->name, "id") == 0)
		return !value_of(source, first->column);
	return all_null(plan, source);
}

static int read_pointer(
	const struct promo_row_slot *slot, const struct source *source, const void **ret)
{
	const struct promo_row_plan *plan = slot->plan;
	void *object;
	int r;

	*ret = NULL;
	if (is_missing(slot->field, plan, source))
		return 0;
	object = promo_arena_alloc(source->arena, plan->schema->size);
	if (!object)
		return promo_fault(-ENOMEM, "no memory for a \"%s\"", plan->schema->name);
	r = read_object(plan, source, object);
	if (r)
		return r;
	*ret = object;
	return 0;
}

/* Reads the arrays under a plan; all have to be of one length, *length is -1 before the first. */
static int read_arrays(const struct promo_row_plan *plan, const struct source *source,
	struct promo_texts *arrays, int64_t *length)
{
	for (size_t i = 0; i < plan->schema->count; i++) {
		const struct promo_row_slot *slot = &plan->slots[i];
		int r;

		if (slot->plan) {
			r = read_arrays(slot->plan, source, arrays, length);
			if (r)
				return r;
			continue;
		}
		if (slot->column < 0)
			continue;
		r = read_texts(source, value_of(source, slot->column), &arrays[slot->column]);
		if (r)
			return r;
		if (*length >= 0 && (size_t)*length != arrays[slot->column].count)
			return PROMO_E_INVALID_INPUT;
		*length = (int64_t)arrays[slot->column].count;
	}
	return 0;
}

static int read_objects(
	const struct promo_row_plan *plan, const struct source *source, struct promo_objects *ret)
{
	struct source items = *source;
	struct promo_texts *arrays;
	int64_t length = -1;
	char *objects;
	int r;

	*ret = (struct promo_objects){ .count = 0 };
	if (source->arrays)
		return PROMO_E_INVALID_INPUT; /* a list in a list: no statement needs it */
	arrays = promo_arena_alloc_array(
		source->arena, (size_t)PQnfields(source->result), sizeof(*arrays));
	if (!arrays)
		return promo_fault(-ENOMEM, "no memory for a list of \"%s\"", plan->schema->name);
	r = read_arrays(plan, source, arrays, &length);
	if (r || length <= 0)
		return r;
	objects = promo_arena_alloc_array(source->arena, (size_t)length, plan->schema->size);
	if (!objects)
		return promo_fault(-ENOMEM, "no memory for a list of \"%s\"", plan->schema->name);
	items.arrays = arrays;
	for (items.item = 0; items.item < (size_t)length; items.item++) {
		r = read_object(plan, &items, objects + items.item * plan->schema->size);
		if (r)
			return r;
	}
	*ret = (struct promo_objects){ .items = objects, .count = (size_t)length };
	return 0;
}

static int read_slot(const struct promo_row_slot *slot, const struct source *source, void *at)
{
	const char *value = value_of(source, slot->column);

	switch (slot->field->kind) {
	case PROMO_BOOL:
		return read_bool(value, at);
	case PROMO_INT:
		return read_int(value, at);
	case PROMO_MONEY:
		return read_money(value, at);
	case PROMO_TIME:
		return read_time(value, at);
	case PROMO_ENUM:
		return read_word(slot->field->words, value, at);
	case PROMO_TEXTS:
		return read_texts(source, value, at);
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_CODE:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_SECRET:
	case PROMO_JSON:
		return read_text(source, value, at);
	case PROMO_OBJECT:
		*(const void **)at = NULL;
		return slot->plan ? read_pointer(slot, source, at) : 0;
	case PROMO_OBJECTS:
		*(struct promo_objects *)at = (struct promo_objects){ .count = 0 };
		return slot->plan ? read_objects(slot->plan, source, at) : 0;
	}
	return PROMO_E_INVALID_INPUT;
}

static int read_object(const struct promo_row_plan *plan, const struct source *source, void *ret)
{
	for (size_t i = 0; i < plan->schema->count; i++) {
		const struct promo_row_slot *slot = &plan->slots[i];
		int r = read_slot(slot, source, (char *)ret + slot->field->offset);

		if (r > 0)
			return promo_fault(-EPROTO,
				"the database gave something else for \"%s\" of \"%s\"",
				slot->field->name, plan->schema->name);
		if (r)
			return r;
	}
	return 0;
}

int promo_row_read(const struct promo_row_plan *plan, const PGresult *result, int row,
	struct promo_arena *arena, void *ret)
{
	struct source source = { .result = result, .row = row, .arena = arena };

	memset(ret, 0, plan->schema->size);
	return read_object(plan, &source, ret);
}
