/* SPDX-License-Identifier: MIT */
/* Bad addresses, parameters and heads are refused by what is wrong with them, and lists are turned
 * page by page while rows arrive without losing or repeating one. Nothing of it stands in the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/till.h"
#include "tests/promod/order.h"

enum {
	BATCHES = 9,
	PAGES = 6,
	ROWS_MAX = 200
};

static struct till till; /* of the same database, for people */
static struct person boss;

static void create_batch(struct api *api, const char *name)
{
	struct api_answer answer;
	char body[256];

	(void)snprintf(body, sizeof(body),
		"{\"batch_name\":\"%s\",\"total_codes\":0,\"amount_per_code\":\"1.00\","
		"\"expiration_date\":\"2099-12-31\"}",
		name);
	assert_int_equal(ORDER(api, &answer, &promo_op_batch_create, boss.token, body), 201);
}

static int setup(void **state)
{
	struct api *api;

	if (order_setup_talkative(state))
		return -1;
	api = *state;
	till.database = api->database;
	boss = till_person(&till, "super-admin");
	for (int i = 0; i < BATCHES; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "FIRST_%d", i);
		create_batch(api, name);
	}
	return 0;
}

static void test_ids(void **state)
{
	static const char *const ids[] = { "x", "%00", "%2e%2e", "..", "0", "-1",
		"01900000-0000-7000-8000-00000000000", "01900000-0000-7000-8000-0000000000000",
		"01900000-0000-7000-8000-00000000000g", "%ff", "%zz", "%", "'%20OR%201=1--",
		"01900000-0000-7000-8000-000000000000%00" };
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; i < PROMO_COUNT(ids); i++) {
		(void)ORDER(api, &answer, &promo_op_batch_show, boss.token, .id = ids[i]);
		assert_refused(&answer, PROMO_E_NOT_FOUND);
		(void)ORDER(api, &answer, &promo_op_user_revoke_role, boss.token, .id = boss.id,
			.role = ids[i]);
		assert_refused(&answer, PROMO_E_NOT_FOUND);
	}
}

static void test_parameters(void **state)
{
	static const struct {
		const char *query, *fields; /* fields NULL: 400 */
	} bad[] = {
		{ "limit=0", "?limit out_of_range" },
		{ "limit=1001", "?limit out_of_range" },
		{ "limit=-1", "?limit out_of_range" },
		{ "limit=99999999999999999999", "?limit out_of_range" },
		{ "limit=ten", "?limit wrong_type" },
		{ "limit=1.5", "?limit wrong_type" },
		{ "limit=", "?limit wrong_type" },
		{ "limit=1&limit=2", "?limit repeated" },
		{ "count=maybe", "?count wrong_type" },
		{ "cursor=garbage", "?cursor invalid_cursor" },
		{ "cursor=", "?cursor too_short" },
		{ "status=paid", "?status invalid_value" },
		{ "status=active,paid", "?status invalid_value" },
		{ "batch_id=1", "?batch_id invalid_id" },
		{ "q=ABCDEFGHJKLMN", "?q too_long" },
		{ "q=%ff", "?q invalid_value" },
		{ "created_after=yesterday", "?created_after invalid_time" },
		{ "nonsense=1", "?nonsense unknown_field" },
		{ "limit=0&page=2&count=2&status=x",
			"?limit out_of_range, ?page unknown_field, ?count wrong_type, "
			"?status invalid_value" },
		{ "q=%00", NULL },
		{ "q=%4", NULL },
	};
	struct api *api = *state;
	struct api_answer answer;
	char query[512];

	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		(void)ORDER(api, &answer, &promo_op_code_list, boss.token, .query = bad[i].query);
		if (!bad[i].fields) {
			assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
			continue;
		}
		if (strcmp(order_bad_fields(&answer), bad[i].fields) != 0)
			print_error("%s: %s\n", bad[i].query, answer.body);
		assert_refused(&answer, PROMO_E_INVALID_INPUT);
		assert_string_equal(order_bad_fields(&answer), bad[i].fields);
	}
	/* A good cursor, but of another list. */
	assert_int_equal(
		ORDER(api, &answer, &promo_op_batch_list, boss.token, .query = "limit=1"), 200);
	(void)snprintf(query, sizeof(query), "cursor=%s", api_get(&answer, "next_cursor"));
	(void)ORDER(api, &answer, &promo_op_code_list, boss.token, .query = query);
	assert_bad_field(&answer, "?cursor", "invalid_cursor");
	assert_int_equal(
		ORDER(api, &answer, &promo_op_code_list, boss.token, .query = "limit=1000"), 200);
	/* Signs of SQL patterns are ordinary characters. */
	assert_int_equal(
		ORDER(api, &answer, &promo_op_batch_list, boss.token, .query = "q=%25&count=true"),
		200);
	assert_string_equal(api_get(&answer, "total"), "0");
}

