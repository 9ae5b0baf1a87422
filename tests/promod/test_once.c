/* SPDX-License-Identifier: MIT */
/* A code is paid once, whoever asks and however often, over HTTP against the real daemon; and a
 * daemon that is killed while it makes codes leaves all of them or none. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/promod/api.h"

enum {
	CLIENTS = 64,
	JOB_MS = 60 * 1000
};

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

/* 64 connections, each with a key of its own, one code: one 201, the others are told who and when. */
static void test_race(void **state)
{
	struct api *api = *state;
	struct api_request requests[CLIENTS];
	struct wire wires[CLIENTS];
	static char bodies[CLIENTS][256], headers[CLIENTS][128];
	struct api_answer answer;
	char batch[40], code[40];
	int done = 0, refused = 0;

	api_batch(api, "race", 1, batch);
	api_code(api, batch, 0, code);
	for (int i = 0; i < CLIENTS; i++) {
		char key[32], phone[32];

		(void)snprintf(key, sizeof(key), "race-%d", i);
		(void)snprintf(phone, sizeof(phone), "+2507880000%02d", i);
		redeem_request(api, code, key, phone, bodies[i], headers[i], &requests[i]);
		wire_open(&wires[i], api->daemon.port);
	}
	for (int i = 0; i < CLIENTS; i++)
		api_send(&wires[i], &requests[i]);
	for (int i = 0; i < CLIENTS; i++) {
		api_receive(&wires[i], &requests[i], &answer);
		if (answer.status == 201) {
			done++;
		} else {
			refused++;
			assert_int_equal(answer.status, 409);
			assert_string_equal(api_get(&answer, "code"), "code_already_redeemed");
			assert_true(api_get(&answer, "redeemed_at")[0]);
			assert_true(api_get(&answer, "phone_number")[0]);
		}
		wire_close(&wires[i]);
	}
	assert_int_equal(done, 1);
	assert_int_equal(refused, CLIENTS - 1);
	assert_string_equal(promo_test_sql(api->database,
				    "SELECT count(*) FROM redemptions WHERE status = 'completed'"),
		"1");
	assert_string_equal(promo_test_sql(api->database, "SELECT count(*) FROM audit_log "
							  "WHERE action = 'redemption.create'"),
		"64");
}

/* The same key from 64 connections at once: all get the one answer. */
static void test_same_key(void **state)
{
	struct api *api = *state;
	struct api_request request;
	struct wire wires[CLIENTS];
	char batch[40], code[40], body[256], headers[128], first[40] = "";
	struct api_answer answer;
	int replayed = 0;

	api_batch(api, "same", 1, batch);
	api_code(api, batch, 0, code);
	redeem_request(api, code, "same-key", "+250788000001", body, headers, &request);
	for (int i = 0; i < CLIENTS; i++)
		wire_open(&wires[i], api->daemon.port);
	for (int i = 0; i < CLIENTS; i++)
		api_send(&wires[i], &request);
	for (int i = 0; i < CLIENTS; i++) {
		char field[16];

		api_receive(&wires[i], &request, &answer);
		if (answer.status != 201)
			print_error("%d %s\n", answer.status, answer.body);
		assert_int_equal(answer.status, 201);
		if (!first[0])
			(void)snprintf(first, sizeof(first), "%s", api_get(&answer, "id"));
		assert_string_equal(api_get(&answer, "id"), first);
		wire_field(&answer.wire, "Idempotent-Replayed", field, sizeof(field));
		replayed += strcmp(field, "true") == 0;
		wire_close(&wires[i]);
	}
	assert_int_equal(replayed, CLIENTS - 1);
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

static long count_codes(struct api *api, const char *batch)
{
	return strtol(promo_test_sql(api->database,
			      "SELECT count(*) FROM promo_codes WHERE batch_id = '%s'", batch),
		NULL, 10);
}

/* Killed in the middle of generation: the next daemon goes on, and until all codes are there none of
 * them exists for anybody. */
static void test_killed(void **state)
{
	enum {
		CODES = 400000
	};
	struct api *api = *state;
	struct api_answer answer;
	char batch[40], path[128];
	int64_t until_ms = promo_monotonic_ms() + JOB_MS;

	(void)API(api, &answer, "POST", "/api/v1/batches", .token = api->token,
		.body = "{\"batch_name\":\"KILLED\",\"total_codes\":400000,"
			"\"amount_per_code\":\"1.00\",\"expiration_date\":\"2099-12-31\"}");
	assert_int_equal(answer.status, 201);
	(void)snprintf(batch, sizeof(batch), "%s", api_get(&answer, "batch.id"));
	(void)snprintf(path, sizeof(path), "/api/v1/batches/%s", batch);
	while (count_codes(api, batch) == 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGKILL), 128 + SIGKILL);
	assert_in_range(count_codes(api, batch), 1, CODES);
	promo_test_daemon_start_again(&api->daemon, api->database, NULL);
	until_ms = promo_monotonic_ms() + JOB_MS;
	do {
		(void)poll(NULL, 0, 50);
		assert_int_equal(API(api, &answer, "GET", path, .token = api->token), 200);
		assert_true(promo_monotonic_ms() < until_ms);
	} while (strcmp(api_get(&answer, "status"), "generating") == 0);
	assert_string_equal(api_get(&answer, "status"), "active");
	assert_string_equal(api_get(&answer, "ready_codes"), "400000");
	assert_int_equal(count_codes(api, batch), CODES);
	assert_string_equal(promo_test_sql(api->database,
				    "SELECT count(DISTINCT code) FROM promo_codes "
				    "WHERE batch_id = '%s'",
				    batch),
		"400000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_race),
		cmocka_unit_test(test_same_key),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_lost_answer),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, api_setup, api_teardown);
}
