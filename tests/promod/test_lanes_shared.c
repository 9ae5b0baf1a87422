/* SPDX-License-Identifier: MIT */
/* Two daemons on one database, both under load: what was taken from somebody on one of them is gone
 * with his very next request on the other; a batch that is blocked is blocked once that is answered;
 * and one key that comes to both with two codes redeems one of them. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/crowd.h"
#include "tests/promod/order.h"

enum {
	CLERKS = 4,
	CONNECTIONS = 64,
	ROUNDS = 51,
	BLOCKS = 5,
	KEYS = 20,
	BLOCK_MS = 3000, /* with sanitizers, on a busy machine; the aim is 100 */
	PATIENCE_MS = 30000,
};

static struct till till; /* of the daemons' database, for people and stock */
static struct person clerks[CLERKS];
static struct stock_id batch;
static struct promo_test_daemon other;
static struct api second; /* the same database and people, by the other daemon */

static int setup(void **state)
{
	static char key_file[128];
	const char *const options[] = { "--hash-key-file", key_file, NULL };
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	till.database = api->database;
	(void)snprintf(key_file, sizeof(key_file), "%s/hash.key", api->daemon.state_dir);
	promo_test_daemon_start(&other, api->database, options);
	second = *api;
	second.daemon = other;
	for (size_t i = 0; i < CLERKS; i++)
		clerks[i] = till_person(&till, "batch-manager");
	(void)stock_batch(&till, 'A', 1000);
	batch = stock_batch(&till, 'C', 90000);
	return 0;
}

static int teardown(void **state)
{
	promo_test_daemon_free(&other);
	return api_teardown(state);
}

/*
 * The load.
 */

struct load {
	struct crowd crowd;
	pthread_t thread;
	atomic_bool stop;
	int serial; /* the thread's own */
	atomic_long redeemed, other;
};

static struct load load;

static size_t next_of_load(void *context, int connection, char ret[CROWD_REQUEST_SIZE])
{
	const char *token = clerks[connection % CLERKS].token;
	char body[64], key[32];

	(void)context;
	if (atomic_load(&load.stop))
		return 0;
	load.serial++;
	if (load.serial % 2) {
		(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}",
			stock_code('A', 1 + load.serial % 900).text);
		return crowd_post(ret, "/api/v1/verify", token, NULL, body);
	}
	(void)snprintf(key, sizeof(key), "load-%d", load.serial);
	return crowd_post(ret, "/api/v1/redemptions", token, key,
		stock_body(stock_code('C', 1 + load.serial / 2 % 89000).text, load.serial % 10000,
			""));
}

static void count_load(void *context, int connection, int status, const char *body)
{
	(void)context;
	(void)connection;
	if (status == 201)
		atomic_fetch_add(&load.redeemed, 1);
	/* 409: the batch is blocked for a while. */
	if (status == 200 || status == 201 || status == 409)
		return;
	atomic_fetch_add(&load.other, 1);
	(void)fprintf(stderr, "load: %d %s\n", status, body ? body : "");
}

static void *run_load(void *context)
{
	(void)context;
	crowd_run(&load.crowd);
	return NULL;
}

static void wait_for_answers(long more)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;
	const long wanted = atomic_load(&load.crowd.answers) + more;
	struct api_answer answer;

	while (atomic_load(&load.crowd.answers) < wanted) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)ORDER(&second, &answer, .op = &promo_op_server_health);
	}
}

static int start_load(void **state)
{
	struct api *api = *state;
	int serial = load.serial;

	load = (struct load){
		.crowd = {
			.ports = { api->daemon.port, other.port },
			.port_count = 2,
			.connections = CONNECTIONS,
			.next = next_of_load,
			.answer = count_load,
		},
		.serial = serial,
	};
	if (pthread_create(&load.thread, NULL, run_load, NULL))
		return -1;
	wait_for_answers(CONNECTIONS * 4L);
	return 0;
}

static int stop_load(void **state)
{
	(void)state;
	atomic_store(&load.stop, true);
	if (pthread_join(load.thread, NULL))
		return -1;
	return load.crowd.stalled || atomic_load(&load.other) > 0 ? -1 : 0;
}

/*
 * What is taken away.
 */

static int verify(struct api *api, const struct person *who, struct api_answer *ret)
{
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", stock_code('A', 950).text);
	return ORDER(api, ret, .op = &promo_op_code_verify, .token = who->token, .body = body);
}

static void take_away(struct api *api, int kind, const struct person *from)
{
	struct api_answer answer;

	if (kind == 0) {
		assert_int_equal(
			ORDER(api, &answer, .op = &promo_op_auth_logout, .token = from->token),
			204);
	} else if (kind == 1) {
		assert_int_equal(
			ORDER(api, &answer, .op = &promo_op_user_revoke_role, .token = api->token,
				.id = from->id, .role = "batch-manager"),
			200);
	} else {
		assert_int_equal(ORDER(api, &answer, .op = &promo_op_user_update,
					 .token = api->token, .id = from->id, .if_match = "\"1\"",
					 .body = "{\"is_active\":false}"),
			200);
	}
}

