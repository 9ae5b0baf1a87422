/* SPDX-License-Identifier: MIT */
/* Roles: a super-admin gives and takes them at once, everybody else asks; nobody reaches above
 * himself; and however two of them try, the last active super-admin stays. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/till.h"

static const struct promo_op *const assign = &promo_op_user_assign_role;
static const struct promo_op *const revoke = &promo_op_user_revoke_role;

static void test_a_super_admin_acts_at_once(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "");

	assert_int_equal(ASK(till, assign, boss.token, "{\"role\":\"support\"}", clerk.id), 200);
	assert_got(till, "roles.0.name", "support");
	assert_got(till, "version", "2");
	assert_problem(till, 409, "role_already_assigned", assign, boss.token,
		"{\"role\":\"support\"}", clerk.id);
	assert_int_equal(ASK(till, assign, boss.token,
				 "{\"role\":\"00000000-0000-7000-8000-000000002005\"}", clerk.id),
		200);
	assert_got(till, "roles.1.name", "user");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM auth_changes WHERE user_id = '%s'", clerk.id),
		"2");
	assert_int_equal(ASK(till, revoke, boss.token, .id = clerk.id, .role = "support"), 200);
	assert_null(till_get(till, "roles.1"));
	assert_problem(
		till, 404, "not_found", revoke, boss.token, .id = clerk.id, .role = "support");
	assert_problem(till, 404, "not_found", revoke, boss.token, .id = clerk.id, .role = "king");
	assert_problem(
		till, 422, "invalid_input", assign, boss.token, "{\"role\":\"king\"}", clerk.id);
	assert_got(till, "errors.0.pointer", "/role");
	assert_problem(till, 404, "not_found", assign, boss.token, "{\"role\":\"user\"}",
		"0190a1b2-0000-7000-8000-00000000000a");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT changes -> 0 ->> 'field' FROM audit_log "
				    "WHERE action = 'user.revoke-role' AND actor_id = '%s' "
				    "AND outcome = 'allowed'",
				    boss.id),
		"roles");
}

static void test_others_ask(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), other = till_person(till, "admin");
	struct person clerk = till_person(till, "user");
	char change[37] = "";

	assert_int_equal(ASK(till, assign, admin.token, "{\"role\":\"support\"}", clerk.id), 202);
	assert_got(till, "role_change.kind", "assign");
	assert_got(till, "role_change.status", "pending");
	assert_got(till, "role_change.user.id", clerk.id);
	assert_got(till, "role_change.role.name", "support");
	assert_got(till, "role_change.requested_by.id", admin.id);
	assert_got(till, "role_change.decided_by", "null");
	assert_null(till->answer.etag);
	(void)strncat(change, till_get(till, "role_change.id"), sizeof(change) - 1);
	/* Who asks again, or for the same, waits for the same. */
	assert_int_equal(ASK(till, assign, other.token, "{\"role\":\"support\"}", clerk.id), 202);
	assert_got(till, "role_change.id", change);
	assert_int_equal(ASK(till, &promo_op_user_show, admin.token, .id = clerk.id), 200);
	assert_got(till, "roles.0.name", "user");
	assert_null(till_get(till, "roles.1"));
	assert_int_equal(ASK(till, revoke, admin.token, .id = clerk.id, .role = "user"), 202);
	assert_got(till, "role_change.kind", "revoke");
	assert_int_equal(ASK(till, &promo_op_user_show, admin.token, .id = clerk.id), 200);
	assert_got(till, "roles.0.name", "user");

	assert_int_equal(
		ASK(till, &promo_op_user_create, admin.token,
			"{\"first_name\":\"E\",\"last_name\":\"H\","
			"\"email\":\"waits@example.com\",\"roles\":[\"support\",\"user\"]}"),
		201);
	assert_null(till_get(till, "roles.0"));
	assert_got(till, "role_changes.0.role.name", "support");
	assert_got(till, "role_changes.1.role.name", "user");
}

static void refused_by_rank(struct till *till)
{
	assert_int_equal(till->answer.status, 403);
	assert_null(till_get(till, "permission"));
	assert_non_null(strstr(till_get(till, "detail"), "lower rank"));
}

static void test_rank(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), admin = till_person(till, "admin");
	struct person clerk = till_person(till, "user");

	(void)ASK(till, assign, admin.token, "{\"role\":\"admin\"}", clerk.id);
	refused_by_rank(till);
	(void)ASK(till, assign, admin.token, "{\"role\":\"super-admin\"}", clerk.id);
	refused_by_rank(till);
	(void)ASK(till, assign, admin.token, "{\"role\":\"support\"}", admin.id);
	refused_by_rank(till);
	(void)ASK(till, revoke, admin.token, .id = boss.id, .role = "super-admin");
	refused_by_rank(till);
	(void)ASK(till, &promo_op_user_create, admin.token,
		"{\"first_name\":\"E\",\"last_name\":\"H\",\"email\":\"up@example.com\","
		"\"roles\":[\"admin\"]}");
	refused_by_rank(till);
	assert_string_equal(promo_test_sql(till->database, "SELECT count(*) FROM users "
							   "WHERE email = 'up@example.com'"),
		"0");
}

