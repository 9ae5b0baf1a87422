/* SPDX-License-Identifier: MIT */
/*
 * The effective status of a code over every combination of its own status, its batch's status and
 * both ends before, at and after now; and exactly the transitions that the design allows.
 */
#include "libpromo/rules/code_status.h"

#include "tests/lib/test.h"

#define NOW INT64_C(1795348696123)

static const int64_t ends[] = { 0, NOW - 1, NOW, NOW + 1 };

static bool over(int64_t end)
{
	return end == NOW - 1 || end == NOW;
}

static void test_every_combination(void **state)
{
	int seen[PROMO_CODE_BLOCKED + 1] = { 0 };

	(void)state;
	for (int own = PROMO_CODE_ACTIVE; own <= PROMO_CODE_BLOCKED; own++) {
		if (own == PROMO_CODE_EXPIRED)
			continue;
		for (int status = PROMO_BATCH_GENERATING; status <= PROMO_BATCH_ARCHIVED; status++)
			for (size_t c = 0; c < PROMO_COUNT(ends); c++)
				for (size_t b = 0; b < PROMO_COUNT(ends); b++) {
					struct promo_code_facts code = {
						(enum promo_code_status)own, ends[c]
					};
					struct promo_batch_facts batch = {
						(enum promo_batch_status)status, ends[b]
					};
					int expected = own;

					if (own == PROMO_CODE_ACTIVE) {
						if (over(ends[c]) || over(ends[b]) ||
							status == PROMO_BATCH_EXPIRED)
							expected = PROMO_CODE_EXPIRED;
						if (status == PROMO_BATCH_BLOCKED ||
							status == PROMO_BATCH_ARCHIVED)
							expected = PROMO_CODE_BLOCKED;
					}
					assert_int_equal(
						promo_code_effective_status(&code, &batch, NOW),
						expected);
					seen[expected]++;
				}
	}
	for (int i = PROMO_CODE_ACTIVE; i <= PROMO_CODE_BLOCKED; i++)
		assert_true(seen[i] > 0);
}

static void test_a_batch_expires_by_the_clock_alone(void **state)
{
	(void)state;
	for (int status = PROMO_BATCH_GENERATING; status <= PROMO_BATCH_ARCHIVED; status++)
		for (size_t b = 0; b < PROMO_COUNT(ends); b++) {
			struct promo_batch_facts batch = { (enum promo_batch_status)status,
				ends[b] };
			int expected = status == PROMO_BATCH_ACTIVE && over(ends[b])
					       ? PROMO_BATCH_EXPIRED
					       : status;

			assert_int_equal(promo_batch_effective_status(&batch, NOW), expected);
		}
}

static void test_the_earlier_end_counts(void **state)
{
	static const struct {
		int64_t code, batch, end;
	} cases[] = {
		{ 0, 0, 0 },
		{ 5, 0, 5 },
		{ 0, 7, 7 },
		{ 5, 7, 5 },
		{ 7, 5, 5 },
		{ 7, 7, 7 },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_code_facts code = { PROMO_CODE_ACTIVE, cases[i].code };
		struct promo_batch_facts batch = { PROMO_BATCH_ACTIVE, cases[i].batch };

		assert_int_equal(promo_code_effective_end(&code, &batch), cases[i].end);
	}
}

static void test_transitions(void **state)
{
	static const bool allowed[PROMO_CODE_BLOCKED + 1][PROMO_CODE_BLOCKED + 1] = {
		[PROMO_CODE_ACTIVE][PROMO_CODE_BLOCKED] = true,
		[PROMO_CODE_ACTIVE][PROMO_CODE_REDEEMED] = true,
		[PROMO_CODE_BLOCKED][PROMO_CODE_ACTIVE] = true,
		[PROMO_CODE_REDEEMED][PROMO_CODE_REPORTED] = true,
		[PROMO_CODE_REPORTED][PROMO_CODE_REDEEMED] = true,
	};

	(void)state;
	for (int from = 0; from <= PROMO_CODE_BLOCKED; from++)
		for (int to = 0; to <= PROMO_CODE_BLOCKED; to++)
			if (promo_code_may_become((enum promo_code_status)from,
				    (enum promo_code_status)to) != allowed[from][to])
				fail_msg("from %d to %d", from, to);
}

/* From every stored status, with the end to come, here, and gone, to every other. */
static void test_what_a_batch_may_become(void **state)
{
	static const bool allowed[PROMO_BATCH_ARCHIVED + 1][PROMO_BATCH_ARCHIVED + 1] = {
		[PROMO_BATCH_ACTIVE][PROMO_BATCH_EXPIRED] = true,
		[PROMO_BATCH_ACTIVE][PROMO_BATCH_BLOCKED] = true,
		[PROMO_BATCH_ACTIVE][PROMO_BATCH_ARCHIVED] = true,
		[PROMO_BATCH_EXPIRED][PROMO_BATCH_ACTIVE] = true,
		[PROMO_BATCH_EXPIRED][PROMO_BATCH_BLOCKED] = true,
		[PROMO_BATCH_EXPIRED][PROMO_BATCH_ARCHIVED] = true,
		[PROMO_BATCH_BLOCKED][PROMO_BATCH_ACTIVE] = true,
		[PROMO_BATCH_BLOCKED][PROMO_BATCH_EXPIRED] = true,
		[PROMO_BATCH_BLOCKED][PROMO_BATCH_ARCHIVED] = true,
		[PROMO_BATCH_ARCHIVED][PROMO_BATCH_ACTIVE] = true,
	};

	(void)state;
	for (int status = PROMO_BATCH_GENERATING; status <= PROMO_BATCH_ARCHIVED; status++)
		for (int to = PROMO_BATCH_GENERATING; to <= PROMO_BATCH_ARCHIVED; to++)
			for (size_t b = 0; b < PROMO_COUNT(ends); b++) {
				struct promo_batch_facts batch = { (enum promo_batch_status)status,
					ends[b] };
				int from = status == PROMO_BATCH_ACTIVE && over(ends[b])
						   ? PROMO_BATCH_EXPIRED
						   : status;
				bool expected = allowed[from][to];

				if (from == PROMO_BATCH_EXPIRED && to == PROMO_BATCH_ACTIVE &&
					over(ends[b]))
					expected = false;
				assert_int_equal(promo_batch_may_become(
							 &batch, (enum promo_batch_status)to, NOW),
					expected);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_combination),
		cmocka_unit_test(test_a_batch_expires_by_the_clock_alone),
		cmocka_unit_test(test_the_earlier_end_counts),
		cmocka_unit_test(test_transitions),
		cmocka_unit_test(test_what_a_batch_may_become),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
