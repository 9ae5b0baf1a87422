/* SPDX-License-Identifier: MIT */
/* Proves that the description says of every row what the row says, that each of its references
 * leads somewhere, and that it is the same text each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ctype.h>
#include <jansson.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_code_change.h"

struct described {
	struct promo_arena *arena;
	const char *text;
	json_t *json;
};

static int set_up(void **state)
{
	static struct described described;

	described.arena = promo_arena_new(64 * 1024 * 1024);
	if (!described.arena || promo_encode_openapi("1.2.3", described.arena, &described.text))
		return -1;
	described.json = json_loads(described.text, JSON_REJECT_DUPLICATES, NULL);
	*state = &described;
	return described.json ? 0 : -1;
}

static int tear_down(void **state)
{
	struct described *described = *state;

	json_decref(described->json);
	promo_arena_free(described->arena);
	return 0;
}

static json_t *member(json_t *object, const char *name, size_t length)
{
	char text[200];

	(void)snprintf(text, sizeof(text), "%.*s", (int)length, name);
	return json_object_get(object, text);
}

/* The value that a reference "#/a/b" leads to; NULL where there is none. */
static json_t *follow(json_t *root, const char *reference)
{
	json_t *at = root;

	assert_memory_equal(reference, "#/", 2);
	for (reference += 2; at && *reference;) {
		const size_t length = strcspn(reference, "/");

		at = member(at, reference, length);
		reference += length + (reference[length] == '/');
	}
	return at;
}

static json_t *resolved(json_t *root, json_t *value)
{
	const char *reference = json_string_value(json_object_get(value, "$ref"));

	return reference ? follow(root, reference) : value;
}

static json_t *described_op(json_t *root, const struct promo_op *op)
{
	json_t *item = json_object_get(json_object_get(root, "paths"), op->path);
	char method[8] = "";

	for (size_t i = 0; promo_method_name(op->method)[i]; i++)
		method[i] = (char)tolower((unsigned char)promo_method_name(op->method)[i]);
	return json_object_get(item, method);
}

static void test_is_the_same_each_time(void **state)
{
	struct described *described = *state;
	const char *again;

	assert_int_equal(promo_encode_openapi("1.2.3", described->arena, &again), 0);
	assert_string_equal(again, described->text);
	assert_string_equal(
		json_string_value(json_object_get(described->json, "openapi")), "3.1.0");
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(described->json, "info"), "version")),
		"1.2.3");
}

static size_t check_references(json_t *root, json_t *value)
{
	const char *reference = json_string_value(json_object_get(value, "$ref"));
	size_t count = 0, i;
	const char *name;
	json_t *part;

	if (reference) {
		if (!follow(root, reference))
			fail_msg("%s leads nowhere", reference);
		count++;
	}
	json_object_foreach(value, name, part) count += check_references(root, part);
	json_array_foreach(value, i, part) count += check_references(root, part);
	return count;
}

static void test_references_lead_somewhere(void **state)
{
	struct described *described = *state;

	assert_in_range(check_references(described->json, described->json), 300, 100000);
}

static void test_every_row_has_its_operation(void **state)
{
	struct described *described = *state;
	const char *path, *method;
	json_t *item, *operation;
	size_t rows = 0, operations = 0;

	for (; promo_ops[rows]; rows++) {
		json_t *op = described_op(described->json, promo_ops[rows]);

		assert_string_equal(json_string_value(json_object_get(op, "operationId")),
			promo_ops[rows]->name);
		assert_string_equal(json_string_value(json_object_get(op, "summary")),
			promo_ops[rows]->summary);
	}
	json_object_foreach(json_object_get(described->json, "paths"), path, item)
		json_object_foreach(item, method, operation) operations +=
		json_object_get(operation, "operationId") != NULL;
	assert_int_equal(operations, rows);
}

