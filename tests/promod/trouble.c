/* SPDX-License-Identifier: MIT */
#include "tests/promod/trouble.h"

#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/op_import.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

#define NAMES    "\"first_name\":\"Aline\",\"last_name\":\"Uwase\""
#define PASSWORD "correct horse battery"

enum {
	OPS_MAX = 256,
	CROWD = 24
};

static void start_again(struct api *api, const char *const *options)
{
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	promo_test_daemon_start_again(&api->daemon, api->database, options);
}

/* Sign-ins take at most half of the workers, hashing or waiting for it: of many who come at once,
 * some are sent away. */
void trouble_crowd(struct api *api, const char *token)
{
	static const struct {
		const struct promo_op *op;
		const char *body;
		int answers[2]; /* of those who were let in */
	} cases[] = {
		{ &promo_op_auth_login,
			"{\"identifier\":\"boss@promo.example\",\"password\":\"" PASSWORD "\"}",
			{ 401 } }, /* his second factor is asked for */
		{ &promo_op_me_password,
			"{\"current_password\":\"no\",\"new_password\":\"horse battery staple\"}",
			{ 401 } },
		{ &promo_op_me_mfa_totp_remove, "{\"password\":\"no\",\"code\":\"1\"}", { 401 } },
		{ &promo_op_me_mfa_recovery_codes, "{\"password\":\"no\"}", { 401 } },
		{ &promo_op_user_create,
			"{" NAMES ",\"email\":\"crowd@example.com\",\"password\":\"" PASSWORD "\"}",
			{ 201, 409 } },
	};

	start_again(api, (const char *[]){ "--hash-slots", "1", NULL });
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const struct order order = { .op = cases[i].op,
			.token = cases[i].op->access == PROMO_ACCESS_PUBLIC ? NULL : token,
			.body = cases[i].body };
		struct wire wires[CROWD];
		int sent_away = 0;

		/* Nor for what it did before. */
		(void)promo_test_sql(api->database, "DELETE FROM throttles");
		for (size_t j = 0; j < CROWD; j++) {
			wire_open(&wires[j], api->daemon.port);
			order_begin(&wires[j], &order);
		}
		for (size_t j = 0; j < CROWD; j++)
			order_finish(&wires[j], &order);
		for (size_t j = 0; j < CROWD; j++) {
			struct api_answer answer;

			order_receive(&wires[j], &order, &answer);
			wire_close(&wires[j]);
			if (answer.status == cases[i].answers[0] ||
				answer.status == cases[i].answers[1])
				continue;
			assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
			sent_away++;
		}
		assert_in_range(sent_away, 1, CROWD - 4);
	}
	(void)promo_test_sql(api->database, "DELETE FROM throttles");
}

/* A table that is not there: everything that needs it fails, and no answer tells why. */
void trouble_database(struct api *api, const char *token)
{
	struct api_answer answer;

	(void)promo_test_sql(api->database, "ALTER TABLE auth_state RENAME TO hidden_state");
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (op->flags & PROMO_OP_UNAUDITED)
			continue;
		(void)ORDER(api, &answer, op, token, order_good_body(op), .key = "broken");
		assert_refused(&answer, PROMO_E_INTERNAL);
		assert_null(strstr(answer.body, "_state"));
	}
	(void)promo_test_sql(api->database, "ALTER TABLE hidden_state RENAME TO auth_state");
	assert_int_equal(ORDER(api, &answer, &promo_op_me_show, token), 200);
}

/* Somebody holds what everything has to read, until the time for answers is over: what only reads
 * did nothing, what writes may be done yet. Here it is, and who asks again learns so. */
void trouble_lock(struct api *api, const char *token)
{
	struct till till = { .database = api->database };
	struct stock_id batch = stock_batch(&till, 'U', 1);
	/* Of another than the one who signs out here. */
	struct person clerk = till_person(&till, "batch-manager");
	struct order redemption = {
		.op = &promo_op_redemption_create, .token = clerk.token, .key = "unknown"
	};
	struct person admin = till_person(&till, "admin");
	const struct order import = { .op = &promo_op_code_import,
		.token = admin.token,
		.id = batch.text,
		.body = "code\nLATE-0001\n" };
	struct wire wires[OPS_MAX];
	struct order orders[OPS_MAX];
	struct api_answer answer;
	PGconn *owner = PQconnectdb(api->database->owner_uri);
	int64_t until_ms;

	redemption.body = stock_body(stock_code('U', 1).text, 5, "");
	start_again(api, (const char *[]){ "--workers", "160", "--answer-timeout", "1", NULL });
	PQclear(PQexec(owner, "BEGIN; LOCK TABLE auth_state"));
	for (size_t i = 0; promo_ops[i]; i++) {
		orders[i] = (struct order){ .op = promo_ops[i],
			.token = token,
			.body = order_good_body(promo_ops[i]),
			.key = "late",
			.headers = "Prefer: wait=5\r\n" };
		if (promo_ops[i] == redemption.op)
			orders[i] = redemption;
		if (promo_ops[i]->flags & PROMO_OP_UNAUDITED)
			continue;
		wire_open(&wires[i], api->daemon.port);
		order_begin(&wires[i], &orders[i]);
		order_finish(&wires[i], &orders[i]);
	}
	for (size_t i = 0; promo_ops[i]; i++) {
		if (promo_ops[i]->flags & PROMO_OP_UNAUDITED)
			continue;
		order_receive(&wires[i], &orders[i], &answer);
		/* Of a file nothing was read yet. */
		assert_refused(&answer, promo_ops[i]->flags & PROMO_OP_WRITES &&
							promo_ops[i]->body != PROMO_BODY_UPLOAD
						? PROMO_E_OUTCOME_UNKNOWN
						: PROMO_E_UNAVAILABLE);
		wire_close(&wires[i]);
	}
	PQclear(PQexec(owner, "COMMIT; BEGIN; LOCK TABLE imports"));
	(void)order_ask(api, &import, &answer);
	assert_refused(&answer, PROMO_E_OUTCOME_UNKNOWN);
	PQclear(PQexec(owner, "COMMIT"));
	PQfinish(owner);
	until_ms = promo_monotonic_ms() + WIRE_TIMEOUT_S * 1000;
	while (promo_test_sql(api->database,
		       "SELECT 1 FROM redemptions WHERE idempotency_key = "
		       "'%s/unknown'",
		       clerk.id)[0] == '\0') {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 10);
	}
	assert_int_equal(order_ask(api, &redemption, &answer), 201);
	assert_non_null(strstr(answer.wire.head, "Idempotent-Replayed: true"));
}

