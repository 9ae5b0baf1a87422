/* SPDX-License-Identifier: MIT */
/* What the watch is told of those whom new rows concern is what the dry run says about the same time, on tables that
 * were filled at random; of neighbours both say what counting by hand says. And the watch rests long enough after
 * whatever it did. */
#include "libpromo/ops/alert_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/alert_work.h"
#include "libpromo/ops/settings.h"
#include "tests/lib/database.h"
#include "tests/lib/test.h"

enum {
	USERS = 3,
	SERIALS = 300,
	LAST_S = 40 * 60, /* redemptions are in so many seconds */
	FROM_S = 25 * 60,
	TO_S = 35 * 60,
	TRIES = 8,
	DAY_MS = 24 * 60 * 60 * 1000,
	MANY = 5000,
};

struct scene {
	struct promo_test_database *database;
	struct promo_store *store;
	struct promo_arena *arena;
	struct promo_settings *settings;
	int64_t began_ms;
};

static int set_up(void **state)
{
	struct scene *s = test_calloc(1, sizeof(*s));
	struct promo_store_config config;

	s->database = promo_test_database_new();
	assert_non_null(s->database);
	config = (struct promo_store_config){ .uri = s->database->app_uri };
	assert_int_equal(promo_store_open(&config, &s->store), 0);
	assert_int_equal(promo_settings_new(&s->settings), 0);
	s->arena = promo_arena_new(64 * 1024 * 1024);
	assert_non_null(s->arena);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;

	promo_settings_free(s->settings);
	promo_store_close(s->store);
	promo_arena_free(s->arena);
	promo_test_database_free(s->database);
	test_free(s);
	return 0;
}

/* Sheets of which some stretches were redeemed by one clerk at a time, with gaps, others' codes between, and codes
 * that were blocked. */
static void fill(struct scene *s, int seed)
{
	(void)promo_test_sql(s->database,
		"SET client_min_messages = error; SET session_replication_role = replica; SELECT "
		"setseed(%d / 100.0); "
		"TRUNCATE redemptions, promo_codes, customers, fraud_reports, system_settings "
		"CASCADE; "
		"DELETE FROM batches; "
		"INSERT INTO batches (id, batch_name, total_codes, amount_per_code, currency, "
		"expires_on, expiration_date, code_format, status) SELECT gen_random_uuid(), "
		"'BATCH_' || n, 1, 1, 'RWF', '2040-01-01', '2040-01-01', 'x', 'active' "
		"FROM generate_series(1, 2) n; "
		"INSERT INTO customers (id, phone_number) SELECT gen_random_uuid(), "
		"'+25078800' || 1000 + n FROM generate_series(1, 12) n; "
		"INSERT INTO promo_codes (id, code, batch_id, serial, amount, status) "
		"SELECT gen_random_uuid(), b.batch_name || n, b.id, n, 1, CASE WHEN random() < "
		"0.65 THEN 'redeemed' WHEN random() < 0.1 THEN 'blocked' ELSE 'active' END "
		"FROM batches b, generate_series(1, %d) n; "
		"INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, "
		"idempotency_key, request_hash, refused_batch_id, created_at) SELECT "
		"gen_random_uuid(), "
		"('00000000-0000-7000-8000-00000000000' || CASE WHEN random() < 0.1 THEN 1 ELSE "
		"1 + p.serial / 10 %% %d END)::uuid, p.id, (SELECT id FROM customers WHERE p.id "
		"IS NOT NULL ORDER BY random() LIMIT 1), 1, CASE WHEN random() < 0.05 THEN "
		"'failed' ELSE 'completed' END, p.id::text, 'h', p.batch_id, date_trunc('second', "
		"now()) - "
		"interval '1 hour' + ((p.serial / 15 * 311 + (random() * 700)::int) %% %d) * "
		"interval '1 second' FROM promo_codes p WHERE p.status = 'redeemed'",
		seed, SERIALS, USERS, LAST_S);
	s->began_ms = strtoll(
		promo_test_sql(s->database, "SELECT (extract(epoch FROM date_trunc('second', min("
					    "created_at))) * 1000)::bigint FROM redemptions"),
		NULL, 10);
}

static void set(struct scene *s, const char *key, int value)
{
	(void)promo_test_sql(s->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'alerts', '%s', '%d')",
		key, value);
}

