/* SPDX-License-Identifier: MIT */
/* Users: made with a password that the policy takes, found by any literal part of what they are
 * known by, changed only on the version that was read and only by those above them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ops/till.h"

static const struct promo_op *const create = &promo_op_user_create;
static const struct promo_op *const update = &promo_op_user_update;

static void test_create(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	char location[128], id[37] = "";

	assert_int_equal(ASK(till, create, boss.token,
				 "{\"first_name\":\" Eric \",\"last_name\":\"Habimana\","
				 "\"email\":\"Eric@Example.com\",\"phone_number\":\"0788 123 456\","
				 "\"password\":\"tram lake copper nine\","
				 "\"roles\":[\"batch-manager\",\"support\",\"batch-manager\"]}"),
		201);
	assert_got(till, "first_name", "Eric");
	assert_got(till, "email", "eric@example.com");
	assert_got(till, "phone_number", "+250788123456");
	assert_got(till, "is_active", "true");
	assert_got(till, "roles.0.name", "support");
	assert_got(till, "roles.1.name", "batch-manager");
	assert_null(till_get(till, "roles.2"));
	assert_null(till_get(till, "role_changes"));
	assert_null(strstr(till->answer.body, "argon2"));
	(void)snprintf(id, sizeof(id), "%s", till_get(till, "id"));
	(void)snprintf(location, sizeof(location), "/api/v1/users/%s", id);
	assert_string_equal(till->answer.location, location);
	assert_string_equal(till->answer.etag, "\"1\"");
	assert_int_equal(ASK(till, &promo_op_auth_login,
				 .body = "{\"identifier\":\"0788123456\","
					 "\"password\":\"tram lake copper nine\"}"),
		200);
	assert_got(till, "user.id", id);

	assert_problem(till, 409, "email_taken", create, boss.token,
		"{\"first_name\":\"E\",\"last_name\":\"H\",\"email\":\"ERIC@example.com\"}");
	assert_problem(till, 409, "phone_number_taken", create, boss.token,
		"{\"first_name\":\"E\",\"last_name\":\"H\",\"phone_number\":\"+250788123456\"}");
}

/* Who may do nothing is told so: the list is there, and empty. */
static void test_create_without_roles(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_int_equal(ASK(till, create, boss.token,
				 "{\"first_name\":\"No\",\"last_name\":\"Body\","
				 "\"email\":\"nobody@example.com\"}"),
		201);
	assert_non_null(strstr(till->answer.body, "\"roles\":[],\"permissions\":[]"));
	assert_null(strstr(till->answer.body, "role_changes"));
}

static void test_create_refused(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	assert_problem(till, 422, "invalid_input", create, boss.token,
		"{\"first_name\":\"E\",\"last_name\":\"H\"}");
	assert_got(till, "errors.0.pointer", "/email");
	assert_problem(till, 422, "invalid_input", create, boss.token,
		"{\"first_name\":\"E\",\"last_name\":\"H\",\"email\":\"e1@example.com\","
		"\"password\":\"password1234\"}");
	assert_got(till, "errors.0.pointer", "/password");
	assert_problem(till, 422, "invalid_input", create, boss.token,
		"{\"first_name\":\"E\",\"last_name\":\"H\",\"email\":\"e1@example.com\","
		"\"roles\":[\"support\",\"king\",\"\xc3\xa9\"]}");
	assert_got(till, "errors.0.pointer", "/roles/1");
	assert_got(till, "errors.1.pointer", "/roles/2");
	assert_string_equal(promo_test_sql(till->database, "SELECT count(*) FROM users "
							   "WHERE email = 'e1@example.com'"),
		"0");
}

static void name(
	struct till *till, const struct person *person, const char *first, const char *last)
{
	(void)promo_test_sql(till->database,
		"UPDATE users SET first_name = '%s', last_name = '%s' WHERE id = '%s'", first, last,
		person->id);
}

static void finds(struct till *till, const char *token, const char *query, const char *total)
{
	assert_int_equal(ASK(till, &promo_op_user_list, token,
				 .query = { { "q", query }, { "count", "true" } }),
		200);
	assert_got(till, "total", total);
}

