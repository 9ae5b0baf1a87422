/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "libpromo/api/op_password_reset.h"
#include "libpromo/api/op_registration.h"
#include "tests/lib/test.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

static void resets(struct api *api, struct till *till, const struct person *boss)
{
	struct person gone = till_person(till, ""), clerk = till_person(till, "");
	struct order order = { .op = &promo_op_user_password_reset,
		.token = boss->token,
		.id = gone.id,
		.key = "reset" };
	struct api_answer answer;

	(void)promo_test_sql(
		api->database, "UPDATE users SET is_active = false WHERE id = '%s'", gone.id);
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
	order.id = clerk.id;
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	(void)ORDER(api, &answer, &promo_op_auth_password_reset,
		.body = "{\"token\":\"pmo_r_no\",\"new_password\":\"horse battery staple\"}");
	assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	(void)promo_test_sql(api->database,
		"UPDATE throttles SET blocked_until = now() + interval '60 s' WHERE kind = "
		"'signin'");
	(void)ORDER(api, &answer, &promo_op_auth_password_reset,
		.body = "{\"token\":\"pmo_r_no\",\"new_password\":\"horse battery staple\"}");
	assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
	(void)promo_test_sql(api->database, "DELETE FROM throttles WHERE kind = 'signin'");
}

static int ask_for_account(struct api *api, struct api_answer *answer)
{
	return ORDER(api, answer, &promo_op_registration_create,
		.body = "{\"first_name\":\"Aline\",\"last_name\":\"Uwase\",\"email\":"
			"\"asks@example.com\",\"phone_number\":\"+250788900777\","
			"\"password\":\"correct horse battery\"}");
}

static void registrations(struct api *api, struct till *till, const struct person *boss)
{
	struct person taken = till_person(till, "");
	struct api_answer answer;
	char id[64];

	(void)ask_for_account(api, &answer);
	assert_refused(&answer, PROMO_E_REGISTRATION_CLOSED);
	(void)promo_test_sql(api->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'registration', 'enabled', 'true'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	assert_int_equal(ask_for_account(api, &answer), 204);
	(void)snprintf(id, sizeof(id), "%s",
		promo_test_sql(api->database, "SELECT id FROM registrations"));
	(void)promo_test_sql(api->database,
		"UPDATE users SET phone_number = '+250788900777' WHERE id = '%s'", taken.id);
	(void)ORDER(api, &answer, &promo_op_registration_approve, boss->token, .id = id);
	assert_refused(&answer, PROMO_E_PHONE_NUMBER_TAKEN);
	(void)promo_test_sql(api->database,
		"UPDATE users SET phone_number = NULL, email = 'asks@example.com' WHERE id = '%s'",
		taken.id);
	(void)ORDER(api, &answer, &promo_op_registration_approve, boss->token, .id = id);
	assert_refused(&answer, PROMO_E_EMAIL_TAKEN);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_registration_reject, boss->token, .id = id), 200);
	(void)ORDER(api, &answer, &promo_op_registration_reject, boss->token, .id = id);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
	(void)ORDER(api, &answer, &promo_op_registration_approve, boss->token, .id = id);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
	(void)promo_test_sql(api->database,
		"UPDATE throttles SET blocked_until = now() + interval '60 s' WHERE kind = "
		"'signin'");
	(void)ask_for_account(api, &answer);
	assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
	(void)promo_test_sql(api->database,
		"DELETE FROM throttles WHERE kind = 'signin'; "
		"DELETE FROM system_settings WHERE category = 'registration'; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
}

void errors_passwords(struct api *api, struct till *till, const struct person *boss)
{
	resets(api, till, boss);
	registrations(api, till, boss);
}
