/* SPDX-License-Identifier: MIT */
/* Many connections that want the same at once: one of them gets it, all others are told who did,
 * and the database, its totals and the audit trail tell the same story as the answers. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

enum {
	CROWD = 64,
	FEW = 16,
	CLERKS = 4
};

static struct till till; /* of the same database, for people and stock */
static struct person clerks[CLERKS];
static struct api_answer answers[CROWD];

static int setup(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	till.database = api->database;
	for (size_t i = 0; i < CLERKS; i++)
		clerks[i] = till_person(&till, "batch-manager");
	return 0;
}

static void ask_at_once(struct api *api, const struct order *orders, size_t count)
{
	assert_true(count <= CROWD);
	order_ask_at_once(&api->daemon.port, 1, orders, count, answers);
}

/* How many answers have this status, and the last of them. */
static size_t count_answers(size_t count, int status, size_t *ret_last)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (answers[i].status == status) {
			found++;
			*ret_last = i;
		}
	return found;
}

static bool is_replay(const struct api_answer *answer)
{
	char value[16];

	wire_field(&answer->wire, "Idempotent-Replayed", value, sizeof(value));
	return strcmp(value, "true") == 0;
}

static void assert_count(struct api *api, const char *from, int expected)
{
	char number[16];

	(void)snprintf(number, sizeof(number), "%d", expected);
	assert_string_equal(promo_test_sql(api->database, "SELECT count(*) FROM %s", from), number);
}

static void test_one_code(void **state)
{
	struct api *api = *state;
	struct order orders[CROWD] = { { 0 } };
	char keys[CROWD][32], bodies[CROWD][256], paid_at[64], text[512];
	size_t winner = 0, other = 0;

	(void)stock_batch(&till, 'A', 2);
	for (size_t i = 0; i < CROWD; i++) {
		(void)snprintf(keys[i], sizeof(keys[i]), "race-%zu", i);
		(void)snprintf(bodies[i], sizeof(bodies[i]), "%s",
			stock_body(stock_code('A', 1).text, (int)i, ""));
		orders[i] = (struct order){ .op = &promo_op_redemption_create,
			.token = clerks[i % CLERKS].token,
			.body = bodies[i],
			.key = keys[i] };
	}
	ask_at_once(api, orders, CROWD);
	assert_int_equal(count_answers(CROWD, 201, &winner), 1);
	assert_int_equal(count_answers(CROWD, 409, &other), CROWD - 1);

	(void)snprintf(paid_at, sizeof(paid_at), "%s", api_get(&answers[winner], "completed_at"));
	(void)snprintf(text, sizeof(text), "+25078800%04zu", winner);
	assert_string_equal(api_get(&answers[winner], "customer.phone_number"), text);
	for (size_t i = 0; i < CROWD; i++) {
		assert_false(is_replay(&answers[i]));
		if (i == winner)
			continue;
		assert_refused(&answers[i], PROMO_E_CODE_ALREADY_REDEEMED);
		assert_string_equal(api_get(&answers[i], "redeemed_at"), paid_at);
		assert_string_equal(api_get(&answers[i], "phone_number"), text);
		assert_string_equal(
			api_get(&answers[i], "redeemed_by.id"), clerks[winner % CLERKS].id);
	}

	assert_count(api, "redemptions WHERE status = 'completed'", 1);
	assert_count(api,
		"redemptions WHERE status = 'failed' AND error_code = 'code_already_redeemed'",
		CROWD - 1);
	/* Who was refused is no customer by that. */
	assert_count(api, "customers", 1);
	assert_count(
		api, "audit_log WHERE action = 'redemption.create' AND outcome = 'allowed'", 1);
	assert_count(api,
		"audit_log WHERE action = 'redemption.create' AND outcome = 'failed' "
		"AND error = 'code_already_redeemed'",
		CROWD - 1);
	assert_string_equal(
		promo_test_sql(api->database,
			"SELECT sum(redeemed) || ' ' || sum(redeemed_amount) FROM totals"),
		"1 500.00");
	stock_assert_totals(&till);
	/* Each answer's row in the trail is found by the id that the answer carried. */
	assert_string_equal(
		promo_test_sql(api->database, "SELECT error FROM audit_log WHERE request_id = '%s'",
			api_get(&answers[other], "request_id")),
		"code_already_redeemed");
}

/* A refusal is an answer as well: its key gets it again. */
static void test_a_refusal_again(void **state)
{
	struct api *api = *state;
	size_t refused = 0;
	struct order order = { .op = &promo_op_redemption_create };
	struct api_answer again;
	char key[32], paid_at[64];

	assert_true(count_answers(CROWD, 409, &refused) > 0);
	(void)snprintf(key, sizeof(key), "race-%zu", refused);
	(void)snprintf(paid_at, sizeof(paid_at), "%s", api_get(&answers[refused], "redeemed_at"));
	order.token = clerks[refused % CLERKS].token;
	order.key = key;
	order.body = stock_body(stock_code('A', 1).text, (int)refused, "");
	(void)order_ask(api, &order, &again);
	assert_refused(&again, PROMO_E_CODE_ALREADY_REDEEMED);
	assert_true(is_replay(&again));
	assert_string_equal(api_get(&again, "redeemed_at"), paid_at);
	assert_count(api, "redemptions", CROWD);
}

