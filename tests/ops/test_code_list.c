/* SPDX-License-Identifier: MIT */
/* Every code that fits is found once and nothing else is, whatever way the search takes and whatever is
 * asked for together; q is literal, what begins with it comes first; pages stay put while codes come
 * and go; the totals that are counted and those that are stored agree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/stock.h"

enum {
	CODES = 120
};

static struct person admin;
static struct stock_id batch, other;

/* The codes of a whole list, page by page, each once: how many. */
static int walk(struct till *till, const char *limit, struct promo_pair a, struct promo_pair b)
{
	struct ask ask = { .op = &promo_op_code_list,
		.token = admin.token,
		.query = { { "limit", limit }, a, b } };
	char cursor[400] = "", ids[4 * CODES][37];
	int count = 0;

	for (int pages = 0; pages < 1000; pages++) {
		char path[32];

		if (*cursor)
			ask.query[a.name ? b.name ? 3 : 2 : 1] =
				(struct promo_pair){ "cursor", cursor };
		assert_int_equal(till_ask(till, &ask), 200);
		for (int i = 0;; i++) {
			const char *id;

			(void)snprintf(path, sizeof(path), "items.%d.id", i);
			id = till_get(till, path);
			if (!id)
				break;
			for (int k = 0; k < count; k++)
				assert_string_not_equal(ids[k], id);
			assert_true(count < (int)PROMO_COUNT(ids));
			(void)snprintf(ids[count++], sizeof(ids[0]), "%s", id);
		}
		if (strcmp(till_get(till, "next_cursor"), "null") == 0)
			return count;
		(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
	}
	fail_msg("the list does not end");
	return 0;
}

static long total(struct till *till, struct promo_pair a, struct promo_pair b)
{
	assert_int_equal(ASK(till, .op = &promo_op_code_list, .token = admin.token,
				 .query = { { "count", "true" }, { "limit", "1" }, a, b }),
		200);
	return strtol(till_get(till, "total"), NULL, 10);
}

#define BY(name, value)                                                                            \
	(struct promo_pair)                                                                        \
	{                                                                                          \
		(name), (value)                                                                    \
	}
#define NONE BY(NULL, NULL)

static void assert_finds(struct till *till, int count, struct promo_pair a, struct promo_pair b)
{
	assert_int_equal(walk(till, "41", a, b), count);
	assert_int_equal(walk(till, "1000", a, b), count);
	assert_int_equal(total(till, a, b), count);
}

static int setup(void **state)
{
	struct till *till;

	if (till_setup(state))
		return -1;
	till = *state;
	admin = till_person(till, "admin");
	batch = stock_batch(till, 'L', CODES);
	other = stock_batch(till, 'M', CODES);
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET status = 'blocked', blocked_at = now() "
		"WHERE batch_id = '%s' AND serial <= 5; "
		"INSERT INTO totals (batch_id, day, lane, blocked) VALUES ('%s', current_date, 0, "
		"5)",
		batch.text, batch.text);
	return 0;
}

static void test_filters(void **state)
{
	struct till *till = *state;

	assert_finds(till, 2 * CODES, NONE, NONE);
	assert_finds(till, CODES, BY("batch_id", batch.text), NONE);
	assert_finds(till, 5, BY("status", "blocked"), NONE);
	assert_finds(till, 5, BY("status", "blocked"), BY("batch_id", batch.text));
	assert_finds(till, 0, BY("status", "blocked"), BY("batch_id", other.text));
	assert_finds(till, 2 * CODES - 5, BY("status", "active"), NONE);
	assert_finds(till, 2 * CODES, BY("status", "active,blocked"), NONE);
	assert_finds(till, 0, BY("status", "reported,redeemed,expired"), NONE);
	assert_finds(till, 2 * CODES, BY("created_after", "2020-01-01T00:00:00Z"), NONE);
	assert_finds(till, 0, BY("created_before", "2020-01-01T00:00:00Z"), NONE);
	/* The effective status is that of the batch. */
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'blocked', version = version + 1 WHERE id = '%s'",
		other.text);
	assert_finds(till, 5 + CODES, BY("status", "blocked"), NONE);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET status = 'active', version = version + 1 WHERE id = '%s'",
		other.text);
}

