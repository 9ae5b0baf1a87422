/* SPDX-License-Identifier: MIT */
/* Proves that a command line is understood in every way people write options, that what is wrong is
 * said in the words that were typed with exit code 2, and that nothing is guessed. */
#include "promo-cli/args.h"

#include <string.h>

#include "harness.h"

static const char *value(const struct cli_args *args, const char *field)
{
	for (size_t i = 0; i < args->given_count; i++)
		if (args->given[i].option->field &&
			strcmp(args->given[i].option->field->name, field) == 0)
			return args->given[i].value;
	return NULL;
}

static void test_spellings(void **state)
{
	static const char *const lines[] = {
		"batch create SUMMER --codes 10 --amount 5",
		"batch create --codes=10 SUMMER --amount=5",
		"batch --codes 10 create SUMMER",
		"--json batch create SUMMER --codes 10",
		"batch create --codes 10 -- SUMMER",
		"batch create SUMMER --total-codes 10 --json",
	};
	struct harness *harness = *state;
	struct cli_args args;

	for (size_t i = 0; i < PROMO_COUNT(lines); i++) {
		if (i == 2) /* options of a command follow its name */
			continue;
		assert_int_equal(harness_parse(harness, lines[i], &args), CLI_DONE);
		assert_string_equal(args.cmd.name, "batch create");
		assert_int_equal(args.word_count, 1);
		assert_string_equal(args.words[0], "SUMMER");
		assert_string_equal(value(&args, "total_codes"), "10");
	}
	assert_int_equal(harness_parse(harness, lines[2], &args), CLI_USAGE);
}

/* A noun as it is called when there are many is its list, or the noun itself. */
static void test_many(void **state)
{
	static const struct {
		const char *line, *name;
	} cases[] = {
		{ "notifications", "notification list" },
		{ "notifications --unread", "notification list" },
		{ "notifications read-all", "notification read-all" },
		{ "batches --q x", "batch list" },
		{ "users show U", "user show" },
	};
	struct harness *harness = *state;
	struct cli_args args;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(harness_parse(harness, cases[i].line, &args), CLI_DONE);
		assert_string_equal(args.cmd.name, cases[i].name);
	}
	assert_int_equal(harness_parse(harness, "nonsenses", &args), CLI_USAGE);
	assert_int_equal(harness_parse(harness, "batches frob", &args), CLI_USAGE);
}

static void test_program_options_anywhere(void **state)
{
	struct harness *harness = *state;
	struct cli_args args;

	assert_int_equal(
		harness_parse(harness, "--server unix:/s batch -v list --json --profile=p", &args),
		CLI_DONE);
	assert_string_equal(args.own[CLI_OPT_SERVER], "unix:/s");
	assert_string_equal(args.own[CLI_OPT_PROFILE], "p");
	assert_non_null(args.own[CLI_OPT_JSON]);
	assert_non_null(args.own[CLI_OPT_VERBOSE]);
	assert_null(args.own[CLI_OPT_NO_COLOR]);
}

static void test_letters(void **state)
{
	struct harness *harness = *state;
	struct cli_args args;

	assert_int_equal(harness_parse(harness, "download B -vfo out.csv", &args), CLI_DONE);
	assert_string_equal(args.own[CLI_OPT_OUTPUT], "out.csv");
	assert_non_null(args.own[CLI_OPT_FORCE]);
	assert_int_equal(harness_parse(harness, "download B -oout.csv", &args), CLI_DONE);
	assert_string_equal(args.own[CLI_OPT_OUTPUT], "out.csv");
	assert_int_equal(harness_parse(harness, "download B -o -", &args), CLI_DONE);
	assert_string_equal(args.own[CLI_OPT_OUTPUT], "-");
	assert_int_equal(harness_parse(harness, "download B -x", &args), CLI_USAGE);
	assert_holds(harness->talk, "there is no option -x of promo download");
	assert_int_equal(harness_parse(harness, "settings set security.x -5", &args), CLI_DONE);
}

static void test_switches(void **state)
{
	static const struct {
		const char *line, *value;
	} cases[] = {
		{ "user update U --is-active", "true" },
		{ "user update U --is-active=false", "false" },
		{ "user update U --is-active false", "false" },
		{ "user update --is-active U", "true" },
	};
	struct harness *harness = *state;
	struct cli_args args;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(harness_parse(harness, cases[i].line, &args), CLI_DONE);
		assert_string_equal(value(&args, "is_active"), cases[i].value);
		assert_string_equal(args.words[0], "U");
	}
}

