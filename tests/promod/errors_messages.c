/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/op_notification_test.h"
#include "libpromo/api/op_webhook.h"
#include "libpromo/ops/notice_test.h"
#include "tests/lib/test.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

#define ID "0190a1b2-c3d4-7abc-8def-00000000ab01"

void errors_messages(struct api *api, const char *token)
{
	struct order make = { .op = &promo_op_webhook_create,
		.token = token,
		.key = "m-1",
		.body = "{\"url\":\"https://example.com/a\",\"events\":[\"batch.created\"]}" };
	struct api_answer answer;

	assert_int_equal(order_ask(api, &make, &answer), 201);
	/* Shown once, also to who asks again with the same key. */
	assert_int_equal(strncmp(api_get(&answer, "secret"), "whsec_", 6), 0);
	assert_int_equal(order_ask(api, &make, &answer), 201);
	assert_string_equal(api_get(&answer, "url"), "https://example.com/a");
	assert_string_equal(api_get(&answer, "secret"), "null");
	assert_string_equal(promo_test_sql(api->database,
				    "SELECT count(*) FROM idempotency_keys WHERE answer LIKE "
				    "'%%whsec%%'"),
		"0");
	make.body = "{\"url\":\"https://example.com/b\",\"events\":[\"batch.created\"]}";
	(void)order_ask(api, &make, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);

	(void)promo_test_sql(api->database,
		"INSERT INTO webhooks (id, url, secret) SELECT gen_random_uuid(), "
		"'https://example.com/' || i, '' FROM generate_series(2, 50) i");
	make.key = "m-2";
	(void)order_ask(api, &make, &answer);
	assert_refused(&answer, PROMO_E_TOO_MANY_WEBHOOKS);
	(void)promo_test_sql(
		api->database, "DELETE FROM webhooks WHERE url <> 'https://example.com/a'");

	(void)promo_test_sql(api->database,
		"INSERT INTO webhooks (id, url, secret, is_active) "
		"VALUES ('" ID "', 'https://example.com/c', '', false); "
		"INSERT INTO webhook_deliveries (id, webhook_id, event, payload) "
		"VALUES ('" ID "', '" ID "', 'batch.created', '{}')");
	(void)ORDER(api, &answer, &promo_op_webhook_resend, token, .id = ID);
	assert_refused(&answer, PROMO_E_WEBHOOK_DISABLED);

	(void)ORDER(api, &answer, &promo_op_notification_test, token,
		"{\"channel\":\"sms\",\"recipient\":\"+250788000001\"}");
	assert_refused(&answer, PROMO_E_DELIVERY_FAILED);
	for (int i = 0; i < 2; i++)
		(void)order_ask(api,
			&(struct order){ .op = &promo_op_notification_test,
				.token = token,
				.key = "m-2",
				.body = i ? "{\"channel\":\"in_app\"}"
					  : "{\"channel\":\"in_app\",\"recipient\":\"a\"}" },
			&answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	for (int i = 0; i < PROMO_TESTS_A_MINUTE; i++)
		(void)ORDER(api, &answer, &promo_op_notification_test, token,
			"{\"channel\":\"in_app\"}");
	assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
}
