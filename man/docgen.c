/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/op.h"
#include "libpromo/base/error.h"
#include "promo-cli/exits.h"
#include "promo-cli/help.h"
#include "promo-tui/options.h"
#include "promo-tui/screens.h"
#include "promod/config.h"

/*
 * Fills the lists of a manual page from the rows: copies the page (scdoc) and writes, in place of a
 * line "@commands@", "@options@", "@exit-codes@", "@operations@", "@errors@",
 * "@permissions@", "@keys@", or those of promo-tui, what it names. So a page cannot say anything else than the program
 * does.
 *
 * usage: docgen PAGE.scd > PAGE.full.scd
 */

enum {
	ARENA_MAX = 16 * 1024 * 1024,
	NAMES_MAX = 64
};

/* Text that has to stand as it is: the signs of scdoc lose their meaning. */
static void put(const char *text)
{
	for (; *text; text++) {
		if (strchr("_*\\#~`<>[]|", *text))
			(void)putchar('\\');
		(void)putchar(*text);
	}
}

static void put_bold(const char *text)
{
	(void)putchar('*');
	put(text);
	(void)putchar('*');
}

static void put_option(const struct cli_option *option, struct promo_arena *arena)
{
	const char *limits = option->field ? cli_limits(option->field, arena) : "";
	bool is_secret = option->field && option->field->kind == PROMO_SECRET;

	if (option->letter)
		(void)printf("*-%c*, ", option->letter);
	(void)fputs("*--", stdout);
	put(option->name);
	(void)putchar('*');
	if (option->arg) {
		(void)fputs(option->bare ? "[=_" : " _", stdout);
		put(option->arg);
		(void)fputs(option->bare ? "_]" : "_", stdout);
	}
	(void)fputs("\n\t", stdout);
	if (is_secret)
		(void)fputs("a line of standard input, instead of being asked for: ", stdout);
	put(option->help);
	if (*limits) {
		(void)fputs(" (", stdout);
		put(limits);
		(void)putchar(')');
	}
	if (option->other) {
		(void)fputs("; also *--", stdout);
		put(option->other);
		(void)putchar('*');
	}
	if (option->required && !is_secret)
		(void)fputs("; has to be given", stdout);
	(void)fputs("\n\n", stdout);
}

static void put_examples(const char *examples)
{
	(void)printf("```\n%s\n```\n\n", examples);
}

static void put_command(const struct cli_cmd *cmd, struct promo_arena *arena)
{
	struct cli_options options;

	cli_options_of(cmd, arena, &options);
	(void)printf("## promo %s\n\n", cmd->name);
	put(cli_cmd_summary(cmd));
	(void)fputs(".\n\n", stdout);
	put_bold(cli_usage(cmd, &options, arena));
	(void)fputs("\n\n", stdout);
	if (cmd->text) {
		put(cmd->text);
		(void)fputs("\n\n", stdout);
	}
	for (size_t i = 0; i < options.count; i++)
		if (options.items[i].own == CLI_OPT_NONE ||
			options.items[i].own >= CLI_OPT_GLOBAL_END)
			put_option(&options.items[i], arena);
	if (cmd->op) {
		(void)fputs("Permission: ", stdout);
		put(cli_permissions(cmd, &options, arena));
		(void)fputs(".\n\n", stdout);
	}
	put_examples(cli_examples(cmd, &options, arena));
}

static void put_commands(struct promo_arena *arena)
{
	const char *nouns[NAMES_MAX], *verbs[NAMES_MAX];
	size_t count = cli_nouns(arena, nouns, NAMES_MAX);
	struct cli_cmd cmd;

	for (size_t i = 0; cli_cmds[i]; i++)
		if (!strchr(cli_cmds[i]->name, ' '))
			put_command(cli_cmds[i], arena);
	for (size_t i = 0; i < count; i++) {
		size_t verb_count = cli_verbs(nouns[i], verbs, NAMES_MAX);

		for (size_t j = 0; j < verb_count; j++)
			if (cli_cmd_find(nouns[i], verbs[j], arena, &cmd))
				put_command(&cmd, arena);
	}
}

