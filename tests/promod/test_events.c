/* SPDX-License-Identifier: MIT */
/* Live events of two daemons on one database: what happens on one is heard on both, by whoever may hear of it
 * at that moment, each thing once: also across reconnects, from one daemon to the other and over a killed one. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libpromo/api/op_event.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/live.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/listener.h"
#include "tests/promod/order.h"

enum {
	REDEMPTIONS = 60, /* of the reconnecting one */
};

static struct till till; /* of the daemons' database, for people and stock */
static struct promo_test_daemon other;
static struct api second; /* the same database and people, by the other daemon */
static struct person boss, clerk;
static int next_serial = 1;

static void start_other(struct api *api,
	void (*start)(struct promo_test_daemon *daemon, const struct promo_test_database *database,
		const char *const *options))
{
	static char hash_key[128], mfa_key[128];
	const char *const options[] = { "--hash-key-file", hash_key, "--mfa-key-file", mfa_key,
		NULL };

	(void)snprintf(hash_key, sizeof(hash_key), "%s/hash.key", api->daemon.state_dir);
	(void)snprintf(mfa_key, sizeof(mfa_key), "%s/mfa.key", api->daemon.state_dir);
	start(&other, api->database, options);
	second = *api;
	second.daemon = other;
}

static int setup(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	till.database = api->database;
	start_other(api, promo_test_daemon_start);
	(void)stock_batch(&till, 'A', 400);
	boss = till_person(&till, "");
	till_grant(&till, &boss,
		"redemptions.read fraud.alerts.view batches.read batches.create "
		"promo-codes.generate promo-codes.fraud.report promo-codes.search "
		"redemptions.create.manual users.read users.permissions.manage "
		"system.settings.read system.settings.update");
	clerk = till_person(&till, "batch-manager");
	return 0;
}

static int teardown(void **state)
{
	promo_test_daemon_free(&other);
	return api_teardown(state);
}

/* Redeems the next code, or one again. */
static int redeem(struct api *api, const struct person *who, int serial)
{
	static int keys;
	struct api_answer answer;
	char headers[64];

	(void)snprintf(headers, sizeof(headers), "Idempotency-Key: events-%d\r\n", keys++);
	return API(api, &answer, "POST", "/api/v1/redemptions", .token = who->token,
		.headers = headers, .body = stock_body(stock_code('A', serial).text, serial, ""));
}

static void listen_to(
	struct listener *listener, struct api *api, const struct person *who, const char *query)
{
	listener_open(listener, api->daemon.port, who->token, query, NULL);
	assert_int_equal(listener->status, 200);
	assert_non_null(strstr(listener->head, "Content-Type: text/event-stream"));
}

/* A member of an event's data. */
static const char *told(const char *data, const char *path)
{
	static struct api_answer answer;

	(void)snprintf(answer.body, sizeof(answer.body), "%s", data);
	return api_get(&answer, path);
}

