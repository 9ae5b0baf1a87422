/* SPDX-License-Identifier: MIT */
/* A flood leaves few rows and no less truth: what repeats is counted, what differs in anything that
 * matters is not taken together, what writes always has its own row, and the sum of all counts is
 * the number of requests, from several threads and processes, with a process killed in between, and
 * while the counts are moved into the trail. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/audit_folds.h"
#include "libpromo/store/store.h"
#include "tests/lib/child.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"

#define VERIFY(person, serial)                                                                     \
	.op = &promo_op_code_verify, .token = (person).token,                                      \
	.body = verify_body(stock_code('W', (serial)).text)

static const char *verify_body(const char *code)
{
	static _Thread_local char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	return body;
}

static long number(struct till *till, const char *sql)
{
	return strtol(promo_test_sql(till->database, "%s", sql), NULL, 10);
}

/* How many requests the trail knows of, and how many of them still stand beside it. */
static long told(struct till *till)
{
	return number(till, "SELECT coalesce((SELECT sum(count) FROM audit_log), 0) + "
			    "coalesce((SELECT sum(count) FROM audit_folds), 0)");
}

static void forget(struct till *till)
{
	(void)promo_test_sql(till->database, "DELETE FROM audit_log; DELETE FROM audit_folds; "
					     "UPDATE audit_writers SET seq = 0");
}

/* Whether the numbers of every writer have no gaps. */
static void assert_dense(struct till *till)
{
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM audit_writers w LEFT JOIN "
					       "LATERAL (SELECT count(*) AS n, "
					       "coalesce(max(seq), 0) AS last FROM audit_log a "
					       "WHERE a.writer_id = w.id) a "
					       "ON true WHERE a.n <> w.seq OR a.last <> w.seq"),
		"0");
}

/* Moves everything into the trail, on a connection of its own. */
static void flush(struct till *till)
{
	const struct promo_store_config config = { .uri = till->database->app_uri };
	struct promo_arena *arena = promo_arena_new(64 * 1024 * 1024);
	struct promo_store *store;
	int64_t writer;

	assert_int_equal(promo_store_open(&config, &store), 0);
	assert_int_equal(promo_audit_open(store, arena, "flush", &writer), 0);
	assert_int_equal(promo_audit_folds_flush(store, arena, writer, /* all= */ true), 0);
	promo_store_close(store);
	promo_arena_free(arena);
}

static struct till *folding_till(struct promo_test_database *database)
{
	struct till *till = till_new(database);

	assert_int_equal(promo_audit_folds_new(0, &till->config.audit_folds), 0);
	return till;
}

static void free_folding(struct till *till)
{
	promo_audit_folds_free(till->config.audit_folds);
	till_free(till);
}

/*
 * The memory.
 */

static void test_a_key_is_remembered(void **state)
{
	const struct promo_audit_fold_key a = { { 1 } }, b = { { 2 } };
	struct promo_audit_folds *folds;

	(void)state;
	assert_int_equal(promo_audit_folds_new(16, &folds), 0);
	/* Twice, since a minute may have ended in between. */
	(void)promo_audit_folds_repeated(folds, &a);
	(void)promo_audit_folds_repeated(folds, &a);
	assert_true(promo_audit_folds_repeated(folds, &a));
	assert_false(promo_audit_folds_repeated(folds, &b));
	promo_audit_folds_free(folds);
	/* One place for all: who comes takes it, and nothing is taken for what it is not. */
	assert_int_equal(promo_audit_folds_new(1, &folds), 0);
	for (int i = 0; i < 10; i++) {
		assert_false(promo_audit_folds_repeated(folds, &a));
		assert_false(promo_audit_folds_repeated(folds, &b));
	}
	promo_audit_folds_free(folds);
}

enum {
	THREADS = 4,
	ASKED = 20000
};

struct askers {
	struct promo_audit_folds *folds;
	_Atomic int first;
};

static void *ask_often(void *context)
{
	static const struct promo_audit_fold_key key = { { 7 } };
	struct askers *askers = context;

	for (int i = 0; i < ASKED; i++)
		if (!promo_audit_folds_repeated(askers->folds, &key))
			atomic_fetch_add(&askers->first, 1);
	return NULL;
}

static void test_only_one_is_the_first(void **state)
{
	struct askers askers = { 0 };
	pthread_t threads[THREADS];

	(void)state;
	assert_int_equal(promo_audit_folds_new(0, &askers.folds), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &askers), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	/* Of a minute; that one ended in between can be seen once. */
	assert_in_range(atomic_load(&askers.first), 1, 2);
	promo_audit_folds_free(askers.folds);
}

