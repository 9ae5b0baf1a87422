/* SPDX-License-Identifier: MIT */
/* Every operation leaves one row, allowed or not, with who, what and how it ended and without
 * anything personal; the sequence of every writer has no gaps, however many write. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/ops/audit.h"
#include "libpromo/store/store.h"
#include "tests/ops/till.h"

/* A column of the newest row of this actor. */
static const char *last(struct till *till, const struct person *actor, const char *column)
{
	return promo_test_sql(till->database,
		"SELECT %s FROM audit_log WHERE actor_id = '%s' ORDER BY at DESC, seq DESC LIMIT 1",
		column, actor->id);
}

static void test_an_allowed_one(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(ASK(till, &promo_op_user_show, boss.token, .id = boss.id), 200);
	assert_string_equal(last(till, &boss, "actor_kind"), "user");
	assert_string_equal(last(till, &boss, "session_id"), boss.session_id);
	assert_string_equal(last(till, &boss, "host(ip)"), "192.0.2.7");
	assert_string_equal(last(till, &boss, "user_agent"), "till");
	assert_string_equal(last(till, &boss, "action"), "user.show");
	assert_string_equal(last(till, &boss, "permission"), "users.read");
	assert_string_equal(last(till, &boss, "entity_kind"), "user");
	assert_string_equal(last(till, &boss, "entity_id"), boss.id);
	assert_string_equal(last(till, &boss, "outcome"), "allowed");
	assert_string_equal(last(till, &boss, "coalesce(error, '-')"), "-");
	assert_string_equal(last(till, &boss, "changes"), "[]");
	assert_string_equal(last(till, &boss, "request_id"), "test-request");
}

static void test_refused_ones(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	till_deny(till, &boss, "users.create");
	assert_problem(till, 403, "forbidden", &promo_op_user_create, boss.token, "{}");
	assert_string_equal(last(till, &boss, "outcome"), "denied");
	assert_string_equal(last(till, &boss, "error"), "forbidden");
	assert_string_equal(last(till, &boss, "permission"), "users.create");
	assert_problem(till, 404, "not_found", &promo_op_user_show, boss.token,
		.id = "0190a1b2-0000-7000-8000-00000000000a");
	assert_string_equal(last(till, &boss, "outcome"), "failed");
	assert_string_equal(last(till, &boss, "error"), "not_found");
	assert_string_equal(last(till, &boss, "entity_id"), "0190a1b2-0000-7000-8000-00000000000a");
	assert_problem(till, 401, "unauthenticated", &promo_op_user_list, "nobody");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE actor_kind = 'anonymous' "
				    "AND action = 'user.list' AND outcome = 'denied'"),
		"1");
}

static void test_changes(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "");

	assert_int_equal(ASK(till, &promo_op_user_update, boss.token,
				 "{\"is_active\":false,\"first_name\":\"Solange\","
				 "\"phone_number\":\"0788123456\"}",
				 clerk.id, .if_match = "\"1\""),
		200);
	assert_string_equal(last(till, &boss, "changes"),
		"[{\"after\": null, \"field\": \"first_name\", \"before\": null}, "
		"{\"after\": null, \"field\": \"phone_number\", \"before\": null}, "
		"{\"after\": false, \"field\": \"is_active\", \"before\": true}]");
}

/* No value that a person is known by is anywhere in the trail. */
static void test_nothing_personal(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(ASK(till, &promo_op_user_create, boss.token,
				 "{\"first_name\":\"Immaculee\",\"last_name\":\"Mukandori\","
				 "\"email\":\"im@example.com\",\"phone_number\":\"0788999111\","
				 "\"roles\":[\"batch-manager\"]}"),
		201);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log a WHERE a::text ~* "
				    "'immaculee|mukandori|im@example|788999111|correct horse'"),
		"0");
	assert_non_null(strstr(last(till, &boss, "changes"), "batch-manager"));
}

static void test_phones_are_hashed(void **state)
{
	struct till *till = *state;
	const struct promo_store_config config = { .uri = till->database->app_uri };
	const struct promo_audit_note note = { .phone = "+250788123456" };
	const struct promo_actor actor = { .kind = PROMO_ACTOR_SYSTEM };
	const struct promo_request request = { 0 };
	struct promo_audit_row row = { .actor = &actor,
		.request = &request,
		.action = "test.phone",
		.note = &note,
		.hash_key = till->config.hash_key };
	struct promo_store *store;

	promo_arena_clear(till->arena);
	assert_int_equal(promo_store_open(&config, &store), 0);
	assert_int_equal(promo_audit_open(store, till->arena, "test", &row.writer), 0);
	assert_int_equal(promo_audit_write(store, till->arena, NULL, &row), 0);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT phone_hash ~ '^[0-9a-f]{64}$' "
					       "FROM audit_log WHERE action = 'test.phone'"),
		"t");
	/* A writer that is not there is a fault, not a row that nobody misses. */
	row.writer = -1;
	assert_true(promo_audit_write(store, till->arena, NULL, &row) < 0);
	promo_store_close(store);
}

