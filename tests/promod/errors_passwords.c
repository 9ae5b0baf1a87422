/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "libpromo/api/op_password_reset.h"
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

void errors_passwords(struct api *api, struct till *till, const struct person *boss)
{
	resets(api, till, boss);
}
