/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/settings.h"
#include "promo-cli/table.h"

/* get and set: settings one by one, by their names. */

/* A line of the table. */
struct line {
	const char *setting, *value;
};

#define T struct line
static const struct promo_field line_fields[] = {
	PROMO_F_TEXT(T, setting, TEXT, 0, 0, PROMO_COLUMN, "the setting, with its category"),
	PROMO_F_TEXT(T, value, TEXT, 0, 0, PROMO_COLUMN, "what it is"),
};
#undef T
static const struct promo_schema line_schema =
	PROMO_SCHEMA(struct line, "setting_line", line_fields);

/* "branding" and "branding.theme" are above "branding.theme.font". */
static bool is_below(const char *name, const char *word)
{
	const size_t length = strlen(word);

	return strncmp(name, word, length) == 0 && (name[length] == '.' || name[length] == '\0');
}

static int put_lines(struct cli *cli, const struct cli_settings *settings, const char *word)
{
	const bool people = cli->out.data_terminal;
	struct line lines[PROMO_SETTING_COUNT];
	struct cli_table table;
	size_t count = 0;

	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++) {
		const char *name = cli_setting_name(i, cli->arena);

		if (word && !is_below(name, word))
			continue;
		lines[count++] = (struct line){ name,
			cli_setting_text(i, settings->values[promo_setting_info(i)->category],
				people, cli->arena) };
	}
	cli_table_init(&table, &cli->out, &line_schema, NULL, cli->arena);
	cli_table_add(&table, lines, count, cli->arena);
	cli_table_end(&table);
	return CLI_DONE;
}

/* The value alone: an item of a list on a line of its own. */
static int put_value(struct cli *cli, const struct cli_args *args,
	const struct cli_settings *settings, enum promo_setting setting)
{
	const struct promo_setting_info *row = promo_setting_info(setting);
	const void *values = settings->values[row->category];
	struct promo_setting_place place;
	struct promo_problem problem = { 0 };
	const struct promo_texts *texts;
	const char *json;
	int r;

	if (!values || !promo_setting_place(setting, values, &place)) {
		cli_complain(&cli->out, "the server does not know this setting");
		return cli_exit_code(PROMO_E_NOT_FOUND);
	}
	if (cli->json) {
		r = promo_encode_value(place.field, place.object, cli->arena, &json);
		if (r)
			return cli_fail_here(cli, args, r, &problem);
		cli_put_json(&cli->out, cli->arena, json);
		return CLI_DONE;
	}
	texts = (const void *)((const char *)place.object + place.field->offset);
	if (place.field->kind != PROMO_TEXTS) {
		cli_putf(&cli->out, "%s\n", cli_setting_text(setting, values, false, cli->arena));
		return CLI_DONE;
	}
	for (size_t i = 0; i < texts->count; i++)
		cli_putf(&cli->out, "%s\n", cli_clean(cli->arena, texts->items[i]));
	return CLI_DONE;
}

/* Whether something has this name or stands below it. */
static bool is_known(struct cli *cli, const char *word)
{
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++)
		if (is_below(cli_setting_name(i, cli->arena), word))
			return true;
	return false;
}

/* A group of a category, "branding.theme", as one object; NULL where the word is none. */
static const struct promo_field *find_group(const char *word, enum promo_setting_category *ret)
{
	const size_t length = strcspn(word, ".");

	for (int i = 0; word[length] && i < PROMO_SETTINGS_CATEGORIES; i++) {
		const char *name = promo_setting_category_name((enum promo_setting_category)i);

		if (strlen(name) != length || strncmp(name, word, length) != 0)
			continue;
		*ret = (enum promo_setting_category)i;
		return promo_schema_field(&promo_settings_schemas[i], word + length + 1);
	}
	return NULL;
}

static int put_group(struct cli *cli, const struct cli_args *args, const struct promo_field *group,
	const void *values)
{
	struct promo_problem problem = { 0 };
	const char *json;
	int r;

	if (!values) {
		cli_complain(&cli->out, "the server does not know these settings");
		return cli_exit_code(PROMO_E_NOT_FOUND);
	}
	r = promo_encode_value(group, values, cli->arena, &json);
	if (r)
		return cli_fail_here(cli, args, r, &problem);
	cli_put_json(&cli->out, cli->arena, json);
	return CLI_DONE;
}

static int put_json(struct cli *cli, const struct cli_args *args,
	const struct cli_settings *settings, const char *word)
{
	const struct promo_field *group;
	enum promo_setting_category category;
	int code;

	if (!word) {
		cli_put_json(&cli->out, cli->arena, settings->json);
		return CLI_DONE;
	}
	group = find_group(word, &category);
	if (group)
		return put_group(cli, args, group, settings->values[category]);
	code = cli_setting_find_category(cli, word, &category);
	if (code)
		return code;
	if (!settings->shown[category]) {
		cli_complain(&cli->out, "the server does not know this category");
		return cli_exit_code(PROMO_E_NOT_FOUND);
	}
	cli_put_json(&cli->out, cli->arena, settings->shown[category]->values);
	return CLI_DONE;
}

