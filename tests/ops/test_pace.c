/* SPDX-License-Identifier: MIT */
/* Who does bulk work beside idle lanes is never asked to rest; beside busy ones he is, the longer the busier
 * they are, but never for so long that he falls below his floor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/pace.h"

enum {
	ROWS = 500,
	FLOOR_US = ROWS * 50, /* 20,000 rows a second */
	LOOKS_US = 20 * 1000, /* after which lanes are looked at anew */
};

static void test_how_long(void **state)
{
	static const struct {
		int64_t rows, work_us, share, rest_us;
	} cases[] = {
		{ ROWS, 5000, 0, 0 },
		{ ROWS, 5000, 49, 0 },
		{ ROWS, 5000, 50, 750 },
		{ ROWS, 5000, 500, 7500 },
		{ ROWS, 5000, 1000, 15000 },
		{ ROWS, 8000, 1000, FLOOR_US - 8000 },
		{ ROWS, FLOOR_US, 1000, 0 },
		{ ROWS, 10 * FLOOR_US, 1000, 0 },
		{ 50000, 500000, 1000, 50000 },
		{ 0, 0, 1000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		assert_int_equal(
			promo_pacer_rest_us(cases[i].rows, cases[i].work_us, cases[i].share),
			cases[i].rest_us);
}

static void test_idle_lanes(void **state)
{
	struct promo_pacer pacer = { 0 }, alone = { 0 };
	struct promo_pace *pace;

	(void)state;
	assert_int_equal(promo_pace_new(&pace), 0);
	/* What was before he began is no matter. */
	promo_pace_add(pace, 1000 * 1000);
	promo_pacer_begin(&pacer, pace);
	promo_pacer_begin(&alone, NULL);
	promo_sleep_us(LOOKS_US);
	assert_false(promo_pacer_is_due(&pacer));
	assert_false(promo_pacer_is_due(&alone));
	assert_int_equal(pacer.share, 0);
	promo_pacer_rest(&alone, ROWS);
	promo_pace_add(NULL, 1);
	promo_pace_free(pace);
	promo_pace_free(NULL);
}

static void test_busy_lanes(void **state)
{
	struct promo_pacer pacer = { 0 };
	struct promo_pace *pace;
	int64_t begun_us;

	(void)state;
	assert_int_equal(promo_pace_new(&pace), 0);
	promo_pacer_begin(&pacer, pace);
	begun_us = promo_monotonic_us();
	promo_sleep_us(LOOKS_US);
	/* Two lanes count one by one, and no more than the whole of the time. */
	promo_pace_add(pace, INT64_C(1000) * 1000 * 1000);
	assert_true(promo_pacer_is_due(&pacer));
	assert_int_equal(pacer.share, 1000);
	assert_true(promo_monotonic_us() - begun_us >= LOOKS_US);
	/* It is still known when the next piece begins, and forgotten soon. */
	promo_pacer_begin(&pacer, pace);
	promo_sleep_us(LOOKS_US);
	assert_false(promo_pacer_is_due(&pacer));
	promo_pace_free(pace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_how_long),
		cmocka_unit_test(test_idle_lanes),
		cmocka_unit_test(test_busy_lanes),
	};

	return cmocka_run_group_tests_name("ops/pace", tests, NULL, NULL);
}
