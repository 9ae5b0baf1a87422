/* SPDX-License-Identifier: MIT */
/* What is wrong with a request is said, each bad field by name, and never a crash: what people type,
 * and what programs send that were not meant well. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/promod/api.h"

#define BATCH(name, codes, amount, date)                                                           \
	"{\"batch_name\":" name ",\"total_codes\":" codes ",\"amount_per_code\":" amount           \
	",\"expiration_date\":" date "}"
#define DATE "\"2099-12-31\""

static void assert_answer(const char *what, const struct api_answer *answer, int status,
	const char *code, const char *pointer)
{
	bool right = answer->status == status && strcmp(api_get(answer, "code"), code) == 0 &&
		     (!pointer || strcmp(api_get(answer, "errors.0.pointer"), pointer) == 0);

	if (!right)
		print_error("%s: %d %s\n", what, answer->status, answer->body);
	assert_true(right);
}

static void test_bodies(void **state)
{
	static const struct {
		const char *body;
		int status;
		const char *code, *pointer;
	} cases[] = {
		{ "", 422, "invalid_input", NULL },
		{ "{", 400, "malformed_request", NULL },
		{ "[]", 400, "malformed_request", NULL },
		{ "null", 400, "malformed_request", NULL },
		{ "\"text\"", 400, "malformed_request", NULL },
		{ "{\"a\":1}x", 400, "malformed_request", NULL },
		{ "{\"a\":1,\"a\":2}", 400, "malformed_request", NULL },
		{ "{\"a\":\"\xff\"}", 400, "malformed_request", NULL },
		{ BATCH("\"A\\u0000B\"", "1", "\"1.00\"", DATE), 422, "invalid_input",
			"/batch_name" },
		{ "{\"a\":1e999}", 422, "invalid_input", NULL },
		{ "{}", 422, "invalid_input", "/batch_name" },
		{ BATCH("\"N1\"", "1", "\"1.00\"", DATE), 422, "invalid_input", "/batch_name" },
		{ BATCH("7", "1", "\"1.00\"", DATE), 422, "invalid_input", "/batch_name" },
		{ BATCH("\"has blank\"", "1", "\"1.00\"", DATE), 422, "invalid_input",
			"/batch_name" },
		{ BATCH("\"NAME\"", "\"1\"", "\"1.00\"", DATE), 422, "invalid_input",
			"/total_codes" },
		{ BATCH("\"NAME\"", "-1", "\"1.00\"", DATE), 422, "invalid_input", "/total_codes" },
		{ BATCH("\"NAME\"", "1.5", "\"1.00\"", DATE), 422, "invalid_input",
			"/total_codes" },
		{ BATCH("\"NAME\"", "99999999999", "\"1.00\"", DATE), 422, "invalid_input",
			"/total_codes" },
		{ BATCH("\"NAME\"", "1", "\"1e3\"", DATE), 422, "invalid_input",
			"/amount_per_code" },
		{ BATCH("\"NAME\"", "1", "\"-5\"", DATE), 422, "invalid_input",
			"/amount_per_code" },
		{ BATCH("\"NAME\"", "1", "\"10.001\"", DATE), 422, "invalid_input",
			"/amount_per_code" },
		{ BATCH("\"NAME\"", "1", "\"NaN\"", DATE), 422, "invalid_input",
			"/amount_per_code" },
		{ BATCH("\"NAME\"", "1", "\"0\"", DATE), 422, "invalid_input", "/amount_per_code" },
		{ BATCH("\"NAME\"", "1", "\"1000000000000.00\"", DATE), 422, "invalid_input",
			"/amount_per_code" },
		{ BATCH("\"NAME\"", "1", "\"1.00\"", "\"2020-01-01\""), 422, "invalid_input",
			"/expiration_date" },
		{ BATCH("\"NAME\"", "1", "\"1.00\"", "\"2099-02-30\""), 422, "invalid_input",
			"/expiration_date" },
		{ BATCH("\"NAME\"", "1", "\"1.00\"", "\"tomorrow\""), 422, "invalid_input",
			"/expiration_date" },
		{ "{\"batch_name\":\"NAME\",\"total_codes\":1,\"amount_per_code\":\"1.00\","
		  "\"expiration_date\":\"2099-12-31\",\"nmae\":1}",
			422, "invalid_input", "/nmae" },
	};
	struct api *api = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct api_answer answer;

		(void)API(api, &answer, "POST", "/api/v1/batches", .token = api->token,
			.body = cases[i].body);
		assert_answer(
			cases[i].body, &answer, cases[i].status, cases[i].code, cases[i].pointer);
	}
	/* Nothing of it left a batch behind. */
	assert_string_equal(promo_test_sql(api->database, "SELECT count(*) FROM batches"), "0");
}

