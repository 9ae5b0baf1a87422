/* SPDX-License-Identifier: MIT */
/* What the watch is told of those whom new rows concern is what the dry run says about the same time, on tables that
 * were filled at random; of neighbours both say what counting by hand says. And the watch rests long enough after
 * whatever it did. */
#include "libpromo/ops/alert_rules.h"

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

static size_t assert_both(
	struct scene *s, enum promo_alert_kind kind, const char *column, int threshold)
{
	const struct promo_alert_span span = { s->began_ms + FROM_S * 1000,
		s->began_ms + TO_S * 1000 };
	const struct promo_alert_rule *rule = promo_alert_rules;
	const struct promo_alert_hit_row *one, *two;
	struct promo_objects of_all, of_some;

	while (rule->kind != kind)
		rule++;
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
		cmocka_unit_test(test_rest),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
