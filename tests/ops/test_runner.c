/* SPDX-License-Identifier: MIT */
/* What is told of a request that perhaps happened already: whatever comes in between, a server that
 * is away, an old backend that is still committing, a session that ended meanwhile, the answer is
 * what is true, or that nobody knows; never that it was refused when it was done. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/base/time.h"
#include "tests/lib/cutter.h"
#include "tests/lib/log.h"
#include "tests/ops/stock.h"

enum {
	EXCHANGES_MAX = 60,
	AWAY_MS = 1000,
	NEVER_MS = 3600 * 1000,
	SOON_MS = 300,
};

struct scene {
	struct till *till; /* through the cutter */
	struct cutter *cutter;
	struct person clerk;
};

static int set_up(void **state)
{
	struct promo_test_database *database = promo_test_database_new();
	struct scene *scene = calloc(1, sizeof(*scene));

	if (!database || !scene)
		return -1;
	promo_test_log_keep();
	scene->cutter = cutter_new(database);
	scene->till = till_new_at(database, cutter_uri(scene->cutter));
	scene->clerk = till_person(scene->till, "batch-manager");
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	struct promo_test_database *database = scene->till->database;

	till_free(scene->till);
	cutter_free(scene->cutter);
	promo_test_database_free(database);
	free(scene);
	return 0;
}

/* Of his own for each code: a customer who is known already takes fewer exchanges. */
static int phone_of(char letter, int serial)
{
	return (letter - 'A') * 200 + serial;
}

#define REDEEM(person, letter, serial, with_key)                                                   \
	.op = &promo_op_redemption_create, .token = (person).token, .key = (with_key),             \
	.body = stock_body(stock_code((letter), (serial)).text, phone_of((letter), (serial)), "")
#define RESOLVE .resolve_until_ms = promo_monotonic_ms() + 20000

/* How many redemptions of the code there are, and how many rows of refused attempts. */
static const char *rows_of(struct scene *scene, char letter, int serial)
{
	return promo_test_sql(scene->till->database,
		"SELECT count(*) FILTER (WHERE r.status = 'completed') || ' ' || "
		"count(*) FILTER (WHERE r.status = 'failed') FROM redemptions r "
		"JOIN promo_codes p ON p.id = r.promo_code_id WHERE p.code = '%s'",
		stock_code(letter, serial).text);
}

/*
 * The runner's own commits.
 */

/* The server is away for a while from each exchange on: only the commit leaves a doubt, which is
 * waited for; before it, it is said at once that nothing was done. */
static void away_at_each(struct scene *scene, enum cut cut, char letter)
{
	int n, done = 0;

	(void)stock_batch(scene->till, letter, EXCHANGES_MAX);
	for (n = 1; n < EXCHANGES_MAX; n++) {
		const int64_t before_ms = promo_monotonic_ms();
		char key[32];
		int status;

		(void)snprintf(key, sizeof(key), "away-%c-%d", letter, n);
		cutter_stay_away(scene->cutter, done ? SOON_MS : AWAY_MS);
		cutter_arm(scene->cutter, cut, n);
		status = ASK(scene->till, REDEEM(scene->clerk, letter, n, key));
		if (status == 201) {
			assert_string_equal(rows_of(scene, letter, n), "1 0");
			assert_false(scene->till->answer.replayed);
			if (!cutter_disarm(scene->cutter))
				break;
			assert_true(promo_monotonic_ms() - before_ms >= AWAY_MS);
			done++;
		} else {
			assert_int_equal(status, 503);
			assert_got(scene->till, "code", "unavailable");
			assert_string_equal(rows_of(scene, letter, n), "0 0");
			assert_true(cutter_disarm(scene->cutter));
		}
	}
	assert_int_equal(done, 1);
	assert_in_range(n, 8, EXCHANGES_MAX - 1);
}

static void test_away_for_a_while(void **state)
{
	away_at_each(*state, CUT_REQUEST, 'A');
	away_at_each(*state, CUT_ANSWER, 'C');
}

