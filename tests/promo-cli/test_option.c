/* SPDX-License-Identifier: MIT */
/* Proves over every operation that its input is reachable from the command line, each field once
 * and under one name, and that no secret is an option that takes a value. */
#include "promo-cli/option.h"

#include <string.h>

#include "harness.h"

static void assert_no_name_twice(const struct cli_cmd *cmd, const struct cli_options *options)
{
	for (size_t i = 0; i < options->count; i++) {
		const struct cli_option *option = &options->items[i];

		if (cli_option_named(options, option->name, strlen(option->name)) != option)
			fail_msg("promo %s: --%s stands for two things", cmd->name, option->name);
		if (option->other &&
			cli_option_named(options, option->other, strlen(option->other)) != option)
			fail_msg("promo %s: --%s stands for two things", cmd->name, option->other);
		if (option->letter && cli_option_letter(options, option->letter) != option)
			fail_msg("promo %s: -%c stands for two things", cmd->name, option->letter);
		assert_non_null(option->help);
		assert_null(strchr(option->name, '_'));
	}
}

static void assert_all_fields(const struct cli_cmd *cmd, const struct cli_options *options)
{
	for (size_t i = 0; cmd->op && cmd->op->in && !cmd->own_input && i < cmd->op->in->count;
		i++) {
		const struct promo_field *field = &cmd->op->in->fields[i];
		const struct cli_option *option = cli_option_of_field(options, field);
		bool is_word = false;

		for (size_t j = 0; j < options->word_count; j++)
			is_word = is_word || options->words[j] == field;
		/* What only other clients have a use for is no option. */
		if (field->flags & PROMO_ONLY_API) {
			assert_false(is_word || option);
			continue;
		}
		assert_true(is_word != (option != NULL));
		if (field->kind == PROMO_SECRET) {
			assert_non_null(option);
			assert_null(option->arg);
			assert_non_null(strstr(option->name, "-stdin"));
		}
	}
}

static void test_every_operation(void **state)
{
	struct harness *harness = *state;
	struct cli_options options;
	struct cli_cmd cmd;

	for (size_t i = 0; promo_ops[i]; i++) {
		cli_cmd_of_op(promo_ops[i], harness->cli.arena, &cmd);
		assert_non_null(cmd.run);
		cli_options_of(&cmd, harness->cli.arena, &options);
		assert_no_name_twice(&cmd, &options);
		assert_all_fields(&cmd, &options);
	}
}

static void test_every_command(void **state)
{
	struct harness *harness = *state;
	struct cli_options options;

	for (size_t i = 0; cli_cmds[i]; i++) {
		assert_non_null(cli_cmds[i]->run);
		assert_non_null(cli_cmd_summary(cli_cmds[i]));
		cli_options_of(cli_cmds[i], harness->cli.arena, &options);
		assert_no_name_twice(cli_cmds[i], &options);
		assert_all_fields(cli_cmds[i], &options);
	}
}

static bool calls(const struct cli_cmd *cmd, const struct promo_op *op)
{
	bool found = cmd->op == op;

	for (size_t i = 0; i < CLI_CMD_GOES_ON_MAX; i++)
		found = found || cmd->goes_on[i] == op;
	return found;
}

/* An operation without a command of its name is one that another command's row names. */
static void test_every_operation_has_a_command(void **state)
{
	struct harness *harness = *state;
	struct cli_cmd cmd;

	for (size_t i = 0; promo_ops[i]; i++) {
		char *noun = promo_arena_strdup(harness->cli.arena, promo_ops[i]->name);
		char *verb = strchr(noun, '.');
		bool found = false;

		assert_non_null(verb);
		*verb++ = '\0';
		if (cli_op_has_command(promo_ops[i])) {
			assert_true(cli_cmd_find(noun, verb, harness->cli.arena, &cmd));
			assert_ptr_equal(cmd.op, promo_ops[i]);
			continue;
		}
		for (size_t j = 0; cli_cmds[j]; j++)
			found = found || calls(cli_cmds[j], promo_ops[i]);
		if (!found)
			fail_msg("nothing on the command line calls %s", promo_ops[i]->name);
	}
}

static void test_long_spelling_runs_the_same(void **state)
{
	struct harness *harness = *state;
	struct cli_cmd redeem, create;

	assert_true(cli_cmd_find("redeem", NULL, harness->cli.arena, &redeem));
	assert_true(cli_cmd_find("redemption", "create", harness->cli.arena, &create));
	assert_true(redeem.run == create.run);
	assert_string_equal(create.name, "redemption create");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_every_operation, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_every_command, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_every_operation_has_a_command, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_long_spelling_runs_the_same, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