static void test_list(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct person a = till_person(till, "support"), b = till_person(till, "user");
	struct person c = till_person(till, "user");
	char text[64];

	name(till, &a, "Jean_Paul", "100% Nkunda");
	name(till, &b, "JeanXPaul", "Back\\slash");
	finds(till, boss.token, "jean", "2");
	finds(till, boss.token, "N_P", "1");
	finds(till, boss.token, "0% nk", "1");
	finds(till, boss.token, "%", "1");
	finds(till, boss.token, "k\\s", "1");
	finds(till, boss.token, "jean_paul 100", "1");
	finds(till, boss.token, "no such person", "0");
	(void)promo_test_sql(till->database,
		"UPDATE users SET phone_number = '+250788555111' WHERE id = '%s'", a.id);
	finds(till, boss.token, "0788555", "1");
	finds(till, boss.token, "+250788555111", "1");
	(void)snprintf(text, sizeof(text), "%.20s", c.email + 8);
	finds(till, boss.token, text, "1");

	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", c.id);
	assert_int_equal(ASK(till, &promo_op_user_list, boss.token,
				 .query = { { "is_active", "false" }, { "role", "user" } }),
		200);
	assert_got(till, "items.0.id", c.id);
	assert_null(till_get(till, "items.1"));
	assert_null(till_get(till, "items.0.permissions"));
	/* Newest first, page by page, also while others arrive. */
	assert_int_equal(ASK(till, &promo_op_user_list, boss.token,
				 .query = { { "q", "jean" }, { "limit", "1" } }),
		200);
	assert_got(till, "items.0.id", b.id);
	(void)till_person(till, "");
	assert_int_equal(
		ASK(till, &promo_op_user_list, boss.token,
			.query = { { "q", "jean" }, { "cursor", till_get(till, "next_cursor") } }),
		200);
	assert_got(till, "items.0.id", a.id);
	assert_null(till_get(till, "items.1"));
}

static void test_update(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "user");

	assert_int_equal(ASK(till, update, boss.token,
				 "{\"first_name\":\"Solange\",\"phone_number\":\"0788555666\"}",
				 clerk.id, .if_match = "\"1\""),
		200);
	assert_got(till, "first_name", "Solange");
	assert_got(till, "last_name", "Uwase");
	assert_got(till, "email", clerk.email);
	assert_got(till, "phone_number", "+250788555666");
	assert_got(till, "version", "2");
	assert_problem(till, 412, "version_mismatch", update, boss.token, "{}", clerk.id,
		.if_match = "\"1\"");
	/* Nothing changed: the same version. */
	assert_int_equal(ASK(till, update, boss.token, "{\"first_name\":\"Solange\"}", clerk.id,
				 .if_match = "\"2\""),
		200);
	assert_got(till, "version", "2");
	assert_int_equal(
		ASK(till, update, boss.token, "{\"email\":null}", clerk.id, .if_match = "\"2\""),
		200);
	assert_got(till, "email", "null");
	assert_problem(till, 422, "invalid_input", update, boss.token, "{\"phone_number\":null}",
		clerk.id, .if_match = "\"3\"");
	assert_problem(till, 422, "invalid_input", update, boss.token, "{\"first_name\":null}",
		clerk.id, .if_match = "\"3\"");
	assert_int_equal(ASK(till, create, boss.token,
				 "{\"first_name\":\"E\",\"last_name\":\"H\","
				 "\"email\":\"new@x.com\",\"phone_number\":\"0788777888\"}"),
		201);
	assert_problem(till, 409, "email_taken", update, boss.token, "{\"email\":\"NEW@x.com\"}",
		clerk.id, .if_match = "\"3\"");
	assert_problem(till, 409, "phone_number_taken", update, boss.token,
		"{\"phone_number\":\"0788777888\"}", clerk.id, .if_match = "\"3\"");
	assert_problem(till, 404, "not_found", update, boss.token, "{}",
		"0190a1b2-0000-7000-8000-00000000000a", .if_match = "\"1\"");
}

