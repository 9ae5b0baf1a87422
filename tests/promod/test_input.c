/* SPDX-License-Identifier: MIT */
/* Whatever is sent is answered: with what was meant where that is certain, else with a problem that
 * names everything that is wrong. Afterwards the daemon serves as before, and nothing that people
 * typed stands in its log. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

#define NAMES "\"first_name\":\"Aline\",\"last_name\":\"Uwase\""

enum {
	LARGE = 10 * 1000 * 1000,
	DEEP = 3000,
	PAGES = 12,
	ROWS_MAX = 200
};

static struct till till; /* of the same database, for people and stock */
static struct person boss;

static int setup(void **state)
{
	struct api *api;

	if (api_setup(state))
		return -1;
	api = *state;
	/* Everything that it ever says. */
	if (promo_test_daemon_end(&api->daemon, SIGTERM) != 0)
		return -1;
	promo_test_daemon_start_again(
		&api->daemon, api->database, (const char *[]){ "--log-level", "debug", NULL });
	till.database = api->database;
	boss = till_person(&till, "super-admin");
	(void)stock_batch(&till, 'A', 8);
	return 0;
}

/* "pointer code, pointer code" of a 422, in its order. */
static const char *bad_fields(const struct api_answer *answer)
{
	static char text[2048];
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; used < sizeof(text); i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "errors.%d.code", i);
		if (!api_get(answer, path)[0])
			break;
		(void)snprintf(path, sizeof(path), "errors.%d.pointer", i);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s ",
			i > 0 ? ", " : "", api_get(answer, path));
		(void)snprintf(path, sizeof(path), "errors.%d.code", i);
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s", api_get(answer, path));
	}
	return text;
}

struct bad {
	const char *body, *fields; /* fields NULL: 400 */
};

static void refuse_all(
	struct api *api, const struct promo_op *op, const struct bad *bad, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct api_answer answer;

		(void)ORDER(api, &answer, op, boss.token, bad[i].body, .key = "bad");
		if (!bad[i].fields) {
			assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
			continue;
		}
		if (strcmp(bad_fields(&answer), bad[i].fields) != 0)
			print_error("%s\n%s\n", bad[i].body, answer.body);
		assert_refused(&answer, PROMO_E_INVALID_INPUT);
		assert_string_equal(bad_fields(&answer), bad[i].fields);
	}
}

/*
 * Bodies.
 */

static void test_no_json(void **state)
{
	static const struct bad bad[] = {
		{ "{", NULL },
		{ "[]", NULL },
		{ "null", NULL },
		{ "\"code\"", NULL },
		{ "{\"code\":\"A\",}", NULL },
		{ "{'code':'A'}", NULL },
		{ "{\"code\":\"A\"} {}", NULL },
		{ "{\"code\":NaN}", NULL },
		{ "{\"code\":\"A\",\"code\":\"B\"}", NULL },
		{ "{\"code\":\"\xff\xfe\"}", NULL },
		{ "{\"code\":\"\xc0\xaf\"}", NULL },
		{ "{\"code\":\"\\ud800\"}", NULL },
		{ "{\"code\":\"line\nbreak\"}", NULL },
		{ "\xef\xbb\xbf{}", NULL },
	};

	refuse_all(*state, &promo_op_code_verify, bad, PROMO_COUNT(bad));
}

static void test_wrong_types(void **state)
{
	static const struct bad bad[] = {
		{ "{}", "/code required, /phone_number required" },
		{ "{\"code\":1,\"phone_number\":true}",
			"/code wrong_type, /phone_number wrong_type" },
		{ "{\"code\":null,\"phone_number\":[]}",
			"/code not_null, /phone_number wrong_type" },
		{ "{\"code\":{},\"phone_number\":\"0788123456\",\"first_name\":7}",
			"/code wrong_type, /first_name wrong_type" },
		{ "{\"code\":\"A000\",\"phone_number\":\"0788123456\",\"amount\":1,\"a/b~\":2}",
			"/amount unknown_field, /a~1b~0 unknown_field" },
		{ "{\"code\":\"A000\",\"phone_number\":\"0788123456\",\"note\":\"a\\u0000b\"}",
			"/note contains_control_characters" },
		{ "{\"code\":\"A000\",\"phone_number\":\"0788123456\","
		  "\"first_name\":\"\\u202eabc\"}",
			"/first_name contains_control_characters" },
		{ "{\"code\":\"?\",\"phone_number\":\"?\",\"note\":[],\"x\":1}",
			"/code code_malformed, /phone_number invalid_phone_number, "
			"/note wrong_type, /x unknown_field" },
	};

	refuse_all(*state, &promo_op_redemption_create, bad, PROMO_COUNT(bad));
}

