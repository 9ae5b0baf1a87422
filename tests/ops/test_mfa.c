/* SPDX-License-Identifier: MIT */
/* The second factor: enrolled with a code, asked for at sign-in, each code good once and for one account,
 * wrong ones counted, required of roles at once, removed by its owner or by who manages him; and nothing
 * of it can be read in the database or in the audit trail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/factor.h"

#define APP      "authenticator_app"
#define RECOVERY "recovery_code"

/* NULL: as shipped. */
static void set(struct till *till, const char *key, const char *json)
{
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings WHERE key = 'two_factor_authentication.%s'; "
		"UPDATE auth_state SET settings_version = settings_version + 1",
		key);
	if (json)
		(void)promo_test_sql(till->database,
			"INSERT INTO system_settings (id, category, key, value) VALUES "
			"(gen_random_uuid(), 'security', 'two_factor_authentication.%s', '%s'); "
			"UPDATE auth_state SET settings_version = settings_version + 1",
			key, json);
}

/* A statement that ends where the user's id is compared. */
static const char *sql_of(struct till *till, const struct factor *factor, const char *sql)
{
	return promo_test_sql(till->database, "%s = '%s'", sql, factor->person.id);
}

static void test_enrolment(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_person(till, "batch-manager"), other = clerk;
	char first[64];

	assert_int_equal(factor_login(till, &other), 200);
	assert_problem(till, 409, "mfa_not_enrolled", &promo_op_me_mfa_totp_confirm,
		clerk.person.token, "{\"code\":\"123456\"}");
	assert_int_equal(factor_begin(till, &clerk), 200);
	assert_int_equal(strlen(clerk.secret), 32);
	assert_non_null(strstr(till_get(till, "uri"), clerk.secret));
	memcpy(first, clerk.secret, sizeof(first));
	/* Begun again, the first one is gone. */
	assert_int_equal(factor_begin(till, &clerk), 200);
	assert_string_not_equal(first, clerk.secret);
	memcpy(other.secret, first, sizeof(first));
	assert_int_equal(factor_confirm(till, &other), 401);
	assert_got(till, "code", "invalid_credentials");
	assert_int_equal(ASK(till, &promo_op_me_show, clerk.person.token), 200);
	assert_got(till, "mfa_enabled", "false");
	assert_int_equal(factor_login(till, &other), 200);
	assert_int_equal(factor_confirm(till, &clerk), 200);
	assert_null(till_get(till, "recovery_codes.10"));
	assert_int_equal(ASK(till, &promo_op_me_show, clerk.person.token), 200);
	assert_got(till, "mfa_enabled", "true");
	/* Sessions that were made without it have ended. */
	assert_int_equal(ASK(till, &promo_op_me_show, other.person.token), 401);
	assert_problem(
		till, 409, "mfa_already_enrolled", &promo_op_me_mfa_totp, clerk.person.token);
	assert_int_equal(factor_confirm(till, &clerk), 409);
	assert_got(till, "code", "mfa_already_enrolled");
}

static void test_sign_in(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager"), second = clerk;
	char code[AUTHENTICATOR_CODE_SIZE];

	assert_int_equal(factor_login(till, &clerk), 401);
	assert_got(till, "code", "mfa_required");
	assert_got(till, "methods", "[\"authenticator_app\",\"recovery_code\"]");
	assert_null(till_get(till, "token"));
	assert_int_equal(factor_login(till, &second), 401);
	/* The code that confirmed it is used, and it is of no other method. */
	assert_int_equal(factor_show(till, &clerk, APP, clerk.confirmed_with), 401);
	assert_got(till, "code", "invalid_credentials");
	authenticator_code(clerk.secret, 1, code);
	assert_int_equal(factor_show(till, &clerk, "email", code), 401);
	assert_got(till, "code", "invalid_credentials");
	assert_int_equal(factor_show(till, &clerk, "fax", code), 422);
	assert_int_equal(factor_show(till, &clerk, APP, code), 200);
	assert_got(till, "user.id", clerk.person.id);
	assert_got(till, "mfa_enrolment_required", "false");
	assert_non_null(till_get(till, "permissions.0"));
	assert_int_equal(strncmp(till_get(till, "token"), "pmo_s_", 6), 0);
	/* Neither the code nor the token is good once more. */
	assert_int_equal(factor_show(till, &second, APP, code), 401);
	assert_got(till, "code", "invalid_credentials");
	factor_unuse(till, &clerk);
	assert_int_equal(factor_show_app(till, &clerk), 401);
	assert_got(till, "code", "session_expired");
	assert_int_equal(factor_show_app(till, &second), 200);
	assert_string_equal(
		sql_of(till, &clerk, "SELECT count(*) FROM mfa_challenges WHERE user_id"), "0");
}

