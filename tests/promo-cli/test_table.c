/* SPDX-License-Identifier: MIT */
/* Proves that lists are aligned and cut to the terminal by columns rather than bytes, that elsewhere
 * they are tab-separated values for programs, and that no text of others reaches the terminal's
 * controls. */
#include "promo-cli/table.h"

#include <string.h>

#include "harness.h"
#include "libpromo/base/utf8.h"
#include "libpromo/model/batch.h"
#include "libpromo/model/user.h"
#include "promo-cli/print.h"

static const struct promo_ref jean = { "01a2b3c4-0000-7000-8000-000000000001", "Jean" };

static const struct promo_batch batches[] = {
	{
		.id = "01a2b3c4-0000-7000-8000-00000000000a",
		.batch_name = "BATCH_SUMMER",
		.total_codes = 100034,
		.amount_per_code = 50000,
		.currency = "RWF",
		.expiration_date = "2027-06-30",
		.assigned_user = &jean,
		.status = PROMO_BATCH_ACTIVE,
		.redeemed_amount = PROMO_NULL_INT,
	},
	{
		.id = "01a2b3c4-0000-7000-8000-00000000000b",
		.batch_name = "BATCH_W",
		.total_codes = 7,
		.amount_per_code = 1250,
		.currency = "USD",
		.expiration_date = "2026-12-31",
		.status = PROMO_BATCH_BLOCKED,
		.redeemed_amount = PROMO_NULL_INT,
	},
};

static void print_table(struct harness *harness, const struct promo_schema *schema,
	const char *names, const void *items, size_t count, size_t columns)
{
	const bool csv = harness->cli.out.csv, no_headers = harness->cli.out.no_headers;
	struct promo_chosen chosen;
	struct cli_table table;

	harness_begin_output(harness);
	harness->cli.out.csv = csv;
	harness->cli.out.no_headers = no_headers;
	harness->cli.out.data_terminal = columns > 0;
	harness->cli.out.columns = columns;
	harness->cli.format.fields = names;
	cli_format_chosen(&harness->cli, schema, &chosen);
	cli_table_init(&table, &harness->cli.out, schema, &chosen, harness->cli.arena);
	cli_table_add(&table, items, count, harness->cli.arena);
	cli_table_end(&table);
	harness_end_output(harness);
}

static void test_aligned(void **state)
{
	struct harness *harness = *state;

	print_table(harness, &promo_batch_schema, NULL, batches, 2, 100);
	assert_string_equal(harness->data,
		"BATCH NAME    TOTAL CODES  AMOUNT/CODE  EXPIRATION  ASSIGNED TO  STATUS\n"
		"BATCH_SUMMER      100,034      500 RWF  2027-06-30  Jean         active\n"
		"BATCH_W                 7    12.50 USD  2026-12-31               blocked\n");
}

static void test_id_where_there_is_room(void **state)
{
	struct harness *harness = *state;

	print_table(harness, &promo_batch_schema, NULL, batches, 2, 200);
	assert_holds(harness->data, "01a2b3c4-0000-7000-8000-00000000000a  BATCH_SUMMER");
}

static void test_cut_to_the_terminal(void **state)
{
	struct harness *harness = *state;
	char *rest;

	for (size_t columns = 60; columns < 130; columns++) {
		print_table(harness, &promo_batch_schema, NULL, batches, 2, columns);
		rest = harness->data;
		for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
			assert_true(promo_utf8_width(line) <= columns);
	}
}

static void test_separated(void **state)
{
	struct harness *harness = *state;

	print_table(harness, &promo_batch_schema, NULL, batches, 2, 0);
	assert_string_equal(harness->data,
		"id\tbatch_name\ttotal_codes\tamount_per_code\tcurrency\texpiration_date\t"
		"assigned_user\tstatus\n"
		"01a2b3c4-0000-7000-8000-00000000000a\tBATCH_SUMMER\t100034\t500.00\tRWF\t"
		"2027-06-30\tJean\tactive\n"
		"01a2b3c4-0000-7000-8000-00000000000b\tBATCH_W\t7\t12.50\tUSD\t2026-12-31\t\t"
		"blocked\n");
	print_table(harness, &promo_batch_schema, "status,batch_name", batches, 2, 0);
	assert_string_equal(
		harness->data, "status\tbatch_name\nactive\tBATCH_SUMMER\nblocked\tBATCH_W\n");
	print_table(harness, &promo_batch_schema, "id", batches, 0, 0);
	assert_string_equal(harness->data, "id\n");
}

