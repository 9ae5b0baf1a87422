/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/setting_values.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/arena.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"
#include "libpromo/store/rows_access.h"

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not gather settings");
}

/*
 * From values to structs.
 */

static void mark(const struct promo_schema *schema, const struct promo_field *field, void *object)
{
	((struct promo_set *)object)->present |= UINT64_C(1) << (field - schema->fields);
}

static void *new_struct(const struct promo_schema *schema, struct promo_arena *arena)
{
	void *object = promo_arena_alloc(arena, schema->size);

	if (object)
		promo_set_nulls(schema, object);
	return object;
}

/* A group that is only shown has no setting. */
static bool has_settings(enum promo_setting_category category, const char *group)
{
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++) {
		const struct promo_setting_info *row = promo_setting_info(i);

		if (row->category == category && row->group && strcmp(row->group, group) == 0)
			return true;
	}
	return false;
}

/* The struct of a category with its groups, in which nothing stands. */
static void *new_values(enum promo_setting_category category, struct promo_arena *arena)
{
	const struct promo_schema *schema = &promo_settings_schemas[category];
	char *values = new_struct(schema, arena);

	for (size_t i = 0; values && i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		void *group;

		if (field->kind != PROMO_OBJECT || !has_settings(category, field->name))
			continue;
		group = new_struct(field->schema, arena);
		if (!group)
			return NULL;
		*(const void **)(void *)(values + field->offset) = group;
		mark(schema, field, values);
	}
	return values;
}

static void put_value(const struct promo_settings *settings, enum promo_setting setting,
	const struct promo_setting_place *place)
{
	void *object = (void *)(uintptr_t)place->object; /* it was made here */
	void *at = (char *)object + place->field->offset;

	mark(place->schema, place->field, object);
	switch (promo_setting_info(setting)->kind) {
	case PROMO_SETTING_BOOL:
		*(bool *)at = promo_settings_bool(settings, setting);
		break;
	case PROMO_SETTING_INT:
		*(int64_t *)at = promo_settings_int(settings, setting);
		break;
	case PROMO_SETTING_TEXT:
		*(const char **)at = promo_settings_text(settings, setting);
		break;
	case PROMO_SETTING_WORD:
		*(int *)at = promo_word_value(
			place->field->words, promo_settings_text(settings, setting));
		break;
	case PROMO_SETTING_LIST:
	case PROMO_SETTING_WORDS:
		*(struct promo_texts *)at = promo_settings_texts(settings, setting);
		break;
	}
}

int promo_setting_values(const struct promo_settings *settings,
	enum promo_setting_category category, const bool *only, struct promo_arena *arena,
	const void **ret)
{
	void *values = new_values(category, arena);
	struct promo_setting_place place;

	if (!values)
		return no_memory();
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++)
		if (promo_setting_info(i)->category == category && (!only || only[i]) &&
			promo_setting_place(i, values, &place))
			put_value(settings, i, &place);
	*ret = values;
	return 0;
}

int promo_setting_values_all(const struct promo_settings *settings, const bool *only,
	struct promo_arena *arena, struct promo_settings_of_all *ret)
{
	int r = 0;

	promo_set_nulls(&promo_settings_of_all_schema, ret);
	for (enum promo_setting_category i = 0; !r && i < PROMO_SETTINGS_CATEGORIES; i++) {
		const struct promo_field *field = &promo_settings_of_all_schema.fields[i];

		r = promo_setting_values(settings, i, only, arena,
			(const void **)(void *)((char *)ret + field->offset));
	}
	return r;
}

int promo_setting_values_json(const struct promo_settings *settings,
	enum promo_setting_category category, struct promo_arena *arena, const char **ret)
{
	const void *values;
	int r = promo_setting_values(settings, category, NULL, arena, &values);

	return r ? r : promo_encode(&promo_settings_schemas[category], values, arena, ret);
}

/*
 * From structs to rows.
 */