/* The serials of a whole list, by blanks. */
static void serials(struct till *till, const char *sort, struct promo_pair filter, char ret[4096])
{
	struct ask ask = { .op = &promo_op_code_list,
		.token = admin.token,
		.query = {
			{ "batch_id", batch.text }, { "sort", sort }, { "limit", "7" }, filter } };
	char cursor[400], path[32];

	*ret = '\0';
	if (!filter.name)
		ask.query[2].value = "1000";
	assert_int_equal(till_ask(till, &ask), 200);
	for (int i = 0;; i++) {
		(void)snprintf(path, sizeof(path), "items.%d.serial", i);
		if (!till_get(till, path))
			break;
		(void)snprintf(ret + strlen(ret), 8, "%s ", till_get(till, path));
	}
	(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
	if (strcmp(cursor, "null") == 0)
		return;
	/* The second page is enough: the last of the first and what is behind. */
	ask.query[2] = (struct promo_pair){ "cursor", cursor };
	assert_int_equal(till_ask(till, &ask), 200);
	(void)snprintf(ret + strlen(ret), 8, "| %s", till_get(till, "items.0.serial"));
	/* In this order only. */
	ask.query[1].value = *sort == '-' ? "serial" : "-serial";
	assert_int_equal(till_ask(till, &ask), 422);
	assert_got(till, "errors.0.pointer", "?cursor");
}

static void test_by_serial(void **state)
{
	struct till *till = *state;
	char found[4096], expected[4096] = "";

	serials(till, "serial", BY("status", "blocked,active"), found);
	assert_string_equal(found, "1 2 3 4 5 6 7 | 8");
	serials(till, "-serial", BY("status", "blocked,active"), found);
	assert_string_equal(found, "120 119 118 117 116 115 114 | 113");
	/* Few that fit are looked for in another way. */
	serials(till, "serial", BY("status", "blocked"), found);
	assert_string_equal(found, "1 2 3 4 5 ");
	serials(till, "-serial", BY("status", "blocked"), found);
	assert_string_equal(found, "5 4 3 2 1 ");
	serials(till, "serial", BY("created_after", "2020-01-01T00:00:00Z"), found);
	assert_string_equal(found, "1 2 3 4 5 6 7 | 8");
	serials(till, "serial", NONE, found);
	for (int i = 1; i <= CODES; i++)
		(void)snprintf(expected + strlen(expected), 8, "%d ", i);
	assert_string_equal(found, expected);
	assert_problem(till, 422, "invalid_input", .op = &promo_op_code_list, .token = admin.token,
		.query = { { "sort", "serial" } });
	assert_got(till, "errors.0.pointer", "?sort");
}

static void test_parts(void **state)
{
	struct till *till = *state;
	const struct stock_code code = stock_code('L', 7);
	char part[16];

	(void)snprintf(part, sizeof(part), "%.6s", code.text);
	assert_finds(till, 1, BY("q", part), NONE);
	assert_finds(till, 1, BY("q", part), BY("batch_id", batch.text));
	assert_finds(till, 0, BY("q", part), BY("batch_id", other.text));
	/* As people write it. */
	assert_finds(till, 1, BY("q", "l000-07"), NONE);
	assert_finds(till, CODES, BY("q", "L0"), NONE);
	/* In the middle only. */
	assert_finds(till, 2 * CODES, BY("q", "AA"), NONE);
	(void)snprintf(part, sizeof(part), "%.5s", code.text + 5);
	assert_finds(till, 2 * (CODES / 10), BY("q", part), NONE);
	/* What begins with it comes first, then what has it elsewhere, and each of them once. */
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET code = 'AA' || substr(code, 3) WHERE batch_id = '%s' "
		"AND serial BETWEEN 101 AND 110",
		other.text);
	assert_finds(till, 2 * CODES, BY("q", "AA"), NONE);
	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET code = '7L000' || substr(code, 6) WHERE batch_id = '%s' "
		"AND serial BETWEEN 101 AND 110",
		other.text);
	assert_finds(till, 109, BY("q", "L000"), BY("created_after", "2020-01-01T00:00:00Z"));
	assert_int_equal(ASK(till, .op = &promo_op_code_list, .token = admin.token,
				 .query = { { "q", "L000" }, { "limit", "1" } }),
		200);
	(void)snprintf(part, sizeof(part), "%.4s", till_get(till, "items.0.code"));
	assert_string_equal(part, "L000");
}

