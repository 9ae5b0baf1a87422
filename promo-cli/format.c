/* SPDX-License-Identifier: MIT */
#include "promo-cli/format.h"

#include <string.h>

#include "libpromo/base/buffer.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"
#include "promo-cli/print.h"

enum {
	NOUNS_MAX = 3,
	NAMES_BYTES_MAX = 16 * 1024,
};

static const struct form {
	enum cli_opt option;
	enum cli_form form;
} forms[] = {
	{ CLI_OPT_JSON, CLI_FORM_JSON },
	{ CLI_OPT_NDJSON, CLI_FORM_NDJSON },
	{ CLI_OPT_CSV, CLI_FORM_CSV },
	{ CLI_OPT_TEMPLATE, CLI_FORM_TEMPLATE },
	{ CLI_OPT_QUIET, CLI_FORM_QUIET },
};

static const char *spelled(const struct cli_args *args, enum cli_opt own)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (args->given[i].option->own == own)
			return args->given[i].spelled;
	return "";
}

/* What a command may print, by its row. */
struct nouns {
	const struct promo_schema *items[NOUNS_MAX];
	size_t count;
};

static void find_nouns(const struct cli_cmd *cmd, struct nouns *ret)
{
	const struct promo_op *op = cmd->op;

	*ret = (struct nouns){ .count = 0 };
	if (cmd->prints)
		ret->items[ret->count++] = cmd->prints;
	if (op && op->out && op->shape != PROMO_SHAPE_STREAM)
		ret->items[ret->count++] = op->out;
	if (op && op->other_out)
		ret->items[ret->count++] = op->other_out;
}

static const char *names_of(const struct promo_schema *noun, struct promo_arena *arena)
{
	struct promo_buffer names = PROMO_BUFFER(arena, NAMES_BYTES_MAX);
	const char *text;

	for (size_t i = 0; i < noun->count; i++)
		if (!(noun->fields[i].flags & PROMO_INTERNAL))
			promo_buffer_printf(
				&names, "%s%s", names.size ? ", " : "", noun->fields[i].name);
	return promo_buffer_end(&names, &text) == 0 ? text : "";
}

static int check_name(
	struct cli *cli, const struct nouns *nouns, const char *option, const char *name)
{
	struct promo_path path;

	for (size_t i = 0; i < nouns->count; i++)
		if (promo_path_find(nouns->items[i], name, &path))
			return CLI_DONE;
	cli_complain(&cli->out, "%s: there is no field '%s'", option, cli_clean(cli->arena, name));
	cli_say(&cli->out, "there are: %s", names_of(nouns->items[0], cli->arena));
	return CLI_USAGE;
}

static int check_names(
	struct cli *cli, const struct nouns *nouns, const char *option, const char *names)
{
	size_t count = 0;

	for (const char *at = names; *at;) {
		const size_t length = strcspn(at, ",");
		const char *name = promo_arena_strndup(cli->arena, at, length);
		int code = check_name(cli, nouns, option, name ? name : at);

		if (code)
			return code;
		if (++count == PROMO_CHOSEN_MAX) {
			cli_complain(&cli->out, "%s: there are too many fields", option);
			return CLI_USAGE;
		}
		at += length + (at[length] == ',');
	}
	return CLI_DONE;
}

/*
 * Templates: text, {field}, and what stands behind a backslash.
 */

static int bad_template(struct cli *cli, const char *why)
{
	cli_complain(&cli->out, "--template: %s", why);
	cli_say(&cli->out, "write it as in --template '{id}\\t{status}\\n'");
	return CLI_USAGE;
}

static int add_part(struct cli *cli, struct cli_template_part part)
{
	struct cli_format *format = &cli->format;

	if (format->part_count == CLI_TEMPLATE_PARTS_MAX)
		return bad_template(cli, "it has too many pieces");
	format->parts[format->part_count++] = part;
	return CLI_DONE;
}

static char escaped(char letter)
{
	switch (letter) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '\\':
	case '{':
	case '}':
		return letter;
	default:
		return '\0';
	}
}

