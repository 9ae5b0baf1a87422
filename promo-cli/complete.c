/* SPDX-License-Identifier: MIT */
#include "promo-cli/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "promo-cli/print.h"

enum {
	NAMES_MAX = 64
};

/* How far a command line is read. */
struct finder {
	struct cli *cli;
	struct cli_live *live;
	struct cli_args args;
	const char *noun; /* where only that is known */
	bool named;
	const struct cli_option *waiting; /* whose value the next word is */
	bool only_words;                  /* behind "--" */
	const char *lead; /* what stands before the value in the last word: "--batch=", "active," */
	const char *typed; /* and of the value itself */
	struct cli_candidates *found;
};

static bool has_controls(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

static void offer(struct finder *finder, const char *value, const char *help)
{
	struct promo_arena *arena = finder->cli->arena;
	const char *whole;

	if (finder->found->count == CLI_CANDIDATES_MAX || !*value || has_controls(value) ||
		strcmp(cli_clean(arena, value), value) != 0 ||
		strncasecmp(value, finder->typed, strlen(finder->typed)) != 0)
		return;
	whole = promo_arena_printf(arena, "%s%s", finder->lead, value);
	if (whole)
		finder->found->items[finder->found->count++] =
			(struct cli_candidate){ whole, cli_clean(arena, help) };
}

/* The first of these characters that the value has, from behind: what stands before it is settled. */
static void go_behind_last(struct finder *finder, char c)
{
	const char *last = strrchr(finder->typed, c);
	char *lead;

	if (!last)
		return;
	lead = promo_arena_printf(finder->cli->arena, "%s%.*s", finder->lead,
		(int)(last + 1 - finder->typed), finder->typed);
	if (!lead)
		return;
	finder->lead = lead;
	finder->typed = last + 1;
}

static void offer_words(struct finder *finder, const struct promo_words *words)
{
	for (int i = 1; i < words->count; i++)
		offer(finder, words->words[i], "");
}

/* "csv|pdf" */
static void offer_parts(struct finder *finder, const char *parts)
{
	while (*parts) {
		const size_t length = strcspn(parts, "|");
		const char *word = promo_arena_strndup(finder->cli->arena, parts, length);

		if (word)
			offer(finder, word, "");
		parts += length + (parts[length] == '|');
	}
}

/* What names an item to people beside what is offered of it: its first other column. */
static const char *help_of(struct finder *finder, const struct promo_schema *schema,
	const struct promo_field *shown, const void *item)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (field != shown && field->flags & PROMO_COLUMN &&
			!promo_field_is_null(field, item))
			return cli_print_value(schema, field, item, CLI_PEOPLE, finder->cli->arena);
	}
	return "";
}

static void offer_live(struct finder *finder, const struct promo_op *list, const char *name)
{
	const struct promo_field *field = promo_schema_field(list->out, name);
	const struct promo_list *page;

	if (!field)
		return;
	page = cli_live_ask(finder->cli, finder->live, &finder->args, list, finder->typed);
	for (size_t i = 0; page && i < page->count; i++) {
		const char *item = (const char *)page->items + i * list->out->size;
		const char *value = *(const char *const *)(const void *)(item + field->offset);

		if (value)
			offer(finder, value, help_of(finder, list->out, field, item));
	}
}

/* The list of a noun. Those who bring codes are looked for on purpose, which is written down: not while
 * somebody types. */
static const struct promo_op *list_of(struct promo_arena *arena, const char *noun, size_t length)
{
	static const char *const closed[] = { "customer", "redemption", "code", "audit" };
	char *name = promo_arena_printf(arena, "%.*s.list", (int)length, noun);
	const struct promo_op *op;

	for (char *at = name; at && *at; at++)
		if (*at == '_')
			*at = '-';
	for (size_t i = 0; i < PROMO_COUNT(closed); i++)
		if (strlen(closed[i]) == length && strncmp(closed[i], noun, length) == 0)
			return NULL;
	op = name ? promo_op_find(name) : NULL;
	return op && op->shape == PROMO_SHAPE_LIST ? op : NULL;
}

/* "id" of "job.show", "job_id" of any. */
static void offer_ids(
	struct finder *finder, const struct promo_op *op, const struct promo_field *field)
{
	const char *end = strstr(field->name, "_id");
	const struct promo_op *list = NULL;

