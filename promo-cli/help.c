/* SPDX-License-Identifier: MIT */
#include "promo-cli/help.h"

#include <inttypes.h>
#include <string.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/utf8.h"
#include "promo-cli/exits.h"

enum {
	TEXT_MAX = 16384,
	NAMES_MAX = 64,
	WRAP_COLUMNS = 88,
	OPTION_INDENT = 28,
	NOUN_INDENT = 16
};

static const char *end_text(struct promo_buffer *buffer)
{
	const char *text;

	return promo_buffer_end(buffer, &text) == 0 ? text : "";
}

/* Prints words from column `at` on, later lines indented. */
static void put_wrapped(const struct cli_out *out, const char *text, size_t at, size_t indent)
{
	bool first = true;

	while (*text) {
		size_t length = strcspn(text, " \n");

		if (!first && at + 1 + length > WRAP_COLUMNS) {
			cli_putf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			cli_put(out, " ");
			at++;
		}
		cli_putf(out, "%.*s", (int)length, text);
		first = false;
		at += length;
		text += length + (text[length] != '\0');
	}
	cli_put(out, "\n");
}

static void put_item(const struct cli_out *out, const char *name, const char *text, size_t indent)
{
	size_t width = promo_utf8_width(name);

	cli_putf(out, "  %s", name);
	if (width + 4 > indent)
		cli_putf(out, "\n%*s", (int)indent, "");
	else
		cli_putf(out, "%*s", (int)(indent - width - 2), "");
	put_wrapped(out, text, indent, indent);
}

const char *cli_limits(const struct promo_field *field, struct promo_arena *arena)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, TEXT_MAX);

	if (field->words) {
		for (int i = 1; i < field->words->count; i++)
			promo_buffer_printf(
				&buffer, "%s%s", i > 1 ? ", " : "", field->words->words[i]);
		return end_text(&buffer);
	}
	if (!field->min && !field->max)
		return "";
	if (field->kind == PROMO_INT)
		promo_buffer_printf(&buffer, "%s to %s", cli_number(arena, field->min),
			cli_number(arena, field->max));
	else if (field->kind == PROMO_MONEY)
		promo_buffer_printf(&buffer, "%s to %s", cli_money(arena, field->min, NULL),
			cli_money(arena, field->max, NULL));
	else if (field->kind == PROMO_TEXT && field->min == field->max)
		promo_buffer_printf(&buffer, "%" PRId64 " characters", field->max);
	else if (field->kind == PROMO_TEXT || field->kind == PROMO_EMAIL)
		promo_buffer_printf(&buffer, "at most %" PRId64 " characters", field->max);
	return end_text(&buffer);
}

const char *cli_usage(
	const struct cli_cmd *cmd, const struct cli_options *options, struct promo_arena *arena)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, TEXT_MAX);

	promo_buffer_printf(&buffer, "promo %s", cmd->name);
	for (size_t i = 0; i < options->word_count; i++)
		promo_buffer_printf(&buffer, " %s", options->word_names[i]);
	if (cmd->words)
		promo_buffer_printf(&buffer, " %s", cmd->words);
	for (size_t i = 0; i < options->count; i++)
		if (options->items[i].required && options->items[i].arg)
			promo_buffer_printf(
				&buffer, " --%s %s", options->items[i].name, options->items[i].arg);
	promo_buffer_text(&buffer, " [options]");
	return end_text(&buffer);
}

static const char *sample(const struct promo_field *field, const char *arg)
{
	static const char *const samples[] = {
		[PROMO_ID] = "01a2b3c4-d5e6-7f80-9a0b-1c2d3e4f5a6b",
		[PROMO_INT] = "10",
		[PROMO_MONEY] = "500",
		[PROMO_CODE] = "A1U2-C325-5X09-6E21",
		[PROMO_PHONE] = "0788123456",
		[PROMO_EMAIL] = "aline@example.com",
		[PROMO_DATE] = "2027-06-30",
		[PROMO_DAY] = "2027-06-30",
		[PROMO_TIME] = "2026-11-22T08:00:00Z",
		[PROMO_OBJECTS] = NULL,
	};

	if (field->words)
		return field->words->words[1];
	if (arg && strcmp(arg, "BATCH") == 0)
		return "BATCH_SUMMER";
	if (arg && strcmp(arg, "USER") == 0)
		return "aline@example.com";
	if (strcmp(field->name, "role") == 0)
		return "batch-manager";
	return samples[field->kind] ? samples[field->kind] : "uwase";
}