/* Two users: the code and the token of one are nothing to the other. */
static void test_whose_it_is(void **state)
{
	struct till *till = *state;
	struct factor one = factor_enrolled(till, "support"),
		      other = factor_enrolled(till, "support");
	char mixed[64];

	assert_int_equal(factor_login(till, &one), 401);
	assert_int_equal(factor_login(till, &other), 401);
	assert_int_equal(factor_show(till, &one, RECOVERY, other.recovery[0]), 401);
	memcpy(mixed, one.secret, sizeof(mixed));
	memcpy(one.secret, other.secret, sizeof(mixed));
	assert_int_equal(factor_show_app(till, &one), 401);
	memcpy(one.secret, mixed, sizeof(mixed));
	/* A seed that is moved to another user is no seed. */
	(void)promo_test_sql(till->database,
		"UPDATE mfa_methods SET secret = (SELECT secret FROM mfa_methods WHERE user_id = "
		"'%s') WHERE user_id = '%s'",
		other.person.id, one.person.id);
	assert_int_equal(factor_show_app(till, &one), 500);
	assert_int_equal(factor_show(till, &one, RECOVERY, one.recovery[0]), 200);
}

static void test_five_wrong_codes(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");

	assert_int_equal(factor_login(till, &clerk), 401);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(factor_show(till, &clerk, RECOVERY, "nothing of the kind"), 401);
		assert_got(till, "code", "invalid_credentials");
	}
	assert_int_equal(factor_show(till, &clerk, RECOVERY, "AAAAA-AAAAA-AAAAA"), 401);
	assert_got(till, "code", "session_expired");
	assert_int_equal(factor_show_app(till, &clerk), 401);
	assert_got(till, "code", "session_expired");
	/* Anew, it is as ever: nothing was used up. */
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show_app(till, &clerk), 200);
}

static void test_what_ends_a_sign_in(void **state)
{
	static const char *const ends[] = {
		"UPDATE mfa_challenges SET expires_at = now() WHERE user_id",
		"UPDATE users SET is_active = false WHERE id",
		"DELETE FROM mfa_challenges WHERE user_id",
	};
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");
	char body[128];

	for (size_t i = 0; i < PROMO_COUNT(ends); i++) {
		assert_int_equal(factor_login(till, &clerk), 401);
		(void)sql_of(till, &clerk, ends[i]);
		assert_int_equal(factor_show_app(till, &clerk), 401);
		assert_got(till, "code", "session_expired");
		(void)sql_of(till, &clerk, "UPDATE users SET is_active = true WHERE id");
	}
	/* A new password ends what was begun with the old one. */
	assert_int_equal(factor_login(till, &clerk), 401);
	(void)snprintf(body, sizeof(body),
		"{\"current_password\":\"%s\",\"new_password\":\"horse battery staple\"}",
		FACTOR_PASSWORD);
	assert_int_equal(ASK(till, &promo_op_me_password, clerk.person.token, body), 204);
	assert_int_equal(factor_show_app(till, &clerk), 401);
	assert_got(till, "code", "session_expired");
	/* Ill-formed ones and those of sessions are none. */
	(void)snprintf(clerk.mfa_token, sizeof(clerk.mfa_token), "%s", clerk.person.token);
	assert_int_equal(factor_show_app(till, &clerk), 401);
	assert_got(till, "code", "session_expired");
}

