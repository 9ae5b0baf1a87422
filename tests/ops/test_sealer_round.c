/* SPDX-License-Identifier: MIT */
/* Sealing where something is wrong: a sealer that lost its lease while it read commits nothing; who has nothing to
 * seal writes nothing; a log that cannot be opened, was moved away, or stands behind a hundred seals of keys that
 * nobody trusts stops neither the sealing nor itself; what an owner of the database wrote over a seal, of any size
 * or none, is named; a year before Christ is another one. How long rows wait is known. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/seals.h"
#include "libpromo/store/store.h"
#include "tests/lib/log.h"
#include "tests/ops/trail.h"

enum {
	WAIT_MS = 30 * 1000
};

static const char *ask(struct trail *t, const char *question)
{
	return promo_test_sql(t->till->database, "%s", question);
}

static int seal_count(struct trail *t)
{
	return (int)strtol(ask(t, "SELECT count(*) FROM audit_seals"), NULL, 10);
}

static int count_lines(const char *path)
{
	FILE *file = fopen(path, "r");
	int lines = 0, c;

	assert_non_null(file);
	while ((c = fgetc(file)) != EOF)
		lines += c == '\n';
	(void)fclose(file);
	return lines;
}

/* Lets the sealer read what is due, makes it wait there, and takes the lease away. */
static void *take_over(void *argument)
{
	struct trail *t = argument;

	(void)promo_test_sql(t->till->database,
		"BEGIN; LOCK TABLE audit_seals; "
		"DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation "
		"= 'audit_seals'::regclass) LOOP PERFORM pg_sleep(0.005); END LOOP; END $$; "
		"UPDATE audit_sealer SET owner = 'other', lease_until = 'infinity'; COMMIT");
	return NULL;
}

static void test_a_lost_lease(void **state)
{
	struct trail *t = *state;
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;
	pthread_t thread;
	bool more;
	int before;

	trail_write(t, 101, 5);
	before = seal_count(t);
	assert_int_equal(pthread_create(&thread, NULL, take_over, t), 0);
	while (strcmp(ask(t, "SELECT count(*) FROM pg_locks WHERE granted AND mode = "
			     "'AccessExclusiveLock' AND relation = 'audit_seals'::regclass"),
		       "1") != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
	assert_int_equal(promo_seal_work_round(t->work, &more), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_false(more);
	assert_int_equal(seal_count(t), before);
	/* And not in the next round either, until it is free. */
	trail_seal(t);
	assert_int_equal(seal_count(t), before);
	trail_sql(t, "UPDATE audit_sealer SET lease_until = '-infinity'");
	trail_seal(t);
	assert_int_equal(seal_count(t), before + 1);
	trail_assert(t, "[]");
}

static void test_nothing_to_do(void **state)
{
	static const char version[] = "SELECT xmin FROM audit_sealer";
	struct trail *t = *state;
	char before[64];

	(void)snprintf(before, sizeof(before), "%s", ask(t, version));
	for (int i = 0; i < 3; i++)
		trail_seal(t);
	assert_string_equal(ask(t, version), before);
	/* Nor does who has it not write, as long as there is nothing. */
	promo_seal_work_rest(t->work);
	(void)snprintf(before, sizeof(before), "%s", ask(t, version));
	trail_seal(t);
	assert_string_equal(ask(t, version), before);
}

static void test_a_log_that_cannot_be_opened(void **state)
{
	struct trail *t = *state;
	int before = seal_count(t);
	bool more;

	promo_seal_work_free(t->work);
	t->work = NULL;
	assert_int_equal(unlink(t->log), 0);
	assert_int_equal(mkdir(t->log, 0700), 0);
	trail_sql(t, "UPDATE audit_sealer SET lease_until = '-infinity'");
	assert_int_equal(promo_seal_work_new(&t->till->config, &t->work), 0);
	trail_write(t, 101, 5);
	assert_int_not_equal(promo_seal_work_round(t->work, &more), 0);
	assert_int_equal(seal_count(t), before + 1);
	assert_int_equal(rmdir(t->log), 0);
	trail_seal(t);
	assert_int_equal(count_lines(t->log), before + 1);
	trail_assert(t, "[]");
}

static void test_a_log_that_was_moved(void **state)
{
	struct trail *t = *state;
	char away[300];

	(void)snprintf(away, sizeof(away), "%s.away", t->log);
	assert_int_equal(rename(t->log, away), 0);
	trail_write(t, 101, 5);
	trail_seal(t);
	assert_int_equal(count_lines(away), 3);
	assert_int_equal(count_lines(t->log), seal_count(t));
	trail_assert(t, "[]");
}

/* More seals of another daemon, whose key is not trusted, than are read at once. */
static void test_keys_of_others(void **state)
{
	struct trail *t = *state;
	struct promo_runner_config config = t->till->config;
	struct promo_sealing sealing = t->sealing;
	struct promo_seal_work *other;
	unsigned char seed[PROMO_SIGN_SEED_BYTES] = { 9 };
	int before = seal_count(t), ours;
	bool more;

	promo_seal_work_rest(t->work);
	sealing.seed = seed;
	sealing.log = NULL;
	config.sealing = &sealing;
	assert_int_equal(promo_seal_work_new(&config, &other), 0);
	for (int i = 0; i < 120; i++) {
		trail_write(t, 101, 1);
		assert_int_equal(promo_seal_work_round(other, &more), 0);
	}
	promo_seal_work_rest(other);
	promo_seal_work_free(other);
	ours = seal_count(t);
	assert_int_equal(ours, before + 120);
	trail_write(t, 101, 1);
	trail_seal(t);
	assert_int_equal(seal_count(t), ours + 1);
	assert_int_equal(count_lines(t->log), before + 1);
}

static void test_seals_of_any_size(void **state)
{
	static const char *const values[] = { "root = NULL", "previous = NULL", "signature = NULL",
		"ranges = NULL", "dropped_to = NULL", "key_id = NULL",
		"key_id = repeat('x', 40000000)", "root = decode(repeat('00', 40000000), 'hex')",
		"signature = ''" };
	struct trail *t = *state;

	trail_sql(t, "CREATE TABLE kept AS SELECT * FROM audit_seals; "
		     "ALTER TABLE audit_seals ALTER root DROP NOT NULL, "
		     "ALTER previous DROP NOT NULL, ALTER signature DROP NOT NULL, "
		     "ALTER ranges DROP NOT NULL, ALTER dropped_to DROP NOT NULL, "
		     "ALTER key_id DROP NOT NULL");
	for (size_t i = 0; i < PROMO_COUNT(values); i++) {
		(void)promo_test_sql(
			t->till->database, "UPDATE audit_seals SET %s WHERE id = 3", values[i]);
		if (strncmp(values[i], "dropped_to", 10) != 0)
			trail_assert(t, "[" P("seal_changed", null, 3) "]");
		trail_sql(t, "DELETE FROM audit_seals; INSERT INTO audit_seals SELECT * FROM kept");
		trail_assert(t, "[]");
	}
	/* Sealing goes on behind it. */
	trail_sql(t, "UPDATE audit_seals SET root = NULL, previous = NULL, ranges = NULL, "
		     "key_id = repeat('x', 40000000), signature = NULL WHERE id = 3");
	trail_write(t, 102, 1);
	trail_seal(t);
	assert_int_equal(seal_count(t), 4);
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("seal_changed", null, 3)));
	trail_sql(t, "TRUNCATE audit_seals");
	trail_sql(t, "DROP TABLE kept; ALTER TABLE audit_seals ALTER root SET NOT NULL, "
		     "ALTER previous SET NOT NULL, ALTER signature SET NOT NULL, "
		     "ALTER ranges SET NOT NULL, ALTER dropped_to SET NOT NULL, "
		     "ALTER key_id SET NOT NULL");
}

