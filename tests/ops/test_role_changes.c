/* SPDX-License-Identifier: MIT */
/* What anybody but a super-admin asks for in rights waits, and is done when somebody else approves it
 * who ranks above all of it, if who asked could still ask for it then. Every way around that is tried:
 * by oneself, by whom it concerns, by the low, by what changed meanwhile, by two at once. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_api_key.h"
#include "libpromo/api/op_role.h"
#include "tests/ops/till.h"

static const struct promo_op *const assign = &promo_op_user_assign_role;
static const struct promo_op *const revoke = &promo_op_user_revoke_role;
static const struct promo_op *const approve = &promo_op_role_change_approve;
static const struct promo_op *const reject = &promo_op_role_change_reject;
static const struct promo_op *const permit = &promo_op_user_set_permissions;
static const struct promo_op *const edit = &promo_op_role_update;

struct id {
	char text[37];
};

static struct id got_id(struct till *till, const char *path)
{
	struct id id = { "" };

	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, path));
	return id;
}

/* Asks for something that has to wait. */
static struct id asked(struct till *till, const struct ask *ask)
{
	assert_int_equal(till_ask(till, ask), 202);
	assert_got(till, "role_change.status", "pending");
	return got_id(till, "role_change.id");
}
#define ASKED(till, ...) asked((till), &(struct ask){ __VA_ARGS__ })

/* Does nothing but to see whether a right is there. */
static int may_see_batches(struct till *till, const struct person *person)
{
	return ASK(till, &promo_op_batch_list, person->token);
}

static void assert_refuses(
	struct till *till, const struct promo_op *op, const struct person *who, const struct id *id)
{
	assert_problem(till, 403, "forbidden", op, who->token, .id = id->text);
}

static void assert_stale(struct till *till, const struct person *who, const struct id *id)
{
	assert_problem(till, 409, "role_change_stale", approve, who->token, .id = id->text);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT status FROM role_changes WHERE id = '%s'", id->text),
		"pending");
	assert_int_equal(ASK(till, reject, who->token, .id = id->text), 200);
	assert_got(till, "status", "rejected");
}

static void sql_role(struct till *till, const struct person *person, const char *role, bool give)
{
	(void)promo_test_sql(till->database,
		give ? "INSERT INTO user_role_assignments (user_id, role_id) SELECT '%s', id FROM "
		       "roles WHERE name = '%s'"
		     : "DELETE FROM user_role_assignments a USING roles r WHERE a.user_id = '%s' "
		       "AND r.id = a.role_id AND r.name = '%s'",
		person->id, role);
}

static void test_assigned_by_two(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), other = till_person(till, "admin");
	struct person clerk = till_person(till, "user"), low = till_person(till, "batch-manager");
	struct person boss = till_person(till, "super-admin");
	struct id change = ASKED(till, assign, admin.token, "{\"role\":\"support\"}", clerk.id);

	till_grant(till, &low, "users.permissions.manage");
	till_grant(till, &clerk, "users.permissions.manage");
	assert_refuses(till, approve, &admin, &change); /* who asked */
	assert_refuses(till, approve, &clerk, &change); /* whom it concerns */
	assert_refuses(till, reject, &clerk, &change);
	assert_refuses(till, approve, &low, &change); /* below the role */
	assert_refuses(till, reject, &low, &change);
	assert_int_equal(ASK(till, &promo_op_customer_list, clerk.token), 403);
	assert_int_equal(ASK(till, approve, other.token, .id = change.text), 200);
	assert_got(till, "status", "approved");
	assert_got(till, "decided_by.id", other.id);
	assert_got(till, "requested_by.id", admin.id);
	/* From the next request of a session that runs. */
	assert_int_equal(ASK(till, &promo_op_customer_list, clerk.token), 200);
	assert_problem(till, 409, "role_change_decided", approve, other.token, .id = change.text);
	assert_problem(till, 409, "role_change_decided", reject, boss.token, .id = change.text);

	change = ASKED(till, revoke, admin.token, .id = clerk.id, .role = "support");
	assert_refuses(till, reject, &clerk, &change);
	assert_int_equal(ASK(till, approve, boss.token, .id = change.text), 200);
	assert_int_equal(ASK(till, &promo_op_customer_list, clerk.token), 403);
	/* The trail says who, what and how. */
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(c ->> 'field', ' ' ORDER BY c ->> 'field') FROM "
			"audit_log a, "
			"jsonb_array_elements(a.changes) c WHERE a.action = 'role-change.approve' "
			"AND a.actor_id = '%s' AND a.outcome = 'allowed'",
			boss.id),
		"roles status");
	assert_problem(till, 404, "not_found", approve, boss.token,
		.id = "0190a1b2-0000-7000-8000-00000000000a");
}

