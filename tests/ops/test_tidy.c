/* SPDX-License-Identifier: MIT */
/* What nobody needs any more is taken away beside the jobs, and nothing a day before: of each kind there is one row
 * that has just become too old and one that has not, also of those that age does not touch. */
#include <string.h>

#include "tests/lib/test.h"
#include "tests/ops/mill.h"

/* A row of each: the columns, then what they are for one of k (id, gone); u is a user, w a webhook. */
struct kind {
	const char *table, *columns, *values;
	const char *key; /* by which it is k's */
};

#define AGO(gone, kept)                                                                            \
	"now() - CASE WHEN k.gone THEN interval '" gone "' ELSE interval '" kept "' END"
#define OVER "now() + CASE WHEN k.gone THEN interval '-1 s' ELSE interval '1 hour' END"

static const struct kind kinds[] = {
	{ "sessions", "id, user_id, token_hash, expires_at", "k.id, u.id, uuid_send(k.id), " OVER,
		"t.id" },
	{ "api_keys", "id, user_id, name, prefix, key_hash, expires_at",
		"k.id, u.id, 'n', 'p', uuid_send(k.id), " AGO("91 days", "89 days"), "t.id" },
	{ "password_resets", "id, user_id, token_hash, expires_at",
		"k.id, u.id, uuid_send(k.id), " OVER, "t.id" },
	{ "mfa_challenges", "token_hash, user_id, remember, expires_at",
		"uuid_send(k.id), u.id, false, " OVER, "encode(t.token_hash, 'hex')::uuid" },
	/* From where somebody signed in. */
	{ "throttles", "kind, subject, since, succeeded_at",
		"'signin', k.id, now() - interval '300 days', " AGO("91 days", "89 days"),
		"t.subject" },
	{ "notifications", "id, user_id, kind, title, body, created_at, read_at",
		"k.id, u.id, 'k', 't', 'b', now() - interval '300 days', " AGO("6 days", "4 days"),
		"t.id" },
	{ "notifications", "id, user_id, kind, title, body, created_at",
		"k.id, u.id, 'k', 't', 'b', " AGO("366 days", "364 days"), "t.id" },
	{ "outbox", "id, channel, kind, recipient, status, created_at",
		"k.id, 'email', 'k', 'a@promo.example', 'dead', " AGO("6 days", "4 days"), "t.id" },
	/* However old it is. */
	{ "outbox", "id, channel, kind, recipient, status, created_at",
		"k.id, 'email', 'k', 'a@promo.example', CASE WHEN k.gone THEN 'sent' ELSE "
		"'waiting' "
		"END, now() - interval '6 days'",
		"t.id" },
	{ "registrations", "id, first_name, last_name, created_at",
		"k.id, 'A', 'B', " AGO("8 days", "6 days"), "t.id" },
	{ "jobs", "id, kind, status, finished_at",
		"k.id, 'export', 'succeeded', " AGO("11 days", "9 days"), "t.id" },
	{ "uploads", "id, touched_at", "k.id, " AGO("61 minutes", "58 minutes"), "t.id" },
	{ "webhook_secrets", "id, webhook_id, secret, key_id, expires_at",
		"k.id, w.id, 'x', 'k', " OVER, "t.id" },
	{ "webhook_deliveries", "id, webhook_id, event, payload, status, created_at",
		"k.id, w.id, 'e', '{}', 'delivered', " AGO("6 days", "4 days"), "t.id" },
	{ "told", "event, about, at", "'batch.expiring', k.id, " AGO("401 days", "399 days"),
		"t.about" },
};

static int setup(void **state)
{
	const int r = till_setup(state);
	struct till *till = *state;

	(void)till_person(till, "user");
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES"
		" (gen_random_uuid(), 'notifications', 'keep_days', '5'),"
		" (gen_random_uuid(), 'registration', 'keep_days', '7'),"
		" (gen_random_uuid(), 'codes', 'keep_jobs_days', '10'),"
		" (gen_random_uuid(), 'codes', 'keep_files_days', '3');"
		"INSERT INTO webhooks (id, url, secret) VALUES"
		" (gen_random_uuid(), 'https://promo.example/', 'x')");
	return r;
}

