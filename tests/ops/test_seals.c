/* SPDX-License-Identifier: MIT */
/* The audit trail proves itself: whoever owns the database and changes, deletes, inserts, reorders,
 * truncates or replays rows or seals, swaps the key is found, and named by kind, writer and number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/trail.h"

static void test_what_is_whole(void **state)
{
	struct trail *t = *state;

	trail_assert(t, "[]");
	assert_non_null(strstr(t->answer, "\"entries\":"));
	/* The reads of it are rows too, and no problem while they are not sealed. */
	trail_write(t, 101, 5);
	trail_assert(t, "[]");
	trail_seal(t);
	trail_assert(t, "[]");
}

static void test_changed_rows(void **state)
{
	struct trail *t = *state;
	static const char *const changes[] = {
		"at = at + interval '1 microsecond'",
		"id = gen_random_uuid()",
		"actor_kind = 'user'",
		"actor_id = gen_random_uuid()",
		"session_id = gen_random_uuid()",
		"ip = '10.0.0.1'",
		"ip = '10.0.0.1/8'",
		"user_agent = NULL",
		"user_agent = ''",
		"action = 'test.other'",
		"permission = 'x'",
		"entity_kind = 'x'",
		"entity_id = gen_random_uuid()",
		"outcome = 'denied'",
		"error = 'x'",
		"changes = '[{\"field\": \"n\", \"after\": 1.5, \"before\": \"\\u00e4 \\\\\"}]'",
		"phone_hash = 'x'",
		"count = 2",
		"request_id = 'x'",
	};

	for (size_t i = 0; i < PROMO_COUNT(changes); i++) {
		trail_sql(t, "CREATE TABLE kept AS SELECT * FROM audit_log WHERE writer_id = 101 "
			     "AND seq "
			     "= 6");
		(void)promo_test_sql(t->till->database,
			"UPDATE audit_log SET %s WHERE writer_id = 101 AND seq = 6", changes[i]);
		trail_assert(t, "[" P("row_changed", 101, 6) "]");
		trail_sql(t, "DELETE FROM audit_log WHERE writer_id = 101 AND seq = 6; INSERT INTO "
			     "audit_log "
			     "SELECT * FROM kept; DROP TABLE kept");
	}
	trail_assert(t, "[]");
}

static void test_columns_do_not_run_together(void **state)
{
	struct trail *t = *state;

	trail_sql(t, "UPDATE audit_log SET user_agent = user_agent || action, action = '' WHERE "
		     "writer_id = 102 AND seq = 1");
	trail_assert(t, "[" P("row_changed", 102, 1) "]");
}

static void test_deleted_rows(void **state)
{
	struct trail *t = *state;

	trail_sql(t, "DELETE FROM audit_log WHERE writer_id = 101 AND seq IN (2, 12)");
	trail_assert(t, "[" P("row_missing", 101, 2) "," P("row_missing", 101, 12) "]");
	/* The end of what is not sealed. */
	trail_write(t, 102, 3);
	trail_sql(t, "DELETE FROM audit_log WHERE writer_id = 102 AND seq = 15");
	trail_assert(t, "[" P("row_missing", 101, 2) "," P("row_missing", 101, 12) "," P(
				"row_missing", 102, 15) "]");
	/* Sealing goes on, and what was taken before it stays missing. */
	trail_seal(t);
	trail_write(t, 102, 1);
	trail_seal(t);
	trail_assert(t, "[" P("row_missing", 101, 2) "," P("row_missing", 101, 12) "," P(
				"row_missing", 102, 15) "]");
}

static void test_inserted_rows(void **state)
{
	struct trail *t = *state;
	static const char copy[] =
		"INSERT INTO audit_log (writer_id, seq, id, actor_kind, action, outcome) VALUES "
		"(%s, gen_random_uuid(), 'system', 'x', 'allowed')";

	(void)promo_test_sql(t->till->database, copy, "101, 13");
	(void)promo_test_sql(t->till->database, copy, "999, 1");
	trail_assert(t, "[" P("row_unexpected", 101, 13) "," P("row_unexpected", 999, 1) "]");
	trail_sql(t, "ALTER TABLE audit_log DROP CONSTRAINT audit_log_pkey");
	(void)promo_test_sql(t->till->database, copy, "101, 3");
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("row_repeated", 101, 3)));
	/* What it is taken for depends on which of the two came last: the other is named in any case. */
	trail_sql(t,
		"DELETE FROM audit_log WHERE action = 'x'; ALTER TABLE audit_log ADD CONSTRAINT "
		"audit_log_pkey PRIMARY KEY (writer_id, seq)");
	trail_assert(t, "[]");
}