static void test_what_is_told(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	struct listener here, there;
	char body[256];
	const char *data;
	int serial = next_serial++;

	listen_to(&here, api, &boss, "topics=redemption,code,batch,settings,permissions");
	listen_to(&there, &second, &boss, "topics=redemption,code,batch,settings,permissions");
	assert_int_equal(redeem(api, &clerk, serial), 201);
	data = listener_expect(&there, "redemption.completed");
	assert_string_equal(told(data, "actor.id"), clerk.id);
	assert_string_equal(told(data, "user.id"), clerk.id);
	assert_string_equal(told(data, "amount"), "500.00");
	assert_string_equal(told(data, "at"), told(data, "created_at"));
	data = listener_expect(&here, "redemption.completed");
	assert_string_equal(told(data, "status"), "completed");

	assert_int_equal(redeem(&second, &clerk, serial), 409);
	data = listener_expect(&here, "redemption.failed");
	assert_string_equal(told(data, "error_code"), "code_already_redeemed");
	(void)listener_expect(&there, "redemption.failed");

	(void)snprintf(body, sizeof(body), "%s",
		stock_body(stock_code('A', serial).text, 7, ",\"description\":\"again\""));
	assert_int_equal(API(api, &answer, "POST", "/api/v1/fraud-reports", .token = boss.token,
				 .body = body),
		201);
	data = listener_expect(&there, "code.reported");
	assert_string_equal(told(data, "id"), api_get(&answer, "id"));
	/* A second one adds to the case, which is no report. */
	assert_int_equal(API(api, &answer, "POST", "/api/v1/fraud-reports", .token = boss.token,
				 .body = body),
		409);

	assert_int_equal(API(api, &answer, "POST", "/api/v1/batches", .token = boss.token,
				 .body = "{\"batch_name\":\"HEARD\",\"total_codes\":0,"
					 "\"amount_per_code\":\"1.00\","
					 "\"expiration_date\":\"2099-12-31\"}"),
		201);
	data = listener_expect(&there, "batch.created");
	assert_string_equal(told(data, "batch_name"), "BATCH_HEARD");

	assert_int_equal(
		API(api, &answer, "GET", "/api/v1/settings/codes", .token = boss.token), 200);
	(void)snprintf(body, sizeof(body), "If-Match: \"%s\"\r\n", api_get(&answer, "version"));
	assert_int_equal(API(api, &answer, "PATCH", "/api/v1/settings/codes", .token = boss.token,
				 .headers = body, .body = "{\"max_per_job\":9000000}"),
		200);
	data = listener_expect(&there, "settings.changed");
	assert_string_equal(told(data, "category"), "codes");
	listener_close(&here);
	listener_close(&there);
}

static void test_jobs_and_notifications(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	struct listener mine, theirs;
	struct heard heard;
	bool finished = false, told_of = false;
	char job[40], last[LISTENER_ID_SIZE];

	listen_to(&mine, &second, &boss, "topics=job.finished,notification");
	listen_to(&theirs, &second, &clerk, "topics=notification,redemption");
	assert_int_equal(API(api, &answer, "POST", "/api/v1/batches", .token = boss.token,
				 .body = "{\"batch_name\":\"JOB\",\"total_codes\":10,"
					 "\"amount_per_code\":\"1.00\","
					 "\"expiration_date\":\"2099-12-31\"}"),
		201);
	(void)snprintf(job, sizeof(job), "%s", api_get(&answer, "job.id"));
	while (!finished || !told_of) {
		assert_true(listener_next(&mine, &heard, LISTENER_MS));
		if (strcmp(heard.event, "job.finished") == 0) {
			assert_false(finished);
			finished = true;
			assert_string_equal(told(heard.data, "id"), job);
			assert_string_equal(told(heard.data, "status"), "succeeded");
			assert_string_equal(told(heard.data, "actor.kind"), "system");
			continue;
		}
		assert_string_equal(heard.event, "notification.created");
		assert_false(told_of);
		told_of = true;
		assert_string_equal(told(heard.data, "link.id"), job);
		assert_string_equal(told(heard.data, "user_id"), "");
	}
	/* Nobody hears of what others are told; his own comes, and nothing before it. */
	assert_int_equal(redeem(api, &clerk, next_serial++), 201);
	(void)listener_expect(&theirs, "redemption.completed");
	memcpy(last, mine.id, sizeof(last));
	listener_close(&mine);
	/* Whoever comes back is told what he missed, and nothing of what he was told. */
	listener_open(
		&mine, api->daemon.port, boss.token, "topics=job.finished,notification", last);
	assert_int_equal(mine.status, 200);
	assert_int_equal(API(api, &answer, "POST", "/api/v1/batches", .token = boss.token,
				 .body = "{\"batch_name\":\"JOB2\",\"total_codes\":10,"
					 "\"amount_per_code\":\"1.00\","
					 "\"expiration_date\":\"2099-12-31\"}"),
		201);
	(void)snprintf(job, sizeof(job), "%s", api_get(&answer, "job.id"));
	for (int i = 0; i < 2; i++) {
		assert_true(listener_next(&mine, &heard, LISTENER_MS));
		assert_string_equal(
			told(heard.data, heard.event[0] == 'j' ? "id" : "link.id"), job);
	}
	listener_close(&mine);
	listener_close(&theirs);
}