static void test_wrong_lines(void **state)
{
	static const struct {
		const char *line, *said;
	} cases[] = {
		{ "btach list", "did you mean promo batch?" },
		{ "verfiy X", "did you mean promo verify?" },
		{ "batch lst", "did you mean promo batch list?" },
		{ "batch list --limitt 3", "did you mean --limit?" },
		{ "batch create X --code 3", "did you mean --codes?" },
		{ "batch frobnicate", "there is no command promo batch frobnicate" },
		{ "batch list --frobnicate", "promo batch list --help" },
		{ "batch list extra", "'extra' is one word too many" },
		{ "batch list --limit", "--limit needs a value: --limit N" },
		{ "batch list --limit --json", "write --limit=--json" },
		{ "batch list --limit 3 --limit 4", "--limit is given twice" },
		{ "batch list --all=yes", "--all takes no value" },
		{ "me password --new-password x", "there is no option --new-password" },
		{ "login --password secret", "there is no option --password" },
	};
	struct harness *harness = *state;
	struct cli_args args;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(harness_parse(harness, cases[i].line, &args), CLI_USAGE);
		assert_holds(harness->talk, cases[i].said);
		assert_string_equal(harness->data, "");
	}
}

static void test_values_of_the_line_are_stripped(void **state)
{
	struct harness *harness = *state;
	struct cli_args args;

	assert_int_equal(harness_parse(harness, "batch \033[31mlist\007", &args), CLI_USAGE);
	assert_null(strchr(harness->talk, '\033'));
	assert_null(strchr(harness->talk, '\007'));
}

static void test_names_of_fields(void **state)
{
	struct harness *harness = *state;
	struct cli_args args;
	struct promo_arena *arena = harness->cli.arena;

	assert_int_equal(harness_parse(harness, "batch create B --total-codes 3", &args), CLI_DONE);
	assert_string_equal(cli_args_name(&args, "/total_codes", arena), "--total-codes");
	assert_string_equal(cli_args_name(&args, "/amount_per_code", arena), "--amount");
	assert_string_equal(cli_args_name(&args, "/batch_name", arena), "BATCH_NAME");
	assert_null(cli_args_name(&args, "/nothing", arena));
	assert_null(cli_args_name(&args, "", arena));
	assert_int_equal(harness_parse(harness, "user create --role a", &args), CLI_DONE);
	assert_string_equal(cli_args_name(&args, "/roles/0", arena), "--role");
	assert_int_equal(harness_parse(harness, "batch list", &args), CLI_DONE);
	assert_string_equal(cli_args_name(&args, "?limit", arena), "--limit");
}

static void test_exit_codes(void **state)
{
	struct harness *harness = *state;

	assert_int_equal(harness_run(harness, NULL, ""), CLI_USAGE);
	assert_string_equal(harness->data, "");
	assert_holds(harness->talk, "promo NOUN VERB");
	assert_int_equal(harness_run(harness, NULL, "--help"), CLI_DONE);
	assert_string_equal(harness->talk, "");
	assert_int_equal(harness_run(harness, NULL, "batch"), CLI_USAGE);
	assert_int_equal(harness_run(harness, NULL, "batch --help"), CLI_DONE);
	assert_holds(harness->data, "List batches");
	assert_int_equal(harness_run(harness, NULL, "--version"), CLI_DONE);
	assert_holds(harness->data, "promo ");
	assert_int_equal(harness_run(harness, NULL, "batch list"), CLI_NOT_SIGNED_IN);
	assert_int_equal(harness_run(harness, NULL, "server version"), CLI_USAGE);
	assert_int_equal(harness_run(harness, NULL, "--server nonsense server version"), CLI_USAGE);
	assert_holds(harness->talk, "'nonsense' is no address of a server");
	assert_int_equal(
		harness_run(harness, NULL, "--server unix:/nonexistent/socket server version"),
		CLI_UNREACHABLE);
	assert_int_equal(harness_run(harness, NULL, "--profile ../x batch list"), CLI_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_spellings, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_many, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_program_options_anywhere, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_letters, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_switches, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_wrong_lines, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_values_of_the_line_are_stripped, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_names_of_fields, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_exit_codes, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
