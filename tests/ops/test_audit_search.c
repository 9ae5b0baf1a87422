/* SPDX-License-Identifier: MIT */
/* The trail is searched by who, what, on what, how it ended and when: each filter and each pair of them finds, page
 * by page, what the trail itself says, whether it is indexed wholly, in part or not at all, over several parts; and
 * what is rare among many is found without reading the many. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

enum {
	ROWS = 240, /* of each of three writers */
	MANY = 12000,
	FOUND_MAX = 64 * 1024,
	READ_MAX = 1500,
};

static struct person auditor;
static char found[FOUND_MAX]; /* ids by blanks */

#define ACTOR(n)  "00000000-0000-7000-8000-00000000000" #n
#define ENTITY(n) "10000000-0000-7000-8000-00000000000" #n

/* Rows of three writers in three parts, four at a time of one moment, in 2020. */
static int setup(void **state)
{
	struct till *till;
	int r = till_setup(state);

	till = *state;
	auditor = till_person(till, "admin");
	(void)promo_test_sql(till->database,
		"DO $$ BEGIN PERFORM audit_part_begin(1); PERFORM audit_part_begin(2); END $$;"
		"INSERT INTO audit_writers (id, seq, process) OVERRIDING SYSTEM VALUE"
		" SELECT 500 + part * 1000000000, %d, 'test' FROM generate_series(0, 2) part;"
		"INSERT INTO audit_log (writer_id, seq, id, at, actor_kind, actor_id, action, "
		"entity_kind,"
		" entity_id, outcome) SELECT 500 + part * 1000000000, n, gen_random_uuid(),"
		" '2020-01-01 00:00Z'::timestamptz + (part * %d + n) / 4 * interval '1 s',"
		" 'user', CASE WHEN n %% 5 > 0 THEN ('00000000-0000-7000-8000-00000000000' || n %% "
		"5)::uuid END,"
		" (array['code.verify', 'redemption.create', 'batch.show', 'user.update'])[1 + n / "
		"5 %% 4],"
		" (array['code', 'redemption', NULL, 'user'])[1 + n / 5 %% 4],"
		" CASE WHEN n %% 3 > 0 THEN ('10000000-0000-7000-8000-00000000000' || n %% "
		"7)::uuid END,"
		" (array['allowed', 'allowed', 'allowed', 'denied', 'failed'])[1 + n / 20 %% 5]"
		" FROM generate_series(0, 2) part, generate_series(1, %d) n",
		ROWS, ROWS, ROWS);
	return r;
}

struct search {
	struct promo_pair filters[2];
	const char *condition;
};

static const struct search searches[] = {
	{ { { "actor_id", ACTOR(2) } }, "\"actor.id\" = '" ACTOR(2) "'" },
	{ { { "action", "batch.show" } }, "action = 'batch.show'" },
	{ { { "action", "batch.show,user.update" } }, "action IN ('batch.show', 'user.update')" },
	{ { { "actor_id", ACTOR(3) }, { "action", "user.update,code.verify" } },
		"\"actor.id\" = '" ACTOR(3) "' AND action IN ('code.verify', 'user.update')" },
	{ { { "actor_id", ACTOR(1) }, { "action", "redemption.create" } },
		"\"actor.id\" = '" ACTOR(1) "' AND action = 'redemption.create'" },
	{ { { "entity_kind", "user" } }, "\"entity.kind\" = 'user'" },
	{ { { "entity_kind", "code" }, { "outcome", "denied" } },
		"\"entity.kind\" = 'code' AND outcome = 'denied'" },
	{ { { "entity_id", ENTITY(4) } }, "\"entity.id\" = '" ENTITY(4) "'" },
	{ { { "outcome", "denied,failed" } }, "outcome <> 'allowed'" },
	{ { { "outcome", "failed" }, { "actor_id", ACTOR(4) } },
		"outcome = 'failed' AND \"actor.id\" = '" ACTOR(4) "'" },
	{ { { "outcome", "allowed,failed" } }, "outcome <> 'denied'" },
	{ { { "entity_kind", "code" } }, "\"entity.kind\" = 'code'" },
	{ { { "from", "2020-01-01T00:01:30Z" } }, "at >= '2020-01-01 00:01:30Z'" },
	{ { { "action", "code.verify,redemption.create" }, { "outcome", "failed" } },
		"action IN ('code.verify', 'redemption.create') AND outcome = 'failed'" },
	{ { { "from", "2020-01-01T00:01:30Z" }, { "actor_id", ACTOR(2) } },
		"at >= '2020-01-01 00:01:30Z' AND \"actor.id\" = '" ACTOR(2) "'" },
};