static void test_another_era(void **state)
{
	struct trail *t = *state;

	trail_sql(t, "UPDATE audit_log SET at = (to_char(at, 'YYYY-MM-DD HH24:MI:SS.US') || "
		     "'+00 BC')::timestamptz WHERE writer_id = 101 AND seq = 6");
	trail_assert(t, "[" P("row_changed", 101, 6) "]");
}

/* What waits for a seal is old as soon as it was written long ago, and none is once it is sealed. */
static void test_how_long_it_waits(void **state)
{
	struct trail *t = *state;
	const struct promo_store_config config = { .uri = t->till->config.database };
	struct promo_ctx ctx = { .arena = t->till->arena };
	int64_t seconds = -1;

	assert_int_equal(promo_store_open(&config, &ctx.store), 0);
	assert_int_equal(promo_seal_age(&ctx, &seconds), 0);
	assert_int_equal(seconds, 0);
	trail_write(t, 102, 2);
	assert_int_equal(promo_seal_age(&ctx, &seconds), 0);
	assert_true(seconds < 60);
	trail_sql(t,
		"UPDATE audit_log SET at = now() - interval '1 hour' WHERE writer_id = 102 AND "
		"seq = 13");
	assert_int_equal(promo_seal_age(&ctx, &seconds), 0);
	assert_true(seconds >= 3600 && seconds < 4000);
	trail_seal(t);
	assert_int_equal(promo_seal_age(&ctx, &seconds), 0);
	assert_int_equal(seconds, 0);
	promo_store_close(ctx.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRAIL_TEST(test_a_lost_lease),
		TRAIL_TEST(test_nothing_to_do),
		TRAIL_TEST(test_a_log_that_cannot_be_opened),
		TRAIL_TEST(test_a_log_that_was_moved),
		TRAIL_TEST(test_keys_of_others),
		TRAIL_TEST(test_seals_of_any_size),
		TRAIL_TEST(test_another_era),
		TRAIL_TEST(test_how_long_it_waits),
	};

	return cmocka_run_group_tests(tests, trail_setup_all, trail_teardown_all);
}
