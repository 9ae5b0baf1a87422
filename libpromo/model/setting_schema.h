/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/setting.h"

/*
 * The settings of a category as a noun: a struct and a schema that are made of the rows of
 * settings.def, so that a body of JSON, OpenAPI and the command know them without another list.
 * They are inputs: a field that is given as null goes back to its default, and one that is given
 * as an empty text or list is empty. A struct with every bit set is written whole.
 */

PROMO_BEGIN_DECLS

#define PROMO_MEMBER_BOOL(m)  bool m
#define PROMO_MEMBER_INT(m)   int64_t m
#define PROMO_MEMBER_TEXT(m)  const char *m
#define PROMO_MEMBER_WORD(m)  int m
#define PROMO_MEMBER_LIST(m)  struct promo_texts m
#define PROMO_MEMBER_WORDS(m) struct promo_texts m

/* struct promo_settings_of_branding_theme { ... }, struct promo_settings_of_branding { ... } */
#define PROMO_GROUP_BEGIN(category, group)                                                         \
	struct promo_settings_of_##category##_##group {                                            \
		struct promo_set set;
#define PROMO_SETTING_IN(name, category, group, key, kind, value, min, max, rule, help)            \
	PROMO_MEMBER_##kind(key);
#define PROMO_SETTING_SHOWN(category, group, key, help) int64_t key;
#define PROMO_GROUP_END(category, group)                                                           \
	}                                                                                          \
	;
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	struct promo_settings_of_##category {                                                      \
		struct promo_set set;
#define PROMO_SETTING(name, category, key, kind, value, min, max, rule, help)                      \
	PROMO_MEMBER_##kind(key);
#define PROMO_SETTING_GROUP(category, group, help)                                                 \
	const struct promo_settings_of_##category##_##group *group;
#define PROMO_CATEGORY_END(category)                                                               \
	}                                                                                          \
	;
#include "libpromo/model/settings.def"

/* All categories, as files of settings have them. */
struct promo_settings_of_all {
	struct promo_set set;
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	const struct promo_settings_of_##category *category;
#include "libpromo/model/settings.def"
};
extern const struct promo_schema promo_settings_of_all_schema;

/* The schemas of the structs of categories. */
extern const struct promo_schema promo_settings_schemas[PROMO_SETTINGS_CATEGORIES];

/* Where a setting stands in a struct of its category: false where the group that it belongs to is
 * not there. */
struct promo_setting_place {
	const struct promo_schema *schema;
	const struct promo_field *field;
	const void *object;
};
bool promo_setting_place(
	enum promo_setting setting, const void *values, struct promo_setting_place *ret);

/* What such a struct says of a setting. */
enum promo_setting_said {
	PROMO_SETTING_KEPT = 0,
	PROMO_SETTING_RESET,
	PROMO_SETTING_SET,
};
enum promo_setting_said promo_setting_said(enum promo_setting setting, const void *values);

PROMO_END_DECLS