/* Up to the next field. */
static int take_text(struct cli *cli, const char **at)
{
	char *text = promo_arena_alloc(cli->arena, strlen(*at) + 1), *end = text;

	if (!text)
		return bad_template(cli, "there is no memory for it");
	for (; **at && **at != '{'; (*at)++) {
		char letter = **at;

		if (letter == '}')
			return bad_template(cli, "a } stands there without its {; \\} is one");
		if (letter == '\\') {
			letter = escaped((*at)[1]);
			if (!letter)
				return bad_template(cli, "behind \\ may stand n, t, \\, { and }");
			(*at)++;
		}
		*end++ = letter;
	}
	*end = '\0';
	return add_part(cli, (struct cli_template_part){ .text = text });
}

static int take_field(struct cli *cli, const struct nouns *nouns, const char **at)
{
	const size_t length = strcspn(*at + 1, "{}");
	const char *name = promo_arena_strndup(cli->arena, *at + 1, length);
	int code;

	if ((*at)[1 + length] != '}')
		return bad_template(cli, "a { has no }; \\{ is one that means nothing");
	*at += length + 2;
	code = check_name(cli, nouns, "--template", name ? name : "");
	return code ? code : add_part(cli, (struct cli_template_part){ .field = name });
}

static int take_template(struct cli *cli, const struct nouns *nouns, const char *text)
{
	int code = *text ? CLI_DONE : bad_template(cli, "it is empty");

	while (!code && *text)
		code = *text == '{' ? take_field(cli, nouns, &text) : take_text(cli, &text);
	return code;
}

/*
 * Options.
 */

static int find_form(struct cli *cli, const struct cli_args *args, const struct form **ret)
{
	*ret = NULL;
	for (size_t i = 0; i < PROMO_COUNT(forms); i++) {
		if (!args->own[forms[i].option])
			continue;
		if (*ret) {
			cli_complain(&cli->out, "%s and %s contradict each other",
				spelled(args, (*ret)->option), spelled(args, forms[i].option));
			return CLI_USAGE;
		}
		*ret = &forms[i];
	}
	return CLI_DONE;
}

/* The fields behind the option of the form, or those of --columns. */
static int find_fields(struct cli *cli, const struct cli_args *args, const struct form *form,
	const char **ret_option, const char **ret)
{
	const char *columns = args->own[CLI_OPT_COLUMNS];
	const bool lists = form && (form->form == CLI_FORM_JSON || form->form == CLI_FORM_NDJSON ||
					   form->form == CLI_FORM_CSV);
	const char *behind = lists ? args->own[form->option] : NULL;

	*ret = NULL;
	if (columns && form && (!lists || *behind)) {
		cli_complain(&cli->out, "--columns and %s contradict each other",
			spelled(args, form->option));
		return CLI_USAGE;
	}
	*ret_option = columns ? "--columns" : form ? spelled(args, form->option) : "";
	if (columns && *columns)
		*ret = columns;
	else if (behind && *behind)
		*ret = behind;
	return CLI_DONE;
}

static int take_times(struct cli *cli, const char *word)
{
	static const char *const words[] = {
		[CLI_TIMES_RELATIVE] = "relative",
		[CLI_TIMES_LOCAL] = "local",
		[CLI_TIMES_UTC] = "utc",
	};

	cli->out.times = CLI_TIMES_USUAL;
	for (size_t i = CLI_TIMES_RELATIVE; word && i < PROMO_COUNT(words); i++)
		if (strcmp(words[i], word) == 0)
			cli->out.times = (enum cli_times)i;
	if (!word || cli->out.times != CLI_TIMES_USUAL)
		return CLI_DONE;
	cli_complain(&cli->out, "--times: '%s' is none of relative, local and utc",
		cli_clean(cli->arena, word));
	return CLI_USAGE;
}

