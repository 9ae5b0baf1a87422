/* SPDX-License-Identifier: MIT */
/* Nobody gets past promo_with_auth(): every row is refused without a token and to whoever lacks one
 * of its permissions, the rows themselves leave no gap, and a right that is taken away is gone with
 * the next request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/ops/auth.h"
#include "libpromo/ops/runner.h"
#include "libpromo/ops/spool.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"
#include "tests/ops/till.h"

/* Whether every input needs some permission: one in any case, or one with a field and one without. */
static bool always_needs_one(const struct promo_op *op)
{
	bool with = false, without = false;

	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++) {
		const struct promo_required *required = &op->required[i];

		if (required->when == PROMO_WHEN_ALWAYS)
			return true;
		if (strcmp(required->field, op->required[0].field) != 0)
			continue;
		with = with || required->when == PROMO_WHEN_WITH || required->when == PROMO_WHEN_IS;
		without = without || required->when == PROMO_WHEN_WITHOUT ||
			  required->when == PROMO_WHEN_IS_NOT;
	}
	return with && without;
}

static void test_rows_leave_no_gap(void **state)
{
	(void)state;
	for (const struct promo_op *const *row = promo_ops; *row; row++) {
		const struct promo_op *op = *row;

		if (op->access != PROMO_ACCESS_PUBLIC && op->access != PROMO_ACCESS_SELF &&
			op->access != PROMO_ACCESS_PERMISSION)
			fail_msg("%s says nothing of its access", op->name);
		if (op->access != PROMO_ACCESS_PERMISSION)
			continue;
		if (!always_needs_one(op))
			fail_msg("%s is open to everybody", op->name);
		for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX; i++)
			if (op->required[i].field)
				assert_non_null(promo_schema_field(op->in, op->required[i].field));
	}
}

static void test_without_a_token(void **state)
{
	struct till *till = *state;
	struct person stranger = { .token = "pmo_s_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

	for (const struct promo_op *const *op = promo_ops; *op; op++) {
		if ((*op)->access == PROMO_ACCESS_PUBLIC)
			continue;
		assert_problem(till, 401, "unauthenticated", *op);
		assert_problem(till, 401, "unauthenticated", *op, "not a token");
		assert_problem(till, 401, "unauthenticated", *op, stranger.token);
	}
}

static void test_without_a_permission(void **state)
{
	struct till *till = *state;

	for (const struct promo_op *const *row = promo_ops; *row; row++) {
		const struct promo_op *op = *row;

		for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++) {
			const char *key = promo_permission_key(op->required[i].permission);
			struct person lacking;

			if (op->required[i].when != PROMO_WHEN_ALWAYS)
				continue;
			lacking = till_person(till, "super-admin");
			till_deny(till, &lacking, key);
			assert_problem(till, 403, "forbidden", op, lacking.token);
			assert_got(till, "permission", key);
		}
	}
}

static void test_without_any_role(void **state)
{
	struct till *till = *state;
	struct person nobody = till_person(till, "");

	for (const struct promo_op *const *op = promo_ops; *op; op++)
		if ((*op)->access == PROMO_ACCESS_PERMISSION)
			assert_problem(till, 403, "forbidden", *op, nobody.token);
	assert_int_equal(ASK(till, &promo_op_me_show, nobody.token), 200);
}

/* With just its permissions, a row goes on to look at the input. */
static void test_with_just_the_permissions(void **state)
{
	struct till *till = *state;

	for (const struct promo_op *const *row = promo_ops; *row; row++) {
		const struct promo_op *op = *row;
		struct person person;

		if (op->access != PROMO_ACCESS_PERMISSION)
			continue;
		person = till_person(till, "");
		for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++)
			till_grant(till, &person, promo_permission_key(op->required[i].permission));
		(void)ASK(till, op, person.token);
		promo_spool_close(till->answer.spool);
		assert_int_not_equal(till->answer.status, 401);
		assert_int_not_equal(till->answer.status, 403);
	}
}

static promo_permissions all_but(enum promo_permission permission)
{
	return ~(promo_permissions)0 & ~((promo_permissions)1 << permission);
}

static const struct promo_op *const conditional[] = { &promo_op_batch_create,
	&promo_op_redemption_list };