static void test_deactivate(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "user");

	assert_int_equal(ASK(till, update, boss.token, "{\"is_active\":false}", clerk.id,
				 .if_match = "\"1\""),
		200);
	assert_got(till, "is_active", "false");
	assert_problem(till, 401, "unauthenticated", &promo_op_me_show, clerk.token);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM sessions WHERE user_id = '%s'", clerk.id),
		"0");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) > 0 FROM auth_changes WHERE user_id = '%s'", clerk.id),
		"t");
	assert_int_equal(ASK(till, update, boss.token, "{\"is_active\":true}", clerk.id,
				 .if_match = "\"2\""),
		200);
}

/* Refused by rank: a 403 that names no permission, since none is missing. */
static void refused_by_rank(struct till *till)
{
	assert_int_equal(till->answer.status, 403);
	assert_got(till, "code", "forbidden");
	assert_null(till_get(till, "permission"));
	assert_non_null(strstr(till_get(till, "detail"), "lower rank"));
}

static void test_rank(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), admin = till_person(till, "admin");
	struct person peer = till_person(till, "admin"), clerk = till_person(till, "support");

	(void)ASK(till, update, admin.token, "{}", boss.id, .if_match = "\"1\"");
	refused_by_rank(till);
	(void)ASK(till, update, admin.token, "{}", peer.id, .if_match = "\"1\"");
	refused_by_rank(till);
	(void)ASK(till, update, admin.token, "{}", admin.id, .if_match = "\"1\"");
	refused_by_rank(till);
	(void)ASK(till, &promo_op_user_sessions, admin.token, .id = boss.id);
	refused_by_rank(till);
	(void)ASK(till, &promo_op_user_end_sessions, admin.token, .id = peer.id);
	refused_by_rank(till);
	assert_int_equal(ASK(till, &promo_op_me_show, peer.token), 200);
	assert_int_equal(ASK(till, update, admin.token, "{}", clerk.id, .if_match = "\"1\""), 200);
	assert_int_equal(ASK(till, update, boss.token, "{}", boss.id, .if_match = "\"1\""), 200);
	/* Reading is not managing. */
	assert_int_equal(ASK(till, &promo_op_user_show, admin.token, .id = boss.id), 200);
}

static void test_sessions_of_others(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin"), clerk = till_person(till, "user");

	assert_int_equal(ASK(till, &promo_op_user_sessions, boss.token, .id = clerk.id), 200);
	assert_got(till, "items.0.id", clerk.session_id);
	assert_got(till, "items.0.current", "false");
	assert_int_equal(ASK(till, &promo_op_user_end_sessions, boss.token, .id = clerk.id), 204);
	assert_problem(till, 401, "unauthenticated", &promo_op_me_show, clerk.token);
	assert_problem(till, 404, "not_found", &promo_op_user_sessions, boss.token,
		.id = "0190a1b2-0000-7000-8000-00000000000a");
	assert_problem(till, 404, "not_found", &promo_op_user_end_sessions, boss.token,
		.id = "0190a1b2-0000-7000-8000-00000000000a");
}

/* The first super-admin comes from the program itself, through the same code. */
static void test_as_system(void **state)
{
	struct till *till = *state;
	const char *const roles[] = { "super-admin" };
	struct promo_user_create_in in = {
		.first_name = "Claire",
		.last_name = "Mutoni",
		.email = "claire@example.com",
		.password = "tram lake copper nine",
		.roles = { roles, 1 },
	};
	struct promo_problem problem = { 0 };
	struct promo_user user;

	promo_arena_clear(till->arena);
	assert_int_equal(
		promo_run_as_system(till->runner, create, &in, till->arena, &problem, &user), 0);
	assert_string_equal(((const struct promo_ref *)user.roles.items)[0].name, "super-admin");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT actor_kind FROM audit_log WHERE entity_id = '%s'", user.id),
		"system");
	assert_int_equal(
		promo_run_as_system(till->runner, create, &in, till->arena, &problem, &user),
		PROMO_E_EMAIL_TAKEN);
	assert_int_equal(problem.error, PROMO_E_EMAIL_TAKEN);
	assert_int_equal(ASK(till, &promo_op_auth_login,
				 .body = "{\"identifier\":\"claire@example.com\","
					 "\"password\":\"tram lake copper nine\"}"),
		200);
}

