/* SPDX-License-Identifier: MIT */
/*
 * Every permission has one key and one sentence, a set of them is told apart, and the database is
 * seeded with exactly this list.
 */
#include "libpromo/model/permission.h"

#include "tests/lib/source.h"
#include "tests/lib/test.h"

static const char *root;

static void test_keys_are_unique(void **state)
{
	(void)state;
	for (int p = 1; p < PROMO_P_COUNT; p++) {
		const char *key = promo_permission_key((enum promo_permission)p);

		assert_int_equal(promo_permission_from_key(key), p);
		assert_int_equal(strspn(key, "abcdefghijklmnopqrstuvwxyz.-"), strlen(key));
		assert_true(strlen(promo_permission_text((enum promo_permission)p)) > 5);
	}
	assert_null(promo_permission_key(PROMO_P_NONE));
	assert_null(promo_permission_text(PROMO_P_NONE));
	assert_null(promo_permission_key(PROMO_P_COUNT));
	assert_null(promo_permission_text(PROMO_P_COUNT));
	assert_int_equal(promo_permission_from_key("users.fly"), PROMO_P_NONE);
}

static void test_sets(void **state)
{
	(void)state;
	for (int p = 1; p < PROMO_P_COUNT; p++) {
		promo_permissions one = UINT64_C(1) << p;

		for (int q = 1; q < PROMO_P_COUNT; q++)
			assert_int_equal(
				promo_permissions_has(one, (enum promo_permission)q), p == q);
	}
}

static void test_the_database_is_seeded_with_this_list(void **state)
{
	char *seed = source_read(root, "sql/schema/0004_seed.sql");
	char *begin = strstr(seed, "INSERT INTO permissions"), *end, *row;
	int permission = 0;

	(void)state;
	assert_non_null(begin);
	end = strchr(begin, ';');
	assert_non_null(end);
	*end = '\0';
	/* ('id', 'key', 'text') */
	for (row = strstr(begin, "\n\t('"); row; row = strstr(row + 1, "\n\t('")) {
		char key[100], text[200];
		char *line_end = strchr(row + 1, '\n');

		if (line_end)
			*line_end = '\0';
		permission++;
		assert_int_equal(
			sscanf(row, "\n\t('%*[^']', '%99[^']', '%199[^']')", key, text), 2);
		assert_true(permission < PROMO_P_COUNT);
		assert_string_equal(key, promo_permission_key((enum promo_permission)permission));
		assert_string_equal(text, promo_permission_text((enum promo_permission)permission));
		if (line_end)
			*line_end = '\n';
	}
	assert_int_equal(permission, PROMO_P_COUNT - 1);
	free(seed);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_are_unique),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_the_database_is_seeded_with_this_list),
	};

	if (argc != 2)
		return 2;
	root = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