const char *cli_examples(
	const struct cli_cmd *cmd, const struct cli_options *options, struct promo_arena *arena)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, TEXT_MAX);
	bool is_list = cmd->op && cmd->op->shape == PROMO_SHAPE_LIST;

	if (cmd->examples)
		return cmd->examples;
	promo_buffer_printf(&buffer, "promo %s", cmd->name);
	for (size_t i = 0; i < options->word_count; i++)
		promo_buffer_printf(
			&buffer, " %s", sample(options->words[i], options->word_names[i]));
	for (size_t i = 0; i < options->count; i++)
		if (options->items[i].required && options->items[i].arg)
			promo_buffer_printf(&buffer, " --%s %s", options->items[i].name,
				sample(options->items[i].field, options->items[i].arg));
	for (size_t i = 0; is_list && i < options->count; i++)
		if (options->items[i].field && options->items[i].field->words) {
			promo_buffer_printf(&buffer, "\npromo %s --%s %s --all", cmd->name,
				options->items[i].name, sample(options->items[i].field, NULL));
			break;
		}
	return end_text(&buffer);
}

static const char *name_of_field(
	const struct cli_options *options, const struct promo_op *op, const char *name)
{
	const struct promo_field *field = promo_schema_field(op->in, name);
	const struct cli_option *option = field ? cli_option_of_field(options, field) : NULL;

	return option ? option->name : name;
}

const char *cli_permissions(
	const struct cli_cmd *cmd, const struct cli_options *options, struct promo_arena *arena)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, TEXT_MAX);
	const struct promo_op *op = cmd->op;

	if (!op || op->access == PROMO_ACCESS_PUBLIC)
		return "nobody has to be signed in";
	if (op->access == PROMO_ACCESS_SELF)
		promo_buffer_text(&buffer, "any signed-in user");
	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++) {
		const struct promo_required *required = &op->required[i];

		promo_buffer_printf(&buffer, "%s%s", buffer.size ? "; " : "",
			promo_permission_key(required->permission));
		if (required->when == PROMO_WHEN_WITH)
			promo_buffer_printf(
				&buffer, " with --%s", name_of_field(options, op, required->field));
		else if (required->when == PROMO_WHEN_WITHOUT)
			promo_buffer_printf(&buffer, " without --%s",
				name_of_field(options, op, required->field));
		else if (required->when == PROMO_WHEN_IS)
			promo_buffer_printf(&buffer, " to %s", required->word);
		else if (required->when == PROMO_WHEN_IS_NOT)
			promo_buffer_printf(&buffer, " unless it is to %s", required->word);
		else if (required->when == PROMO_WHEN_FILTERED)
			promo_buffer_text(&buffer, " with any filter");
	}
	if (op->sees_all)
		promo_buffer_printf(
			&buffer, "; others' too with %s", promo_permission_key(op->sees_all));
	return end_text(&buffer);
}

static void put_section(const struct cli_out *out, const char *title)
{
	cli_put(out, "\n");
	cli_put_tone(out, CLI_BOLD, title);
	cli_put(out, "\n");
}

static void put_option(
	const struct cli_out *out, const struct cli_option *option, struct promo_arena *arena)
{
	const char *limits = option->field ? cli_limits(option->field, arena) : "";
	struct promo_buffer name = PROMO_BUFFER(arena, TEXT_MAX);
	struct promo_buffer text = PROMO_BUFFER(arena, TEXT_MAX);

	if (option->letter)
		promo_buffer_printf(&name, "-%c, ", option->letter);
	promo_buffer_printf(&name, option->bare ? "--%s[%s%s]" : "--%s%s%s", option->name,
		option->bare  ? "="
		: option->arg ? " "
			      : "",
		option->arg ? option->arg : "");
	if (option->field && option->field->kind == PROMO_SECRET)
		promo_buffer_text(&text, "a line of standard input, instead of being asked for: ");
	else if (option->required)
		promo_buffer_text(&text, "(required) ");
	promo_buffer_text(&text, option->help);
	if (*limits)
		promo_buffer_printf(&text, " (%s)", limits);
	if (option->other)
		promo_buffer_printf(&text, "; also --%s", option->other);
	put_item(out, end_text(&name), end_text(&text), OPTION_INDENT);
}

static void put_words(
	const struct cli_out *out, const struct cli_options *options, struct promo_arena *arena)
{
	if (options->word_count)
		put_section(out, "Arguments");
	for (size_t i = 0; i < options->word_count; i++) {
		const struct promo_field *field = options->words[i];
		const char *limits = cli_limits(field, arena);
		bool named = strcmp(options->word_names[i], "BATCH") == 0 ||
			     strcmp(options->word_names[i], "USER") == 0;
		const char *text = promo_arena_printf(arena, "%s%s%s%s%s%s",
			field->flags & PROMO_REQUIRED ? "(required) " : "", field->help,
			strcmp(options->word_names[i], "BATCH") == 0  ? ", or its name"
			: strcmp(options->word_names[i], "USER") == 0 ? ", e-mail or phone"
								      : "",
			*limits && !named ? " (" : "", named ? "" : limits,
			*limits && !named ? ")" : "");

		if (text && field->kind == PROMO_CODE)
			text = promo_arena_printf(
				arena, "%s; - reads it from standard input, nothing asks", text);
		put_item(out, options->word_names[i], text ? text : "", OPTION_INDENT);
	}
}