static void test_large_and_deep(void **state)
{
	struct api *api = *state;
	struct order order = { .op = &promo_op_code_verify, .token = boss.token };
	struct api_answer answer;
	char *body = calloc(1, LARGE + 1);

	assert_non_null(body);
	for (size_t i = 0; i < DEEP; i++)
		memcpy(body + 5 * i, "{\"a\":", 5);
	order.body = body;
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
	memset(body, '[', DEEP);
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
	/* Read to its end and not kept. */
	memset(body, ' ', LARGE);
	(void)order_ask(api, &order, &answer);
	assert_refused(&answer, PROMO_E_BODY_TOO_LARGE);
	free(body);
}

/*
 * Codes and phones.
 */

static void test_codes_as_typed(void **state)
{
	struct api *api = *state;
	struct stock_code code = stock_code('A', 1);
	char ways[6][64] = { "" }, shown[32];

	(void)snprintf(shown, sizeof(shown), "%.4s-%.4s-%.4s-%.4s", code.text, code.text + 4,
		code.text + 8, code.text + 12);
	(void)snprintf(ways[0], sizeof(ways[0]), "%s", shown);
	(void)snprintf(ways[1], sizeof(ways[1]), "%s", code.text);
	(void)snprintf(ways[2], sizeof(ways[2]), " %.8s %s\\t", code.text, code.text + 8);
	for (size_t i = 0; shown[i]; i++)
		ways[3][i] = (char)tolower((unsigned char)shown[i]);
	for (size_t i = 0; shown[i]; i++)
		ways[4][i] = (char)(shown[i] == '0' ? 'O' : shown[i] == '1' ? 'I' : shown[i]);
	for (size_t i = 0; shown[i]; i++)
		ways[5][i] = (char)(shown[i] == '0' ? 'o' : shown[i] == '1' ? 'i' : shown[i]);
	for (size_t i = 0; i < PROMO_COUNT(ways); i++) {
		struct api_answer answer;
		char body[512];

		(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", ways[i]);
		assert_int_equal(ORDER(api, &answer, &promo_op_code_verify, boss.token, body), 200);
		assert_string_equal(api_get(&answer, "code"), shown);
		assert_string_equal(api_get(&answer, "redeemable"), "true");
	}
}

/* What cannot be a code is refused by its form: the codes are not there to be looked at. */
static void test_typing_errors(void **state)
{
	static const char *const typed[] = { "", "A", "A00", "A000_0126", "A000-0126-AA11-CC2?",
		"\xc3\x84"
		"000-0126-AA11-CC21",
		"A000-0126-AA13-CC21", "A000-0126-AA02-CC30", "A000-0199-AA01-CC01",
		"A000-0100-AA00-CC00", "A0000126AA11CC21A0000126AA11CC21A" };
	struct api *api = *state;
	struct api_answer answer;
	char body[128];

	(void)promo_test_sql(api->database, "ALTER TABLE promo_codes RENAME TO hidden_codes");
	for (size_t i = 0; i < PROMO_COUNT(typed); i++) {
		(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", typed[i]);
		(void)ORDER(api, &answer, &promo_op_code_verify, boss.token, body);
		assert_bad_field(&answer, "/code", "code_malformed");
		(void)snprintf(body, sizeof(body),
			"{\"code\":\"%s\",\"phone_number\":\"0788123456\"}", typed[i]);
		(void)ORDER(api, &answer, &promo_op_redemption_create, boss.token, body,
			.key = "typed");
		assert_bad_field(&answer, "/code", "code_malformed");
	}
	(void)promo_test_sql(api->database, "ALTER TABLE hidden_codes RENAME TO promo_codes");
}

static void test_phones(void **state)
{
	static const char *const impossible[] = { "", "1", "12345", "+250", "0788", "+0788123456",
		"078812345678901234", "call me", "+250 788 123 45x", "++250788123456",
		"+250788123456,+250788123457", "\xef\xbc\x90\xef\xbc\x97\xef\xbc\x98" };
	static const char *const ways[] = { "0788123456", "+250788123456", "+250 788 123 456",
		"0788-123-456", "(0788) 123 456", "00250788123456" };
	struct api *api = *state;
	struct api_answer answer;
	char body[256], key[16];

	for (size_t i = 0; i < PROMO_COUNT(impossible); i++) {
		(void)snprintf(body, sizeof(body), "{\"code\":\"%s\",\"phone_number\":\"%s\"}",
			stock_code('A', 2).text, impossible[i]);
		(void)ORDER(api, &answer, &promo_op_redemption_create, boss.token, body,
			.key = "phone");
		assert_bad_field(&answer, "/phone_number", "invalid_phone_number");
	}
	for (size_t i = 0; i < PROMO_COUNT(ways); i++) {
		(void)snprintf(key, sizeof(key), "way-%zu", i);
		(void)snprintf(body, sizeof(body), "{\"code\":\"%s\",\"phone_number\":\"%s\"}",
			stock_code('A', (int)i + 2).text, ways[i]);
		assert_int_equal(ORDER(api, &answer, &promo_op_redemption_create, boss.token, body,
					 .key = key),
			201);
		assert_string_equal(api_get(&answer, "customer.phone_number"), "+250788123456");
	}
	assert_string_equal(promo_test_sql(api->database, "SELECT count(*) FROM customers"), "1");
}

/*
 * Batches.
 */

static const char *batch_body(const char *name, const char *amount, const char *day)
{
	static char body[512];

	(void)snprintf(body, sizeof(body),
		"{\"batch_name\":\"%s\",\"total_codes\":0,\"amount_per_code\":%s,"
		"\"expiration_date\":\"%s\"}",
		name, amount, day);
	return body;
}

static int create(struct api *api, const char *name, const char *amount, const char *day,
	struct api_answer *ret)
{
	return ORDER(api, ret, &promo_op_batch_create, boss.token, batch_body(name, amount, day));
}

static void test_amounts(void **state)
{
	static const struct {
		const char *amount, *code;
	} bad[] = {
		{ "\"1e3\"", "invalid_amount" },
		{ "\"-5\"", "invalid_amount" },
		{ "\"10.001\"", "invalid_amount" },
		{ "\"NaN\"", "invalid_amount" },
		{ "\"Infinity\"", "invalid_amount" },
		{ "\"0x10\"", "invalid_amount" },
		{ "\"1,000.00\"", "invalid_amount" },
		{ "\"\"", "invalid_amount" },
		{ "\" \"", "invalid_amount" },
		{ "\"5.\"", "invalid_amount" },
		{ "\"0\"", "out_of_range" },
		{ "\"0.00\"", "out_of_range" },
		{ "\"1000000000000.00\"", "out_of_range" },
		{ "0", "out_of_range" },
		{ "-5", "invalid_amount" },
		{ "10.5", "wrong_type" },
		{ "1e3", "wrong_type" },
		{ "true", "wrong_type" },
		{ "null", "not_null" },
	};
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		(void)create(api, "AMOUNT", bad[i].amount, "2099-12-31", &answer);
		assert_bad_field(&answer, "/amount_per_code", bad[i].code);
	}
	assert_int_equal(create(api, "AMOUNT", "\"999999999999.99\"", "2099-12-31", &answer), 201);
	assert_string_equal(api_get(&answer, "batch.amount_per_code"), "999999999999.99");
	assert_int_equal(create(api, "AMOUNT_2", "7", "2099-12-31", &answer), 201);
	assert_string_equal(api_get(&answer, "batch.amount_per_code"), "7.00");
}

static void test_days(void **state)
{
	static const char *const bad[] = { "", "tomorrow", "2026-02-30", "2027-13-01", "27-01-01",
		"2027-1-1", "2027-01-01T25:00:00Z", "01/02/2027" };
	struct api *api = *state;
	struct api_answer answer;
	char day[32];

	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		(void)create(api, "DAY", "\"1\"", bad[i], &answer);
		assert_bad_field(&answer, "/expiration_date", "invalid_date");
	}
	(void)create(api, "DAY", "\"1\"", "2020-01-01", &answer);
	assert_bad_field(&answer, "/expiration_date", "in_past");
	(void)snprintf(day, sizeof(day), "%s",
		promo_test_sql(
			api->database, "SELECT (now() AT TIME ZONE 'Africa/Kigali')::date - 1"));
	(void)create(api, "DAY", "\"1\"", day, &answer);
	assert_bad_field(&answer, "/expiration_date", "in_past");
	(void)snprintf(day, sizeof(day), "%s",
		promo_test_sql(api->database, "SELECT (now() AT TIME ZONE 'Africa/Kigali')::date"));
	assert_int_equal(create(api, "DAY", "\"1\"", day, &answer), 201);
	assert_string_equal(api_get(&answer, "batch.status"), "active");
	assert_string_equal(api_get(&answer, "batch.expiration_date"), day);
}

