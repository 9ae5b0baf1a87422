/* SPDX-License-Identifier: MIT */
/* The description that the daemon serves is the one that tests/api holds against the rows, byte for
 * byte, and what it describes is there: every path answers every method that it names. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "tests/lib/test.h"
#include "tests/promod/order.h"

static struct api_answer served;

static void test_served(void **state)
{
	struct promo_arena *arena = promo_arena_new(64 * 1024 * 1024);
	struct api *api = *state;
	struct api_answer answer;
	const char *text;

	assert_int_equal(ORDER(api, &answer, &promo_op_server_version), 200);
	assert_int_equal(ORDER(api, &served, &promo_op_server_openapi), 200);
	assert_int_equal(promo_encode_openapi(api_get(&answer, "version"), arena, &text), 0);
	assert_string_equal(served.body, text);
	promo_arena_free(arena);
}

/* Each row by its method and path, with the status of each of its errors. */
static void test_every_row_is_described(void **state)
{
	json_auto_t *all = json_loads(served.body, JSON_REJECT_DUPLICATES, NULL);

	(void)state;
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		char method[16] = "", status[8];
		const json_t *described, *responses;

		for (size_t j = 0; promo_method_name(op->method)[j]; j++)
			method[j] = (char)tolower((unsigned char)promo_method_name(op->method)[j]);
		described = json_object_get(
			json_object_get(json_object_get(all, "paths"), op->path), method);
		assert_string_equal(
			json_string_value(json_object_get(described, "operationId")), op->name);
		responses = json_object_get(described, "responses");
		(void)snprintf(status, sizeof(status), "%d", op->status);
		assert_non_null(json_object_get(responses, status));
		for (int error = 1; error < PROMO_E_COUNT; error++) {
			(void)snprintf(
				status, sizeof(status), "%d", promo_error_info(error)->http_status);
			if (promo_op_can_fail(op, error) && !json_object_get(responses, status))
				fail_msg("%s does not describe %s", op->name,
					promo_error_info(error)->wire);
		}
	}
}

/* "/users/{id}/roles/{role}" with something for each name. */
static void fill(const char *path, char *ret)
{
	for (; *path; path++) {
		if (*path != '{') {
			*ret++ = *path;
			continue;
		}
		memcpy(ret, ORDER_NO_ID, strlen(ORDER_NO_ID));
		ret += strlen(ORDER_NO_ID);
		path = strchr(path, '}');
	}
	*ret = '\0';
}

/* The other way round: nothing is described that is not there. */
static void test_all_that_is_described_is_there(void **state)
{
	json_auto_t *all = json_loads(served.body, JSON_REJECT_DUPLICATES, NULL);
	const char *base = json_string_value(
		json_object_get(json_array_get(json_object_get(all, "servers"), 0), "url"));
	struct api *api = *state;
	const char *path, *method;
	json_t *item, *operation;
	int described = 0;

	assert_string_equal(base, PROMO_API_BASE);
	json_object_foreach(json_object_get(all, "paths"), path, item)
	{
		json_object_foreach(item, method, operation)
		{
			const json_t *own = json_object_get(item, "servers");
			char filled[512], target[1024], upper[16] = "";
			struct api_answer answer;

			if (!json_object_get(operation, "operationId"))
				continue;
			fill(path, filled);
			(void)snprintf(target, sizeof(target), "%s%s", own ? "" : base, filled);
			for (size_t i = 0; method[i]; i++)
				upper[i] = (char)toupper((unsigned char)method[i]);
			(void)API(api, &answer, upper, target);
			if (answer.status == 404 || answer.status == 405)
				fail_msg("%s %s: %d", upper, target, answer.status);
			described++;
		}
	}
	assert_true(described >= 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_served),
		cmocka_unit_test(test_every_row_is_described),
		cmocka_unit_test(test_all_that_is_described_is_there),
	};

	return cmocka_run_group_tests(tests, api_setup, api_teardown);
}