/*
 * What is taken together.
 */

/* A batch of twice this row, after one that was remembered: how many are counted. */
static size_t folded(struct till *till, struct promo_audit_folds *folds, struct promo_audit_row row)
{
	struct promo_audit_batch batch;

	assert_int_equal(promo_audit_batch_init(&batch, till->arena, folds, row.writer, 2), 0);
	assert_int_equal(promo_audit_batch_add(&batch, &row, NULL), 0);
	assert_int_equal(promo_audit_batch_add(&batch, &row, NULL), 0);
	return batch.fold_count;
}

static void test_what_folds(void **state)
{
	struct till *till = *state;
	struct promo_audit_changed change = { .field = "status" };
	const struct promo_audit_note none = { 0 },
				      thing = { .entity_kind = "code",
					      .entity_id = "0190a1b2-0000-7000-8000-00000000000b" },
				      phone = { .entity_kind = "code",
					      .entity_id = thing.entity_id,
					      .phone = "+250788123456" },
				      changes = { .entity_kind = "code",
					      .entity_id = thing.entity_id,
					      .changes = { &change, 1 } };
	const struct promo_actor nobody = { .kind = PROMO_ACTOR_ANONYMOUS },
				 user = { .kind = PROMO_ACTOR_USER,
					 .user_id = "0190a1b2-0000-7000-8000-00000000000a" };
	const struct promo_request request = { .ip = "192.0.2.1" };
	const struct {
		const struct promo_actor *actor;
		const struct promo_audit_note *note;
		int error;
		bool reads;
		size_t folded;
	} cases[] = {
		{ &nobody, &none, PROMO_E_UNAUTHENTICATED, true, 1 },
		{ &nobody, &none, PROMO_E_UNAUTHENTICATED, false, 1 },
		{ &nobody, &none, 0, true, 0 },
		{ &user, &none, 0, true, 0 },
		{ &user, &thing, 0, true, 1 },
		{ &user, &thing, PROMO_E_NOT_FOUND, true, 1 },
		{ &user, &thing, 0, false, 0 },
		{ &user, &thing, PROMO_E_CODE_EXPIRED, false, 0 },
		{ &user, &thing, PROMO_E_FORBIDDEN, false, 0 },
		{ &user, &none, PROMO_E_FORBIDDEN, true, 0 },
		{ &user, &none, PROMO_E_TOO_MANY_REQUESTS, false, 1 },
		{ &user, &phone, 0, true, 0 },
		{ &user, &changes, 0, true, 0 },
	};
	struct promo_audit_folds *folds;

	assert_int_equal(promo_audit_folds_new(0, &folds), 0);
	promo_arena_clear(till->arena);
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char action[16];
		struct promo_audit_row row = { .actor = cases[i].actor,
			.request = &request,
			.action = action,
			.error = cases[i].error,
			.note = cases[i].note,
			.hash_key = till->config.hash_key,
			.reads = cases[i].reads };

		(void)snprintf(action, sizeof(action), "case.%zu", i);
		assert_int_equal(folded(till, folds, row), cases[i].folded);
		if (cases[i].folded) /* Now both: the first was in the batch before. */
			assert_int_equal(folded(till, folds, row), 1);
		assert_int_equal(folded(till, NULL, row), 0);
	}
	promo_audit_folds_free(folds);
}