static void test_names(void **state)
{
	static const char *const bad[] = { "a b", "\xc3\x89T\xc3\x89", "x/y", "BATCH_", "ab",
		"<script>", "a'; DROP TABLE batches; --" };
	struct api *api = *state;
	struct api_answer answer;
	char long_name[128];

	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		(void)create(api, bad[i], "\"1\"", "2099-12-31", &answer);
		assert_refused(&answer, PROMO_E_INVALID_INPUT);
		assert_string_equal(api_get(&answer, "errors.0.pointer"), "/batch_name");
	}
	assert_int_equal(create(api, "  summer-2027 ", "\"1\"", "2099-12-31", &answer), 201);
	assert_string_equal(api_get(&answer, "batch.batch_name"), "BATCH_SUMMER-2027");
	(void)create(api, "Batch_Summer-2027", "\"1\"", "2099-12-31", &answer);
	assert_refused(&answer, PROMO_E_BATCH_NAME_TAKEN);
	memset(long_name, 'A', sizeof(long_name));
	long_name[94] = '\0';
	assert_int_equal(create(api, long_name, "\"1\"", "2099-12-31", &answer), 201);
	long_name[94] = 'A';
	long_name[95] = '\0';
	(void)create(api, long_name, "\"1\"", "2099-12-31", &answer);
	assert_bad_field(&answer, "/batch_name", "invalid_value");
}

