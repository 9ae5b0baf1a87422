/* SPDX-License-Identifier: MIT */
/* The connection to the database is cut at every single exchange of a redemption and of a generating
 * job, before the server saw it or after the server did it: money is paid exactly once and the clerk
 * is told so, a refusal is written down once, and a batch gets exactly its codes. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/jobs.h"
#include "tests/lib/cutter.h"
#include "tests/ops/stock.h"

enum {
	EXCHANGES_MAX = 60,
	WAIT_MS = 60000,
};

struct scene {
	struct till *till; /* through the cutter */
	struct cutter *cutter;
	struct person clerk, boss;
};

static int set_up(void **state)
{
	struct promo_test_database *database = promo_test_database_new();
	struct scene *scene = calloc(1, sizeof(*scene));

	if (!database || !scene)
		return -1;
	scene->cutter = cutter_new(database);
	scene->till = till_new_at(database, cutter_uri(scene->cutter));
	scene->clerk = till_person(scene->till, "batch-manager");
	scene->boss = till_person(scene->till, "super-admin");
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	struct promo_test_database *database = scene->till->database;

	till_free(scene->till);
	cutter_free(scene->cutter);
	promo_test_database_free(database);
	free(scene);
	return 0;
}

/* A redemption under a key of its own while exchange n is cut; its status. */
static int redeem(struct scene *scene, const char *tag, char letter, int serial, int n)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%s-%d", tag, n);
	return ASK(scene->till, .op = &promo_op_redemption_create, .token = scene->clerk.token,
		.key = key, .body = stock_body(stock_code(letter, serial).text, n, ""));
}

static void redeem_each(struct scene *scene, enum cut cut, char letter)
{
	bool was_cut = true;
	char tag[8] = { letter };
	int n;

	(void)stock_batch(scene->till, letter, EXCHANGES_MAX);
	for (n = 1; was_cut && n < EXCHANGES_MAX; n++) {
		int status;

		cutter_arm(scene->cutter, cut, n);
		status = redeem(scene, tag, letter, n, n);
		was_cut = cutter_disarm(scene->cutter);
		if (status != 201 || scene->till->answer.replayed)
			fail_msg("cut %d at exchange %d: %d %s", (int)cut, n, status,
				scene->till->answer.body);
		assert_string_equal(promo_test_sql(scene->till->database,
					    "SELECT count(*) || min(r.status) FROM redemptions r "
					    "JOIN promo_codes p ON p.id = r.promo_code_id "
					    "WHERE p.code = '%s'",
					    stock_code(letter, n).text),
			"1completed");
	}
	assert_in_range(n, 10, EXCHANGES_MAX - 1);
	stock_assert_totals(scene->till);
}

static void test_redemptions(void **state)
{
	redeem_each(*state, CUT_REQUEST, 'A');
	redeem_each(*state, CUT_ANSWER, 'C');
}

static void refuse_each(struct scene *scene, enum cut cut, char letter)
{
	bool was_cut = true;
	char tag[8] = { letter };
	int n;

	(void)stock_batch(scene->till, letter, 1);
	stock_redeem(scene->till, &scene->clerk, letter, 1, 1);
	for (n = 1; was_cut && n < EXCHANGES_MAX; n++) {
		cutter_arm(scene->cutter, cut, n);
		assert_int_equal(redeem(scene, tag, letter, 1, n), 409);
		was_cut = cutter_disarm(scene->cutter);
		assert_got(scene->till, "code", "code_already_redeemed");
		assert_got(scene->till, "phone_number", "+250788000001");
		assert_string_equal(promo_test_sql(scene->till->database,
					    "SELECT count(*) FROM redemptions "
					    "WHERE idempotency_key = '%s/%s-%d'",
					    scene->clerk.id, tag, n),
			"1");
	}
	assert_in_range(n, 8, EXCHANGES_MAX - 1);
	stock_assert_totals(scene->till);
}

static void test_refusals(void **state)
{
	refuse_each(*state, CUT_REQUEST, 'E');
	refuse_each(*state, CUT_ANSWER, 'F');
}

static void generate(struct scene *scene, struct till *direct, enum cut cut, int n)
{
	int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;
	char body[256], job[40], status[32];

	(void)snprintf(body, sizeof(body),
		"{\"batch_name\": \"cut-%d-%d\", \"total_codes\": 20, \"amount_per_code\": \"1\", "
		"\"expiration_date\": \"2999-12-31\"}",
		(int)cut, n);
	cutter_arm(scene->cutter, cut, n);
	assert_int_equal(
		ASK(direct, .op = &promo_op_batch_create, .token = scene->boss.token, .body = body),
		201);
	(void)snprintf(job, sizeof(job), "%s", till_get(direct, "job.id"));
	do {
		assert_true(promo_monotonic_ms() < deadline_ms);
		(void)poll(NULL, 0, 10);
		(void)snprintf(status, sizeof(status), "%s",
			promo_test_sql(scene->till->database,
				"SELECT status FROM jobs WHERE id = '%s'", job));
	} while (strcmp(status, "queued") == 0 || strcmp(status, "running") == 0);
	assert_string_equal(
		promo_test_sql(scene->till->database,
			"SELECT j.status || ' ' || b.status || ' ' || b.ready_codes || ' ' || "
			"(SELECT count(*) FROM promo_codes WHERE batch_id = b.id) "
			"FROM jobs j JOIN batches b ON b.id = j.batch_id WHERE j.id = '%s'",
			job),
		"succeeded active 20 20");
	(void)cutter_disarm(scene->cutter);
}

static void test_generation(void **state)
{
	struct scene *scene = *state;
	struct till *direct = till_new(scene->till->database);
	const struct promo_jobs_config config = { .runner = &scene->till->config };
	struct promo_jobs *jobs;

	assert_int_equal(promo_jobs_start(&config, &jobs), 0);
	for (int n = 1; n <= 16; n++) {
		generate(scene, direct, CUT_REQUEST, n);
		generate(scene, direct, CUT_ANSWER, n);
	}
	promo_jobs_stop(jobs);
	till_free(direct);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_redemptions),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_generation),
	};

	return cmocka_run_group_tests_name("ops/redeem_cut", tests, set_up, tear_down);
}
