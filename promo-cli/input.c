/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"
#include "libpromo/base/uuid.h"
#include "libpromo/rules/code.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"
#include "promo-cli/fail.h"
#include "promo-cli/prompt.h"

enum {
	LIST_BYTES_MAX = 1024 * 1024
};

/* An input that is being filled in. */
struct filling {
	struct cli *cli;
	const struct cli_args *args;
	const struct promo_schema *schema;
	struct promo_problem problem;
	uint64_t refused; /* fields whose value was none, bit by bit as in promo_set */
	void *in;
};

static uint64_t bit(const struct filling *filling, const struct promo_field *field)
{
	return UINT64_C(1) << (field - filling->schema->fields);
}

static bool is_given(const struct filling *filling, const struct promo_field *field)
{
	return ((const struct promo_set *)filling->in)->present & bit(filling, field);
}

static void put_text(struct filling *filling, const struct promo_field *field, const char *text)
{
	*(const char **)(void *)((char *)filling->in + field->offset) = text;
	((struct promo_set *)filling->in)->present |= bit(filling, field);
}

static void put_null(struct filling *filling, const struct promo_field *field)
{
	((struct promo_set *)filling->in)->present |= bit(filling, field);
	((struct promo_set *)filling->in)->null |= bit(filling, field);
}

static const char *pointer_of(const struct filling *filling, const struct promo_field *field)
{
	const char *pointer = promo_arena_printf(filling->cli->arena, "%s%s",
		field->flags & PROMO_IN_QUERY ? "?" : "/", field->name);

	return pointer ? pointer : "";
}

/* Only the server knows the shop's country and which codes exist, so both go as they were typed;
 * what no code can be is said at once. */
static int put_code(struct filling *filling, const struct promo_field *field, const char *text)
{
	char *code = promo_arena_alloc(filling->cli->arena, PROMO_CODE_SIZE);

	if (!code || promo_code_canonical(text, code))
		return promo_refuse_field(&filling->problem, filling->cli->arena,
			pointer_of(filling, field), "code_malformed",
			"Invalid code format. Please check and try again.");
	put_text(filling, field, code);
	return 0;
}

static int put_phone(struct filling *filling, const struct promo_field *field, const char *text)
{
	if (!promo_utf8_valid(text, strlen(text)) || !strpbrk(text, "0123456789"))
		return promo_refuse_field(&filling->problem, filling->cli->arena,
			pointer_of(filling, field), "phone_malformed",
			"is no phone number, such as 0788123456 or +250 788 123 456");
	put_text(filling, field, text);
	return 0;
}

/* A day, or a day and a time, as people write them: in the time zone of this machine, like the times
 * that are shown. Anything else is left to RFC 3339. */
static const char *full_time(struct promo_arena *arena, const char *text)
{
	static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M" };

	for (size_t i = 0; i < PROMO_COUNT(forms); i++) {
		struct tm tm = { .tm_isdst = -1 };
		const char *end = strptime(text, forms[i], &tm);
		int day = tm.tm_mday;
		char *time;
		time_t at;

		if (!end || *end)
			continue;
		at = mktime(&tm);
		/* February 30 would become a day in March. */
		if (at == -1 || tm.tm_mday != day)
			break;
		time = promo_arena_alloc(arena, PROMO_TIME_SIZE);
		if (time)
			promo_time_format((int64_t)at * 1000, time);
		return time ? time : text;
	}
	return text;
}

static int put_value(struct filling *filling, const struct promo_field *field, const char *text)
{
	static const struct promo_decode_env env = { .country_code = "250" };

	if (*text == '\0' && (field->flags & PROMO_NULLABLE)) {
		put_null(filling, field);
		return 0;
	}
	if (field->kind == PROMO_CODE)
		return put_code(filling, field, text);
	if (field->kind == PROMO_PHONE)
		return put_phone(filling, field, text);
	if (field->kind == PROMO_TIME)
		text = full_time(filling->cli->arena, text);
	if (cli_reference_of(filling->args->cmd.op, field) && !promo_uuid_valid(text) &&
		promo_utf8_valid(text, strlen(text)) && *text) {
		put_text(filling, field, text);
		return 0;
	}
	return promo_decode_text(filling->schema, field, text, pointer_of(filling, field), &env,
		filling->cli->arena, &filling->problem, filling->in);
}

