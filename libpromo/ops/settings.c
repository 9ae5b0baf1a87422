/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/settings.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/base/utf8.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum kind {
	KIND_TEXT,
	KIND_INT,
	KIND_BOOL,
	KIND_LIST,
};

static const struct row {
	const char *category, *key;
	enum kind kind;
	const char *value;
	int64_t min, max;
} rows[PROMO_SETTING_COUNT] = {
#define PROMO_SETTING(name, category, key, kind, value, min, max)                                  \
	[PROMO_SETTING_##name] = { category, key, KIND_##kind, value, min, max },
#include "libpromo/ops/settings.def"
#undef PROMO_SETTING
};

struct value {
	const char *text;
	int64_t number; /* INT, and 0 or 1 of BOOL */
};

enum {
	ARENA_LIMIT = 1024 * 1024
};

struct promo_settings {
	struct promo_arena *arena; /* of the texts */
	int64_t version;
	struct value values[PROMO_SETTING_COUNT];
};

/* How many texts stand in a list, one a line. */
static int64_t count_lines(const char *text)
{
	int64_t count = *text != '\0';

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* Whether text is a value of this row; if so, what it is. */
static bool value_of(const struct row *row, const char *text, struct value *ret)
{
	int64_t length, number;
	char *end;

	switch (row->kind) {
	case KIND_TEXT:
		length = (int64_t)promo_utf8_count(text);
		if (length < row->min || length > row->max)
			return false;
		*ret = (struct value){ .text = text };
		return true;
	case KIND_INT:
		errno = 0;
		number = strtoll(text, &end, 10);
		if (errno || end == text || *end || number < row->min || number > row->max)
			return false;
		*ret = (struct value){ .number = number };
		return true;
	case KIND_BOOL:
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return false;
		*ret = (struct value){ .number = text[0] == 't' };
		return true;
	case KIND_LIST:
		length = count_lines(text);
		if (length < row->min || length > row->max)
			return false;
		*ret = (struct value){ .text = text };
		return true;
	}
	return false;
}

static void take_defaults(struct value values[PROMO_SETTING_COUNT])
{
	for (size_t i = 0; i < PROMO_SETTING_COUNT; i++) {
		bool fits = value_of(&rows[i], rows[i].value, &values[i]);

		assert(fits);
	}
}

int promo_settings_new(struct promo_settings **ret)
{
	struct promo_settings *settings = calloc(1, sizeof(*settings));

	if (settings)
		settings->arena = promo_arena_new(ARENA_LIMIT);
	if (!settings || !settings->arena) {
		free(settings);
		return promo_fault(-ENOMEM, "could not make the settings");
	}
	take_defaults(settings->values);
	*ret = settings;
	return 0;
}

void promo_settings_free(struct promo_settings *settings)
{
	if (!settings)
		return;
	promo_arena_free(settings->arena);
	free(settings);
}

void promo_settings_freep(struct promo_settings **settings)
{
	promo_settings_free(*settings);
}

static int take_row(struct value values[PROMO_SETTING_COUNT], const struct promo_setting_row *found,
	struct promo_arena *arena)
{
	for (size_t i = 0; i < PROMO_SETTING_COUNT; i++) {
		const char *text;

		if (strcmp(rows[i].category, found->category) != 0 ||
			strcmp(rows[i].key, found->key) != 0)
			continue;
		text = promo_arena_strdup(arena, found->value);
		if (found->value && !text)
			return promo_fault(-ENOMEM, "could not keep the settings");
		if (!text || !value_of(&rows[i], text, &values[i]))
			promo_log(PROMO_LOG_WARNING,
				"setting %s.%s does not fit, its default holds: %s",
				found->category, found->key, rows[i].value);
	}
	return 0;
}

int64_t promo_settings_version(const struct promo_settings *settings)
{
	return settings->version;
}

int promo_settings_take(
	struct promo_settings *settings, const struct promo_objects *found, int64_t version)
{
	const struct promo_setting_row *list = found->items;
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	struct value values[PROMO_SETTING_COUNT];
	int r = 0;

	if (!arena)
		return promo_fault(-ENOMEM, "could not keep the settings");
	take_defaults(values);
	for (size_t i = 0; !r && i < found->count; i++)
		r = take_row(values, &list[i], arena);
	if (r) {
		promo_arena_free(arena);
		return r;
	}
	promo_arena_free(settings->arena);
	settings->arena = arena;
	settings->version = version;
	memcpy(settings->values, values, sizeof(values));
	return 0;
}

int promo_settings_load(struct promo_settings *settings, struct promo_store *store, int64_t version)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = NULL;
	struct promo_params params;
	struct promo_objects list;
	int r;

	if (settings->version == version)
		return 0;
	arena = promo_arena_new(ARENA_LIMIT);
	if (!arena)
		return promo_fault(-ENOMEM, "could not read the settings");
	params = PROMO_PARAMS(arena);
	r = promo_store_all(store, arena, PROMO_Q_SETTING_LIST, &params, &list);
	return r ? r : promo_settings_take(settings, &list, version);
}

const char *promo_settings_text(const struct promo_settings *settings, enum promo_setting setting)
{
	assert(rows[setting].kind == KIND_TEXT);
	return settings->values[setting].text;
}

int64_t promo_settings_int(const struct promo_settings *settings, enum promo_setting setting)
{
	assert(rows[setting].kind == KIND_INT);
	return settings->values[setting].number;
}

bool promo_settings_bool(const struct promo_settings *settings, enum promo_setting setting)
{
	assert(rows[setting].kind == KIND_BOOL);
	return settings->values[setting].number != 0;
}

bool promo_settings_lists(
	const struct promo_settings *settings, enum promo_setting setting, const char *word)
{
	const size_t length = strlen(word);
	const char *at = settings->values[setting].text;

	assert(rows[setting].kind == KIND_LIST);
	for (;;) {
		const size_t line = strcspn(at, "\n");

		if (line == length && length > 0 && memcmp(at, word, length) == 0)
			return true;
		if (at[line] == '\0')
			return false;
		at += line + 1;
	}
}