static void put_options(struct promo_arena *arena)
{
	struct cli_options options;

	cli_options_of(NULL, arena, &options);
	for (size_t i = 0; i < options.count; i++)
		put_option(&options.items[i], arena);
}

/* Each exit code and what it says. */
static void put_exit_codes(struct promo_arena *arena)
{
	(void)arena;
	for (const struct cli_exit_text *row = cli_exit_texts; row->text; row++)
		(void)printf("*%d*\n\t%s%s%s\n\n", row->code, row->text, row->more ? ": " : "",
			row->more ? row->more : "");
}

static const char *place_of(const struct promo_field *field)
{
	if (field->flags & PROMO_IN_PATH)
		return "path";
	return field->flags & PROMO_IN_QUERY ? "query" : "body";
}

static void put_input(const struct promo_op *op, struct promo_arena *arena)
{
	for (size_t i = 0; op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		const char *limits = cli_limits(field, arena);

		(void)putchar('\t');
		put_bold(field->name);
		(void)printf(" (%s%s): ", place_of(field),
			field->flags & PROMO_REQUIRED ? ", required" : "");
		put(field->help);
		if (*limits) {
			(void)fputs("; ", stdout);
			put(limits);
		}
		(void)fputs("\n\n", stdout);
	}
}

static void put_refusals(const struct promo_op *op)
{
	bool first = true;

	(void)fputs("\tErrors: ", stdout);
	for (int error = PROMO_OK + 1; error < PROMO_E_COUNT; error++) {
		if (!promo_op_can_fail(op, error))
			continue;
		if (!first)
			(void)fputs(", ", stdout);
		put(promo_error_info(error)->wire);
		first = false;
	}
	(void)fputs(".\n\n", stdout);
}

static void put_permission(const struct promo_op *op, struct promo_arena *arena)
{
	const struct cli_cmd cmd = { .name = "", .op = op };
	struct cli_options options;

	cli_options_of(&cmd, arena, &options);
	(void)fputs("\tWho: ", stdout);
	put(cli_permissions(&cmd, &options, arena));
	(void)printf(". Answer: %d%s.\n\n", op->status,
		op->other_status ? ", or 202 where it waits for approval" : "");
}

static void put_operations(struct promo_arena *arena)
{
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		(void)printf("*%s %s", promo_method_name(op->method),
			op->flags & PROMO_OP_ROOT ? "" : PROMO_API_BASE);
		put(op->path);
		(void)fputs("*\n\t", stdout);
		put(op->summary);
		(void)printf(" (%s).\n\n", op->name);
		put_permission(op, arena);
		put_input(op, arena);
		put_refusals(op);
	}
}

static void put_errors(struct promo_arena *arena)
{
	(void)arena;
	for (int error = PROMO_OK + 1; error < PROMO_E_COUNT; error++) {
		const struct promo_error_info *info = promo_error_info(error);

		put_bold(info->wire);
		(void)printf(" (HTTP %d, exit code %d)\n\t", info->http_status, info->exit_code);
		put(info->text);
		(void)fputs("\n\n", stdout);
	}
}

static void put_permissions(struct promo_arena *arena)
{
	(void)arena;
	for (enum promo_permission p = PROMO_P_NONE + 1; p < PROMO_P_COUNT; p++) {
		put_bold(promo_permission_key(p));
		(void)fputs("\n\t", stdout);
		put(promo_permission_text(p));
		(void)fputs("\n\n", stdout);
	}
}

static void put_keys(struct promo_arena *arena)
{
	(void)arena;
	for (size_t i = 0; i < promod_config_row_count; i++) {
		const struct promod_config_row *row = &promod_config_rows[i];

		put_bold(row->name);
		(void)fputs(" = _", stdout);
		put(row->argument);
		(void)fputs("_\n\t", stdout);
		put(row->help);
		if (row->kind == PROMOD_INT)
			(void)printf(" (%" PRId64 " to %" PRId64 ")", row->min, row->max);
		if (row->fallback[0]) {
			(void)fputs(" (default: ", stdout);
			put(row->fallback);
			(void)putchar(')');
		}
		(void)fputs("\n\n", stdout);
	}
}