static int put(struct filling *filling, const struct promo_field *field, const char *text)
{
	int r = put_value(filling, field, text);

	if (r > 0)
		filling->refused |= bit(filling, field);
	return r;
}

/* Fields of several values: everything given, by commas, as the API takes it too. */
static int put_joined(struct filling *filling, const struct promo_field *field)
{
	const char *joined = NULL;

	for (size_t i = 0; i < filling->args->given_count; i++) {
		const struct cli_given *given = &filling->args->given[i];

		if (given->option->field == field)
			joined = joined ? promo_arena_printf(filling->cli->arena, "%s,%s", joined,
						  given->value)
					: given->value;
	}
	return joined ? put(filling, field, joined) : 0;
}

static int put_options(struct filling *filling)
{
	for (size_t i = 0; i < filling->args->given_count; i++) {
		const struct cli_given *given = &filling->args->given[i];
		const struct promo_field *field = given->option->field;
		int r = 0;

		if (!field || field->kind == PROMO_SECRET)
			continue;
		if (field->kind != PROMO_TEXTS)
			r = put(filling, field, given->value);
		else if (!is_given(filling, field))
			r = put_joined(filling, field);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A list from standard input: one value or more a line, as it would stand in argv. */
static int put_lines(struct filling *filling, const struct promo_field *field)
{
	struct promo_buffer list = PROMO_BUFFER(filling->cli->arena, LIST_BYTES_MAX);
	char *line = NULL, *at, *word, *rest;
	const char *text;
	size_t room = 0;
	int r;

	while (getline(&line, &room, stdin) >= 0)
		for (at = line; (word = strtok_r(at, ", \t\r\n", &rest)); at = NULL)
			promo_buffer_printf(&list, "%s%s", list.size > 0 ? "," : "", word);
	free(line);
	r = promo_buffer_end(&list, &text);
	return r ? r : put(filling, field, text);
}

static int put_words(struct filling *filling)
{
	for (size_t i = 0; i < filling->args->word_count && i < filling->args->options.word_count;
		i++) {
		const struct promo_field *field = filling->args->options.words[i];
		const char *word = filling->args->words[i];
		const bool from_stdin = strcmp(word, "-") == 0;
		int r = 0;

		if (from_stdin && field->kind == PROMO_TEXTS)
			r = put_lines(filling, field);
		else if (!from_stdin || field->kind != PROMO_CODE)
			r = put(filling, field, word);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Says of every field that has to be there and is not. What can still be asked for is not missed. */
static int miss_required(struct filling *filling)
{
	int r;

	for (size_t i = 0; i < filling->schema->count; i++) {
		const struct promo_field *field = &filling->schema->fields[i];
		bool asked = field->kind == PROMO_SECRET || field->kind == PROMO_CODE ||
			     (filling->args->cmd.asks &&
				     strcmp(filling->args->cmd.asks, field->name) == 0);

		if (!(field->flags & PROMO_REQUIRED) || is_given(filling, field) || asked ||
			filling->refused & bit(filling, field) ||
			filling->problem.field_count == PROMO_FIELD_ERRORS_MAX)
			continue;
		r = promo_refuse_field(&filling->problem, filling->cli->arena,
			pointer_of(filling, field), "required", "is missing: %s", field->help);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The codes that are not in argv: one line of stdin each, or a question. */
static int ask_codes(struct filling *filling)
{
	struct cli *cli = filling->cli;

	for (size_t i = 0; i < filling->args->options.word_count; i++) {
		const struct promo_field *field = filling->args->options.words[i];
		const char *text;
		int code;

		if (field->kind != PROMO_CODE || is_given(filling, field))
			continue;
		if (i >= filling->args->word_count && !cli_can_ask()) {
			cli_complain(&cli->out,
				"%s is missing: give it, or - to read it from "
				"standard input",
				filling->args->options.word_names[i]);
			return CLI_USAGE;
		}
		code = cli_can_ask()
			       ? cli_ask(cli, "Code: ", &text)
			       : cli_read_line(cli, filling->args->options.word_names[i], &text);
		if (code)
			return code;
		if (put(filling, field, text))
			return cli_fail_here(
				cli, filling->args, PROMO_E_INVALID_INPUT, &filling->problem);
	}
	return CLI_DONE;
}

static bool from_stdin(const struct cli_args *args, const struct promo_field *field)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (args->given[i].option->field == field)
			return true;
	return false;
}

/* A new secret is typed twice: nobody saw what was typed. */
static int ask_new(struct cli *cli, const char *prompt, const char **ret)
{
	const char *again;
	int code = cli_ask_secret(cli, prompt, ret);

	if (code || **ret == '\0')
		return code;
	code = cli_ask_secret(cli, "The same once more: ", &again);
	if (code)
		return code;
	if (strcmp(again, *ret) == 0)
		return CLI_DONE;
	cli_complain(&cli->out, "the two were not the same; nothing was done");
	return CLI_USAGE;
}

static int ask_secret(struct filling *filling, const struct promo_field *field, const char *option)
{
	struct cli *cli = filling->cli;
	bool required = field->flags & PROMO_REQUIRED;
	bool is_new = !(field->flags & PROMO_KNOWN);
	const char *prompt = promo_arena_printf(cli->arena, "%c%s%s: ", field->help[0] - 'a' + 'A',
		field->help + 1, required ? "" : " (empty: none)");
	const char *text;
	int code;

	if (from_stdin(filling->args, field)) {
		code = cli_read_line(cli, option, &text);
	} else if (cli_can_ask()) {
		code = is_new ? ask_new(cli, prompt, &text) : cli_ask_secret(cli, prompt, &text);
	} else if (required) {
		cli_complain(&cli->out, "there is no terminal to ask for the %s: use --%s",
			field->help, option);
		return CLI_USAGE;
	} else {
		return CLI_DONE;
	}
	if (code || (*text == '\0' && !required))
		return code;
	if (put(filling, field, text))
		return cli_fail_here(cli, filling->args, PROMO_E_INVALID_INPUT, &filling->problem);
	return CLI_DONE;
}

static int ask_secrets(struct filling *filling)
{
	for (size_t i = 0; i < filling->schema->count; i++) {
		const struct promo_field *field = &filling->schema->fields[i];
		const struct cli_option *option;
		int code;

		if (field->kind != PROMO_SECRET)
			continue;
		option = cli_option_of_field(&filling->args->options, field);
		code = ask_secret(filling, field, option->name);
		if (code)
			return code;
	}
	return CLI_DONE;
}

/* What a person is asked for by name when it was not given. */
static int ask_line(struct filling *filling)
{
	const char *name = filling->args->cmd.asks;
	const struct promo_field *field = name ? promo_schema_field(filling->schema, name) : NULL;
	struct cli *cli = filling->cli;
	const char *text;
	int code;

	if (!field || is_given(filling, field))
		return CLI_DONE;
	if (!cli_can_ask()) {
		cli_complain(&cli->out, "--%s is missing: %s",
			cli_option_of_field(&filling->args->options, field)->name, field->help);
		return CLI_USAGE;
	}
	code = cli_ask(cli, filling->args->cmd.asks_prompt, &text);
	if (code)
		return code;
	if (put(filling, field, text))
		return cli_fail_here(cli, filling->args, PROMO_E_INVALID_INPUT, &filling->problem);
	return CLI_DONE;
}

static void put_nulls(const struct promo_schema *schema, void *in)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].kind == PROMO_INT || schema->fields[i].kind == PROMO_MONEY)
			*(int64_t *)(void *)((char *)in + schema->fields[i].offset) =
				PROMO_NULL_INT;
}

int cli_input(struct cli *cli, const struct cli_args *args, void **ret)
{
	struct filling filling = { .cli = cli, .args = args };
	int r, code;

	if (!args->cmd.op || !args->cmd.op->in) {
		*ret = NULL;
		return CLI_DONE;
	}
	filling.schema = args->cmd.op->in;
	filling.in = promo_arena_alloc(cli->arena, filling.schema->size);
	if (!filling.in)
		return cli_fail_here(cli, args, promo_fault(-ENOMEM, "could not hold the input"),
			&filling.problem);
	put_nulls(filling.schema, filling.in);
	r = put_words(&filling);
	if (!r)
		r = put_options(&filling);
	if (!r)
		r = miss_required(&filling);
	if (r < 0 || filling.problem.field_count)
		return cli_fail_here(
			cli, args, r < 0 ? r : PROMO_E_INVALID_INPUT, &filling.problem);
	code = ask_line(&filling);
	if (!code)
		code = ask_codes(&filling);
	if (!code)
		code = ask_secrets(&filling);
	if (!code)
		*ret = filling.in;
	return code;
}
