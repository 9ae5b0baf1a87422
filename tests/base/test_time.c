/* SPDX-License-Identifier: MIT */
/*
 * Times and dates go round between text and number for all years that text can say, every day of
 * the calendar follows the one before, and what RFC 3339 does not allow is refused.
 */
#include "libpromo/base/time.h"

#include "libpromo/base/error.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

#define UNCHANGED INT64_C(-42)

static void test_every_day_follows_the_one_before(void **state)
{
	struct promo_civil last = { -1, 12, 31 };

	(void)state;
	/* 0000-01-01 to 9999-12-31, counted by hand from the last day before. */
	for (int64_t day = -719528; day <= 2932896; day++) {
		struct promo_civil next = last, now = promo_civil_from_days(day);

		next.day++;
		if (!promo_civil_valid(next))
			next = (struct promo_civil){ last.year, last.month + 1, 1 };
		if (!promo_civil_valid(next))
			next = (struct promo_civil){ last.year + 1, 1, 1 };
		assert_true(
			now.year == next.year && now.month == next.month && now.day == next.day);
		assert_int_equal(promo_days_from_civil(now), day);
		last = now;
	}
	assert_int_equal(last.year, 9999);
	assert_int_equal(promo_days_from_civil((struct promo_civil){ 1970, 1, 1 }), 0);
}

static void test_dates_are_strict(void **state)
{
	static const char *const good[] = { "2026-11-22", "2024-02-29", "2000-02-29", "0000-02-29",
		"1900-02-28", "9999-12-31" };
	static const char *const bad[] = { "", "2026", "2026-11", "2026-11-2", "2026-11-222",
		"2026-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-13-10", "2026-10-00",
		"2026-10-32", "2026/11/22", "26-11-22", " 2026-11-22", "2026-11-22 ", "+026-11-22",
		"2026-1-022", "2026-11-22T00:00:00Z", "-001-01-01" };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(good); i++) {
		char text[PROMO_DATE_SIZE];
		int64_t days;

		assert_int_equal(promo_date_parse(good[i], &days), 0);
		promo_date_format(days, text);
		assert_string_equal(text, good[i]);
	}
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		int64_t days = UNCHANGED;

		if (promo_date_valid(bad[i]))
			fail_msg("\"%s\" was taken for a date", bad[i]);
		assert_int_equal(promo_date_parse(bad[i], &days), PROMO_E_INVALID_INPUT);
		assert_int_equal(days, UNCHANGED);
	}
}

static void test_times_go_round(void **state)
{
	struct seeded seeded = { 3 };
	int64_t least, most;

	(void)state;
	assert_int_equal(promo_time_parse("0000-01-01T00:00:00Z", &least), 0);
	assert_int_equal(promo_time_parse("9999-12-31T23:59:59.999Z", &most), 0);
	for (int i = 0; i < 100000; i++) {
		int64_t ms = least + (int64_t)seeded_below(&seeded, (uint64_t)(most - least) + 1);
		char text[PROMO_TIME_SIZE];
		int64_t again;

		promo_time_format(ms, text);
		assert_int_equal(promo_time_parse(text, &again), 0);
		assert_int_equal(again, ms);
		assert_int_equal(promo_time_parse_iso(text, &again), 0);
		assert_int_equal(again, ms);
	}
}

static void test_times_outside_show_as_the_nearer_end(void **state)
{
	char text[PROMO_TIME_SIZE];

	(void)state;
	promo_time_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
	promo_time_format(INT64_MIN, text);
	assert_string_equal(text, "0000-01-01T00:00:00.000Z");
	promo_date_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31");
}

