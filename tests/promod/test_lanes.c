/* SPDX-License-Identifier: MIT */
/* The daemon's lanes over HTTP: from one connection to a thousand every request is answered, rightly
 * and without a stall, also where one of many is bad, and where the sessions of the lanes are ended
 * under load. (The HTTP library once stalled at exactly 128 ready connections.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/crowd.h"
#include "tests/promod/order.h"

enum {
	CLERKS = 4,
	EACH = 3, /* requests of a connection */
	FILES = 2048,
	KILLS = 6,
};

static struct till till; /* of the daemon's database, for people and stock */
static struct person clerks[CLERKS];
static int used; /* serials of batch A */

static int setup(void **state)
{
	struct rlimit files = { 0 };
	struct api *api;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES) {
		files.rlim_cur = files.rlim_max < FILES ? files.rlim_max : FILES;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	if (api_setup(state))
		return -1;
	api = *state;
	till.database = api->database;
	for (size_t i = 0; i < CLERKS; i++)
		clerks[i] = till_person(&till, "batch-manager");
	(void)stock_batch(&till, 'A', 20000);
	return 0;
}

static long number(const char *query)
{
	return strtol(promo_test_sql(till.database, "%s", query), NULL, 10);
}

static void assert_books(void)
{
	assert_int_equal(number("SELECT count(*) FROM promo_codes WHERE status = 'redeemed'"),
		number("SELECT count(*) FROM redemptions WHERE status = 'completed'"));
	assert_int_equal(number("SELECT count(*) FROM audit_writers w WHERE seq <> (SELECT "
				"count(*) FROM audit_log l WHERE l.writer_id = w.id)"),
		0);
	stock_assert_totals(&till);
}

/*
 * From one to a thousand.
 */

struct mixed {
	int asked[CROWD_MAX];
	int connections, bad; /* which connection asks for a code that there is not; -1: none */
	long redeemed, verified, missing, other;
};

static size_t next_mixed(void *context, int connection, char ret[CROWD_REQUEST_SIZE])
{
	struct mixed *mixed = context;
	const char *token = clerks[connection % CLERKS].token;
	char body[64], key[32];

	if (mixed->asked[connection]++ == EACH)
		return 0;
	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}",
		stock_code(connection == mixed->bad ? 'H' : 'A', ++used).text);
	if (connection == mixed->bad || used % 2)
		return crowd_post(ret, "/api/v1/verify", token, NULL, body);
	(void)snprintf(key, sizeof(key), "mixed-%d", used);
	return crowd_post(ret, "/api/v1/redemptions", token, key,
		stock_body(stock_code('A', used).text, used % 10000, ""));
}

static void count_mixed(void *context, int connection, int status, const char *body)
{
	struct mixed *mixed = context;

	mixed->redeemed += status == 201;
	mixed->verified += status == 200;
	mixed->missing += status == 404;
	if (status == 200 || status == 201 || status == 404)
		return;
	mixed->other++;
	print_error("connection %d: %d %s\n", connection, status, body ? body : "");
}

static void run_mixed(struct api *api, int connections, int bad)
{
	long before = number("SELECT count(*) FROM redemptions WHERE status = 'completed'");
	struct mixed mixed = { .connections = connections, .bad = bad };
	struct crowd crowd = {
		.ports = { api->daemon.port },
		.port_count = 1,
		.connections = connections,
		.next = next_mixed,
		.answer = count_mixed,
		.context = &mixed,
	};

	crowd_run(&crowd);
	assert_false(crowd.stalled);
	assert_int_equal(crowd.answers, connections * EACH);
	assert_int_equal(mixed.other, 0);
	assert_int_equal(mixed.missing, bad < 0 ? 0 : EACH);
	assert_int_equal(mixed.redeemed + mixed.verified + mixed.missing, connections * EACH);
	assert_int_equal(number("SELECT count(*) FROM redemptions WHERE status = 'completed'"),
		before + mixed.redeemed);
	print_message("%d connections: the longest wait was %lld us\n", connections,
		(long long)crowd.longest_us);
}

static void test_every_number_of_connections(void **state)
{
	static const int counts[] = { 1, 16, 64, 127, 128, 129, 256, 512, 1000 };

	for (size_t i = 0; i < PROMO_COUNT(counts); i++)
		run_mixed(*state, counts[i], -1);
	assert_books();
	/* They shared transactions, or this was not about lanes. */
	assert_true(number("SELECT count(*) FROM audit_log WHERE action = 'redemption.create'") >
		    2 * number("SELECT count(DISTINCT at) FROM audit_log WHERE action = "
			       "'redemption.create'"));
}