static uint64_t bit(const struct promo_op *op, const char *name)
{
	return (uint64_t)1 << (promo_schema_field(op->in, name) - op->in->fields);
}

static void test_conditional_permissions(void **state)
{
	struct promo_batch_create_in create = { .total_codes = 0 };
	struct promo_redemption_list_in list = { .limit = 5 };
	struct promo_actor actor = { .kind = PROMO_ACTOR_USER, .user_id = "somebody" };
	struct promo_problem problem = { 0 };
	struct promo_arena *arena = promo_arena_new(65536);
	const struct promo_op *op = conditional[0];

	(void)state;
	actor.permissions = all_but(PROMO_P_CODES_GENERATE);
	create.set.present = bit(op, "total_codes");
	assert_int_equal(promo_with_auth(op, &actor, NULL, arena, &problem), 0);
	assert_int_equal(promo_with_auth(op, &actor, &create, arena, &problem), 0);
	create.total_codes = 1;
	assert_int_equal(promo_with_auth(op, &actor, &create, arena, &problem), PROMO_E_FORBIDDEN);
	actor.permissions = all_but(PROMO_P_BATCHES_ASSIGN);
	assert_int_equal(promo_with_auth(op, &actor, &create, arena, &problem), 0);
	create.set.present |= bit(op, "assigned_user_id");
	assert_int_equal(promo_with_auth(op, &actor, &create, arena, &problem), 0);
	create.assigned_user_id = "somebody";
	assert_int_equal(promo_with_auth(op, &actor, &create, arena, &problem), PROMO_E_FORBIDDEN);

	op = conditional[1];
	actor.permissions = all_but(PROMO_P_REDEMPTIONS_SEARCH);
	list.set.present = bit(op, "limit") | bit(op, "cursor") | bit(op, "count");
	assert_int_equal(promo_with_auth(op, &actor, &list, arena, &problem), 0);
	list.set.present |= bit(op, "q");
	assert_int_equal(promo_with_auth(op, &actor, &list, arena, &problem), PROMO_E_FORBIDDEN);
	promo_arena_free(arena);
}

static void test_own_only(void **state)
{
	struct promo_actor actor = { .permissions = all_but(PROMO_P_BATCHES_READ) };

	(void)state;
	assert_true(promo_auth_own_only(&promo_op_job_list, &actor));
	assert_false(promo_auth_own_only(&promo_op_user_list, &actor));
	actor.permissions = ~(promo_permissions)0;
	assert_false(promo_auth_own_only(&promo_op_job_list, &actor));
}

static void test_taken_away_is_gone(void **state)
{
	struct till *till = *state;
	struct person person = till_person(till, "support");

	assert_problem(till, 403, "forbidden", &promo_op_user_list, person.token);
	till_grant(till, &person, "users.read");
	assert_int_equal(ASK(till, &promo_op_user_list, person.token), 200);
	till_deny(till, &person, "users.read");
	assert_problem(till, 403, "forbidden", &promo_op_user_list, person.token);
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", person.id);
	assert_problem(till, 401, "unauthenticated", &promo_op_me_show, person.token);
}