/* Rows that differ in one thing only. */
static void test_what_differs(void **state)
{
	struct till *till = *state;
	const struct promo_actor users[] = { { .kind = PROMO_ACTOR_USER, .user_id = "u-1" },
		{ .kind = PROMO_ACTOR_USER, .user_id = "u-2" },
		{ .kind = PROMO_ACTOR_USER, .user_id = "u-1", .session_id = "s-1" } };
	const struct promo_request requests[] = { { .ip = "192.0.2.1", .request_id = "r-1" },
		{ .ip = "192.0.2.2" } };
	const struct promo_audit_note notes[] = { { .entity_kind = "code", .entity_id = "e-1" },
		{ .entity_kind = "user", .entity_id = "e-1" },
		{ .entity_kind = "code", .entity_id = "e-2" } };
	const struct promo_audit_row base = { .actor = &users[0],
		.request = &requests[0],
		.action = "code.verify",
		.permission = "p",
		.note = &notes[0],
		.reads = true };
	struct promo_audit_row rows[9];
	struct promo_audit_batch batch;
	struct promo_audit_folds *folds;

	for (size_t i = 0; i < PROMO_COUNT(rows); i++)
		rows[i] = base;
	rows[1].actor = &users[1];
	rows[2].actor = &users[2];
	rows[3].request = &requests[1];
	rows[4].action = "code.show";
	rows[5].permission = "q";
	rows[6].note = &notes[1];
	rows[7].note = &notes[2];
	rows[8].error = PROMO_E_NOT_FOUND;
	promo_arena_clear(till->arena);
	assert_int_equal(promo_audit_folds_new(0, &folds), 0);
	assert_int_equal(promo_audit_batch_init(&batch, till->arena, folds, 0, 64), 0);
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < PROMO_COUNT(rows); i++)
			assert_int_equal(promo_audit_batch_add(&batch, &rows[i], NULL), 0);
	/* Each once as a row and twice as a count, unless a minute ended in between. */
	assert_in_range(batch.count, PROMO_COUNT(rows), 2 * PROMO_COUNT(rows));
	assert_int_equal(batch.fold_count, PROMO_COUNT(rows));
	promo_audit_folds_free(folds);
}

/* A refused redemption is never taken together with another. */
static void test_what_writes_has_its_row(void **state)
{
	struct till *till = folding_till(((struct till *)*state)->database);
	struct person clerk = till_person(till, "batch-manager");
	char key[16];

	(void)stock_batch(till, 'R', 1);
	stock_redeem(till, &clerk, 'R', 1, 1);
	forget(till);
	for (int i = 0; i < 10; i++) {
		(void)snprintf(key, sizeof(key), "again-%d", i);
		assert_problem(till, 409, "code_already_redeemed",
			.op = &promo_op_redemption_create, .token = clerk.token,
			.body = stock_body(stock_code('R', 1).text, 2, ""), .key = key);
	}
	assert_int_equal(number(till, "SELECT count(*) FROM audit_log WHERE count = 1"), 10);
	assert_int_equal(told(till), 10);
	free_folding(till);
}

/*
 * The sum.
 */

enum {
	FLOOD = 150
};

struct flood {
	struct promo_test_database *database;
	struct promo_audit_folds *folds; /* of the process */
	struct person clerk;
	_Atomic bool *stop; /* NULL: FLOOD of each */
	_Atomic long answered;
};

/* Verifies one code, and knocks at the door as nobody. */
static void *flood(void *context)
{
	struct flood *own = context;
	struct till *till = till_new(own->database);

	till->config.audit_folds = own->folds;
	for (int i = 0; own->stop ? !atomic_load(own->stop) : i < FLOOD; i++) {
		assert_int_equal(ASK(till, VERIFY(own->clerk, 1)), 200);
		assert_int_equal(ASK(till, .op = &promo_op_user_list), 401);
		atomic_fetch_add(&own->answered, 2);
	}
	till_free(till);
	return NULL;
}