static void put_tui_row(const struct tui_option_row *row, const char *before, const char *between)
{
	(void)printf("*%s", before);
	put(row->name);
	(void)putchar('*');
	if (row->argument) {
		(void)printf("%s_", between);
		put(row->argument);
		(void)putchar('_');
	}
	(void)fputs("\n\t", stdout);
	put(row->help);
	(void)fputs("\n\n", stdout);
}

static void put_tui_options(struct promo_arena *arena)
{
	(void)arena;
	for (const struct tui_option_row *row = tui_option_rows; row->name; row++)
		if (row->option)
			put_tui_row(row, "--", " ");
}

static void put_tui_settings(struct promo_arena *arena)
{
	(void)arena;
	for (const struct tui_option_row *row = tui_option_rows; row->name; row++)
		if (row->setting)
			put_tui_row(row, "", " = ");
}

static void put_tui_bindings(const char *title, const struct tui_binding *rows)
{
	char key[TUI_KEY_NAME_SIZE];

	(void)printf("## %s\n\n", title);
	for (; rows && rows->key; rows++) {
		tui_key_format(rows->key, key);
		put_bold(key);
		(void)fputs("\n\t", stdout);
		put(tui_binding_help(rows));
		(void)fputs("\n\n", stdout);
	}
}

static void put_tui_keys(struct promo_arena *arena)
{
	(void)arena;
	put_tui_bindings("Everywhere", tui_global_keys);
	for (size_t i = 0; tui_screens[i]; i++)
		if (tui_screens[i]->keys)
			put_tui_bindings(tui_screens[i]->title, tui_screens[i]->keys);
}

static void put_tui_actions(struct promo_arena *arena)
{
	(void)arena;
	for (enum tui_request i = TUI_REQ_NONE + 1; i < TUI_REQ_COUNT; i++) {
		const struct tui_request_info *info = tui_request_info(i);

		if (!info->command)
			continue;
		put_bold(info->command);
		(void)fputs("\n\t", stdout);
		put(info->help);
		(void)fputs("\n\n", stdout);
	}
}

static const struct list {
	const char *line;
	void (*put)(struct promo_arena *arena);
} lists[] = {
	{ "@commands@\n", put_commands },
	{ "@options@\n", put_options },
	{ "@exit-codes@\n", put_exit_codes },
	{ "@operations@\n", put_operations },
	{ "@errors@\n", put_errors },
	{ "@permissions@\n", put_permissions },
	{ "@keys@\n", put_keys },
	{ "@tui-options@\n", put_tui_options },
	{ "@tui-settings@\n", put_tui_settings },
	{ "@tui-keys@\n", put_tui_keys },
	{ "@tui-actions@\n", put_tui_actions },
};

/* A line that only looks like a list is a mistake in the page, not text. */
static int put_line(const char *line, struct promo_arena *arena)
{
	for (size_t i = 0; i < PROMO_COUNT(lists); i++)
		if (strcmp(lists[i].line, line) == 0) {
			lists[i].put(arena);
			return 0;
		}
	if (line[0] == '@') {
		(void)fprintf(stderr, "docgen: there is no list %s", line);
		return 1;
	}
	return fputs(line, stdout) < 0;
}

int main(int argc, char **argv)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(ARENA_MAX);
	FILE *page = argc == 2 ? fopen(argv[1], "re") : NULL;
	char *line = NULL;
	size_t size = 0;
	int failed = 0;

	if (!page || !arena) {
		(void)fprintf(stderr, "usage: docgen PAGE.scd\n");
		return 2;
	}
	while (!failed && getline(&line, &size, page) > 0)
		failed = put_line(line, arena);
	free(line);
	(void)fclose(page);
	return failed || fflush(stdout) ? 1 : 0;
}
