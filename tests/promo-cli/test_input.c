/* SPDX-License-Identifier: MIT */
/* Proves that what is typed becomes the operation's input: every bad value named at once by its
 * option, codes and secrets from standard input, empty values as null, names left for later. */
#include "promo-cli/args.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_user.h"

static int input(struct harness *harness, const char *stdin_text, const char *line, void **ret)
{
	struct cli_args args;
	int code = harness_parse(harness, line, &args);

	if (code)
		return code;
	harness_give_input(stdin_text);
	harness_begin_output(harness);
	code = cli_input(&harness->cli, &args, ret);
	harness_end_output(harness);
	return code;
}

static void test_batch(void **state)
{
	const struct promo_batch_create_in *in;
	void *any;

	assert_int_equal(input(*state, NULL,
				 "batch create SUMMER --codes 100000 --amount 500.5 "
				 "--expires 2027-06-30 --description=",
				 &any),
		CLI_DONE);
	in = any;
	assert_string_equal(in->batch_name, "SUMMER");
	assert_int_equal(in->total_codes, 100000);
	assert_int_equal(in->amount_per_code, 50050);
	assert_string_equal(in->expiration_date, "2027-06-30");
	assert_true(promo_given_null(promo_op_batch_create.in, in, "description"));
	assert_false(promo_present(promo_op_batch_create.in, in, "currency"));
}

static void test_every_bad_value_is_named(void **state)
{
	static const char *const amounts[] = { "1e3", "-5", "10.001", "NaN", "0", "1,5" };
	struct harness *harness = *state;
	void *any;

	for (size_t i = 0; i < PROMO_COUNT(amounts); i++) {
		const char *line = promo_arena_printf(harness->cli.arena,
			"batch create SUMMER --codes -1 --amount=%s --expires yesterday",
			amounts[i]);

		assert_int_equal(input(harness, NULL, line, &any), CLI_USAGE);
		assert_holds(harness->talk, "\n  --codes: ");
		assert_holds(harness->talk, "\n  --amount: ");
		assert_holds(harness->talk, "\n  --expires: ");
		assert_lacks(harness->talk, "is missing");
	}
	assert_int_equal(input(harness, NULL, "batch create --codes 3", &any), CLI_USAGE);
	assert_holds(harness->talk, "\n  BATCH_NAME: is missing");
	assert_holds(harness->talk, "\n  --amount: is missing");
	assert_lacks(harness->talk, "--codes: ");
	assert_holds(harness->talk, "promo batch create --help");
}

static void test_codes(void **state)
{
	const struct promo_code_verify_in *in;
	struct harness *harness = *state;
	void *any;

	assert_int_equal(input(harness, NULL, "verify a1u2-c325-5x09-6e21", &any), CLI_DONE);
	in = any;
	assert_string_equal(in->code, "A1U2C3255X096E21");
	assert_int_equal(
		input(harness, "A1U2 C325 5X09 6E21\r\nmore\n", "verify -", &any), CLI_DONE);
	in = any;
	assert_string_equal(in->code, "A1U2C3255X096E21");
	assert_int_equal(input(harness, "", "verify -", &any), CLI_USAGE);
	assert_int_equal(input(harness, NULL, "verify", &any), CLI_USAGE);
	assert_holds(harness->talk, "CODE is missing");
	assert_int_equal(input(harness, NULL, "verify A1U2-C325-5X09-6E2!", &any), CLI_USAGE);
	assert_holds(harness->talk, "CODE: Invalid code format. Please check and try again.");
	assert_int_equal(input(harness, "nonsense!\n", "verify -", &any), CLI_USAGE);
	assert_holds(harness->talk, "CODE: Invalid code format");
}

static void test_phones_go_as_typed(void **state)
{
	const struct promo_redemption_create_in *in;
	struct harness *harness = *state;
	void *any;

	assert_int_equal(
		input(harness, NULL, "redeem A1U2C3255X096E21 --phone 0788123456", &any), CLI_DONE);
	in = any;
	assert_string_equal(in->phone_number, "0788123456");
	assert_int_equal(input(harness, NULL, "redeem A1U2C3255X096E21", &any), CLI_USAGE);
	assert_holds(harness->talk, "--phone: is missing: the customer's phone number");
	assert_int_equal(
		input(harness, NULL, "redeem A1U2C3255X096E21 --phone-number=x", &any), CLI_USAGE);
	assert_holds(harness->talk, "--phone-number: ");
	assert_int_equal(
		input(harness, NULL, "redeem A1U2C3255X096E21 --phone \xff\x30", &any), CLI_USAGE);
}