static char heard_ids[REDEMPTIONS][40];
static size_t heard_count;

static void hear_one(struct listener *listener)
{
	const char *data = listener_expect(listener, "redemption.completed");

	(void)snprintf(heard_ids[heard_count++], 40, "%s", told(data, "id"));
}

/* Comes and goes between the daemons, one of which is killed meanwhile, behind by some events each time: hears
 * what the table holds, each once. */
static void test_reconnecting(void **state)
{
	struct api *api = *state;
	struct api *const apis[] = { api, &second };
	char since[40], last[LISTENER_ID_SIZE];
	struct listener listener;

	(void)snprintf(since, sizeof(since), "%s",
		promo_test_sql(
			till.database, "SELECT id FROM redemptions ORDER BY id DESC LIMIT 1"));
	heard_count = 0;
	listen_to(&listener, &second, &boss, "topics=redemption.completed");
	for (int i = 1; i <= REDEMPTIONS; i++) {
		assert_int_equal(redeem(apis[i % 3 == 0], &clerk, next_serial++), 201);
		if (i % 6)
			continue;
		for (int j = 0; j < 4; j++)
			hear_one(&listener);
		memcpy(last, listener.id, sizeof(last));
		if (i == REDEMPTIONS / 2) {
			assert_int_equal(promo_test_daemon_end(&other, SIGKILL), 128 + SIGKILL);
			start_other(api, promo_test_daemon_start_again);
		}
		listener_close(&listener);
		listener_open(&listener, apis[i / 6 % 2]->daemon.port, boss.token,
			"topics=redemption.completed", last);
		assert_int_equal(listener.status, 200);
	}
	while (heard_count < REDEMPTIONS)
		hear_one(&listener);
	/* Nothing more was waiting behind them. */
	assert_int_equal(redeem(api, &clerk, next_serial++), 201);
	assert_int_equal(strtoul(promo_test_sql(till.database,
					 "SELECT count(*) FROM redemptions WHERE id > '%s'", since),
				 NULL, 10),
		REDEMPTIONS + 1);
	assert_string_equal(told(listener_expect(&listener, "redemption.completed"), "id"),
		promo_test_sql(till.database,
			"SELECT id FROM redemptions ORDER BY created_at DESC LIMIT 1"));
	for (size_t i = 0; i < heard_count; i++) {
		assert_string_equal(promo_test_sql(till.database,
					    "SELECT count(*) FROM redemptions WHERE id = '%s' AND "
					    "id > '%s' AND status = 'completed'",
					    heard_ids[i], since),
			"1");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(heard_ids[i], heard_ids[j]);
	}
	listener_close(&listener);
}

/* A replay is an answer and nothing that happened. */
static void test_replays(void **state)
{
	struct api *api = *state;
	struct api_request request = { "POST", "/api/v1/redemptions", .token = clerk.token,
		.headers = "Idempotency-Key: replayed\r\n" };
	struct api_answer answer;
	struct listener listener;
	char body[128], first[40];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\",\"phone_number\":\"+250788000123\"}",
		stock_code('A', next_serial++).text);
	request.body = body;
	listen_to(&listener, api, &boss, "topics=redemption");
	for (int i = 0; i < 3; i++)
		assert_int_equal(api_ask(api, &request, &answer), 201);
	(void)snprintf(first, sizeof(first), "%s", api_get(&answer, "id"));
	assert_string_equal(told(listener_expect(&listener, "redemption.completed"), "id"), first);
	assert_int_equal(redeem(api, &clerk, next_serial++), 201);
	assert_string_not_equal(
		told(listener_expect(&listener, "redemption.completed"), "id"), first);
	listener_close(&listener);
}