static void test_q_is_literal(void **state)
{
	static const char *const nothing[] = { "%", "_", "L%", "L_0", "\\", "L'0", "\xc3\xa9",
		"((((" };
	struct till *till = *state;

	for (size_t i = 0; i < PROMO_COUNT(nothing); i++)
		assert_finds(till, 0, BY("q", nothing[i]), NONE);
	assert_problem(till, 422, "invalid_input", .op = &promo_op_code_list, .token = admin.token,
		.query = { { "q", "1234567890123" } });
	assert_got(till, "errors.0.pointer", "?q");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_code_list, .token = admin.token,
		.query = { { "q", "- -" } });
	assert_got(till, "errors.0.pointer", "?q");
}

/* A cursor is good for the list that gave it, however that turns out to be read. */
static void test_cursors(void **state)
{
	struct till *till = *state;
	char cursor[400];

	assert_int_equal(ASK(till, .op = &promo_op_code_list, .token = admin.token,
				 .query = { { "batch_id", batch.text }, { "limit", "3" } }),
		200);
	assert_got(till, "items.0.serial", "120");
	assert_got(till, "items.2.serial", "118");
	(void)snprintf(cursor, sizeof(cursor), "%s", till_get(till, "next_cursor"));
	/* Codes come, and most of them do not fit any more: the list goes on where it was. */
	(void)promo_test_sql(till->database,
		"INSERT INTO promo_codes (id, code, batch_id, serial, amount) SELECT "
		"gen_random_uuid(), 'NEW' || n, '%s', n, 500 FROM generate_series(121, 130) n; "
		"UPDATE batches SET total_codes = 130, ready_codes = 130 WHERE id = '%s'",
		batch.text, batch.text);
	assert_int_equal(ASK(till, .op = &promo_op_code_list, .token = admin.token,
				 .query = { { "batch_id", batch.text }, { "limit", "3" },
					 { "status", "blocked" }, { "cursor", cursor } }),
		200);
	assert_got(till, "items.0.serial", "5");
	assert_int_equal(ASK(till, .op = &promo_op_code_list, .token = admin.token,
				 .query = { { "batch_id", batch.text }, { "limit", "3" },
					 { "cursor", cursor } }),
		200);
	assert_got(till, "items.0.serial", "117");
	assert_problem(till, 422, "invalid_input", .op = &promo_op_code_list, .token = admin.token,
		.query = { { "cursor", cursor } });
	(void)promo_test_sql(till->database,
		"DELETE FROM promo_codes WHERE code LIKE 'NEW%%'; "
		"UPDATE batches SET total_codes = 120, ready_codes = 120 WHERE id = '%s'",
		batch.text);
}

/* An end of their own is nothing that totals know. */
static void test_own_ends(void **state)
{
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"UPDATE promo_codes SET expires_at = now() - interval '1 day' WHERE batch_id = "
		"'%s' "
		"AND serial > 100",
		batch.text);
	assert_finds(till, 20, BY("status", "expired"), NONE);
	assert_finds(till, 95, BY("status", "active"), BY("batch_id", batch.text));
}

/* So many that nobody walks past them: what a job is making is on no page. */
static void test_what_is_not_ready(void **state)
{
	struct till *till = *state;
	struct stock_id made = stock_batch(till, 'W', 21000);

	(void)promo_test_sql(till->database,
		"UPDATE batches SET ready_codes = 7 WHERE id = '%s'; "
		"INSERT INTO jobs (id, kind, status, batch_id, done, total, lease_until) VALUES "
		"(gen_random_uuid(), 'generate', 'running', '%s', 20993, 20993, "
		"now() + interval '1 hour')",
		made.text, made.text);
	assert_finds(till, 2 * CODES + 7, NONE, NONE);
	assert_finds(till, 7, BY("batch_id", made.text), NONE);
	assert_finds(till, 7, BY("batch_id", made.text), BY("status", "active"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_by_serial),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_q_is_literal),
		cmocka_unit_test(test_cursors),
		cmocka_unit_test(test_own_ends),
		cmocka_unit_test(test_what_is_not_ready),
	};

	return cmocka_run_group_tests_name("ops/code_list", tests, setup, till_teardown);
}
