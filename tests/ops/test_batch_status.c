/* SPDX-License-Identifier: MIT */
/* A batch is blocked, freed, expired and archived, and its codes with it, but not what was blocked by
 * itself; what cannot be is refused; the trail knows who, from what, to what and why. Once a block is
 * answered nothing that read the old state is committed, and what cannot be waited for is said. */
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"

#define BECOME(person, batch, status)                                                              \
	.op = &promo_op_batch_status, .token = (person).token, .id = (batch).text,                 \
	.body = "{\"status\":\"" status "\"}"
#define REDEEM(person, letter, serial, with_key)                                                   \
	.op = &promo_op_redemption_create, .token = (person).token,                                \
	.body = stock_body(stock_code((letter), (serial)).text, 1, ""), .key = (with_key)

static void test_blocked_and_back(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'A', 2);

	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'blocked', blocked_at = now() WHERE code = '%s'",
		stock_code('A', 2).text);
	assert_int_equal(ASK(till, BECOME(boss, batch, "blocked")), 200);
	assert_got(till, "status", "blocked");
	assert_got(till, "version", "2");
	assert_string_equal(till->answer.etag, "\"2\"");
	assert_problem(till, 409, "batch_not_active", REDEEM(boss, 'A', 1, "a-1"));
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "blocked"));
	assert_int_equal(ASK(till, BECOME(boss, batch, "active")), 200);
	assert_int_equal(ASK(till, REDEEM(boss, 'A', 1, "a-2")), 201);
	assert_problem(till, 409, "code_blocked", REDEEM(boss, 'A', 2, "a-3"));
}

static void test_expired_and_back(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'E', 2);

	assert_int_equal(ASK(till, BECOME(boss, batch, "expired")), 200);
	assert_got(till, "status", "expired");
	assert_problem(till, 409, "code_expired", REDEEM(boss, 'E', 1, "e-1"));
	assert_int_equal(ASK(till, BECOME(boss, batch, "active")), 200);
	assert_int_equal(ASK(till, REDEEM(boss, 'E', 1, "e-2")), 201);
	/* Nobody makes a day come back. */
	(void)promo_test_sql(till->database,
		"UPDATE batches SET expiration_date = now() - interval '1 second' WHERE id = '%s'",
		batch.text);
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "active"));
	assert_got(till, "detail", "the batch is expired and cannot become active");
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "expired"));
	assert_int_equal(ASK(till, BECOME(boss, batch, "blocked")), 200);
	assert_int_equal(ASK(till, BECOME(boss, batch, "active")), 200);
	assert_got(till, "status", "expired");
}

static void test_archived_and_back(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'H', 1);

	assert_int_equal(ASK(till, BECOME(boss, batch, "archived")), 200);
	assert_problem(till, 409, "batch_not_active", REDEEM(boss, 'H', 1, "h-1"));
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "blocked"));
	assert_int_equal(ASK(till, BECOME(boss, batch, "active")), 200);
	assert_int_equal(ASK(till, REDEEM(boss, 'H', 1, "h-2")), 201);
	assert_int_equal(ASK(till, BECOME(boss, batch, "archived")), 200);
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "active"));
	assert_got(till, "detail", "every code of the batch is redeemed, so it stays archived");
}

/* While its codes are made a batch is the job's. */
static void test_generating(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'G', 1);

	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'generating' WHERE id = '%s'", batch.text);
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "blocked"));
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "active"));
}

static void test_what_the_trail_says(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'T', 1);

	assert_int_equal(
		ASK(till, .op = &promo_op_batch_status, .token = boss.token, .id = batch.text,
			.body = "{\"status\":\"blocked\",\"reason\":\"a \\\"box\\\" is lost\"}"),
		200);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT outcome || ' ' || permission || ' ' || entity_kind || ' ' || "
			"(entity_id = '%s') || ' ' || changes FROM audit_log "
			"WHERE action = 'batch.status' AND actor_id = '%s'",
			batch.text, boss.id),
		"allowed batches.status.change batch true "
		"[{\"after\": \"blocked\", \"field\": \"status\", \"before\": \"active\"}, "
		"{\"after\": \"a \\\"box\\\" is lost\", \"field\": \"reason\", \"before\": null}]");
	assert_problem(till, 409, "invalid_transition", BECOME(boss, batch, "blocked"));
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT outcome || ' ' || error || ' ' || changes FROM audit_log "
			"WHERE action = 'batch.status' AND actor_id = '%s' ORDER BY id DESC LIMIT "
			"1",
			boss.id),
		"failed invalid_transition []");
}

static void test_the_same_key(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'K', 1);

	assert_int_equal(ASK(till, BECOME(boss, batch, "blocked"), .key = "k-1"), 200);
	assert_int_equal(ASK(till, BECOME(boss, batch, "active"), .key = "k-2"), 200);
	assert_int_equal(ASK(till, BECOME(boss, batch, "blocked"), .key = "k-1"), 200);
	assert_true(till->answer.replayed);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT status FROM batches WHERE id = '%s'", batch.text),
		"active");
}

/*
 * The fence.
 */

enum {
	CLERKS = 4,
	CODES = 3000
};