static void test_guesses_across_sign_ins(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");

	for (int i = 0; i < 5; i++) {
		if (i == 0 || i == 3)
			assert_int_equal(factor_login(till, &clerk), 401);
		assert_int_equal(factor_show(till, &clerk, APP, "not it"), 401);
	}
	assert_int_equal(factor_show_app(till, &clerk), 429);
	assert_got(till, "code", "too_many_requests");
	assert_in_range(till->answer.retry_after_s, 25, 30);
	/* The owner is not kept out, and all is forgotten. */
	assert_int_equal(factor_show(till, &clerk, RECOVERY, clerk.recovery[9]), 200);
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show_app(till, &clerk), 200);
	/* Ten in a row, with all the patience: somebody has to know. */
	for (int i = 0; i < 10; i++) {
		assert_string_equal(promo_test_sql(till->database,
					    "SELECT count(*) FROM alerts WHERE kind = "
					    "'mfa_guessing' AND evidence->>'user_id' = '%s'",
					    clerk.person.id),
			"0");
		if (i % 4 == 0)
			assert_int_equal(factor_login(till, &clerk), 401);
		assert_int_equal(factor_show(till, &clerk, APP, "000"), 401);
		(void)sql_of(
			till, &clerk, "UPDATE throttles SET blocked_until = now() WHERE subject");
	}
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM alerts WHERE kind = 'mfa_guessing' AND "
				    "evidence->>'user_id' = '%s'",
				    clerk.person.id),
		"1");
}

static void test_recovery_codes(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");
	char typed[32] = "", old[32];

	/* As people type: lower case, without dashes. */
	for (const char *at = clerk.recovery[0]; *at; at++)
		if (*at != '-')
			(void)snprintf(typed + strlen(typed), 2, "%c", *at | 0x20);
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show(till, &clerk, RECOVERY, typed), 200);
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show(till, &clerk, RECOVERY, clerk.recovery[0]), 401);
	assert_int_equal(factor_show(till, &clerk, RECOVERY, clerk.recovery[1]), 200);
	(void)snprintf(
		clerk.person.token, sizeof(clerk.person.token), "%s", till_get(till, "token"));
	memcpy(old, clerk.recovery[2], sizeof(old));
	assert_problem(till, 401, "invalid_credentials", &promo_op_me_mfa_recovery_codes,
		clerk.person.token, "{\"password\":\"wrong\"}");
	assert_int_equal(ASK(till, &promo_op_me_mfa_recovery_codes, clerk.person.token,
				 "{\"password\":\"" FACTOR_PASSWORD "\"}"),
		200);
	(void)snprintf(typed, sizeof(typed), "%s", till_get(till, "recovery_codes.0"));
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show(till, &clerk, RECOVERY, old), 401);
	assert_int_equal(factor_show(till, &clerk, RECOVERY, typed), 200);
	/* With none left it is no method. */
	(void)sql_of(till, &clerk, "UPDATE recovery_codes SET used_at = now() WHERE user_id");
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_got(till, "methods", "[\"authenticator_app\"]");
}

static int remove_own(
	struct till *till, const struct factor *factor, const char *password, const char *code)
{
	char body[128];

	(void)snprintf(body, sizeof(body), "{\"password\":\"%s\",\"code\":\"%s\"}", password, code);
	return ASK(till, &promo_op_me_mfa_totp_remove, factor->person.token, body);
}

static void test_removal(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager"), other = clerk;
	char code[AUTHENTICATOR_CODE_SIZE];

	assert_int_equal(factor_login(till, &other), 401);
	assert_int_equal(factor_show(till, &other, RECOVERY, other.recovery[0]), 200);
	(void)snprintf(
		other.person.token, sizeof(other.person.token), "%s", till_get(till, "token"));
	authenticator_code(clerk.secret, 1, code);
	assert_int_equal(remove_own(till, &clerk, "wrong", code), 401);
	assert_int_equal(remove_own(till, &clerk, FACTOR_PASSWORD, "000000 "), 401);
	assert_int_equal(remove_own(till, &clerk, FACTOR_PASSWORD, clerk.recovery[0]), 401);
	assert_int_equal(ASK(till, &promo_op_me_show, other.person.token), 200);
	assert_int_equal(remove_own(till, &clerk, FACTOR_PASSWORD, code), 204);
	assert_int_equal(ASK(till, &promo_op_me_show, other.person.token), 401);
	assert_int_equal(ASK(till, &promo_op_me_show, clerk.person.token), 200);
	assert_got(till, "mfa_enabled", "false");
	assert_int_equal(remove_own(till, &clerk, FACTOR_PASSWORD, code), 409);
	assert_got(till, "code", "mfa_not_enrolled");
	assert_problem(till, 409, "mfa_not_enrolled", &promo_op_me_mfa_recovery_codes,
		clerk.person.token, "{\"password\":\"" FACTOR_PASSWORD "\"}");
	assert_int_equal(factor_login(till, &clerk), 200);
	/* Enrolled again, and removed with a recovery code: the app is lost. */
	assert_int_equal(factor_begin(till, &clerk), 200);
	assert_int_equal(factor_confirm(till, &clerk), 200);
	assert_int_equal(remove_own(till, &clerk, FACTOR_PASSWORD, clerk.recovery[5]), 204);
	assert_int_equal(factor_login(till, &clerk), 200);
}