	if (strcmp(field->name, "id") == 0)
		list = list_of(finder->cli->arena, op->name, strcspn(op->name, "."));
	else if (end && strcmp(end, "_id") == 0)
		list = list_of(finder->cli->arena, field->name, (size_t)(end - field->name));
	if (list)
		offer_live(finder, list, "id");
}

static void offer_field(struct finder *finder, const struct promo_field *field)
{
	const struct promo_op *op = finder->args.cmd.op;
	const struct cli_reference *reference = cli_reference_of(op, field);
	const struct promo_op *roles = promo_op_find("role.list");

	if (field->kind == PROMO_TEXTS)
		go_behind_last(finder, ',');
	if (reference)
		offer_live(finder, reference->list, reference->match[0]);
	else if (field->words)
		offer_words(finder, field->words);
	else if (field->kind == PROMO_BOOL)
		offer_parts(finder, "true|false");
	else if (field->kind == PROMO_ID)
		offer_ids(finder, op, field);
	else if (roles && field->kind == PROMO_TEXTS && strcmp(field->name, "roles") == 0)
		offer_live(finder, roles, "name");
}

static void offer_columns(struct finder *finder)
{
	const struct promo_op *op = finder->args.cmd.op;

	go_behind_last(finder, ',');
	for (size_t i = 0; op && op->out && i < op->out->count; i++)
		if (!(op->out->fields[i].flags & PROMO_INTERNAL))
			offer(finder, op->out->fields[i].name, op->out->fields[i].help);
}

static void offer_value(struct finder *finder, const struct cli_option *option)
{
	if (option->field)
		offer_field(finder, option->field);
	else if (option->own == CLI_OPT_COLUMNS ||
		 (option->arg && strncmp(option->arg, "FIELD", 5) == 0))
		offer_columns(finder);
	else if (option->arg && strchr(option->arg, '|'))
		offer_parts(finder, option->arg);
	else if (option->arg && strcmp(option->arg, "FILE") == 0)
		finder->found->files = true;
}

static bool is_given(const struct cli_args *args, const struct cli_option *option)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (args->given[i].option == option)
			return !(option->field && option->field->kind == PROMO_TEXTS);
	return false;
}

static void offer_options(struct finder *finder)
{
	const struct cli_options *options = &finder->args.options;
	const char *equals = strchr(finder->typed, '=');
	const struct cli_option *option;

	if (equals && strncmp(finder->typed, "--", 2) == 0) {
		option = cli_option_named(
			options, finder->typed + 2, (size_t)(equals - finder->typed) - 2);
		go_behind_last(finder, '=');
		if (option)
			offer_value(finder, option);
		return;
	}
	for (size_t i = 0; i < options->count; i++) {
		const char *name =
			promo_arena_printf(finder->cli->arena, "--%s", options->items[i].name);

		if (name && !is_given(&finder->args, &options->items[i]))
			offer(finder, name, options->items[i].help);
	}
}

static void offer_commands(struct finder *finder)
{
	const char *nouns[NAMES_MAX];
	size_t count = cli_nouns(finder->cli->arena, nouns, NAMES_MAX);
	struct cli_cmd cmd;

	for (size_t i = 0; cli_cmds[i]; i++)
		if (!strchr(cli_cmds[i]->name, ' '))
			offer(finder, cli_cmds[i]->name, cli_cmd_summary(cli_cmds[i]));
	for (size_t i = 0; i < count; i++)
		if (!cli_cmd_find(nouns[i], NULL, finder->cli->arena, &cmd))
			offer(finder, nouns[i], "");
}

static void offer_verbs(struct finder *finder)
{
	const char *verbs[NAMES_MAX];
	size_t count = cli_verbs(finder->noun, verbs, NAMES_MAX);
	struct cli_cmd cmd;

	for (size_t i = 0; i < count; i++)
		if (cli_cmd_find(finder->noun, verbs[i], finder->cli->arena, &cmd))
			offer(finder, verbs[i], cli_cmd_summary(&cmd));
}

/* What the row prints of itself, a blank before each. */
static void offer_printed(struct finder *finder)
{
	struct cli cli = *finder->cli;
	char *text = NULL, *save;
	size_t size;

	cli.out.data = open_memstream(&text, &size);
	if (!cli.out.data)
		return;
	finder->args.cmd.complete(&cli);
	(void)fclose(cli.out.data);
	for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
		offer(finder, word, "");
	free(text);
}