static void test_if_match(void **state)
{
	static const char *const stale[] = { "\"2\"", "\"0\"", "\"-1\"", "1", "*", "W/\"1\"",
		"\"\"", "\"1", "\"1\", \"2\"", "\"99999999999999999999\"", "\"1x\"" };
	struct person person = till_person(&till, "");
	struct api *api = *state;
	struct api_answer answer;
	struct order order = { .op = &promo_op_user_update,
		.token = boss.token,
		.id = person.id,
		.body = "{\"first_name\":\"Eric\"}" };

	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_PRECONDITION_REQUIRED);
	for (size_t i = 0; i < PROMO_COUNT(stale); i++) {
		order.if_match = stale[i];
		(void)order_ask(api, &order, &answer);
		assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
	}
	order.if_match = "\"1\"";
	assert_int_equal(order_ask(api, &order, &answer), 200);
	assert_string_equal(api_get(&answer, "version"), "2");
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_VERSION_MISMATCH);
}

/*
 * Pages.
 */

/* Whether the id was seen before; it is now. */
static bool seen_before(char (*seen)[40], size_t *count, const char *id)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(seen[i], id) == 0)
			return true;
	assert_true(*count < ROWS_MAX);
	(void)snprintf(seen[(*count)++], 40, "%.39s", id);
	return false;
}

/* From page to page to the end, while a row arrives between any two. */
static void test_rows_arrive(void **state)
{
	struct api *api = *state;
	char seen[ROWS_MAX][40], query[512] = "limit=2";
	struct api_answer answer;
	size_t count = 0;
	long before =
		strtol(promo_test_sql(api->database, "SELECT count(*) FROM batches"), NULL, 10);

	for (int page = 0;; page++) {
		char name[32];

		assert_in_range(page, 0, before);
		assert_int_equal(
			ORDER(api, &answer, &promo_op_batch_list, boss.token, .query = query), 200);
		for (int i = 0; i < 2; i++) {
			char path[32];

			(void)snprintf(path, sizeof(path), "items.%d.id", i);
			if (api_get(&answer, path)[0])
				assert_false(seen_before(seen, &count, api_get(&answer, path)));
		}
		if (strcmp(api_get(&answer, "next_cursor"), "null") == 0)
			break;
		(void)snprintf(query, sizeof(query), "limit=2&cursor=%.400s",
			api_get(&answer, "next_cursor"));
		(void)snprintf(name, sizeof(name), "ARRIVES_%d", page);
		create_batch(api, name);
	}
	/* All that were there when it began, and none of those that came: they are newer. */
	assert_int_equal(count, before);
}

/* The audit trail grows by each look at it. */
static void test_a_list_that_always_grows(void **state)
{
	struct api *api = *state;
	char seen[ROWS_MAX][40], query[512] = "limit=10";
	struct api_answer answer;
	size_t count = 0;

	for (int page = 0; page < PAGES; page++) {
		assert_int_equal(
			ORDER(api, &answer, &promo_op_audit_list, boss.token, .query = query), 200);
		for (int i = 0; i < 10; i++) {
			char path[32];

			(void)snprintf(path, sizeof(path), "items.%d.id", i);
			assert_false(seen_before(seen, &count, api_get(&answer, path)));
		}
		(void)snprintf(query, sizeof(query), "limit=10&cursor=%.400s",
			api_get(&answer, "next_cursor"));
	}
	assert_int_equal(count, 10 * PAGES);
}