static void test_sessions_end(void **state)
{
	struct till *till = *state;
	struct person person = till_person(till, "");

	(void)promo_test_sql(till->database,
		"UPDATE sessions SET last_seen_at = now() - interval '59 minutes' WHERE id = '%s'",
		person.session_id);
	assert_int_equal(ASK(till, &promo_op_me_show, person.token), 200);
	/* It was used: the idle time begins anew. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT last_seen_at > now() - interval '1 minute' "
				    "FROM sessions WHERE id = '%s'",
				    person.session_id),
		"t");
	(void)promo_test_sql(till->database,
		"UPDATE sessions SET last_seen_at = now() - interval '61 minutes' WHERE id = '%s'",
		person.session_id);
	assert_problem(till, 401, "session_expired", &promo_op_me_show, person.token);
	(void)promo_test_sql(till->database, "UPDATE sessions SET remember = true WHERE id = '%s'",
		person.session_id);
	assert_int_equal(ASK(till, &promo_op_me_show, person.token), 200);
	(void)promo_test_sql(till->database,
		"UPDATE sessions SET expires_at = now() WHERE id = '%s'", person.session_id);
	assert_problem(till, 401, "session_expired", &promo_op_me_show, person.token);
}

static void test_last_seen_is_written_once_a_minute(void **state)
{
	struct till *till = *state;
	struct person person = till_person(till, "");
	char before[64] = "";

	(void)promo_test_sql(till->database,
		"UPDATE sessions SET last_seen_at = now() - interval '50 seconds' WHERE id = '%s'",
		person.session_id);
	(void)strncat(before,
		promo_test_sql(till->database, "SELECT last_seen_at FROM sessions WHERE id = '%s'",
			person.session_id),
		sizeof(before) - 1);
	assert_int_equal(ASK(till, &promo_op_me_show, person.token), 200);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT last_seen_at FROM sessions WHERE id = '%s'",
			person.session_id),
		before);
}

/* However short the idle limit is: who works does not lose his session. */
static void test_a_busy_session_is_not_idle(void **state)
{
	struct till *till = *state;
	struct person person = till_person(till, "");

	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'security', 'session_management.session_timeout', '1'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	for (int i = 0; i < 3; i++) {
		(void)promo_test_sql(till->database,
			"UPDATE sessions SET last_seen_at = last_seen_at - interval '50 seconds' "
			"WHERE id = '%s'",
			person.session_id);
		assert_int_equal(ASK(till, &promo_op_me_show, person.token), 200);
	}
	(void)promo_test_sql(till->database,
		"UPDATE sessions SET last_seen_at = last_seen_at - interval '61 seconds' "
		"WHERE id = '%s'",
		person.session_id);
	assert_problem(till, 401, "session_expired", &promo_op_me_show, person.token);
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings WHERE key = 'session_management.session_timeout'; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
}

/* Whether the auth epoch was raised since `before`, and for this user: who keeps a copy of him has to
 * read him again. */
static bool raised_for(struct till *till, const char *before, const char *user_id)
{
	return strcmp(promo_test_sql(till->database,
			      "SELECT (SELECT epoch FROM auth_state) > %s AND EXISTS (SELECT FROM "
			      "auth_changes WHERE epoch > %s AND user_id = '%s')",
			      before, before, user_id),
		       "t") == 0;
}

/* Somebody who signed in by his password, which takes nothing away from anybody. */
static struct person signed_in(struct till *till, char login[256])
{
	struct person person = till_person_with_password(till, "", "tram lake copper nine");
	char before[32] = "";

	(void)strncat(before, promo_test_sql(till->database, "SELECT epoch FROM auth_state"),
		sizeof(before) - 1);
	(void)snprintf(login, 256, "{\"identifier\":\"%s\",\"password\":\"tram lake copper nine\"}",
		person.email);
	assert_int_equal(ASK(till, &promo_op_auth_login, .body = login), 200);
	(void)snprintf(person.token, sizeof(person.token), "%s", till_get(till, "token"));
	(void)snprintf(person.session_id, sizeof(person.session_id), "%s",
		promo_test_sql(
			till->database, "SELECT id FROM sessions WHERE user_id = '%s'", person.id));
	assert_string_equal(promo_test_sql(till->database, "SELECT epoch FROM auth_state"), before);
	return person;
}

/* Everything that takes something away from somebody, or changes what others are told of him. */
static void test_what_raises_the_epoch(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	char login[256];
	struct person clerk = signed_in(till, login), away = till_person(till, "support");
	const struct {
		const char *what;
		const struct person *whom; /* NULL: nobody */
		struct ask ask;
		int status;
	} cases[] = {
		{ "a role", &clerk,
			{ &promo_op_user_assign_role, boss.token, "{\"role\":\"support\"}",
				clerk.id },
			200 },
		{ "a role that is there", NULL,
			{ &promo_op_user_assign_role, boss.token, "{\"role\":\"support\"}",
				clerk.id },
			409 },
		{ "no role", &clerk,
			{ &promo_op_user_revoke_role, boss.token, .id = clerk.id,
				.role = "support" },
			200 },
		{ "a phone number", NULL,
			{ &promo_op_user_update, boss.token, "{\"phone_number\":\"0788111222\"}",
				clerk.id, .if_match = "\"1\"" },
			200 },
		{ "a name", &clerk,
			{ &promo_op_user_update, boss.token, "{\"last_name\":\"Keza\"}", clerk.id,
				.if_match = "\"1\"" },
			200 },
		{ "a second sign-in", NULL, { &promo_op_auth_login, .body = login }, 200 },
		{ "a password", &clerk,
			{ &promo_op_me_password, clerk.token,
				"{\"current_password\":\"tram lake copper nine\","
				"\"new_password\":\"horse battery staple\"}" },
			204 },
		{ "a look", NULL, { &promo_op_me_show, clerk.token }, 200 },
		{ "the end of a session", &clerk,
			{ &promo_op_session_end, clerk.token, .id = clerk.session_id }, 204 },
		{ "a sign-out", &boss, { &promo_op_auth_logout, boss.token }, 204 },
	};
	char before[32] = "";

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		before[0] = '\0';
		(void)strncat(before,
			promo_test_sql(till->database, "SELECT epoch FROM auth_state"),
			sizeof(before) - 1);
		(void)promo_test_sql(till->database, "UPDATE users SET version = 1");
		if (till_ask(till, &cases[i].ask) != cases[i].status)
			fail_msg("%s: %s", cases[i].what, till->answer.body);
		if (cases[i].whom ? !raised_for(till, before, cases[i].whom->id)
				  : strcmp(promo_test_sql(
						   till->database, "SELECT epoch FROM auth_state"),
					    before) != 0)
			fail_msg("%s", cases[i].what);
	}
	boss = till_person(till, "super-admin");
	assert_int_equal(ASK(till, &promo_op_user_end_sessions, boss.token, .id = away.id), 204);
	assert_true(raised_for(till, before, away.id));
	clerk = till_person(till, "");
	assert_int_equal(ASK(till, &promo_op_user_update, boss.token, "{\"is_active\":false}",
				 clerk.id, .if_match = "\"1\""),
		200);
	assert_true(raised_for(till, before, clerk.id));
}