/* A key, a file that comes again, and a batch at which somebody else is. */
void trouble_imports(struct api *api, const char *token)
{
	struct till till = { .database = api->database };
	struct stock_id batch = stock_batch(&till, 'M', 1), busy = stock_batch(&till, 'N', 1);
	struct order order = { .op = &promo_op_code_import,
		.token = token,
		.id = batch.text,
		.key = "import",
		.query = "any_format=true",
		.body = "code\nIMPORT-0001\n" };
	struct api_answer answer;
	char job[40];

	assert_int_equal(order_ask(api, &order, &answer), 202);
	(void)snprintf(job, sizeof(job), "%s", api_get(&answer, "job.id"));
	while (strcmp(promo_test_sql(api->database, "SELECT status FROM jobs WHERE id = '%s'", job),
		       "succeeded") != 0)
		(void)poll(NULL, 0, 5);
	order.body = "code\nIMPORT-0002\n";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	order.key = NULL;
	order.body = "code\nIMPORT-0001\n";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_FILE_ALREADY_IMPORTED);
	assert_string_equal(api_get(&answer, "job_id"), job);

	(void)promo_test_sql(api->database,
		"INSERT INTO jobs (id, kind, batch_id, run_after) "
		"VALUES (gen_random_uuid(), 'generate', '%s', now() + interval '1 day')",
		busy.text);
	order.id = busy.text;
	order.body = "code\nIMPORT-0003\n";
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_JOB_RUNNING);
}

/* Everybody but who may change settings; `token` is somebody's who may do all the rest. */
void trouble_maintenance(struct api *api, const char *token)
{
	struct api_answer answer;

	(void)promo_test_sql(api->database, "UPDATE auth_state SET maintenance = true");
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (!promo_op_rests(op))
			continue;
		(void)ORDER(api, &answer, op, op->access == PROMO_ACCESS_PUBLIC ? NULL : token,
			order_good_body(op), .key = "rests", .if_match = "\"1\"");
		assert_refused(&answer, PROMO_E_MAINTENANCE);
	}
	(void)promo_test_sql(api->database, "UPDATE auth_state SET maintenance = false");
}

/* Requests that are on their way when the daemon is asked to stop: their heads have come (the
 * daemon asks for the rest), their bodies end after the signal. Not those that are files: the daemon
 * first looks who sends them. */
void trouble_stop(struct api *api, const char *token)
{
	struct wire wires[OPS_MAX];
	struct api_answer answer;
	char stopping[64];
	size_t count = 0;

	for (size_t i = 0; promo_ops[i]; i++) {
		if (promo_ops[i]->body == PROMO_BODY_UPLOAD)
			continue;
		count++;
		wire_open(&wires[i], api->daemon.port);
		order_begin(&wires[i],
			&(struct order){ .op = promo_ops[i],
				.token = token,
				.headers = "Content-Length: 2\r\nExpect: 100-continue\r\n" });
		assert_true(wire_peek(&wires[i], "HTTP/1.1 100 "));
	}
	assert_int_equal(kill(api->daemon.pid, SIGTERM), 0);
	/* The log has the stops of earlier daemons, too. */
	(void)snprintf(stopping, sizeof(stopping), "stopping: %zu requests", count);
	while (!promo_test_daemon_said(&api->daemon, stopping))
		(void)poll(NULL, 0, 5);
	for (size_t i = 0; promo_ops[i]; i++)
		if (promo_ops[i]->body != PROMO_BODY_UPLOAD)
			wire_text(&wires[i], "{}");
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct order order = { .op = promo_ops[i] };

		if (promo_ops[i]->body == PROMO_BODY_UPLOAD)
			continue;
		order_receive(&wires[i], &order, &answer);
		assert_refused(&answer, PROMO_E_UNAVAILABLE);
		assert_true(wire_is_closed(&wires[i]));
		wire_close(&wires[i]);
	}
	assert_int_equal(promo_test_daemon_end(&api->daemon, 0), 0);
}