/* Whether the response lists a problem with this code. */
static bool lists_code(json_t *root, json_t *response, const char *code)
{
	json_t *content = json_object_get(resolved(root, response), "content");
	json_t *schema =
		json_object_get(json_object_get(content, "application/problem+json"), "schema");
	char wanted[100];
	json_t *one;
	size_t i;

	(void)snprintf(wanted, sizeof(wanted), "#/components/schemas/problem_%s", code);
	if (json_object_get(schema, "$ref"))
		return strcmp(json_string_value(json_object_get(schema, "$ref")), wanted) == 0;
	json_array_foreach(json_object_get(schema, "oneOf"), i,
		one) if (strcmp(json_string_value(json_object_get(one, "$ref")), wanted) ==
			 0) return true;
	return false;
}

static void test_lists_exactly_the_errors_of_the_row(void **state)
{
	struct described *described = *state;

	for (size_t i = 0; promo_ops[i]; i++) {
		json_t *responses =
			json_object_get(described_op(described->json, promo_ops[i]), "responses");

		for (int error = 1; error < PROMO_E_COUNT; error++) {
			const struct promo_error_info *info = promo_error_info(error);
			char status[8];

			(void)snprintf(status, sizeof(status), "%d", info->http_status);
			assert_int_equal(lists_code(described->json,
						 json_object_get(responses, status), info->wire),
				promo_op_can_fail(promo_ops[i], error));
		}
	}
}

/* Misses are told by what brings a code, failures by what asks for a password or the code of a
 * second factor once there are too many. */
static void test_rate_limit_is_described(void **state)
{
	struct described *described = *state;

	for (size_t i = 0; promo_ops[i]; i++) {
		const bool guessable = promo_ops[i]->flags & PROMO_OP_GUESSABLE;
		json_t *responses =
			json_object_get(described_op(described->json, promo_ops[i]), "responses");
		const char *status;
		json_t *response;

		json_object_foreach(responses, status, response)
		{
			json_t *headers =
				json_object_get(resolved(described->json, response), "headers");
			const bool told =
				(promo_ops[i]->flags & (PROMO_OP_PASSWORD | PROMO_OP_MFA_CODE))
					? strcmp(status, "429") == 0
					: guessable && status[0] != '5' && strcmp(status, "401");

			assert_int_equal(json_object_get(headers, "RateLimit") != NULL, told);
			assert_int_equal(
				json_object_get(headers, "RateLimit-Policy") != NULL, told);
		}
		/* It takes many. */
		if (promo_ops[i] == &promo_op_code_validate)
			continue;
		assert_int_equal(guessable, promo_ops[i]->in &&
						    promo_schema_field(promo_ops[i]->in, "code") &&
						    promo_ops[i]->in->fields[0].kind == PROMO_CODE);
	}
}

static void test_parameters_are_the_fields(void **state)
{
	struct described *described = *state;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		json_t *list = json_object_get(described_op(described->json, op), "parameters");
		size_t fields = 0, parameters = 0, k;
		json_t *parameter;

		for (k = 0; op->in && k < op->in->count; k++)
			fields += (op->in->fields[k].flags & (PROMO_IN_PATH | PROMO_IN_QUERY)) != 0;
		json_array_foreach(list, k, parameter)
		{
			json_t *real = resolved(described->json, parameter);
			const char *in = json_string_value(json_object_get(real, "in"));
			const char *name = json_string_value(json_object_get(real, "name"));

			if (strcmp(in, "header") == 0)
				continue;
			parameters++;
			assert_non_null(promo_schema_field(op->in, name));
			if (strcmp(in, "path") == 0) {
				assert_true(json_is_true(json_object_get(real, "required")));
				assert_non_null(strstr(op->path, name));
			}
		}
		assert_int_equal(parameters, fields);
	}
}

/* Whoever signed in comes with a token or, in a browser, with a cookie: either is enough. */
static void test_both_schemes_are_declared(void **state)
{
	static const char *const schemes[][2] = {
		{ "bearer", "{\"scheme\":\"bearer\",\"type\":\"http\"}" },
		{ "cookie", "{\"in\":\"cookie\",\"name\":\"__Host-promo_session\",\"type\":"
			    "\"apiKey\"}" },
	};
	struct described *described = *state;
	const json_t *either = json_object_get(described->json, "security");

	assert_int_equal(json_array_size(either), PROMO_COUNT(schemes));
	for (size_t i = 0; i < PROMO_COUNT(schemes); i++) {
		const json_t *one = json_array_get(either, i);
		const json_t *declared = follow(described->json, "#/components/securitySchemes");
		json_auto_t *scheme = json_copy(json_object_get(declared, schemes[i][0]));
		char *text;

		assert_int_equal(json_object_size(declared), PROMO_COUNT(schemes));
		assert_int_equal(json_object_size(one), 1);
		assert_true(json_is_array(json_object_get(one, schemes[i][0])));
		assert_int_equal(json_object_del(scheme, "description"), 0);
		text = json_dumps(scheme, JSON_COMPACT | JSON_SORT_KEYS);
		assert_string_equal(text, schemes[i][1]);
		free(text);
	}
}