static void test_removal_by_who_manages(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "user");
	struct factor boss = factor_enrolled(till, "super-admin");
	struct person admin = till_person(till, "admin"), manager = till_person(till, "support");

	till_grant(till, &manager, "users.update");
	assert_problem(till, 403, "forbidden", &promo_op_user_mfa_remove, admin.token,
		.id = boss.person.id);
	assert_problem(till, 403, "forbidden", &promo_op_user_mfa_remove, boss.person.token,
		.id = boss.person.id);
	assert_int_equal(
		ASK(till, &promo_op_user_mfa_remove, manager.token, .id = clerk.person.id), 200);
	assert_got(till, "mfa_enabled", "false");
	assert_int_equal(ASK(till, &promo_op_me_show, clerk.person.token), 401);
	assert_problem(till, 409, "mfa_not_enrolled", &promo_op_user_mfa_remove, admin.token,
		.id = clerk.person.id);
	assert_int_equal(factor_login(till, &clerk), 200);
}

/* As shipped administrators need one. */
static void test_required(void **state)
{
	struct till *till = *state;
	struct factor admin = factor_person(till, "support admin");
	struct person clerk = till_person(till, "batch-manager");

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		bool open = op->access == PROMO_ACCESS_PUBLIC || op == &promo_op_me_show ||
			    op == &promo_op_auth_logout || strncmp(op->path, "/me/mfa/", 8) == 0;

		if (op == &promo_op_auth_logout || op == &promo_op_server_openapi)
			continue;
		(void)ASK(till, op, admin.person.token, .id = clerk.id, .role = "user");
		assert_int_equal(till->answer.error == PROMO_E_MFA_ENROLMENT_REQUIRED, !open);
	}
	assert_int_equal(ASK(till, &promo_op_session_list, clerk.token), 200);
	assert_int_equal(factor_login(till, &admin), 200);
	assert_got(till, "mfa_enrolment_required", "true");
	assert_int_equal(factor_begin(till, &admin), 200);
	assert_int_equal(ASK(till, &promo_op_batch_list, admin.person.token), 403);
	assert_int_equal(factor_confirm(till, &admin), 200);
	assert_int_equal(ASK(till, &promo_op_batch_list, admin.person.token), 200);
	/* Without it again: at once. */
	assert_int_equal(remove_own(till, &admin, FACTOR_PASSWORD, admin.recovery[0]), 204);
	assert_problem(
		till, 403, "mfa_enrolment_required", &promo_op_batch_list, admin.person.token);
	set(till, "required_roles", "[]");
	assert_int_equal(ASK(till, &promo_op_batch_list, admin.person.token), 200);
	assert_int_equal(ASK(till, &promo_op_auth_logout, admin.person.token), 204);
	set(till, "required_roles", NULL);
}

/* Whatever makes it necessary does so from the next request of a session that runs, and of a key. */
static void test_required_meanwhile(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");
	struct factor clerk = factor_person(till, "support");
	struct person key = till_key(till, &clerk.person, "customers.read");

	assert_int_equal(ASK(till, &promo_op_customer_list, clerk.person.token), 200);
	assert_int_equal(ASK(till, &promo_op_customer_list, key.token), 200);
	assert_int_equal(ASK(till, &promo_op_user_assign_role, boss.token, "{\"role\":\"admin\"}",
				 clerk.person.id),
		200);
	assert_problem(
		till, 403, "mfa_enrolment_required", &promo_op_customer_list, clerk.person.token);
	assert_problem(till, 403, "mfa_enrolment_required", &promo_op_customer_list, key.token);
	assert_int_equal(factor_begin(till, &clerk), 200);
	assert_int_equal(factor_confirm(till, &clerk), 200);
	assert_int_equal(ASK(till, &promo_op_customer_list, clerk.person.token), 200);
	assert_int_equal(ASK(till, &promo_op_customer_list, key.token), 200);
	/* Taken away by who manages him: his sessions end, and his key waits for another. */
	assert_int_equal(
		ASK(till, &promo_op_user_mfa_remove, boss.token, .id = clerk.person.id), 200);
	assert_int_equal(ASK(till, &promo_op_customer_list, clerk.person.token), 401);
	assert_problem(till, 403, "mfa_enrolment_required", &promo_op_customer_list, key.token);
}