static void test_rights_of_the_moment(void **state)
{
	struct api *api = *state;
	struct person reader = till_person(&till, "support");
	struct person rival = till_person(&till, "batch-manager");
	struct listener listener, own;
	struct api_answer answer;
	char path[120], headers[64];
	const char *data;

	listen_to(&listener, &second, &reader, "topics=redemption,permissions");
	listen_to(&own, &second, &rival, "topics=redemption");
	assert_int_equal(redeem(api, &clerk, next_serial++), 201);
	(void)listener_expect(&listener, "redemption.completed");
	/* A batch manager hears of his own only. */
	assert_int_equal(redeem(api, &rival, next_serial++), 201);
	assert_string_equal(
		told(listener_expect(&own, "redemption.completed"), "user.id"), rival.id);
	(void)listener_expect(&listener, "redemption.completed");

	(void)snprintf(path, sizeof(path), "/api/v1/users/%s/permissions", reader.id);
	assert_int_equal(API(api, &answer, "GET", path, .token = api->token), 200);
	(void)snprintf(
		headers, sizeof(headers), "If-Match: \"%s\"\r\n", api_get(&answer, "version"));
	assert_int_equal(API(api, &answer, "PUT", path, .token = api->token, .headers = headers,
				 .body = "{\"grant\":[],\"deny\":[\"redemptions.read\"]}"),
		200);
	assert_int_equal(redeem(api, &clerk, next_serial++), 201);
	/* He hears that his rights changed, and nothing of what happened then. */
	data = listener_expect(&listener, "permissions.changed");
	assert_string_equal(told(data, "user.id"), reader.id);
	assert_string_equal(told(data, "concerned"), "");
	(void)promo_test_sql(till.database,
		"DELETE FROM user_permissions WHERE user_id = '%s'; WITH e AS (UPDATE auth_state "
		"SET epoch = epoch + 1 RETURNING epoch) INSERT INTO auth_changes (epoch, user_id) "
		"SELECT epoch, '%s' FROM e",
		reader.id, reader.id);
	assert_int_equal(redeem(&second, &rival, next_serial++), 201);
	assert_string_equal(
		told(listener_expect(&listener, "redemption.completed"), "user.id"), rival.id);
	/* Without his session nobody hears anything. */
	assert_int_equal(
		API(api, &answer, "POST", "/api/v1/auth/logout", .token = reader.token), 204);
	assert_true(listener_ends(&listener));
	listener_close(&listener);
	listener_close(&own);
}

static void raise_alert(const char *kind)
{
	(void)promo_test_sql(till.database,
		"INSERT INTO alerts (id, kind, severity, title, dedupe_key) VALUES "
		"(gen_random_uuid(), '%s', 'warning', 'heard', 'heard/%s')",
		kind, kind);
}

static void test_alerts(void **state)
{
	struct api *api = *state;
	struct person sees = till_person(&till, "");
	struct person blind = till_person(&till, "");
	struct listener all, some;
	struct api_answer answer;
	const char *data;
	char path[120];

	till_grant(&till, &sees, "alerts.read alerts.manage fraud.alerts.view");
	till_grant(&till, &blind, "alerts.read");
	listen_to(&all, api, &sees, "topics=alert");
	listen_to(&some, &second, &blind, "topics=alert");
	raise_alert("guessing");
	data = listener_expect(&all, "alert.opened");
	assert_string_equal(told(data, "kind"), "guessing");
	(void)snprintf(path, sizeof(path), "/api/v1/alerts/%s/acknowledge", told(data, "id"));
	assert_int_equal(API(api, &answer, "POST", path, .token = sees.token), 200);
	data = listener_expect(&all, "alert.updated");
	assert_string_equal(told(data, "status"), "acknowledged");
	assert_string_equal(told(data, "actor.id"), sees.id);
	raise_alert("job_failed");
	assert_string_equal(told(listener_expect(&some, "alert.opened"), "kind"), "job_failed");
	assert_string_equal(told(listener_expect(&all, "alert.opened"), "kind"), "job_failed");
	listener_close(&all);
	listener_close(&some);
}

/* HEAD is over with the head; an old client gets the lines as they are; nothing is packed, which would hold
 * them back. */
