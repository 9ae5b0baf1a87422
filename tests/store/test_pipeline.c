/* SPDX-License-Identifier: MIT */
/* Groups of statements are transactions of their own, all or nothing, whatever their size; whatever
 * happens to the server or to the connection under a group is told apart as with a store; and nothing
 * ever waits but the epoll_wait() of the loop. */
#include <signal.h>
#include <sys/socket.h>

#include "tests/store/loop.h"

/* A connection that keeps everybody else from the table, until PQfinish(). */
static PGconn *lock_table(const struct fixture *fixture)
{
	PGconn *holder = PQconnectdb(fixture->database->owner_uri);

	PQclear(PQexec(holder, "BEGIN"));
	PQclear(PQexec(holder, "LOCK TABLE schema_migrations"));
	assert_int_equal(PQtransactionStatus(holder), PQTRANS_INTRANS);
	return holder;
}

static void test_rows(void **state)
{
	struct fixture *fixture = *state;
	struct loop loop = open_plain(fixture);
	struct promo_objects rows;
	size_t before;

	assert_int_equal(promo_pipeline_generation(loop.pipeline), 0);
	run_until(&loop, PROMO_PIPELINE_IDLE);
	assert_int_equal(promo_pipeline_generation(loop.pipeline), 1);
	assert_int_equal(promo_pipeline_deadline_ms(loop.pipeline), INT64_MAX);
	add_list(&loop);
	add_insert(fixture, &loop, "first");
	add_insert(fixture, &loop, "second");
	assert_int_equal(promo_pipeline_add(loop.pipeline, PROMO_Q_MIGRATION_LOCK, NULL), 0);
	add_list(&loop);
	assert_int_equal(promo_pipeline_send(loop.pipeline, true), 0);
	assert_int_equal(promo_pipeline_state(loop.pipeline), PROMO_PIPELINE_BUSY);
	assert_ends(&loop, 0, PROMO_STORE_FINE);
	before = count_rows(fixture, &loop, 0);
	assert_true(before > 1);
	assert_int_equal(count_rows(fixture, &loop, 1), 0);
	assert_int_equal(count_rows(fixture, &loop, 4), before + 2);
	assert_int_equal(promo_pipeline_rows(loop.pipeline, 3, fixture->arena, &rows), 0);
	assert_int_equal(rows.count, 1);
	assert_true(((const struct promo_moment_row *)rows.items)->at > 0);
	assert_true(promo_pipeline_rows(loop.pipeline, 5, fixture->arena, &rows) < 0);
	assert_int_equal(promo_pipeline_clear(loop.pipeline), PROMO_PIPELINE_IDLE);
	assert_true(promo_pipeline_rows(loop.pipeline, 0, fixture->arena, &rows) < 0);

	/* What is cleared before it was sent never happens. */
	add_insert(fixture, &loop, "never");
	assert_int_equal(promo_pipeline_clear(loop.pipeline), PROMO_PIPELINE_IDLE);
	assert_works(fixture, &loop, 1);
	assert_int_equal(count_named(fixture, "never"), 0);
	close_loop(&loop);
}

static void test_all_or_nothing(void **state)
{
	static const struct {
		const char *name;
		int result;
		enum promo_store_failure failure;
	} cases[] = {
		{ "raise 23505 users_email_key", PROMO_E_EMAIL_TAKEN, PROMO_STORE_FINE },
		{ "raise 23505 redemptions_idempotency_key_key", -1, PROMO_STORE_RETRY },
		{ "raise 23514 batches_ready_codes_check", -1, PROMO_STORE_FAULT },
		{ "raise 40P01", -1, PROMO_STORE_RETRY },
		{ "raise 53100", -1, PROMO_STORE_FULL },
		{ "late raise 40001", -1, PROMO_STORE_RETRY },
		{ "late raise 23505 users_email_key", PROMO_E_EMAIL_TAKEN, PROMO_STORE_FINE },
	};
	struct fixture *fixture = *state;
	struct loop loop = open_plain(fixture);

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		run_until(&loop, PROMO_PIPELINE_IDLE);
		add_insert(fixture, &loop, "before");
		add_insert(fixture, &loop, cases[i].name);
		add_insert(fixture, &loop, "after");
		add_list(&loop);
		assert_int_equal(promo_pipeline_send(loop.pipeline, true), 0);
		assert_ends(&loop, cases[i].result, cases[i].failure);
		assert_int_equal(count_named(fixture, "before"), 0);
		assert_int_equal(count_named(fixture, "after"), 0);
		assert_works(fixture, &loop, 1);
	}
	close_loop(&loop);
}

static void test_standby_did_not_confirm(void **state)
{
	struct fixture *fixture = *state;
	struct loop loop = open_plain(fixture);

	begin_insert(fixture, &loop, "late warn waiting for synchronous replication");
	assert_ends(&loop, -1, PROMO_STORE_UNKNOWN);
	assert_works(fixture, &loop, 1);
	close_loop(&loop);
}

