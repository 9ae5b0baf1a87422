/* SPDX-License-Identifier: MIT */
/* Each way in which a statement, a transaction or a connection can fail is told apart as the runner
 * needs it, on a real server; nothing that people typed reaches the log; and after each of them the
 * connection can be used again. */
#include "tests/store/fixture.h"

static void test_refusals_by_constraint(void **state)
{
	static const struct {
		const char *name;
		int error; /* 0: a fault */
		enum promo_store_failure failure;
	} cases[] = {
		{ "raise 23505 users_email_key", PROMO_E_EMAIL_TAKEN, PROMO_STORE_FINE },
		{ "raise 23505 users_phone_number_key", PROMO_E_PHONE_NUMBER_TAKEN,
			PROMO_STORE_FINE },
		{ "raise 23505 batches_batch_name_key", PROMO_E_BATCH_NAME_TAKEN,
			PROMO_STORE_FINE },
		{ "raise 23505 user_role_assignments_key", PROMO_E_ROLE_ALREADY_ASSIGNED,
			PROMO_STORE_FINE },
		{ "raise 23505 redemptions_promo_code_key", 0, PROMO_STORE_RETRY },
		{ "raise 23505 promo_codes_code_key", 0, PROMO_STORE_RETRY },
		{ "raise 23514 batches_ready_codes_check", 0, PROMO_STORE_FAULT },
		{ "raise 23503 sessions_user_fkey", 0, PROMO_STORE_FAULT },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		int r;

		assert_int_equal(promo_store_begin(fixture->store), 0);
		r = insert(fixture, cases[i].name);
		assert_true(cases[i].error ? r == cases[i].error : r < 0);
		assert_failure(fixture, cases[i].failure);
		assert_string_equal(
			promo_store_constraint(fixture->store), strrchr(cases[i].name, ' ') + 1);
		promo_store_rollback(fixture->store);
	}
	assert_int_equal(insert(fixture, "late raise 23505 users_email_key"), PROMO_E_EMAIL_TAKEN);
	assert_usable(fixture);
	assert_null(promo_store_constraint(fixture->store));
}

static void test_failures_by_state(void **state)
{
	static const struct {
		const char *state;
		enum promo_store_failure failure;
	} cases[] = {
		{ "40001", PROMO_STORE_RETRY },
		{ "40P01", PROMO_STORE_RETRY },
		{ "55P03", PROMO_STORE_RETRY },
		{ "53100", PROMO_STORE_FULL },
		{ "53200", PROMO_STORE_FULL },
		{ "57014", PROMO_STORE_FULL },
		{ "25006", PROMO_STORE_LOST },
		{ "57P01", PROMO_STORE_LOST },
		{ "08006", PROMO_STORE_LOST },
		{ "40003", PROMO_STORE_LOST },
		{ "42501", PROMO_STORE_FAULT },
		{ "XX000", PROMO_STORE_FAULT },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "raise %s", cases[i].state);
		assert_int_equal(promo_store_begin(fixture->store), 0);
		assert_true(insert(fixture, name) < 0);
		assert_failure(fixture, cases[i].failure);
		promo_store_rollback(fixture->store);
		if (cases[i].failure == PROMO_STORE_LOST)
			assert_int_equal(promo_store_reopen(fixture->store), 0);
		assert_usable(fixture);
	}
}

static void test_failures_at_commit(void **state)
{
	/* The server ends the session, or has become a standby, or does not know itself. */
	static const char *const unknown[] = { "57P01", "57P02", "08007", "25006", "40003" };
	struct fixture *fixture = *state;

	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(insert(fixture, "late raise 40001"), 0);
	assert_true(promo_store_commit(fixture->store) < 0);
	assert_failure(fixture, PROMO_STORE_RETRY);
	assert_usable(fixture);

	for (size_t i = 0; i < PROMO_COUNT(unknown); i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "late raise %s", unknown[i]);
		assert_int_equal(promo_store_begin(fixture->store), 0);
		assert_int_equal(insert(fixture, name), 0);
		assert_true(promo_store_commit(fixture->store) < 0);
		assert_failure(fixture, PROMO_STORE_UNKNOWN);
		assert_int_equal(promo_store_reopen(fixture->store), 0);
		assert_usable(fixture);
	}

	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_true(insert(fixture, "raise 40001") < 0);
	assert_true(promo_store_commit(fixture->store) < 0);
	assert_failure(fixture, PROMO_STORE_FAULT);
	assert_usable(fixture);
}

static void test_standby_did_not_confirm(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(insert(fixture, "late warn waiting for synchronous replication"), 0);
	assert_true(promo_store_commit(fixture->store) < 0);
	assert_failure(fixture, PROMO_STORE_UNKNOWN);
	assert_usable(fixture);
}

static void test_backend_killed(void **state)
{
	struct fixture *fixture = *state;

	/* Idle: nothing was committed by what came after. */
	terminate(fixture);
	assert_true(promo_store_begin(fixture->store) < 0);
	assert_failure(fixture, PROMO_STORE_LOST);
	assert_true(promo_store_begin(fixture->store) < 0);
	assert_failure(fixture, PROMO_STORE_LOST);
	assert_int_equal(promo_store_reopen(fixture->store), 0);
	assert_usable(fixture);

	/* In a transaction. */
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(insert(fixture, "gone"), 0);
	terminate(fixture);
	assert_true(insert(fixture, "gone") < 0);
	assert_failure(fixture, PROMO_STORE_LOST);
	promo_store_rollback(fixture->store);
	assert_int_equal(promo_store_reopen(fixture->store), 0);
	assert_usable(fixture);
	assert_string_equal(promo_test_sql(fixture->database,
				    "SELECT count(*) FROM schema_migrations WHERE name = 'gone'"),
		"0");

	/* A write outside a transaction may have been committed. */
	terminate(fixture);
	assert_true(insert(fixture, "gone") < 0);
	assert_failure(fixture, PROMO_STORE_UNKNOWN);
	assert_int_equal(promo_store_reopen(fixture->store), 0);
	assert_usable(fixture);
}

