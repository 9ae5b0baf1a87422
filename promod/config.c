/* SPDX-License-Identifier: MIT */
#include "promod/config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/ini.h"
#include "libpromo/base/log.h"

#define ENVIRONMENT_PREFIX "PROMOD_"

struct loading {
	struct promo_arena *arena;
	struct promod_config *config;
	struct promod_config_errors *errors;
	const char *section;     /* the last one that was complained of */
	const char *said_by[64]; /* which source said a list last: another one replaces it */
};

PROMO_PRINTF(2, 3)
static void complain(struct loading *loading, const char *format, ...)
{
	struct promod_config_errors *errors = loading->errors;
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = promo_arena_vprintf(loading->arena, format, arguments);
	va_end(arguments);
	if (text && errors->count < PROMOD_CONFIG_ERRORS_MAX)
		errors->texts[errors->count++] = text;
}

/*
 * Names.
 */

static const struct promod_config_row *find_row(const char *name)
{
	for (size_t i = 0; i < promod_config_row_count; i++)
		if (strcmp(promod_config_rows[i].name, name) == 0)
			return &promod_config_rows[i];
	return NULL;
}

/* Levenshtein's distance, for words up to 31 bytes; longer ones are far from everything. */
static size_t distance(const char *a, const char *b)
{
	enum {
		WORD_MAX = 32
	};
	size_t row[WORD_MAX];
	size_t length = strlen(b);

	if (length >= WORD_MAX || strlen(a) >= WORD_MAX)
		return WORD_MAX;
	for (size_t k = 0; k <= length; k++)
		row[k] = k;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < length; k++) {
			size_t change = diagonal + (a[i] != b[k]);
			size_t least = row[k] < row[k + 1] ? row[k] + 1 : row[k + 1] + 1;

			diagonal = row[k + 1];
			row[k + 1] = change < least ? change : least;
		}
	}
	return row[length];
}

/* What was perhaps meant; NULL if nothing is near. */
static const char *nearest(const char *name)
{
	const char *best = NULL;
	size_t best_distance = strlen(name) / 2 + 1;

	for (size_t i = 0; i < promod_config_row_count; i++) {
		size_t d = distance(name, promod_config_rows[i].name);

		if (d < best_distance) {
			best = promod_config_rows[i].name;
			best_distance = d;
		}
	}
	return best;
}

/*
 * Values.
 */

static const struct {
	const char *word;
	enum promo_log_level level;
} levels[] = {
	{ "error", PROMO_LOG_ERROR },
	{ "warning", PROMO_LOG_WARNING },
	{ "info", PROMO_LOG_INFO },
	{ "debug", PROMO_LOG_DEBUG },
};

static bool parse_bool(const char *text, bool *ret)
{
	bool yes = strcmp(text, "yes") == 0 || strcmp(text, "on") == 0 ||
		   strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
	bool no = strcmp(text, "no") == 0 || strcmp(text, "off") == 0 ||
		  strcmp(text, "false") == 0 || strcmp(text, "0") == 0;

	*ret = yes;
	return yes || no;
}

static bool parse_number(
	const char *text, int base, const struct promod_config_row *row, int64_t *ret)
{
	char *end;
	long number;

	if (!isdigit((unsigned char)text[0]) || strlen(text) > 9)
		return false;
	number = strtol(text, &end, base);
	if (*end || number < row->min || number > row->max)
		return false;
	*ret = number;
	return true;
}

static bool parse_level(const char *text, int64_t *ret)
{
	for (size_t i = 0; i < PROMO_COUNT(levels); i++) {
		if (strcmp(levels[i].word, text) != 0)
			continue;
		*ret = levels[i].level;
		return true;
	}
	return false;
}

static bool has_password(const char *uri)
{
	const char *at = strstr(uri, "://");
	const char *host = at ? strchr(at, '@') : NULL;
	const char *colon = at ? strchr(at + 3, ':') : NULL;

	return strstr(uri, "password=") || (host && colon && colon < host);
}

static bool set_list(struct loading *loading, const struct promod_config_row *row,
	const char *source, const char *text)
{
	struct promod_list *list = (struct promod_list *)((char *)loading->config + row->offset);
	size_t index = (size_t)(row - promod_config_rows);

	if (loading->said_by[index] != source)
		list->count = 0;
	loading->said_by[index] = source;
	while (*text) {
		size_t size = strcspn(text, ", ");

		if (size > 0 && list->count == PROMOD_LIST_MAX)
			return false;
		if (size > 0)
			list->items[list->count++] =
				promo_arena_strndup(loading->arena, text, size);
		text += size;
		text += strspn(text, ", ");
	}
	return true;
}

