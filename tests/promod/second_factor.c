/* SPDX-License-Identifier: MIT */
#include "tests/promod/second_factor.h"

#include <stdio.h>
#include <string.h>

#include "tests/lib/authenticator.h"
#include "tests/lib/test.h"
#include "tests/promod/order.h"

#define PASSWORD "tram lake copper nine"

static struct person clerk;

static int sign_in(struct api *api, struct api_answer *answer)
{
	char body[256];

	(void)snprintf(body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"" PASSWORD "\"}",
		clerk.email);
	return ORDER(api, answer, &promo_op_auth_login, .body = body);
}

/* Shows a code for the sign-in that was answered before. */
static void show(
	struct api *api, const char *mfa_token, const char *code, struct api_answer *answer)
{
	char body[256];

	(void)snprintf(body, sizeof(body),
		"{\"mfa_token\":\"%s\",\"method\":\"authenticator_app\",\"code\":\"%s\"}",
		mfa_token, code);
	(void)ORDER(api, answer, &promo_op_auth_mfa, .body = body);
}

static void set_enabled(struct api *api, const char *json)
{
	(void)promo_test_sql(api->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'security', 'two_factor_authentication.enabled', '%s') "
		"ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = "
		"excluded.value; "
		"UPDATE auth_state SET settings_version = settings_version + 1",
		json);
}

static void enrol(struct api *api)
{
	char code[AUTHENTICATOR_CODE_SIZE], body[64];
	struct api_answer answer;

	set_enabled(api, "false");
	(void)ORDER(api, &answer, &promo_op_me_mfa_totp, clerk.token);
	assert_refused(&answer, PROMO_E_MFA_NOT_OFFERED);
	set_enabled(api, "true");
	(void)ORDER(
		api, &answer, &promo_op_me_mfa_totp_confirm, clerk.token, "{\"code\":\"123456\"}");
	assert_refused(&answer, PROMO_E_MFA_NOT_ENROLLED);
	(void)ORDER(api, &answer, &promo_op_me_mfa_recovery_codes, clerk.token,
		"{\"password\":\"" PASSWORD "\"}");
	assert_refused(&answer, PROMO_E_MFA_NOT_ENROLLED);
	(void)ORDER(api, &answer, &promo_op_me_mfa_totp_remove, clerk.token,
		"{\"password\":\"" PASSWORD "\",\"code\":\"123456\"}");
	assert_refused(&answer, PROMO_E_MFA_NOT_ENROLLED);
	assert_int_equal(ORDER(api, &answer, &promo_op_me_mfa_totp, clerk.token), 200);
	authenticator_code(api_get(&answer, "secret"), 0, code);
	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	(void)ORDER(
		api, &answer, &promo_op_me_mfa_totp_confirm, clerk.token, "{\"code\":\"12345\"}");
	assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_me_mfa_totp_confirm, clerk.token, body), 200);
	(void)ORDER(api, &answer, &promo_op_me_mfa_totp_confirm, clerk.token, body);
	assert_refused(&answer, PROMO_E_MFA_ALREADY_ENROLLED);
	(void)ORDER(api, &answer, &promo_op_me_mfa_totp, clerk.token);
	assert_refused(&answer, PROMO_E_MFA_ALREADY_ENROLLED);
}

static void try_codes(struct api *api)
{
	struct api_answer answer;
	char token[64], body[256];

	assert_int_equal(sign_in(api, &answer), 401);
	assert_refused(&answer, PROMO_E_MFA_REQUIRED);
	assert_string_equal(api_get(&answer, "methods.0"), "authenticator_app");
	(void)snprintf(token, sizeof(token), "%s", api_get(&answer, "mfa_token"));
	(void)snprintf(body, sizeof(body), "{\"mfa_token\":\"%s\",\"method\":\"email\"}", token);
	(void)ORDER(api, &answer, &promo_op_auth_mfa_send, .body = body);
	assert_bad_field(&answer, "/method", "cannot_be_sent");
	(void)promo_test_sql(api->database, "UPDATE mfa_challenges SET cookie = true");
	(void)snprintf(body, sizeof(body),
		"{\"mfa_token\":\"%s\",\"method\":\"authenticator_app\",\"code\":\"123456\"}",
		token);
	(void)ORDER(api, &answer, &promo_op_auth_mfa, .body = body,
		.headers = "Origin: https://elsewhere.example\r\n");
	assert_refused(&answer, PROMO_E_ORIGIN_NOT_ALLOWED);
	(void)snprintf(body, sizeof(body), "{\"mfa_token\":\"%s\",\"method\":\"email\"}", token);
	for (int i = 0; i < 4; i++) {
		show(api, token, "12345", &answer);
		assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	}
	show(api, token, "12345", &answer);
	assert_refused(&answer, PROMO_E_SESSION_EXPIRED);
	(void)ORDER(api, &answer, &promo_op_auth_mfa_send, .body = body);
	assert_refused(&answer, PROMO_E_SESSION_EXPIRED);
	/* The fifth wrong one of the account. */
	assert_int_equal(sign_in(api, &answer), 401);
	(void)snprintf(token, sizeof(token), "%s", api_get(&answer, "mfa_token"));
	show(api, token, "12345", &answer);
	assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
	assert_non_null(strstr(answer.wire.head, "RateLimit: \"mfa-codes\";r=0;t="));
}