/* All bad fields at once. */
static void test_all_fields(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	(void)API(api, &answer, "POST", "/api/v1/batches", .token = api->token,
		.body = "{\"batch_name\":7,\"total_codes\":-1,\"amount_per_code\":\"x\","
			"\"expiration_date\":\"never\",\"color\":\"red\"}");
	assert_int_equal(answer.status, 422);
	assert_true(api_get(&answer, "errors.4.pointer")[0]);
	assert_string_equal(api_get(&answer, "errors.5"), "");
}

static void test_codes_and_phones(void **state)
{
	static const struct {
		const char *body;
		int status;
		const char *code, *pointer;
	} cases[] = {
		{ "{\"code\":\"ABC\",\"phone_number\":\"0788123456\"}", 422, "invalid_input",
			"/code" },
		{ "{\"code\":\"\",\"phone_number\":\"0788123456\"}", 422, "invalid_input",
			"/code" },
		{ "{\"code\":null,\"phone_number\":\"0788123456\"}", 422, "invalid_input",
			"/code" },
		{ "{\"code\":{},\"phone_number\":\"0788123456\"}", 422, "invalid_input", "/code" },
		/* Letters that no code has, a month that no year has. */
		{ "{\"code\":\"!!!!-!!26-!!11-!!22\",\"phone_number\":\"0788123456\"}", 422,
			"invalid_input", "/code" },
		{ "{\"code\":\"AAAA-AA26-AA13-AA22\",\"phone_number\":\"0788123456\"}", 422,
			"invalid_input", "/code" },
		{ "{\"code\":\"AAAA-AA26-AA11-AA22\",\"phone_number\":\"123\"}", 422,
			"invalid_input", "/phone_number" },
		{ "{\"code\":\"AAAA-AA26-AA11-AA22\",\"phone_number\":\"+250788123456789012\"}",
			422, "invalid_input", "/phone_number" },
		{ "{\"code\":\"AAAA-AA26-AA11-AA22\",\"phone_number\":\"phone\"}", 422,
			"invalid_input", "/phone_number" },
		{ "{\"code\":\"AAAA-AA26-AA11-AA22\",\"phone_number\":788123456}", 422,
			"invalid_input", "/phone_number" },
		{ "{\"code\":\"AAAA-AA26-AA11-AA22\"}", 422, "invalid_input", "/phone_number" },
		{ "{\"code\":\"AAAA-AA26-AA11-AA22\",\"phone_number\":\"0788123456\"}", 404,
			"code_not_found", NULL },
	};
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char key[64];

		(void)snprintf(key, sizeof(key), "Idempotency-Key: bad-%zu\r\n", i);
		(void)API(api, &answer, "POST", "/api/v1/redemptions", .token = api->token,
			.headers = key, .body = cases[i].body);
		assert_answer(
			cases[i].body, &answer, cases[i].status, cases[i].code, cases[i].pointer);
	}
	(void)API(api, &answer, "POST", "/api/v1/redemptions", .token = api->token,
		.body = cases[PROMO_COUNT(cases) - 1].body);
	assert_answer("no key", &answer, 400, "idempotency_key_required", NULL);
}

/* As people write it: lower case, no dashes, blanks, a national number. */
static void test_generous(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	char batch[40], code[40], written[64], body[256];
	size_t length = 0;

	api_batch(api, "generous", 2, batch);
	api_code(api, batch, 0, code);
	for (const char *at = code; *at; at++)
		if (*at != '-')
			written[length++] = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
	written[length] = '\0';
	(void)snprintf(body, sizeof(body), "{\"code\":\"  %s \"}", written);
	(void)API(api, &answer, "POST", "/api/v1/verify", .token = api->token, .body = body);
	assert_int_equal(answer.status, 200);
	assert_string_equal(api_get(&answer, "code"), code);
	(void)snprintf(
		body, sizeof(body), "{\"code\":\"%s\",\"phone_number\":\"0788 123 456\"}", written);
	(void)API(api, &answer, "POST", "/api/v1/redemptions", .token = api->token,
		.headers = "Idempotency-Key: generous\r\n", .body = body);
	assert_int_equal(answer.status, 201);
	assert_string_equal(api_get(&answer, "customer.phone_number"), "+250788123456");
	/* The name got its prefix and its case; the same name again is taken. */
	(void)API(api, &answer, "POST", "/api/v1/batches", .token = api->token,
		.body = BATCH("\"Batch_Generous\"", "0", "\"5\"", DATE));
	assert_answer("same name", &answer, 409, "batch_name_taken", NULL);
}

