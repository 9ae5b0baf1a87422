/* SPDX-License-Identifier: MIT */
#include "promo-cli/args.h"

#include <string.h>

#include "libpromo/base/buffer.h"
#include "promo-cli/cli.h"
#include "promo-cli/suggest.h"

enum {
	NAMES_MAX = 64,
	LIST_BYTES_MAX = 1024 * 1024,
};

/* argv, and how far it is read. */
struct reader {
	char **argv;
	int argc, at;
	bool only_words; /* after "--" */
};

static int unknown_option(struct cli *cli, const struct cli_args *args, const char *typed)
{
	size_t length = strcspn(typed, "=");
	char *name = promo_arena_strndup(cli->arena, typed, length);
	struct cli_suggestion near = { .typed = name ? name + 2 : "" };

	for (size_t i = 0; i < args->options.count; i++) {
		cli_suggest(&near, args->options.items[i].name);
		if (args->options.items[i].other)
			cli_suggest(&near, args->options.items[i].other);
	}
	cli_complain(&cli->out, "there is no option %s%s%s", cli_clean(cli->arena, name),
		args->cmd.name ? " of promo " : "", args->cmd.name ? args->cmd.name : "");
	if (near.best)
		cli_say(&cli->out, "did you mean --%s?", near.best);
	else
		cli_say(&cli->out, "promo %s%s--help shows what there is",
			args->cmd.name ? args->cmd.name : "", args->cmd.name ? " " : "");
	return CLI_USAGE;
}

static bool may_repeat(const struct cli_option *option)
{
	return !option->arg || option->bare ||
	       (option->field && option->field->kind == PROMO_TEXTS);
}

static int note(struct cli *cli, struct cli_args *args, const struct cli_option *option,
	const char *spelled, const char *value)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (args->given[i].option == option && !may_repeat(option)) {
			cli_complain(&cli->out, "%s is given twice", spelled);
			return CLI_USAGE;
		}
	if (args->given_count == CLI_GIVEN_MAX) {
		cli_complain(&cli->out, "there are too many options");
		return CLI_USAGE;
	}
	args->given[args->given_count++] = (struct cli_given){ option, value, spelled };
	if (option->own)
		args->own[option->own] = value;
	return CLI_DONE;
}

static bool is_switch(const struct cli_option *option)
{
	return option->field && option->field->kind == PROMO_BOOL;
}

/* The value that stands in the next word. One that looks like an option is a forgotten value far
 * more often than a value. */
static int next_value(struct cli *cli, struct reader *reader, const struct cli_option *option,
	const char *spelled, const char **ret)
{
	const char *next = reader->at < reader->argc ? reader->argv[reader->at] : NULL;

	if (next && strncmp(next, "--", 2) != 0) {
		reader->at++;
		*ret = next;
		return CLI_DONE;
	}
	cli_complain(&cli->out, "%s needs a value: %s %s", spelled, spelled, option->arg);
	if (next)
		cli_say(&cli->out, "if the value is %s, write %s=%s", cli_clean(cli->arena, next),
			spelled, cli_clean(cli->arena, next));
	return CLI_USAGE;
}

static int long_option(struct cli *cli, struct cli_args *args, struct reader *reader)
{
	const char *typed = reader->argv[reader->at++];
	size_t length = strcspn(typed + 2, "=");
	const char *value = typed[2 + length] == '=' ? typed + 2 + length + 1 : NULL;
	const struct cli_option *option = cli_option_named(&args->options, typed + 2, length);
	const char *spelled = promo_arena_strndup(cli->arena, typed, length + 2);
	int code;

	if (!option)
		return unknown_option(cli, args, typed);
	if (!option->arg && value && !is_switch(option)) {
		cli_complain(&cli->out, "%s takes no value", spelled);
		return CLI_USAGE;
	}
	if (is_switch(option) && !value) {
		const char *next = reader->at < reader->argc ? reader->argv[reader->at] : "";
		bool said = strcmp(next, "true") == 0 || strcmp(next, "false") == 0;

		value = said ? next : "true";
		reader->at += said;
	}
	if (option->arg && !option->bare && !value) {
		code = next_value(cli, reader, option, spelled, &value);
		if (code)
			return code;
	}
	return note(cli, args, option, spelled, value ? value : "");
}

