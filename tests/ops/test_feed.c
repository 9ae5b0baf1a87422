/* SPDX-License-Identifier: MIT */
/* Whoever reads the audit trail from a position sees each row once: across writers that commit in any order,
 * come and go, and across positions that were written down in between. */
#include "libpromo/ops/feed.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/store/store.h"
#include "tests/lib/database.h"
#include "tests/lib/test.h"

struct scene {
	struct promo_test_database *database;
	struct promo_store *store;
	struct promo_arena *arena;
	char position[8192];
};

static int set_up(void **state)
{
	struct scene *s = test_calloc(1, sizeof(*s));
	struct promo_store_config config;

	s->database = promo_test_database_new();
	assert_non_null(s->database);
	config = (struct promo_store_config){ .uri = s->database->app_uri };
	assert_int_equal(promo_store_open(&config, &s->store), 0);
	s->arena = promo_arena_new(64 * 1024 * 1024);
	assert_non_null(s->arena);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;

	promo_store_close(s->store);
	promo_arena_free(s->arena);
	promo_test_database_free(s->database);
	test_free(s);
	return 0;
}

static void keep(struct scene *s, const char *position)
{
	assert_true(strlen(position) < sizeof(s->position));
	memmove(s->position, position, strlen(position) + 1);
}

static int begin(void **state)
{
	struct scene *s = *state;
	const char *position;

	promo_arena_clear(s->arena);
	(void)promo_test_sql(s->database, "TRUNCATE audit_log, audit_writers RESTART IDENTITY");
	assert_int_equal(promo_feed_now(s->store, s->arena, &position), 0);
	keep(s, position);
	return 0;
}
#define FEED_TEST(name) cmocka_unit_test_setup_teardown(name, begin, NULL)

/* The statements, for a connection in a transaction as well. */
static const char *registers(void)
{
	return "INSERT INTO audit_writers (process) VALUES ('test') RETURNING id";
}

static const char *writes(int writer, int count, const char *action)
{
	static char text[1024];

	(void)snprintf(text, sizeof(text),
		"WITH w AS (UPDATE audit_writers SET seq = seq + %d WHERE id = %d RETURNING seq - "
		"%d AS before) INSERT INTO audit_log (writer_id, seq, id, actor_kind, action, "
		"outcome) SELECT %d, before + n, gen_random_uuid(), 'system', '%s', 'allowed' "
		"FROM w, generate_series(1, %d) n",
		count, writer, count, writer, action, count);
	return text;
}

static void add_writer(struct scene *s)
{
	(void)promo_test_sql(s->database, "%s", registers());
}

static void add(struct scene *s, int writer, int count, const char *action)
{
	(void)promo_test_sql(s->database, "%s", writes(writer, count, action));
}

static void age_writers(struct scene *s)
{
	(void)promo_test_sql(s->database,
		"UPDATE audit_writers SET created_at = created_at - interval '1 hour'");
}

/* One reading from the position on, which moves. */
static struct promo_feed_batch take(struct scene *s, int64_t limit, struct promo_texts actions)
{
	struct promo_feed_batch batch;

	assert_int_equal(
		promo_feed_read(s->store, s->arena, s->position, actions, limit, &batch), 0);
	keep(s, batch.position);
	return batch;
}

static const struct promo_texts all;

/* What is read are these rows: "1.1 2.1" is the first of writer 1, then the first of writer 2. */
static void assert_reads(struct scene *s, const char *expected)
{
	struct promo_feed_batch batch = take(s, 100, all);
	char read[1024] = "";

	for (size_t i = 0; i < batch.count; i++)
		(void)snprintf(read + strlen(read), sizeof(read) - strlen(read), "%s%d.%d",
			i ? " " : "", (int)batch.rows[i].writer_id, (int)batch.rows[i].seq);
	assert_string_equal(read, expected);
	assert_false(batch.lost);
}

static void test_each_row_once(void **state)
{
	struct scene *s = *state;

	assert_reads(s, "");
	add_writer(s);
	add_writer(s);
	assert_reads(s, "");
	add(s, 2, 2, "a.b");
	assert_reads(s, "2.1 2.2");
	assert_reads(s, "");
	add(s, 1, 1, "a.b");
	add(s, 2, 1, "a.b");
	assert_reads(s, "1.1 2.3");
	assert_reads(s, "");
}