/* Those of them whom the watch would ask about: who redeemed something within the span. */
static struct promo_texts subjects(
	struct scene *s, const char *column, const struct promo_alert_span *span)
{
	char *text = promo_arena_strdup(s->arena,
		promo_test_sql(s->database,
			"SELECT coalesce(string_agg(DISTINCT %s::text, ' '), '') FROM redemptions "
			"WHERE status = 'completed' AND created_at BETWEEN to_timestamp(%lld / "
			"1000.0) "
			"AND to_timestamp(%lld / 1000.0)",
			column, (long long)span->from, (long long)span->to));
	const char **items = promo_arena_alloc_array(s->arena, 32, sizeof(*items));
	char *rest = NULL;
	size_t count = 0;

	assert_non_null(text);
	assert_non_null(items);
	for (char *id = strtok_r(text, " ", &rest); id; id = strtok_r(NULL, " ", &rest))
		items[count++] = id;
	return (struct promo_texts){ items, count };
}

static struct promo_objects ask(struct scene *s, const struct promo_alert_rule *rule,
	struct promo_texts of, struct promo_alert_span span)
{
	struct promo_objects found;

	assert_int_equal(
		promo_alert_rule_ask(s->store, s->arena, s->settings, rule, of, span, &found), 0);
	return found;
}

/* How many codes of a clerk stand in a stretch that is long and quick enough, by trying all of them. */
static int64_t count_by_hand(struct scene *s, const char *user, int threshold)
{
	return strtoll(
		promo_test_sql(s->database,
			"WITH mine AS (SELECT p.batch_id, p.serial, r.created_at AS at "
			"FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id "
			"WHERE r.status = 'completed' AND r.user_id = '%s' AND r.created_at > "
			"to_timestamp(%lld / 1000.0) - interval '10 minutes' AND r.created_at "
			"<= to_timestamp(%lld / 1000.0)), first AS (SELECT m.batch_id, "
			"m.serial FROM mine m JOIN mine o ON o.batch_id = m.batch_id AND "
			"o.serial BETWEEN m.serial AND m.serial + %d - 1 GROUP BY 1, 2 "
			"HAVING count(*) = %d AND max(o.at) - min(o.at) <= interval '10 "
			"minutes' AND max(o.at) >= to_timestamp(%lld / 1000.0)) "
			"SELECT count(DISTINCT (m.batch_id, m.serial)) FROM mine m JOIN first "
			"f ON f.batch_id = m.batch_id AND m.serial BETWEEN f.serial AND "
			"f.serial + %d - 1",
			user, (long long)(s->began_ms + FROM_S * 1000),
			(long long)(s->began_ms + TO_S * 1000), threshold, threshold,
			(long long)(s->began_ms + FROM_S * 1000), threshold),
		NULL, 10);
}

static const struct promo_alert_rule *rule_of(enum promo_alert_kind kind)
{
	const struct promo_alert_rule *rule = promo_alert_rules;

	while (rule->kind != kind)
		rule++;
	return rule;
}

static size_t assert_both(
	struct scene *s, enum promo_alert_kind kind, const char *column, int threshold)
{
	const struct promo_alert_span span = { s->began_ms + FROM_S * 1000,
		s->began_ms + TO_S * 1000 };
	const struct promo_alert_rule *rule = rule_of(kind);
	const struct promo_alert_hit_row *one, *two;
	struct promo_objects of_all, of_some;

	of_all = ask(s, rule, (struct promo_texts){ 0 }, span);
	of_some = ask(s, rule, subjects(s, column, &span), span);
	assert_int_equal(of_all.count, of_some.count);
	one = of_all.items;
	two = of_some.items;
	for (size_t i = 0; i < of_all.count; i++) {
		assert_string_equal(one[i].subject, two[i].subject);
		assert_int_equal(one[i].count, two[i].count);
		assert_int_equal(one[i].first_at, two[i].first_at);
		assert_int_equal(one[i].last_at, two[i].last_at);
		assert_int_equal(one[i].fired, two[i].fired);
		assert_true(two[i].ids.count > 0);
		if (kind == PROMO_ALERT_NEIGHBOURS)
			assert_int_equal(one[i].count, count_by_hand(s, one[i].subject, threshold));
	}
	return of_all.count;
}

static void test_both_say_the_same(void **state)
{
	struct scene *s = *state;
	size_t neighbours = 0, phones = 0;

	for (int try = 0; try < TRIES; try++) {
		const int threshold = 3 + try % 3;

		promo_arena_clear(s->arena);
		fill(s, try);
		set(s, "neighbours.count", threshold);
		set(s, "same_phone.count", 22 + try);
		set(s, "same_phone.hours", 1);
		assert_int_equal(promo_settings_load(s->settings, s->store, try + 2), 0);
		neighbours += assert_both(s, PROMO_ALERT_NEIGHBOURS, "user_id", threshold);
		phones += assert_both(s, PROMO_ALERT_SAME_PHONE, "customer_id", 0);
	}
	/* Of so many clerks and customers some, and not all of them. */
	assert_in_range(neighbours, TRIES / 2, USERS * TRIES - 1);
	assert_in_range(phones, TRIES, 12 * TRIES - 1);
}