static void test_secrets(void **state)
{
	const struct promo_me_password_in *in;
	struct harness *harness = *state;
	void *any;

	assert_int_equal(input(harness, "old one\nnew one\n",
				 "me password --current-password-stdin --new-password-stdin", &any),
		CLI_DONE);
	in = any;
	assert_string_equal(in->current_password, "old one");
	assert_string_equal(in->new_password, "new one");
	assert_int_equal(input(harness, "one line\n",
				 "me password --current-password-stdin --new-password-stdin", &any),
		CLI_USAGE);
	assert_int_equal(input(harness, "x\n", "me password", &any), CLI_USAGE);
	assert_holds(harness->talk, "use --current-password-stdin");
	assert_lacks(harness->talk, "old one");
	/* One that is not required is not asked for where nobody can answer. */
	assert_int_equal(
		input(harness, NULL, "user create --first-name A --last-name B", &any), CLI_DONE);
}

static void test_several_values(void **state)
{
	static const char *const lines[] = {
		"batch list --status active --status expired",
		"batch list --status active,expired",
	};
	const struct promo_batch_list_in *in;
	struct harness *harness = *state;
	void *any;

	for (size_t i = 0; i < PROMO_COUNT(lines); i++) {
		assert_int_equal(input(harness, NULL, lines[i], &any), CLI_DONE);
		in = any;
		assert_int_equal(in->status.count, 2);
		assert_string_equal(in->status.items[0], "active");
		assert_string_equal(in->status.items[1], "expired");
	}
	assert_int_equal(input(harness, NULL, "batch list --status nonsense", &any), CLI_USAGE);
	assert_holds(harness->talk, "\n  --status: ");
}

static void test_names_instead_of_ids(void **state)
{
	const struct promo_id_in *in;
	struct harness *harness = *state;
	void *any;

	assert_int_equal(input(harness, NULL, "batch show SUMMER", &any), CLI_DONE);
	in = any;
	assert_string_equal(in->id, "SUMMER");
	assert_int_equal(input(harness, NULL, "job show SUMMER", &any), CLI_USAGE);
	assert_holds(harness->talk, "\n  ID: ");
}

static void test_times_as_people_write_them(void **state)
{
	static const struct {
		const char *typed;
		int64_t at;
	} cases[] = {
		{ "2026-11-22", INT64_C(1795298400000) },
		{ "2026-11-22T13:31", INT64_C(1795347060000) },
		{ "2026-11-22T11:31:00Z", INT64_C(1795347060000) },
		{ "2026-11-22T13:31:00+02:00", INT64_C(1795347060000) },
	};
	const struct promo_redemption_list_in *in;
	struct harness *harness = *state;
	void *any;

	assert_int_equal(setenv("TZ", "CAT-2", 1), 0);
	tzset();
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const char *line = promo_arena_printf(
			harness->cli.arena, "redemption list --from=%s", cases[i].typed);

		assert_int_equal(input(harness, NULL, line, &any), CLI_DONE);
		in = any;
		assert_int_equal(in->from, cases[i].at);
	}
	assert_int_equal(
		input(harness, NULL, "redemption list --from 2026-02-30", &any), CLI_USAGE);
	assert_int_equal(input(harness, NULL, "redemption list --from yesterday", &any), CLI_USAGE);
	assert_holds(harness->talk, "\n  --from: ");
}

static void test_switches(void **state)
{
	const struct promo_user_update_in *in;
	struct harness *harness = *state;
	void *any;

	assert_int_equal(
		input(harness, NULL, "user update aline@example.com --is-active=false", &any),
		CLI_DONE);
	in = any;
	assert_false(in->is_active);
	assert_true(promo_present(&promo_user_update_in_schema, in, "is_active"));
	assert_int_equal(
		input(harness, NULL, "user update aline@example.com --is-active=maybe", &any),
		CLI_USAGE);
	assert_holds(harness->talk, "\n  --is-active: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_batch, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_every_bad_value_is_named, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_codes, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_phones_go_as_typed, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_secrets, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_several_values, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_names_instead_of_ids, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_times_as_people_write_them, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_switches, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
