/* SPDX-License-Identifier: MIT */
/* The audit trail under load, on two daemons of one database: floods leave few rows, and nothing that
 * was answered is missing in their counts, with a daemon killed in the midst; writers that were closed
 * are replaced, by lanes and workers, without a gap and without anybody noticing. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
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
	DAEMONS = 2,
	CONNECTIONS = 48,
	CODES = 20000,
	WARM = 600,
	PATIENCE_MS = 60000
};

static struct till till; /* of the same database, for people and stock */
static struct promo_test_daemon second;

static int setup(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	promo_test_daemon_start(&second, api->database, NULL);
	till.database = api->database;
	return 0;
}

static int teardown(void **state)
{
	promo_test_daemon_free(&second);
	return api_teardown(state);
}

/* One code is verified, by somebody and by nobody in turn, or codes are redeemed. */
struct load {
	struct crowd crowd;
	pthread_t thread;
	struct person clerk;
	struct stock_code code;
	bool redeems;
	atomic_bool stop;
	/* The thread's own, until it has ended. */
	int serial;
	bool lost[CONNECTIONS];
	long asked[DAEMONS][2], answered[DAEMONS][2]; /* by nobody, by somebody */
	long other;
};

static size_t next_request(void *context, int connection, char ret[CROWD_REQUEST_SIZE])
{
	struct load *load = context;
	bool known = connection / DAEMONS % 2 || load->redeems;
	char body[64], key[32];

	if (atomic_load(&load->stop) || load->lost[connection] || load->serial == CODES)
		return 0;
	load->asked[connection % DAEMONS][known]++;
	load->serial++;
	if (load->redeems) {
		(void)snprintf(key, sizeof(key), "flood-%d", load->serial);
		return crowd_post(ret, "/api/v1/redemptions", load->clerk.token, key,
			stock_body(stock_code('C', load->serial).text, load->serial % 50, ""));
	}
	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", load->code.text);
	return crowd_post(ret, "/api/v1/verify", known ? load->clerk.token : "nobody", NULL, body);
}

static void take_answer(void *context, int connection, int status, const char *body)
{
	struct load *load = context;
	bool known = connection / DAEMONS % 2 || load->redeems;
	int expected = load->redeems ? 201 : known ? 200 : 401;

	(void)body;
	load->lost[connection] = status == 0;
	if (status == expected)
		load->answered[connection % DAEMONS][known]++;
	else if (status != 0)
		load->other++;
}

static void *run_load(void *context)
{
	struct load *load = context;

	crowd_run(&load->crowd);
	return NULL;
}

static void load_start(struct load *load, const struct api *api)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;

	load->crowd = (struct crowd){
		.ports = { api->daemon.port, second.port },
		.port_count = DAEMONS,
		.connections = CONNECTIONS,
		.next = next_request,
		.answer = take_answer,
		.context = load,
	};
	assert_int_equal(pthread_create(&load->thread, NULL, run_load, load), 0);
	while (atomic_load(&load->crowd.answers) < WARM) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
}

static void load_end(struct load *load)
{
	atomic_store(&load->stop, true);
	assert_int_equal(pthread_join(load->thread, NULL), 0);
	assert_false(load->crowd.stalled);
	assert_int_equal(load->other, 0);
}

static long number(const char *sql)
{
	return strtol(promo_test_sql(till.database, "%s", sql), NULL, 10);
}

static void assert_dense(void)
{
	assert_int_equal(
		number("SELECT count(*) FROM audit_writers w LEFT JOIN LATERAL (SELECT count(*) AS "
		       "n, "
		       "coalesce(max(seq), 0) AS last FROM audit_log a WHERE a.writer_id = w.id) a "
		       "ON true WHERE a.n <> w.seq OR a.last <> w.seq"),
		0);
}

/* Of the daemon that lived all that it answered, of the other at most what it was at beside. */
static void assert_counted(const struct load *load, bool known, long counted)
{
	const long in_flight = CONNECTIONS / DAEMONS / 2;
	long answered = load->answered[0][known] + load->answered[1][known];

	assert_int_equal(load->answered[0][known], load->asked[0][known]);
	assert_in_range(counted, answered, answered + in_flight);
	assert_true(load->asked[1][known] - load->answered[1][known] <= in_flight);
}

static void test_floods(void **state)
{
	struct api *api = *state;
	static struct load load;
	char by_clerk[128];

	(void)stock_batch(&till, 'F', 1);
	load.clerk = till_person(&till, "batch-manager");
	load.code = stock_code('F', 1);
	load_start(&load, api);
	assert_int_equal(promo_test_daemon_end(&second, SIGKILL), 128 + SIGKILL);
	load_end(&load);
	/* Also for whatever a backend of the dead one was at. */
	promo_test_daemon_start_again(&second, api->database, NULL);
	(void)snprintf(by_clerk, sizeof(by_clerk),
		"SELECT sum(count) FROM audit_rows WHERE action = 'code.verify' AND "
		"\"actor.id\" = '%s'",
		load.clerk.id);
	assert_counted(&load, true, number(by_clerk));
	assert_counted(&load, false,
		number("SELECT sum(count) FROM audit_rows WHERE action = 'code.verify' AND "
		       "\"actor.kind\" = 'anonymous'"));
	/* At most one of each kind, daemon and minute is a row by itself. */
	assert_in_range(number("SELECT count(*) FROM audit_log WHERE action = 'code.verify' AND "
			       "count = 1"),
		2, 40);
	assert_dense();
}

static void test_closed_writers(void **state)
{
	const int64_t until_ms = promo_monotonic_ms() + PATIENCE_MS;
	struct api *api = *state;
	static struct load load;
	char newest[32], told[256];

	(void)stock_batch(&till, 'C', CODES);
	load.clerk = till_person(&till, "batch-manager");
	load.redeems = true;
	load_start(&load, api);
	(void)snprintf(newest, sizeof(newest), "%s",
		promo_test_sql(api->database, "SELECT max(id) FROM audit_writers"));
	(void)promo_test_sql(api->database, "UPDATE audit_writers SET closed_at = now()");
	while (strcmp(promo_test_sql(api->database,
			      "SELECT count(DISTINCT process) >= %d FROM audit_writers "
			      "WHERE id > %s AND seq > 50",
			      DAEMONS, newest),
		       "t") != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
	load_end(&load);
	(void)snprintf(told, sizeof(told),
		"SELECT count(*) FROM audit_log WHERE action = 'redemption.create' AND outcome = "
		"'allowed' AND changes <> '[]' AND actor_id = '%s'",
		load.clerk.id);
	assert_int_equal(number(told), load.answered[0][true] + load.answered[1][true]);
	assert_int_equal(number("SELECT count(*) FROM redemptions WHERE status = 'completed'"),
		load.answered[0][true] + load.answered[1][true]);
	stock_assert_totals(&till);
	assert_dense();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_floods),
		cmocka_unit_test(test_closed_writers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
