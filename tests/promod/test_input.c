/* SPDX-License-Identifier: MIT */
/* Whatever is sent is answered: with what was meant where that is certain, else with a problem that
 * names everything that is wrong. Afterwards the daemon serves as before, and nothing that people
 * typed stands in its log. */
#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/stock.h"
#include "tests/promod/order.h"

#define NAMES "\"first_name\":\"Aline\",\"last_name\":\"Uwase\""

enum {
	LARGE = 10 * 1000 * 1000,
	DEEP = 3000
};

static struct till till; /* of the same database, for people and stock */
static struct person boss;

static int setup(void **state)
{
	struct api *api;

	if (order_setup_talkative(state))
		return -1;
	api = *state;
	till.database = api->database;
	boss = till_person(&till, "super-admin");
	(void)stock_batch(&till, 'A', 8);
	return 0;
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
		if (strcmp(order_bad_fields(&answer), bad[i].fields) != 0)
			print_error("%s\n%s\n", bad[i].body, answer.body);
		assert_refused(&answer, PROMO_E_INVALID_INPUT);
		assert_string_equal(order_bad_fields(&answer), bad[i].fields);
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

/* What is refused before a worker sees it stands in the audit trail soon afterwards. */
static void assert_written_down(const char *action, const char *error, const char *actor_id)
{
	int64_t until_ms = promo_monotonic_ms() + WIRE_TIMEOUT_S * 1000;

	while (strcmp(promo_test_sql(till.database,
			      "SELECT count(*) FROM audit_log WHERE action = '%s' AND error = '%s'"
			      " AND outcome = 'failed' AND coalesce(actor_id::text, '') = '%s'",
			      action, error, actor_id),
		       "1") != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 10);
	}
}

static void test_refused_at_the_door(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	char *body = calloc(1, LARGE + 1);

	assert_non_null(body);
	memset(body, ' ', LARGE);
	(void)ORDER(api, &answer, &promo_op_user_create, boss.token, body);
	assert_refused(&answer, PROMO_E_BODY_TOO_LARGE);
	assert_written_down("user.create", "body_too_large", boss.id);
	(void)ORDER(api, &answer, &promo_op_user_create, NULL, body);
	assert_refused(&answer, PROMO_E_BODY_TOO_LARGE);
	assert_written_down("user.create", "body_too_large", "");
	free(body);
	assert_int_equal(
		API(api, &answer, "GET", "/api/v1/customers?q=%zz", .token = boss.token), 400);
	assert_written_down("customer.list", "malformed_request", boss.id);
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
		"\xc3\x89ZZZ-ZZ26-ZZ11-ZZ21", "A000-0126-AA13-CC21", "A000-0126-AA02-CC30",
		"A000-0199-AA01-CC01", "A000-0100-AA00-CC00", "A0000126AA11CC21A0000126AA11CC21A" };
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
		{ "{\"batch_name\":\"a b c\",\"total_codes\":1,\"amount_per_code\":\"1e3\","
		  "\"expiration_date\":\"2020-01-01\",\"code_format\":7}",
			"/amount_per_code invalid_amount, /code_format wrong_type, "
			"/batch_name invalid_value, /expiration_date in_past" },
		{ "{\"total_codes\":2147483647,\"expiration_date\":\"2020-01-01\"}",
			"/batch_name required, /amount_per_code required, "
			"/total_codes out_of_range, /expiration_date in_past" },
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

	static const struct bad users[] = {
		{ "{\"first_name\":\"\",\"email\":\"x\",\"phone_number\":\"1\","
		  "\"password\":\"short\",\"roles\":[\"user\",\"king\"]}",
			"/first_name too_short, /last_name required, /email invalid_email, "
			"/phone_number invalid_phone_number, /password password_too_short, "
			"/roles/1 unknown_role" },
		{ "{" NAMES ",\"password\":\"short\",\"roles\":[\"king\"]}",
			"/email required, /password password_too_short, /roles/0 unknown_role" },
	};
	static const struct bad codes[] = {
		{ "{\"code\":\"A000-0126-AA13-CC21\",\"phone_number\":\"1\"}",
			"/phone_number invalid_phone_number, /code code_malformed" },
	};

	refuse_all(*state, &promo_op_batch_create, bad, PROMO_COUNT(bad));
	refuse_all(*state, &promo_op_user_create, users, PROMO_COUNT(users));
	refuse_all(*state, &promo_op_redemption_create, codes, PROMO_COUNT(codes));
	refuse_all(*state, &promo_op_fraud_report_create, codes, PROMO_COUNT(codes));
}

/* Last: the daemon is well, and its log has nothing of what was typed. */
static void test_afterwards(void **state)
{
	struct api *api = *state;
	struct stock_code code = stock_code('A', 1);
	char shown[32];
	const char *const typed[] = { "correct horse", "788123456", "788 123 456", "SUMMER", "a~1b",
		"DROP TABLE", code.text, shown, boss.token, api->token, boss.email,
		"boss@promo.example" };

	(void)snprintf(shown, sizeof(shown), "%.4s-%.4s", code.text, code.text + 4);
	order_assert_untold(api, typed, PROMO_COUNT(typed));
	assert_true(promo_test_daemon_said(&api->daemon, "operation=code.verify status=422"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_json),
		cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_large_and_deep),
		cmocka_unit_test(test_refused_at_the_door),
		cmocka_unit_test(test_codes_as_typed),
		cmocka_unit_test(test_typing_errors),
		cmocka_unit_test(test_phones),
		cmocka_unit_test(test_amounts),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_all_that_is_bad),
		cmocka_unit_test(test_afterwards),
	};

	return cmocka_run_group_tests(tests, setup, api_teardown);
}