/* Away for longer than anybody may wait: nobody knows, and the same key tells later. */
static void away_for_good(struct scene *scene, enum cut cut, char letter)
{
	int n, unknown = 0;

	(void)stock_batch(scene->till, letter, EXCHANGES_MAX);
	scene->till->config.resolve_ms = SOON_MS;
	for (n = 1; n < EXCHANGES_MAX; n++) {
		const int64_t before_ms = promo_monotonic_ms();
		char key[32];
		int status;

		(void)snprintf(key, sizeof(key), "gone-%c-%d", letter, n);
		cutter_stay_away(scene->cutter, NEVER_MS);
		cutter_arm(scene->cutter, cut, n);
		status = ASK(scene->till, REDEEM(scene->clerk, letter, n, key));
		if (!cutter_disarm(scene->cutter)) {
			assert_int_equal(status, 201);
			break;
		}
		assert_int_equal(status, 503);
		assert_true(scene->till->answer.retry_after_s > 0);
		if (strcmp(till_get(scene->till, "code"), "outcome_unknown") == 0) {
			assert_true(promo_monotonic_ms() - before_ms >= SOON_MS);
			assert_string_equal(
				rows_of(scene, letter, n), cut == CUT_ANSWER ? "1 0" : "0 0");
			unknown++;
		} else {
			assert_got(scene->till, "code", "unavailable");
			assert_string_equal(rows_of(scene, letter, n), "0 0");
		}
		assert_int_equal(ASK(scene->till, REDEEM(scene->clerk, letter, n, key)), 201);
		assert_string_equal(rows_of(scene, letter, n), "1 0");
	}
	scene->till->config.resolve_ms = 0;
	assert_int_equal(unknown, 1);
	assert_in_range(n, 8, EXCHANGES_MAX - 1);
	stock_assert_totals(scene->till);
}

static void test_away_for_good(void **state)
{
	away_for_good(*state, CUT_REQUEST, 'E');
	away_for_good(*state, CUT_ANSWER, 'F');
}

static void redeem_well(struct scene *scene, char letter, int serial)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "well-%c-%d", letter, serial);
	assert_int_equal(ASK(scene->till, REDEEM(scene->clerk, letter, serial, key)), 201);
}

/* Which exchange of a redemption is its commit, on a connection that has done one before. */
static int find_commit(struct scene *scene, char letter)
{
	for (int n = 1; n < EXCHANGES_MAX; n++) {
		char key[32];

		redeem_well(scene, letter, 2 * n);
		(void)snprintf(key, sizeof(key), "find-%c-%d", letter, n);
		promo_test_log_keep();
		cutter_arm(scene->cutter, CUT_ANSWER, n);
		assert_int_equal(
			ASK(scene->till, REDEEM(scene->clerk, letter, 2 * n + 1, key)), 201);
		assert_true(cutter_disarm(scene->cutter));
		if (promo_test_logged("during a commit"))
			return n;
	}
	fail_msg("a redemption without a commit");
	return 0;
}

/* The old backend is still at its commit when the request comes again, and stays there for longer
 * than a lock is waited for: whether it succeeds in the end or not, there is one redemption. */
