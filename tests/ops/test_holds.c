/* SPDX-License-Identifier: MIT */
/* A key that comes twice is held once at a time: who comes later waits in his turn, and keeps nobody
 * waiting who comes with another. */
#include "libpromo/ops/holds.h"

#include <stdio.h>

#include "libpromo/base/random.h"
#include "tests/lib/test.h"

enum {
	CROWD = 300
};

static struct promo_holds *holds;
static struct promo_holders queue;
static struct promo_holder crowd[CROWD];
static char texts[CROWD][16];

static int setup(void **state)
{
	(void)state;
	promo_holders_init(&queue);
	for (int i = 0; i < CROWD; i++) {
		crowd[i] = (struct promo_holder){ .turn = (uint64_t)i + 1 };
		(void)snprintf(texts[i], sizeof(texts[i]), "text-%d", i);
	}
	return promo_base_init() ? -1 : promo_holds_new(&holds);
}

static int teardown(void **state)
{
	(void)state;
	promo_holds_free(holds);
	return 0;
}

static bool take(int i, const char *text)
{
	crowd[i].text = text;
	return promo_holds_take(holds, &crowd[i]);
}

static void release(int i)
{
	promo_holds_release(holds, &crowd[i], &queue);
}

static void assert_next(int i)
{
	assert_ptr_equal(promo_holders_take(&queue), &crowd[i]);
}

static void test_one_key(void **state)
{
	char same[] = "text-1";

	(void)state;
	assert_true(take(0, texts[1]));
	assert_false(take(1, same));
	assert_false(take(2, same));
	assert_true(take(3, texts[2]));
	/* Who has none waits for nobody. */
	assert_true(take(4, NULL));
	assert_true(take(5, NULL));
	assert_int_equal(promo_holds_waiting(holds), 2);
	assert_int_equal(queue.count, 0);
	release(4);
	release(0);
	assert_int_equal(promo_holds_waiting(holds), 0);
	assert_int_equal(queue.count, 2);
	assert_next(1);
	assert_next(2);
	assert_null(promo_holders_take(&queue));
	assert_true(take(1, same));
	assert_false(take(2, same));
	release(3);
	assert_int_equal(queue.count, 0);
	release(1);
	assert_next(2);
	assert_true(take(2, texts[2]));
	release(2);
	assert_int_equal(queue.count, 0);
	assert_int_equal(promo_holds_waiting(holds), 0);
}

static void test_turns(void **state)
{
	(void)state;
	promo_holders_append(&queue, &crowd[2]);
	promo_holders_append(&queue, &crowd[5]);
	promo_holders_append(&queue, &crowd[8]);
	/* Those who were away come back between those who stayed, whatever their own order. */
	crowd[6].next = &crowd[1];
	crowd[1].next = &crowd[9];
	crowd[9].next = &crowd[3];
	promo_holders_return(&queue, &crowd[6]);
	assert_int_equal(queue.count, 7);
	promo_holders_append(&queue, &crowd[10]);
	assert_next(1);
	assert_next(2);
	assert_next(3);
	assert_next(5);
	assert_next(6);
	assert_next(8);
	assert_next(9);
	assert_next(10);
	assert_null(promo_holders_take(&queue));
	promo_holders_append(&queue, &crowd[0]);
	assert_next(0);
}

static void test_removal(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		promo_holders_append(&queue, &crowd[i]);
	assert_true(promo_holders_remove(&queue, &crowd[0]));
	assert_true(promo_holders_remove(&queue, &crowd[2]));
	assert_true(promo_holders_remove(&queue, &crowd[4]));
	assert_false(promo_holders_remove(&queue, &crowd[2]));
	assert_int_equal(queue.count, 2);
	promo_holders_append(&queue, &crowd[6]);
	assert_next(1);
	assert_next(3);
	assert_next(6);
	assert_null(promo_holders_take(&queue));
	promo_holders_append(&queue, &crowd[7]);
	assert_true(promo_holders_remove(&queue, &crowd[7]));
	promo_holders_append(&queue, &crowd[8]);
	assert_next(8);
}

static void test_a_crowd(void **state)
{
	int done = 0;

	(void)state;
	for (int i = 0; i < CROWD; i++)
		promo_holders_append(&queue, &crowd[i]);
	while (done < CROWD) {
		struct promo_holder *each, *holder = NULL;

		while ((each = promo_holders_take(&queue))) {
			int i = (int)(each - crowd);

			if (take(i, "all come with this"))
				holder = each;
		}
		assert_ptr_equal(holder, &crowd[done]);
		release(done++);
	}
	assert_int_equal(promo_holds_waiting(holds), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_turns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_removal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_crowd, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
