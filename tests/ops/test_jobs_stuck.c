/* SPDX-License-Identifier: MIT */
/* Whose jobs do not go on are those who hold them, each of them, as long as their transaction lasts, and
 * nobody else; who stands still loses his job, and who gets on keeps it. */
#include <poll.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/worker.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

enum {
	JOBS = 3,
	LONG_AGO_MS = 60 * 1000,
};

static struct mill_batch jobs[JOBS];

static size_t count_stuck(struct promo_store *store)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(64 * 1024);
	const struct promo_params none = PROMO_PARAMS(arena);
	struct promo_objects found;

	assert_int_equal(promo_store_all(store, arena, PROMO_Q_JOB_STUCK, &none, &found), 0);
	return found.count;
}

static struct promo_store *connect(struct till *till)
{
	const struct promo_store_config config = { .uri = till->config.database, .patient = true };
	struct promo_store *store = NULL;

	assert_int_equal(promo_store_open(&config, &store), 0);
	return store;
}

/* A transaction with the job locked; its lease has ended since. */
static struct promo_store *hold(struct till *till, const struct mill_batch *made)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(64 * 1024);
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_store *store = connect(till);
	struct promo_job_stand_row stand;

	(void)promo_test_sql(till->database,
		"UPDATE jobs SET status = 'running', fence = 7, lease_until = clock_timestamp() + "
		"interval '30 ms' WHERE id = '%s'",
		made->job.text);
	promo_param_text(&params, made->job.text);
	promo_param_int(&params, 7);
	assert_int_equal(promo_store_begin(store), 0);
	assert_int_equal(promo_store_one(store, arena, PROMO_Q_JOB_HOLD, &params, &stand), 0);
	return store;
}

static void wait_for_leases(struct till *till)
{
	mill_wait_until(till,
		"SELECT count(*) = %d FROM jobs WHERE status = 'running' AND "
		"lease_until < clock_timestamp()",
		JOBS);
}

static bool is_alive(struct promo_store *store)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(64 * 1024);
	const struct promo_params none = PROMO_PARAMS(arena);

	return promo_store_exec(store, PROMO_Q_COPY_PLAN, &none, NULL) == 0;
}

static void test_who_holds_one(void **state)
{
	struct till *till = *state;
	struct promo_store *looking = connect(till), *other = connect(till), *holding[JOBS];

	for (int i = 0; i < JOBS; i++)
		holding[i] = hold(till, &jobs[i]);
	assert_int_equal(promo_store_begin(other), 0);
	assert_true(is_alive(other));
	wait_for_leases(till);
	assert_int_equal(count_stuck(looking), JOBS);
	/* The name goes with the transaction: what is done with the connection then is something else. */
	promo_store_rollback(holding[0]);
	assert_int_equal(promo_store_begin(holding[0]), 0);
	assert_true(is_alive(holding[0]));
	assert_int_equal(count_stuck(looking), JOBS - 1);
	for (int i = 0; i < JOBS; i++)
		promo_store_close(holding[i]);
	promo_store_close(other);
	promo_store_close(looking);
}

/* One that gets on does not hide the others. */
static void test_all_are_ended(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1024 * 1024);
	struct till *till = *state;
	struct promo_store *holding[JOBS];
	struct promo_job_worker worker = { .arena = arena, .store = connect(till) };

	for (int i = 0; i < JOBS; i++)
		holding[i] = hold(till, &jobs[i]);
	wait_for_leases(till);
	assert_int_equal(promo_job_free_stuck(&worker), 0);
	assert_int_equal(worker.stuck.count, JOBS);
	/* State changes are told apart by the millisecond. */
	(void)poll(NULL, 0, 5);
	assert_true(is_alive(holding[0]));
	worker.stuck.looked_ms -= LONG_AGO_MS;
	assert_int_equal(promo_job_free_stuck(&worker), 0);
	assert_true(is_alive(holding[0]));
	for (int i = 1; i < JOBS; i++)
		assert_false(is_alive(holding[i]));
	for (int i = 0; i < JOBS; i++)
		promo_store_close(holding[i]);
	promo_store_close(worker.store);
}

static int setup(void **state)
{
	static const char *const names[JOBS] = { "stuck1", "stuck2", "stuck3" };
	struct person admin;
	int r = till_setup(state);

	if (r)
		return r;
	admin = till_person(*state, "admin");
	for (int i = 0; i < JOBS; i++)
		jobs[i] = mill_make(*state, &admin, names[i], 10, "");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_holds_one),
		cmocka_unit_test(test_all_are_ended),
	};

	return cmocka_run_group_tests_name("ops/jobs_stuck", tests, setup, till_teardown);
}