/* Ends the session that sleeps in its COMMIT. */
static void *kill_sleeper(void *argument)
{
	const struct promo_test_database *database = argument;
	const char *sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
			  " WHERE datname = current_database() AND wait_event = 'PgSleep'";
	PGconn *connection = PQconnectdb(database->owner_uri);
	bool done = false;

	while (!done) {
		PGresult *result = PQexec(connection, sql);

		done = PQresultStatus(result) != PGRES_TUPLES_OK ||
		       strcmp(PQgetvalue(result, 0, 0), "0") != 0;
		PQclear(result);
	}
	PQfinish(connection);
	return NULL;
}

static void test_killed_while_committing(void **state)
{
	struct fixture *fixture = *state;
	pthread_t killer;

	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(insert(fixture, "late sleep 60"), 0);
	assert_int_equal(pthread_create(&killer, NULL, kill_sleeper, fixture->database), 0);
	assert_true(promo_store_commit(fixture->store) < 0);
	assert_int_equal(pthread_join(killer, NULL), 0);
	assert_failure(fixture, PROMO_STORE_UNKNOWN);
	assert_int_equal(promo_store_reopen(fixture->store), 0);
	assert_usable(fixture);
}

struct rival {
	const struct fixture *fixture;
	struct promo_store *store;
	int64_t version;
	int result;
};

static void *insert_in_thread(void *argument)
{
	struct rival *rival = argument;
	struct fixture own = { .arena = promo_arena_new(65536) };

	rival->result = insert_version(&own, rival->store, rival->version, "rival");
	promo_arena_free(own.arena);
	return NULL;
}

static void test_deadlock(void **state)
{
	struct fixture *fixture = *state;
	struct promo_store *other = open_with(fixture->database, "", false);
	struct rival rival = { .store = other, .version = 1, .result = 0 };
	pthread_t thread;
	int r;

	promo_test_sql(fixture->database, "ALTER DATABASE %s SET deadlock_timeout = '50ms'",
		fixture->database->name);
	promo_test_sql(fixture->database, "DELETE FROM schema_migrations");
	assert_int_equal(promo_store_reopen(fixture->store), 0);
	assert_int_equal(promo_store_reopen(other), 0);
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(promo_store_begin(other), 0);
	assert_int_equal(insert_version(fixture, fixture->store, 1, "mine"), 0);
	assert_int_equal(insert_version(fixture, other, 2, "rival"), 0);
	assert_int_equal(pthread_create(&thread, NULL, insert_in_thread, &rival), 0);
	r = insert_version(fixture, fixture->store, 2, "mine");
	/* Whoever was chosen: the other waits for his rollback. */
	if (r) {
		assert_failure(fixture, PROMO_STORE_RETRY);
		promo_store_rollback(fixture->store);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true((r != 0) != (rival.result != 0));
	if (!r)
		assert_int_equal(promo_store_failure(other), PROMO_STORE_RETRY);
	promo_store_rollback(other);
	promo_store_close(other);
	assert_usable(fixture);
}

static void test_serialization(void **state)
{
	struct fixture *fixture = *state;
	const struct promo_params none = PROMO_PARAMS(fixture->arena);
	struct promo_moment_row row;

	promo_store_close(fixture->store);
	fixture->store = open_with(fixture->database,
		"&options=-c%20default_transaction_isolation%3Drepeatable%5C%20read", false);
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(list(fixture, fixture->store, NULL), 0);
	promo_test_sql(fixture->database,
		"UPDATE schema_migrations SET applied_at = now() WHERE version = 0");
	assert_true(promo_store_one(fixture->store, fixture->arena, PROMO_Q_MIGRATION_LOCK, &none,
			    &row) < 0);
	assert_failure(fixture, PROMO_STORE_RETRY);
	assert_usable(fixture);
}

static void test_nothing_personal_is_logged(void **state)
{
	struct fixture *fixture = *state;
	struct promo_params params = PROMO_PARAMS(fixture->arena);

	promo_param_text(&params, "SECRET-CODE");
	promo_param_text(&params, "SECRET-NAME");
	promo_param_text(&params, "x");
	assert_true(promo_store_exec(fixture->store, PROMO_Q_MIGRATION_INSERT, &params, NULL) < 0);
	assert_failure(fixture, PROMO_STORE_FAULT);
	promo_test_sql(
		fixture->database, "CREATE UNIQUE INDEX test_key ON schema_migrations (name)");
	assert_int_equal(insert(fixture, "SECRET-NAME"), 0);
	assert_true(insert(fixture, "SECRET-NAME") < 0);
	assert_true(promo_test_logged("test_key"));
	assert_false(promo_test_logged("SECRET"));
	assert_usable(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_refusals_by_constraint),
		TEST(test_failures_by_state),
		TEST(test_failures_at_commit),
		TEST(test_standby_did_not_confirm),
		TEST(test_backend_killed),
		TEST(test_killed_while_committing),
		TEST(test_deadlock),
		TEST(test_serialization),
		TEST(test_nothing_personal_is_logged),
	};

	return cmocka_run_group_tests_name("store/failure", tests, NULL, NULL);
}
