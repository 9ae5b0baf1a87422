/* SPDX-License-Identifier: MIT */
/* The connection to the database is cut at every single exchange of a request, before the server
 * saw it or after the server did it: with a key it is done exactly once and answered as done; without
 * one it is done at most once and the answer is true; and no sequence of the audit trail has a gap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/cutter.h"
#include "tests/ops/till.h"

enum {
	EXCHANGES_MAX = 60 /* more than any request here has */
};

struct scene {
	struct till *till; /* through the cutter */
	struct cutter *cutter;
	struct person boss;
};

static int set_up(void **state)
{
	struct promo_test_database *database = promo_test_database_new();
	struct scene *scene = calloc(1, sizeof(*scene));

	if (!database || !scene)
		return -1;
	scene->cutter = cutter_new(database);
	scene->till = till_new_at(database, cutter_uri(scene->cutter));
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

/* The answer to the creation of user number n while exchange n is cut. */
static int create(struct scene *scene, const char *tag, enum cut cut, int n, bool with_key)
{
	char body[256], key[64];
	int status;

	(void)snprintf(key, sizeof(key), "%s-%d-%d", tag, (int)cut, n);
	(void)snprintf(body, sizeof(body),
		"{\"first_name\":\"E\",\"last_name\":\"H\",\"email\":\"%s@example.com\","
		"\"roles\":[\"support\"]}",
		key);
	cutter_arm(scene->cutter, cut, n);
	status = ASK(scene->till, &promo_op_user_create, scene->boss.token, body,
		.key = with_key ? key : NULL);
	return status;
}

static long made(struct scene *scene, const char *tag, enum cut cut, int n)
{
	return strtol(promo_test_sql(scene->till->database,
			      "SELECT count(*) FROM users u JOIN user_role_assignments ra "
			      "ON ra.user_id = u.id WHERE u.email = '%s-%d-%d@example.com'",
			      tag, (int)cut, n),
		NULL, 10);
}

static void with_a_key(struct scene *scene, enum cut cut)
{
	int n;

	for (n = 1; n < EXCHANGES_MAX; n++) {
		int status = create(scene, "key", cut, n, true);
		bool was_cut = cutter_disarm(scene->cutter);

		if (status != 201 || scene->till->answer.replayed)
			fail_msg("cut %d at exchange %d: %d %s", (int)cut, n, status,
				scene->till->answer.body);
		assert_int_equal(made(scene, "key", cut, n), 1);
		if (!was_cut)
			break;
	}
	assert_in_range(n, 8, EXCHANGES_MAX - 1);
}

static void test_with_a_key(void **state)
{
	with_a_key(*state, CUT_REQUEST);
	with_a_key(*state, CUT_ANSWER);
}

static void without_a_key(struct scene *scene, enum cut cut)
{
	int n, unknown = 0;

	for (n = 1; n < EXCHANGES_MAX; n++) {
		int status = create(scene, "bare", cut, n, false);
		bool was_cut = cutter_disarm(scene->cutter);
		long users = made(scene, "bare", cut, n);

		if (status == 201) {
			assert_int_equal(users, 1);
		} else {
			assert_int_equal(status, 503);
			assert_got(scene->till, "code", "outcome_unknown");
			assert_int_equal(users, cut == CUT_ANSWER ? 1 : 0);
			unknown++;
		}
		if (!was_cut)
			break;
	}
	assert_in_range(n, 8, EXCHANGES_MAX - 1);
	/* Only the commit leaves a doubt. */
	assert_int_equal(unknown, 1);
}

static void test_without_a_key(void **state)
{
	without_a_key(*state, CUT_REQUEST);
	without_a_key(*state, CUT_ANSWER);
}

/* A read has no outcome that could be unknown. */
static void test_reading(void **state)
{
	struct scene *scene = *state;

	for (enum cut cut = CUT_REQUEST; cut <= CUT_ANSWER; cut++) {
		int n;

		for (n = 1; n < EXCHANGES_MAX; n++) {
			cutter_arm(scene->cutter, cut, n);
			assert_int_equal(
				ASK(scene->till, &promo_op_user_list, scene->boss.token), 200);
			if (!cutter_disarm(scene->cutter))
				break;
		}
		assert_in_range(n, 4, EXCHANGES_MAX - 1);
	}
}

/* Nor has a refusal, which is written down in a transaction of its own. */
static void test_refused(void **state)
{
	struct scene *scene = *state;

	for (enum cut cut = CUT_REQUEST; cut <= CUT_ANSWER; cut++) {
		int n;

		for (n = 1; n < EXCHANGES_MAX; n++) {
			cutter_arm(scene->cutter, cut, n);
			assert_problem(scene->till, 422, "invalid_input", &promo_op_user_create,
				scene->boss.token,
				"{\"first_name\":\"E\",\"last_name\":\"H\","
				"\"email\":\"no@example.com\",\"roles\":[\"king\"]}");
			if (!cutter_disarm(scene->cutter))
				break;
		}
		assert_in_range(n, 4, EXCHANGES_MAX - 1);
	}
}

static void test_sequences_are_dense(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(
		promo_test_sql(scene->till->database,
			"SELECT count(*) FROM audit_writers w WHERE w.seq <> "
			"(SELECT count(*) FROM audit_log a WHERE a.writer_id = w.id) OR w.seq <> "
			"(SELECT coalesce(max(seq), 0) FROM audit_log a WHERE a.writer_id = w.id)"),
		"0");
	assert_true(
		strtol(promo_test_sql(scene->till->database, "SELECT count(*) FROM audit_writers"),
			NULL, 10) > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_with_a_key),
		cmocka_unit_test(test_without_a_key),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_sequences_are_dense),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