static int get_run(struct cli *cli, const struct cli_args *args)
{
	const char *word = args->word_count ? args->words[0] : NULL;
	enum promo_setting setting = PROMO_SETTING_COUNT;
	struct cli_settings settings;
	int code = CLI_DONE;

	for (enum promo_setting i = 0; word && i < PROMO_SETTING_COUNT; i++)
		if (strcmp(cli_setting_name(i, cli->arena), word) == 0)
			setting = i;
	if (word && !is_known(cli, word))
		return cli_setting_find(cli, word, &setting);
	code = cli_settings_read(cli, args, &settings);
	if (code)
		return code;
	if (setting != PROMO_SETTING_COUNT)
		return put_value(cli, args, &settings, setting);
	return cli->json ? put_json(cli, args, &settings, word) : put_lines(cli, &settings, word);
}

const struct cli_cmd cli_cmd_settings_get = {
	.name = "settings get",
	.summary = "Show settings, those of a category, or the value of one",
	.text = "One setting is its value alone, a list with an item on each line. With --json a "
		"category, or a group of one, is the object that promo settings edit shows. It "
		"needs the permission "
		"system.settings.read.",
	.examples = "promo settings get\n"
		    "promo settings get branding\n"
		    "promo settings get branding.company_name\n"
		    "promo --json settings get notifications",
	.words = "[CATEGORY[.KEY]]",
	.words_max = 1,
	.complete = cli_settings_complete_all,
	.run = get_run,
};

static bool is_list(enum promo_setting setting)
{
	const enum promo_setting_kind kind = promo_setting_info(setting)->kind;

	return kind == PROMO_SETTING_LIST || kind == PROMO_SETTING_WORDS;
}

static void mark(const struct promo_schema *schema, const struct promo_field *field, void *object,
	bool is_null)
{
	const uint64_t bit = UINT64_C(1) << (field - schema->fields);
	struct promo_set *set = object;

	set->present |= bit;
	if (is_null)
		set->null |= bit;
}

/* A struct of the category in which nothing is given yet, with the group of the setting. */
static int make_input(enum promo_setting setting, struct promo_arena *arena, void **ret,
	const struct promo_schema **ret_schema, void **ret_object)
{
	const struct promo_setting_info *row = promo_setting_info(setting);
	const struct promo_schema *schema = &promo_settings_schemas[row->category];
	const struct promo_field *group =
		row->group ? promo_schema_field(schema, row->group) : NULL;
	void *in = promo_arena_alloc(arena, schema->size);
	void *inner = group ? promo_arena_alloc(arena, group->schema->size) : in;

	if (!in || !inner)
		return promo_fault(-ENOMEM, "could not hold a setting");
	promo_set_nulls(schema, in);
	if (group) {
		promo_set_nulls(group->schema, inner);
		*(const void **)(void *)((char *)in + group->offset) = inner;
		mark(schema, group, in, false);
	}
	*ret = in;
	*ret_schema = group ? group->schema : schema;
	*ret_object = inner;
	return 0;
}

/* The words that were typed, into the setting. All that can be seen here is said at once. */
static int fill(const struct cli_args *args, const struct cli_settings *settings,
	enum promo_setting setting, struct promo_arena *arena, struct promo_problem *problem,
	void **ret)
{
	const struct promo_setting_info *row = promo_setting_info(setting);
	const char *key = row->group ? row->key + strlen(row->group) + 1 : row->key;
	const char *pointer = promo_arena_printf(arena, "/%s", row->key);
	const struct promo_schema *schema = NULL;
	const struct promo_field *field;
	void *object = NULL;
	int r = make_input(setting, arena, ret, &schema, &object);

	if (r || !pointer)
		return r ? r : promo_fault(-ENOMEM, "could not name a setting");
	field = promo_schema_field(schema, key);
	if (args->own[CLI_OPT_DEFAULT])
		mark(schema, field, object, true);
	for (size_t i = 1; r >= 0 && i < args->word_count; i++) {
		if (is_list(setting) && *args->words[i] == '\0')
			mark(schema, field, object, false);
		else
			r = promo_decode_text(schema, field, args->words[i], pointer,
				&settings->env, arena, problem, object);
	}
	if (r < 0)
		return r;
	return problem->field_count ? PROMO_E_INVALID_INPUT : 0;
}