/* Puts a page's ids behind the others; false after the last one. */
static bool take_page(struct till *till, char *cursor, size_t room)
{
	size_t length = strlen(found);
	char path[40];

	for (int i = 0;; i++) {
		const char *id;

		(void)snprintf(path, sizeof(path), "items.%d.id", i);
		id = till_get(till, path);
		if (!id)
			break;
		assert_true(length + strlen(id) + 2 < sizeof(found));
		length += (size_t)snprintf(
			found + length, sizeof(found) - length, "%s%s", length > 0 ? " " : "", id);
	}
	(void)snprintf(cursor, room, "%s", till_get(till, "next_cursor"));
	return strcmp(cursor, "null") != 0;
}

static void assert_found(struct till *till, const struct search *search)
{
	struct ask ask = { .op = &promo_op_audit_list,
		.token = auditor.token,
		.query = { { "to", "2020-01-01T00:10:00Z" }, { "limit", "100" },
			{ "count", "true" } } };
	char cursor[400], total[20], hash[PROMO_SHA256_HEX_SIZE];
	struct promo_sha256 sha;
	bool more = true;
	int count = 3;

	for (size_t i = 0; i < PROMO_COUNT(search->filters) && search->filters[i].name; i++)
		ask.query[count++] = search->filters[i];
	found[0] = '\0';
	while (more) {
		assert_int_equal(till_ask(till, &ask), 200);
		(void)snprintf(total, sizeof(total), "%s", till_get(till, "total"));
		more = take_page(till, cursor, sizeof(cursor));
		ask.query[count] = (struct promo_pair){ "cursor", cursor };
	}
	promo_sha256_start(&sha);
	promo_sha256_add(&sha, found, strlen(found));
	promo_sha256_end(&sha, hash);
	assert_true(*found);
	assert_string_equal(
		hash, promo_test_sql(till->database,
			      "SELECT encode(sha256(string_agg(id::text, ' ' ORDER BY at DESC, id "
			      "DESC)::bytea),"
			      " 'hex') FROM audit_rows WHERE at < '2020-01-01 00:10Z' AND %s",
			      search->condition));
	assert_string_equal(total,
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_rows WHERE at < '2020-01-01 00:10Z' AND %s",
			search->condition));
}

static void test_filters(void **state)
{
	struct till *till = *state;

	for (size_t i = 0; i < PROMO_COUNT(searches); i++)
		assert_found(till, &searches[i]);
	/* Half of it. */
	(void)promo_test_sql(till->database,
		"INSERT INTO audit_search SELECT writer_id, seq, at, id, actor_id, action, "
		"entity_kind,"
		" entity_id, outcome FROM audit_log WHERE seq <= %d;"
		"INSERT INTO audit_search_positions SELECT id, %d FROM audit_writers WHERE seq >= "
		"%d",
		ROWS / 2, ROWS / 2, ROWS);
	for (size_t i = 0; i < PROMO_COUNT(searches); i++)
		assert_found(till, &searches[i]);
	till_index(till);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) - (SELECT sum(seq) FROM audit_search_positions) FROM"
			" audit_search"),
		"0");
	for (size_t i = 0; i < PROMO_COUNT(searches); i++)
		assert_found(till, &searches[i]);
}

/* Without a filter it is known, whatever is indexed. */
static void test_all_of_them(void **state)
{
	struct till *till = *state;
	char count[20];

	for (int i = 0; i < 2; i++) {
		(void)snprintf(count, sizeof(count), "%s",
			promo_test_sql(till->database, "SELECT count(*) FROM audit_rows"));
		assert_int_equal(ASK(till, .op = &promo_op_audit_list, .token = auditor.token,
					 .query = { { "count", "true" }, { "limit", "1" } }),
			200);
		assert_got(till, "total", count);
		till_index(till);
	}
}