static void test_commits_out_of_order(void **state)
{
	struct scene *s = *state;
	PGconn *slow = PQconnectdb(s->database->owner_uri);

	add_writer(s);
	PQclear(PQexec(slow, "BEGIN"));
	PQclear(PQexec(slow, writes(1, 2, "a.slow")));
	/* A writer that is registered later, and is seen earlier. */
	add_writer(s);
	add(s, 2, 1, "a.fast");
	assert_reads(s, "2.1");
	PQclear(PQexec(slow, "COMMIT"));
	assert_reads(s, "1.1 1.2");
	PQclear(PQexec(slow, "BEGIN"));
	PQclear(PQexec(slow, registers()));
	add_writer(s);
	add(s, 4, 1, "a.fast");
	assert_reads(s, "4.1");
	PQclear(PQexec(slow, writes(3, 1, "a.slow")));
	PQclear(PQexec(slow, "COMMIT"));
	assert_reads(s, "3.1");
	PQfinish(slow);
}

static void test_from_every_row_on(void **state)
{
	struct scene *s = *state;
	struct promo_feed_batch batch, rest;

	for (int i = 0; i < 3; i++)
		add_writer(s);
	for (int i = 0; i < 12; i++)
		add(s, 1 + i * 7 % 3, 1 + i % 2, "a.b");
	/* A count of a minute comes behind what is younger: of a writer the order is that of its rows. */
	(void)promo_test_sql(
		s->database, "UPDATE audit_log SET at = at - interval '1 minute' WHERE seq = 3");
	batch = take(s, 100, all);
	assert_int_equal(batch.count, 18);
	for (size_t i = 0; i < batch.count; i++) {
		const char *position;
		const bool *behind;
		size_t from;

		/* Some are left out, as by a filter. */
		if (i % 5 == 3)
			continue;
		assert_int_equal(promo_feed_step(&batch, i, s->arena, &position), 0);
		assert_int_equal(promo_feed_read(s->store, s->arena, position, all, 100, &rest), 0);
		assert_int_equal(rest.count, batch.count - i - 1);
		for (size_t j = 0; j < rest.count; j++)
			assert_string_equal(rest.rows[j].id, batch.rows[i + 1 + j].id);
		assert_int_equal(promo_feed_behind(&batch, position, s->arena, &behind, &from), 0);
		assert_int_equal(from, i + 1);
		for (size_t j = 0; j < batch.count; j++)
			assert_int_equal(behind[j], j > i);
	}
}

static void test_limits_and_actions(void **state)
{
	struct scene *s = *state;
	const char *wanted = "a.wanted";
	const struct promo_texts actions = { &wanted, 1 };
	size_t seen = 0;
	int rounds = 0;
	bool more = true;

	for (int i = 1; i <= 3; i++) {
		add_writer(s);
		add(s, i, 100, "a.b");
		add(s, i, 10, "a.wanted");
	}
	for (; more; rounds++) {
		struct promo_feed_batch batch = take(s, 30, actions);

		assert_true(batch.count <= 33);
		for (size_t i = 0; i < batch.count; i++)
			assert_string_equal(batch.rows[i].action, "a.wanted");
		seen += batch.count;
		more = batch.more;
	}
	assert_int_equal(seen, 30);
	assert_int_equal(rounds, 10);
	assert_reads(s, "");
}

static void test_writers_come_and_go(void **state)
{
	struct scene *s = *state;
	size_t size;

	for (int i = 1; i <= 50; i++)
		add_writer(s);
	add(s, 7, 1, "a.b");
	age_writers(s);
	assert_reads(s, "7.1");
	size = strlen(s->position);
	/* All of them were learnt of, also those that wrote nothing so far. */
	add(s, 3, 1, "a.b");
	assert_reads(s, "3.1");
	add(s, 9, 1, "a.b");
	(void)promo_test_sql(
		s->database, "UPDATE audit_writers SET closed_at = now() WHERE id > 5");
	/* One that was closed is read to its end, and then forgotten. */
	assert_reads(s, "9.1");
	assert_reads(s, "");
	assert_true(strlen(s->position) < size / 3);
	add(s, 5, 1, "a.b");
	assert_reads(s, "5.1");
	assert_reads(s, "");
	add_writer(s);
	add(s, 51, 2, "a.b");
	assert_reads(s, "51.1 51.2");
}

/* A position of now knows what is open, and nothing of what came to its end. */
static int64_t waiting(struct scene *s)
{
	int64_t seconds;

	assert_int_equal(promo_feed_waiting(s->store, s->arena, s->position, &seconds), 0);
	return seconds;
}