/* `source` is compared as a pointer, `where` is shown. */
static void set(struct loading *loading, const struct promod_config_row *row, const char *source,
	const char *where, const char *text)
{
	void *value = (char *)loading->config + row->offset;
	bool flag;

	switch (row->kind) {
	case PROMOD_PATH:
		if (text[0] && text[0] != '/')
			complain(loading, "%s: '%s' has to be a path that begins with /, not '%s'",
				where, row->name, text);
		*(const char **)value = promo_arena_strdup(loading->arena, text);
		return;
	case PROMOD_TEXT:
	case PROMOD_URI:
		*(const char **)value = promo_arena_strdup(loading->arena, text);
		return;
	case PROMOD_BOOL:
		if (parse_bool(text, &flag))
			*(bool *)value = flag;
		else
			complain(loading, "%s: '%s' has to be yes or no, not '%s'", where,
				row->name, text);
		return;
	case PROMOD_INT:
		if (!parse_number(text, 10, row, value))
			complain(loading,
				"%s: '%s' has to be a number from %" PRId64 " to %" PRId64
				", not '%s'",
				where, row->name, row->min, row->max, text);
		return;
	case PROMOD_MODE:
		if (!parse_number(text, 8, row, value))
			complain(loading, "%s: '%s' has to be permissions such as 0660, not '%s'",
				where, row->name, text);
		return;
	case PROMOD_LEVEL:
		if (!parse_level(text, value))
			complain(loading,
				"%s: '%s' has to be error, warning, info or debug, not '%s'", where,
				row->name, text);
		return;
	case PROMOD_LIST:
		if (!set_list(loading, row, source, text))
			complain(loading, "%s: '%s' takes %d values at most", where, row->name,
				PROMOD_LIST_MAX);
		return;
	}
}

static void unknown(struct loading *loading, const char *where, const char *name)
{
	const char *meant = nearest(name);

	if (meant)
		complain(loading, "%s: there is no key '%s'; did you mean '%s'?", where, name,
			meant);
	else
		complain(loading, "%s: there is no key '%s'; see promod.conf(5)", where, name);
}

/*
 * Sources.
 */

static int on_entry(void *context, const struct promo_ini_entry *entry)
{
	static const char source[] = "file";
	struct loading *loading = context;
	const struct promod_config_row *row = find_row(entry->name);
	const char *where = promo_arena_printf(loading->arena, "%s:%d", entry->file, entry->line);

	if (!where)
		return 0;
	if (entry->section[0] && (!loading->section || strcmp(loading->section, entry->section))) {
		loading->section = promo_arena_strdup(loading->arena, entry->section);
		complain(loading, "%s: there are no sections here, remove [%s]", where,
			entry->section);
	}
	if (!row)
		unknown(loading, where, entry->name);
	else
		set(loading, row, source, where, entry->value);
	return 0;
}

static void load_file(struct loading *loading, const char *file)
{
	struct promo_problem problem = { 0 };
	int r = promo_ini_read(
		file ? file : PROMOD_CONFIG_FILE, on_entry, loading, loading->arena, &problem);

	if (r == 0 || (r == PROMO_E_NOT_FOUND && !file))
		return;
	if (r == PROMO_E_NOT_FOUND)
		complain(loading, "%s: there is no such file", file);
	else
		complain(loading, "%s",
			problem.detail ? problem.detail : "the file could not be read");
}