/* "-o FILE", "-oFILE", "-v", "-vf". */
static int letter_options(struct cli *cli, struct cli_args *args, struct reader *reader)
{
	const char *letters = reader->argv[reader->at++] + 1;

	for (; *letters; letters++) {
		const struct cli_option *option = cli_option_letter(&args->options, *letters);
		const char *spelled = promo_arena_printf(cli->arena, "-%c", *letters);
		const char *value = "";
		int code = CLI_DONE;

		if (!option) {
			cli_complain(&cli->out, "there is no option -%s%s%s",
				cli_clean(cli->arena, letters), args->cmd.name ? " of promo " : "",
				args->cmd.name ? args->cmd.name : "");
			return CLI_USAGE;
		}
		if (option->field && !option->arg)
			value = "true";
		else if (option->arg && letters[1])
			value = letters + 1;
		else if (option->arg)
			code = next_value(cli, reader, option, spelled, &value);
		if (code)
			return code;
		code = note(cli, args, option, spelled, value);
		if (code || option->arg)
			return code;
	}
	return CLI_DONE;
}

/* "-" is a file, and no letter is a digit: "-5" is a value, which whoever takes it may refuse. */
static bool looks_like_option(const char *text)
{
	return text[0] == '-' && text[1] != '\0' && !(text[1] >= '0' && text[1] <= '9');
}

/* Reads options until a word; *ret_word is NULL at the end. */
static int next_word(
	struct cli *cli, struct cli_args *args, struct reader *reader, const char **ret_word)
{
	*ret_word = NULL;
	while (reader->at < reader->argc) {
		const char *text = reader->argv[reader->at];
		int code;

		if (reader->only_words || !looks_like_option(text)) {
			reader->at++;
			*ret_word = text;
			return CLI_DONE;
		}
		if (strcmp(text, "--") == 0) {
			reader->at++;
			reader->only_words = true;
			continue;
		}
		code = text[1] == '-' ? long_option(cli, args, reader)
				      : letter_options(cli, args, reader);
		if (code)
			return code;
	}
	return CLI_DONE;
}

static int unknown_name(struct cli *cli, const char *noun, const char *verb)
{
	const char *names[NAMES_MAX];
	struct cli_suggestion near = { .typed = verb ? verb : noun };
	size_t count =
		verb ? cli_verbs(noun, names, NAMES_MAX) : cli_nouns(cli->arena, names, NAMES_MAX);

	for (size_t i = 0; i < count; i++)
		cli_suggest(&near, names[i]);
	for (size_t i = 0; !verb && cli_cmds[i]; i++)
		if (!strchr(cli_cmds[i]->name, ' '))
			cli_suggest(&near, cli_cmds[i]->name);
	if (verb)
		cli_complain(&cli->out, "there is no command promo %s %s", noun,
			cli_clean(cli->arena, verb));
	else
		cli_complain(
			&cli->out, "there is no command promo %s", cli_clean(cli->arena, noun));
	if (near.best && verb)
		cli_say(&cli->out, "did you mean promo %s %s?", noun, near.best);
	else if (near.best)
		cli_say(&cli->out, "did you mean promo %s?", near.best);
	else
		cli_say(&cli->out, "promo %s%s--help shows what there is", verb ? noun : "",
			verb ? " " : "");
	return CLI_USAGE;
}

static bool is_noun(struct cli *cli, const char *word)
{
	const char *names[NAMES_MAX];
	size_t count = cli_nouns(cli->arena, names, NAMES_MAX);

	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], word) == 0)
			return true;
	return false;
}

/* Gives the command its options. What was given before it was known are options of the program,
 * which every command has: they are found again by what they are. */
static void take_options(struct cli *cli, struct cli_args *args)
{
	enum cli_opt own[CLI_GIVEN_MAX];

	for (size_t i = 0; i < args->given_count; i++)
		own[i] = args->given[i].option->own;
	cli_options_of(&args->cmd, cli->arena, &args->options);
	for (size_t i = 0; i < args->given_count; i++)
		for (size_t j = 0; j < args->options.count; j++)
			if (args->options.items[j].own == own[i])
				args->given[i].option = &args->options.items[j];
}

/* A noun as it is called when there are many: "notifications" is "notification"; NULL where it is none. */
static const char *singular(struct cli *cli, const char *noun)
{
	static const char *const endings[] = { "s", "es" };
	const size_t length = strlen(noun);

	for (size_t i = 0; i < PROMO_COUNT(endings); i++) {
		const size_t end = strlen(endings[i]);
		const char *one;

		if (length <= end || strcmp(noun + length - end, endings[i]) != 0)
			continue;
		one = promo_arena_strndup(cli->arena, noun, length - end);
		if (one && is_noun(cli, one))
			return one;
	}
	return NULL;
}

static int find_command(
	struct cli *cli, struct cli_args *args, struct reader *reader, bool *ret_named)
{
	const char *noun, *one, *verb = NULL;
	bool many = false;
	int code = next_word(cli, args, reader, &noun);

