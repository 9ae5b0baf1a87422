/* SPDX-License-Identifier: MIT */
#include "tests/lib/test.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

void errors_settings(struct api *api, const char *token)
{
	struct order snapshot = { .op = &promo_op_settings_snapshot,
		.token = token,
		.key = "settings-1",
		.body = "{\"note\":\"one\"}" };
	struct api_answer answer;

	for (int i = 0; i < PROMO_SETTINGS_CATEGORIES; i++) {
		(void)ORDER(api, &answer, &promo_op_settings_update[i], token, "{}");
		assert_refused(&answer, PROMO_E_PRECONDITION_REQUIRED);
		(void)ORDER(api, &answer, &promo_op_settings_update[i], token, "{}",
			.if_match = "\"77\"");
		assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
		assert_int_equal(ORDER(api, &answer, &promo_op_settings_update[i], token, "{}",
					 .if_match = "\"1\""),
			200);
		assert_int_equal(
			ORDER(api, &answer, &promo_op_settings_reset[i], token, NULL), 200);
	}
	assert_int_equal(order_ask(api, &snapshot, &answer), 201);
	snapshot.body = "{\"note\":\"two\"}";
	(void)order_ask(api, &snapshot, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
}
