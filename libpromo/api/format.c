/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/time.h"
#include "libpromo/rules/code.h"
#include "libpromo/rules/money.h"

enum {
	CELL_MAX_BYTES = 1024 * 1024,
	NESTING_MAX = 4
};

static void put_field(
	struct promo_buffer *cell, const struct promo_field *field, const void *object, int depth);

/* The field that people know a noun by, NULL if it has none or holds nothing. */
static const struct promo_field *name_of(const struct promo_schema *schema, const void *object)
{
	static const char *const names[] = { "name", "batch_name", "number" };

	for (size_t i = 0; i < PROMO_COUNT(names); i++) {
		const struct promo_field *field = promo_schema_field(schema, names[i]);

		if (field && !promo_field_is_null(field, object))
			return field;
	}
	return NULL;
}

/* By its name; what has none by all that it says beside its id. */
static void put_object(
	struct promo_buffer *cell, const struct promo_schema *schema, const void *object, int depth)
{
	const struct promo_field *name = name_of(schema, object);
	bool first = true;

	if (name) {
		put_field(cell, name, object, depth);
		return;
	}
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (strcmp(field->name, "id") == 0 || promo_field_is_null(field, object) ||
			(field->flags & PROMO_INTERNAL))
			continue;
		if (!first)
			promo_buffer_char(cell, ' ');
		first = false;
		put_field(cell, field, object, depth);
	}
}

static void put_objects(struct promo_buffer *cell, const struct promo_field *field,
	const struct promo_objects *objects, int depth)
{
	for (size_t i = 0; i < objects->count; i++) {
		promo_buffer_text(cell, i ? ", " : "");
		put_object(cell, field->schema,
			(const char *)objects->items + i * field->schema->size, depth);
	}
}

static void put_texts(struct promo_buffer *cell, const struct promo_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		promo_buffer_printf(cell, "%s%s", i ? ", " : "", texts->items[i]);
}

/* To the minute: "2026-11-22 11:58". */
static void put_time(struct promo_buffer *cell, int64_t ms)
{
	char text[PROMO_TIME_SIZE];

	promo_time_format(ms, text);
	promo_buffer_printf(cell, "%.10s %.5s", text, text + 11);
}

static void put_scalar(struct promo_buffer *cell, const struct promo_field *field, const void *at)
{
	char money[PROMO_MONEY_SHOWN_SIZE], code[PROMO_CODE_SHOWN_SIZE];

	switch (field->kind) {
	case PROMO_BOOL:
		promo_buffer_text(cell, *(const bool *)at ? "yes" : "no");
		break;
	case PROMO_INT:
		promo_buffer_printf(cell, "%" PRId64, *(const int64_t *)at);
		break;
	case PROMO_MONEY:
		promo_money_show(*(const int64_t *)at, money);
		promo_buffer_text(cell, money);
		break;
	case PROMO_TIME:
		put_time(cell, *(const int64_t *)at);
		break;
	case PROMO_ENUM:
		promo_buffer_text(cell, promo_word(field->words, *(const int *)at));
		break;
	case PROMO_CODE:
		promo_code_show(*(const char *const *)at, code);
		promo_buffer_text(cell, code);
		break;
	case PROMO_SECRET:
		promo_buffer_text(cell, "***");
		break;
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_JSON:
		promo_buffer_text(cell, *(const char *const *)at);
		break;
	case PROMO_OBJECT:
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
		break;
	}
}

static void put_field(
	struct promo_buffer *cell, const struct promo_field *field, const void *object, int depth)
{
	const void *at = (const char *)object + field->offset;

	if (promo_field_is_null(field, object) || depth > NESTING_MAX)
		return;
	if (field->kind == PROMO_OBJECT)
		put_object(cell, field->schema, *(const void *const *)at, depth + 1);
	else if (field->kind == PROMO_OBJECTS)
		put_objects(cell, field, at, depth + 1);
	else if (field->kind == PROMO_TEXTS)
		put_texts(cell, at);
	else
		put_scalar(cell, field, at);
}

int promo_format_field(const struct promo_field *field, const void *object,
	struct promo_arena *arena, const char **ret)
{
	struct promo_buffer cell = PROMO_BUFFER(arena, CELL_MAX_BYTES);

	put_field(&cell, field, object, 0);
	return promo_buffer_end(&cell, ret);
}