static void offer_word(struct finder *finder)
{
	const struct cli_args *args = &finder->args;
	const size_t fields = args->options.word_count, at = args->word_count;
	const struct cli_cmd *cmd = &args->cmd;

	if (at < fields)
		offer_field(finder, args->options.words[at]);
	else if (fields && !cmd->words_max && args->options.words[fields - 1]->kind == PROMO_TEXTS)
		offer_field(finder, args->options.words[fields - 1]);
	else if (at == fields && cmd->complete)
		offer_printed(finder);
	else if (at == fields && cmd->words && strchr(cmd->words, '|'))
		offer_parts(finder, cmd->words);
	else if (at < fields + cmd->words_max && cmd->words && strstr(cmd->words, "FILE"))
		finder->found->files = true;
	if (!*finder->typed && !finder->found->count && !finder->found->files)
		offer_options(finder);
}

static void note_option(struct finder *finder, const struct cli_option *option, const char *value)
{
	struct cli_args *args = &finder->args;

	if (!option || args->given_count == CLI_GIVEN_MAX)
		return;
	args->given[args->given_count++] = (struct cli_given){ .option = option };
	if (option->own && (value || !option->arg || option->bare))
		args->own[option->own] = value ? value : "";
	if (option->arg && !option->bare && !value &&
		!(option->field && option->field->kind == PROMO_BOOL))
		finder->waiting = option;
}

static void read_option(struct finder *finder, const char *word)
{
	const struct cli_options *options = &finder->args.options;
	const size_t length = strcspn(word, "=");

	if (word[1] == '-') {
		note_option(finder, cli_option_named(options, word + 2, length - 2),
			word[length] ? word + length + 1 : NULL);
		return;
	}
	for (word++; *word && !finder->waiting; word++) {
		const struct cli_option *option = cli_option_letter(options, *word);
		const bool with_value = option && option->arg && word[1];

		note_option(finder, option, with_value ? word + 1 : NULL);
		if (with_value)
			return;
	}
}

static void read_name(struct finder *finder, const char *word)
{
	struct cli_args *args = &finder->args;
	struct cli_cmd cmd;

	if (!cli_cmd_find(finder->noun ? finder->noun : word, finder->noun ? word : NULL,
		    finder->cli->arena, &cmd)) {
		finder->noun = finder->noun ? "" : word;
		return;
	}
	/* What is asked about is a command again. */
	if (cmd.run == cli_cmd_help.run)
		return;
	args->cmd = cmd;
	args->given_count = 0;
	finder->named = true;
	cli_options_of(&args->cmd, finder->cli->arena, &args->options);
}

static void read_word(struct finder *finder, const char *word)
{
	struct cli_args *args = &finder->args;

	if (finder->waiting) {
		if (finder->waiting->own)
			args->own[finder->waiting->own] = word;
		finder->waiting = NULL;
	} else if (!finder->only_words && strcmp(word, "--") == 0) {
		finder->only_words = true;
	} else if (!finder->only_words && word[0] == '-' && word[1]) {
		read_option(finder, word);
	} else if (!finder->named) {
		read_name(finder, word);
	} else if (args->word_count < CLI_WORDS_MAX) {
		args->words[args->word_count++] = word;
	}
}

void cli_complete(struct cli *cli, struct cli_live *live, const char *const *words, size_t count,
	struct cli_candidates *ret)
{
	struct finder *finder = promo_arena_alloc(cli->arena, sizeof(*finder));

	ret->count = 0;
	ret->files = false;
	if (!finder || !count)
		return;
	*finder = (struct finder){ .cli = cli, .live = live, .lead = "", .found = ret };
	cli_options_of(NULL, cli->arena, &finder->args.options);
	for (size_t i = 0; i + 1 < count; i++)
		read_word(finder, words[i]);
	finder->typed = words[count - 1];
	if (finder->waiting)
		offer_value(finder, finder->waiting);
	else if (finder->typed[0] == '-' && !finder->only_words)
		offer_options(finder);
	else if (finder->named)
		offer_word(finder);
	else if (finder->noun)
		offer_verbs(finder);
	else
		offer_commands(finder);
}
