/* SPDX-License-Identifier: MIT */
/* Sheets come out in the order in which they went in, each with its own QR codes, whoever encoded them:
 * the thread, or the caller who would have had to wait; and one that is not taken out holds nothing up at the
 * end. */
#include <stdio.h>
#include <string.h>

#include "libpromo/ops/print/ahead.h"
#include "libpromo/ops/print/qr.h"
#include "tests/lib/test.h"

enum {
	SHEETS = 400
};

static void fill(struct promo_sheet *sheet, int number)
{
	sheet->number = number;
	sheet->count = 1 + number % PROMO_SHEET_SLOTS;
	for (int i = 0; i < sheet->count; i++) {
		sheet->vouchers[i].slot = i;
		(void)snprintf(sheet->vouchers[i].code, sizeof(sheet->vouchers[i].code),
			number % 5 ? "%04d-%04d" : "%04d0000000000000000%04d", number, i);
	}
}

static void assert_sheet(const struct promo_sheet *sheet, int number)
{
	struct promo_sheet expected = { .number = 0 };

	fill(&expected, number);
	assert_int_equal(promo_qr_encode(&expected), 0);
	assert_int_equal(sheet->number, number);
	assert_int_equal(sheet->count, expected.count);
	assert_memory_equal(sheet->mask, expected.mask, sizeof(expected.mask));
}

/* Takes out what is ready, or one in any case. */
static int take(struct promo_ahead *ahead, bool wait, int number)
{
	const struct promo_sheet *sheet;

	assert_int_equal(promo_ahead_oldest(ahead, wait, &sheet), 0);
	if (!sheet)
		return 0;
	assert_sheet(sheet, number);
	promo_ahead_drop(ahead);
	return 1;
}

static void test_in_order(void **state)
{
	struct promo_ahead *ahead;
	int taken = 0;

	(void)state;
	assert_int_equal(promo_ahead_new(&ahead), 0);
	assert_int_equal(take(ahead, true, 0), 0);
	for (int number = 0; number < SHEETS; number++) {
		struct promo_sheet *sheet = promo_ahead_room(ahead);

		if (!sheet) {
			taken += take(ahead, true, taken);
			sheet = promo_ahead_room(ahead);
		}
		assert_non_null(sheet);
		assert_int_equal(sheet->count, 0);
		fill(sheet, number);
		promo_ahead_push(ahead);
		if (number % 3 == 0)
			taken += take(ahead, false, taken);
	}
	while (taken < SHEETS)
		taken += take(ahead, true, taken);
	assert_int_equal(take(ahead, true, taken), 0);
	promo_ahead_free(ahead);
}

static void test_left_in_the_middle(void **state)
{
	(void)state;
	for (int left = 0; left < 40; left++) {
		struct promo_ahead *ahead;
		struct promo_sheet *sheet;

		assert_int_equal(promo_ahead_new(&ahead), 0);
		for (int number = 0; number < left && (sheet = promo_ahead_room(ahead)); number++) {
			fill(sheet, number);
			promo_ahead_push(ahead);
		}
		promo_ahead_free(ahead);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_left_in_the_middle),
	};

	return cmocka_run_group_tests_name("ops/print/ahead", tests, NULL, NULL);
}
