/* SPDX-License-Identifier: MIT */
/* Who is ended because a job does not go on is the one who held it, and never another connection that has
 * got its number since. */
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

static bool is_stuck(struct promo_store *store, int64_t lease_s)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(64 * 1024);
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_job_stuck_row row;
	bool found;

	promo_param_int(&params, lease_s);
	assert_int_equal(
		promo_store_find(store, arena, PROMO_Q_JOB_STUCK, &params, &row, &found), 0);
	return found;
}

static void test_number_used_again(void **state)
{
	struct till *till = *state;
	const struct promo_store_config config = { .uri = till->config.database, .patient = true };
	struct person admin = till_person(till, "admin");
	struct mill_batch made = mill_make(till, &admin, "stuck", 10, "");
	struct promo_store *looking, *holding;

	assert_int_equal(promo_store_open(&config, &looking), 0);
	assert_int_equal(promo_store_open(&config, &holding), 0);
	assert_int_equal(promo_store_begin(holding), 0);
	assert_int_equal(promo_store_exec(holding, PROMO_Q_COPY_PLAN, NULL, NULL), 0);
	/* A lease of less than ten seconds ended, and the transaction was begun before. */
	assert_string_equal(
		promo_test_sql(till->database,
			"WITH held AS (UPDATE jobs SET status = 'running', "
			"lease_until = a.xact_start + interval '1 ms', lease_backend = a.pid "
			"FROM pg_stat_activity a WHERE a.datname = current_database() AND "
			"a.state = 'idle in transaction' AND jobs.id = '%s' RETURNING 1) "
			"SELECT count(*) FROM held",
			made.job.text),
		"1");
	assert_true(is_stuck(looking, 0));
	/* It was given when this connection was not there yet. */
	assert_false(is_stuck(looking, 10));
	promo_store_close(holding);
	promo_store_close(looking);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number_used_again),
	};

	return cmocka_run_group_tests_name("ops/jobs_stuck", tests, till_setup, till_teardown);
}
