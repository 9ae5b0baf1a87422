/* SPDX-License-Identifier: MIT */
/* Every kind of field comes out of a row of PostgreSQL as it went in, with its null; objects and
 * lists of objects are put together from their columns; a value that is none of its kind is a fault
 * and never a wrong number. */
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/store/row.h"

struct inner {
	const char *id, *name;
};

struct pair { /* without an id */
	const char *first;
	int64_t second;
};

struct outer {
	bool yes;
	int64_t number, money, at;
	const char *date, *text, *json;
	int colour;
	const struct inner *inner;
	const struct pair *pair;
	struct promo_texts words;
	struct promo_objects list; /* of struct inner */
	struct promo_objects sums; /* of struct pair */
	const char *wire;
};

static const char *const colours[] = { NULL, "red", "green" };
static const struct promo_words colour_words = { "colour", colours, 3 };

static const struct promo_field inner_fields[] = {
	PROMO_F_TEXT(struct inner, id, ID, 0, 0, 0, "id"),
	PROMO_F_TEXT(struct inner, name, TEXT, 0, 0, 0, "name"),
};
static const struct promo_schema inner_schema = PROMO_SCHEMA(struct inner, "inner", inner_fields);

static const struct promo_field pair_fields[] = {
	PROMO_F_TEXT(struct pair, first, TEXT, 0, 0, 0, "first"),
	PROMO_F_MONEY(struct pair, second, 0, 0, 0, "second"),
};
static const struct promo_schema pair_schema = PROMO_SCHEMA(struct pair, "pair", pair_fields);

#define T struct outer
static const struct promo_field outer_fields[] = {
	PROMO_F_BOOL(T, yes, 0, "yes"),
	PROMO_F_INT(T, number, 0, 0, 0, "number"),
	PROMO_F_MONEY(T, money, 0, 0, 0, "money"),
	PROMO_F_TIME(T, at, 0, "at"),
	PROMO_F_TEXT(T, date, DATE, 0, 0, 0, "date"),
	PROMO_F_TEXT(T, text, TEXT, 0, 0, 0, "text"),
	PROMO_F_TEXT(T, json, JSON, 0, 0, 0, "json"),
	PROMO_F_ENUM(T, colour, colour_words, 0, "colour"),
	PROMO_F_OBJECT(T, inner, struct inner, inner_schema, PROMO_NULLABLE, "inner"),
	PROMO_F_OBJECT(T, pair, struct pair, pair_schema, 0, "pair"),
	PROMO_F_TEXTS(T, words, 0, 0, NULL, 0, "words"),
	PROMO_F_OBJECTS(T, list, inner_schema, 0, "list"),
	PROMO_F_OBJECTS(T, sums, pair_schema, 0, "sums"),
	PROMO_F_TEXT(T, wire, TEXT, 0, 0, PROMO_ONLY_WIRE, "wire"),
};
#undef T
static const struct promo_schema outer_schema = PROMO_SCHEMA(struct outer, "outer", outer_fields);

