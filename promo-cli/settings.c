/* SPDX-License-Identifier: MIT */
#include "promo-cli/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"
#include "promo-cli/call.h"
#include "promo-cli/dry.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/suggest.h"

enum {
	CATEGORIES_MAX = 1000 /* the most that the API gives at once */
};

static int take(struct cli *cli, const struct cli_args *args,
	const struct promo_settings_category *shown, struct cli_settings *ret)
{
	const enum promo_setting_category category = promo_setting_category_find(shown->category);
	const struct promo_schema *schema;
	struct promo_problem problem = { 0 };
	void *values;
	int r;

	if (category == PROMO_SETTINGS_CATEGORIES)
		return CLI_DONE;
	schema = &promo_settings_schemas[category];
	values = promo_arena_alloc(cli->arena, schema->size);
	r = values ? promo_decode_output(schema, shown->values, cli->arena, values)
		   : promo_fault(-ENOMEM, "could not hold settings");
	if (r)
		return cli_fail_here(cli, args, r, &problem);
	ret->shown[category] = shown;
	ret->values[category] = values;
	return CLI_DONE;
}

int cli_settings_read(struct cli *cli, const struct cli_args *args, struct cli_settings *ret)
{
	const struct promo_op *op = &promo_op_settings_list;
	struct promo_settings_list_in in = { 0 };
	struct cli_settings settings = { 0 };
	const struct promo_settings_of_locale *locale;
	const struct promo_settings_category *shown;
	struct promo_reply reply;
	const struct promo_list *list;
	int code = cli_connect(cli, op, args);

	cli_put_int(op->in, &in, "limit", CATEGORIES_MAX);
	if (!code)
		code = cli_send(cli, args, op, &in, cli->arena, &reply);
	if (code)
		return code;
	list = reply.out;
	shown = list->items;
	for (size_t i = 0; !code && i < list->count; i++)
		code = take(cli, args, &shown[i], &settings);
	locale = settings.values[PROMO_SETTINGS_locale];
	settings.env.country_code =
		locale && locale->default_country_code ? locale->default_country_code : "";
	settings.json = reply.json;
	if (!code)
		*ret = settings;
	return code;
}

const char *cli_setting_name(enum promo_setting setting, struct promo_arena *arena)
{
	const struct promo_setting_info *row = promo_setting_info(setting);
	const char *name = promo_arena_printf(arena, "%s.%s", row->category_name, row->key);

	return name ? name : row->key;
}

static int say_near(struct cli *cli, const char *what, const char *word, const char *near)
{
	cli_complain(&cli->out, "there is no %s '%s'", what, cli_clean(cli->arena, word));
	if (near)
		cli_say(&cli->out, "did you mean %s?", near);
	else
		cli_say(&cli->out, "promo settings get shows what there is");
	return CLI_USAGE;
}

int cli_setting_find(struct cli *cli, const char *word, enum promo_setting *ret)
{
	struct cli_suggestion near = { .typed = word };

	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++) {
		const char *name = cli_setting_name(i, cli->arena);

		if (strcmp(name, word) == 0) {
			*ret = i;
			return CLI_DONE;
		}
		cli_suggest(&near, name);
	}
	return say_near(cli, "setting", word, near.best);
}

int cli_setting_find_category(struct cli *cli, const char *word, enum promo_setting_category *ret)
{
	struct cli_suggestion near = { .typed = word };

	*ret = promo_setting_category_find(word);
	if (*ret != PROMO_SETTINGS_CATEGORIES)
		return CLI_DONE;
	for (enum promo_setting_category i = 0; i < PROMO_SETTINGS_CATEGORIES; i++)
		cli_suggest(&near, promo_setting_category_name(i));
	return say_near(cli, "category of settings", word, near.best);
}

const char *cli_setting_text(
	enum promo_setting setting, const void *values, bool people, struct promo_arena *arena)
{
	struct promo_setting_place place;

	if (!values || !promo_setting_place(setting, values, &place))
		return "";
	return cli_print_value(
		place.schema, place.field, place.object, people ? CLI_PEOPLE : CLI_PROGRAMS, arena);
}

int cli_settings_change(struct cli *cli, const struct cli_args *args,
	enum promo_setting_category category, const struct cli_settings *settings, const void *in,
	struct promo_reply *ret, int *ret_r)
{
	const struct promo_op *op = &promo_op_settings_update[category];
	struct promo_call call = { 0 };
	int64_t version;
	int code;

	*ret = (struct promo_reply){ 0 };
	code = cli_own_number(cli, args, CLI_OPT_IF_VERSION, INT64_MAX,
		settings->shown[category]->version, &version);
	if (code)
		return code;
	call.if_match = promo_arena_printf(cli->arena, "\"%" PRId64 "\"", version);
	if (cli_dry(args, op))
		return cli_dry_run(cli, args, op, in, call.if_match);
	*ret_r = promo_client_call(cli->client, op, in, &call, cli->arena, ret);
	cli_settings_name_fields(&ret->problem, promo_setting_category_name(category), cli->arena);
	return CLI_DONE;
}

void cli_settings_name_fields(
	struct promo_problem *problem, const char *prefix, struct promo_arena *arena)
{
	static const char in_file[] = "/settings/";

	for (size_t i = 0; i < problem->field_count; i++) {
		struct promo_field_error *field = &problem->fields[i];
		const char *inside =
			strncmp(field->pointer, in_file, strlen(in_file)) == 0 && !*prefix
				? field->pointer + strlen(in_file)
				: field->pointer;
		char *name = promo_arena_printf(
			arena, "%s%s", prefix, !*prefix && *inside == '/' ? inside + 1 : inside);

		for (char *at = name; at && *at; at++)
			if (*at == '/')
				*at = '.';
		if (name)
			field->pointer = name;
	}
}

void cli_settings_complete_keys(struct cli *cli)
{
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++)
		cli_putf(&cli->out, " %s", cli_setting_name(i, cli->arena));
}

void cli_settings_complete_categories(struct cli *cli)
{
	for (enum promo_setting_category i = 0; i < PROMO_SETTINGS_CATEGORIES; i++)
		cli_putf(&cli->out, " %s", promo_setting_category_name(i));
}

void cli_settings_complete_all(struct cli *cli)
{
	cli_settings_complete_categories(cli);
	cli_settings_complete_keys(cli);
}