/* Whether a lane that has not heard of these last epochs has to look at everybody anew. */
static bool concerns_all(struct till *till, int64_t epochs)
{
	struct promo_params params = PROMO_PARAMS(till->arena);
	struct promo_auth_state_row row;

	promo_param_int(&params,
		strtoll(promo_test_sql(till->database, "SELECT epoch FROM auth_state"), NULL, 10) -
			epochs);
	assert_int_equal(promo_store_one(till->runner->store, till->arena, PROMO_Q_AUTH_STATE,
				 &params, &row),
		0);
	return row.changed_all;
}

static void test_changes_that_are_forgotten(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");
	struct promo_params params = PROMO_PARAMS(till->arena);

	for (int i = 0; i < 5; i++)
		(void)promo_test_sql(till->database,
			"WITH s AS (UPDATE auth_state SET epoch = epoch + 1 RETURNING epoch) "
			"INSERT INTO auth_changes (epoch, user_id) SELECT epoch, '%s' FROM s",
			clerk.id);
	assert_false(concerns_all(till, 5));
	promo_param_int(&params, 3);
	assert_int_equal(
		promo_store_exec(till->runner->store, PROMO_Q_AUTH_PURGE, &params, NULL), 0);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM auth_changes"), "3");
	assert_false(concerns_all(till, 3));
	assert_true(concerns_all(till, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_leave_no_gap),
		cmocka_unit_test(test_without_a_token),
		cmocka_unit_test(test_without_a_permission),
		cmocka_unit_test(test_without_any_role),
		cmocka_unit_test(test_with_just_the_permissions),
		cmocka_unit_test(test_conditional_permissions),
		cmocka_unit_test(test_own_only),
		cmocka_unit_test(test_taken_away_is_gone),
		cmocka_unit_test(test_sessions_end),
		cmocka_unit_test(test_what_raises_the_epoch),
		cmocka_unit_test(test_changes_that_are_forgotten),
		cmocka_unit_test(test_last_seen_is_written_once_a_minute),
		cmocka_unit_test(test_a_busy_session_is_not_idle),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
