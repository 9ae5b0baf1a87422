/* SPDX-License-Identifier: MIT */
/*
 * A sentence of one's own is taken; what is short, tried first by everybody, a pattern, or one's own
 * name is refused with the rule that failed.
 */
#include "libpromo/rules/password_policy.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/test.h"

static const char *const common[] = {
#include "libpromo/rules/common_passwords.def"
};

static const struct promo_password_owner alice = { "Alice", "Uwase", "a.uwase@example.com",
	"+250788123456" };

/* The code of the rule that refused, "" if it was taken. */
static const char *check(const struct promo_password_policy *policy,
	const struct promo_password_owner *owner, const char *password)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_password_refusal refusal = { "", NULL };
	int r = promo_password_check(policy, owner, password, arena, &refusal);

	if (r == 0)
		return "";
	assert_int_equal(r, PROMO_E_INVALID_INPUT);
	assert_true(strlen(refusal.message) > 10);
	return refusal.code;
}

static void test_the_default_policy(void **state)
{
	static const struct {
		const char *password, *code;
	} cases[] = {
		{ "korekt umusozi inka", "" },
		{ "gT7#kq92!mZx", "" },
		{ "1230, 3219 ngaho", "" },
		{ "igikombe cy'icyayi", "" },
		{ "caf\xc3\xa9 mu gitondo", "" },
		{ "日本語の合言葉を覚えるよ", "" }, /* 12 characters */
		{ "", "password_too_short" },
		{ "korekt umusozi \xff", "password_invalid" },
		{ "789012345678", "password_common" },
		{ "zyxwvutsrqpo", "password_common" },
		{ "gT7#kq92!mZ", "password_too_short" }, /* 11 */
		{ "\xc3\xa9\xc3\xa8\xc3\xaa\xc3\xab\xc3\xa0\xc3\xa2", "password_too_short" },
		{ "passwordpassword", "password_common" },
		{ "Password1234", "password_common" },
		{ "P@ssw0rd2026!", "password_common" },
		{ "!!!Welcome!!!2026", "password_common" },
		{ "Kigali-2026-01", "password_common" },
		{ "QWERTYUIOPASDFGHJKL", "password_common" },
		{ "correcthorsebatterystaple", "password_common" },
		{ "aaaaaaaaaaaaaa", "password_common" },
		{ "abcabcabcabc", "password_common" },
		{ "123456789012", "password_common" },
		{ "987654321098", "password_common" },
		{ "abcdefghijklm", "password_common" },
		{ "alice likes tea", "password_own_name" },
		{ "my-UWASE-password", "password_own_name" },
		{ "xx a.uwase xx yy", "password_own_name" },
		{ "call me 88123456", "password_own_name" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const char *code = check(&promo_password_policy_default, &alice, cases[i].password);

		if (strcmp(code, cases[i].code) != 0)
			fail_msg("\"%s\": \"%s\"", cases[i].password, code);
	}
}

static void test_nobody_and_short_names(void **state)
{
	static const struct promo_password_owner nobody = { 0 }, bo = { "Bo", "Li", "bo@x", "1" };

	(void)state;
	assert_string_equal(check(&promo_password_policy_default, &nobody, "alice likes tea"), "");
	assert_string_equal(check(&promo_password_policy_default, &bo, "bo and li like tea 1"), "");
}

static void test_the_companys_name(void **state)
{
	static const struct promo_password_owner nobody = { 0 };
	static const struct {
		const char *company, *password, *code;
	} cases[] = {
		{ "Mbelyco", "green-mBELYCO-boat", "password_company_name" },
		{ "Ikawa Nziza Ltd", "my ikawa nziza ltd 9", "password_company_name" },
		{ "Ikawa Nziza Ltd", "IkawaNzizaLtd#2026", "password_company_name" },
		{ "Ikawa Nziza Ltd", "ikawa gusa mu gitondo", "" },
		{ "Caf\xc3\xa9", "mu CAFE\xcc\x81 yacu heza", "password_company_name" },
		{ "ABC", "abc korekt umusozi", "" },
		{ "A  B", "korekt umusozi a  b", "password_company_name" },
		{ "", "korekt umusozi inka", "" },
		{ NULL, "korekt umusozi inka", "" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const struct promo_password_policy policy = { .min_length = 12,
			.company_name = cases[i].company };
		const char *code = check(&policy, &nobody, cases[i].password);

		if (strcmp(code, cases[i].code) != 0)
			fail_msg("\"%s\": \"%s\"", cases[i].password, code);
	}
}

static void test_names_with_accents(void **state)
{
	static const struct promo_password_owner rene = { "Ren\xc3\xa9", NULL, NULL, NULL };

	(void)state;
	assert_string_equal(check(&promo_password_policy_default, &rene, "je suis REN\xc3\x89 moi"),
		"password_own_name");
	assert_string_equal(
		check(&promo_password_policy_default, &rene, "je suis rene\xcc\x81 moi"),
		"password_own_name");
}

static void test_the_switches(void **state)
{
	static const struct {
		struct promo_password_policy policy;
		const char *without, *with, *code;
	} cases[] = {
		{ { .min_length = 8, .require_uppercase = true }, "korekt umusozi",
			"Korekt umusozi", "password_no_uppercase" },
		{ { .min_length = 8, .require_lowercase = true }, "KOREKT UMUSOZI",
			"KOREKT uMUSOZI", "password_no_lowercase" },
		{ { .min_length = 8, .require_numbers = true }, "korekt umusozi",
			"korekt umusozi 7", "password_no_number" },
		{ { .min_length = 8, .require_special_chars = true }, "korektumusozi7",
			"korekt#umusozi7", "password_no_special_char" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_string_equal(
			check(&cases[i].policy, &alice, cases[i].without), cases[i].code);
		assert_string_equal(check(&cases[i].policy, &alice, cases[i].with), "");
	}
}

static void test_without_memory_nothing_is_decided(void **state)
{
	static const char *const passwords[] = { "korekt umusozi inka", "short", "Password1234",
		"my-UWASE-password" };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(passwords); i++) {
		size_t limit = 0;
		int r;

		do {
			PROMO_CLEANUP(promo_arena_freep)
			struct promo_arena *arena = promo_arena_new(limit += 16);
			struct promo_password_refusal refusal = { 0 };

			r = promo_password_check(&promo_password_policy_default, &alice,
				passwords[i], arena, &refusal);
			assert_int_equal(r == PROMO_E_INVALID_INPUT, refusal.message != NULL);
		} while (r < 0 && limit < 65536);
		assert_int_equal(r, i == 0 ? 0 : PROMO_E_INVALID_INPUT);
		assert_true(limit > 16);
	}
}

static void test_the_list_is_sorted_and_complete(void **state)
{
	static const struct promo_password_policy any = { .min_length = 1 };
	static const struct promo_password_owner nobody = { 0 };

	(void)state;
	assert_true(PROMO_COUNT(common) > 300);
	for (size_t i = 0; i < PROMO_COUNT(common); i++) {
		if (i > 0)
			assert_true(strcmp(common[i - 1], common[i]) < 0);
		if (strcmp(check(&any, &nobody, common[i]), "password_common") != 0)
			fail_msg("%s is not found", common[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_default_policy),
		cmocka_unit_test(test_nobody_and_short_names),
		cmocka_unit_test(test_the_companys_name),
		cmocka_unit_test(test_names_with_accents),
		cmocka_unit_test(test_the_switches),
		cmocka_unit_test(test_without_memory_nothing_is_decided),
		cmocka_unit_test(test_the_list_is_sorted_and_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
