/* SPDX-License-Identifier: MIT */
/* Of a user who may be guessing four requests are under way at once, and the others follow in their
 * order as those come to an end; nobody else waits for him. */
#include "libpromo/ops/suspects.h"

#include "tests/lib/test.h"

enum {
	CROWD = 20
};

static struct promo_holder crowd[CROWD];

static void test_four_at_once(void **state)
{
	struct promo_suspects suspects = { 0 };
	struct promo_suspect *users[CROWD], *other;

	(void)state;
	assert_false(promo_suspects_has(&suspects, "guesser"));
	assert_null(promo_suspects_next(&suspects, &other));
	for (int i = 0; i < CROWD - 1; i++)
		assert_true(promo_suspects_add(&suspects, "guesser", &crowd[i]));
	assert_int_equal(suspects.waiting, CROWD - 1);
	for (int i = 0; i < PROMO_SUSPECTS_AT_ONCE; i++)
		assert_ptr_equal(promo_suspects_next(&suspects, &users[i]), &crowd[i]);
	assert_null(promo_suspects_next(&suspects, &other));

	assert_true(promo_suspects_add(&suspects, "another", &crowd[CROWD - 1]));
	assert_ptr_equal(promo_suspects_next(&suspects, &other), &crowd[CROWD - 1]);
	assert_true(promo_suspects_has(&suspects, "another"));
	promo_suspects_over(&suspects, other);
	assert_false(promo_suspects_has(&suspects, "another"));

	for (int i = PROMO_SUSPECTS_AT_ONCE; i < CROWD - 1; i++) {
		promo_suspects_over(&suspects, users[i - PROMO_SUSPECTS_AT_ONCE]);
		assert_ptr_equal(promo_suspects_next(&suspects, &users[i]), &crowd[i]);
		assert_null(promo_suspects_next(&suspects, &other));
	}
	assert_int_equal(suspects.waiting, 0);
	for (int i = CROWD - 1 - PROMO_SUSPECTS_AT_ONCE; i < CROWD - 1; i++) {
		assert_true(promo_suspects_has(&suspects, "guesser"));
		promo_suspects_over(&suspects, users[i]);
	}
	assert_false(promo_suspects_has(&suspects, "guesser"));
	promo_suspects_free(&suspects);
}

static void test_giving_up(void **state)
{
	struct promo_suspects suspects = { 0 };
	struct promo_suspect *user;
	int given = 0;

	(void)state;
	for (int i = 0; i < CROWD; i++)
		assert_true(promo_suspects_add(&suspects, i % 2 ? "odd" : "even", &crowd[i]));
	assert_non_null(promo_suspects_next(&suspects, &user));
	while (promo_suspects_give_up(&suspects))
		given++;
	assert_int_equal(given, CROWD - 1);
	assert_int_equal(suspects.waiting, 0);
	/* One is still under way. */
	promo_suspects_over(&suspects, user);
	assert_null(suspects.first);
	promo_suspects_free(&suspects);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_four_at_once),
		cmocka_unit_test(test_giving_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