/* Everything strict is also ISO. */
static const struct {
	const char *text;
	int64_t ms;
} strict[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1970-01-01T00:00:00.001Z", 1 },
	{ "1969-12-31T23:59:59.999Z", -1 },
	{ "1970-01-01t00:00:01z", 1000 },
	{ "1970-01-01T02:00:00+02:00", 0 },
	{ "1969-12-31T18:30:00-05:30", 0 },
	{ "1970-01-01T00:00:00.1Z", 100 },
	{ "1970-01-01T00:00:00.12Z", 120 },
	{ "1970-01-01T00:00:00.123999999Z", 123 },
	{ "2026-11-22T11:58:16.123Z", INT64_C(1795348696123) },
	{ "2026-11-22T13:58:16.123+02:00", INT64_C(1795348696123) },
	{ "2024-02-29T23:59:59Z", INT64_C(1709251199000) },
};
static const struct {
	const char *text;
	int64_t ms;
} only_iso[] = {
	{ "1970-01-01 00:00:00+00", 0 },
	{ "2026-11-22 11:58:16.123456+00", INT64_C(1795348696123) },
	{ "2026-11-22 13:58:16.123456+02", INT64_C(1795348696123) },
	{ "2026-11-22 13:58:16.123+02:00", INT64_C(1795348696123) },
	{ "2026-11-22 13:58:16.123+0200", INT64_C(1795348696123) },
	{ "2026-11-22 17:28:16.123+05:30", INT64_C(1795348696123) },
	{ "2026-11-22T11:58:16.123", INT64_C(1795348696123) },
	{ "2026-11-22 11:58:16.123Z", INT64_C(1795348696123) },
};
static const char *const never[] = {
	"",
	"2026-11-22",
	"2026-11-22T",
	"2026-11-22T11:58Z",
	"2026-11-22T11:58:16.Z",
	"2026-11-22T11:58:16.1234567890Z",
	"2026-11-22T24:00:00Z",
	"2026-11-22T11:60:00Z",
	"2026-12-31T23:59:60Z",
	"2026-02-29T11:58:16Z",
	"2026-11-22T11:58:16ZZ",
	"2026-11-22T11:58:16Z ",
	"2026-11-22  11:58:16Z",
	"2026-11-22_11:58:16Z",
	"2026-11-22T11:58:16+24:00",
	"2026-11-22T11:58:16+02:60",
	"2026-11-22T11:58:16+2:00",
	"2026-11-22T11:58:16+02:0",
	"2026-11-22T11:58:16 +02:00",
	"2026-11-22T11.58.16Z",
	"1795348696",
};

static void test_parsers_take_what_they_promise(void **state)
{
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(strict); i++) {
		ms = UNCHANGED;
		assert_int_equal(promo_time_parse(strict[i].text, &ms), 0);
		assert_int_equal(ms, strict[i].ms);
		assert_int_equal(promo_time_parse_iso(strict[i].text, &ms), 0);
		assert_int_equal(ms, strict[i].ms);
	}
	for (size_t i = 0; i < PROMO_COUNT(only_iso); i++) {
		assert_int_equal(promo_time_parse_iso(only_iso[i].text, &ms), 0);
		assert_int_equal(ms, only_iso[i].ms);
		assert_int_equal(promo_time_parse(only_iso[i].text, &ms), PROMO_E_INVALID_INPUT);
	}
	for (size_t i = 0; i < PROMO_COUNT(never); i++) {
		ms = UNCHANGED;
		if (promo_time_parse_iso(never[i], &ms) == 0 ||
			promo_time_parse(never[i], &ms) == 0)
			fail_msg("\"%s\" was taken for a time", never[i]);
		assert_int_equal(ms, UNCHANGED);
	}
}

static void test_days_of_times(void **state)
{
	(void)state;
	assert_int_equal(promo_time_days(0), 0);
	assert_int_equal(promo_time_days(-1), -1);
	assert_int_equal(promo_time_days(PROMO_MS_PER_DAY - 1), 0);
	assert_int_equal(promo_time_days(PROMO_MS_PER_DAY), 1);
	assert_int_equal(promo_time_days(-PROMO_MS_PER_DAY), -1);
}

static void test_clocks_run(void **state)
{
	int64_t begin = promo_monotonic_ms(), last = begin;

	(void)state;
	assert_true(promo_now_ms() > INT64_C(1700000000000));
	while (promo_monotonic_ms() < begin + 20) {
		int64_t now = promo_monotonic_ms();

		assert_true(now >= last);
		last = now;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day_follows_the_one_before),
		cmocka_unit_test(test_dates_are_strict),
		cmocka_unit_test(test_times_go_round),
		cmocka_unit_test(test_times_outside_show_as_the_nearer_end),
		cmocka_unit_test(test_parsers_take_what_they_promise),
		cmocka_unit_test(test_days_of_times),
		cmocka_unit_test(test_clocks_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