/* What another noun of the same command has is empty here, and stays a column. */
static void test_column_of_another_noun(void **state)
{
	struct harness *harness = *state;

	print_table(harness, &promo_batch_schema, "nothing,status", batches, 1, 0);
	assert_string_equal(harness->data, "nothing\tstatus\n\tactive\n");
}

static void test_dotted_columns(void **state)
{
	struct harness *harness = *state;

	print_table(harness, &promo_batch_schema, "batch_name,assigned_user.name", batches, 2, 0);
	assert_string_equal(harness->data, "batch_name\tassigned_user.name\nBATCH_SUMMER\tJean\n"
					   "BATCH_W\t\n");
}

static void test_without_headers(void **state)
{
	struct harness *harness = *state;

	harness->cli.out.no_headers = true;
	print_table(harness, &promo_batch_schema, "status,batch_name", batches, 2, 0);
	assert_string_equal(harness->data, "active\tBATCH_SUMMER\nblocked\tBATCH_W\n");
	print_table(harness, &promo_batch_schema, "status,batch_name", batches, 2, 80);
	assert_string_equal(harness->data, "active   BATCH_SUMMER\nblocked  BATCH_W\n");
}

static void test_csv(void **state)
{
	static const struct promo_role roles[] = {
		{ .id = "1", .name = "=1+1", .description = "says \"no\"", .rank = 1 },
		{ .id = "2", .name = "a\nb,c", .description = "plain", .rank = -5 },
	};
	struct harness *harness = *state;

	harness->cli.out.csv = true;
	print_table(harness, &promo_role_schema, "name,description,rank", roles, 2, 0);
	assert_string_equal(harness->data, "\"name\",\"description\",\"rank\"\r\n"
					   "\"'=1+1\",\"says \"\"no\"\"\",\"1\"\r\n"
					   "\"a\nb,c\",\"plain\",\"-5\"\r\n");
	print_table(harness, &promo_batch_schema, NULL, batches, 1, 80);
	assert_holds(harness->data, "\"total_codes\",\"amount_per_code\",\"currency\"");
	assert_holds(harness->data, "\"100034\",\"500.00\",\"RWF\"");
}

static void test_wide_and_hostile_names(void **state)
{
	static const struct promo_role roles[] = {
		{ .id = "1", .name = "日本語", .description = "wide", .rank = 1 },
		{ .id = "2", .name = "e\xcc\x81te", .description = "combining", .rank = 2 },
		{ .id = "3",
			.name = "a\033[2Jb\tc\nd\xc2\x9b",
			.description = "hostile",
			.rank = 3 },
		{ .id = "4",
			.name = "x",
			.description = "\xe2\x80\xae"
				       "backwards",
			.rank = 4 },
	};
	struct harness *harness = *state;
	char *rest;

	print_table(harness, &promo_role_schema, "name,description", roles, 4, 80);
	assert_holds(harness->data, "\n日本語");
	assert_null(strchr(harness->data, '\033'));
	assert_null(strchr(harness->data, '\t'));
	assert_lacks(harness->data, "\xc2\x9b");
	assert_lacks(harness->data, "\xe2\x80\xae");
	print_table(harness, &promo_role_schema, "name,description", roles, 4, 0);
	assert_null(strchr(harness->data, '\033'));
	rest = harness->data;
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		assert_ptr_equal(strchr(line, '\t'), strrchr(line, '\t'));
}

static void test_colours(void **state)
{
	struct harness *harness = *state;
	struct cli_table table;

	harness_begin_output(harness);
	harness->cli.out.data_terminal = harness->cli.out.colour = true;
	harness->cli.out.columns = 100;
	cli_table_init(&table, &harness->cli.out, &promo_batch_schema, NULL, harness->cli.arena);
	cli_table_add(&table, batches, 2, harness->cli.arena);
	harness_end_output(harness);
	assert_holds(harness->data, "\033[32mactive\033[0m");
	assert_holds(harness->data, "\033[31mblocked\033[0m");
}