static void test_other_ways(void **state)
{
	struct api *api = *state;
	struct person who = till_person(&till, "support");
	const char *text;

	for (int i = 0; i < 20; i++) {
		text = listener_ask(
			api->daemon.port, "HEAD /api/v1/events HTTP/1.1", who.token, NULL);
		assert_non_null(strstr(text, " 200 "));
		assert_non_null(strstr(text, "Content-Type: text/event-stream"));
		assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\n");
	}
	text = listener_ask(api->daemon.port, "GET /api/v1/events HTTP/1.0", who.token, "\n\n");
	assert_non_null(strstr(text, " 200 "));
	assert_null(strstr(text, "chunked"));
	assert_null(strstr(text, "Content-Encoding"));
	assert_non_null(strstr(text, "\r\n\r\nretry: 2000\nid: "));
}

/* Whoever hangs up is missed at once, and not with the next sign of life. */
static void wait_for_streams(struct api *api, int count)
{
	const int64_t until_ms = promo_monotonic_ms() + PROMO_LIVE_BEAT_MS / 2;
	struct api_answer answer;

	do {
		assert_true(promo_monotonic_ms() < until_ms);
		assert_int_equal(API(api, &answer, "GET", "/metrics"), 200);
	} while ((int)api_metric(answer.body, "promo_event_streams") != count);
}

static void test_refusals(void **state)
{
	struct api *api = *state;
	struct person many = till_person(&till, "support");
	struct listener listeners[11];
	struct api_answer answer;

	assert_int_equal(ORDER(api, &answer, .op = &promo_op_event_stream, .token = many.token,
				 .query = "topics=batch,nothing"),
		422);
	assert_bad_field(&answer, "?topics", "invalid_value");
	assert_int_equal(ORDER(api, &answer, .op = &promo_op_event_stream, .token = many.token,
				 .query = "last_event_id=nonsense"),
		422);
	assert_bad_field(&answer, "?last_event_id", "invalid_value");
	for (size_t i = 0; i < PROMO_COUNT(listeners); i++) {
		listener_open(&listeners[i], api->daemon.port, many.token, "", NULL);
		assert_int_equal(listeners[i].status, i < 10 ? 200 : 429);
	}
	wait_for_streams(api, 10);
	listener_close(&listeners[9]);
	wait_for_streams(api, 9);
	listen_to(&listeners[9], api, &many, "");
	for (size_t i = 0; i < PROMO_COUNT(listeners); i++)
		listener_close(&listeners[i]);
}

/* An id of another database is answered by saying so, and by going on from now. */
static void test_of_another_database(void **state)
{
	struct api *api = *state;
	struct listener listener;
	char last[LISTENER_ID_SIZE];

	listen_to(&listener, api, &boss, "topics=redemption");
	assert_int_equal(redeem(api, &clerk, next_serial++), 201);
	(void)listener_expect(&listener, "redemption.completed");
	memcpy(last, listener.id, sizeof(last));
	listener_close(&listener);
	(void)promo_test_sql(till.database,
		"UPDATE audit_writers SET created_at = created_at - interval '1 second'");
	listener_open(&listener, api->daemon.port, boss.token, "topics=redemption", last);
	(void)listener_expect(&listener, "events.lost");
	assert_int_equal(redeem(api, &clerk, next_serial++), 201);
	(void)listener_expect(&listener, "redemption.completed");
	listener_close(&listener);
}

/* The last one: streams do not hold the end of a daemon up. */
static void test_the_end(void **state)
{
	struct listener listener;
	int64_t began_ms;

	(void)state;
	listen_to(&listener, &second, &boss, "");
	began_ms = promo_monotonic_ms();
	assert_int_equal(promo_test_daemon_end(&other, SIGTERM), 0);
	assert_true(promo_monotonic_ms() - began_ms < 9000); /* drain_timeout is 10 s */
	assert_true(listener_ends(&listener));
	listener_close(&listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* Before anything was redeemed that the watch may raise one of. */
		cmocka_unit_test(test_alerts),
		cmocka_unit_test(test_what_is_told),
		cmocka_unit_test(test_jobs_and_notifications),
		cmocka_unit_test(test_replays),
		cmocka_unit_test(test_rights_of_the_moment),
		cmocka_unit_test(test_reconnecting),
		cmocka_unit_test(test_other_ways),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_of_another_database),
		cmocka_unit_test(test_the_end),
	};

	return cmocka_run_group_tests_name("promod/events", tests, setup, teardown);
}