struct fixture {
	PGconn *connection;
	struct promo_arena *arena;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->connection = PQconnectdb(getenv("PROMO_TEST_DATABASE"));
	fixture->arena = promo_arena_new(1 << 20);
	*state = fixture;
	return PQstatus(fixture->connection) == CONNECTION_OK && fixture->arena ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	PQfinish(fixture->connection);
	promo_arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* Reads the only row of a SELECT. */
static int read_row(const struct fixture *fixture, const struct promo_schema *schema,
	const char *sql, void *ret)
{
	PGresult *result = PQexec(fixture->connection, sql);
	struct promo_row_plan *plan = NULL;
	int r;

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		print_error("%s", PQerrorMessage(fixture->connection));
	assert_int_equal(PQntuples(result), 1);
	assert_int_equal(promo_row_plan_new(schema, result, &plan), 0);
	r = promo_row_read(plan, result, 0, fixture->arena, ret);
	promo_row_plan_free(plan);
	PQclear(result);
	return r;
}

static void test_every_kind(void **state)
{
	struct outer row = { .wire = "left over" };

	assert_int_equal(
		read_row(*state, &outer_schema,
			"SELECT true AS yes, -9223372036854775807 AS number, -12.50::numeric AS "
			"money,"
			" '2026-11-22 13:58:16.123456+02'::timestamptz AS at,"
			" '2026-11-22'::date AS date, E'a \"b\" \\\\ \\n \u00e9' AS text,"
			" '{\"a\": [1]}'::jsonb AS json, 'green' AS colour, 'i1' AS \"inner.id\","
			" NULL::text AS \"inner.name\", NULL::text AS \"pair.first\","
			" 1.5::numeric AS \"pair.second\", ARRAY['x', NULL, 'y,\"z\\'] AS words,"
			" ARRAY['1', '2'] AS \"list.id\", ARRAY['one', 'NULL'] AS \"list.name\","
			" ARRAY['RWF'] AS \"sums.first\", ARRAY[7.05::numeric] AS \"sums.second\","
			" 'no' AS wire",
			&row),
		0);
	assert_true(row.yes);
	assert_int_equal(row.number, -INT64_MAX);
	assert_int_equal(row.money, -1250);
	assert_int_equal(row.at, INT64_C(1795348696123));
	assert_string_equal(row.date, "2026-11-22");
	assert_string_equal(row.text, "a \"b\" \\ \n \u00e9");
	assert_string_equal(row.json, "{\"a\": [1]}");
	assert_int_equal(row.colour, 2);
	assert_non_null(row.inner);
	assert_string_equal(row.inner->id, "i1");
	assert_null(row.inner->name);
	assert_non_null(row.pair);
	assert_null(row.pair->first);
	assert_int_equal(row.pair->second, 150);
	assert_int_equal(row.words.count, 3);
	assert_string_equal(row.words.items[0], "x");
	assert_null(row.words.items[1]);
	assert_string_equal(row.words.items[2], "y,\"z\\");
	assert_int_equal(row.list.count, 2);
	assert_string_equal(((const struct inner *)row.list.items)[0].id, "1");
	assert_string_equal(((const struct inner *)row.list.items)[1].name, "NULL");
	assert_int_equal(row.sums.count, 1);
	assert_string_equal(((const struct pair *)row.sums.items)->first, "RWF");
	assert_int_equal(((const struct pair *)row.sums.items)->second, 705);
	assert_null(row.wire);
}

static void assert_all_null(const struct outer *row)
{
	for (size_t i = 0; i < PROMO_COUNT(outer_fields); i++)
		if (outer_fields[i].kind != PROMO_BOOL)
			assert_true(promo_field_is_null(&outer_fields[i], row));
	assert_false(row->yes);
}

static void test_every_null(void **state)
{
	struct outer row;

	assert_int_equal(
		read_row(*state, &outer_schema,
			"SELECT NULL::bool AS yes, NULL::int AS number, NULL::numeric AS money,"
			" NULL::timestamptz AS at, NULL::date AS date, NULL::text AS text,"
			" NULL::jsonb AS json, NULL::text AS colour, NULL::uuid AS \"inner.id\","
			" 'there' AS \"inner.name\", NULL::text AS \"pair.first\","
			" NULL::numeric AS \"pair.second\", NULL::text[] AS words,"
			" '{}'::text[] AS \"list.id\", '{}'::text[] AS \"list.name\","
			" NULL::text[] AS \"sums.first\", NULL::numeric[] AS \"sums.second\"",
			&row),
		0);
	assert_all_null(&row);
}

/* What cannot be missing is there without its id, as long as the row says anything of it. */
static void test_an_object_without_its_id(void **state)
{
	static const struct promo_field fields[] = {
		PROMO_F_OBJECT(struct outer, inner, struct inner, inner_schema, 0, "inner"),
	};
	static const struct promo_schema schema = PROMO_SCHEMA(struct outer, "outer", fields);
	struct outer row;

	assert_int_equal(
		read_row(*state, &schema,
			"SELECT NULL::uuid AS \"inner.id\", 'there' AS \"inner.name\"", &row),
		0);
	assert_non_null(row.inner);
	assert_null(row.inner->id);
	assert_string_equal(row.inner->name, "there");
	assert_int_equal(
		read_row(*state, &schema,
			"SELECT NULL::uuid AS \"inner.id\", NULL::text AS \"inner.name\"", &row),
		0);
	assert_null(row.inner);
}

static void test_no_columns(void **state)
{
	struct outer row;

	assert_int_equal(read_row(*state, &outer_schema, "SELECT 1 AS something_else", &row), 0);
	assert_all_null(&row);
}

static void test_money(void **state)
{
	static const struct {
		const char *sql;
		int64_t minor; /* PROMO_NULL_INT: refused */
	} cases[] = {
		{ "0", 0 },
		{ "5", 500 },
		{ "0.1", 10 },
		{ "0.05", 5 },
		{ "-0.05", -5 },
		{ "12.3400", 1234 },
		{ "999999999999.99", 99999999999999 },
		{ "92233720368547758.07", INT64_MAX },
		{ "92233720368547758.08", PROMO_NULL_INT },
		{ "999999999999999999999.0", PROMO_NULL_INT },
		{ "0.001", PROMO_NULL_INT },
		{ "'NaN'", PROMO_NULL_INT },
		{ "'Infinity'", PROMO_NULL_INT },
	};

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char sql[128];
		struct outer row;
		int r;

		(void)snprintf(sql, sizeof(sql), "SELECT %s::numeric AS money", cases[i].sql);
		r = read_row(*state, &outer_schema, sql, &row);
		assert_true(cases[i].minor == PROMO_NULL_INT ? r < 0 : r == 0);
		if (r == 0)
			assert_int_equal(row.money, cases[i].minor);
	}
}

