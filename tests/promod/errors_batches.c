/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

static void names(struct api *api, const char *token)
{
	struct api_answer answer;
	struct order create = { .op = &promo_op_batch_create,
		.token = token,
		.body = "{\"batch_name\":\"taken\",\"total_codes\":1,\"amount_per_code\":\"1.00\","
			"\"expiration_date\":\"2099-12-31\"}" };
	char id[40];

	api_batch(api, "TAKEN", 1, id);
	(void)order_ask(api, &create, &answer);
	assert_refused(&answer, PROMO_E_BATCH_NAME_TAKEN);
	(void)snprintf(id, sizeof(id), "%s",
		promo_test_sql(api->database, "SELECT id FROM jobs WHERE batch_id = '%s'", id));
	(void)ORDER(api, &answer, &promo_op_job_cancel, token, .id = id);
	assert_refused(&answer, PROMO_E_JOB_FINISHED);
}

static void statuses(struct api *api, struct till *till, const char *token)
{
	struct stock_id batch = stock_batch(till, 'S', 1);
	struct order order = { .op = &promo_op_batch_status,
		.token = token,
		.id = batch.text,
		.key = "s-1",
		.body = "{\"status\":\"active\"}" };
	struct api_answer answer;

	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
	order.body = "{\"status\":\"blocked\"}";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	order.key = "s-2";
	assert_int_equal(order_ask(api, &order, &answer), 200);
	assert_string_equal(api_get(&answer, "status"), "blocked");
	order.key = NULL;
	order.body = "{\"status\":\"generating\"}";
	(void)order_ask(api, &order, &answer);
	assert_bad_field(&answer, "/status", "invalid_value");
}

/* The permission that starts a job of this kind, an import, and no other. */
static void may_cancel(struct api *api, struct till *till, const char *job)
{
	struct person clerk = till_person(till, "");
	struct api_answer answer;

	till_grant(till, &clerk, "promo-codes.generate batches.read");
	(void)ORDER(api, &answer, &promo_op_job_cancel, clerk.token, .id = job);
	assert_refused(&answer, PROMO_E_FORBIDDEN);
	assert_string_equal(api_get(&answer, "permission"), "promo-codes.import");
}

static void more_codes(struct api *api, struct till *till, const char *token)
{
	struct stock_id batch = stock_batch(till, 'T', 1);
	struct order order = { .op = &promo_op_batch_generate,
		.token = token,
		.id = batch.text,
		.body = "{\"count\":10000001}" };
	struct api_answer answer;

	(void)order_ask(api, &order, &answer);
	assert_bad_field(&answer, "/count", "out_of_range");
	order.body = "{\"count\":1}";
	order.key = "t-1";
	assert_int_equal(order_ask(api, &order, &answer), 202);
	order.body = "{\"count\":2}";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	order.body = "{\"count\":1}";
	order.key = NULL;
	while (strcmp(promo_test_sql(api->database, "SELECT status FROM jobs WHERE batch_id = '%s'",
			      batch.text),
		       "succeeded") != 0)
		(void)poll(NULL, 0, /* timeout_ms= */ 20);
	(void)promo_test_sql(api->database,
		"INSERT INTO jobs (id, kind, batch_id, status, finished_at) SELECT id, 'import', "
		"id, "
		"'queued', NULL FROM batches WHERE id = '%s'; "
		"UPDATE jobs SET run_after = 'infinity' WHERE id = '%s'",
		batch.text, batch.text);
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_JOB_RUNNING);
	may_cancel(api, till, batch.text);
	(void)promo_test_sql(api->database,
		"DELETE FROM jobs WHERE id = '%s'; UPDATE batches SET expiration_date = now() "
		"WHERE id = '%s'",
		batch.text, batch.text);
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_BATCH_NOT_ACTIVE);
}

void errors_batches(struct api *api, struct till *till, const char *token)
{
	names(api, token);
	statuses(api, till, token);
	more_codes(api, till, token);
}
