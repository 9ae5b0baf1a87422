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

struct value {
	const char *text;         /* TEXT and WORD */
	int64_t number;           /* INT, and 0 or 1 of BOOL */
	struct promo_texts texts; /* LIST and WORDS */
};

enum {
	ARENA_LIMIT = 1024 * 1024
};

struct promo_settings {
	struct promo_arena *arena; /* of the texts */
	int64_t version;
	struct value values[PROMO_SETTING_COUNT];
};

/* The texts of a list that has one a line. */
static int texts_of(struct promo_arena *arena, const char *lines, struct promo_texts *ret)
{
	char *copy = promo_arena_strdup(arena, lines);
	size_t count = *lines != '\0';
	const char **items;
	char *line;

	for (const char *at = lines; *at; at++)
		count += *at == '\n';
	items = promo_arena_alloc_array(arena, count + 1, sizeof(*items));
	if (!copy || !items)
		return promo_fault(-ENOMEM, "could not keep a list of settings");
	for (size_t i = 0; i < count; i++) {
		line = strsep(&copy, "\n");
		items[i] = line;
	}
	*ret = (struct promo_texts){ .items = items, .count = count };
	return 0;
}

static bool are_words(const struct promo_words *words, const struct promo_texts *texts)
{
	for (size_t i = 0; words && i < texts->count; i++)
		if (promo_word_value(words, texts->items[i]) == 0)
			return false;
	return true;
}

/* Whether text is a value of this row; if so, what it is. */
static int value_of(const struct promo_setting_info *row, struct promo_arena *arena,
	const char *text, bool *fits, struct value *ret)
{
	struct value value = { .text = text };
	int64_t length;
	char *end;
	int r = 0;

	switch (row->kind) {
	case PROMO_SETTING_TEXT:
		length = (int64_t)promo_utf8_count(text);
		*fits = length >= row->min && length <= row->max;
		break;
	case PROMO_SETTING_WORD:
		*fits = promo_word_value(row->words, text) != 0;
		break;
	case PROMO_SETTING_INT:
		errno = 0;
		value.number = strtoll(text, &end, 10);
		*fits = !errno && end != text && !*end && value.number >= row->min &&
			value.number <= row->max;
		break;
	case PROMO_SETTING_BOOL:
		*fits = strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
		value.number = text[0] == 't';
		break;
	case PROMO_SETTING_LIST:
	case PROMO_SETTING_WORDS:
		r = texts_of(arena, text, &value.texts);
		*fits = !r && (int64_t)value.texts.count >= row->min &&
			(int64_t)value.texts.count <= row->max &&
			are_words(row->words, &value.texts);
		break;
	}
	if (!r && *fits)
		*ret = value;
	return r;
}

static int take_defaults(struct promo_arena *arena, struct value values[PROMO_SETTING_COUNT])
{
	int r = 0;

	for (enum promo_setting i = 0; !r && i < PROMO_SETTING_COUNT; i++) {
		const struct promo_setting_info *row = promo_setting_info((enum promo_setting)i);
		bool fits = false;

		r = value_of(row, arena, row->value, &fits, &values[i]);
		assert(r || fits);
	}
	return r;
}

int promo_settings_new(struct promo_settings **ret)
{
	PROMO_CLEANUP(promo_settings_freep)
	struct promo_settings *settings = calloc(1, sizeof(*settings));
	int r;

	if (settings)
		settings->arena = promo_arena_new(ARENA_LIMIT);
	if (!settings || !settings->arena)
		return promo_fault(-ENOMEM, "could not make the settings");
	r = take_defaults(settings->arena, settings->values);
	if (r)
		return r;
	*ret = settings;
	settings = NULL;
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
	const enum promo_setting setting = promo_setting_find(found->category, found->key);
	const char *text = promo_arena_strdup(arena, found->value);
	const struct promo_setting_info *row;
	bool fits = false;
	int r = 0;

	if (found->value && !text)
		return promo_fault(-ENOMEM, "could not keep the settings");
	if (setting == PROMO_SETTING_COUNT)
		return 0;
	row = promo_setting_info(setting);
	if (text)
		r = value_of(row, arena, text, &fits, &values[setting]);
	if (!r && !fits)
		promo_log(PROMO_LOG_WARNING, "setting %s.%s does not fit, its default holds: %s",
			found->category, found->key, row->value);
	return r;
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
	int r;

	if (!arena)
		return promo_fault(-ENOMEM, "could not keep the settings");
	r = take_defaults(arena, values);
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
	assert(promo_setting_info(setting)->kind == PROMO_SETTING_TEXT ||
		promo_setting_info(setting)->kind == PROMO_SETTING_WORD);
	return settings->values[setting].text;
}

int64_t promo_settings_int(const struct promo_settings *settings, enum promo_setting setting)
{
	assert(promo_setting_info(setting)->kind == PROMO_SETTING_INT);
	return settings->values[setting].number;
}

bool promo_settings_bool(const struct promo_settings *settings, enum promo_setting setting)
{
	assert(promo_setting_info(setting)->kind == PROMO_SETTING_BOOL);
	return settings->values[setting].number != 0;
}

struct promo_texts promo_settings_texts(
	const struct promo_settings *settings, enum promo_setting setting)
{
	assert(promo_setting_info(setting)->kind == PROMO_SETTING_LIST ||
		promo_setting_info(setting)->kind == PROMO_SETTING_WORDS);
	return settings->values[setting].texts;
}

bool promo_settings_lists(
	const struct promo_settings *settings, enum promo_setting setting, const char *word)
{
	const struct promo_texts texts = promo_settings_texts(settings, setting);

	for (size_t i = 0; i < texts.count; i++)
		if (strcmp(texts.items[i], word) == 0)
			return true;
	return false;
}
