/* SPDX-License-Identifier: MIT */
/* A client that asks again with the same key, because it heard nothing or by mistake, gets the first
 * answer, over HTTP against the real daemon. (Many at once: test_redeem_race.c.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/promod/api.h"

static void redeem_request(struct api *api, const char *code, const char *key, const char *phone,
	char body[256], char headers[128], struct api_request *ret)
{
	(void)snprintf(body, 256, "{\"code\":\"%s\",\"phone_number\":\"%s\"}", code, phone);
	(void)snprintf(headers, 128, "Idempotency-Key: %s\r\n", key);
	*ret = (struct api_request){ .method = "POST",
		.path = "/api/v1/redemptions",
		.token = api->token,
		.headers = headers,
		.body = body };
}

static void test_replay(void **state)
{
	struct api *api = *state;
	struct api_request request, other;
	char batch[40], code[40], body[256], headers[128], other_body[256], other_headers[128];
	char field[128];
	static struct api_answer first, again;

	api_batch(api, "replay", 2, batch);
	api_code(api, batch, 0, code);
	redeem_request(api, code, "replay-1", "0788123456", body, headers, &request);
	assert_int_equal(api_ask(api, &request, &first), 201);
	wire_field(&first.wire, "Idempotent-Replayed", field, sizeof(field));
	assert_string_equal(field, "");
	assert_int_equal(api_ask(api, &request, &again), 201);
	assert_string_equal(again.body, first.body);
	wire_field(&again.wire, "Idempotent-Replayed", field, sizeof(field));
	assert_string_equal(field, "true");
	/* The same said in other words is the same. */
	redeem_request(
		api, code, "replay-1", "+250 788 123 456", other_body, other_headers, &other);
	assert_int_equal(api_ask(api, &other, &again), 201);
	assert_string_equal(again.body, first.body);
	/* Something else under the same key is not. */
	redeem_request(api, code, "replay-1", "0788123457", other_body, other_headers, &other);
	assert_int_equal(api_ask(api, &other, &again), 422);
	assert_string_equal(api_get(&again, "code"), "idempotency_key_reused");
	/* A conflict binds its key as well. */
	redeem_request(api, code, "replay-2", "0788123456", other_body, other_headers, &other);
	assert_int_equal(api_ask(api, &other, &first), 409);
	assert_int_equal(api_ask(api, &other, &again), 409);
	wire_field(&again.wire, "Idempotent-Replayed", field, sizeof(field));
	assert_string_equal(field, "true");
	assert_string_equal(api_get(&again, "code"), api_get(&first, "code"));
}

/* A client that hears nothing because its connection broke asks again with the same key. */
static void test_lost_answer(void **state)
{
	struct api *api = *state;
	struct api_request request;
	char batch[40], code[40], body[256], headers[128];
	struct api_answer answer;
	struct wire wire;

	api_batch(api, "lost", 1, batch);
	api_code(api, batch, 0, code);
	redeem_request(api, code, "lost-1", "0788123456", body, headers, &request);
	wire_open(&wire, api->daemon.port);
	api_send(&wire, &request);
	wire_close(&wire);
	assert_int_equal(api_ask(api, &request, &answer), 201);
	assert_string_equal(promo_test_sql(api->database,
				    "SELECT count(*) FROM redemptions r JOIN promo_codes c "
				    "ON c.id = r.promo_code_id WHERE c.batch_id = '%s'",
				    batch),
		"1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_lost_answer),
	};

	return cmocka_run_group_tests(tests, api_setup, api_teardown);
}
