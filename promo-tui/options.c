/* SPDX-License-Identifier: MIT */
#include "promo-tui/options.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/ini.h"
#include "promo-tui/scanner.h"
#include "promo-tui/theme.h"

enum {
	IDLE_LOCK_MINUTES = 5,
	MINUTES_PER_DAY = 1440
};

#define AT(member) offsetof(struct tui_options, member)

/* clang-format off */
const struct tui_option_row tui_option_rows[] = {
	{ "server", "URL", "the server, where the profile has none or another one is meant",
	  TUI_OPTION_TEXT, AT(server), true, true },
	{ "profile", "NAME", "the profile to begin with: a server and who is signed in there",
	  TUI_OPTION_TEXT, AT(profile), true, true },
	{ "ca-file", "FILE", "further certificate authorities, in PEM",
	  TUI_OPTION_TEXT, AT(ca_file), true, true },
	{ "theme", "NAME", "colours: teal, light, contrast, colour-blind or mono",
	  TUI_OPTION_TEXT, AT(theme), true, true },
	{ "ascii", NULL, "lines and marks in ASCII",
	  TUI_OPTION_FLAG, AT(ascii), true, true },
	{ "plain", NULL, "line by line, for screen readers and serial lines",
	  TUI_OPTION_FLAG, AT(plain), true, true },
	{ "mute", NULL, "no sounds",
	  TUI_OPTION_FLAG, AT(mute), true, true },
	{ "no-color", NULL, "no colours; NO_COLOR in the environment does the same",
	  TUI_OPTION_FLAG, AT(no_color), true, false },
	{ "scanner_prefix", "TEXT", "what the scanner is set to send in front of a code",
	  TUI_OPTION_TEXT, AT(scanner_prefix), false, true },
	{ "scanner_suffix", "TEXT", "what it sends behind a code, beside Enter or Tab",
	  TUI_OPTION_TEXT, AT(scanner_suffix), false, true },
	{ "idle_lock_minutes", "N", "lock when nobody touched a key for so long; 0: never; 5 unless said",
	  TUI_OPTION_NUMBER, AT(idle_lock_minutes), false, true, MINUTES_PER_DAY },
	{ "help", NULL, "show this",
	  TUI_OPTION_FLAG, AT(help), true, false },
	{ "version", NULL, "show the version",
	  TUI_OPTION_FLAG, AT(version), true, false },
	{ 0 },
};
/* clang-format on */

struct reading {
	struct promo_arena *arena;
	struct promo_problem *problem;
	struct tui_options *options;
	uint64_t given; /* rows that were set by what counts more */
	uint64_t now;   /* rows that are set by what is being read */
};

static uint64_t bit(const struct tui_option_row *row)
{
	return UINT64_C(1) << (row - tui_option_rows);
}

static const struct tui_option_row *find(const char *name, size_t length)
{
	for (const struct tui_option_row *row = tui_option_rows; row->name; row++)
		if (strlen(row->name) == length && memcmp(row->name, name, length) == 0)
			return row;
	return NULL;
}

static int set_number(struct reading *reading, const struct tui_option_row *row, const char *text)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text || *end || number < 0 || number > row->max)
		return promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
			"%s is a whole number from 0 to %lld, not \"%s\"", row->name,
			(long long)row->max, text);
	*(int64_t *)(void *)((char *)reading->options + row->offset) = number;
	return 0;
}

static int set_flag(struct reading *reading, const struct tui_option_row *row, const char *text)
{
	bool yes = !text || strcmp(text, "yes") == 0;

	if (!yes && strcmp(text, "no") != 0)
		return promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
			"%s is yes or no, not \"%s\"", row->name, text);
	*(bool *)(void *)((char *)reading->options + row->offset) = yes;
	return 0;
}

static int set(struct reading *reading, const struct tui_option_row *row, const char *text)
{
	char *copy;

	reading->now |= bit(row);
	if (reading->given & bit(row))
		return 0;
	switch (row->kind) {
	case TUI_OPTION_FLAG:
		return set_flag(reading, row, text);
	case TUI_OPTION_NUMBER:
		return set_number(reading, row, text);
	case TUI_OPTION_TEXT:
		break;
	}
	copy = promo_arena_strdup(reading->arena, text);
	if (!copy)
		return promo_fault(-ENOMEM, "could not hold the options");
	*(const char **)(void *)((char *)reading->options + row->offset) = copy;
	return 0;
}

static void next_source(struct reading *reading)
{
	reading->given |= reading->now;
	reading->now = 0;
}