/* The oldest row that was not read yet, of writers that the position knows and of others. */
static void test_how_long_rows_wait(void **state)
{
	struct scene *s = *state;

	add_writer(s);
	assert_reads(s, "");
	assert_int_equal(waiting(s), 0);
	add(s, 1, 2, "a.b");
	(void)promo_test_sql(s->database, "UPDATE audit_log SET at = now() - interval '90 seconds' "
					  "WHERE seq = 2");
	assert_in_range(waiting(s), 0, 60); /* a writer's rows come in their order */
	(void)promo_test_sql(s->database, "UPDATE audit_log SET at = now() - interval '2 minutes'");
	assert_in_range(waiting(s), 120, 179);
	(void)take(s, 1, all);
	add_writer(s);
	add(s, 2, 1, "a.b");
	(void)promo_test_sql(s->database,
		"UPDATE audit_log SET at = now() - interval '3 minutes' WHERE writer_id = 2");
	assert_in_range(waiting(s), 180, 239);
	(void)take(s, 100, all);
	assert_int_equal(waiting(s), 0);
}

static void test_now(void **state)
{
	struct scene *s = *state;
	const char *position;

	for (int i = 1; i <= 3; i++) {
		add_writer(s);
		add(s, i, 3, "a.b");
	}
	age_writers(s);
	(void)promo_test_sql(
		s->database, "UPDATE audit_writers SET closed_at = now() WHERE id = 2");
	assert_int_equal(promo_feed_now(s->store, s->arena, &position), 0);
	keep(s, position);
	assert_reads(s, "");
	add(s, 3, 1, "a.b");
	assert_reads(s, "3.4");
}

static bool is_ahead(struct scene *s, const char *one, const char *two)
{
	bool ahead;

	assert_int_equal(promo_feed_is_ahead(s->arena, one, two, &ahead), 0);
	return ahead;
}

static bool is_before(struct scene *s, const char *one, const char *two)
{
	bool before;

	assert_int_equal(promo_feed_is_before(s->arena, one, two, &before), 0);
	return before;
}

static const char *here(struct scene *s)
{
	return promo_arena_strdup(s->arena, s->position);
}

/* Who forgot a writer that has come to its end was behind all of it; who knows it yet, or never did, may not be. */
static void test_which_is_further(void **state)
{
	struct scene *s = *state;
	const char *start, *half, *whole, *forgotten, *next;
	struct promo_feed_batch batch;
	const bool *behind;
	size_t rest;

	add_writer(s);
	age_writers(s);
	add(s, 1, 1, "a.b");
	(void)take(s, 100, all);
	start = here(s);
	add_writer(s);
	age_writers(s);
	add(s, 2, 1, "a.b");
	(void)take(s, 100, all);
	half = here(s);
	assert_true(is_ahead(s, half, start) && is_before(s, start, half));
	add(s, 2, 1, "a.b");
	(void)promo_test_sql(
		s->database, "UPDATE audit_writers SET closed_at = now() WHERE id = 2");
	(void)take(s, 100, all);
	whole = here(s);
	(void)take(s, 100, all);
	forgotten = here(s);
	assert_string_not_equal(whole, forgotten);
	assert_true(is_ahead(s, forgotten, half) && !is_ahead(s, half, forgotten));
	assert_false(is_before(s, forgotten, half));
	assert_false(is_before(s, forgotten, start));
	assert_true(is_before(s, half, forgotten) && is_before(s, whole, forgotten));
	add(s, 1, 1, "a.b");
	(void)take(s, 100, all);
	next = here(s);
	assert_true(is_before(s, forgotten, next) && is_ahead(s, next, forgotten));
	/* Who began earlier may commit later: then what lies behind a position is not the rest. */
	add_writer(s);
	add(s, 3, 1, "a.b");
	(void)promo_test_sql(
		s->database, "UPDATE audit_log SET at = '2026-01-01' WHERE writer_id = 3");
	assert_int_equal(promo_feed_read(s->store, s->arena, forgotten, all, 100, &batch), 0);
	assert_int_equal(promo_feed_behind(&batch, next, s->arena, &behind, &rest), 0);
	assert_true(batch.count == 2 && behind[0] && !behind[1] && rest == 2);
}