static void test_old_backend_still_commits(void **state)
{
	static const char *const ends[] = { "", "RAISE EXCEPTION 'made by the test';" };
	struct scene *scene = *state;
	int commit;

	(void)stock_batch(scene->till, 'G', 2 * EXCHANGES_MAX);
	commit = find_commit(scene, 'G');
	(void)stock_batch(scene->till, 'N', 9);
	for (size_t i = 0; i < PROMO_COUNT(ends); i++) {
		const int serial = 2 * (int)i + 1;
		char key[32];

		redeem_well(scene, 'N', serial + 1);
		(void)snprintf(key, sizeof(key), "slow-%zu", i);
		(void)promo_test_sql(scene->till->database,
			"CREATE SEQUENCE slow_seq; GRANT ALL ON SEQUENCE slow_seq TO promo_app;"
			"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ "
			"BEGIN IF nextval('slow_seq') = 1 THEN PERFORM pg_sleep(2.5); %s END IF; "
			"RETURN NEW; END $$;"
			"CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON redemptions "
			"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()",
			ends[i]);
		promo_test_log_keep();
		cutter_arm(scene->cutter, CUT_UNHEARD, commit);
		assert_int_equal(ASK(scene->till, REDEEM(scene->clerk, 'N', serial, key)), 201);
		assert_false(scene->till->answer.replayed);
		assert_true(cutter_disarm(scene->cutter));
		assert_true(promo_test_logged("during a commit"));
		assert_string_equal(rows_of(scene, 'N', serial), "1 0");
		/* The second one came while the first was at it. */
		assert_string_equal(
			promo_test_sql(scene->till->database, "SELECT last_value FROM slow_seq"),
			*ends[i] ? "2" : "1");
		(void)promo_test_sql(scene->till->database,
			"DROP TRIGGER slow ON redemptions; DROP FUNCTION slow; "
			"DROP SEQUENCE slow_seq");
	}
}

/*
 * What a lane could not tell.
 */

static void test_done_or_not(void **state)
{
	struct scene *scene = *state;
	struct till *till = scene->till;

	(void)stock_batch(till, 'H', 9);
	/* It had been done. */
	assert_int_equal(ASK(till, REDEEM(scene->clerk, 'H', 1, "r-1")), 201);
	assert_int_equal(ASK(till, REDEEM(scene->clerk, 'H', 1, "r-1"), RESOLVE), 201);
	assert_false(till->answer.replayed);
	/* It had not. */
	assert_int_equal(ASK(till, REDEEM(scene->clerk, 'H', 2, "r-2"), RESOLVE), 201);
	assert_false(till->answer.replayed);
	/* It waited for too long. */
	assert_problem(till, 503, "outcome_unknown", REDEEM(scene->clerk, 'H', 1, "r-1"),
		.resolve_until_ms = promo_monotonic_ms() - 1);
	assert_string_equal(rows_of(scene, 'H', 1), "1 0");
	assert_string_equal(rows_of(scene, 'H', 2), "1 0");
}

/* Refusals that are bound to the key, or follow from it, are the truth. */
static void test_refusals_that_are_proof(void **state)
{
	struct scene *scene = *state;
	struct till *till = scene->till;

	(void)stock_batch(till, 'J', 9);
	assert_int_equal(ASK(till, REDEEM(scene->clerk, 'J', 1, "p-1")), 201);
	assert_problem(
		till, 409, "code_already_redeemed", REDEEM(scene->clerk, 'J', 1, "p-2"), RESOLVE);
	assert_string_equal(rows_of(scene, 'J', 1), "1 1");
	/* The refused attempt is found again. */
	assert_problem(
		till, 409, "code_already_redeemed", REDEEM(scene->clerk, 'J', 1, "p-2"), RESOLVE);
	assert_false(till->answer.replayed);
	assert_string_equal(rows_of(scene, 'J', 1), "1 1");
	assert_problem(
		till, 422, "idempotency_key_reused", REDEEM(scene->clerk, 'J', 2, "p-1"), RESOLVE);
	assert_string_equal(rows_of(scene, 'J', 2), "0 0");
}