static void test_reordered_rows(void **state)
{
	struct trail *t = *state;

	trail_sql(t,
		"UPDATE audit_log SET seq = 1000 WHERE writer_id = 101 AND seq = 1; UPDATE "
		"audit_log SET "
		"seq = 1 WHERE writer_id = 101 AND seq = 2; UPDATE audit_log SET seq = 2 WHERE "
		"writer_id "
		"= 101 AND seq = 1000");
	trail_assert(t, "[" P("row_changed", 101, 1) "," P("row_changed", 101, 2) "]");
}

static void test_replayed_rows(void **state)
{
	struct trail *t = *state;

	/* An old row in the place of a new one, and a writer's row as another's. */
	trail_sql(t, "UPDATE audit_log l SET id = o.id, at = o.at, user_agent = o.user_agent FROM "
		     "audit_log o "
		     "WHERE l.writer_id = 101 AND l.seq = 11 AND o.writer_id = 101 AND o.seq = 1; "
		     "UPDATE audit_log l SET id = o.id, at = o.at, user_agent = o.user_agent FROM "
		     "audit_log o "
		     "WHERE l.writer_id = 102 AND l.seq = 4 AND o.writer_id = 101 AND o.seq = 4");
	trail_assert(t, "[" P("row_changed", 102, 4) "," P("row_changed", 101, 11) "]");
}

static void test_a_truncated_tail(void **state)
{
	struct trail *t = *state;

	/* All that came last, as if it had never been: rows, their seals, and where everything stands. */
	trail_sql(t, "DELETE FROM audit_log WHERE seq > 8; DELETE FROM audit_seals WHERE id = 3; "
		     "UPDATE audit_sealed SET seq = 8; UPDATE audit_writers SET seq = 8");
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("seal_missing", null, 3)));
	assert_non_null(strstr(t->answer, P("row_missing", 101, 9)));
	for (int i = 0; i < 2; i++) {
		assert_non_null(strstr(t->answer, P("row_missing", 101, 12)));
		assert_non_null(strstr(t->answer, P("row_missing", 102, 9)));
		/* And it stays so, whatever is written and sealed on top of it. */
		trail_write(t, 101, 1);
		trail_seal(t);
		trail_verify(t);
	}
	assert_non_null(strstr(t->answer, P("seal_missing", null, 3)));
}

static void test_everything_truncated(void **state)
{
	struct trail *t = *state;

	trail_sql(t,
		"TRUNCATE audit_log, audit_seals, audit_sealed; UPDATE audit_writers SET seq = 0");
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("seal_missing", null, 1)));
	assert_non_null(strstr(t->answer, P("seal_missing", null, 2)));
	assert_non_null(strstr(t->answer, P("seal_missing", null, 3)));
	assert_non_null(strstr(t->answer, P("row_missing", 102, 12)));
	assert_non_null(strstr(t->answer, P("writer_changed", 101, 0)));
}

static void test_changed_seals(void **state)
{
	struct trail *t = *state;
	static const char *const changes[] = {
		"at = at + interval '1 second'",
		"ranges = ''",
		"ranges = set_byte(ranges, 30, get_byte(ranges, 30) # 1)",
		"root = set_byte(root, 0, get_byte(root, 0) # 1)",
		"previous = set_byte(previous, 0, get_byte(previous, 0) # 1)",
		"signature = set_byte(signature, 5, get_byte(signature, 5) # 1)",
		"signature = ''",
		"dropped_to = 1",
		"at = 'infinity'",
	};

	for (size_t i = 0; i < PROMO_COUNT(changes); i++) {
		trail_sql(t, "CREATE TABLE kept AS SELECT * FROM audit_seals WHERE id = 2");
		(void)promo_test_sql(
			t->till->database, "UPDATE audit_seals SET %s WHERE id = 2", changes[i]);
		trail_assert(t, "[" P("seal_changed", null, 2) "]");
		trail_sql(t,
			"DELETE FROM audit_seals WHERE id = 2; INSERT INTO audit_seals SELECT * "
			"FROM kept; "
			"DROP TABLE kept");
	}
	/* What is only a help to name rows may be lost, and misleads nobody. */
	trail_sql(t, "UPDATE audit_seals SET leaves = NULL");
	trail_assert(t, "[]");
	trail_sql(t, "UPDATE audit_log SET count = 7 WHERE writer_id = 101 AND seq = 7");
	trail_assert(t, "[" P("rows_changed", 101, 5) "]");
}