static void put_options(const struct cli_out *out, const struct cli_options *options, bool globals,
	struct promo_arena *arena)
{
	bool begun = false;

	for (size_t i = 0; i < options->count; i++) {
		bool global = options->items[i].own && options->items[i].own < CLI_OPT_GLOBAL_END;

		if (global != globals)
			continue;
		if (!begun)
			put_section(out, globals ? "Options of every command" : "Options");
		begun = true;
		put_option(out, &options->items[i], arena);
	}
}

static void put_lines(const struct cli_out *out, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		cli_putf(out, "  %.*s\n", (int)length, lines);
		lines += length + (lines[length] != '\0');
	}
}

void cli_help_command(
	const struct cli_out *out, const struct cli_cmd *cmd, struct promo_arena *arena)
{
	struct cli_options options;

	cli_options_of(cmd, arena, &options);
	put_wrapped(out, cli_cmd_summary(cmd), 0, 0);
	put_section(out, "Examples");
	put_lines(out, cli_examples(cmd, &options, arena));
	put_section(out, "Usage");
	cli_put(out, "  ");
	put_wrapped(out, cli_usage(cmd, &options, arena), 2, 6);
	if (cmd->text) {
		cli_put(out, "\n");
		put_wrapped(out, cmd->text, 0, 0);
	}
	put_words(out, &options, arena);
	put_options(out, &options, false, arena);
	put_options(out, &options, true, arena);
	if (cmd->op) {
		put_section(out, "Permissions");
		cli_put(out, "  ");
		put_wrapped(out, cli_permissions(cmd, &options, arena), 2, 2);
	}
}

void cli_help_noun(const struct cli_out *out, const char *noun, struct promo_arena *arena)
{
	const char *verbs[NAMES_MAX];
	size_t count = cli_verbs(noun, verbs, NAMES_MAX);
	struct cli_cmd cmd;

	cli_putf(out, "promo %s VERB\n\n", noun);
	for (size_t i = 0; i < count; i++)
		if (cli_cmd_find(noun, verbs[i], arena, &cmd))
			put_item(out, verbs[i], cli_cmd_summary(&cmd), NOUN_INDENT + 4);
	cli_putf(out, "\npromo %s VERB --help shows how one is used.\n", noun);
}

static void put_nouns(const struct cli_out *out, struct promo_arena *arena)
{
	const char *nouns[NAMES_MAX], *verbs[NAMES_MAX];
	size_t count = cli_nouns(arena, nouns, NAMES_MAX);

	for (size_t i = 0; i < count; i++) {
		struct promo_buffer buffer = PROMO_BUFFER(arena, TEXT_MAX);
		size_t verb_count = cli_verbs(nouns[i], verbs, NAMES_MAX);

		for (size_t j = 0; j < verb_count; j++)
			promo_buffer_printf(&buffer, "%s%s", j ? ", " : "", verbs[j]);
		put_item(out, nouns[i], end_text(&buffer), NOUN_INDENT);
	}
}

static void put_exits(const struct cli_out *out, struct promo_arena *arena)
{
	struct promo_buffer text = PROMO_BUFFER(arena, TEXT_MAX);

	for (const struct cli_exit_text *row = cli_exit_texts; row->text; row++)
		promo_buffer_printf(&text, "%s%d %s", text.size ? ", " : "", row->code, row->text);
	cli_put(out, "  ");
	put_wrapped(out, end_text(&text), 2, 2);
}

void cli_help_program(const struct cli_out *out, struct promo_arena *arena)
{
	struct cli_options options;

	cli_put(out, "promo: promo codes, from batch to redemption\n");
	put_section(out, "Examples");
	put_lines(out, "promo login --server https://promo.example.com --user aline@example.com\n"
		       "promo verify A1U2-C325-5X09-6E21\n"
		       "promo redeem A1U2-C325-5X09-6E21 --phone 0788123456\n"
		       "promo batch create BATCH_SUMMER --codes 100000 --amount 500 "
		       "--expires 2027-06-30");
	put_section(out, "Every day");
	for (size_t i = 0; cli_cmds[i]; i++)
		if (!strchr(cli_cmds[i]->name, ' '))
			put_item(out, cli_cmds[i]->name, cli_cmd_summary(cli_cmds[i]), NOUN_INDENT);
	put_section(out, "Everything: promo NOUN VERB");
	put_nouns(out, arena);
	cli_options_of(NULL, arena, &options);
	put_options(out, &options, true, arena);
	put_section(out, "Exit codes");
	put_exits(out, arena);
}
