/* SPDX-License-Identifier: MIT */
/* Proves that a request line finds the row it should, and no other: literals before parameters,
 * HEAD where GET is, 405 with the methods there are, and hostile escapes nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/route.h"

static int with_arena(void **state)
{
	*state = promo_arena_new(1024 * 1024);
	return *state ? 0 : -1;
}

static int without_arena(void **state)
{
	promo_arena_free(*state);
	return 0;
}

static void test_finds_rows(void **state)
{
	static const struct {
		const char *method, *path, *op, *name, *value;
	} cases[] = {
		{ "GET", "/healthz", "server.health", NULL, NULL },
		{ "HEAD", "/healthz", "server.health", NULL, NULL },
		{ "POST", "/api/v1/redemptions", "redemption.create", NULL, NULL },
		{ "GET", "/api/v1/redemptions", "redemption.list", NULL, NULL },
		{ "GET", "/api/v1/batches/b1", "batch.show", "id", "b1" },
		{ "GET", "/api/v1/batches/b1/codes.csv", "code.download", "id", "b1" },
		{ "GET", "/api/v1/batches/codes.csv", "batch.show", "id", "codes.csv" },
		{ "GET", "/api/v1/batches/a%2Fb%20c+d", "batch.show", "id", "a/b c+d" },
		{ "DELETE", "/api/v1/users/u/roles/r", "user.revoke-role", "id", "u" },
	};

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct promo_route route;

		assert_int_equal(promo_route(cases[i].method, cases[i].path, *state, &route), 0);
		assert_string_equal(route.op->name, cases[i].op);
		if (!cases[i].name) {
			assert_int_equal(route.path_count, 0);
			continue;
		}
		assert_string_equal(route.path[0].name, cases[i].name);
		assert_string_equal(route.path[0].value, cases[i].value);
	}
}

static void test_every_row_is_found(void **state)
{
	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		struct promo_route route;
		const char *path = promo_arena_printf(
			*state, "%s%s", op->flags & PROMO_OP_ROOT ? "" : PROMO_API_BASE, op->path);

		assert_int_equal(
			promo_route(promo_method_name(op->method), path, *state, &route), 0);
		assert_ptr_equal(route.op, op);
	}
}

static void test_finds_nothing(void **state)
{
	static const char *const paths[] = { "", "/", "x", "*", "/api", "/api/v1", "/api/v1/",
		"/api/v2/batches", "/api/v1/batchesx", "/api/v1/batches/", "/api/v1//batches",
		"/api/v1/batches/x/", "/api/v1/batches/x/y/z", "/batches", "/api/v1/healthz",
		"/api/v1/batches/%00", "/api/v1/batches/a%0", "/api/v1/batches/a%",
		"/api/v1/batches/%zz", "/api/v1/BATCHES" };

	for (size_t i = 0; i < PROMO_COUNT(paths); i++) {
		struct promo_route route;

		assert_int_equal(promo_route("GET", paths[i], *state, &route), PROMO_E_NOT_FOUND);
		assert_null(route.op);
	}
}

static void test_tells_the_methods_there_are(void **state)
{
	struct promo_route route;

	assert_int_equal(
		promo_route("PUT", "/api/v1/batches", *state, &route), PROMO_E_METHOD_NOT_ALLOWED);
	assert_string_equal(route.allow, "GET, HEAD, POST");
	assert_null(route.op);
	assert_int_equal(
		promo_route("HEAD", "/api/v1/verify", *state, &route), PROMO_E_METHOD_NOT_ALLOWED);
	assert_string_equal(route.allow, "POST");
	assert_int_equal(
		promo_route("get", "/healthz", *state, &route), PROMO_E_METHOD_NOT_ALLOWED);
	assert_int_equal(promo_route("PUT", "/api/v1/settings/codes", *state, &route),
		PROMO_E_METHOD_NOT_ALLOWED);
	assert_string_equal(route.allow, "GET, HEAD, PATCH");
}

/* A literal that has other methods hides nothing. */
static void test_methods_of_two_paths(void **state)
{
	struct promo_route route;

	assert_int_equal(promo_route("PATCH", "/api/v1/settings/codes", *state, &route), 0);
	assert_string_equal(route.op->path, "/settings/codes");
	assert_int_equal(promo_route("GET", "/api/v1/settings/codes", *state, &route), 0);
	assert_string_equal(route.op->path, "/settings/{category}");
	assert_string_equal(route.path[0].value, "codes");
	assert_int_equal(promo_route("GET", "/api/v1/settings/export", *state, &route), 0);
	assert_string_equal(route.op->path, "/settings/export");
}

static void test_parses_a_query(void **state)
{
	const struct promo_pair *pairs;
	size_t count;

	assert_int_equal(promo_query_parse(NULL, *state, &pairs, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(
		promo_query_parse("q=a+b%2bc&&status=a&status=b&count&x==", *state, &pairs, &count),
		0);
	assert_int_equal(count, 5);
	assert_string_equal(pairs[0].value, "a b+c");
	assert_string_equal(pairs[2].name, "status");
	assert_string_equal(pairs[2].value, "b");
	assert_string_equal(pairs[3].name, "count");
	assert_string_equal(pairs[3].value, "");
	assert_string_equal(pairs[4].value, "=");
	assert_int_equal(
		promo_query_parse("q=%00", *state, &pairs, &count), PROMO_E_MALFORMED_REQUEST);
	assert_int_equal(
		promo_query_parse("%f", *state, &pairs, &count), PROMO_E_MALFORMED_REQUEST);
}

static void test_bounds_a_query(void **state)
{
	const struct promo_pair *pairs;
	char query[PROMO_QUERY_MAX * 2 + 3];
	size_t count;

	for (size_t i = 0; i + 1 < sizeof(query); i++)
		query[i] = i % 2 ? '&' : 'a';
	query[PROMO_QUERY_MAX * 2] = '\0';
	assert_int_equal(promo_query_parse(query, *state, &pairs, &count), 0);
	assert_int_equal(count, PROMO_QUERY_MAX);
	query[PROMO_QUERY_MAX * 2] = 'a';
	query[PROMO_QUERY_MAX * 2 + 1] = '\0';
	assert_int_equal(
		promo_query_parse(query, *state, &pairs, &count), PROMO_E_MALFORMED_REQUEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_finds_rows, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_every_row_is_found, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_finds_nothing, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(
			test_tells_the_methods_there_are, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(
			test_methods_of_two_paths, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_parses_a_query, with_arena, without_arena),
		cmocka_unit_test_setup_teardown(test_bounds_a_query, with_arena, without_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
