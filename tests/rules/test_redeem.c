/* SPDX-License-Identifier: MIT */
/*
 * A code is paid if and only if it is active, its batch is active and neither has ended, over every
 * combination of the four; and the refusal is the first that applies in the order of the contract.
 */
#include "libpromo/rules/redeem.h"

#include "libpromo/base/error.h"
#include "tests/lib/test.h"

#define NOW INT64_C(1795348696123)

static const int64_t ends[] = { 0, NOW - 1, NOW, NOW + 1 };

/* Of every refusal whether it applies, on its own; in the order of the contract. */
static int first_that_applies(
	const struct promo_code_facts *code, const struct promo_batch_facts *batch)
{
	bool ended = (code->expires_at && code->expires_at <= NOW) ||
		     (batch->expires_at && batch->expires_at <= NOW);
	const struct {
		int error;
		bool applies;
	} refusals[] = {
		{ PROMO_E_CODE_REPORTED, code->own_status == PROMO_CODE_REPORTED },
		{ PROMO_E_CODE_ALREADY_REDEEMED, code->own_status == PROMO_CODE_REDEEMED },
		{ PROMO_E_CODE_BLOCKED, code->own_status == PROMO_CODE_BLOCKED },
		{ PROMO_E_BATCH_NOT_ACTIVE, batch->status == PROMO_BATCH_BLOCKED ||
						    batch->status == PROMO_BATCH_ARCHIVED ||
						    batch->status == PROMO_BATCH_GENERATING },
		{ PROMO_E_CODE_EXPIRED, ended || batch->status == PROMO_BATCH_EXPIRED },
	};

	for (size_t i = 0; i < PROMO_COUNT(refusals); i++)
		if (refusals[i].applies)
			return refusals[i].error;
	return 0;
}

static void test_every_combination(void **state)
{
	static const enum promo_code_status owns[] = { PROMO_CODE_ACTIVE, PROMO_CODE_REDEEMED,
		PROMO_CODE_REPORTED, PROMO_CODE_BLOCKED };
	int paid = 0;

	(void)state;
	for (size_t o = 0; o < PROMO_COUNT(owns); o++)
		for (int s = PROMO_BATCH_GENERATING; s <= PROMO_BATCH_ARCHIVED; s++)
			for (size_t c = 0; c < PROMO_COUNT(ends); c++)
				for (size_t b = 0; b < PROMO_COUNT(ends); b++) {
					struct promo_code_facts code = { owns[o], ends[c] };
					struct promo_batch_facts batch = {
						(enum promo_batch_status)s, ends[b]
					};
					int r = promo_rule_redeem(&code, &batch, NOW);

					assert_int_equal(r, first_that_applies(&code, &batch));
					paid += r == 0;
					/* What may be redeemed is shown as active, and only that. */
					if (r == 0)
						assert_int_equal(promo_code_effective_status(
									 &code, &batch, NOW),
							PROMO_CODE_ACTIVE);
				}
	/* Both ends open or in the future, in an active batch: 2 times 2. */
	assert_int_equal(paid, 4);
}

static void test_a_status_that_is_none_is_not_paid(void **state)
{
	static const int strange[] = { 0, -1, PROMO_CODE_EXPIRED, 42 };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(strange); i++) {
		struct promo_code_facts code = { (enum promo_code_status)strange[i], 0 };
		struct promo_batch_facts batch = { PROMO_BATCH_ACTIVE, 0 };

		assert_int_not_equal(promo_rule_redeem(&code, &batch, NOW), 0);
		assert_int_not_equal(promo_rule_report(&code), 0);
		code.own_status = PROMO_CODE_ACTIVE;
		batch.status = (enum promo_batch_status)(strange[i] + 100);
		assert_int_equal(promo_rule_redeem(&code, &batch, NOW), PROMO_E_BATCH_NOT_ACTIVE);
	}
}

static void test_reports(void **state)
{
	static const struct {
		enum promo_code_status own_status;
		int result;
	} cases[] = {
		{ PROMO_CODE_ACTIVE, PROMO_E_CODE_NOT_REDEEMED },
		{ PROMO_CODE_BLOCKED, PROMO_E_CODE_NOT_REDEEMED },
		{ PROMO_CODE_REDEEMED, 0 },
		{ PROMO_CODE_REPORTED, PROMO_E_CODE_ALREADY_REPORTED },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_code_facts code = { cases[i].own_status, NOW - 1 };

		assert_int_equal(promo_rule_report(&code), cases[i].result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_combination),
		cmocka_unit_test(test_a_status_that_is_none_is_not_paid),
		cmocka_unit_test(test_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