static void test_made_up_cursors(void **state)
{
	/* audit.list, 9223372036854775807 or -1, and an id. */
	static const char *const cursors[] = {
		"YXVkaXQubGlzdAA5MjIzMzcyMDM2ODU0Nzc1ODA3ADAxOTBhMWIyLTAwMDAtNzAwMC04MDAwLTAwMDAwMD"
		"AwMDAwYQA",
		"YXVkaXQubGlzdAAtMQAwMTkwYTFiMi0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMGEA",
	};
	struct till *till = *state;

	for (size_t i = 0; i < PROMO_COUNT(cursors); i++)
		assert_int_equal(ASK(till, .op = &promo_op_audit_list, .token = auditor.token,
					 .query = { { "cursor", cursors[i] } }),
			200);
	assert_problem(till, 422, "invalid_input", .op = &promo_op_audit_list,
		.token = auditor.token, .query = { { "cursor", "YXVkaXQubGlzdAAx" } });
}

static long rows_read(struct till *till)
{
	return strtol(
		promo_test_sql(till->database,
			"SELECT pg_stat_force_next_flush() IS NULL, pg_stat_clear_snapshot() IS "
			"NULL;"
			"SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint"
			" FROM pg_stat_user_tables WHERE relname LIKE 'audit_%%'"),
		NULL, 10);
}

/* What sessions read is counted when they end. */
static void await_end(struct till *till, long clients)
{
	while (strtol(promo_test_sql(till->database,
			      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client "
			      "backend' AND datname = current_database()"),
		       NULL, 10) > clients)
		continue;
}

static void test_the_rare_among_many(void **state)
{
	static const struct search rare[] = {
		{ { { "actor_id", ACTOR(2) } }, NULL },
		{ { { "actor_id", ACTOR(9) }, { "action", "user.update" } }, NULL },
		{ { { "action", "user.update" } }, NULL },
		{ { { "action", "user.update,batch.show" } }, NULL },
		{ { { "action", "user.update,code.verify" }, { "actor_id", ACTOR(9) } }, NULL },
		{ { { "actor_id", ACTOR(9) }, { "action", "code.verify" } }, NULL },
		{ { { "actor_id", ACTOR(2) }, { "action", "redemption.create" } }, NULL },
		{ { { "action", "redemption.create" }, { "outcome", "denied" } }, NULL },
		{ { { "entity_id", ENTITY(4) } }, NULL },
		{ { { "entity_kind", "user" } }, NULL },
		{ { { "entity_kind", "redemption" } }, NULL },
		{ { { NULL, NULL } }, NULL },
		{ { { "count", "true" } }, NULL },
		{ { { "outcome", "denied" } }, NULL },
		{ { { "outcome", "denied,failed" }, { "actor_id", ACTOR(9) } }, NULL },
		{ { { "from", "2020-01-01T00:01:00Z" }, { "to", "2020-01-01T00:02:00Z" } }, NULL },
	};
	struct till *till = *state;
	struct till *other;
	long clients, before;

	(void)promo_test_sql(till->database,
		"INSERT INTO audit_log (writer_id, seq, id, at, actor_kind, actor_id, action, "
		"entity_kind,"
		" entity_id, outcome) SELECT 2000000500, %d + n, gen_random_uuid(),"
		" '2021-01-01 00:00Z'::timestamptz + n * interval '1 s', 'user', '" ACTOR(
			9) "',"
			   " 'redemption.create', 'redemption', gen_random_uuid(), 'allowed'"
			   " FROM generate_series(1, %d) n;"
			   "UPDATE audit_writers SET seq = seq + %d WHERE id = 2000000500",
		ROWS, MANY, MANY);
	till_index(till);
	(void)promo_test_sql(till->database, "VACUUM ANALYZE");
	clients =
		strtol(promo_test_sql(till->database,
			       "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client "
			       "backend' AND datname = current_database()"),
			NULL, 10);
	for (size_t i = 0; i < PROMO_COUNT(rare); i++) {
		const struct promo_pair *filters = rare[i].filters;

		before = rows_read(till);
		other = till_new(till->database);
		assert_int_equal(ASK(other, .op = &promo_op_audit_list, .token = auditor.token,
					 .query = { filters[0], filters[1] }),
			200);
		till_free(other);
		await_end(till, clients);
		if (rows_read(till) - before > READ_MAX)
			fail_msg("%s %s read %ld rows", filters[0].name ? filters[0].name : "",
				filters[0].name ? filters[0].value : "", rows_read(till) - before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_all_of_them),
		cmocka_unit_test(test_made_up_cursors),
		cmocka_unit_test(test_the_rare_among_many),
	};

	return cmocka_run_group_tests_name("ops/audit_search", tests, setup, till_teardown);
}
