/* SPDX-License-Identifier: MIT */
#include "libpromo/model/setting_schema.h"

#include <assert.h>
#include <string.h>

#include "libpromo/model/event.h"

enum {
	GIVEN = PROMO_NULLABLE | PROMO_EMPTY
};

/* clang-format off */
/* What a rule makes of a text on the wire; what is left is looked at by rules/setting.h. */
#define WIRE_NONE PROMO_TEXT
#define WIRE_EMAIL PROMO_EMAIL
#define WIRE_PHONE PROMO_PHONE
#define WIRE_URL PROMO_URL
#define WIRE_GATEWAY PROMO_TEXT
#define WIRE_SMTP_URL PROMO_TEXT
#define WIRE_COLOUR PROMO_TEXT
#define WIRE_CURRENCY PROMO_TEXT
#define WIRE_TIME_ZONE PROMO_TEXT
#define WIRE_CLOCK PROMO_TEXT
#define WIRE_COUNTRY_CODE PROMO_TEXT
#define WIRE_CODE_FORMAT PROMO_TEXT
#define WIRE_MEDIA_TYPE PROMO_TEXT

#define FIELD_BOOL(T, m, lo, hi, rule, help) PROMO_F_BOOL(T, m, GIVEN, help)
#define FIELD_INT(T, m, lo, hi, rule, help) PROMO_F_INT(T, m, lo, hi, GIVEN, help)
#define FIELD_TEXT(T, m, lo, hi, rule, h)                                                          \
	{ PROMO_FIELD_(T, m, WIRE_##rule, const char *, GIVEN, h), .min = (lo), .max = (hi) }
#define FIELD_WORD(T, m, lo, hi, rule, help)                                                       \
	PROMO_F_ENUM(T, m, rule##_words, GIVEN, help)
#define FIELD_LIST(T, m, lo, hi, rule, help) PROMO_F_TEXTS(T, m, lo, hi, NULL, GIVEN, help)
#define FIELD_WORDS(T, m, lo, hi, rule, help)                                                      \
	PROMO_F_TEXTS(T, m, lo, hi, &rule##_words, GIVEN, help)

#define PROMO_GROUP_BEGIN(category, group)                                                         \
	static const struct promo_field category##_##group##_fields[] = {
#define PROMO_SETTING_IN(name, category, group, key, kind, value, min, max, rule, help)            \
		FIELD_##kind(struct promo_settings_of_##category##_##group, key, min, max, rule, help),
#define PROMO_SETTING_SHOWN(category, group, key, help)                                            \
		PROMO_F_TIME(struct promo_settings_of_##category##_##group, key, PROMO_NULLABLE, help),
#define PROMO_GROUP_END(category, group)                                                           \
	};                                                                                         \
	static const struct promo_schema category##_##group##_schema =                             \
		PROMO_INPUT(struct promo_settings_of_##category##_##group,                         \
			#category "_" #group "_settings", category##_##group##_fields);
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	static const struct promo_field category##_fields[] = {
#define PROMO_SETTING(name, category, key, kind, value, min, max, rule, help)                      \
		FIELD_##kind(struct promo_settings_of_##category, key, min, max, rule, help),
#define PROMO_SETTING_GROUP(category, group, help)                                                 \
		PROMO_F_OBJECT(struct promo_settings_of_##category, group,                         \
			struct promo_settings_of_##category##_##group, category##_##group##_schema,\
			PROMO_NULLABLE, help),
#define PROMO_CATEGORY_END(category)                                                               \
	};
#include "libpromo/model/settings.def"

const struct promo_schema promo_settings_schemas[PROMO_SETTINGS_CATEGORIES] = {
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	[PROMO_SETTINGS_##category] = PROMO_INPUT(                                                 \
		struct promo_settings_of_##category, #category "_settings", category##_fields),
#include "libpromo/model/settings.def"
};

static const struct promo_field all_fields[] = {
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	PROMO_F_OBJECT(struct promo_settings_of_all, category,                                     \
		struct promo_settings_of_##category,                                               \
		promo_settings_schemas[PROMO_SETTINGS_##category],                                 \
		PROMO_NULLABLE, "the settings of the category " #category),
#include "libpromo/model/settings.def"
};
/* clang-format on */
const struct promo_schema promo_settings_of_all_schema =
	PROMO_INPUT(struct promo_settings_of_all, "all_settings", all_fields);

static const void *pointer_at(const struct promo_field *field, const void *object)
{
	return *(const void *const *)(const void *)((const char *)object + field->offset);
}

bool promo_setting_place(
	enum promo_setting setting, const void *values, struct promo_setting_place *ret)
{
	const struct promo_setting_info *row = promo_setting_info(setting);
	const struct promo_schema *schema = &promo_settings_schemas[row->category];
	const char *name = row->key;

	if (row->group) {
		const struct promo_field *group = promo_schema_field(schema, row->group);

		values = pointer_at(group, values);
		schema = group->schema;
		name += strlen(row->group) + 1;
	}
	if (!values)
		return false;
	*ret = (struct promo_setting_place){
		.schema = schema, .field = promo_schema_field(schema, name), .object = values
	};
	assert(ret->field);
	return true;
}

enum promo_setting_said promo_setting_said(enum promo_setting setting, const void *values)
{
	const struct promo_setting_info *row = promo_setting_info(setting);
	const struct promo_schema *schema = &promo_settings_schemas[row->category];
	struct promo_setting_place place;

	if (row->group && promo_given_null(schema, values, row->group))
		return PROMO_SETTING_RESET;
	if (!promo_setting_place(setting, values, &place) ||
		!promo_present(place.schema, place.object, place.field->name))
		return PROMO_SETTING_KEPT;
	return promo_given_null(place.schema, place.object, place.field->name) ? PROMO_SETTING_RESET
									       : PROMO_SETTING_SET;
}