/* Redemptions of some weeks and reports of the last of them, on whole hours, so that many stand at the very edges
 * of the window. */
static void fill_weeks(struct scene *s, int seed)
{
	fill(s, seed);
	(void)promo_test_sql(s->database,
		"SET session_replication_role = replica; SELECT setseed(%d / 100.0); "
		"UPDATE redemptions r SET created_at = date_trunc('hour', now()) - "
		"interval '1 hour' * (random() * 45 * 24)::int; "
		"INSERT INTO fraud_reports (id, promo_code_id, redemption_id, type, status, "
		"reported_by, created_at) SELECT gen_random_uuid(), promo_code_id, id, 'other', "
		"CASE WHEN random() < 0.1 THEN 'rejected' ELSE 'pending' END, user_id, "
		"date_trunc('hour', now()) - interval '1 hour' * (random() * 40 * 24)::int "
		"FROM redemptions WHERE status = 'completed' AND random() < 0.2",
		seed);
}

/* Whom it is about, how many reports at the last time, and how often it came to that, looking at each report. */
static const char *rates_by_hand(struct scene *s, int percent, int least, int64_t from, int64_t to)
{
	return promo_test_sql(s->database,
		"WITH span AS (SELECT to_timestamp(%lld / 1000.0) AS since, to_timestamp(%lld / "
		"1000.0) AS until), report AS (SELECT r.user_id, f.id, f.created_at AS at FROM "
		"fraud_reports f JOIN redemptions r ON r.id = f.redemption_id, span WHERE f.status "
		"<> 'rejected' AND f.created_at > since - interval '720 hours' AND f.created_at <= "
		"until), counted AS (SELECT t.*, (SELECT count(*) FROM report o WHERE o.user_id = "
		"t.user_id AND o.at BETWEEN t.at - interval '720 hours' AND t.at) AS n, (SELECT "
		"count(*) FROM redemptions r WHERE r.user_id = t.user_id AND r.status = "
		"'completed' AND r.created_at > since - interval '720 hours' AND r.created_at "
		"BETWEEN t.at - interval '720 hours' AND t.at) AS redeemed FROM report t, span "
		"WHERE t.at >= since), judged AS (SELECT *, redeemed >= %d AND n * 100 >= redeemed "
		"* %d AS reached FROM counted), risen AS (SELECT *, lag(reached, 1, false) OVER "
		"(PARTITION BY user_id ORDER BY at, id) AS before FROM judged), hit AS (SELECT "
		"user_id, (array_agg(n ORDER BY at DESC, id DESC))[1] AS n, count(*) FILTER "
		"(WHERE NOT before) AS fired FROM risen WHERE reached GROUP BY user_id) SELECT "
		"coalesce(string_agg(user_id || ' ' || n || ' ' || fired || ';', '' ORDER BY "
		"user_id), '') FROM hit",
		(long long)from, (long long)to, least, percent);
}

static void test_report_rate(void **state)
{
	struct scene *s = *state;
	size_t hits = 0;

	for (int try = 0; try < TRIES; try++) {
		struct promo_alert_span span;
		const struct promo_alert_hit_row *rows;
		struct promo_objects found[2];

		promo_arena_clear(s->arena);
		fill_weeks(s, try);
		set(s, "report_rate.percent", 20 + 2 * try);
		set(s, "report_rate.least", 20);
		assert_int_equal(promo_settings_load(s->settings, s->store, TRIES + try + 2), 0);
		span.to = strtoll(promo_test_sql(s->database, "SELECT (extract(epoch FROM "
							      "date_trunc('hour', now())) * "
							      "1000)::bigint"),
			NULL, 10);
		span.from = span.to - (try % 2 ? 10 * (int64_t)DAY_MS : DAY_MS);
		found[0] =
			ask(s, rule_of(PROMO_ALERT_REPORT_RATE), (struct promo_texts){ 0 }, span);
		found[1] = ask(s, rule_of(PROMO_ALERT_REPORT_RATE),
			subjects(s, "user_id",
				&(struct promo_alert_span){
					span.to - 50 * (int64_t)DAY_MS, span.to }),
			span);
		for (size_t way = 0; way < PROMO_COUNT(found); way++) {
			char said[512] = "";

			rows = found[way].items;
			for (size_t i = 0; i < found[way].count; i++)
				(void)snprintf(said + strlen(said), sizeof(said) - strlen(said),
					"%s %lld %lld;", rows[i].subject, (long long)rows[i].count,
					(long long)rows[i].fired);
			assert_string_equal(
				said, rates_by_hand(s, 20 + 2 * try, 20, span.from, span.to));
		}
		hits += found[0].count;
	}
	assert_in_range(hits, TRIES / 2, USERS * TRIES - 1);
}

