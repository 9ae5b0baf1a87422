/* SPDX-License-Identifier: MIT */
/* The same key with the same input is one request, however often and however simultaneously it
 * comes; with another input it is refused; refusals other than conflicts do not bind it. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/ops/idempotency.h"
#include "tests/ops/till.h"

static const struct promo_op *const create = &promo_op_user_create;
static const char eric[] =
	"{\"first_name\":\"Eric\",\"last_name\":\"Habimana\",\"email\":\"eric@example.com\"}";
static const char grace[] =
	"{\"first_name\":\"Grace\",\"last_name\":\"Ingabire\",\"email\":\"grace@example.com\"}";

static int tear_down(void **state)
{
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"DELETE FROM idempotency_keys; DELETE FROM users "
		"WHERE email IN ('eric@example.com', 'grace@example.com')");
	return 0;
}

static const char *count(struct till *till)
{
	return promo_test_sql(
		till->database, "SELECT count(*) FROM users WHERE email = 'eric@example.com'");
}

static void test_again(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	char id[37] = "", location[128] = "";

	assert_int_equal(ASK(till, create, boss.token, eric, .key = "k"), 201);
	assert_false(till->answer.replayed);
	assert_string_equal(till->answer.etag, "\"1\"");
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "id"));
	(void)snprintf(location, sizeof(location), "%s", till->answer.location);
	/* In another order, with blanks: the same input. */
	assert_int_equal(ASK(till, create, boss.token,
				 "{ \"email\": \" ERIC@example.com\", \"last_name\":\"Habimana\","
				 "\"first_name\":\"Eric \" }",
				 .key = "k"),
		201);
	assert_true(till->answer.replayed);
	assert_got(till, "id", id);
	assert_string_equal(till->answer.etag, "\"1\"");
	assert_string_equal(till->answer.location, location);
	assert_string_equal(count(till), "1");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE action = 'user.create' "
				    "AND actor_id = '%s' AND outcome = 'allowed'",
				    boss.id),
		"2");
}

static void test_reused(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(ASK(till, create, boss.token, eric, .key = "k"), 201);
	assert_problem(till, 422, "idempotency_key_reused", create, boss.token, grace, .key = "k");
	assert_false(till->answer.replayed);
	/* The first one is still what the key stands for. */
	assert_int_equal(ASK(till, create, boss.token, eric, .key = "k"), 201);
	assert_true(till->answer.replayed);
}

static void test_a_key_belongs_to_its_user(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct person other = till_person(till, "super-admin");

	assert_int_equal(ASK(till, create, boss.token, eric, .key = "k"), 201);
	assert_int_equal(ASK(till, create, other.token, grace, .key = "k"), 201);
	assert_false(till->answer.replayed);
}

static void test_a_conflict_binds(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(ASK(till, create, boss.token, eric), 201);
	assert_problem(till, 409, "email_taken", create, boss.token, eric, .key = "k");
	assert_false(till->answer.replayed);
	(void)promo_test_sql(till->database, "DELETE FROM users WHERE email = 'eric@example.com'");
	assert_problem(till, 409, "email_taken", create, boss.token, eric, .key = "k");
	assert_true(till->answer.replayed);
	assert_int_equal(till->answer.error, PROMO_E_EMAIL_TAKEN);
	assert_string_equal(count(till), "0");
}

static void test_other_refusals_do_not_bind(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_problem(till, 422, "invalid_input", create, boss.token,
		"{\"first_name\":\"Eric\",\"last_name\":\"Habimana\"}", .key = "k");
	till_deny(till, &boss, "users.create");
	assert_problem(till, 403, "forbidden", create, boss.token, eric, .key = "k");
	till_grant(till, &boss, "users.create");
	assert_problem(till, 422, "invalid_input", create, boss.token,
		"{\"first_name\":\"Eric\",\"last_name\":\"Habimana\",\"email\":\"eric@example."
		"com\","
		"\"roles\":[\"no-such-role\"]}",
		.key = "k");
	assert_int_equal(ASK(till, create, boss.token, eric, .key = "k"), 201);
	assert_false(till->answer.replayed);
}

static void test_a_day_later(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(ASK(till, create, boss.token, eric, .key = "k"), 201);
	(void)promo_test_sql(till->database,
		"UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");
	assert_int_equal(ASK(till, create, boss.token, grace, .key = "k"), 201);
	assert_false(till->answer.replayed);
	assert_int_equal(ASK(till, create, boss.token, grace, .key = "k"), 201);
	assert_true(till->answer.replayed);
}

static void test_old_answers_go(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	(void)promo_test_sql(till->database,
		"INSERT INTO idempotency_keys (user_id, key, operation, request_hash, status, "
		"answer, created_at) SELECT '%s', 'old-' || n, 'user.create', '', 201, '{}', "
		"now() - interval '25 hours' FROM generate_series(1, 3) n",
		boss.id);
	assert_int_equal(ASK(till, create, boss.token, eric, .key = "k"), 201);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT string_agg(key, ' ') FROM idempotency_keys"),
		"k");
}

enum {
	THREADS = 8
};

struct rush {
	struct promo_test_database *database;
	const char *token;
	pthread_barrier_t start;
	atomic_int fresh, replayed, other;
};

static void *send(void *context)
{
	struct rush *rush = context;
	struct till *till = till_new(rush->database);
	int status;

	(void)pthread_barrier_wait(&rush->start);
	status = ASK(till, create, rush->token, eric, .key = "rush");
	if (status != 201)
		atomic_fetch_add(&rush->other, 1);
	else
		atomic_fetch_add(till->answer.replayed ? &rush->replayed : &rush->fresh, 1);
	till_free(till);
	return NULL;
}

static void test_at_once(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct rush rush = { .database = till->database, .token = boss.token };
	pthread_t threads[THREADS];

	assert_int_equal(pthread_barrier_init(&rush.start, NULL, THREADS), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, send, &rush), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	(void)pthread_barrier_destroy(&rush.start);
	assert_int_equal(rush.other, 0);
	assert_int_equal(rush.fresh, 1);
	assert_int_equal(rush.replayed, THREADS - 1);
	assert_string_equal(count(till), "1");
}

/* An input may hold a password: whoever reads the table must not be able to try passwords out. */
static void test_the_hash_needs_a_key(void **state)
{
	struct promo_arena *arena = promo_arena_new(65536);
	const unsigned char one[32] = { 1 }, two[32] = { 2 };
	struct promo_user_create_in in = { .first_name = "Eric" };
	const char *a, *b, *c;

	(void)state;
	in.set.present = 1;
	assert_int_equal(promo_idempotency_hash(create, &in, one, arena, &a), 0);
	assert_int_equal(promo_idempotency_hash(create, &in, two, arena, &b), 0);
	in.first_name = "Erik";
	assert_int_equal(promo_idempotency_hash(create, &in, one, arena, &c), 0);
	assert_int_equal(strlen(a), 64);
	assert_string_not_equal(a, b);
	assert_string_not_equal(a, c);
	promo_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_again, tear_down),
		cmocka_unit_test_teardown(test_reused, tear_down),
		cmocka_unit_test_teardown(test_a_key_belongs_to_its_user, tear_down),
		cmocka_unit_test_teardown(test_a_conflict_binds, tear_down),
		cmocka_unit_test_teardown(test_other_refusals_do_not_bind, tear_down),
		cmocka_unit_test_teardown(test_a_day_later, tear_down),
		cmocka_unit_test_teardown(test_old_answers_go, tear_down),
		cmocka_unit_test_teardown(test_at_once, tear_down),
		cmocka_unit_test(test_the_hash_needs_a_key),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