/* Codes that are sent: nothing sends them here. */
static void have_codes_sent(struct api *api, struct till *till)
{
	static const struct {
		const struct promo_op *begin, *confirm;
		const char *method;
	} kinds[] = {
		{ &promo_op_me_mfa_email, &promo_op_me_mfa_email_confirm, "email" },
		{ &promo_op_me_mfa_sms, &promo_op_me_mfa_sms_confirm, "sms" },
	};
	struct person user;
	struct api_answer answer;
	char body[256];

	for (size_t i = 0; i < PROMO_COUNT(kinds); i++) {
		user = till_person(till, "user");
		(void)promo_test_sql(api->database,
			"UPDATE users SET phone_number = '+25078800000%zu' WHERE id = '%s'", i,
			user.id);
		(void)ORDER(api, &answer, kinds[i].begin, user.token);
		assert_refused(&answer, PROMO_E_MFA_NOT_OFFERED);
		(void)promo_test_sql(api->database,
			"INSERT INTO system_settings (id, category, key, value) VALUES "
			"(gen_random_uuid(), 'notifications', 'smtp.url', "
			"'\"smtp://127.0.0.1:1\"'), "
			"(gen_random_uuid(), 'notifications', 'sms.url', "
			"'\"http://127.0.0.1:1\"'), "
			"(gen_random_uuid(), 'notifications', 'sms.enabled', 'true'); "
			"UPDATE auth_state SET settings_version = settings_version + 1");
		(void)ORDER(api, &answer, kinds[i].confirm, user.token, "{\"code\":\"123456\"}");
		assert_refused(&answer, PROMO_E_MFA_NOT_ENROLLED);
		assert_int_equal(ORDER(api, &answer, kinds[i].begin, user.token), 204);
		(void)ORDER(api, &answer, kinds[i].begin, user.token);
		assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
		for (int wrong = 0; wrong < 5; wrong++) {
			(void)ORDER(
				api, &answer, kinds[i].confirm, user.token, "{\"code\":\"12345\"}");
			assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
		}
		(void)ORDER(api, &answer, kinds[i].confirm, user.token, "{\"code\":\"12345\"}");
		assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
		(void)promo_test_sql(api->database,
			"UPDATE mfa_methods SET confirmed_at = now() WHERE user_id = '%s'",
			user.id);
		(void)ORDER(api, &answer, kinds[i].begin, user.token);
		assert_refused(&answer, PROMO_E_MFA_ALREADY_ENROLLED);
		(void)ORDER(api, &answer, kinds[i].confirm, user.token, "{\"code\":\"12345\"}");
		assert_refused(&answer, PROMO_E_MFA_ALREADY_ENROLLED);
		(void)promo_test_sql(api->database, "DELETE FROM system_settings WHERE category = "
						    "'notifications'; UPDATE auth_state SET "
						    "settings_version = settings_version + 1");
	}
	/* At the sign-in of somebody who has just enrolled one. */
	(void)promo_test_sql(api->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'notifications', 'smtp.url', '\"smtp://127.0.0.1:1\"'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	assert_int_equal(ORDER(api, &answer, &promo_op_me_mfa_email, clerk.token), 204);
	(void)promo_test_sql(api->database,
		"UPDATE mfa_methods SET confirmed_at = now() WHERE user_id = '%s'", clerk.id);
	assert_int_equal(sign_in(api, &answer), 401);
	(void)snprintf(body, sizeof(body), "{\"mfa_token\":\"%s\",\"method\":\"email\"}",
		api_get(&answer, "mfa_token"));
	(void)ORDER(api, &answer, &promo_op_auth_mfa_send, .body = body);
	assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
	(void)promo_test_sql(api->database,
		"DELETE FROM mfa_methods WHERE user_id = '%s'; "
		"DELETE FROM system_settings WHERE category = 'notifications'; "
		"UPDATE auth_state SET settings_version = settings_version + 1",
		clerk.id);
}

/* Every row but a few is closed to who has to enrol one first. */
static void require_one(struct api *api, struct till *till)
{
	struct person user = till_person(till, "user");
	struct api_answer answer;

	(void)promo_test_sql(api->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'security', 'two_factor_authentication.required_roles', '[\"user\"]'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (!promo_op_can_fail(op, PROMO_E_MFA_ENROLMENT_REQUIRED))
			continue;
		(void)ORDER(api, &answer, op, user.token);
		assert_refused(&answer, PROMO_E_MFA_ENROLMENT_REQUIRED);
	}
	assert_int_equal(ORDER(api, &answer, &promo_op_me_show, user.token), 200);
	assert_int_equal(ORDER(api, &answer, &promo_op_me_mfa_totp, user.token), 200);
	(void)promo_test_sql(api->database,
		"DELETE FROM system_settings; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
}

void second_factor_errors(struct api *api, struct till *till, const char *boss_token)
{
	struct api_answer answer;

	clerk = till_person_with_password(till, "batch-manager", PASSWORD);
	assert_int_equal(sign_in(api, &answer), 200);
	(void)snprintf(clerk.token, sizeof(clerk.token), "%s", api_get(&answer, "token"));
	(void)ORDER(api, &answer, &promo_op_user_mfa_remove, boss_token, .id = clerk.id);
	assert_refused(&answer, PROMO_E_MFA_NOT_ENROLLED);
	enrol(api);
	(void)ORDER(api, &answer, &promo_op_me_mfa_recovery_codes, clerk.token,
		"{\"password\":\"wrong\"}");
	assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	(void)ORDER(api, &answer, &promo_op_me_mfa_totp_remove, clerk.token,
		"{\"password\":\"" PASSWORD "\",\"code\":\"12345\"}");
	assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	(void)promo_test_sql(api->database, "DELETE FROM throttles WHERE kind = 'mfa'");
	try_codes(api);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_user_mfa_remove, boss_token, .id = clerk.id), 200);
	assert_int_equal(sign_in(api, &answer), 200);
	(void)snprintf(clerk.token, sizeof(clerk.token), "%s", api_get(&answer, "token"));
	have_codes_sent(api, till);
	require_one(api, till);
}