static void test_access_is_told(void **state)
{
	struct described *described = *state;

	for (size_t i = 0; promo_ops[i]; i++) {
		json_t *op = described_op(described->json, promo_ops[i]);

		assert_int_equal(json_is_array(json_object_get(op, "security")),
			promo_ops[i]->access == PROMO_ACCESS_PUBLIC);
		assert_int_equal(json_array_size(json_object_get(op, "x-permissions")) > 0,
			promo_ops[i]->access == PROMO_ACCESS_PERMISSION);
	}
}

static void test_a_batch_as_it_stands(void **state)
{
	struct described *described = *state;
	json_t *op = described_op(described->json, &promo_op_batch_create);
	json_t *in = follow(described->json, "#/components/schemas/batch_create_in");
	json_t *out = follow(described->json, "#/components/schemas/batch");
	json_t *codes = json_object_get(json_object_get(in, "properties"), "total_codes");
	json_t *user = json_object_get(json_object_get(out, "properties"), "assigned_user");

	assert_int_equal(json_array_size(json_object_get(in, "required")), 4);
	assert_true(json_is_false(json_object_get(in, "additionalProperties")));
	assert_int_equal(json_integer_value(json_object_get(codes, "maximum")), PROMO_CODES_MAX);
	assert_string_equal(json_string_value(json_object_get(codes, "type")), "integer");
	assert_int_equal(json_array_size(json_object_get(user, "anyOf")), 2);
	assert_int_equal(json_array_size(json_object_get(op, "x-permissions")), 3);
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(json_object_get(op, "x-permissions"), 1), "field")),
		"total_codes");
	assert_non_null(json_object_get(json_object_get(op, "responses"), "201"));
}

static void test_a_problem_shows_its_members(void **state)
{
	struct described *described = *state;
	json_t *problem =
		follow(described->json, "#/components/schemas/problem_code_already_redeemed");
	json_t *own = json_array_get(json_object_get(problem, "allOf"), 1);

	assert_non_null(json_object_get(json_object_get(own, "properties"), "redeemed_by"));
	assert_string_equal(
		json_string_value(json_object_get(
			json_object_get(json_object_get(own, "properties"), "code"), "const")),
		"code_already_redeemed");
}

/* Members stand once in the description, so rows may not differ about them. */
static void test_rows_agree_on_members(void **state)
{
	(void)state;
	for (int error = 1; error < PROMO_E_COUNT; error++) {
		const struct promo_op *first = NULL;

		for (size_t i = 0; promo_ops[i]; i++) {
			if (!promo_op_can_fail(promo_ops[i], error))
				continue;
			if (!first)
				first = promo_ops[i];
			assert_ptr_equal(promo_op_error_members(promo_ops[i], error),
				promo_op_error_members(first, error));
		}
	}
}

static void test_internal_fields_stay_inside(void **state)
{
	struct described *described = *state;

	assert_null(strstr(described->text, "request_hash"));
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_is_the_same_each_time),
		TEST(test_references_lead_somewhere),
		TEST(test_every_row_has_its_operation),
		TEST(test_lists_exactly_the_errors_of_the_row),
		TEST(test_rate_limit_is_described),
		TEST(test_parameters_are_the_fields),
		TEST(test_both_schemes_are_declared),
		TEST(test_access_is_told),
		TEST(test_a_batch_as_it_stands),
		TEST(test_a_problem_shows_its_members),
		TEST(test_rows_agree_on_members),
		TEST(test_internal_fields_stay_inside),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