static void test_times(void **state)
{
	static const struct {
		const char *zone, *sql;
		int64_t ms; /* 0: refused */
	} cases[] = {
		{ "UTC", "'1970-01-01 00:00:00.001Z'", 1 },
		{ "UTC", "'1969-12-31 23:59:59.999Z'", -1 },
		{ "Africa/Kigali", "'2026-01-01 00:00:00Z'", INT64_C(1767225600000) },
		{ "Asia/Kolkata", "'2026-01-01 00:00:00Z'", INT64_C(1767225600000) },
		{ "America/St_Johns", "'2026-01-01 00:00:00.5Z'", INT64_C(1767225600500) },
		{ "UTC", "'infinity'", 0 },
		{ "UTC", "'0044-03-15 00:00:00+00 BC'", 0 },
	};
	const struct fixture *fixture = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		char sql[128];
		struct outer row;
		int r;

		(void)snprintf(sql, sizeof(sql), "SET TimeZone = '%s'", cases[i].zone);
		PQclear(PQexec(fixture->connection, sql));
		(void)snprintf(sql, sizeof(sql), "SELECT %s::timestamptz AS at", cases[i].sql);
		r = read_row(fixture, &outer_schema, sql, &row);
		assert_true(cases[i].ms ? r == 0 : r < 0);
		if (r == 0)
			assert_int_equal(row.at, cases[i].ms);
	}
}

static void test_wrong_values(void **state)
{
	static const char *const cases[] = {
		"SELECT 'maybe' AS yes",
		"SELECT 1 AS yes",
		"SELECT '' AS number",
		"SELECT '1x' AS number",
		"SELECT 9223372036854775808 AS number",
		"SELECT '1.5' AS number",
		"SELECT 'yesterday' AS at",
		"SELECT 'blue' AS colour",
		"SELECT '' AS colour",
		"SELECT 'no array' AS words",
		"SELECT ARRAY[ARRAY['a'], ARRAY['b']] AS words",
		"SELECT '{a,}' AS words",
		"SELECT '{\"a}' AS words",
		"SELECT '{a} ' AS words",
		"SELECT ARRAY['1'] AS \"list.id\", ARRAY['a', 'b'] AS \"list.name\"",
		"SELECT ARRAY['1', '2'] AS \"list.id\", NULL::text[] AS \"list.name\"",
	};

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct outer row;

		if (read_row(*state, &outer_schema, cases[i], &row) >= 0)
			fail_msg("was taken: %s", cases[i]);
	}
}

static void test_array_bounds(void **state)
{
	struct outer row;

	assert_int_equal(
		read_row(*state, &outer_schema, "SELECT '[5:6]={a,b}'::text[] AS words", &row), 0);
	assert_int_equal(row.words.count, 2);
	assert_string_equal(row.words.items[1], "b");
}

/* An arena that is used up is a fault, not a crash, wherever it happens. */
static void test_no_memory(void **state)
{
	const struct fixture *fixture = *state;

	for (size_t limit = 0; limit < 4096; limit += 64) {
		struct fixture small = { fixture->connection, promo_arena_new(limit) };
		struct outer row;
		int r;

		if (!small.arena)
			continue;
		r = read_row(&small, &outer_schema,
			"SELECT repeat('x', 100) AS text, ARRAY['a', 'b'] AS words,"
			" ARRAY['1', '2'] AS \"list.id\", 'i' AS \"inner.id\"",
			&row);
		assert_true(r <= 0);
		if (r == 0)
			assert_int_equal(row.list.count, 2);
		promo_arena_free(small.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_every_null),
		cmocka_unit_test(test_an_object_without_its_id),
		cmocka_unit_test(test_no_columns),
		cmocka_unit_test(test_money),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_wrong_values),
		cmocka_unit_test(test_array_bounds),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("store/row", tests, setup, teardown);
}
