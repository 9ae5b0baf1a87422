/* SPDX-License-Identifier: MIT */
/* Codes of authenticator apps are those of RFC 6238, hold one step to either side of now and not one
 * more, and never one that is not after the last that was used. */
#include <string.h>

#include "libpromo/base/arena.h"
#include "libpromo/ops/mfa/totp.h"
#include "tests/lib/test.h"

static const char secret[] = "12345678901234567890"; /* RFC 6238 appendix B */
#define SECRET_SIZE (sizeof(secret) - 1)

static void test_vectors_of_the_rfc(void **state)
{
	/* The last six of its eight digits. */
	static const struct {
		int64_t time;
		const char *code;
	} vectors[] = {
		{ 59, "287082" },
		{ 1111111109, "081804" },
		{ 1111111111, "050471" },
		{ 1234567890, "005924" },
		{ 2000000000, "279037" },
		{ 20000000000, "353130" },
	};
	char code[PROMO_TOTP_DIGITS + 1];

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(vectors); i++) {
		bool found = false;
		int64_t step = 0;

		assert_int_equal(promo_totp_code(secret, SECRET_SIZE,
					 vectors[i].time / PROMO_TOTP_PERIOD_S, code),
			0);
		assert_string_equal(code, vectors[i].code);
		assert_int_equal(promo_totp_find(secret, SECRET_SIZE, vectors[i].time * 1000, 0,
					 vectors[i].code, &found, &step),
			0);
		assert_true(found);
		assert_int_equal(step, vectors[i].time / PROMO_TOTP_PERIOD_S);
	}
}

static bool holds(const char *code, int64_t at, int64_t last_step, int64_t *ret_step)
{
	bool found = false;

	assert_int_equal(promo_totp_find(secret, SECRET_SIZE, at * PROMO_TOTP_PERIOD_S * 1000,
				 last_step, code, &found, ret_step),
		0);
	return found;
}

static void test_window(void **state)
{
	char code[PROMO_TOTP_DIGITS + 1];
	int64_t step = 0;

	(void)state;
	assert_int_equal(promo_totp_code(secret, SECRET_SIZE, 1000, code), 0);
	for (int64_t at = 990; at <= 1010; at++) {
		assert_int_equal(holds(code, at, 0, &step), at >= 999 && at <= 1001);
		assert_int_equal(step, at >= 999 && at <= 1001 ? 1000 : 0);
	}
	/* Once it was used, neither it nor an earlier one holds. */
	assert_true(holds(code, 1000, 999, &step));
	assert_false(holds(code, 1000, 1000, &step));
	assert_false(holds(code, 1000, 1001, &step));
}

static void test_what_people_type(void **state)
{
	static const char *const wrong[] = { "", " ", "28708", "2870822", "28708a", "287083",
		"-287082", "287 0822", "２８７０８２", "287082\n" };
	int64_t step;

	(void)state;
	assert_true(holds("287082", 1, 0, &step));
	assert_true(holds(" 287 082 ", 1, 0, &step));
	for (size_t i = 0; i < PROMO_COUNT(wrong); i++)
		assert_false(holds(wrong[i], 1, 0, &step));
}

static void test_shown(void **state)
{
	struct promo_arena *arena = promo_arena_new(64 * 1024);
	const char *text, *uri;

	(void)state;
	assert_int_equal(promo_totp_show(secret, SECRET_SIZE, "Ma: Shop", "aline+1@example.com",
				 arena, &text, &uri),
		0);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_string_equal(uri, "otpauth://totp/Ma%3A%20Shop:aline%2B1%40example.com?secret="
				 "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ma%3A%20Shop&algorithm="
				 "SHA1&digits=6&period=30");
	/* RFC 4648 section 10. */
	assert_int_equal(promo_totp_show("fooba", 5, "", "", arena, &text, &uri), 0);
	assert_string_equal(text, "MZXW6YTB");
	assert_int_equal(promo_totp_show("foob", 4, "", "", arena, &text, &uri), 0);
	assert_string_equal(text, "MZXW6YQ");
	promo_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_of_the_rfc),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_what_people_type),
		cmocka_unit_test(test_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