static const char *lines_of(const struct promo_texts *texts, struct promo_arena *arena)
{
	struct promo_buffer lines = PROMO_BUFFER(arena, SIZE_MAX / 4);
	const char *ret;

	for (size_t i = 0; i < texts->count; i++) {
		if (i > 0)
			promo_buffer_char(&lines, '\n');
		promo_buffer_text(&lines, texts->items[i]);
	}
	return promo_buffer_end(&lines, &ret) ? NULL : ret;
}

static const char *text_of(const struct promo_setting_place *place, struct promo_arena *arena)
{
	const void *at = (const char *)place->object + place->field->offset;

	switch ((int)place->field->kind) {
	case PROMO_BOOL:
		return *(const bool *)at ? "true" : "false";
	case PROMO_INT:
		return promo_arena_printf(arena, "%" PRId64, *(const int64_t *)at);
	case PROMO_ENUM:
		return promo_word(place->field->words, *(const int *)at);
	case PROMO_TEXTS:
		return lines_of(at, arena);
	default:
		return *(const char *const *)at;
	}
}

int promo_setting_plan_take(struct promo_setting_plan *plan, enum promo_setting_category category,
	const void *values, struct promo_arena *arena)
{
	struct promo_setting_place place;
	int r = 0;

	for (enum promo_setting i = 0; values && !r && i < PROMO_SETTING_COUNT; i++) {
		enum promo_setting_said said;

		if (promo_setting_info(i)->category != category)
			continue;
		said = promo_setting_said(i, values);
		if (said != PROMO_SETTING_KEPT)
			plan->of[i].said = said;
		if (said != PROMO_SETTING_SET)
			continue;
		(void)promo_setting_place(i, values, &place);
		plan->of[i].text = text_of(&place, arena);
		r = plan->of[i].text ? promo_encode_value(
					       place.field, place.object, arena, &plan->of[i].json)
				     : no_memory();
	}
	return r;
}

int promo_setting_plan_take_all(struct promo_setting_plan *plan,
	const struct promo_settings_of_all *all, struct promo_arena *arena)
{
	int r = 0;

	for (enum promo_setting_category i = 0; !r && i < PROMO_SETTINGS_CATEGORIES; i++) {
		const struct promo_field *field = &promo_settings_of_all_schema.fields[i];

		if (promo_given_null(&promo_settings_of_all_schema, all, field->name))
			promo_setting_plan_reset(plan, i);
		else
			r = promo_setting_plan_take(plan, i,
				*(const void *const *)(const void *)((const char *)all +
								     field->offset),
				arena);
	}
	return r;
}

void promo_setting_plan_reset(struct promo_setting_plan *plan, enum promo_setting_category category)
{
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++)
		if (promo_setting_info(i)->category == category)
			plan->of[i].said = PROMO_SETTING_RESET;
}

int promo_setting_plan_rows(const struct promo_setting_plan *plan, const struct promo_objects *rows,
	struct promo_arena *arena, struct promo_objects *ret)
{
	const struct promo_setting_row *row = rows->items;
	struct promo_setting_row *all =
		promo_arena_alloc_array(arena, rows->count + PROMO_SETTING_COUNT, sizeof(*all));
	size_t count = 0;

	if (!all)
		return no_memory();
	for (size_t i = 0; i < rows->count; i++) {
		const enum promo_setting setting = promo_setting_find(row[i].category, row[i].key);

		if (setting != PROMO_SETTING_COUNT && plan->of[setting].said == PROMO_SETTING_KEPT)
			all[count++] = row[i];
	}
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++) {
		const struct promo_setting_info *info = promo_setting_info(i);

		if (plan->of[i].said == PROMO_SETTING_SET)
			all[count++] = (struct promo_setting_row){ info->category_name, info->key,
				plan->of[i].text };
	}
	*ret = (struct promo_objects){ .items = all, .count = count };
	return 0;
}