static void test_what_is_gone(void **state)
{
	struct scene *s = *state;
	struct promo_feed_batch batch;

	add_writer(s);
	add(s, 1, 2, "a.b");
	assert_reads(s, "1.1 1.2");
	add(s, 1, 5, "a.b");
	(void)promo_test_sql(s->database, "DELETE FROM audit_log WHERE seq < 5");
	batch = take(s, 100, all);
	assert_true(batch.lost);
	assert_int_equal(batch.count, 3);
	assert_reads(s, "");
	/* Everything, and the writer with it. */
	add(s, 1, 1, "a.b");
	(void)promo_test_sql(s->database, "TRUNCATE audit_log");
	assert_true(take(s, 100, all).lost);
	assert_reads(s, "");
	(void)promo_test_sql(s->database, "TRUNCATE audit_writers");
	assert_true(take(s, 100, all).lost);
	assert_reads(s, "");
}

/* The trail was restored: it ends before the position, and goes on with writers that register anew. */
static void test_ahead_of_the_trail(void **state)
{
	struct scene *s = *state;
	struct promo_feed_batch batch;

	add_writer(s);
	add(s, 1, 5, "a.b");
	assert_reads(s, "1.1 1.2 1.3 1.4 1.5");
	(void)promo_test_sql(s->database,
		"DELETE FROM audit_log WHERE seq > 2; UPDATE audit_writers SET seq = 2");
	add_writer(s);
	add(s, 2, 1, "a.b");
	batch = take(s, 100, all);
	assert_true(batch.lost);
	assert_int_equal(batch.count, 1);
	assert_reads(s, "");
}

static void test_of_another_database(void **state)
{
	struct scene *s = *state;
	bool known;

	assert_int_equal(promo_feed_known(s->store, s->arena, s->position, &known), 0);
	assert_true(known);
	add_writer(s);
	add(s, 1, 4, "a.b");
	assert_reads(s, "1.1 1.2 1.3 1.4");
	assert_int_equal(promo_feed_known(s->store, s->arena, s->position, &known), 0);
	assert_true(known);
	/* As after a restore: other writers have the same numbers. */
	(void)promo_test_sql(s->database,
		"TRUNCATE audit_log, audit_writers RESTART IDENTITY; INSERT INTO audit_writers "
		"(process, created_at) VALUES ('test', now() + interval '1 second')");
	assert_int_equal(promo_feed_known(s->store, s->arena, s->position, &known), 0);
	assert_false(known);
	add(s, 1, 1, "a.b");
	assert_true(take(s, 100, all).lost);
	add(s, 1, 1, "a.b");
	assert_reads(s, "1.2");
}

static void test_damaged(void **state)
{
	struct scene *s = *state;
	static const char *const bad[] = { "", "x", "AQ", "AQAAAAAAAAAA", "AQAAAAA=", "\xff" };
	struct promo_feed_batch batch;
	bool known;

	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		assert_int_equal(promo_feed_read(s->store, s->arena, bad[i], all, 1, &batch),
			PROMO_E_INVALID_INPUT);
		assert_int_equal(promo_feed_known(s->store, s->arena, bad[i], &known),
			PROMO_E_INVALID_INPUT);
	}
	add_writer(s);
	add(s, 1, 300, "a.b");
	(void)take(s, 500, all);
	for (size_t i = 0; i < strlen(s->position); i++) {
		char kept = s->position[i];

		s->position[i] = kept == 'A' ? 'B' : 'A';
		assert_int_equal(promo_feed_read(s->store, s->arena, s->position, all, 1, &batch),
			PROMO_E_INVALID_INPUT);
		s->position[i] = '\0';
		assert_int_equal(promo_feed_read(s->store, s->arena, s->position, all, 1, &batch),
			PROMO_E_INVALID_INPUT);
		s->position[i] = kept;
	}
	assert_reads(s, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FEED_TEST(test_each_row_once),
		FEED_TEST(test_commits_out_of_order),
		FEED_TEST(test_from_every_row_on),
		FEED_TEST(test_limits_and_actions),
		FEED_TEST(test_writers_come_and_go),
		FEED_TEST(test_how_long_rows_wait),
		FEED_TEST(test_now),
		FEED_TEST(test_which_is_further),
		FEED_TEST(test_what_is_gone),
		FEED_TEST(test_ahead_of_the_trail),
		FEED_TEST(test_of_another_database),
		FEED_TEST(test_damaged),
	};

	return cmocka_run_group_tests_name("ops/feed", tests, set_up, tear_down);
}