static void test_roles_of_a_new_user(void **state)
{
	struct till *till = *state;
	struct person maker = till_person(till, "support"), boss = till_person(till, "super-admin");
	struct id change;

	till_grant(till, &maker, "users.create");
	assert_int_equal(ASK(till, &promo_op_user_create, maker.token,
				 "{\"first_name\":\"E\",\"last_name\":\"H\","
				 "\"email\":\"fresh@example.com\",\"roles\":[\"user\"]}"),
		201);
	change = got_id(till, "role_changes.0.id");
	/* Who may make users and no more needs no other right for the roles that he asked for then. */
	till_deny(till, &maker, "users.create");
	assert_stale(till, &boss, &change);
	till_grant(till, &maker, "users.create");
	assert_int_equal(ASK(till, &promo_op_user_create, maker.token,
				 "{\"first_name\":\"E\",\"last_name\":\"H\","
				 "\"email\":\"fresh2@example.com\",\"roles\":[\"user\"]}"),
		201);
	change = got_id(till, "role_changes.0.id");
	assert_int_equal(ASK(till, approve, boss.token, .id = change.text), 200);
	assert_int_equal(
		ASK(till, &promo_op_role_change_list, boss.token,
			.query = { { "status", "approved,rejected" }, { "count", "true" } }),
		200);
	assert_got(till, "items.0.id", change.text);
}

/* A key decides nothing, and what a super-admin's key asks for waits for another person. */
static void test_keys_of_people(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "user");
	struct person other = till_person(till, "super-admin"), key = boss;
	struct id change;

	assert_int_equal(ASK(till, &promo_op_api_key_create, boss.token,
				 "{\"name\":\"k\",\"permissions\":[\"users.roles.assign\","
				 "\"users.permissions.manage\"]}"),
		201);
	(void)snprintf(key.token, sizeof(key.token), "%s", till_get(till, "key"));
	assert_problem(
		till, 403, "forbidden", assign, key.token, "{\"role\":\"super-admin\"}", clerk.id);
	change = ASKED(till, assign, key.token, "{\"role\":\"support\"}", clerk.id);
	assert_refuses(till, approve, &key, &change);
	assert_refuses(till, approve, &boss, &change);
	assert_problem(till, 403, "forbidden", permit, key.token, "{\"grant\":[\"audit.read\"]}",
		clerk.id, .if_match = "\"1\"");
	assert_got(till, "permission", "audit.read");
	assert_int_equal(ASK(till, approve, other.token, .id = change.text), 200);
}

static void test_withdrawn(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), clerk = till_person(till, "user");
	struct id change = ASKED(till, assign, admin.token, "{\"role\":\"support\"}", clerk.id);

	assert_int_equal(ASK(till, reject, admin.token, .id = change.text), 200);
	assert_got(till, "decided_by.id", admin.id);
	/* It may be asked for again. */
	(void)ASKED(till, assign, admin.token, "{\"role\":\"support\"}", clerk.id);
}

