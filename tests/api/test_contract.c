/* SPDX-License-Identifier: MIT */
/* Proves that the description and the codec are one contract: whatever any row can answer or refuse
 * with is what OpenAPI says it is, and whatever OpenAPI lets a client send, the row takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ctype.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/route.h"
#include "tests/api/schema_check.h"

#define ID "0190a1b2-c3d4-7abc-8def-0123456789ab"

enum {
	ROUNDS = 20
};

static uint64_t seed = 1;
static struct promo_arena *arena;
static json_t *root;

static int set_up(void **state)
{
	struct promo_arena *own = promo_arena_new(16 * 1024 * 1024);
	const char *text;

	(void)state;
	arena = promo_arena_new(64 * 1024 * 1024);
	if (!arena || !own || promo_encode_openapi("1", own, &text))
		return -1;
	root = json_loads(text, 0, NULL);
	promo_arena_free(own);
	return root ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	json_decref(root);
	promo_arena_free(arena);
	return 0;
}

static uint32_t chance(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * UINT64_C(2685821657736338717)) >> 33) % below;
}

static void fill(const struct promo_schema *schema, void *object, bool input);

/* A text as long as the field lets it be, or as short. */
static const char *any_text(const struct promo_field *field, bool input)
{
	const int64_t longest = field->max ? field->max : 20;
	const int64_t shortest = field->min > 0 ? field->min : 1;
	const size_t length = (size_t)(chance(2) ? longest : shortest);
	char *text;

	if (!input)
		return chance(2) ? "" : "text \xc3\xa9 \"\\\n";
	text = promo_arena_alloc(arena, length + 1);
	memset(text, 'x', length);
	return text;
}

static const char *any_word(const struct promo_field *field, bool input)
{
	switch ((int)field->kind) {
	case PROMO_ID:
		return ID;
	case PROMO_DATE:
	case PROMO_DAY:
		return "2027-06-30";
	case PROMO_CODE:
		return "A1U2C3255X096E21";
	case PROMO_PHONE:
		return "+250788123456";
	case PROMO_EMAIL:
		return "aline@example.com";
	case PROMO_URL:
		return "https://example.com/";
	case PROMO_JSON:
		return chance(2) ? "{}" : "[1,{\"a\":null}]";
	default:
		return any_text(field, input);
	}
}

static struct promo_texts any_texts(const struct promo_field *field)
{
	/* An empty list cannot be said in a query. */
	const size_t least = field->flags & PROMO_IN_QUERY ? 1 : (size_t)field->min;
	const size_t count = least + chance(3);
	const char **items = promo_arena_alloc_array(arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = field->words ? field->words->words[1] : "item";
	return (struct promo_texts){ items, count };
}

static struct promo_objects any_objects(const struct promo_field *field)
{
	const size_t count = chance(3);
	char *items = promo_arena_alloc_array(arena, count, field->schema->size);

	for (size_t i = 0; i < count; i++)
		fill(field->schema, items + i * field->schema->size, false);
	return (struct promo_objects){ items, count };
}

static void fill_field(const struct promo_field *field, void *at, bool input)
{
	void *object;

	switch (field->kind) {
	case PROMO_BOOL:
		*(bool *)at = chance(2);
		break;
	case PROMO_INT:
	case PROMO_MONEY:
		*(int64_t *)at = chance(2) || !field->max ? field->min : field->max;
		break;
	case PROMO_TIME:
		*(int64_t *)at = 1 + chance(2000000000);
		break;
	case PROMO_ENUM:
		*(int *)at = 1 + (int)chance((uint32_t)field->words->count - 1);
		break;
	case PROMO_OBJECT:
		object = promo_arena_alloc(arena, field->schema->size);
		fill(field->schema, object, input);
		*(const void **)at = object;
		break;
	case PROMO_TEXTS:
		*(struct promo_texts *)at = any_texts(field);
		break;
	case PROMO_OBJECTS:
		*(struct promo_objects *)at = any_objects(field);
		break;
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_CODE:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_SECRET:
	case PROMO_JSON:
		*(const char **)at = any_word(field, input);
		break;
	}
}

/* Anything that may be in such a struct; what may be null sometimes is, what need not be given
 * sometimes is not. */
static void fill(const struct promo_schema *schema, void *object, bool input)
{
	promo_set_nulls(schema, object);
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];
		const bool null = (field->flags & (PROMO_NULLABLE | PROMO_OMIT_NULL)) && chance(2);

