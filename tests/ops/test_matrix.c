/* SPDX-License-Identifier: MIT */
/* Every role with every operation: who holds a role may call exactly what the rows open to the
 * permissions of that role, for the roles that come with the product, for one of one's own with each
 * single permission, and for two of them in one hand; and a key never more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_role.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/spool.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

/* What comes with the product (PRD 1 and design section 5), said once more. */
static const struct {
	const char *role, *permissions; /* NULL: all */
} built_in[] = {
	{ "super-admin", NULL },
	{ "admin", NULL },
	{ "support", "customers.read customers.search promo-codes.read promo-codes.search "
		     "redemptions.read redemptions.search" },
	{ "batch-manager",
		"promo-codes.fraud.report promo-codes.search redemptions.create.manual" },
	{ "user", "" },
};

static promo_permissions bit(enum promo_permission permission)
{
	return (promo_permissions)1 << permission;
}

static promo_permissions named(const char *permissions)
{
	promo_permissions all = 0;

	for (int i = 1; i < PROMO_P_COUNT; i++) {
		const char *key = promo_permission_key((enum promo_permission)i);
		const char *at = permissions ? strstr(permissions, key) : key;

		if (at && (!permissions || strchr(" ", at[strlen(key)])))
			all |= bit((enum promo_permission)i);
	}
	return all;
}

/* The bearer of a token as the database has him now. */
static struct promo_actor read_actor(
	struct promo_store *store, struct promo_arena *arena, const char *token)
{
	const struct promo_auth_limits limits = { INT64_MAX / 2, INT64_MAX / 2 };
	struct promo_auth_facts facts;
	struct promo_actor actor;

	assert_int_equal(promo_auth_read(store, arena, token, &facts), 0);
	assert_int_equal(promo_auth_judge(&facts, false, &limits, NULL, &actor), 0);
	return actor;
}

/* The first permission of the row that is needed whatever the input and is not among these; where it
 * always depends on the input, one of all has to be there. */
static enum promo_permission lacking(const struct promo_op *op, promo_permissions holds)
{
	bool any = false;

	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++) {
		bool held = holds & bit(op->required[i].permission);

		if (op->required[i].when == PROMO_WHEN_ALWAYS && !held)
			return op->required[i].permission;
		any = any || held;
	}
	return any ? PROMO_P_NONE : op->required[0].permission;
}

/* Every row is open to him if it should be. */
static void assert_row(const struct promo_op *op, const struct promo_actor *actor,
	promo_permissions holds, struct promo_arena *arena)
{
	struct promo_problem problem = { 0 };
	int expected = 0, r;

	if (op->access == PROMO_ACCESS_PERMISSION && lacking(op, holds))
		expected = PROMO_E_FORBIDDEN;
	if (op->access == PROMO_ACCESS_SELF && actor->api_key_id &&
		!(op->flags & PROMO_OP_BY_API_KEY))
		expected = PROMO_E_SESSION_REQUIRED;
	r = promo_with_auth(op, actor, NULL, arena, &problem);
	if (r != expected)
		fail_msg("%s: %d in place of %d", op->name, r, expected);
}

static void assert_rows(
	const struct promo_actor *actor, promo_permissions holds, struct promo_arena *arena)
{
	assert_true(actor->permissions == holds);
	for (size_t i = 0; promo_ops[i]; i++)
		assert_row(promo_ops[i], actor, holds, arena);
}

static struct promo_store *open_store(const struct till *till)
{
	const struct promo_store_config config = { .uri = till->database->app_uri };
	struct promo_store *store;

	assert_int_equal(promo_store_open(&config, &store), 0);
	return store;
}

static void test_built_in_roles(void **state)
{
	struct till *till = *state;
	struct promo_store *store = open_store(till);
	struct promo_arena *arena = promo_arena_new(8 * 1024 * 1024);

	for (size_t i = 0; i < PROMO_COUNT(built_in); i++) {
		struct person person = till_person(till, built_in[i].role);
		struct promo_actor actor = read_actor(store, arena, person.token);

		assert_rows(&actor, named(built_in[i].permissions), arena);
		assert_int_equal(actor.super_admin, i == 0);
	}
	promo_arena_free(arena);
	promo_store_close(store);
}

/* A role of its own for this permission, made over the API as people do. */
static void make_role(struct till *till, const struct person *boss, int permission)
{
	char body[200];

	(void)snprintf(body, sizeof(body), "{\"name\":\"only-%d\",\"permissions\":[\"%s\"]}",
		permission, promo_permission_key((enum promo_permission)permission));
	assert_int_equal(ASK(till, &promo_op_role_create, boss->token, body), 201);
}

static void test_roles_of_ones_own(void **state)
{
	struct till *till = *state;
	struct promo_store *store = open_store(till);
	struct promo_arena *arena = promo_arena_new(64 * 1024 * 1024);
	struct person boss = till_person(till, "super-admin");

	for (int i = 1; i < PROMO_P_COUNT; i++) {
		struct promo_actor actor;
		struct person person, key;
		char roles[64];

		make_role(till, &boss, i);
		(void)snprintf(roles, sizeof(roles), "only-%d only-%d", i, i > 1 ? i - 1 : i);
		if (i == 1)
			*strchr(roles, ' ') = '\0';
		person = till_person(till, roles);
		actor = read_actor(store, arena, person.token);
		assert_rows(&actor,
			bit((enum promo_permission)i) |
				(i > 1 ? bit((enum promo_permission)(i - 1)) : 0),
			arena);
		till_deny(till, &person,
			promo_permission_key((enum promo_permission)(i > 1 ? i - 1 : i)));
		actor = read_actor(store, arena, person.token);
		assert_rows(&actor, i > 1 ? bit((enum promo_permission)i) : 0, arena);
		/* A key for everything, of somebody with one permission. */
		key = till_key(till, &person, "users.read users.update batches.read audit.read");
		actor = read_actor(store, arena, key.token);
		assert_rows(&actor,
			i > 1 ? bit((enum promo_permission)i) &
					named("users.read users.update batches.read audit.read")
			      : 0,
			arena);
	}
	promo_arena_free(arena);
	promo_store_close(store);
}

/* Not just the check: the whole way, with one role that holds what the row asks for. */
static void test_all_the_way(void **state)
{
	struct till *till = *state;
	struct person people[PROMO_P_COUNT];
	int tried = 0;

	for (int i = 1; i < PROMO_P_COUNT; i++) {
		char role[16];

		(void)snprintf(role, sizeof(role), "only-%d", i);
		people[i] = till_person(till, role);
	}
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		const enum promo_permission needed = op->required[0].permission;
		const enum promo_permission other =
			(enum promo_permission)(needed % (PROMO_P_COUNT - 1) + 1);

		if (op->access != PROMO_ACCESS_PERMISSION || op->required[1].permission ||
			op->required[0].when != PROMO_WHEN_ALWAYS)
			continue;
		assert_problem(till, 403, "forbidden", op, people[other].token);
		(void)ASK(till, op, people[needed].token);
		promo_spool_close(till->answer.spool);
		assert_int_not_equal(till->answer.status, 401);
		if (till->answer.status == 403)
			fail_msg("%s needs more than '%s'", op->name, promo_permission_key(needed));
		tried++;
	}
	assert_true(tried > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_built_in_roles),
		cmocka_unit_test(test_roles_of_ones_own),
		cmocka_unit_test(test_all_the_way),
	};

	return cmocka_run_group_tests_name("ops/matrix", tests, till_setup, till_teardown);
}
