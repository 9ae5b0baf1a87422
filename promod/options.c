/* SPDX-License-Identifier: MIT */
#include "promod/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The options that are no keys of the configuration. */
static const struct own_option {
	const char *name;
	enum promod_command only; /* 0: of every command */
	size_t text, flag;        /* where it goes; the other one is 0 */
} own_options[] = {
	{ "config", 0, offsetof(struct promod_options, config_file), 0 },
	{ "ready-file", PROMOD_RUN, offsetof(struct promod_options, ready_file), 0 },
	{ "status", PROMOD_MIGRATE, 0, offsetof(struct promod_options, status) },
	{ "email", PROMOD_ADMIN_CREATE, offsetof(struct promod_options, email), 0 },
	{ "phone", PROMOD_ADMIN_CREATE, offsetof(struct promod_options, phone), 0 },
	{ "first-name", PROMOD_ADMIN_CREATE, offsetof(struct promod_options, first_name), 0 },
	{ "last-name", PROMOD_ADMIN_CREATE, offsetof(struct promod_options, last_name), 0 },
	{ "key", PROMOD_RESTORE, offsetof(struct promod_options, key), 0 },
	{ "check", PROMOD_RESTORE, 0, offsetof(struct promod_options, check) },
	{ "despite-seals", PROMOD_RESTORE, 0, offsetof(struct promod_options, despite_seals) },
	{ "password-stdin", PROMOD_ADMIN_CREATE, 0,
		offsetof(struct promod_options, password_stdin) },
};

static const struct {
	const char *words; /* as typed */
	enum promod_command command;
} commands[] = {
	{ "--check-config", PROMOD_CHECK_CONFIG },
	{ "--help", PROMOD_HELP },
	{ "-h", PROMOD_HELP },
	{ "--version", PROMOD_VERSION },
	{ "help", PROMOD_HELP },
	{ "migrate", PROMOD_MIGRATE },
	{ "maintain", PROMOD_MAINTAIN },
	{ "admin create", PROMOD_ADMIN_CREATE },
	{ "restore", PROMOD_RESTORE },
	{ "backup-key", PROMOD_BACKUP_KEY },
};

struct parsing {
	char **arguments;
	int count, at;
	struct promo_arena *arena;
	struct promo_problem *problem;
	struct promod_options *options;
};

static int usage(struct parsing *parsing, const char *what, const char *word)
{
	return promo_refuse(parsing->problem, parsing->arena, PROMO_E_INVALID_INPUT,
		"%s '%s'; see promod --help", what, word);
}

/* How many arguments name this command here; 0: another one does. */
static int matches(const struct parsing *parsing, const char *words)
{
	int count = 0;

	for (const char *word = words; *word; count++) {
		size_t length = strcspn(word, " ");
		const char *argument;

		if (parsing->at + count >= parsing->count)
			return 0;
		argument = parsing->arguments[parsing->at + count];
		if (strlen(argument) != length || strncmp(argument, word, length) != 0)
			return 0;
		word += length;
		word += *word == ' ';
	}
	return count;
}

static bool take_command(struct parsing *parsing)
{
	for (size_t i = 0; i < PROMO_COUNT(commands); i++) {
		int words = matches(parsing, commands[i].words);

		if (words == 0)
			continue;
		parsing->at += words;
		parsing->options->command = commands[i].command;
		return true;
	}
	return false;
}

/* The value of "--name value" or "--name=value". */
static int take_value(
	struct parsing *parsing, const char *name, const char *equals, const char **ret)
{
	if (equals) {
		*ret = equals + 1;
		return 0;
	}
	if (parsing->at == parsing->count)
		return usage(parsing, "a value is missing behind", name);
	*ret = parsing->arguments[parsing->at++];
	return 0;
}

static int take_own(struct parsing *parsing, const struct own_option *own, const char *argument,
	const char *equals)
{
	char *options = (char *)parsing->options;

	if (own->only && own->only != parsing->options->command)
		return usage(parsing, "this command has no option", argument);
	if (own->text)
		return take_value(parsing, argument, equals, (const char **)(options + own->text));
	if (equals)
		return usage(parsing, "no value belongs behind", argument);
	*(bool *)(options + own->flag) = true;
	return 0;
}

static int take_setting(
	struct parsing *parsing, char *name, const char *argument, const char *equals)
{
	struct promod_options *options = parsing->options;
	struct promod_config_option *setting;

	if (options->setting_count == PROMOD_OPTIONS_MAX)
		return usage(parsing, "there are too many options, from", argument);
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	setting = &options->settings[options->setting_count++];
	setting->name = name;
	return take_value(parsing, argument, equals, &setting->value);
}

static int take_option(struct parsing *parsing)
{
	const char *argument = parsing->arguments[parsing->at++];
	const char *equals = strchr(argument, '=');
	size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
	char *name;

	if (strncmp(argument, "--", 2) != 0 || length == 2)
		return usage(parsing, "there is no command or option", argument);
	name = promo_arena_strndup(parsing->arena, argument + 2, length - 2);
	if (!name)
		return promo_fault(-ENOMEM, "could not read the command line");
	for (size_t i = 0; i < PROMO_COUNT(own_options); i++)
		if (strcmp(own_options[i].name, name) == 0)
			return take_own(parsing, &own_options[i], argument, equals);
	return take_setting(parsing, name, argument, equals);
}

/* The one file that these commands are about. */
static bool takes_file(const struct promod_options *options)
{
	return options->command == PROMOD_RESTORE || options->command == PROMOD_BACKUP_KEY;
}

static bool take_file(struct parsing *parsing)
{
	const char *argument = parsing->arguments[parsing->at];

	if (!takes_file(parsing->options) || parsing->options->file || argument[0] == '-')
		return false;
	parsing->options->file = argument;
	parsing->at++;
	return true;
}

int promod_options_parse(int argc, char **argv, struct promo_arena *arena,
	struct promo_problem *problem, struct promod_options *ret)
{
	struct promod_options options = { .command = PROMOD_RUN };
	struct parsing parsing = { argv, argc, 1, arena, problem, &options };
	int r = 0;

	while (!r && parsing.at < argc)
		if (options.command != PROMOD_RUN ? !take_file(&parsing) : !take_command(&parsing))
			r = take_option(&parsing);
	if (!r && takes_file(&options) && !options.file)
		r = promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"this command needs a file; see promod --help");
	if (!r && options.command == PROMOD_ADMIN_CREATE && !options.email && !options.phone)
		r = promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"an administrator needs --email or --phone to sign in with");
	if (!r)
		*ret = options;
	return r;
}

void promod_options_help(FILE *to)
{
	fputs("usage: promod [OPTION]...                  serve the API\n"
	      "       promod --check-config [OPTION]...   show the configuration, or what is "
	      "wrong\n"
	      "       promod migrate [--status] [OPTION]...\n"
	      "       promod maintain [OPTION]...\n"
	      "       promod admin create --email E [--phone P] [--first-name N --last-name N]\n"
	      "                           [--password-stdin] [OPTION]...\n"
	      "       promod restore FILE [--key FILE] [--check] [--despite-seals] [OPTION]...\n"
	      "       promod backup-key FILE\n"
	      "       promod --version | --help\n"
	      "\n"
	      "  --config FILE\n      the configuration (" PROMOD_CONFIG_FILE " if it is there)\n"
	      "  --ready-file FILE\n      written with the addresses once requests are served\n",
		to);
	promod_config_help(to);
	fputs("\nEach key is also taken from the file and from the environment as PROMOD_KEY;\n"
	      "see promod(8) and promod.conf(5).\n",
		to);
}