		if (input && !(field->flags & PROMO_REQUIRED) && chance(2))
			continue;
		if (!null)
			fill_field(field, (char *)object + field->offset, input);
		if (schema->has_set)
			((struct promo_set *)object)->present |= UINT64_C(1) << i;
		if (schema->has_set && null)
			((struct promo_set *)object)->null |= UINT64_C(1) << i;
	}
}

static json_t *described(const struct promo_op *op)
{
	json_t *item = json_object_get(json_object_get(root, "paths"), op->path);
	char method[8] = "";

	for (size_t i = 0; promo_method_name(op->method)[i]; i++)
		method[i] = (char)tolower((unsigned char)promo_method_name(op->method)[i]);
	return json_object_get(item, method);
}

static json_t *response_schema(const struct promo_op *op, int status, const char *media_type)
{
	json_t *responses = json_object_get(described(op), "responses");
	json_t *response;
	const char *reference;
	char name[12];

	(void)snprintf(name, sizeof(name), "%d", status);
	response = json_object_get(responses, name);
	reference = json_string_value(json_object_get(response, "$ref"));
	if (reference)
		response = json_object_get(
			json_object_get(json_object_get(root, "components"), "responses"),
			strrchr(reference, '/') + 1);
	return json_object_get(
		json_object_get(json_object_get(response, "content"), media_type), "schema");
}

static void check_text(const struct promo_op *op, json_t *schema, const char *text)
{
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	char why[600] = "";

	assert_non_null(value);
	if (!schema_check(root, schema, value, why, sizeof(why)))
		fail_msg("%s: %s", op->name, why);
	json_decref(value);
}

static void check_noun(const struct promo_op *op, const struct promo_schema *schema, int status)
{
	void *object = promo_arena_alloc(arena, schema->size);
	const char *text;

	fill(schema, object, false);
	assert_int_equal(promo_encode(schema, object, arena, &text), 0);
	check_text(op, response_schema(op, status, "application/json"), text);
}

static void test_answers_are_as_described(void **state)
{
	(void)state;
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; promo_ops[i]; i++) {
			const struct promo_op *op = promo_ops[i];

			if (op->shape == PROMO_SHAPE_ONE)
				check_noun(op, op->out, op->status);
			if (op->other_out)
				check_noun(op, op->other_out, op->other_status);
		}
		promo_arena_clear(arena);
	}
}

static void test_lists_are_as_described(void **state)
{
	(void)state;
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		struct promo_list list = { .count = chance(3), .total = PROMO_NULL_INT };
		const char *text;
		char *items;

		if (op->shape != PROMO_SHAPE_LIST)
			continue;
		items = promo_arena_alloc_array(arena, list.count, op->out->size);
		for (size_t k = 0; k < list.count; k++)
			fill(op->out, items + k * op->out->size, false);
		list.items = items;
		list.next_cursor = chance(2) ? "next" : NULL;
		if (chance(2))
			list.total = chance(10);
		if (op->totals) {
			void *totals = promo_arena_alloc(arena, op->totals->size);

			fill(op->totals, totals, false);
			list.totals = totals;
		}
		assert_int_equal(promo_encode_list(op, &list, arena, &text), 0);
		check_text(op, response_schema(op, 200, "application/json"), text);
	}
	promo_arena_clear(arena);
}