/* Ended by the server with a message, and cut without one. */
static void test_lost_under_a_group(void **state)
{
	struct fixture *fixture = *state;
	struct loop loop = open_patient(fixture);
	PGconn *holder;

	run_until(&loop, PROMO_PIPELINE_IDLE);
	for (unsigned i = 0; i < 2; i++) {
		holder = lock_table(fixture);

		begin_list(&loop);
		await(fixture, "wait_event_type = 'Lock'");
		if (i == 0)
			terminate_waiting(fixture);
		else
			assert_int_equal(shutdown(promo_pipeline_fd(loop.pipeline), SHUT_RDWR), 0);
		assert_ends(&loop, -1, PROMO_STORE_LOST);
		PQfinish(holder);
		assert_int_equal(promo_pipeline_clear(loop.pipeline), PROMO_PIPELINE_DOWN);
		assert_works(fixture, &loop, i + 2);
	}
	/* While it writes, and while it commits. */
	begin_insert(fixture, &loop, "sleep 60");
	await(fixture, "wait_event = 'PgSleep'");
	terminate(fixture);
	assert_ends(&loop, -1, PROMO_STORE_UNKNOWN);
	assert_works(fixture, &loop, 4);
	begin_insert(fixture, &loop, "late sleep 60");
	await(fixture, "wait_event = 'PgSleep'");
	terminate(fixture);
	assert_ends(&loop, -1, PROMO_STORE_UNKNOWN);
	assert_works(fixture, &loop, 5);
	/* The cut one goes on without us, and commits. */
	run_until(&loop, PROMO_PIPELINE_IDLE);
	holder = lock_table(fixture);
	begin_insert(fixture, &loop, "without us");
	await(fixture, "wait_event_type = 'Lock'");
	assert_int_equal(shutdown(promo_pipeline_fd(loop.pipeline), SHUT_RDWR), 0);
	assert_ends(&loop, -1, PROMO_STORE_UNKNOWN);
	PQfinish(holder);
	assert_works(fixture, &loop, 6);
	while (count_named(fixture, "without us") == 0)
		;
	close_loop(&loop);
}

/* What was said before the connection went has been read to its end. One turn may lose a connection and
 * have the next, so their number tells, and not the state in between. */
static void assert_lost_afterwards(struct loop *loop)
{
	const unsigned lost = promo_pipeline_generation(loop->pipeline);

	(void)promo_pipeline_clear(loop->pipeline);
	while (promo_pipeline_generation(loop->pipeline) == lost)
		turn(loop);
	run_until(loop, PROMO_PIPELINE_IDLE);
}

/* An error that was seen before the connection went is what happened. */
static void test_proven_before_the_loss(void **state)
{
	struct fixture *fixture = *state;
	struct loop loop = open_plain(fixture);

	run_until(&loop, PROMO_PIPELINE_IDLE);
	add_insert(fixture, &loop, "raise 40001");
	assert_int_equal(promo_pipeline_send(loop.pipeline, true), 0);
	await(fixture, "state = 'idle' AND query LIKE 'INSERT INTO schema_migrations%%'");
	assert_int_equal(shutdown(promo_pipeline_fd(loop.pipeline), SHUT_WR), 0);
	assert_ends(&loop, -1, PROMO_STORE_RETRY);
	assert_lost_afterwards(&loop);
	assert_works(fixture, &loop, 2);

	/* So is a commit. */
	begin_insert(fixture, &loop, "there");
	await(fixture, "state = 'idle' AND query LIKE 'INSERT INTO schema_migrations%%'");
	while (count_named(fixture, "there") == 0)
		;
	terminate(fixture);
	assert_ends(&loop, 0, PROMO_STORE_FINE);
	assert_lost_afterwards(&loop);
	assert_works(fixture, &loop, 3);
	close_loop(&loop);
}

static void test_silence(void **state)
{
	struct fixture *fixture = *state;
	struct loop loop = open_like(&(struct promo_pipeline_config){
		.uri = fixture->database->owner_uri, .silence_ms = 2000 });
	const struct {
		bool writes;
		enum promo_store_failure failure;
	} cases[] = { { false, PROMO_STORE_LOST }, { true, PROMO_STORE_UNKNOWN } };

	for (unsigned i = 0; i < PROMO_COUNT(cases); i++) {
		pid_t backend;

		promo_store_close(fixture->store);
		fixture->store = NULL;
		run_until(&loop, PROMO_PIPELINE_IDLE);
		backend = (pid_t)strtol(promo_test_sql(fixture->database,
						"SELECT pid FROM pg_stat_activity WHERE datname ="
						" current_database() AND pid <> pg_backend_pid()"),
			NULL, 10);
		assert_true(backend > 1);
		assert_int_equal(kill(backend, SIGSTOP), 0);
		if (cases[i].writes)
			add_insert(fixture, &loop, "silent");
		else
			add_list(&loop);
		assert_int_equal(promo_pipeline_send(loop.pipeline, cases[i].writes), 0);
		run_until(&loop, PROMO_PIPELINE_DONE);
		assert_int_equal(kill(backend, SIGCONT), 0);
		assert_ends(&loop, -1, cases[i].failure);
		assert_works(fixture, &loop, i + 2);
	}
	assert_true(promo_test_logged("the database is silent"));
	close_loop(&loop);
}