static void test_one_key(void **state)
{
	struct api *api = *state;
	struct order orders[FEW] = { { 0 } }, other;
	struct api_answer again;
	char body[256], lower[20], text[256];
	int replays = 0;

	(void)snprintf(body, sizeof(body), "%s",
		stock_body(stock_code('A', 2).text, 500, ",\"note\":\"at the door\""));
	for (size_t i = 0; i < FEW; i++)
		orders[i] = (struct order){ .op = &promo_op_redemption_create,
			.token = clerks[0].token,
			.body = body,
			.key = "one-key" };
	ask_at_once(api, orders, FEW);
	for (size_t i = 0; i < FEW; i++) {
		assert_int_equal(answers[i].status, 201);
		assert_string_equal(answers[i].body, answers[0].body);
		replays += is_replay(&answers[i]);
	}
	assert_int_equal(replays, FEW - 1);
	assert_count(api, "redemptions WHERE idempotency_key LIKE '%%/one-key'", 1);
	assert_count(api,
		"audit_log a JOIN promo_codes p ON p.id = a.entity_id WHERE p.serial = 2 "
		"AND action = 'redemption.create' AND outcome = 'allowed'",
		FEW);
	stock_assert_totals(&till);

	/* The same as another would write it is the same. */
	(void)snprintf(lower, sizeof(lower), "%s", stock_code('A', 2).text);
	for (char *at = lower; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	(void)snprintf(text, sizeof(text),
		" {\"note\": \" at the door\", \"phone_number\": \"0788 000 500\", "
		"\"code\": \"%.4s-%s\"}",
		lower, lower + 4);
	other = orders[0];
	other.body = text;
	assert_int_equal(order_ask(api, &other, &again), 201);
	assert_true(is_replay(&again));
	/* Another phone is not. */
	other.body = stock_body(stock_code('A', 2).text, 501, ",\"note\":\"at the door\"");
	(void)order_ask(api, &other, &again);
	assert_refused(&again, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	assert_false(is_replay(&again));
	/* The key of another is another key: what is left for him is the code that was paid. */
	other = orders[0];
	other.token = clerks[1].token;
	(void)order_ask(api, &other, &again);
	assert_refused(&again, PROMO_E_CODE_ALREADY_REDEEMED);

	/* It outlives the process that gave it. */
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGKILL), 128 + SIGKILL);
	promo_test_daemon_start_again(&api->daemon, api->database, NULL);
	assert_int_equal(order_ask(api, &orders[0], &again), 201);
	assert_true(is_replay(&again));
	assert_string_equal(again.body, answers[0].body);
}

/* Of many reports of one redemption one opens the case, the others are noted in it. */
static void test_one_report(void **state)
{
	struct api *api = *state;
	struct order orders[FEW] = { { 0 } };
	char bodies[FEW][256], id[64];
	size_t first = 0, other = 0;

	for (size_t i = 0; i < FEW; i++) {
		(void)snprintf(bodies[i], sizeof(bodies[i]), "%s",
			stock_body(stock_code('A', 2).text, 600 + (int)i, ""));
		orders[i] = (struct order){ .op = &promo_op_fraud_report_create,
			.token = clerks[i % CLERKS].token,
			.body = bodies[i] };
	}
	ask_at_once(api, orders, FEW);
	assert_int_equal(count_answers(FEW, 201, &first), 1);
	assert_int_equal(count_answers(FEW, 409, &other), FEW - 1);
	(void)snprintf(id, sizeof(id), "%s", api_get(&answers[first], "id"));
	for (size_t i = 0; i < FEW; i++) {
		if (i == first)
			continue;
		assert_refused(&answers[i], PROMO_E_CODE_ALREADY_REPORTED);
		assert_string_equal(api_get(&answers[i], "id"), id);
	}
	assert_count(api, "fraud_reports", 1);
	assert_count(api, "fraud_notes", FEW - 1);
	stock_assert_totals(&till);
}

static void test_one_name(void **state)
{
	struct api *api = *state;
	struct order orders[FEW] = { { 0 } };
	size_t first = 0, other = 0;

	for (size_t i = 0; i < FEW; i++)
		orders[i] = (struct order){ .op = &promo_op_batch_create,
			.token = api->token,
			.body = "{\"batch_name\":\"once\",\"total_codes\":3,\"amount_per_code\":"
				"\"1.00\",\"expiration_date\":\"2099-12-31\"}" };
	ask_at_once(api, orders, FEW);
	assert_int_equal(count_answers(FEW, 201, &first), 1);
	assert_int_equal(count_answers(FEW, 409, &other), FEW - 1);
	assert_refused(&answers[other], PROMO_E_BATCH_NAME_TAKEN);
	assert_count(api, "batches WHERE batch_name = 'BATCH_ONCE'", 1);
	assert_count(api, "jobs", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_code),
		cmocka_unit_test(test_a_refusal_again),
		cmocka_unit_test(test_one_key),
		cmocka_unit_test(test_one_report),
		cmocka_unit_test(test_one_name),
	};

	return cmocka_run_group_tests(tests, setup, api_teardown);
}