int cli_format_take(struct cli *cli, const struct cli_args *args)
{
	const struct promo_op *op = args->cmd.op;
	struct cli_format *format = &cli->format;
	const struct form *form;
	const char *option = "";
	struct nouns nouns;
	int code = find_form(cli, args, &form);

	*format = (struct cli_format){ .form = CLI_FORM_TEXT };
	if (!code)
		code = take_times(cli, args->own[CLI_OPT_TIMES]);
	if (!code)
		code = find_fields(cli, args, form, &option, &format->fields);
	if (code)
		return code;
	format->form = form ? form->form : CLI_FORM_TEXT;
	format->reads = op && op->method == PROMO_GET;
	cli->json = format->form != CLI_FORM_TEXT;
	cli->out.csv = format->form == CLI_FORM_CSV;
	cli->out.quiet = format->form == CLI_FORM_QUIET;
	cli->out.no_headers = args->own[CLI_OPT_NO_HEADERS];
	find_nouns(&args->cmd, &nouns);
	if (nouns.count == 0 && (format->fields || (form && form->form != CLI_FORM_JSON &&
							   form->form != CLI_FORM_QUIET))) {
		cli_complain(&cli->out, "promo %s prints no fields, which %s needs", args->cmd.name,
			option);
		return CLI_USAGE;
	}
	if (format->fields)
		code = check_names(cli, &nouns, option, format->fields);
	if (!code && format->form == CLI_FORM_TEMPLATE)
		code = take_template(cli, &nouns, args->own[CLI_OPT_TEMPLATE]);
	return code;
}

/*
 * Objects.
 */

void cli_format_chosen(struct cli *cli, const struct promo_schema *noun, struct promo_chosen *ret)
{
	const char *at = cli->format.fields ? cli->format.fields : "";

	ret->count = 0;
	while (*at && ret->count < PROMO_CHOSEN_MAX) {
		const size_t length = strcspn(at, ",");
		const char *name = promo_arena_strndup(cli->arena, at, length);

		if (name)
			(void)promo_path_find(noun, name, &ret->paths[ret->count++]);
		at += length + (at[length] == ',');
	}
}

void cli_format_template(struct cli *cli, const struct promo_schema *noun, const void *object,
	struct promo_arena *arena)
{
	for (size_t i = 0; i < cli->format.part_count; i++) {
		const struct cli_template_part *part = &cli->format.parts[i];
		struct promo_path path;

		if (part->text)
			cli_put(&cli->out, part->text);
		else if (promo_path_find(noun, part->field, &path))
			cli_put(&cli->out,
				cli_print_path(noun, &path, object, CLI_PROGRAMS, arena));
	}
}

/* By what other commands take: the id, else what its lists begin with. */
void cli_format_id(struct cli *cli, const struct promo_schema *noun, const void *object,
	struct promo_arena *arena)
{
	const struct promo_field *field = promo_schema_field(noun, "id");

	for (size_t i = 0; !field && i < noun->count; i++)
		if (noun->fields[i].flags & PROMO_COLUMN)
			field = &noun->fields[i];
	if (field)
		cli_putf(&cli->out, "%s\n",
			cli_print_value(noun, field, object, CLI_PROGRAMS, arena));
}

static void put_json(
	struct cli *cli, const struct promo_schema *noun, const void *object, const char *json)
{
	struct promo_chosen chosen;

	cli_format_chosen(cli, noun, &chosen);
	if (!json && promo_encode_chosen(noun, object, &chosen, cli->arena, &json))
		cli->format.broken = true;
	else
		cli_put_json(&cli->out, cli->arena, json);
}

static void put_csv(struct cli *cli, const struct promo_schema *noun, const void *object)
{
	struct promo_chosen chosen;
	struct cli_table table;

	cli_format_chosen(cli, noun, &chosen);
	if (chosen.count)
		cli_table_init(&table, &cli->out, noun, &chosen, cli->arena);
	else
		cli_table_init_whole(&table, &cli->out, noun, cli->arena);
	cli_table_add(&table, object, 1, cli->arena);
}

void cli_format_object(
	struct cli *cli, const struct promo_schema *noun, const void *object, const char *json)
{
	if (!noun || !object) {
		if (json && cli->format.form == CLI_FORM_JSON)
			cli_put_json(&cli->out, cli->arena, json);
		return;
	}
	switch (cli->format.form) {
	case CLI_FORM_TEXT:
		cli_print_object(&cli->out, noun, object, cli->arena);
		break;
	case CLI_FORM_JSON:
		put_json(cli, noun, object, cli->format.fields ? NULL : json);
		break;
	case CLI_FORM_NDJSON:
		put_json(cli, noun, object, NULL);
		break;
	case CLI_FORM_CSV:
		put_csv(cli, noun, object);
		break;
	case CLI_FORM_TEMPLATE:
		cli_format_template(cli, noun, object, cli->arena);
		break;
	case CLI_FORM_QUIET:
		if (cli->format.reads)
			cli_format_id(cli, noun, object, cli->arena);
		break;
	}
}
