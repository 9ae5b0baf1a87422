/* SPDX-License-Identifier: MIT */
/* Proves of the forms of output what needs no server: which options go together, which fields a command
 * knows, how JSON looks with some of its fields, and that no noun has more of them than a row holds. */
#include "promo-cli/format.h"

#include <string.h>

#include "harness.h"
#include "libpromo/model/batch.h"
#include "libpromo/model/user.h"

static int take(struct harness *harness, const char *arguments)
{
	struct cli_args args;
	int code = harness_parse(harness, arguments, &args);

	assert_int_equal(code, 0);
	harness->cli.format = (struct cli_format){ .form = CLI_FORM_TEXT };
	harness_begin_output(harness);
	code = cli_format_take(&harness->cli, &args);
	harness_end_output(harness);
	return code;
}

static void test_options(void **state)
{
	static const struct {
		const char *arguments;
		int code;
		enum cli_form form;
	} cases[] = {
		{ "batch list", 0, CLI_FORM_TEXT },
		{ "batch list --json", 0, CLI_FORM_JSON },
		{ "batch list --json=id,created_by.name", 0, CLI_FORM_JSON },
		{ "batch list --json --columns id", 0, CLI_FORM_JSON },
		{ "--ndjson batch list", 0, CLI_FORM_NDJSON },
		{ "batch list --csv=id --no-headers", 0, CLI_FORM_CSV },
		{ "batch list --template {id}", 0, CLI_FORM_TEMPLATE },
		{ "batch list -q", 0, CLI_FORM_QUIET },
		{ "batch list --json=id --columns id", CLI_USAGE, CLI_FORM_TEXT },
		{ "batch list -q --columns id", CLI_USAGE, CLI_FORM_TEXT },
		{ "batch list --csv --ndjson", CLI_USAGE, CLI_FORM_TEXT },
		{ "batch list --json=created_by.", CLI_USAGE, CLI_FORM_JSON },
		{ "batch list --json=id.name", CLI_USAGE, CLI_FORM_JSON },
		{ "batch list --template {}", CLI_USAGE, CLI_FORM_TEMPLATE },
		/* of the job, and of the answer that names it */
		{ "generate BATCH 5 --json=status,job.id", 0, CLI_FORM_JSON },
		{ "generate BATCH 5 --json=batch_name", CLI_USAGE, CLI_FORM_JSON },
		{ "whoami --json=user.email,email", 0, CLI_FORM_JSON },
		{ "settings get --json", 0, CLI_FORM_JSON },
		{ "settings get --ndjson", CLI_USAGE, CLI_FORM_NDJSON },
	};
	struct harness *harness = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(take(harness, cases[i].arguments), cases[i].code);
		if (cases[i].code == 0)
			assert_int_equal(harness->cli.format.form, cases[i].form);
	}
}

static const struct promo_ref jean = { "01a2b3c4-0000-7000-8000-000000000001", "Jean" };
static const struct promo_batch batch = {
	.id = "01a2b3c4-0000-7000-8000-00000000000a",
	.batch_name = "BATCH_\033[2J",
	.total_codes = 7,
	.created_by = &jean,
	.status = PROMO_BATCH_ACTIVE,
};

static const char *printed(struct harness *harness, const char *arguments)
{
	assert_int_equal(take(harness, arguments), 0);
	harness_begin_output(harness);
	harness->cli.out.csv = harness->cli.format.form == CLI_FORM_CSV;
	cli_format_object(&harness->cli, &promo_batch_schema, &batch, NULL);
	harness_end_output(harness);
	return harness->data;
}

static void test_chosen(void **state)
{
	struct harness *harness = *state;

	assert_string_equal(
		printed(harness, "batch show X --json=total_codes,created_by.name,status"),
		"{\"total_codes\":7,\"created_by\":{\"name\":\"Jean\"},\"status\":\"active\"}\n");
	/* Fields of one object stand together, and all of it holds what is in it. */
	assert_string_equal(
		printed(harness, "batch show X --json=created_by.name,status,created_by.id"),
		"{\"created_by\":{\"name\":\"Jean\",\"id\":\"01a2b3c4-0000-7000-8000-"
		"000000000001\"},"
		"\"status\":\"active\"}\n");
	assert_string_equal(printed(harness, "batch show X --json=created_by.id,created_by"),
		"{\"created_by\":{\"id\":\"01a2b3c4-0000-7000-8000-000000000001\","
		"\"name\":\"Jean\"}}\n");
	assert_string_equal(
		printed(harness, "batch show X --ndjson=assigned_user.name,total_codes"),
		"{\"assigned_user\":null,\"total_codes\":7}\n");
	assert_string_equal(
		printed(harness, "batch show X --csv=created_by.name,assigned_user.name"),
		"\"created_by.name\",\"assigned_user.name\"\r\n\"Jean\",\"\"\r\n");
	assert_string_equal(
		printed(harness,
			"batch show X --template [{created_by.name}]{assigned_user.name}\\n"),
		"[Jean]\n");
	assert_lacks(printed(harness, "batch show X --template {batch_name}"), "\033");
	assert_string_equal(
		printed(harness, "batch show X -q"), "01a2b3c4-0000-7000-8000-00000000000a\n");
	assert_string_equal(printed(harness, "batch update X -q"), "");
}

/* Through a list of objects a name is that field of each of them. */
static void test_lists_inside(void **state)
{
	static const struct promo_ref roles[] = { { "1", "clerk" }, { "2", "boss" } };
	struct harness *harness = *state;
	struct promo_user user = { .id = "3", .roles = { roles, 2 } };

	assert_int_equal(take(harness, "user show X --json=roles.name"), 0);
	harness_begin_output(harness);
	cli_format_object(&harness->cli, &promo_user_schema, &user, NULL);
	harness_end_output(harness);
	assert_string_equal(
		harness->data, "{\"roles\":[{\"name\":\"clerk\"},{\"name\":\"boss\"}]}\n");
	assert_int_equal(take(harness, "user show X --template {roles.name}"), 0);
	harness_begin_output(harness);
	cli_format_object(&harness->cli, &promo_user_schema, &user, NULL);
	harness_end_output(harness);
	assert_string_equal(harness->data, "clerk, boss");
}

static void test_every_noun_has_room(void **state)
{
	struct harness *harness = *state;
	struct cli_table table;

	for (size_t i = 0; promo_ops[i]; i++) {
		if (!promo_ops[i]->out)
			continue;
		cli_table_init_whole(
			&table, &harness->cli.out, promo_ops[i]->out, harness->cli.arena);
		assert_in_range(table.count, 1, CLI_COLUMNS_MAX - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_options, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_chosen, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_lists_inside, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_every_noun_has_room, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