/* Also where some are found by the form and some by what it means. */
static void test_all_that_is_bad(void **state)
{
	static const struct bad bad[] = {
		{ "{\"batch_name\":1,\"total_codes\":-1,\"amount_per_code\":\"1e3\","
		  "\"expiration_date\":\"never\",\"assigned_user_id\":\"me\",\"x\":null}",
			"/batch_name wrong_type, /total_codes out_of_range, "
			"/amount_per_code invalid_amount, /expiration_date invalid_date, "
			"/assigned_user_id invalid_id, /x unknown_field" },
		{ "{\"batch_name\":\"a b c\",\"total_codes\":0,\"amount_per_code\":\"1\","
		  "\"currency\":\"R1F\",\"expiration_date\":\"2020-01-01\","
		  "\"code_format\":\"XXXX\",\"assigned_user_id\":\"" ORDER_NO_ID "\"}",
			"/batch_name invalid_value, /currency invalid_value, "
			"/code_format invalid_value, /expiration_date in_past, "
			"/assigned_user_id invalid_value" },
		{ "{\"batch_name\":\"MANY\",\"total_codes\":2147483648,\"amount_per_code\":\"1\","
		  "\"expiration_date\":\"2099-12-31\"}",
			"/total_codes out_of_range" },
		{ "{\"batch_name\":\"MANY\",\"total_codes\":99999999999999999999999,"
		  "\"amount_per_code\":\"1\",\"expiration_date\":\"2099-12-31\"}",
			"/total_codes out_of_range" },
		{ "{\"batch_name\":\"MANY\",\"total_codes\":2147483647,\"amount_per_code\":\"1\","
		  "\"expiration_date\":\"2099-12-31\"}",
			"/total_codes out_of_range" },
	};

	refuse_all(*state, &promo_op_batch_create, bad, PROMO_COUNT(bad));
}

/*
 * Addresses.
 */

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
	static const struct bad bad[] = {
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
		(void)ORDER(api, &answer, &promo_op_code_list, boss.token, .query = bad[i].body);
		if (!bad[i].fields) {
			assert_refused(&answer, PROMO_E_MALFORMED_REQUEST);
			continue;
		}
		if (strcmp(bad_fields(&answer), bad[i].fields) != 0)
			print_error("%s: %s\n", bad[i].body, answer.body);
		assert_refused(&answer, PROMO_E_INVALID_INPUT);
		assert_string_equal(bad_fields(&answer), bad[i].fields);
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
		assert_int_equal(create(api, name, "\"1\"", "2099-12-31", &answer), 201);
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

/* Last: the daemon is well, and its log has nothing of what was typed. */
static void test_afterwards(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	struct stock_code code = stock_code('A', 1);
	char shown[32];
	const char *const typed[] = { "correct horse", "788123456", "788 123 456", "ARRIVES_1",
		"SUMMER", "a~1b", "nonsense", "DROP TABLE", code.text, shown, boss.token,
		api->token, boss.email, "boss@promo.example" };

	(void)snprintf(shown, sizeof(shown), "%.4s-%.4s", code.text, code.text + 4);
	assert_int_equal(ORDER(api, &answer, &promo_op_server_ready), 200);
	assert_int_equal(ORDER(api, &answer, &promo_op_me_show, boss.token), 200);
	for (size_t i = 0; i < PROMO_COUNT(typed); i++) {
		if (promo_test_daemon_said(&api->daemon, typed[i]))
			print_error("the log has \"%s\"\n", typed[i]);
		assert_false(promo_test_daemon_said(&api->daemon, typed[i]));
	}
	assert_true(promo_test_daemon_said(&api->daemon, "operation=code.verify status=422"));
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	assert_false(promo_test_daemon_said(&api->daemon, "ERROR:"));
	assert_false(promo_test_daemon_said(&api->daemon, "runtime error"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_json),
		cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_large_and_deep),
		cmocka_unit_test(test_codes_as_typed),
		cmocka_unit_test(test_typing_errors),
		cmocka_unit_test(test_phones),
		cmocka_unit_test(test_amounts),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_all_that_is_bad),
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