static void check_problem(const struct promo_op *op, int error)
{
	const struct promo_schema *schema = promo_op_error_members(op, error);
	struct promo_problem problem = { 0 };
	const char *text;

	if (error == PROMO_E_INVALID_INPUT)
		assert_int_equal(
			promo_refuse_field(&problem, arena, "/a", "required", "is required"),
			error);
	else
		assert_int_equal(promo_refuse(&problem, arena, error, "since %d", 7), error);
	if (schema) {
		void *members = promo_arena_alloc(arena, schema->size);

		fill(schema, members, false);
		problem.member_schema = schema;
		problem.members = members;
	}
	assert_int_equal(promo_encode_problem(&problem, op, "r1", arena, &text), 0);
	check_text(op,
		response_schema(
			op, promo_error_info(error)->http_status, "application/problem+json"),
		text);
}

static void test_refusals_are_as_described(void **state)
{
	(void)state;
	for (size_t i = 0; promo_ops[i]; i++) {
		for (int error = 1; error < PROMO_E_COUNT; error++)
			if (promo_op_can_fail(promo_ops[i], error))
				check_problem(promo_ops[i], error);
		promo_arena_clear(arena);
	}
}

/* From a struct to the wire as a client does it, and back as the server does. */
static void check_input(const struct promo_op *op)
{
	static const struct promo_decode_env env = { .country_code = "250" };
	void *in = promo_arena_alloc(arena, op->in->size);
	void *back = promo_arena_alloc(arena, op->in->size);
	struct promo_problem problem = { 0 };
	struct promo_input input = { 0 };
	struct promo_route route;
	const char *address, *body, *first, *second;
	char *path, *query;

	fill(op->in, in, true);
	assert_int_equal(promo_encode_input(op, in, arena, &address, &body), 0);
	path = promo_arena_strdup(arena, address);
	query = strchr(path, '?');
	if (query)
		*query++ = '\0';
	assert_int_equal(promo_route(promo_method_name(op->method), path, arena, &route), 0);
	assert_ptr_equal(route.op, op);
	input.path = route.path;
	input.path_count = route.path_count;
	assert_int_equal(promo_query_parse(query, arena, &input.query, &input.query_count), 0);
	if (body) {
		json_t *request = json_object_get(described(op), "requestBody");
		json_t *content = json_object_get(request, "content");

		check_text(op,
			json_object_get(json_object_get(content, "application/json"), "schema"),
			body);
		input.body = body;
		input.body_size = strlen(body);
	}
	if (promo_decode_input(op, &input, &env, arena, &problem, back))
		fail_msg("%s: %s %s at %s", op->name, body ? body : address,
			problem.field_count ? problem.fields[0].message : "",
			problem.field_count ? problem.fields[0].pointer : "");
	assert_int_equal(promo_encode_canonical(op, in, arena, &first), 0);
	assert_int_equal(promo_encode_canonical(op, back, arena, &second), 0);
	assert_string_equal(first, second);
}

static void test_what_is_described_is_taken(void **state)
{
	(void)state;
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; promo_ops[i]; i++)
			if (promo_ops[i]->in)
				check_input(promo_ops[i]);
		promo_arena_clear(arena);
	}
}

/* A check that lets everything pass would prove nothing. */
static void test_the_check_can_fail(void **state)
{
	static const char *const bad[] = { "[]", "{}", "{\"items\":[]}",
		"{\"items\":[{\"id\":7,\"name\":\"x\"}],\"next_cursor\":null}",
		"{\"items\":[],\"next_cursor\":7}",
		"{\"items\":[],\"next_cursor\":null,\"total\":-1}" };
	json_t *schema = response_schema(promo_op_find("permission.list"), 200, "application/json");
	char why[600];

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		json_t *value = json_loads(bad[i], 0, NULL);

		assert_false(schema_check(root, schema, value, why, sizeof(why)));
		json_decref(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_are_as_described),
		cmocka_unit_test(test_lists_are_as_described),
		cmocka_unit_test(test_refusals_are_as_described),
		cmocka_unit_test(test_what_is_described_is_taken),
		cmocka_unit_test(test_the_check_can_fail),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