struct rush {
	struct promo_test_database *database;
	struct person clerk;
	int first;
	_Atomic int paid, refused;
};

/* Redeems one code after the other until the batch is blocked. */
static void *redeem_on(void *context)
{
	struct rush *rush = context;
	struct till *till = till_new(rush->database);
	char key[32];

	for (int serial = rush->first; serial <= CODES; serial += CLERKS) {
		(void)snprintf(key, sizeof(key), "rush-%d", serial);
		if (ASK(till, REDEEM(rush->clerk, 'N', serial, key)) != 201)
			break;
		atomic_fetch_add(&rush->paid, 1);
	}
	atomic_store(&rush->refused, till->answer.error == PROMO_E_BATCH_NOT_ACTIVE);
	till_free(till);
	return NULL;
}

static int paid_by(struct rush rushes[CLERKS])
{
	int paid = 0;

	for (int i = 0; i < CLERKS; i++)
		paid += atomic_load(&rushes[i].paid);
	return paid;
}

static void test_blocked_under_load(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "admin");
	struct stock_id batch = stock_batch(till, 'N', CODES);
	struct rush rushes[CLERKS];
	pthread_t threads[CLERKS];
	char committed[32];
	int64_t until_ms = promo_monotonic_ms() + 60000;

	for (int i = 0; i < CLERKS; i++) {
		rushes[i] = (struct rush){ .database = till->database,
			.clerk = till_person(till, "batch-manager"),
			.first = i + 1 };
		assert_int_equal(pthread_create(&threads[i], NULL, redeem_on, &rushes[i]), 0);
	}
	while (paid_by(rushes) < 100) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
	assert_int_equal(ASK(till, BECOME(boss, batch, "blocked")), 200);
	(void)snprintf(committed, sizeof(committed), "%s",
		promo_test_sql(till->database,
			"SELECT count(*) FROM redemptions r JOIN promo_codes p "
			"ON p.id = r.promo_code_id WHERE p.batch_id = '%s' "
			"AND r.status = 'completed'",
			batch.text));
	for (int i = 0; i < CLERKS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(atomic_load(&rushes[i].refused));
	}
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM redemptions r JOIN promo_codes p "
				    "ON p.id = r.promo_code_id WHERE p.batch_id = '%s' "
				    "AND r.status = 'completed'",
				    batch.text),
		committed);
	stock_assert_totals(till);
}

struct blocker {
	struct promo_test_database *database;
	struct person boss;
	struct stock_id batch;
	struct promo_answer answer;
	_Atomic bool over;
};

static void *block(void *context)
{
	struct blocker *blocker = context;
	struct till *till = till_new(blocker->database);

	blocker->answer.status = ASK(till, BECOME(blocker->boss, blocker->batch, "blocked"));
	blocker->answer.error = till->answer.error;
	atomic_store(&blocker->over, true);
	till_free(till);
	return NULL;
}

/* A transaction that began before the block: as long as it is open the block is done, and visible,
 * and not answered. */
static void hold(struct till *till, char letter, bool lets_go)
{
	struct blocker blocker = { .database = till->database,
		.boss = till_person(till, "admin"),
		.batch = stock_batch(till, letter, 1) };
	int64_t until_ms = promo_monotonic_ms() + 60000;
	PGconn *holder = PQconnectdb(till->database->owner_uri);
	pthread_t thread;

	PQclear(PQexec(holder, "BEGIN; SELECT FROM audit_writers WHERE id = (SELECT id FROM "
			       "audit_writers ORDER BY id LIMIT 1) FOR UPDATE"));
	assert_int_equal(pthread_create(&thread, NULL, block, &blocker), 0);
	while (strcmp(promo_test_sql(till->database,
			      "SELECT b.status || ' ' || count(a) FROM batches b, "
			      "pg_stat_activity a WHERE b.id = '%s' AND a.wait_event_type = 'Lock' "
			      "AND a.datname = current_database() GROUP BY b.status",
			      blocker.batch.text),
		       "blocked 1") != 0)
		assert_true(promo_monotonic_ms() < until_ms);
	assert_false(atomic_load(&blocker.over));
	if (lets_go)
		PQclear(PQexec(holder, "COMMIT"));
	assert_int_equal(pthread_join(thread, NULL), 0);
	PQfinish(holder);
	assert_int_equal(blocker.answer.status, lets_go ? 200 : 503);
	assert_int_equal(blocker.answer.error, lets_go ? 0 : PROMO_E_OUTCOME_UNKNOWN);
}

static void test_who_began_before_is_waited_for(void **state)
{
	hold(*state, 'W', true);
}

static void test_who_cannot_be_waited_for(void **state)
{
	hold(*state, 'X', false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocked_and_back),
		cmocka_unit_test(test_expired_and_back),
		cmocka_unit_test(test_archived_and_back),
		cmocka_unit_test(test_generating),
		cmocka_unit_test(test_what_the_trail_says),
		cmocka_unit_test(test_the_same_key),
		cmocka_unit_test(test_blocked_under_load),
		cmocka_unit_test(test_who_began_before_is_waited_for),
		cmocka_unit_test(test_who_cannot_be_waited_for),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