/* Two processes, each with a memory of its own, as the database sees them. */
static void test_the_sum_is_exact(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct promo_audit_folds *folds[2];
	struct flood floods[THREADS];
	pthread_t threads[THREADS];
	long rows;

	(void)stock_batch(till, 'W', 2);
	forget(till);
	for (int i = 0; i < 2; i++)
		assert_int_equal(promo_audit_folds_new(0, &folds[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		floods[i] = (struct flood){
			.database = till->database, .folds = folds[i % 2], .clerk = clerk
		};
		assert_int_equal(pthread_create(&threads[i], NULL, flood, &floods[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(told(till), THREADS * FLOOD * 2);
	rows = number(till, "SELECT count(*) FROM audit_log");
	assert_in_range(rows, 4, 40);
	/* Whoever looks sees all of it, before and after. */
	assert_int_equal(number(till, "SELECT sum(count) FROM audit_rows"), THREADS * FLOOD * 2);
	flush(till);
	assert_int_equal(number(till, "SELECT count(*) FROM audit_folds"), 0);
	assert_int_equal(number(till, "SELECT sum(count) FROM audit_rows"), THREADS * FLOOD * 2);
	/* A minute or two of each of the two kinds, whoever counted them. */
	assert_in_range(number(till, "SELECT count(*) FROM audit_log WHERE count > 1"), 2, 20);
	assert_int_equal(
		number(till,
			"SELECT count(*) FROM audit_log WHERE count > 1 AND NOT coalesce("
			"CASE action WHEN 'code.verify' THEN outcome = 'allowed' AND entity_kind = "
			"'code' AND actor_id IS NOT NULL AND permission = 'promo-codes.search' "
			"ELSE action = 'user.list' AND outcome = 'denied' AND actor_kind = "
			"'anonymous' AND error = 'unauthenticated' AND entity_id IS NULL END "
			"AND host(ip) = '192.0.2.7' AND request_id = 'test-request' AND user_agent "
			"= 'till' AND changes = '[]' AND at <= now(), false)"),
		0);
	assert_dense(till);
	for (int i = 0; i < 2; i++)
		promo_audit_folds_free(folds[i]);
}

/* What counts and what moves the counts meet all the time. */
static void test_moved_while_counted(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	_Atomic bool stop = false;
	struct promo_audit_folds *folds;
	struct flood floods[THREADS];
	pthread_t threads[THREADS];
	long answered = 0;

	forget(till);
	assert_int_equal(promo_audit_folds_new(0, &folds), 0);
	for (int i = 0; i < THREADS; i++) {
		floods[i] = (struct flood){
			.database = till->database, .folds = folds, .clerk = clerk, .stop = &stop
		};
		assert_int_equal(pthread_create(&threads[i], NULL, flood, &floods[i]), 0);
	}
	for (int i = 0; i < 30; i++)
		flush(till);
	atomic_store(&stop, true);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		answered += atomic_load(&floods[i].answered);
	}
	assert_int_equal(told(till), answered);
	flush(till);
	assert_int_equal(number(till, "SELECT sum(count) FROM audit_log"), answered);
	assert_dense(till);
	promo_audit_folds_free(folds);
}

/* A process that is killed at any moment: what it answered is told, and at most the one request that
 * it was at beside. */
static void test_killed_in_between(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");

	for (int round = 0; round < 5; round++) {
		int64_t until_ms = promo_monotonic_ms() + 60000;
		long answered = 0;
		int ends[2];
		char byte;
		pid_t child;

		forget(till);
		assert_int_equal(pipe(ends), 0);
		child = promo_test_fork();
		if (child == 0) {
			struct till *own = folding_till(till->database);

			for (;;) {
				if (ASK(own, VERIFY(clerk, 2)) != 200)
					_exit(1);
				if (write(ends[1], "x", 1) != 1)
					_exit(2);
			}
		}
		assert_true(child > 0);
		(void)close(ends[1]);
		while (answered < 20 + round) {
			assert_int_equal(read(ends[0], &byte, 1), 1);
			answered++;
			assert_true(promo_monotonic_ms() < until_ms);
		}
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		while (read(ends[0], &byte, 1) == 1)
			answered++;
		(void)close(ends[0]);
		/* Its backend may be at its last transaction yet. */
		while (number(till, "SELECT count(*) FROM pg_stat_activity WHERE datname = "
				    "current_database() AND state <> 'idle' AND pid <> "
				    "pg_backend_pid()") > 0) {
			assert_true(promo_monotonic_ms() < until_ms);
			(void)poll(NULL, 0, 5);
		}
		assert_in_range(told(till), answered, answered + 1);
		flush(till);
		assert_in_range(told(till), answered, answered + 1);
	}
}

/* A writer that was closed takes another number, and nothing is missing. */
static void test_a_closed_writer(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	long writers;

	assert_int_equal(ASK(till, .op = &promo_op_me_show, .token = clerk.token), 200);
	forget(till);
	writers = number(till, "SELECT count(*) FROM audit_writers");
	(void)promo_test_sql(till->database, "UPDATE audit_writers SET closed_at = now()");
	assert_int_equal(ASK(till, .op = &promo_op_me_show, .token = clerk.token), 200);
	assert_int_equal(number(till, "SELECT count(*) FROM audit_writers"), writers + 1);
	assert_int_equal(told(till), 1);
	assert_dense(till);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_key_is_remembered),
		cmocka_unit_test(test_only_one_is_the_first),
		cmocka_unit_test(test_what_folds),
		cmocka_unit_test(test_what_differs),
		cmocka_unit_test(test_what_writes_has_its_row),
		cmocka_unit_test(test_the_sum_is_exact),
		cmocka_unit_test(test_moved_while_counted),
		cmocka_unit_test(test_killed_in_between),
		cmocka_unit_test(test_a_closed_writer),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