static void test_queries(void **state)
{
	static const struct {
		const char *path;
		int status;
		const char *code, *pointer;
	} cases[] = {
		{ "/api/v1/codes?limit=0", 422, "invalid_input", "?limit" },
		{ "/api/v1/codes?limit=1001", 422, "invalid_input", "?limit" },
		{ "/api/v1/codes?limit=x", 422, "invalid_input", "?limit" },
		{ "/api/v1/codes?limit=1&limit=2", 422, "invalid_input", "?limit" },
		{ "/api/v1/codes?colour=red", 422, "invalid_input", "?colour" },
		{ "/api/v1/codes?status=lost", 422, "invalid_input", "?status" },
		{ "/api/v1/codes?batch_id=7", 422, "invalid_input", "?batch_id" },
		{ "/api/v1/codes?cursor=forged", 422, "invalid_input", "?cursor" },
		{ "/api/v1/codes?q=AAAAAAAAAAAAA", 422, "invalid_input", "?q" },
		{ "/api/v1/codes?created_after=yesterday", 422, "invalid_input", "?created_after" },
		{ "/api/v1/codes?q=%", 400, "malformed_request", NULL },
		{ "/api/v1/codes?q=%zz", 400, "malformed_request", NULL },
		{ "/api/v1/codes?q=%00", 400, "malformed_request", NULL },
		{ "/api/v1/codes/not-an-id", 404, "not_found", NULL },
		{ "/api/v1/codes/01900000-0000-7000-8000-000000000000", 404, "not_found", NULL },
	};
	struct api *api = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct api_answer answer;

		(void)API(api, &answer, "GET", cases[i].path, .token = api->token);
		assert_answer(
			cases[i].path, &answer, cases[i].status, cases[i].code, cases[i].pointer);
	}
}

static void test_media_types(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	struct wire wire;
	char request[512];

	(void)snprintf(request, sizeof(request),
		"POST /api/v1/verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
		api->token);
	wire_open(&wire, api->daemon.port);
	wire_text(&wire, request);
	api_receive(&wire, &(struct api_request){ .method = "POST" }, &answer);
	assert_answer("text/plain", &answer, 415, "unsupported_media_type", NULL);
	(void)API(api, &answer, "POST", "/api/v1/verify", .token = api->token,
		.headers = "X: y\r\n", .body = "{}");
	assert_answer("application/json", &answer, 422, "invalid_input", "/code");
	wire_close(&wire);
}

static void test_large_body(void **state)
{
	const size_t size = 10 * 1024 * 1024;
	struct api *api = *state;
	struct api_answer answer;
	struct wire wire;
	char head[512];
	char *body = malloc(size);

	assert_non_null(body);
	memset(body, ' ', size);
	(void)snprintf(head, sizeof(head),
		"POST /api/v1/verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		api->token, size);
	wire_open(&wire, api->daemon.port);
	wire_text(&wire, head);
	wire_send(&wire, body, size);
	api_receive(&wire, &(struct api_request){ .method = "POST" }, &answer);
	assert_answer("10 MB", &answer, 413, "body_too_large", NULL);
	wire_close(&wire);
	free(body);
}

/* The daemon has not died of any of it. */
static void test_still_there(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	assert_int_equal(API(api, &answer, "GET", "/readyz"), 200);
	assert_false(promo_test_daemon_said(&api->daemon, "fault:"));
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_all_fields),
		cmocka_unit_test(test_codes_and_phones),
		cmocka_unit_test(test_generous),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_media_types),
		cmocka_unit_test(test_large_body),
		cmocka_unit_test(test_still_there),
	};

	return cmocka_run_group_tests(tests, api_setup, api_teardown);
}