/* Who asked, whom it concerns, or what it is about is no longer as it was. */
static void test_stale(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "user");
	struct person admin = till_person(till, "admin");
	const struct ask wish = { assign, admin.token, "{\"role\":\"support\"}", clerk.id };
	struct id change = asked(till, &wish);

	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", admin.id);
	assert_stale(till, &boss, &change);
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = true WHERE id = '%s'", admin.id);
	change = asked(till, &wish);
	till_deny(till, &admin, "users.roles.assign");
	assert_stale(till, &boss, &change);
	till_grant(till, &admin, "users.roles.assign");
	change = asked(till, &wish);
	sql_role(till, &admin, "admin", false);
	assert_stale(till, &boss, &change);
	sql_role(till, &admin, "admin", true);
	change = asked(till, &wish);
	sql_role(till, &clerk, "admin", true);
	assert_stale(till, &boss, &change);
	sql_role(till, &clerk, "admin", false);
	change = asked(till, &wish);
	(void)promo_test_sql(till->database, "UPDATE roles SET rank = 90 WHERE name = 'support'");
	assert_stale(till, &boss, &change);
	(void)promo_test_sql(till->database, "UPDATE roles SET rank = 40 WHERE name = 'support'");
	change = asked(till, &wish);
	assert_int_equal(
		till_ask(till, &(struct ask){ assign, boss.token, wish.body, clerk.id }), 200);
	assert_stale(till, &boss, &change);
	change = ASKED(till, revoke, admin.token, .id = clerk.id, .role = "support");
	assert_int_equal(ASK(till, revoke, boss.token, .id = clerk.id, .role = "support"), 200);
	assert_stale(till, &boss, &change);
	/* A user who is deleted takes what waits about him along. */
	change = asked(till, &wish);
	assert_int_equal(ASK(till, &promo_op_user_delete, boss.token, .id = clerk.id), 204);
	assert_problem(till, 409, "role_change_decided", approve, boss.token, .id = change.text);
}

static void test_grants(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), other = till_person(till, "admin");
	struct person clerk = till_person(till, "user"), boss = till_person(till, "super-admin");
	struct id change;

	assert_int_equal(ASK(till, &promo_op_user_permissions, admin.token, .id = clerk.id), 200);
	assert_got(till, "grant", "[]");
	assert_string_equal(till->answer.etag, "\"1\"");
	assert_problem(till, 422, "invalid_input", permit, admin.token, "{\"grant\":[\"fly\"]}",
		clerk.id, .if_match = "\"1\"");
	assert_problem(till, 422, "invalid_input", permit, admin.token,
		"{\"grant\":[\"audit.read\"],\"deny\":[\"audit.read\"]}", clerk.id,
		.if_match = "\"1\"");
	assert_got(till, "errors.0.pointer", "/deny");
	assert_problem(till, 412, "version_mismatch", permit, admin.token,
		"{\"grant\":[\"audit.read\"]}", clerk.id, .if_match = "\"7\"");
	change = ASKED(till, permit, admin.token, "{\"grant\":[\"batches.read\"]}", clerk.id,
		.if_match = "\"1\"");
	/* Asked for twice, it waits once. */
	assert_string_equal(ASKED(till, permit, admin.token, "{\"grant\":[\"batches.read\"]}",
				    clerk.id, .if_match = "\"1\"")
				    .text,
		change.text);
	assert_int_equal(may_see_batches(till, &clerk), 403);
	assert_refuses(till, approve, &admin, &change);
	assert_int_equal(ASK(till, approve, other.token, .id = change.text), 200);
	assert_got(till, "change.grant.0", "batches.read");
	assert_int_equal(may_see_batches(till, &clerk), 200);

	/* One hands on what one holds, when it is asked for and when it is approved: a grant, and a
	 * denial that is lifted. */
	till_deny(till, &admin, "audit.read");
	assert_problem(till, 403, "forbidden", permit, admin.token,
		"{\"grant\":[\"batches.read\",\"audit.read\"]}", clerk.id, .if_match = "\"2\"");
	assert_got(till, "permission", "audit.read");
	assert_int_equal(ASK(till, permit, boss.token,
				 "{\"grant\":[\"batches.read\"],\"deny\":[\"audit.read\"]}",
				 clerk.id, .if_match = "\"2\""),
		200);
	assert_problem(till, 403, "forbidden", permit, admin.token,
		"{\"grant\":[\"batches.read\"]}", clerk.id, .if_match = "\"3\"");
	till_grant(till, &admin, "audit.read");
	change = ASKED(till, permit, admin.token, "{\"grant\":[\"batches.read\"]}", clerk.id,
		.if_match = "\"3\"");
	till_deny(till, &admin, "audit.read");
	assert_stale(till, &boss, &change);
	/* What was asked for rests on what the user had. */
	change = ASKED(till, permit, admin.token, "{\"deny\":[\"audit.read\"]}", clerk.id,
		.if_match = "\"3\"");
	assert_int_equal(ASK(till, permit, boss.token, "{}", clerk.id, .if_match = "\"3\""), 200);
	assert_int_equal(may_see_batches(till, &clerk), 403);
	assert_stale(till, &boss, &change);
	/* Nobody raises himself, nor his like. */
	assert_problem(
		till, 403, "forbidden", permit, admin.token, "{}", admin.id, .if_match = "\"1\"");
	assert_problem(
		till, 403, "forbidden", permit, admin.token, "{}", other.id, .if_match = "\"1\"");
	assert_problem(till, 403, "forbidden", permit, admin.token,
		"{\"deny\":[\"users.permissions.manage\"]}", boss.id, .if_match = "\"1\"");
}

