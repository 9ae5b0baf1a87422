/* SPDX-License-Identifier: MIT */
#include "libpromo/model/setting.h"

#include <string.h>

#include "libpromo/model/event.h"

/* The lists of words that rows of settings.def name. */
#define WORDS(n, ...)                                                                              \
	const struct promo_words promo_setting_##n##_words = {                                     \
		.name = #n,                                                                        \
		.words = (const char *const[]){ NULL, __VA_ARGS__ },                               \
		.count = (int)PROMO_COUNT(((const char *const[]){ NULL, __VA_ARGS__ })),           \
	}

WORDS(mfa_offer, "authenticator_app", "email", "sms");
WORDS(smtp_security, "required", "none");
WORDS(http_method, "POST", "GET");
WORDS(backup_frequency, "daily", "weekly", "monthly");

#define RULE_BOOL(rule_)  .rule = PROMO_RULE_##rule_
#define RULE_INT(rule_)   .rule = PROMO_RULE_##rule_
#define RULE_TEXT(rule_)  .rule = PROMO_RULE_##rule_
#define RULE_LIST(rule_)  .rule = PROMO_RULE_##rule_
#define RULE_WORD(rule_)  .words = &rule_##_words
#define RULE_WORDS(rule_) .words = &rule_##_words

static const struct promo_setting_info rows[PROMO_SETTING_COUNT] = {
#define ROW(name, category_, group_, key_, kind_, value_, min_, max_, rule_, help_)                \
	[PROMO_SETTING_##name] = { .category = PROMO_SETTINGS_##category_,                         \
		.category_name = #category_,                                                       \
		.group = (group_),                                                                 \
		.key = (key_),                                                                     \
		.kind = PROMO_SETTING_##kind_,                                                     \
		.value = (value_),                                                                 \
		.min = (min_),                                                                     \
		.max = (max_),                                                                     \
		RULE_##kind_(rule_),                                                               \
		.help = (help_) },
#define PROMO_SETTING(name, category, key, kind, value, min, max, rule, help)                      \
	ROW(name, category, NULL, #key, kind, value, min, max, rule, help)
#define PROMO_SETTING_IN(name, category, group, key, kind, value, min, max, rule, help)            \
	ROW(name, category, #group, #group "." #key, kind, value, min, max, rule, help)
#include "libpromo/model/settings.def"
};

static const char *const categories[PROMO_SETTINGS_CATEGORIES] = {
#define PROMO_CATEGORY_BEGIN(category, permission) #category,
#include "libpromo/model/settings.def"
};

const struct promo_setting_info *promo_setting_info(enum promo_setting setting)
{
	return &rows[setting];
}

enum promo_setting promo_setting_find(const char *category, const char *key)
{
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++)
		if (strcmp(rows[i].category_name, category) == 0 && strcmp(rows[i].key, key) == 0)
			return (enum promo_setting)i;
	return PROMO_SETTING_COUNT;
}

const char *promo_setting_category_name(enum promo_setting_category category)
{
	return category < PROMO_SETTINGS_CATEGORIES ? categories[category] : NULL;
}

enum promo_setting_category promo_setting_category_find(const char *name)
{
	for (enum promo_setting_category i = 0; i < PROMO_SETTINGS_CATEGORIES; i++)
		if (strcmp(categories[i], name) == 0)
			return (enum promo_setting_category)i;
	return PROMO_SETTINGS_CATEGORIES;
}