static int read_arguments(struct reading *reading, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *name = argv[i] + 2, *value = strchr(argv[i], '=');
		const struct tui_option_row *row = NULL;
		int r;

		if (strncmp(argv[i], "--", 2) == 0)
			row = find(name, value ? (size_t)(value - name) : strlen(name));
		if (!row || !row->option)
			return promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
				"there is no option %s; promo-tui --help lists them", argv[i]);
		if (row->kind == TUI_OPTION_FLAG ? value != NULL : !value && i + 1 == argc)
			return promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
				"--%s takes %s", row->name,
				row->argument ? row->argument : "no value");
		if (row->kind != TUI_OPTION_FLAG)
			value = value ? value + 1 : argv[++i];
		r = set(reading, row, value);
		if (r)
			return r;
	}
	next_source(reading);
	return 0;
}

static int read_environment(struct reading *reading, const struct tui_environment *environment)
{
	const struct {
		const char *name, *value;
	} values[] = {
		{ "server", environment->server },
		{ "profile", environment->profile },
		{ "ca-file", environment->ca_file },
	};
	int r = 0;

	for (size_t i = 0; !r && i < PROMO_COUNT(values); i++)
		if (values[i].value && *values[i].value)
			r = set(reading, find(values[i].name, strlen(values[i].name)),
				values[i].value);
	if (environment->no_color && *environment->no_color)
		reading->options->no_color = true;
	next_source(reading);
	return r;
}

static int take_server(struct reading *reading, const struct promo_ini_entry *entry)
{
	struct tui_options *options = reading->options;
	struct tui_server *server = &options->servers[options->server_count];

	if (options->server_count == TUI_SERVERS_MAX)
		return promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
			"%s:%d: no more than %d servers", entry->file, entry->line,
			TUI_SERVERS_MAX);
	server->name = promo_arena_strdup(reading->arena, entry->name);
	server->address = promo_arena_strdup(reading->arena, entry->value);
	if (!server->name || !server->address)
		return promo_fault(-ENOMEM, "could not hold the servers");
	options->server_count++;
	return 0;
}

static int take_entry(void *context, const struct promo_ini_entry *entry)
{
	struct reading *reading = context;
	const struct tui_option_row *row = find(entry->name, strlen(entry->name));

	if (strcmp(entry->section, "servers") == 0)
		return take_server(reading, entry);
	if (*entry->section || !row || !row->setting)
		return promo_refuse(reading->problem, reading->arena, PROMO_E_INVALID_INPUT,
			"%s:%d: there is no setting %s%s%s", entry->file, entry->line,
			entry->section, *entry->section ? "." : "", entry->name);
	return set(reading, row, entry->value);
}

static int read_file(struct reading *reading, const struct tui_environment *environment)
{
	const char *home = environment->home.home, *path;
	int r;

	if (environment->config_home && environment->config_home[0] == '/')
		path = promo_arena_printf(
			reading->arena, "%s/promo/tui.conf", environment->config_home);
	else if (home && home[0] == '/')
		path = promo_arena_printf(reading->arena, "%s/.config/promo/tui.conf", home);
	else
		return 0;
	if (!path)
		return promo_fault(-ENOMEM, "could not name the configuration file");
	r = promo_ini_read(path, take_entry, reading, reading->arena, reading->problem);
	if (r != PROMO_E_NOT_FOUND)
		return r;
	*reading->problem = (struct promo_problem){ 0 };
	return 0;
}

static bool fits(const char *affix)
{
	return !affix || strlen(affix) < TUI_SCAN_AFFIX_SIZE;
}

int tui_options_read(int argc, char **argv, const struct tui_environment *environment,
	struct promo_arena *arena, struct promo_problem *problem, struct tui_options *ret)
{
	struct tui_options options = { .idle_lock_minutes = IDLE_LOCK_MINUTES };
	struct reading reading = { .arena = arena, .problem = problem, .options = &options };
	int r = read_arguments(&reading, argc, argv);

	if (!r)
		r = read_environment(&reading, environment);
	if (!r && !options.help && !options.version)
		r = read_file(&reading, environment);
	if (r)
		return r;
	if (options.theme && !tui_theme_find(options.theme))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"there is no theme \"%s\"; there are teal, light, contrast, colour-blind "
			"and "
			"mono",
			options.theme);
	if (!fits(options.scanner_prefix) || !fits(options.scanner_suffix))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"scanner_prefix and scanner_suffix have at most %d bytes",
			TUI_SCAN_AFFIX_SIZE - 1);
	*ret = options;
	return 0;
}

const char *tui_options_help(struct promo_arena *arena)
{
	const char *text = promo_arena_strdup(arena,
		"usage: promo-tui [OPTION]...\n\n"
		"The counter: verify, redeem and report promo codes.\n\n");

	for (const struct tui_option_row *row = tui_option_rows; text && row->name; row++) {
		const char *name;

		if (!row->option)
			continue;
		name = promo_arena_printf(arena, "%s%s%s", row->name, row->argument ? " " : "",
			row->argument ? row->argument : "");
		text = name ? promo_arena_printf(arena, "%s  --%-14s %s\n", text, name, row->help)
			    : NULL;
	}
	return text ? promo_arena_printf(arena,
			      "%s\npromo-tui(1) has the keys and the settings of tui.conf.\n", text)
		    : NULL;
}
