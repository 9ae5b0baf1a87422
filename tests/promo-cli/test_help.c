/* SPDX-License-Identifier: MIT */
/* Proves that the help of every command names its required fields, its permissions and an example
 * that the program itself understands. */
#include "promo-cli/help.h"

#include <string.h>

#include "harness.h"
#include "promo-cli/exits.h"

static const char *help_of(struct harness *harness, const struct cli_cmd *cmd)
{
	harness_begin_output(harness);
	cli_help_command(&harness->cli.out, cmd, harness->cli.arena);
	harness_end_output(harness);
	return harness->data;
}

static void assert_help(struct harness *harness, const struct cli_cmd *cmd)
{
	const char *help = help_of(harness, cmd);
	struct cli_options options;
	const struct promo_op *op = cmd->op;

	cli_options_of(cmd, harness->cli.arena, &options);
	assert_true(strncmp(help, cli_cmd_summary(cmd), strcspn(cli_cmd_summary(cmd), " ")) == 0);
	for (size_t i = 0; i < options.count; i++)
		assert_holds(help, options.items[i].name);
	for (size_t i = 0; op && op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		const struct cli_option *option = cli_option_of_field(&options, field);

		if (field->flags & PROMO_REQUIRED && option)
			assert_true(option->required);
	}
	for (size_t i = 0; op && i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++)
		assert_holds(help, promo_permission_key(op->required[i].permission));
}

static void test_every_operation(void **state)
{
	struct harness *harness = *state;
	struct cli_cmd cmd;

	for (size_t i = 0; promo_ops[i]; i++) {
		cli_cmd_of_op(promo_ops[i], harness->cli.arena, &cmd);
		assert_help(harness, &cmd);
	}
}

/* The line up to what the shell would take: a pipe, a redirection, quotes. */
static char *arguments_of(struct harness *harness, const char *line, size_t length)
{
	char *text = promo_arena_strndup(harness->cli.arena, line, length);
	char *promo = strstr(text, "promo ");

	assert_non_null(promo);
	promo += strlen("promo ");
	promo[strcspn(promo, "|<>'")] = '\0';
	return promo;
}

static void assert_examples(struct harness *harness, const struct cli_cmd *cmd)
{
	struct cli_options options;
	const char *examples;

	cli_options_of(cmd, harness->cli.arena, &options);
	examples = cli_examples(cmd, &options, harness->cli.arena);
	assert_true(*examples);
	while (*examples) {
		size_t length = strcspn(examples, "\n");
		bool quoted = memchr(examples, '\'', length);
		char *arguments = arguments_of(harness, examples, length);
		struct cli_args args;

		examples += length + (examples[length] != '\0');
		if (quoted)
			continue;
		if (harness_parse(harness, arguments, &args) != CLI_DONE)
			fail_msg("the example 'promo %s' is not understood: %s", arguments,
				harness->talk);
		assert_ptr_equal(args.cmd.op, cmd->op);
	}
}

static void test_examples_are_understood(void **state)
{
	struct harness *harness = *state;
	struct cli_cmd cmd;

	for (size_t i = 0; promo_ops[i]; i++)
		if (cli_op_has_command(promo_ops[i])) {
			cli_cmd_of_op(promo_ops[i], harness->cli.arena, &cmd);
			assert_examples(harness, &cmd);
		}
	for (size_t i = 0; cli_cmds[i]; i++)
		assert_examples(harness, cli_cmds[i]);
}

static void test_batch_create(void **state)
{
	struct harness *harness = *state;

	assert_int_equal(harness_run(harness, NULL, "batch create --help"), CLI_DONE);
	assert_holds(harness->data, "promo batch create BATCH_NAME --codes N --amount AMOUNT "
				    "--expires DATE [options]\n");
	assert_holds(harness->data, "--codes N                 (required) codes to generate");
	assert_holds(harness->data, "also --total-codes");
	assert_holds(harness->data, "  batches.create; promo-codes.generate with --codes; "
				    "batches.assign with --assign-to\n");
	assert_true(strstr(harness->data, "Examples") < strstr(harness->data, "Options"));
}

static void test_no_line_is_too_long_or_ends_in_a_blank(void **state)
{
	struct harness *harness = *state;
	struct cli_cmd cmd;

	for (size_t i = 0; promo_ops[i]; i++) {
		const char *help;

		cli_cmd_of_op(promo_ops[i], harness->cli.arena, &cmd);
		help = help_of(harness, &cmd);
		assert_lacks(help, " \n");
		for (const char *usage = strstr(help, "\nArguments"); usage && *usage;) {
			size_t length = strcspn(usage, "\n");

			assert_true(length <= 100);
			usage += length + (usage[length] != '\0');
		}
	}
}

static void test_other_ways_to_ask(void **state)
{
	struct harness *harness = *state;
	char *help;

	assert_int_equal(harness_run(harness, NULL, "redeem -h"), CLI_DONE);
	help = promo_arena_strdup(harness->cli.arena, harness->data);
	assert_int_equal(harness_run(harness, NULL, "help redeem"), CLI_DONE);
	assert_string_equal(harness->data, help);
	assert_int_equal(harness_run(harness, NULL, "help nothing"), CLI_USAGE);
	assert_int_equal(harness_run(harness, NULL, "help batch nothing"), CLI_USAGE);
	assert_int_equal(harness_run(harness, NULL, "help batch"), CLI_DONE);
	assert_holds(harness->data, "promo batch VERB");
}

/* Whatever a refusal makes the program end with is explained, once. */
static void test_exit_codes(void **context)
{
	(void)context;
	for (int error = 1; error < PROMO_E_COUNT; error++) {
		const int code = promo_error_info(error)->exit_code;
		int found = 0;

		for (const struct cli_exit_text *row = cli_exit_texts; row->text; row++)
			found += row->code == code;
		assert_int_equal(found, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_every_operation, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_examples_are_understood, harness_setup, harness_teardown),
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test_setup_teardown(test_batch_create, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_no_line_is_too_long_or_ends_in_a_blank,
			harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_other_ways_to_ask, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
