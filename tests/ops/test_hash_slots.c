/* SPDX-License-Identifier: MIT */
/* No more hash at once than there are slots, no more wait than the queue takes, the rest is sent
 * away at once. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libpromo/base/error.h"
#include "libpromo/ops/hash_slots.h"

static void test_without_a_queue(void **state)
{
	struct promo_hash_slots *slots;

	(void)state;
	assert_int_equal(promo_hash_slots_new(2, 0, &slots), 0);
	assert_int_equal(promo_hash_slots_enter(slots), 0);
	assert_int_equal(promo_hash_slots_enter(slots), 0);
	assert_int_equal(promo_hash_slots_enter(slots), PROMO_E_TOO_MANY_REQUESTS);
	promo_hash_slots_leave(slots);
	assert_int_equal(promo_hash_slots_enter(slots), 0);
	promo_hash_slots_leave(slots);
	promo_hash_slots_leave(slots);
	promo_hash_slots_free(slots);
}

enum {
	SLOTS = 3,
	THREADS = 12,
	ROUNDS = 2000,
};

struct crowd {
	struct promo_hash_slots *slots;
	atomic_int inside, most, refused, served;
};

static void *hash_a_lot(void *context)
{
	struct crowd *crowd = context;

	for (int i = 0; i < ROUNDS; i++) {
		int now, most;

		if (promo_hash_slots_enter(crowd->slots)) {
			atomic_fetch_add(&crowd->refused, 1);
			continue;
		}
		now = atomic_fetch_add(&crowd->inside, 1) + 1;
		most = atomic_load(&crowd->most);
		while (now > most && !atomic_compare_exchange_weak(&crowd->most, &most, now))
			;
		(void)sched_yield();
		atomic_fetch_sub(&crowd->inside, 1);
		atomic_fetch_add(&crowd->served, 1);
		promo_hash_slots_leave(crowd->slots);
	}
	return NULL;
}

static void test_a_crowd(void **state)
{
	struct crowd crowd = { 0 };
	pthread_t threads[THREADS];

	(void)state;
	assert_int_equal(promo_hash_slots_new(SLOTS, 2, &crowd.slots), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_a_lot, &crowd), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_in_range(crowd.most, 1, SLOTS);
	assert_int_equal(crowd.served + crowd.refused, THREADS * ROUNDS);
	assert_true(crowd.served >= ROUNDS);
	promo_hash_slots_free(crowd.slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_queue),
		cmocka_unit_test(test_a_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
