/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "libpromo/api/op_role.h"
#include "tests/lib/test.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

static void roles(struct api *api, struct till *till, const struct person *boss)
{
	struct order order = { .op = &promo_op_role_create,
		.token = boss->token,
		.key = "role-1",
		.body = "{\"name\":\"cashier\"}" };
	struct api_answer answer;
	struct person holder;

	assert_int_equal(order_ask(api, &order, &answer), 201);
	order.body = "{\"name\":\"other\"}";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	(void)ORDER(api, &answer, order.op, boss->token, "{\"name\":\"cashier\"}");
	assert_refused(&answer, PROMO_E_ROLE_NAME_TAKEN);
	(void)ORDER(api, &answer, order.op, boss->token, "{\"name\":\"-\"}");
	assert_bad_field(&answer, "/name", "too_short");
	(void)ORDER(api, &answer, order.op, boss->token, "{\"name\":\"Super-Admin\"}");
	assert_bad_field(&answer, "/name", "invalid_name");
	order = (struct order){
		.op = &promo_op_role_update, .token = boss->token, .id = "cashier"
	};
	order.body = "{\"name\":\"user\"}";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_PRECONDITION_REQUIRED);
	order.if_match = "\"7\"";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
	order.if_match = "\"1\"";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_ROLE_NAME_TAKEN);
	order.id = "support";
	order.body = "{\"name\":\"helpers\"}";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_ROLE_BUILT_IN);
	(void)ORDER(api, &answer, &promo_op_role_delete, boss->token, .id = "support");
	assert_refused(&answer, PROMO_E_ROLE_BUILT_IN);
	holder = till_person(till, "cashier");
	(void)ORDER(api, &answer, &promo_op_role_delete, boss->token, .id = "cashier");
	assert_refused(&answer, PROMO_E_ROLE_IN_USE);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_user_delete, boss->token, .id = holder.id), 204);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_role_delete, boss->token, .id = "cashier"), 204);
}

/* A role that the settings call by its name keeps it. */
static void roles_of_settings(struct api *api, const struct person *boss)
{
	struct api_answer answer;

	assert_int_equal(
		ORDER(api, &answer, &promo_op_role_create, boss->token, "{\"name\":\"named\"}"),
		201);
	(void)promo_test_sql(api->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'security', 'two_factor_authentication.required_roles', '[\"named\"]') "
		"ON CONFLICT (category, key) DO UPDATE SET value = excluded.value");
	(void)promo_test_sql(
		api->database, "UPDATE auth_state SET settings_version = settings_version + 1");
	(void)ORDER(api, &answer, &promo_op_role_update, boss->token, "{\"name\":\"renamed\"}",
		"named", .if_match = "\"1\"");
	assert_refused(&answer, PROMO_E_ROLE_IN_USE);
	(void)promo_test_sql(api->database,
		"DELETE FROM system_settings WHERE key = "
		"'two_factor_authentication.required_roles'; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
}

static void decide(struct api *api, const struct order *ask, const struct person *boss,
	const char *other, enum promo_error error)
{
	struct api_answer answer;
	char id[64];

	assert_int_equal(order_ask(api, ask, &answer), 202);
	(void)snprintf(id, sizeof(id), "%s", api_get(&answer, "role_change.id"));
	(void)promo_test_sql(api->database, "%s", other);
	(void)ORDER(api, &answer, &promo_op_role_change_approve, boss->token, .id = id);
	assert_refused(&answer, error);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_role_change_reject, boss->token, .id = id), 200);
	(void)ORDER(api, &answer, &promo_op_role_change_reject, boss->token, .id = id);
	assert_refused(&answer, PROMO_E_ROLE_CHANGE_DECIDED);
	(void)ORDER(api, &answer, &promo_op_role_change_approve, boss->token, .id = id);
	assert_refused(&answer, PROMO_E_ROLE_CHANGE_DECIDED);
}

static void changes(struct api *api, struct till *till, const struct person *boss)
{
	struct person admin = till_person(till, "admin"), clerk = till_person(till, "user");
	struct api_answer answer;

	decide(api,
		&(struct order){ .op = &promo_op_user_assign_role,
			.token = admin.token,
			.id = clerk.id,
			.body = "{\"role\":\"support\"}" },
		boss, "UPDATE roles SET rank = 85 WHERE name = 'support'",
		PROMO_E_ROLE_CHANGE_STALE);
	(void)promo_test_sql(api->database, "UPDATE roles SET rank = 40 WHERE name = 'support'");
	assert_int_equal(
		ORDER(api, &answer, &promo_op_role_create, admin.token, "{\"name\":\"before\"}"),
		201);
	decide(api,
		&(struct order){ .op = &promo_op_role_update,
			.token = admin.token,
			.id = "before",
			.body = "{\"name\":\"after\"}",
			.if_match = "\"1\"" },
		boss, "INSERT INTO roles (id, name, rank) VALUES (gen_random_uuid(), 'after', 5)",
		PROMO_E_ROLE_NAME_TAKEN);
}

static void oneself(struct api *api, struct till *till)
{
	struct person clerk = till_person(till, ""), other = till_person(till, "");
	struct api_answer answer;

	(void)promo_test_sql(api->database,
		"UPDATE users SET phone_number = '+250788900555' WHERE id = '%s'", other.id);
	(void)ORDER(api, &answer, &promo_op_me_update, clerk.token,
		"{\"phone_number\":\"0788 900 555\"}", .if_match = "\"1\"");
	assert_refused(&answer, PROMO_E_PHONE_NUMBER_TAKEN);
	(void)ORDER(api, &answer, &promo_op_me_update, clerk.token, "{}", .if_match = "\"7\"");
	assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
	(void)ORDER(api, &answer, &promo_op_me_update, clerk.token, "{}");
	assert_refused(&answer, PROMO_E_PRECONDITION_REQUIRED);
	(void)promo_test_sql(
		api->database, "UPDATE users SET phone_number = NULL WHERE id = '%s'", other.id);
}

void errors_people(struct api *api, struct till *till, const struct person *boss)
{
	struct person clerk = till_person(till, "user");
	struct order order = { .op = &promo_op_user_set_permissions,
		.token = boss->token,
		.id = clerk.id,
		.body = "{\"deny\":[\"audit.read\"]}" };
	struct api_answer answer;

	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_PRECONDITION_REQUIRED);
	order.if_match = "\"7\"";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
	order.if_match = "\"1\"";
	assert_int_equal(order_ask(api, &order, &answer), 200);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_user_unlock, boss->token, .id = clerk.id), 200);
	oneself(api, till);
	roles(api, till, boss);
	roles_of_settings(api, boss);
	changes(api, till, boss);
}
