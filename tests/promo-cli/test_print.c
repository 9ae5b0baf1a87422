/* SPDX-License-Identifier: MIT */
/* Proves that objects are shown for people on a terminal and as names and values elsewhere, and how
 * progress reads. */
#include "promo-cli/print.h"

#include <string.h>

#include "harness.h"
#include "libpromo/base/utf8.h"
#include "libpromo/model/batch.h"
#include "libpromo/model/code.h"
#include "promo-cli/wait.h"

static const struct promo_ref jean = { "01a2b3c4-0000-7000-8000-000000000001", "Jean" };

static const struct promo_batch batch = {
	.id = "01a2b3c4-0000-7000-8000-00000000000a",
	.batch_name = "BATCH_SUMMER",
	.total_codes = 100034,
	.amount_per_code = 50000,
	.currency = "RWF",
	.expiration_date = "2027-06-30",
	.assigned_user = &jean,
	.status = PROMO_BATCH_ACTIVE,
	.redeemed_amount = PROMO_NULL_INT,
};

static void test_object(void **state)
{
	struct harness *harness = *state;

	harness_begin_output(harness);
	cli_print_object(&harness->cli.out, &promo_batch_schema, &batch, harness->cli.arena);
	harness_end_output(harness);
	assert_holds(harness->data, "total_codes\t100034\n");
	assert_holds(harness->data, "amount_per_code\t500.00\ncurrency\tRWF\n");
	assert_holds(harness->data, "assigned_user.name\tJean\n");
	assert_holds(harness->data, "job_id\t\n");
	harness_begin_output(harness);
	harness->cli.out.data_terminal = true;
	cli_print_object(&harness->cli.out, &promo_batch_schema, &batch, harness->cli.arena);
	harness_end_output(harness);
	assert_holds(harness->data, "amount_per_code         500 RWF\n");
	assert_holds(harness->data, "assigned_user           Jean\n");
	assert_lacks(harness->data, "job_id");
}

/* Programs compute with amounts, so nothing stands between their digits; people read them. */
static void test_amounts(void **state)
{
	static const struct promo_sum sums[] = { { "RWF", 123456789 }, { "USD", 300 } };
	const struct promo_customer customer = { .redeemed_amount = { sums, 2 } };
	struct promo_batch large = batch;
	struct harness *harness = *state;

	large.amount_per_code = 123456789;
	harness_begin_output(harness);
	cli_print_object(&harness->cli.out, &promo_batch_schema, &large, harness->cli.arena);
	cli_print_object(&harness->cli.out, &promo_customer_schema, &customer, harness->cli.arena);
	harness_end_output(harness);
	assert_holds(harness->data, "amount_per_code\t1234567.89\n");
	assert_holds(harness->data, "redeemed_amount\t1234567.89 RWF, 3.00 USD\n");
	harness_begin_output(harness);
	harness->cli.out.data_terminal = true;
	cli_print_object(&harness->cli.out, &promo_batch_schema, &large, harness->cli.arena);
	cli_print_object(&harness->cli.out, &promo_customer_schema, &customer, harness->cli.arena);
	harness_end_output(harness);
	assert_holds(harness->data, " 1,234,567.89 RWF\n");
	assert_holds(harness->data, " 1,234,567.89 RWF, 3 USD\n");
}

static void test_progress(void **state)
{
	struct promo_job job = { .kind = PROMO_JOB_GENERATE,
		.status = PROMO_JOB_RUNNING,
		.done = 45000,
		.total = 100000,
		.rate = 52000,
		.eta_seconds = 61 };
	struct harness *harness = *state;

	assert_string_equal(cli_progress(&harness->cli.out, &job, harness->cli.arena),
		"45,000 of 100,000 codes generated, 52,000/s, 1:01 left");
	harness->cli.out.talk_terminal = true;
	harness->cli.out.utf8 = false;
	assert_string_equal(cli_progress(&harness->cli.out, &job, harness->cli.arena),
		"[##########--------------] 45,000 of 100,000 codes generated, 52,000/s, 1:01 "
		"left");
	job = (struct promo_job){ .kind = PROMO_JOB_GENERATE,
		.status = PROMO_JOB_SUCCEEDED,
		.done = 5,
		.total = 5,
		.rate = PROMO_NULL_INT,
		.eta_seconds = PROMO_NULL_INT };
	assert_string_equal(cli_progress(&harness->cli.out, &job, harness->cli.arena),
		"[########################] 5 of 5 codes generated");
}

/* The bar takes the room that is left, and nothing ever wraps. */
static void test_progress_in_narrow_terminals(void **state)
{
	struct promo_job job = { .kind = PROMO_JOB_GENERATE,
		.status = PROMO_JOB_RUNNING,
		.done = 5000000,
		.total = 10000000,
		.rate = 128491,
		.eta_seconds = 39 };
	struct harness *harness = *state;
	struct cli_out *out = &harness->cli.out;
	const char *text;

	out->talk_terminal = true;
	for (out->talk_columns = 40; out->talk_columns < 130; out->talk_columns++) {
		text = cli_progress(out, &job, harness->cli.arena);
		assert_true(promo_utf8_width(text) < out->talk_columns);
		assert_holds(text, "5,000,000 of 10,000,000");
	}
	assert_holds(text, "[███████████░░░░░░░░░░░░░] 5,000,000");
	out->talk_columns = 80;
	assert_holds(cli_progress(out, &job, harness->cli.arena), "█░");
	out->talk_columns = 40;
	assert_lacks(cli_progress(out, &job, harness->cli.arena), "[");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_object, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_amounts, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(test_progress, harness_setup, harness_teardown),
		cmocka_unit_test_setup_teardown(
			test_progress_in_narrow_terminals, harness_setup, harness_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