/*
 * Heads that no client library sends.
 */

#define BYTES(text) (text), sizeof(text) - 1

static void test_heads(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		int status;
	} heads[] = {
		{ BYTES("POST /api/v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
			"Content-Length: 3\r\n\r\n{}"),
			400 },
		{ BYTES("POST /api/v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
			"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
			400 },
		{ BYTES("GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n"), 400 },
		{ BYTES("GET /healthz HTTP/1.1\r\n\r\n"), 400 },
		{ BYTES("GET /api/v1/batches/%00 HTTP/1.1\r\nHost: a\r\n\r\n"), 404 },
		{ BYTES("GET /healthz%00 HTTP/1.1\r\nHost: a\r\n\r\n"), 404 },
		{ BYTES("GET http://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
		{ BYTES("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 404 },
		{ BYTES("DELETE /api/v1/verify HTTP/1.1\r\nHost: a\r\n\r\n"), 405 },
		{ BYTES("TRACE /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), 405 },
	};
	struct api *api = *state;

	for (size_t i = 0; i < PROMO_COUNT(heads); i++) {
		struct wire wire;
		struct wire_answer answer;
		char type[64], allow[64];

		wire_open(&wire, api->daemon.port);
		wire_send(&wire, heads[i].bytes, heads[i].size);
		wire_answer(&wire, true, &answer);
		if (answer.status != heads[i].status)
			print_error("%s", heads[i].bytes);
		assert_int_equal(answer.status, heads[i].status);
		wire_field(&answer, "Content-Type", type, sizeof(type));
		if (strcmp(type, "application/problem+json") != 0)
			print_error("%s", heads[i].bytes);
		assert_string_equal(type, "application/problem+json");
		wire_field(&answer, "Allow", allow, sizeof(allow));
		assert_int_equal(answer.status == 405, allow[0] != '\0');
		wire_close(&wire);
	}
}

/* HEAD is GET without the body. */
static void test_head(void **state)
{
	static const char *const paths[] = { "/healthz", "/api/v1/batches?limit=1",
		"/api/v1/batches?limit=0" };
	struct api *api = *state;

	for (size_t i = 0; i < PROMO_COUNT(paths); i++) {
		struct api_answer get, head;
		char of_get[128], of_head[128];

		(void)API(api, &get, "GET", paths[i], .token = boss.token,
			.headers = "X-Request-Id: head\r\n");
		(void)API(api, &head, "HEAD", paths[i], .token = boss.token,
			.headers = "X-Request-Id: head\r\n");
		assert_int_equal(head.status, get.status);
		assert_string_equal(head.body, "");
		wire_field(&get.wire, "Content-Length", of_get, sizeof(of_get));
		wire_field(&head.wire, "Content-Length", of_head, sizeof(of_head));
		assert_string_equal(of_head, of_get);
		wire_field(&get.wire, "Content-Type", of_get, sizeof(of_get));
		wire_field(&head.wire, "Content-Type", of_head, sizeof(of_head));
		assert_string_equal(of_head, of_get);
	}
}

/* Last: the daemon is well, and its log has nothing of what was asked for. */
static void test_afterwards(void **state)
{
	struct api *api = *state;
	const char *const typed[] = { "ARRIVES_1", "nonsense", "ABCDEFGHJKLMN", "yesterday",
		"OR%20", ORDER_NO_ID, boss.token };

	order_assert_untold(api, typed, PROMO_COUNT(typed));
	/* Who asked is told by his id, and where by the pattern of the path. */
	assert_true(promo_test_daemon_said(&api->daemon, boss.id));
	assert_true(promo_test_daemon_said(&api->daemon, "route=/api/v1/batches/{id} "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_if_match),
		cmocka_unit_test(test_rows_arrive),
		cmocka_unit_test(test_a_list_that_always_grows),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_afterwards),
	};

	return cmocka_run_group_tests(tests, setup, api_teardown);
}