/* What the watch's own session has read of redemptions, which is told when it has ended. */
static int64_t rows_read(struct scene *s)
{
	const struct promo_store_config config = { .uri = s->database->app_uri };
	const char *sessions;

	promo_store_close(s->store);
	s->store = NULL;
	do
		sessions = promo_test_sql(s->database,
			"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client "
			"backend' AND datname = current_database() "
			"AND pid <> pg_backend_pid()");
	while (strcmp(sessions, "0") != 0);
	assert_int_equal(promo_store_open(&config, &s->store), 0);
	return strtoll(
		promo_test_sql(s->database, "SELECT seq_tup_read + idx_tup_fetch FROM "
					    "pg_stat_user_tables WHERE relname = 'redemptions'"),
		NULL, 10);
}

/* One who has very many redemptions costs the watch only those of the window. In a table of this size another index
 * could be read as a whole instead, so it is taken away. */
static void test_one_who_has_many(void **state)
{
	struct scene *s = *state;
	const int64_t now_ms = s->began_ms;
	struct promo_texts who;
	int64_t before;

	promo_arena_clear(s->arena);
	fill(s, 1);
	set(s, "same_phone.count", 2);
	set(s, "same_phone.hours", 1);
	assert_int_equal(promo_settings_load(s->settings, s->store, 3 * TRIES), 0);
	(void)promo_test_sql(s->database,
		"SET session_replication_role = replica; UPDATE redemptions SET id = "
		"overlay(promo_id_at(created_at)::text PLACING right(id::text, 21) FROM "
		"16)::uuid; "
		"INSERT INTO redemptions (id, user_id, promo_code_id, customer_id, amount, status, "
		"idempotency_key, request_hash, created_at) SELECT overlay(promo_id_at(at)::text "
		"PLACING right(gen_random_uuid()::text, 21) FROM 16)::uuid, r.user_id, "
		"gen_random_uuid(), r.customer_id, 1, 'completed', n::text, 'h', at FROM (SELECT * "
		"FROM redemptions ORDER BY id DESC LIMIT 1) r, generate_series(1, %d) n, LATERAL "
		"(SELECT now() - interval '10 days' - n * interval '1 minute' AS at) t; "
		"DROP INDEX redemptions_user_idx; ANALYZE redemptions",
		MANY);
	who = (struct promo_texts){
		(const char *const[]){ promo_arena_strdup(s->arena,
			promo_test_sql(s->database, "SELECT customer_id FROM redemptions GROUP BY "
						    "1 ORDER BY count(*) DESC LIMIT 1")) },
		1
	};
	before = rows_read(s);
	assert_true(ask(s, rule_of(PROMO_ALERT_SAME_PHONE), who,
			    (struct promo_alert_span){ now_ms, now_ms + LAST_S * 1000 })
			    .count == 1);
	assert_in_range(rows_read(s) - before, 1, MANY / 4);
}

static void test_rest(void **state)
{
	(void)state;
	/* Nothing, or little, to do. */
	assert_int_equal(promo_alert_pause_ms(0, 2000, false), 2000);
	assert_int_equal(promo_alert_pause_ms(50, 2000, false), 2000);
	/* A tenth at most, whatever waits. */
	assert_int_equal(promo_alert_pause_ms(50, 2000, true), 450);
	assert_int_equal(promo_alert_pause_ms(400, 2000, false), 3600);
	assert_int_equal(promo_alert_pause_ms(400, 2000, true), 3600);
	/* But no longer than that another daemon would think that nobody watches. */
	assert_int_equal(promo_alert_pause_ms(30000, 2000, true), PROMO_ALERT_REST_MAX_MS);
	assert_true(PROMO_ALERT_REST_MAX_MS < PROMO_ALERT_LEASE_S * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_say_the_same),
		cmocka_unit_test(test_report_rate),
		cmocka_unit_test(test_one_who_has_many),
		cmocka_unit_test(test_rest),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
