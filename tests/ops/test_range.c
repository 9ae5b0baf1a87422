/* SPDX-License-Identifier: MIT */
/* One range of bytes is read as RFC 9110 says it, to the edges of the file; all else means the whole. */
#include <inttypes.h>

#include "libpromo/ops/range.h"
#include "tests/lib/test.h"

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		enum promo_range_kind kind;
		int64_t first, last;
	} cases[] = {
		{ NULL, PROMO_RANGE_WHOLE, 0, 99 },
		{ "bytes=0-", PROMO_RANGE_PART, 0, 99 },
		{ "bytes=99-", PROMO_RANGE_PART, 99, 99 },
		{ "Bytes=10-19", PROMO_RANGE_PART, 10, 19 },
		{ "bytes=10-1000", PROMO_RANGE_PART, 10, 99 },
		{ "bytes=10-99999999999999999999999", PROMO_RANGE_PART, 10, 99 },
		{ "bytes=-1", PROMO_RANGE_PART, 99, 99 },
		{ "bytes=-1000", PROMO_RANGE_PART, 0, 99 },
		{ "bytes=100-", PROMO_RANGE_BEYOND, 0, 0 },
		{ "bytes=99999999999999999999999-", PROMO_RANGE_BEYOND, 0, 0 },
		{ "bytes=-0", PROMO_RANGE_BEYOND, 0, 0 },
		{ "bytes=20-10", PROMO_RANGE_WHOLE, 0, 99 },
		{ "bytes=0-1,5-6", PROMO_RANGE_WHOLE, 0, 99 },
		{ "bytes=", PROMO_RANGE_WHOLE, 0, 99 },
		{ "bytes=-", PROMO_RANGE_WHOLE, 0, 99 },
		{ "bytes=1", PROMO_RANGE_WHOLE, 0, 99 },
		{ "bytes=+1-2", PROMO_RANGE_WHOLE, 0, 99 },
		{ "bytes=1-2 ", PROMO_RANGE_WHOLE, 0, 99 },
		{ "rows=1-2", PROMO_RANGE_WHOLE, 0, 99 },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_range range = promo_range_parse(cases[i].text, 100);

		assert_int_equal(range.kind, cases[i].kind);
		if (range.kind == PROMO_RANGE_BEYOND)
			continue;
		assert_int_equal(range.first, cases[i].first);
		assert_int_equal(range.last, cases[i].last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests_name("ops/range", tests, NULL, NULL);
}