/* As the settings have it at that moment. */
static void test_the_companys_name(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	static const char body[] =
		"{\"first_name\":\"E\",\"last_name\":\"H\",\"email\":\"shop@example.com\","
		"\"password\":\"green ikawanziza boat\"}";

	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'branding', 'company_name', '\"Ikawa Nziza\"'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	assert_problem(till, 422, "invalid_input", create, boss.token, body);
	assert_got(till, "errors.0.code", "password_company_name");
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings WHERE key = 'company_name'; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	assert_int_equal(ASK(till, create, boss.token, body), 201);
}

/* One's own name and number, whatever one's rank, and nothing else of oneself. */
static void test_oneself(void **state)
{
	static const char *const others[] = { "{\"email\":\"a@example.com\"}",
		"{\"is_active\":false}", "{\"roles\":[\"admin\"]}", "{\"first_name\":null}",
		"{\"first_name\":\"a\\u001bb\"}" };
	struct till *till = *state;
	struct person clerk = till_person(till, ""), other = till_person(till, "super-admin");

	assert_int_equal(ASK(till, &promo_op_me_update, clerk.token,
				 "{\"first_name\":\"Keza\",\"phone_number\":\"0788 900 111\"}",
				 .if_match = "\"1\""),
		200);
	assert_got(till, "id", clerk.id);
	assert_got(till, "first_name", "Keza");
	assert_got(till, "phone_number", "+250788900111");
	assert_string_equal(till->answer.etag, "\"2\"");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(c->>'field', ' ') || ' ' || entity_id || ' ' || "
			"(changes::text LIKE '%%Keza%%' OR changes::text LIKE '%%900111%%') "
			"FROM audit_log, jsonb_array_elements(changes) c "
			"WHERE action = 'me.update' AND entity_id = '%s' GROUP BY entity_id, "
			"changes",
			clerk.id) +
			strlen("first_name phone_number ") + strlen(clerk.id) + 1,
		"false");
	assert_problem(till, 412, "version_mismatch", &promo_op_me_update, clerk.token, "{}",
		.if_match = "\"1\"");
	for (size_t i = 0; i < PROMO_COUNT(others); i++)
		assert_problem(till, 422, "invalid_input", &promo_op_me_update, clerk.token,
			others[i], .if_match = "\"2\"");
	assert_problem(till, 409, "phone_number_taken", &promo_op_me_update, other.token,
		"{\"phone_number\":\"+250788900111\"}", .if_match = "\"1\"");
	/* Without changes nothing changes. */
	assert_int_equal(
		ASK(till, &promo_op_me_update, clerk.token, "{}", .if_match = "\"2\""), 200);
	assert_string_equal(till->answer.etag, "\"2\"");
	assert_int_equal(ASK(till, &promo_op_me_update, clerk.token, "{\"phone_number\":null}",
				 .if_match = "\"2\""),
		200);
	assert_got(till, "phone_number", "null");
	/* The last thing to sign in with stays. */
	(void)promo_test_sql(till->database,
		"UPDATE users SET email = NULL, phone_number = '+250788900112' WHERE id = '%s'",
		clerk.id);
	assert_problem(till, 422, "invalid_input", &promo_op_me_update, clerk.token,
		"{\"phone_number\":null}", .if_match = "\"3\"");
	assert_got(till, "errors.0.pointer", "/phone_number");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_create_without_roles),
		cmocka_unit_test(test_create_refused),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_deactivate),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_sessions_of_others),
		cmocka_unit_test(test_as_system),
		cmocka_unit_test(test_oneself),
		cmocka_unit_test(test_the_companys_name),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