static void load_environment(struct loading *loading, char **environment)
{
	for (; environment && *environment; environment++) {
		const char *entry = *environment;
		const char *equals = strchr(entry, '=');
		const struct promod_config_row *row;
		char *name, *where;

		if (!equals || strncmp(entry, ENVIRONMENT_PREFIX, strlen(ENVIRONMENT_PREFIX)) != 0)
			continue;
		where = promo_arena_strndup(loading->arena, entry, (size_t)(equals - entry));
		name = promo_arena_strdup(
			loading->arena, where ? where + strlen(ENVIRONMENT_PREFIX) : NULL);
		if (!name)
			return;
		for (char *c = name; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		row = find_row(name);
		if (row)
			set(loading, row, where, where, equals + 1);
		else
			unknown(loading, where, name);
	}
}

static void load_options(
	struct loading *loading, const struct promod_config_option *options, size_t count)
{
	static const char source[] = "options";

	for (size_t i = 0; i < count; i++) {
		const struct promod_config_row *row = find_row(options[i].name);
		const char *where = "the command line";

		if (!row)
			unknown(loading, where, options[i].name);
		else if (row->kind == PROMOD_URI && has_password(options[i].value))
			complain(loading,
				"%s: everybody on this machine could read the password in '%s'; "
				"put it into the file, or name one with passfile=",
				where, row->name);
		else
			set(loading, row, source, where, options[i].value);
	}
}

/* What depends on other keys, or on who we are. */
static void complete(struct loading *loading, const struct promod_config_sources *sources)
{
	struct promod_config *config = loading->config;
	const char *home = NULL;

	for (char **each = sources->environment; each && *each; each++)
		if (strncmp(*each, "HOME=/", 6) == 0)
			home = *each + 5;
	if (!config->state_dir[0])
		config->state_dir =
			sources->is_root || !home
				? "/var/lib/promo"
				: promo_arena_printf(loading->arena, "%s/.local/state/promo", home);
	if (!config->spool_dir[0])
		config->spool_dir = config->state_dir;
	if (!config->backup_directory[0])
		config->backup_directory =
			promo_arena_printf(loading->arena, "%s/backups", config->state_dir);
	if (!config->hash_key_file[0])
		config->hash_key_file =
			promo_arena_printf(loading->arena, "%s/hash.key", config->state_dir);
	if (!config->audit_key_file[0])
		config->audit_key_file =
			promo_arena_printf(loading->arena, "%s/audit.key", config->state_dir);
	if (!config->audit_seals_file[0])
		config->audit_seals_file =
			promo_arena_printf(loading->arena, "%s/seals.log", config->state_dir);
	if (!config->mfa_key_file[0])
		config->mfa_key_file =
			promo_arena_printf(loading->arena, "%s/mfa.key", config->state_dir);
	if (config->listen.count == 0)
		complain(loading, "'listen' is empty: there has to be an address");
	if (config->owner_database[0] && !config->database[0])
		complain(loading, "'owner_database' is of no use without 'database'");
}

void promod_config_load(const struct promod_config_sources *sources, struct promo_arena *arena,
	struct promod_config *ret, struct promod_config_errors *ret_errors)
{
	struct loading loading = { .arena = arena, .config = ret, .errors = ret_errors };

	*ret = (struct promod_config){ 0 };
	ret_errors->count = 0;
	for (size_t i = 0; i < promod_config_row_count; i++)
		set(&loading, &promod_config_rows[i], "default", "default",
			promod_config_rows[i].fallback);
	load_file(&loading, sources->file);
	load_environment(&loading, sources->environment);
	load_options(&loading, sources->options, sources->option_count);
	complete(&loading, sources);
}

/*
 * Showing.
 */

static void print_value(const struct promod_config_row *row, const void *value, FILE *to)
{
	const struct promod_list *list = value;
	const char *const *text = value;

	switch (row->kind) {
	case PROMOD_TEXT:
	case PROMOD_PATH:
		fputs(*text, to);
		return;
	case PROMOD_URI:
		fputs(has_password(*text) ? "(with a password, not shown)" : *text, to);
		return;
	case PROMOD_BOOL:
		fputs(*(const bool *)value ? "yes" : "no", to);
		return;
	case PROMOD_INT:
		fprintf(to, "%" PRId64, *(const int64_t *)value);
		return;
	case PROMOD_MODE:
		fprintf(to, "%04" PRIo64, (uint64_t) * (const int64_t *)value);
		return;
	case PROMOD_LEVEL:
		for (size_t i = 0; i < PROMO_COUNT(levels); i++)
			if ((int64_t)levels[i].level == *(const int64_t *)value)
				fputs(levels[i].word, to);
		return;
	case PROMOD_LIST:
		for (size_t i = 0; i < list->count; i++)
			fprintf(to, "%s%s", i ? ", " : "", list->items[i]);
		return;
	}
}

void promod_config_print(const struct promod_config *config, FILE *to)
{
	for (size_t i = 0; i < promod_config_row_count; i++) {
		const struct promod_config_row *row = &promod_config_rows[i];

		fprintf(to, "%s = ", row->name);
		print_value(row, (const char *)config + row->offset, to);
		fputc('\n', to);
	}
}

int64_t promod_config_streams(const struct promod_config *config)
{
	const int64_t most = config->connections * 3 / 4;

	return config->event_streams < most ? config->event_streams : most;
}

void promod_config_help(FILE *to)
{
	for (size_t i = 0; i < promod_config_row_count; i++) {
		const struct promod_config_row *row = &promod_config_rows[i];
		char option[64];

		(void)snprintf(option, sizeof(option), "--%s %s", row->name, row->argument);
		for (char *c = option + 2; *c && *c != ' '; c++)
			if (*c == '_')
				*c = '-';
		fprintf(to, "  %s\n      %s", option, row->help);
		if (row->fallback[0])
			fprintf(to, " (%s)", row->fallback);
		fputc('\n', to);
	}
}