static int check_words(struct cli *cli, const struct cli_args *args, enum promo_setting *ret)
{
	const bool to_default = args->own[CLI_OPT_DEFAULT];
	int code;

	if (args->word_count == 0) {
		cli_complain(&cli->out, "which setting? promo settings set CATEGORY.KEY VALUE");
		return CLI_USAGE;
	}
	code = cli_setting_find(cli, args->words[0], ret);
	if (code)
		return code;
	if (to_default == (args->word_count > 1)) {
		cli_complain(&cli->out, to_default ? "--default takes no value beside it"
						   : "the value is missing: give it, or --default");
		return CLI_USAGE;
	}
	if (args->word_count > 2 && !is_list(*ret)) {
		cli_complain(&cli->out, "%s takes one value; put quotes around what has blanks",
			args->words[0]);
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static int say_changed(struct cli *cli, const struct cli_args *args,
	const struct cli_settings *settings, enum promo_setting setting,
	const struct promo_reply *reply)
{
	const enum promo_setting_category category = promo_setting_info(setting)->category;
	const struct promo_schema *schema = &promo_settings_schemas[category];
	const struct promo_settings_category *after = reply->out;
	void *values = promo_arena_alloc(cli->arena, schema->size);
	const char *value;
	int r = values ? promo_decode_output(schema, after->values, cli->arena, values)
		       : promo_fault(-ENOMEM, "could not hold settings");

	if (r)
		return cli_fail_here(cli, args, r, &reply->problem);
	value = cli_setting_text(setting, values, true, cli->arena);
	cli_say(&cli->out, "%s %s %s %s", cli_symbol(&cli->out, CLI_GOOD), args->words[0],
		after->version == settings->shown[category]->version ? "was already" : "is now",
		*value ? value : "empty");
	return CLI_DONE;
}

/* --dry-run. */
static int say_change(struct cli *cli, const struct cli_args *args,
	const struct cli_settings *settings, enum promo_setting setting, const void *in)
{
	const enum promo_setting_category category = promo_setting_info(setting)->category;
	const char *before =
		cli_setting_text(setting, settings->values[category], true, cli->arena);
	const char *after = args->own[CLI_OPT_DEFAULT]
				    ? "its default"
				    : cli_setting_text(setting, in, true, cli->arena);

	cli_putf(&cli->out, "%s  %s%s%s\n", args->words[0], *before ? before : "empty",
		cli->out.utf8 ? " → " : " -> ", *after ? after : "empty");
	cli_say(&cli->out, "nothing was changed");
	return CLI_NOT_SENT;
}

static int set_run(struct cli *cli, const struct cli_args *args)
{
	struct cli_settings settings;
	struct promo_problem problem = { 0 };
	struct promo_reply reply;
	enum promo_setting setting;
	enum promo_setting_category category;
	void *in = NULL;
	int r, code = check_words(cli, args, &setting);

	if (!code)
		code = cli_settings_read(cli, args, &settings);
	if (code)
		return code;
	category = promo_setting_info(setting)->category;
	if (!settings.shown[category]) {
		cli_complain(&cli->out, "the server does not know this setting");
		return cli_exit_code(PROMO_E_NOT_FOUND);
	}
	r = fill(args, &settings, setting, cli->arena, &problem, &in);
	if (r) {
		cli_settings_name_fields(
			&problem, promo_setting_category_name(category), cli->arena);
		return cli_fail_here(cli, args, r, &problem);
	}
	if (args->own[CLI_OPT_DRY_RUN] && !cli->json)
		return say_change(cli, args, &settings, setting, in);
	code = cli_settings_change(cli, args, category, &settings, in, &reply, &r);
	if (code)
		return code;
	if (r)
		return cli_fail(cli, args, &promo_op_settings_update[category], r, &reply);
	if (cli->json) {
		cli_answer(cli, &reply, NULL, NULL);
		return CLI_DONE;
	}
	return say_changed(cli, args, &settings, setting, &reply);
}

const struct cli_cmd cli_cmd_settings_set = {
	.name = "settings set",
	.summary = "Change a setting, or put it back to its default",
	.text = "A list takes several values; an empty one, \"\", empties it. Nothing is changed "
		"if "
		"somebody else changed the category meanwhile: look at it again then. It needs the "
		"permissions system.settings.read and, as the category asks, "
		"system.settings.update, system.notifications.setup or users.registration.manage.",
	.examples = "promo settings set branding.company_name \"Kigali Coffee\"\n"
		    "promo settings set notifications.email_notifications.recipients "
		    "aline@example.com jean@example.com\n"
		    "promo settings set branding.theme.primary_color --default",
	.words = "CATEGORY.KEY VALUE...",
	.words_max = CLI_WORDS_MAX,
	.options = { CLI_OPT_DEFAULT, CLI_OPT_IF_VERSION, CLI_OPT_DRY_RUN },
	.complete = cli_settings_complete_keys,
	.run = set_run,
};
