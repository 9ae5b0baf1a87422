/* SPDX-License-Identifier: MIT */
/* Addresses are taken by HTML's rule, in lower case, and nothing that could break a header. */
#include "libpromo/rules/email.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/test.h"

static void test_addresses(void **state)
{
	static const struct {
		const char *text, *email;
	} good[] = {
		{ "a@b", "a@b" },
		{ "Alice.Uwase@Example.COM", "alice.uwase@example.com" },
		{ "a+tag@example.co.rw", "a+tag@example.co.rw" },
		{ "o'neil_{x}|~!#$%&*/=?^`-@x-y.z", "o'neil_{x}|~!#$%&*/=?^`-@x-y.z" },
		{ ".a..b.@example.com", ".a..b.@example.com" },
		{ "1@2.3", "1@2.3" },
	};
	static const char *const bad[] = {
		"",
		"@",
		"a",
		"a@",
		"@b",
		"a@b@c",
		"a b@c",
		"a@b c",
		" a@b",
		"a@b ",
		"a@b\n",
		"a@b\r\nBcc: c@d",
		"a@-b",
		"a@b-",
		"a@b..c",
		"a@.b",
		"a@b.",
		"a@b_c",
		"a@[127.0.0.1]",
		"\"a b\"@c",
		"a,b@c",
		"<a@b>",
		"a@b\xc3\xa9",
		"\xc3\xa9@b",
		"a\t@b",
		"a;b@c",
		"a(b)@c",
		"a\\b@c",
		"a:b@c",
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(good); i++) {
		char email[PROMO_EMAIL_SIZE];

		assert_int_equal(promo_email_normalize(good[i].text, email), 0);
		assert_string_equal(email, good[i].email);
	}
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		char email[PROMO_EMAIL_SIZE] = "unchanged";

		if (promo_email_normalize(bad[i], email) != PROMO_E_INVALID_INPUT)
			fail_msg("\"%s\" was taken for an address", bad[i]);
		assert_string_equal(email, "unchanged");
	}
}

/* An address with these lengths of local part, first label, and further labels of 10. */
static int of_lengths(size_t local, size_t label, size_t further)
{
	char text[1024] = "", email[PROMO_EMAIL_SIZE];
	size_t at = local + 1 + label;

	memset(text, 'a', sizeof(text));
	text[local] = '@';
	for (size_t i = 0; i < further; i++, at += 11)
		text[at] = '.';
	text[at] = '\0';
	return promo_email_normalize(text, email);
}

static void test_lengths(void **state)
{
	(void)state;
	assert_int_equal(of_lengths(64, 63, 0), 0);
	assert_int_equal(of_lengths(65, 63, 0), PROMO_E_INVALID_INPUT);
	assert_int_equal(of_lengths(64, 64, 0), PROMO_E_INVALID_INPUT);
	assert_int_equal(of_lengths(64, 24, 15), 0); /* 254 */
	assert_int_equal(of_lengths(64, 25, 15), PROMO_E_INVALID_INPUT);
	assert_int_equal(of_lengths(64, 24, 60), PROMO_E_INVALID_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
