/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/*
 * The settings as rows: what each is called, what it may be and what it is where nobody set it. The
 * server reads its values by these names (ops/settings.h), the operations of a category, the
 * command's completion and the pages of the manual go through the same rows. A new setting is one
 * row of settings.def.
 */

PROMO_BEGIN_DECLS

enum promo_setting {
#define PROMO_SETTING(name, category, key, kind, value, min, max, rule, help) PROMO_SETTING_##name,
#define PROMO_SETTING_IN(name, category, group, key, kind, value, min, max, rule, help)            \
	PROMO_SETTING_##name,
#include "libpromo/model/settings.def"
	PROMO_SETTING_COUNT
};

enum promo_setting_category {
#define PROMO_CATEGORY_BEGIN(category, permission) PROMO_SETTINGS_##category,
#include "libpromo/model/settings.def"
	PROMO_SETTINGS_CATEGORIES
};

enum promo_setting_kind {
	PROMO_SETTING_BOOL = 1,
	PROMO_SETTING_INT,
	PROMO_SETTING_TEXT,
	PROMO_SETTING_WORD, /* one of a list of words */
	PROMO_SETTING_LIST,
	PROMO_SETTING_WORDS, /* a list that takes only these words */
};

/* What a text, or each text of a list, has to be. An empty text follows every rule; whether it may
 * be empty is what the row's min says. */
enum promo_setting_rule {
	PROMO_RULE_NONE,
	PROMO_RULE_EMAIL,
	PROMO_RULE_PHONE,
	PROMO_RULE_URL,          /* http or https */
	PROMO_RULE_GATEWAY,      /* the same, with {phone} and {text} in it or not */
	PROMO_RULE_SMTP_URL,     /* smtp://host:port or smtps://host:port */
	PROMO_RULE_COLOUR,       /* #rrggbb */
	PROMO_RULE_CURRENCY,     /* ISO 4217: three capital letters */
	PROMO_RULE_TIME_ZONE,    /* a name that the database knows */
	PROMO_RULE_CLOCK,        /* HH:MM */
	PROMO_RULE_COUNTRY_CODE, /* ITU-T E.164: one to three digits, the first not 0 */
	PROMO_RULE_CODE_FORMAT,  /* rules/code.h */
	PROMO_RULE_MEDIA_TYPE,   /* RFC 9110, 8.3.1 */
};

struct promo_setting_info {
	enum promo_setting_category category;
	const char *category_name;
	const char *group; /* NULL: it stands in the category itself */
	const char *key;   /* with its group: "theme.primary_color" */
	enum promo_setting_kind kind;
	const char *value; /* the default as text; lists: one a line */
	int64_t min, max;  /* TEXT: characters; INT: value; lists: how many */
	enum promo_setting_rule rule;
	const struct promo_words *words; /* WORD and WORDS */
	const char *help;
};

/* The lists of words that rows name. */
extern const struct promo_words promo_setting_mfa_offer_words, promo_setting_smtp_security_words,
	promo_setting_http_method_words, promo_setting_backup_frequency_words;

/* The row of a setting. */
const struct promo_setting_info *promo_setting_info(enum promo_setting setting);
/* The setting of this category and key, PROMO_SETTING_COUNT if there is none. */
enum promo_setting promo_setting_find(const char *category, const char *key);

/* The name of a category, NULL past the last one; the category of a name, PROMO_SETTINGS_CATEGORIES
 * if there is none. */
const char *promo_setting_category_name(enum promo_setting_category category);
enum promo_setting_category promo_setting_category_find(const char *name);

PROMO_END_DECLS