static void test_one_bad_among_many(void **state)
{
	/* His neighbours of the same name are suspects with him: a clerk of his own. */
	struct person saved = clerks[1];

	clerks[1] = till_person(&till, "batch-manager");
	run_mixed(*state, 101, 5 * CLERKS + 1);
	clerks[1] = saved;
	assert_books();
}

/*
 * One key, two codes.
 */

static void test_one_key_with_two_codes(void **state)
{
	struct api *api = *state;
	struct order orders[2];
	struct api_answer answers[2];
	char bodies[2][256], key[32];

	for (int round = 0; round < 10; round++) {
		int done = 0;

		(void)snprintf(key, sizeof(key), "two-%d", round);
		for (int i = 0; i < 2; i++) {
			(void)snprintf(bodies[i], sizeof(bodies[i]), "%s",
				stock_body(stock_code('A', ++used).text, 1, ""));
			orders[i] = (struct order){ .op = &promo_op_redemption_create,
				.token = clerks[0].token,
				.key = key,
				.body = bodies[i] };
		}
		order_ask_at_once(&api->daemon.port, 1, orders, 2, answers);
		for (int i = 0; i < 2; i++) {
			done += answers[i].status == 201;
			if (answers[i].status != 201)
				assert_refused(&answers[i], PROMO_E_IDEMPOTENCY_KEY_REUSED);
		}
		assert_int_equal(done, 1);
	}
	assert_books();
}

/*
 * Sessions that are ended.
 */

struct stubborn {
	struct api *api;
	int asked[CROWD_MAX], serial[CROWD_MAX]; /* 0: the next one */
	long paid, again;
	int kills;
	long kill_at;
};

/* Every code until it is paid, with the same key. */
static size_t next_stubborn(void *context, int connection, char ret[CROWD_REQUEST_SIZE])
{
	struct stubborn *stubborn = context;
	char key[32];

	if (!stubborn->serial[connection]) {
		if (stubborn->asked[connection]++ == 10 * EACH)
			return 0;
		stubborn->serial[connection] = ++used;
	}
	(void)snprintf(key, sizeof(key), "stubborn-%d", stubborn->serial[connection]);
	return crowd_post(ret, "/api/v1/redemptions", clerks[connection % CLERKS].token, key,
		stock_body(stock_code('A', stubborn->serial[connection]).text,
			stubborn->serial[connection] % 10000, ""));
}

/* Ends every lane's session, in whatever it is doing. (tests/fault kills backends and servers.) */
static long end_lanes(void)
{
	return number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
		      "usename = 'promo_app' AND datname = current_database() AND query LIKE "
		      "'%unnest%'");
}

static void answer_stubborn(void *context, int connection, int status, const char *body)
{
	struct stubborn *stubborn = context;

	if (status == 201) {
		stubborn->paid++;
		stubborn->serial[connection] = 0;
	} else {
		/* Out of reach, or nobody knows: nothing else may come. */
		if (status != 503 && status != 0)
			fail_msg("%d %s", status, body ? body : "");
		stubborn->again++;
	}
	if (stubborn->paid < stubborn->kill_at || stubborn->kills == KILLS)
		return;
	stubborn->kill_at += 200;
	stubborn->kills++;
	assert_true(end_lanes() > 0);
}

static void test_ended_sessions(void **state)
{
	long before = number("SELECT count(*) FROM redemptions WHERE status = 'completed'");
	struct stubborn stubborn = { .api = *state, .kill_at = 100 };
	struct crowd crowd = {
		.ports = { stubborn.api->daemon.port },
		.port_count = 1,
		.connections = 64,
		.next = next_stubborn,
		.answer = answer_stubborn,
		.context = &stubborn,
	};

	crowd_run(&crowd);
	assert_false(crowd.stalled);
	assert_int_equal(stubborn.kills, KILLS);
	assert_int_equal(stubborn.paid, 64 * 10 * EACH);
	assert_int_equal(number("SELECT count(*) FROM redemptions WHERE status = 'completed'"),
		before + stubborn.paid);
	assert_books();
	print_message("the sessions were ended %d times, %ld requests asked again\n",
		stubborn.kills, stubborn.again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_number_of_connections),
		cmocka_unit_test(test_one_bad_among_many),
		cmocka_unit_test(test_one_key_with_two_codes),
		cmocka_unit_test(test_ended_sessions),
	};

	return cmocka_run_group_tests(tests, setup, api_teardown);
}