struct rival {
	struct promo_test_database *database;
	pthread_barrier_t *start;
	struct ask ask;
	int status;
};

static void *act(void *context)
{
	struct rival *rival = context;
	struct till *till = till_new(rival->database);

	(void)ASK(till, &promo_op_me_show, rival->ask.token);
	(void)pthread_barrier_wait(rival->start);
	rival->status = till_ask(till, &rival->ask);
	till_free(till);
	return NULL;
}

static void race(struct till *till, struct rival rivals[2])
{
	pthread_barrier_t start;
	pthread_t threads[2];

	assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
	for (size_t i = 0; i < 2; i++) {
		rivals[i].database = till->database;
		rivals[i].start = &start;
		assert_int_equal(pthread_create(&threads[i], NULL, act, &rivals[i]), 0);
	}
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	(void)pthread_barrier_destroy(&start);
}

static void test_decided_once(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), a = till_person(till, "admin");
	struct person b = till_person(till, "admin"), clerk = till_person(till, "user");

	for (int i = 0; i < 6; i++) {
		struct id change =
			ASKED(till, assign, admin.token, "{\"role\":\"support\"}", clerk.id);
		struct rival rivals[2] = {
			{ .ask = { approve, a.token, .id = change.text } },
			{ .ask = { i & 1 ? reject : approve, b.token, .id = change.text } },
		};

		race(till, rivals);
		assert_int_equal((rivals[0].status == 200) + (rivals[1].status == 200), 1);
		assert_int_equal((rivals[0].status == 409) + (rivals[1].status == 409), 1);
		sql_role(till, &clerk, "support", false);
	}
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
	struct person second = till_person(till, "super-admin");

	only(till, &boss, &boss);
	assert_problem(till, 409, "last_super_admin", permit, boss.token,
		"{\"deny\":[\"batches.read\"]}", boss.id, .if_match = "\"1\"");
	assert_problem(
		till, 409, "last_super_admin", &promo_op_user_delete, boss.token, .id = boss.id);
	/* One who is denied something is none to rely on. */
	assert_int_equal(
		ASK(till, assign, boss.token, "{\"role\":\"super-admin\"}", second.id), 200);
	till_deny(till, &second, "audit.read");
	assert_problem(
		till, 409, "last_super_admin", &promo_op_user_delete, boss.token, .id = boss.id);
	till_grant(till, &second, "audit.read");
	assert_int_equal(ASK(till, &promo_op_user_delete, boss.token, .id = boss.id), 204);
	assert_int_equal(ASK(till, &promo_op_me_show, boss.token), 401);
	assert_problem(till, 403, "forbidden", &promo_op_role_update, second.token,
		"{\"permissions\":[]}", "super-admin", .if_match = "\"1\"");
}

/* However two of them take each other away at once, one stays who can act. */
static void test_two_super_admins_at_once(void **state)
{
	struct till *till = *state;

	for (int i = 0; i < 9; i++) {
		struct person a = till_person(till, "super-admin");
		struct person b = till_person(till, "super-admin");
		const char *denial = "{\"deny\":[\"users.permissions.manage\"]}";
		const struct ask deny[2] = { { permit, a.token, denial, b.id, .if_match = "\"1\"" },
			{ permit, b.token, denial, a.id, .if_match = "\"1\"" } };
		const struct ask drop[2] = { { &promo_op_user_delete, a.token, .id = b.id },
			{ &promo_op_user_delete, b.token, .id = a.id } };
		const struct ask take[2] = { { revoke, a.token, .id = b.id, .role = "super-admin" },
			{ revoke, b.token, .id = a.id, .role = "super-admin" } };
		const struct ask *const ways[] = { deny, drop, take };
		struct rival rivals[2] = {
			{ .ask = ways[i % 3][0] },
			{ .ask = ways[i / 3][1] },
		};

		only(till, &a, &b);
		race(till, rivals);
		assert_int_equal((rivals[0].status < 300) + (rivals[1].status < 300), 1);
		assert_string_equal(
			promo_test_sql(till->database,
				"SELECT count(*) FROM users u JOIN user_role_assignments ra "
				"ON ra.user_id = u.id JOIN roles r ON r.id = ra.role_id WHERE "
				"r.name = "
				"'super-admin' AND u.is_active AND NOT EXISTS (SELECT FROM "
				"user_permissions p WHERE p.user_id = u.id AND NOT p.granted)"),
			"1");
	}
}