/* Whoever is not let in, or finds nothing, learns nothing about what was done before. */
static void test_refusals_that_are_none(void **state)
{
	struct scene *scene = *state;
	struct till *till = scene->till;
	struct person revoked = till_person(till, "batch-manager");
	struct person demoted = till_person(till, "batch-manager");
	struct person disabled = till_person(till, "batch-manager");

	(void)stock_batch(till, 'K', 9);
	assert_int_equal(ASK(till, REDEEM(revoked, 'K', 1, "n-1")), 201);
	assert_int_equal(ASK(till, REDEEM(demoted, 'K', 2, "n-2")), 201);
	assert_int_equal(ASK(till, REDEEM(disabled, 'K', 3, "n-3")), 201);
	(void)promo_test_sql(
		till->database, "DELETE FROM sessions WHERE user_id = '%s'", revoked.id);
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", disabled.id);
	till_deny(till, &demoted, "promo-codes.redeem redemptions.create");
	(void)promo_test_sql(till->database,
		"DELETE FROM user_role_assignments WHERE user_id = '%s'", demoted.id);
	assert_problem(till, 401, "unauthenticated", REDEEM(revoked, 'K', 1, "n-1"));
	assert_problem(till, 503, "outcome_unknown", REDEEM(revoked, 'K', 1, "n-1"), RESOLVE);
	assert_problem(till, 403, "forbidden", REDEEM(demoted, 'K', 2, "n-2"));
	assert_problem(till, 503, "outcome_unknown", REDEEM(demoted, 'K', 2, "n-2"), RESOLVE);
	assert_problem(till, 401, "unauthenticated", REDEEM(disabled, 'K', 3, "n-3"));
	assert_problem(till, 503, "outcome_unknown", REDEEM(disabled, 'K', 3, "n-3"), RESOLVE);
	/* No such code, no key, no phone: as long as nothing was looked up, anything may have been. */
	assert_problem(till, 503, "outcome_unknown", REDEEM(scene->clerk, 'L', 1, "n-4"), RESOLVE);
	assert_problem(till, 503, "outcome_unknown", REDEEM(scene->clerk, 'K', 4, NULL), RESOLVE);
	assert_problem(till, 503, "outcome_unknown", .op = &promo_op_redemption_create,
		.token = scene->clerk.token, .key = "n-5", .body = "{}", RESOLVE);
	/* And a fault is no answer either. */
	(void)promo_test_sql(till->database, "REVOKE INSERT ON redemptions FROM promo_app");
	assert_problem(till, 500, "internal", REDEEM(scene->clerk, 'K', 5, "n-6"));
	assert_problem(till, 503, "outcome_unknown", REDEEM(scene->clerk, 'K', 5, "n-6"), RESOLVE);
	(void)promo_test_sql(till->database, "GRANT INSERT ON redemptions TO promo_app");
}

/* A verification leaves nothing that could be unknown: it is simply asked again. */
static void test_verifications(void **state)
{
	struct scene *scene = *state;
	struct till *till = scene->till;
	struct person revoked = till_person(till, "batch-manager");
	char body[64];

	(void)stock_batch(till, 'M', 2);
	(void)snprintf(body, sizeof(body), "{\"code\": \"%s\"}", stock_code('M', 1).text);
	assert_int_equal(ASK(till, .op = &promo_op_code_verify, .token = scene->clerk.token,
				 .body = body, RESOLVE),
		200);
	assert_int_equal(ASK(till, .op = &promo_op_code_verify, .token = scene->clerk.token,
				 .body = body, .resolve_until_ms = 1),
		200);
	(void)promo_test_sql(
		till->database, "DELETE FROM sessions WHERE user_id = '%s'", revoked.id);
	assert_problem(till, 401, "unauthenticated", .op = &promo_op_code_verify,
		.token = revoked.token, .body = body, RESOLVE);
	till->config.resolve_ms = SOON_MS;
	for (int n = 1; n < EXCHANGES_MAX; n++) {
		int status;

		cutter_stay_away(scene->cutter, NEVER_MS);
		cutter_arm(scene->cutter, CUT_ANSWER, n);
		status = ASK(till, .op = &promo_op_code_verify, .token = scene->clerk.token,
			.body = body);
		if (!cutter_disarm(scene->cutter)) {
			assert_int_equal(status, 200);
			break;
		}
		assert_int_equal(status, 503);
		assert_got(till, "code", "unavailable");
	}
	till->config.resolve_ms = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_away_for_a_while),
		cmocka_unit_test(test_away_for_good),
		cmocka_unit_test(test_old_backend_still_commits),
		cmocka_unit_test(test_done_or_not),
		cmocka_unit_test(test_refusals_that_are_proof),
		cmocka_unit_test(test_refusals_that_are_none),
		cmocka_unit_test(test_verifications),
	};

	return cmocka_run_group_tests_name("ops/runner", tests, set_up, tear_down);
}