/* Makes everybody else of this database something less. */
static void only(struct till *till, const struct person *a, const struct person *b)
{
	(void)promo_test_sql(till->database,
		"DELETE FROM user_role_assignments WHERE user_id NOT IN ('%s', '%s') AND role_id = "
		"(SELECT id FROM roles WHERE name = 'super-admin')",
		a->id, b->id);
}

static void test_the_last_super_admin(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	only(till, &boss, &boss);
	assert_problem(till, 409, "last_super_admin", revoke, boss.token, .id = boss.id,
		.role = "super-admin");
	assert_problem(till, 409, "last_super_admin", &promo_op_user_update, boss.token,
		"{\"is_active\":false}", boss.id, .if_match = "\"1\"");
	assert_int_equal(ASK(till, &promo_op_me_show, boss.token), 200);
}

static void test_an_inactive_one_does_not_count(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct person away = till_person(till, "super-admin");

	only(till, &boss, &away);
	assert_int_equal(ASK(till, &promo_op_user_update, boss.token, "{\"is_active\":false}",
				 away.id, .if_match = "\"1\""),
		200);
	assert_problem(till, 409, "last_super_admin", revoke, boss.token, .id = boss.id,
		.role = "super-admin");
	assert_int_equal(ASK(till, revoke, boss.token, .id = away.id, .role = "super-admin"), 200);
}

struct rival {
	struct promo_test_database *database;
	pthread_barrier_t *start;
	const struct person *self, *victim;
	bool deactivates;
	int status;
};

static void *take_away(void *context)
{
	struct rival *rival = context;
	struct till *till = till_new(rival->database);

	(void)ASK(till, &promo_op_me_show, rival->self->token);
	(void)pthread_barrier_wait(rival->start);
	rival->status =
		rival->deactivates
			? ASK(till, &promo_op_user_update, rival->self->token,
				  "{\"is_active\":false}", rival->victim->id, .if_match = "\"1\"")
			: ASK(till, revoke, rival->self->token, .id = rival->victim->id,
				  .role = "super-admin");
	till_free(till);
	return NULL;
}

static void duel(struct till *till, bool first_deactivates, bool second_deactivates)
{
	struct person a = till_person(till, "super-admin"), b = till_person(till, "super-admin");
	pthread_barrier_t start;
	struct rival rivals[2] = {
		{ till->database, &start, &a, &b, first_deactivates, 0 },
		{ till->database, &start, &b, &a, second_deactivates, 0 },
	};
	pthread_t threads[2];

	only(till, &a, &b);
	assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_away, &rivals[i]), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	(void)pthread_barrier_destroy(&start);
	/* One wins. The other is refused, or is nobody any more when his turn comes. */
	assert_int_equal((rivals[0].status == 200) + (rivals[1].status == 200), 1);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM users u JOIN user_role_assignments ra "
				    "ON ra.user_id = u.id JOIN roles r ON r.id = ra.role_id "
				    "WHERE r.name = 'super-admin' AND u.is_active"),
		"1");
}

static void test_two_at_once(void **state)
{
	for (int i = 0; i < 8; i++)
		duel(*state, i & 1, i & 2);
}

static void test_lists(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");

	assert_int_equal(ASK(till, &promo_op_role_list, admin.token,
				 .query = { { "limit", "2" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "5");
	assert_got(till, "items.0.name", "super-admin");
	assert_got(till, "items.1.name", "admin");
	assert_int_equal(ASK(till, &promo_op_role_list, admin.token,
				 .query = { { "cursor", till_get(till, "next_cursor") } }),
		200);
	assert_got(till, "items.0.name", "support");
	assert_got(till, "items.0.permissions.0", "customers.read");
	assert_got(till, "items.2.name", "user");
	assert_got(till, "next_cursor", "null");
	assert_int_equal(ASK(till, &promo_op_permission_list, admin.token,
				 .query = { { "limit", "1000" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "44");
	assert_got(till, "items.0.key", "alerts.manage");
}

/* The list in C and the one in the database are the same. */
static void test_permissions_are_seeded(void **state)
{
	struct till *till = *state;

	for (int i = 1; i < PROMO_P_COUNT; i++)
		assert_string_equal(promo_test_sql(till->database,
					    "SELECT description FROM permissions WHERE key = '%s'",
					    promo_permission_key((enum promo_permission)i)),
			promo_permission_text((enum promo_permission)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_super_admin_acts_at_once),
		cmocka_unit_test(test_others_ask),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_the_last_super_admin),
		cmocka_unit_test(test_an_inactive_one_does_not_count),
		cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_permissions_are_seeded),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