static void test_what_must_not_be_cut_is_dropped(void **state)
{
	struct harness *harness = *state;

	print_table(harness, &promo_batch_schema, "id,batch_name,expiration_date", batches, 2, 62);
	assert_holds(harness->data, "01a2b3c4-0000-7000-8000-00000000000a  BATCH_SUMMER  2027");
	assert_lacks(harness->talk, "too narrow");
	print_table(harness, &promo_batch_schema, "id,batch_name,expiration_date", batches, 2, 60);
	assert_holds(harness->data, "01a2b3c4-0000-7000-8000-00000000000a  BATCH_SUMMER\n");
	assert_lacks(harness->data, "2027-06-30");
	assert_holds(harness->talk, "--columns chooses");
	print_table(harness, &promo_batch_schema, "batch_name", batches, 1, 10);
	assert_holds(harness->data, "BATCH_SUM…\n");
}

/* The widest texts are cut, names to what still tells them apart; where that does not do, what matters
 * least goes, wherever it stands, and the status stays. */
static void test_what_matters_least_goes_first(void **state)
{
	static const struct promo_ref somebody = { "1", "Somebody with a name of some length" };
	struct promo_batch long_named = batches[0];
	struct harness *harness = *state;

	long_named.batch_name = "BATCH_OF_A_NAME_THAT_IS_LONGER_THAN_MOST";
	long_named.assigned_user = &somebody;
	print_table(harness, &promo_batch_schema, NULL, &long_named, 1, 100);
	assert_holds(harness->data, "BATCH_OF_A_NAME_THAT_IS_L…");
	assert_holds(harness->data, "Somebody with a name of s…");
	assert_holds(harness->data, "active\n");
	assert_lacks(harness->talk, "too narrow");
	print_table(harness, &promo_batch_schema, NULL, &long_named, 1, 70);
	assert_holds(harness->data, "BATCH_OF_A_NAME_THAT_IS");
	assert_lacks(harness->data, "Somebody");
	assert_holds(harness->data, "active\n");
	assert_holds(harness->talk, "too narrow");
}

static void test_every_status_has_a_tone(void **state)
{
	static const char *const names[] = { "status", "severity", "outcome" };

	(void)state;
	for (size_t i = 0; promo_ops[i]; i++)
		for (size_t j = 0; promo_ops[i]->out && j < PROMO_COUNT(names); j++) {
			const struct promo_field *field =
				promo_schema_field(promo_ops[i]->out, names[j]);

			for (int word = 1; field && field->words && word < field->words->count;
				word++)
				if (cli_tone_of(field->words->words[word]) == CLI_PLAIN)
					fail_msg("%s has no tone", field->words->words[word]);
		}
}

static void test_times(void **state)
{
	const struct promo_user user = { .id = "1", .last_login_at = INT64_C(1000000000000) };
	struct harness *harness = *state;

	assert_string_equal(cli_time_relative(harness->cli.arena, 1000, 1000), "0 s ago");
	assert_string_equal(cli_time_relative(harness->cli.arena, 1000, 61000), "1 min ago");
	assert_string_equal(cli_time_relative(harness->cli.arena, 1000, 7201000), "2 h ago");
	assert_string_equal(cli_time_relative(harness->cli.arena, 86400001, 1), "in 24 h");
	assert_string_equal(cli_time_relative(harness->cli.arena, 259200001, 1), "in 3 days");
	assert_string_equal(cli_time_relative(harness->cli.arena, 0, 1), "");
	print_table(harness, &promo_user_schema, "last_login_at", &user, 1, 80);
	assert_holds(harness->data, "2001-09-09 ");
	harness_begin_output(harness);
	harness->cli.out.data_terminal = true;
	harness->cli.out.times = CLI_TIMES_UTC;
	cli_print_object(&harness->cli.out, &promo_user_schema, &user, harness->cli.arena);
	harness_end_output(harness);
	assert_holds(harness->data, "2001-09-09 01:46 UTC\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_aligned, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_id_where_there_is_room, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_cut_to_the_terminal, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_separated, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_column_of_another_noun, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_dotted_columns, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_without_headers, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_csv, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_wide_and_hostile_names, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_colours, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_what_must_not_be_cut_is_dropped, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_what_matters_least_goes_first, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_every_status_has_a_tone, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_times, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
