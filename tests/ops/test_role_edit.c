/* SPDX-License-Identifier: MIT */
/* Roles that people make rank below them and hold only what they may do; what came with the product
 * keeps its name and its rank; nobody changes a role that he holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_role.h"
#include "tests/ops/till.h"

static const struct promo_op *const create = &promo_op_role_create;
static const struct promo_op *const update = &promo_op_role_update;
static const struct promo_op *const delete = &promo_op_role_delete;

static void test_made(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), low = till_person(till, "batch-manager");
	struct person none = till_person(till, "");

	till_deny(till, &admin, "audit.read");
	till_grant(till, &low, "users.permissions.manage");
	till_grant(till, &none, "users.permissions.manage");
	assert_int_equal(ASK(till, create, admin.token,
				 "{\"name\":\"viewer\",\"description\":\"looks\",\"rank\":79,"
				 "\"permissions\":[\"batches.read\",\"batches.read\"]}"),
		201);
	assert_got(till, "permissions.0", "batches.read");
	assert_null(till_get(till, "permissions.1"));
	assert_got(till, "built_in", "false");
	assert_string_equal(till->answer.etag, "\"1\"");
	assert_problem(till, 409, "role_name_taken", create, admin.token, "{\"name\":\"viewer\"}");
	assert_problem(
		till, 403, "forbidden", create, admin.token, "{\"name\":\"equal\",\"rank\":80}");
	assert_problem(till, 422, "invalid_input", create, admin.token,
		"{\"name\":\"highest\",\"rank\":100}");
	assert_problem(till, 403, "forbidden", create, admin.token,
		"{\"name\":\"reader\",\"permissions\":[\"audit.read\"]}");
	assert_got(till, "permission", "audit.read");
	/* As high as its maker lets it be, where nothing is said. */
	assert_int_equal(ASK(till, create, low.token, "{\"name\":\"lower\"}"), 201);
	assert_got(till, "rank", "19");
	assert_problem(till, 403, "forbidden", create, none.token, "{\"name\":\"nothing\"}");
	assert_problem(till, 403, "forbidden", create, low.token,
		"{\"name\":\"helper\",\"permissions\":[\"batches.read\"]}");
}

static void test_changed(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin support");
	struct person admin = till_person(till, "admin"),
		      clerk = till_person(till, "batch-manager");

	/* At once, for those who hold it. */
	assert_int_equal(ASK(till, &promo_op_batch_list, clerk.token), 403);
	assert_int_equal(ASK(till, update, boss.token,
				 "{\"permissions\":[\"promo-codes.search\",\"batches.read\"]}",
				 "batch-manager", .if_match = "\"1\""),
		200);
	assert_got(till, "version", "2");
	assert_int_equal(ASK(till, &promo_op_batch_list, clerk.token), 200);
	/* Nothing changed: the same version. */
	assert_int_equal(ASK(till, update, boss.token, "{\"rank\":20}", "batch-manager",
				 .if_match = "\"2\""),
		200);
	assert_got(till, "version", "2");
	assert_problem(till, 412, "version_mismatch", update, boss.token, "{}", "batch-manager",
		.if_match = "\"1\"");
	assert_problem(till, 409, "role_built_in", update, boss.token, "{\"rank\":21}",
		"batch-manager", .if_match = "\"2\"");
	assert_problem(till, 409, "role_built_in", update, boss.token, "{\"name\":\"tills\"}",
		"batch-manager", .if_match = "\"2\"");
	assert_problem(till, 403, "forbidden", update, boss.token, "{\"permissions\":[]}",
		"support", .if_match = "\"1\"");
	assert_problem(till, 403, "forbidden", update, admin.token, "{\"permissions\":[]}", "admin",
		.if_match = "\"1\"");
	assert_problem(till, 403, "forbidden", update, admin.token, "{\"rank\":80}", "user",
		.if_match = "\"1\"");
	assert_problem(
		till, 404, "not_found", update, boss.token, "{}", "king", .if_match = "\"1\"");
	assert_problem(till, 409, "role_built_in", delete, boss.token, .id = "user");
	assert_problem(till, 403, "forbidden", delete, admin.token, .id = "admin");
}

static void test_deleted(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), holder;

	assert_int_equal(ASK(till, create, admin.token, "{\"name\":\"brief\"}"), 201);
	holder = till_person(till, "brief");
	assert_problem(till, 409, "role_in_use", delete, admin.token, .id = "brief");
	(void)promo_test_sql(till->database,
		"DELETE FROM user_role_assignments WHERE user_id = '%s'", holder.id);
	assert_int_equal(ASK(till, delete, admin.token, .id = "brief"), 204);
	assert_problem(till, 404, "not_found", &promo_op_role_show, admin.token, .id = "brief");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_deleted),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