static void test_the_very_next_request(void **state)
{
	static const int expected[] = { 401, 403, 401 };
	struct api *api = *state;
	struct api_answer answer;

	for (int round = 0; round < ROUNDS; round++) {
		struct api *here = round % 2 ? api : &second, *there = round % 2 ? &second : api;
		struct person victim = till_person(&till, "batch-manager");
		char key[32];

		/* Known to both. */
		for (int i = 0; i < 3; i++) {
			assert_int_equal(verify(here, &victim, &answer), 200);
			assert_int_equal(verify(there, &victim, &answer), 200);
		}
		take_away(there, round % 3, &victim);
		(void)snprintf(key, sizeof(key), "victim-%d", round);
		if (round % 4 < 2)
			(void)verify(here, &victim, &answer);
		else
			(void)ORDER(here, &answer, .op = &promo_op_redemption_create,
				.token = victim.token, .key = key,
				.body = stock_body(stock_code('A', 960).text, 1, ""));
		assert_int_equal(answer.status, expected[round % 3]);
	}
	assert_string_equal(
		promo_test_sql(till.database, "SELECT status FROM promo_codes WHERE code = '%s'",
			stock_code('A', 960).text),
		"active");
}

/*
 * A batch is blocked.
 */

static long redeemed_of_batch(void)
{
	return strtol(promo_test_sql(till.database,
			      "SELECT count(*) FROM redemptions r JOIN promo_codes p ON "
			      "p.id = r.promo_code_id WHERE p.batch_id = '%s' AND "
			      "r.status = 'completed'",
			      batch.text),
		NULL, 10);
}

static void set_status(struct api *api, const char *status)
{
	struct api_answer answer;
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"status\":\"%s\"}", status);
	assert_int_equal(ORDER(api, &answer, .op = &promo_op_batch_status, .token = api->token,
				 .id = batch.text, .body = body),
		200);
}

static void test_blocked_once_it_is_answered(void **state)
{
	struct api *api = *state;
	int64_t longest_ms = 0;

	for (int round = 0; round < BLOCKS; round++) {
		int64_t started_ms = promo_monotonic_ms(), took_ms;
		long before, told;

		set_status(round % 2 ? api : &second, "blocked");
		took_ms = promo_monotonic_ms() - started_ms;
		before = redeemed_of_batch();
		if (took_ms > longest_ms)
			longest_ms = took_ms;
		/* Answers that were on their way. */
		wait_for_answers(2L * CONNECTIONS);
		told = atomic_load(&load.redeemed);
		wait_for_answers(10L * CONNECTIONS);
		assert_int_equal(redeemed_of_batch(), before);
		assert_int_equal(atomic_load(&load.redeemed), told);
		set_status(api, "active");
		wait_for_answers(10L * CONNECTIONS);
		assert_true(redeemed_of_batch() > before);
	}
	print_message("a block took %lld ms at the longest\n", (long long)longest_ms);
	assert_true(longest_ms < BLOCK_MS);
}

/*
 * One key, two codes.
 */

static void test_one_key_with_two_codes(void **state)
{
	const struct api *first = *state;
	const unsigned ports[] = { first->daemon.port, second.daemon.port };
	struct api_answer answers[2];
	char bodies[2][256], key[32];

	for (int round = 0; round < KEYS; round++) {
		struct order orders[2];
		int done = 0;

		(void)snprintf(key, sizeof(key), "two-%d", round);
		for (int i = 0; i < 2; i++) {
			(void)snprintf(bodies[i], sizeof(bodies[i]), "%s",
				stock_body(stock_code('A', 901 + 2 * round + i).text, 1, ""));
			orders[i] = (struct order){ .op = &promo_op_redemption_create,
				.token = clerks[0].token,
				.key = key,
				.body = bodies[i] };
		}
		order_ask_at_once(ports, 2, orders, 2, answers);
		for (int i = 0; i < 2; i++) {
			done += answers[i].status == 201;
			if (answers[i].status != 201)
				assert_refused(&answers[i], PROMO_E_IDEMPOTENCY_KEY_REUSED);
		}
		assert_int_equal(done, 1);
	}
	assert_string_equal(promo_test_sql(till.database,
				    "SELECT count(*) FROM redemptions WHERE idempotency_key "
				    "LIKE '%%/two-%%' AND status = 'completed'"),
		"20");
}

static void test_the_books(void **state)
{
	(void)state;
	assert_string_equal(promo_test_sql(till.database,
				    "SELECT count(*) FROM audit_writers w WHERE seq <> (SELECT "
				    "count(*) FROM audit_log l WHERE l.writer_id = w.id)"),
		"0");
	stock_assert_totals(&till);
}

#define UNDER_LOAD(test) cmocka_unit_test_setup_teardown(test, start_load, stop_load)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNDER_LOAD(test_the_very_next_request),
		UNDER_LOAD(test_blocked_once_it_is_answered),
		UNDER_LOAD(test_one_key_with_two_codes),
		cmocka_unit_test(test_the_books),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
