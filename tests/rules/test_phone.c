/* SPDX-License-Identifier: MIT */
/*
 * All ways to write a number down end in one form, and what cannot be told for sure is refused: a
 * redemption must not go to another customer.
 */
#include "libpromo/rules/phone.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

static void test_forms_of_one_number(void **state)
{
	static const char *const forms[] = {
		"0788123456",
		"0788 123 456",
		"078-812-34-56",
		"+250788123456",
		"+250 788 123 456",
		"00250788123456",
		"00 250 788 123 456",
		"(0788) 123456",
		"(0788)123-456",
		"+250-788.123.456",
		"+250 (788) 123 456",
		"  +250788123456 ",
		"+250\xc2\xa0"
		"788\xe2\x80\x93"
		"123/456",
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(forms); i++) {
		char phone[PROMO_PHONE_SIZE];

		if (promo_phone_normalize(forms[i], "250", phone) != 0)
			fail_msg("\"%s\" was refused", forms[i]);
		assert_string_equal(phone, "+250788123456");
	}
}

static void test_numbers_of_other_countries(void **state)
{
	static const struct {
		const char *text, *country, *phone;
	} cases[] = {
		{ "+256 701 234567", "250", "+256701234567" },
		{ "0049 30 1234567", "250", "+49301234567" },
		{ "030 1234567", "49", "+49301234567" },
		{ "+1 (212) 555-0100", "250", "+12125550100" }, { "+12345678", "250", "+12345678" },
		{ "+123456789012345", "250", "+123456789012345" },
		{ "+39 06 1234567", "250", "+39061234567" }, /* Italy keeps its zero */
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char phone[PROMO_PHONE_SIZE];

		assert_int_equal(promo_phone_normalize(cases[i].text, cases[i].country, phone), 0);
		assert_string_equal(phone, cases[i].phone);
	}
}

static void test_what_cannot_be_told_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"+",
		"0",
		"00",
		"abc",
		"788123456",
		"250788123456",
		"+0788123456",
		"+00250788123456",
		"000250788123456",
		"+250 0788 123 456",
		"+250 (0) 788 123 456",
		"002500788123456",
		"+1234567",
		"07881",
		"+1234567890123456",
		"0788123456789012345",
		"++250788123456",
		"+250+788123456",
		"0788123456 ext 1",
		"0788123456x",
		"0788123456,",
		"+250788123456;drop",
		"(0788 123456",
		"0788) 123456",
		"((0788)) 123456",
		"0788123456-",
		"0788123456\u2013",
		"-0788123456",
		"0788123456)",
		".0788123456",
		"\xd9\xa0"
		"788123456",
		"0788\xff"
		"123456",
		"tel:0788123456",
		"0788\n",
		"+250 788 12e456",
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		char phone[PROMO_PHONE_SIZE] = "unchanged";

		if (promo_phone_normalize(bad[i], "250", phone) != PROMO_E_INVALID_INPUT)
			fail_msg("\"%s\" became %s", bad[i], phone);
		assert_string_equal(phone, "unchanged");
	}
}

static void test_a_normal_form_stays(void **state)
{
	struct seeded seeded = { 17 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t digits = 8 + seeded_below(&seeded, 8);
		char phone[PROMO_PHONE_SIZE] = "+", again[PROMO_PHONE_SIZE];
		char spaced[64];
		size_t at = 0;

		phone[1] = (char)('1' + seeded_below(&seeded, 9));
		for (size_t d = 2; d <= digits; d++)
			phone[d] = (char)('0' + seeded_below(&seeded, 10));
		if (strncmp(phone, "+2500", 5) == 0)
			continue;
		assert_int_equal(promo_phone_normalize(phone, "250", again), 0);
		assert_string_equal(again, phone);
		for (size_t d = 0; phone[d]; d++) {
			if (d > 1 && seeded_below(&seeded, 3) == 0)
				spaced[at++] = " -./"[seeded_below(&seeded, 4)];
			spaced[at++] = phone[d];
		}
		spaced[at] = '\0';
		assert_int_equal(promo_phone_normalize(spaced, "250", again), 0);
		assert_string_equal(again, phone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms_of_one_number),
		cmocka_unit_test(test_numbers_of_other_countries),
		cmocka_unit_test(test_what_cannot_be_told_is_refused),
		cmocka_unit_test(test_a_normal_form_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
