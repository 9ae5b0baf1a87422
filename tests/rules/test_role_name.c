/* SPDX-License-Identifier: MIT */
/* A role's name is plain, short enough to be no id, and looks like no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libpromo/base/macros.h"
#include "libpromo/rules/role_name.h"

static void test_names(void **state)
{
	static const char *const good[] = { "ab", "super-admin", "till-2", "a1-b2-c3",
		"abcdefghijklmnopqrstuvwxyz0123" };
	static const char *const bad[] = { "", "a", "A", "Super-Admin", "super_admin",
		"super admin", "-ab", "ab-", "a--b", "1ab", "ab\n", "s\xc3\xbcper",
		"abcdefghijklmnopqrstuvwxyz01234", "a190a1b2-0000-7000-8000-00000000000a" };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(good); i++)
		assert_true(promo_role_name_valid(good[i]));
	for (size_t i = 0; i < PROMO_COUNT(bad); i++)
		assert_false(promo_role_name_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