/* What the settings offer is for enrolling: who has a factor goes on with it, and nobody is left without
 * a way. */
static void test_offered(void **state)
{
	struct till *till = *state;
	struct factor admin = factor_person(till, "admin"), clerk = factor_person(till, "user");
	struct factor enrolled = factor_enrolled(till, "user");

	set(till, "methods", "[\"email\"]");
	assert_int_equal(factor_begin(till, &clerk), 409);
	assert_got(till, "code", "mfa_not_offered");
	assert_int_equal(factor_login(till, &enrolled), 401);
	assert_int_equal(factor_show_app(till, &enrolled), 200);
	/* No mail goes out from here. */
	assert_int_equal(factor_begin(till, &admin), 200);
	/* It does, but not to him. */
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'notifications', 'smtp.url', '\"smtp://127.0.0.1:1\"'), (gen_random_uuid(), "
		"'notifications', 'smtp.from', '\"shop@promo.example\"'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	assert_int_equal(factor_begin(till, &admin), 409);
	(void)sql_of(till, &admin,
		"UPDATE users SET email = NULL, phone_number = '+250788999001' WHERE id");
	assert_int_equal(factor_begin(till, &admin), 200);
	(void)promo_test_sql(
		till->database, "DELETE FROM system_settings WHERE category = 'notifications'");
	set(till, "methods", NULL);
	set(till, "enabled", "false");
	assert_int_equal(factor_begin(till, &clerk), 409);
	assert_int_equal(ASK(till, &promo_op_batch_list, admin.person.token), 200);
	assert_int_equal(factor_login(till, &enrolled), 401);
	set(till, "enabled", NULL);
	assert_problem(
		till, 403, "mfa_enrolment_required", &promo_op_batch_list, admin.person.token);
}

static void test_nothing_can_be_read(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");
	const char *secrets[] = { clerk.secret, clerk.recovery[0], clerk.recovery[1],
		clerk.mfa_token };

	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show_app(till, &clerk), 200);
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show(till, &clerk, RECOVERY, clerk.recovery[0]), 200);
	for (size_t i = 0; i < PROMO_COUNT(secrets); i++)
		assert_string_equal(
			promo_test_sql(till->database,
				"SELECT (SELECT count(*) FROM audit_log l WHERE l::text "
				"LIKE '%%%s%%') + (SELECT count(*) FROM mfa_methods m WHERE "
				"m::text LIKE '%%%s%%') + (SELECT count(*) FROM "
				"mfa_challenges c WHERE c::text LIKE '%%%s%%')",
				secrets[i], secrets[i], secrets[i]),
			"0");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT string_agg(changes->0->>'after', ' ' ORDER BY at) FROM "
				    "audit_log WHERE action = 'auth.mfa' AND outcome = 'allowed' "
				    "AND entity_id = '%s'",
				    clerk.person.id),
		APP " " RECOVERY);
}

/* The key is changed: what was sealed with the old one is sealed anew when it is used. */
static void test_a_new_key(void **state)
{
	static const unsigned char fresh[32] = "the key that comes after.";
	struct till *till = *state;
	struct factor clerk = factor_enrolled(till, "batch-manager");
	const unsigned char *old = till->config.mfa_key;

	till->config.mfa_key = fresh;
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show_app(till, &clerk), 500);
	till->config.mfa_old_key = old;
	assert_int_equal(factor_show_app(till, &clerk), 200);
	till->config.mfa_old_key = NULL;
	factor_unuse(till, &clerk);
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show_app(till, &clerk), 200);
	till->config.mfa_key = old;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enrolment),
		cmocka_unit_test(test_sign_in),
		cmocka_unit_test(test_whose_it_is),
		cmocka_unit_test(test_five_wrong_codes),
		cmocka_unit_test(test_what_ends_a_sign_in),
		cmocka_unit_test(test_guesses_across_sign_ins),
		cmocka_unit_test(test_recovery_codes),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_removal_by_who_manages),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_required_meanwhile),
		cmocka_unit_test(test_offered),
		cmocka_unit_test(test_nothing_can_be_read),
		cmocka_unit_test(test_a_new_key),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