static void test_edits_wait(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), other = till_person(till, "admin");
	struct person holder = till_person(till, "admin"), boss = till_person(till, "super-admin");
	struct person clerk;
	struct id change;

	assert_int_equal(ASK(till, &promo_op_role_create, admin.token,
				 "{\"name\":\"cashier\",\"permissions\":[\"promo-codes.search\"]}"),
		201);
	assert_got(till, "rank", "30");
	clerk = till_person(till, "cashier");
	sql_role(till, &holder, "cashier", true);
	change = ASKED(till, edit, admin.token,
		"{\"permissions\":[\"promo-codes.search\",\"batches.read\"]}", "cashier",
		.if_match = "\"1\"");
	assert_got(till, "role_change.kind", "role_edit");
	assert_got(till, "role_change.role.name", "cashier");
	assert_got(till, "role_change.user", "null");
	assert_refuses(till, approve, &admin, &change);
	assert_refuses(till, approve, &holder, &change);
	assert_int_equal(may_see_batches(till, &clerk), 403);
	assert_int_equal(ASK(till, approve, other.token, .id = change.text), 200);
	assert_int_equal(may_see_batches(till, &clerk), 200);
	/* All who hold it are concerned, on every daemon. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(DISTINCT user_id) FROM auth_changes WHERE epoch "
				    "= (SELECT epoch FROM auth_state) AND user_id IN ('%s', '%s')",
				    clerk.id, holder.id),
		"2");
	/* As it was then, or not at all. */
	change = ASKED(
		till, edit, admin.token, "{\"permissions\":[]}", "cashier", .if_match = "\"2\"");
	assert_int_equal(ASK(till, edit, boss.token, "{\"description\":\"x\"}", "cashier",
				 .if_match = "\"2\""),
		200);
	assert_stale(till, &boss, &change);
	change = ASKED(till, edit, admin.token,
		"{\"permissions\":[\"audit.read\",\"batches.read\"]}", "cashier",
		.if_match = "\"3\"");
	till_deny(till, &admin, "audit.read");
	assert_stale(till, &boss, &change);
	till_grant(till, &admin, "audit.read");
	change = ASKED(till, edit, admin.token, "{\"rank\":70}", "cashier", .if_match = "\"3\"");
	sql_role(till, &admin, "cashier", true);
	assert_stale(till, &boss, &change);
	sql_role(till, &admin, "cashier", false);
	/* Who deletes a role rejects what waits about it. */
	change = ASKED(till, edit, admin.token, "{\"rank\":70}", "cashier", .if_match = "\"3\"");
	(void)promo_test_sql(till->database,
		"DELETE FROM user_role_assignments a USING roles r WHERE r.id = a.role_id AND "
		"r.name = 'cashier'");
	assert_int_equal(ASK(till, &promo_op_role_delete, boss.token, .id = "cashier"), 204);
	assert_problem(till, 409, "role_change_decided", approve, boss.token, .id = change.text);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT change ->> 'deleted_role' FROM role_changes WHERE id = "
				    "'%s'",
				    change.text),
		"cashier");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_assigned_by_two),
		cmocka_unit_test(test_roles_of_a_new_user),
		cmocka_unit_test(test_keys_of_people),
		cmocka_unit_test(test_withdrawn),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_grants),
		cmocka_unit_test(test_decided_once),
		cmocka_unit_test(test_the_last_super_admin),
		cmocka_unit_test(test_two_super_admins_at_once),
		cmocka_unit_test(test_edits_wait),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