static void test_deleted_and_replayed_seals(void **state)
{
	struct trail *t = *state;

	trail_sql(t, "DELETE FROM audit_seals WHERE id = 2");
	trail_assert(t, "[" P("seal_missing", null, 2) "]");
	/* The rows of a seal that is gone are still compared, with what the log has of it. */
	trail_sql(t, "UPDATE audit_log SET count = 7 WHERE writer_id = 101 AND seq = 6");
	trail_assert(t, "[" P("seal_missing", null, 2) "," P("rows_changed", 101, 5) "]");
	trail_sql(t, "UPDATE audit_log SET count = 1 WHERE writer_id = 101 AND seq = 6");
	/* A true seal in the place of another. */
	trail_sql(t, "INSERT INTO audit_seals (id, at, root, previous, signature, key_id, ranges, "
		     "leaves) SELECT "
		     "2, at, root, previous, signature, key_id, ranges, leaves FROM audit_seals "
		     "WHERE id "
		     "= 1");
	trail_assert(t, "[" P("seal_changed", null, 2) "]");
}

static void test_without_a_log(void **state)
{
	struct trail *t = *state;

	t->sealing.log = NULL;
	trail_assert(t, "[]");
	trail_sql(t, "DELETE FROM audit_seals WHERE id = 2");
	trail_assert(t, "[" P("seal_missing", null, 2) "]");
	t->sealing.log = t->log;
}

static void test_another_key(void **state)
{
	struct trail *t = *state;
	unsigned char other[PROMO_SIGN_SEED_BYTES];

	/* Who has the database and a key of his own makes a trail that fits, but for the key. */
	memset(other, 9, sizeof(other));
	t->sealing.seed = other;
	trail_sql(t, "UPDATE audit_log SET count = 7; DELETE FROM audit_seals; DELETE FROM "
		     "audit_sealed");
	t->sealing.log = NULL;
	promo_seal_work_free(t->work);
	assert_int_equal(promo_seal_work_new(&t->till->config, &t->work), 0);
	trail_sql(t, "UPDATE audit_sealer SET lease_until = '-infinity'");
	trail_seal(t);
	trail_assert(t, "[" P("key_unknown", null, 1) "]");
	/* A key may be changed by who may: then both are trusted. */
	promo_sign_public(other, t->keys[1]);
	t->sealing.key_count = 2;
	trail_assert(t, "[]");
	/* And with the log the old trail is not forgotten. */
	t->sealing.log = t->log;
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("seal_changed", null, 1)));
	assert_non_null(strstr(t->answer, P("seal_missing", null, 2)));
}

static void test_changed_positions(void **state)
{
	struct trail *t = *state;

	/* Rows are to be left out, or sealed a second time after they were changed. */
	trail_write(t, 101, 4);
	trail_sql(t, "UPDATE audit_sealed SET seq = 14 WHERE writer_id = 101");
	trail_seal(t);
	trail_assert(t, "[" P("range_wrong", 101, 15) "]");
	trail_sql(t, "UPDATE audit_log SET count = 7 WHERE writer_id = 102 AND seq = 12; UPDATE "
		     "audit_sealed SET "
		     "seq = 8 WHERE writer_id = 102");
	trail_seal(t);
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("row_changed", 102, 12)));
	assert_non_null(strstr(t->answer, P("range_wrong", 102, 9)));
}

static void test_lowered_writers(void **state)
{
	struct trail *t = *state;

	trail_sql(t,
		"UPDATE audit_writers SET seq = 3 WHERE id = 101; DELETE FROM audit_writers WHERE "
		"id = 102");
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("writer_changed", 101, 3)));
	assert_non_null(strstr(t->answer, P("writer_changed", 102, 12)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRAIL_TEST(test_what_is_whole),
		TRAIL_TEST(test_changed_rows),
		TRAIL_TEST(test_columns_do_not_run_together),
		TRAIL_TEST(test_deleted_rows),
		TRAIL_TEST(test_inserted_rows),
		TRAIL_TEST(test_reordered_rows),
		TRAIL_TEST(test_replayed_rows),
		TRAIL_TEST(test_a_truncated_tail),
		TRAIL_TEST(test_everything_truncated),
		TRAIL_TEST(test_changed_seals),
		TRAIL_TEST(test_deleted_and_replayed_seals),
		TRAIL_TEST(test_without_a_log),
		TRAIL_TEST(test_another_key),
		TRAIL_TEST(test_changed_positions),
		TRAIL_TEST(test_lowered_writers),
	};

	return cmocka_run_group_tests(tests, trail_setup_all, trail_teardown_all);
}
