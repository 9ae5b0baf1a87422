/* SPDX-License-Identifier: MIT */
/* A case goes on only as the rule says, over every pair of statuses. */
#include "libpromo/rules/fraud.h"

#include "tests/lib/test.h"

static void test_every_pair(void **state)
{
	/* From pending, investigating, resolved, rejected, to the same in this order. */
	static const bool allowed[4][4] = {
		{ false, true, true, true },
		{ false, false, true, true },
		{ false, true, false, true },
		{ false, false, false, false },
	};

	(void)state;
	for (int from = 0; from < 4; from++)
		for (int to = 0; to < 4; to++)
			assert_int_equal(promo_fraud_may_become((enum promo_fraud_status)(from + 1),
						 (enum promo_fraud_status)(to + 1)),
				allowed[from][to]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_pair) };

	return cmocka_run_group_tests_name("rules/fraud", tests, NULL, NULL);
}