enum {
	BATCH = 256,
};

/* Rows written together keep their order, hold what they were given whatever is in it, and those of a
 * redemption that was not made are left out without a gap. */
static void test_batches(void **state)
{
	struct till *till = *state;
	const struct promo_store_config config = { .uri = till->database->app_uri };
	const struct promo_audit_note note = { .entity_kind = "code",
		.entity_id = "0190a1b2-0000-7000-8000-00000000000b" };
	const struct promo_actor actor = { .kind = PROMO_ACTOR_SYSTEM };
	const struct promo_request request = { .user_agent = "say \"{hi}\", \\NULL" };
	struct promo_audit_row row = { .actor = &actor,
		.request = &request,
		.note = &note,
		.hash_key = till->config.hash_key };
	struct promo_audit_batch batch;
	struct promo_store *store;
	struct promo_params params;

	promo_arena_clear(till->arena);
	assert_int_equal(promo_store_open(&config, &store), 0);
	assert_int_equal(promo_audit_open(store, till->arena, "test", &row.writer), 0);
	assert_int_equal(promo_audit_batch_init(&batch, till->arena, NULL, row.writer, BATCH), 0);
	for (int i = 0; i < BATCH; i++) {
		row.action = promo_arena_printf(till->arena, "batch.%d", i);
		row.error = i == 1 ? PROMO_E_CODE_EXPIRED : 0;
		assert_int_equal(
			promo_audit_batch_add(&batch, &row,
				i % 4 == 3 ? "0190a1b2-0000-7000-8000-00000000000c" : NULL),
			0);
	}
	params = PROMO_PARAMS(till->arena);
	promo_audit_batch_params(&batch, &params);
	assert_int_equal(promo_store_exec(store, PROMO_Q_AUDIT_INSERT, &params, NULL), 0);
	promo_store_close(store);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || min(seq) || ' ' || max(seq) || ' ' || "
			"count(*) FILTER (WHERE action = 'batch.' || ((seq - 1) / 3 * 4 + "
			"(seq - 1) %% 3)) || ' ' || count(DISTINCT id) || ' ' || "
			"(SELECT seq FROM audit_writers w WHERE w.id = min(writer_id)) "
			"FROM audit_log WHERE action LIKE 'batch.%%'"),
		"192 1 192 192 192 192");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE action LIKE 'batch.%%' "
				    "AND count = 1 AND changes = '[]' AND session_id IS NULL "
				    "AND user_agent = 'say \"{hi}\", \\NULL'"),
		"192");
	assert_string_equal(
		promo_test_sql(till->database, "SELECT outcome || ' ' || error "
					       "FROM audit_log WHERE action = 'batch.1'"),
		"failed code_expired");
}

enum {
	THREADS = 6,
	ROUNDS = 40,
};

struct busy {
	struct promo_test_database *database;
	const char *token;
};

static void *work(void *context)
{
	const struct busy *busy = context;
	struct till *till = till_new(busy->database);

	for (int i = 0; i < ROUNDS; i++) {
		(void)ASK(till, &promo_op_me_show, busy->token);
		(void)ASK(till, &promo_op_user_list, i % 3 ? busy->token : NULL);
		(void)ASK(till, &promo_op_user_create, busy->token, "{}");
	}
	till_free(till);
	return NULL;
}

static void test_sequences_are_dense(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct busy busy = { till->database, boss.token };
	pthread_t threads[THREADS];

	(void)promo_test_sql(till->database, "DELETE FROM audit_log");
	(void)promo_test_sql(till->database, "UPDATE audit_writers SET seq = 0");
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &busy), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(
		strtol(promo_test_sql(till->database, "SELECT count(*) FROM audit_log"), NULL, 10),
		THREADS * ROUNDS * 3);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM (SELECT w.id FROM audit_writers w "
			"JOIN audit_log a ON a.writer_id = w.id GROUP BY w.id, w.seq "
			"HAVING count(*) = w.seq AND min(a.seq) = 1 AND max(a.seq) = w.seq) dense"),
		"6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_allowed_one),
		cmocka_unit_test(test_refused_ones),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_nothing_personal),
		cmocka_unit_test(test_phones_are_hashed),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_sequences_are_dense),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