	*ret_named = false;
	if (code || !noun)
		return code;
	if (!cli_cmd_find(noun, NULL, cli->arena, &args->cmd)) {
		one = is_noun(cli, noun) ? noun : singular(cli, noun);
		if (!one)
			return unknown_name(cli, noun, NULL);
		many = one != noun;
		noun = one;
		args->words[args->word_count++] = noun;
		if (many && (reader->at == reader->argc || reader->argv[reader->at][0] == '-'))
			verb = "list";
		else
			code = next_word(cli, args, reader, &verb);
		if (code || !verb)
			return code;
		if (!cli_cmd_find(noun, verb, cli->arena, &args->cmd))
			return unknown_name(cli, noun, verb);
		args->word_count = 0;
	}
	*ret_named = true;
	take_options(cli, args);
	return CLI_DONE;
}

/* Where the last thing to name is a list, it may have as many words as one likes. */
static bool ends_with_list(const struct cli_args *args)
{
	const size_t count = args->options.word_count;

	return args->cmd.words_max == 0 && count > 0 &&
	       args->options.words[count - 1]->kind == PROMO_TEXTS;
}

/* The words of a list become one, as it is written with commas. */
static int join(struct cli *cli, struct cli_args *args, struct reader *reader, const char *word)
{
	struct promo_buffer list = PROMO_BUFFER(cli->arena, LIST_BYTES_MAX);
	const char **last = &args->words[args->word_count - 1];
	int code = CLI_DONE;

	promo_buffer_text(&list, *last);
	while (!code && word) {
		promo_buffer_char(&list, ',');
		promo_buffer_text(&list, word);
		code = next_word(cli, args, reader, &word);
	}
	if (!code && promo_buffer_end(&list, last)) {
		cli_complain(&cli->out, "there are too many words for promo %s", args->cmd.name);
		code = CLI_USAGE;
	}
	return code;
}

static int rest_of_words(struct cli *cli, struct cli_args *args, struct reader *reader)
{
	size_t max = args->options.word_count + args->cmd.words_max;
	const char *word;
	int code;

	for (;;) {
		code = next_word(cli, args, reader, &word);
		if (code || !word)
			return code;
		if (args->word_count == max && ends_with_list(args))
			return join(cli, args, reader, word);
		if (args->word_count == max) {
			cli_complain(&cli->out, "'%s' is one word too many for promo %s",
				cli_clean(cli->arena, word), args->cmd.name);
			cli_say(&cli->out, "promo %s --help shows how it is used", args->cmd.name);
			return CLI_USAGE;
		}
		args->words[args->word_count++] = word;
	}
}

int cli_args_parse(struct cli *cli, int argc, char **argv, struct cli_args *ret, bool *ret_named)
{
	struct reader reader = { .argv = argv, .argc = argc, .at = 1 };
	int code;

	*ret = (struct cli_args){ 0 };
	cli_options_of(NULL, cli->arena, &ret->options);
	code = find_command(cli, ret, &reader, ret_named);
	if (code || !*ret_named)
		return code;
	return rest_of_words(cli, ret, &reader);
}

static const struct promo_field *pointed_field(const struct promo_op *op, const char *pointer)
{
	char name[64];
	size_t length;

	if (!op || !op->in || !pointer || (pointer[0] != '/' && pointer[0] != '?'))
		return NULL;
	length = strcspn(pointer + 1, "/"); /* "/roles/0" is about --role */
	if (length >= sizeof(name))
		return NULL;
	memcpy(name, pointer + 1, length);
	name[length] = '\0';
	return promo_schema_field(op->in, name);
}

static const char *name_of_field(
	const struct cli_args *args, const struct promo_field *field, struct promo_arena *arena)
{
	const struct cli_option *option;

	for (size_t i = 0; i < args->options.word_count; i++)
		if (args->options.words[i] == field)
			return args->options.word_names[i];
	for (size_t i = 0; i < args->given_count; i++)
		if (args->given[i].option->field == field)
			return args->given[i].spelled;
	option = cli_option_of_field(&args->options, field);
	return option ? promo_arena_printf(arena, "--%s", option->name) : NULL;
}

/* What stands in an object is named behind the option that took it: "--filter: batch_id". */
static const char *name_of_member(const char *name, const char *pointer, struct promo_arena *arena)
{
	const char *member = pointer + 1 + strcspn(pointer + 1, "/");

	return *member ? promo_arena_printf(arena, "%s: %s", name, member + 1) : name;
}

const char *cli_args_name(
	const struct cli_args *args, const char *pointer, struct promo_arena *arena)
{
	const struct promo_field *field = pointed_field(args->cmd.op, pointer);
	const char *name = field ? name_of_field(args, field, arena) : NULL;

	/* The body of a command that sends one, which is its own word. */
	if (!field && pointer && (!pointer[0] || strcmp(pointer, "/file") == 0))
		return args->cmd.words;
	return name && field->kind == PROMO_OBJECT ? name_of_member(name, pointer, arena) : name;
}