/* Lets the engine tidy up, until what is to go is gone. */
static void tidy_until(struct till *till, const char *gone)
{
	struct promo_jobs *jobs = mill_start(till, false);

	mill_wait_until(till, "%s", gone);
	mill_stop(jobs);
}

static void test_age(void **state)
{
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"CREATE TABLE k AS SELECT n, gone, gen_random_uuid() AS id FROM"
		" generate_series(0, %d) n, unnest('{t,f}'::boolean[]) gone",
		(int)PROMO_COUNT(kinds) - 1);
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		(void)promo_test_sql(till->database,
			"INSERT INTO %s (%s) SELECT %s FROM k,"
			" (SELECT id FROM users LIMIT 1) u, (SELECT id FROM webhooks) w WHERE n = "
			"%d",
			kinds[i].table, kinds[i].columns, kinds[i].values, (int)i);
	/* What is told of webhooks is told last. */
	tidy_until(till, "NOT EXISTS (SELECT FROM told JOIN k ON about = id::text WHERE gone)");
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		if (strcmp(promo_test_sql(till->database,
				   "SELECT array_agg(gone) FROM k JOIN %s t ON %s::text = "
				   "k.id::text WHERE "
				   "n = %d",
				   kinds[i].table, kinds[i].key, (int)i),
			    "{f}") != 0)
			fail_msg("%s, number %zu, is not the only one that is left", kinds[i].table,
				i);
}

/* They are large, and go before their job. */
static void test_files(void **state)
{
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"CREATE TABLE f AS SELECT gen_random_uuid() AS id, days FROM "
		"unnest('{2,4}'::int[]) "
		"days;"
		"INSERT INTO jobs (id, kind, status, finished_at) SELECT id, 'export', 'succeeded',"
		" now() - days * interval '1 day' FROM f;"
		"INSERT INTO job_files (job_id, name, part, bytes) SELECT id, 'file', 1, 'x' FROM "
		"f");
	tidy_until(till, "(SELECT count(*) FROM job_files) < 2");
	assert_string_equal(
		promo_test_sql(till->database, "SELECT days FROM f JOIN job_files ON job_id = id"),
		"2");
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM f JOIN jobs USING (id)"), "2");
}

/* Writers of connections that are long gone are closed, and changes of rights are as many as a group may have
 * missed. */
static void test_numbers(void **state)
{
	struct till *till = *state;

	(void)promo_test_sql(till->database,
		"INSERT INTO audit_writers (process, last_at) VALUES"
		" ('gone', now() - interval '25 hours'), ('kept', now() - interval '23 hours');"
		"UPDATE auth_state SET epoch = epoch + 20000;"
		"INSERT INTO auth_changes (epoch, user_id) SELECT epoch - back, u.id FROM "
		"auth_state,"
		" (SELECT id FROM users LIMIT 1) u, unnest('{9999,10000}'::int[]) back");
	tidy_until(till, "NOT EXISTS (SELECT FROM auth_changes, auth_state s WHERE"
			 " auth_changes.epoch <= s.epoch - 10000)");
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM auth_changes, auth_state s"
					       " WHERE auth_changes.epoch = s.epoch - 9999"),
		"1");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(process, ' ') FROM audit_writers WHERE process IN"
			" ('gone', 'kept') AND closed_at IS NULL"),
		"kept");
}

/* Answers are forgotten as new ones come, a few at a time. */
static void test_answers(void **state)
{
	static const char body[] =
		"{\"batch_name\": \"tidy\", \"total_codes\": 1, \"amount_per_code\": \"5\", "
		"\"expiration_date\": \"2999-12-31\"}";
	struct till *till = *state;
	const struct person admin = till_person(till, "admin");

	(void)promo_test_sql(till->database,
		"INSERT INTO idempotency_keys (user_id, key, operation, request_hash, status, "
		"answer, created_at) SELECT id, 'old-' || n, 'o', 'h', 200, '{}', now() - n * "
		"interval '1 hour' FROM users, generate_series(23, 27) n WHERE id = '%s'",
		admin.id);
	assert_int_equal(ASK(till, .op = &promo_op_batch_create, .token = admin.token, .body = body,
				 .key = "tidy-1"),
		201);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(key, ' ' ORDER BY key) FROM idempotency_keys"),
		"old-23 tidy-1");
}

static int teardown(void **state)
{
	mill_stop_all();
	return till_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests_name("ops/tidy", tests, setup, teardown);
}