/* The server writes more than any buffer takes while we still send as much: whoever does not read
 * while he writes waits for ever. */
static void test_large_group(void **state)
{
	enum {
		HALF = PROMO_PIPELINE_MAX / 2,
		NAME_SIZE = 65536
	};
	struct fixture *fixture = *state;
	struct loop loop = open_plain(fixture);
	char *name = malloc(NAME_SIZE);
	bool waited_for_writing = false;

	assert_non_null(name);
	memset(name, 'x', NAME_SIZE);
	name[NAME_SIZE - 1] = '\0';
	promo_test_sql(fixture->database,
		"INSERT INTO schema_migrations SELECT 100000, string_agg(g::text, ''), ''"
		" FROM generate_series(1, 40000) g");
	run_until(&loop, PROMO_PIPELINE_IDLE);
	for (size_t i = 0; i < HALF; i++)
		add_list(&loop);
	for (size_t i = 0; i < HALF; i++)
		add_insert(fixture, &loop, name);
	assert_int_equal(promo_pipeline_send(loop.pipeline, true), 0);
	while (promo_pipeline_state(loop.pipeline) == PROMO_PIPELINE_BUSY) {
		waited_for_writing |= promo_pipeline_wants_write(loop.pipeline);
		turn(&loop);
	}
	assert_true(waited_for_writing);
	assert_ends(&loop, 0, PROMO_STORE_FINE);
	assert_true(count_rows(fixture, &loop, HALF - 1) > 1);
	assert_string_equal(
		promo_test_sql(fixture->database,
			"SELECT count(*) FROM schema_migrations WHERE length(name) = %d",
			NAME_SIZE - 1),
		"128");
	assert_works(fixture, &loop, 1);

	/* One more is refused, and nothing of it was sent. */
	for (size_t i = 0; i < PROMO_PIPELINE_MAX; i++)
		add_insert(fixture, &loop, "too many");
	assert_true(promo_pipeline_add(loop.pipeline, PROMO_Q_MIGRATION_LIST, NULL) < 0);
	assert_ends(&loop, -1, PROMO_STORE_FAULT);
	assert_works(fixture, &loop, 1);
	assert_int_equal(count_named(fixture, "too many"), 0);
	free(name);
	close_loop(&loop);
}

static void test_mistakes(void **state)
{
	struct fixture *fixture = *state;
	struct promo_params failed = PROMO_PARAMS(fixture->arena), few = failed;
	struct loop loop = open_plain(fixture);
	struct promo_pipeline *none = NULL;
	const enum promo_query copying[] = { PROMO_Q_CODE_COPY, PROMO_Q_COUNT },
			       listing[] = { PROMO_Q_MIGRATION_LIST, PROMO_Q_COUNT };
	const struct promo_pipeline_config nonsense = { .uri = "postgresql://[",
		.statements = listing },
					   copies = { .uri = fixture->database->owner_uri,
						   .statements = copying };
	const struct promo_params *wrong[] = { &failed, &few, NULL };

	for (int i = 0; i < 3; i++)
		promo_param_text(&failed, "1");
	failed.failed = true;
	promo_param_text(&few, "1");
	assert_true(promo_pipeline_add(loop.pipeline, PROMO_Q_MIGRATION_LIST, NULL) < 0);
	assert_true(promo_pipeline_send(loop.pipeline, false) < 0);
	run_until(&loop, PROMO_PIPELINE_IDLE);
	assert_true(promo_pipeline_send(loop.pipeline, false) < 0);
	for (size_t i = 0; i < PROMO_COUNT(wrong); i++) {
		add_insert(fixture, &loop, "before");
		assert_true(
			promo_pipeline_add(loop.pipeline, PROMO_Q_MIGRATION_INSERT, wrong[i]) < 0);
		assert_ends(&loop, -1, PROMO_STORE_FAULT);
		assert_works(fixture, &loop, 1);
	}
	assert_true(promo_pipeline_add(loop.pipeline, PROMO_Q_SETTING_LIST, NULL) < 0);
	assert_ends(&loop, -1, PROMO_STORE_FAULT);
	assert_works(fixture, &loop, 1);
	assert_int_equal(count_named(fixture, "before"), 0);

	assert_true(promo_pipeline_new(&nonsense, &none) < 0);
	assert_true(promo_pipeline_new(&copies, &none) < 0);
	assert_null(none);
	promo_pipeline_free(NULL);
	close_loop(&loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_all_or_nothing),
		TEST(test_standby_did_not_confirm),
		TEST(test_lost_under_a_group),
		TEST(test_proven_before_the_loss),
		TEST(test_silence),
		TEST(test_large_group),
		TEST(test_mistakes),
	};

	return cmocka_run_group_tests_name("store/pipeline", tests, NULL, NULL);
}
