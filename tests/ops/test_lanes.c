/* SPDX-License-Identifier: MIT */
/* Many requests share one transaction and are answered as if each had come alone: one code and one
 * key at a time, the ordinary case only, and never by rights or settings that are no longer true. */
#include "libpromo/ops/lanes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/auth_cache.h"
#include "libpromo/ops/suspects.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/ops/traffic.h"

enum {
	MANY = 300,
	CROWD = 64,
	QUEUE_MAX = 400
};

static struct till *till;
static struct traffic *traffic;
static struct person clerk, other;
static struct stock_id batch;

static int setup(void **state)
{
	if (till_setup(state))
		return -1;
	till = *state;
	clerk = till_person(till, "batch-manager");
	other = till_person(till, "batch-manager");
	batch = stock_batch(till, 'A', 2000);
	(void)stock_batch(till, 'C', 100);
	return 0;
}

static int open_lanes(void **state)
{
	(void)state;
	traffic = traffic_new(till, 2, QUEUE_MAX, &clerk);
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = other.token), 200);
	return 0;
}

static int close_lanes(void **state)
{
	(void)state;
	traffic_free(traffic);
	return 0;
}

static struct traffic_request *redeem(
	const struct person *who, int serial, int phone, const char *key)
{
	return SEND(traffic, .op = &promo_op_redemption_create, .token = who->token, .key = key,
		.body = stock_body(stock_code('A', serial).text, phone, ""));
}

static struct traffic_request *verify(const struct person *who, int serial)
{
	return SEND(traffic, .op = &promo_op_code_verify, .token = who->token,
		.body = traffic_verify_body('A', serial));
}

static const char *key_of(const char *name, int i)
{
	static char key[64];

	(void)snprintf(key, sizeof(key), "%s-%d", name, i);
	return key;
}

static void assert_sql(const char *expected, const char *sql)
{
	assert_string_equal(promo_test_sql(till->database, "%s", sql), expected);
}

/* The number that a statement counts now. */
static int number(const char *sql)
{
	return (int)strtol(promo_test_sql(till->database, "%s", sql), NULL, 10);
}

static void test_many_at_once(void **state)
{
	struct traffic_request *requests[MANY];
	int rows = number("SELECT count(*) FROM audit_log WHERE outcome = 'allowed'");
	const char *id;

	(void)state;
	for (int i = 0; i < MANY; i++)
		requests[i] =
			i % 3 ? redeem(&clerk, 1 + i, i, key_of("many", i)) : verify(&other, 1 + i);
	traffic_run(traffic);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(traffic_status(requests[i]), i % 3 ? 201 : 200);
	assert_sql("200", "SELECT count(*) FROM redemptions WHERE status = 'completed'");
	assert_int_equal(
		number("SELECT count(*) FROM audit_log WHERE outcome = 'allowed'"), rows + MANY);
	/* In fewer transactions than requests: that is what it is for. */
	assert_true(number("SELECT count(DISTINCT at) FROM audit_log WHERE action IN "
			   "('redemption.create', 'code.verify')") < MANY / 10);
	stock_assert_totals(till);

	/* As a runner answers it. */
	id = promo_test_sql(till->database,
		"SELECT r.id FROM redemptions r JOIN promo_codes p ON p.id = r.promo_code_id "
		"WHERE p.code = '%s'",
		stock_code('A', 2).text);
	assert_non_null(strstr(requests[1]->lane.answer.location, id));
	assert_int_equal(
		ASK(till, .op = &promo_op_redemption_create, .token = clerk.token, .key = "many-1",
			.body = stock_body(stock_code('A', 2).text, 1, "")),
		201);
	assert_true(till->answer.replayed);
	assert_string_equal(till->answer.body, requests[1]->lane.answer.body);
	assert_string_equal(till->answer.location, requests[1]->lane.answer.location);
}

static void test_one_key(void **state)
{
	struct traffic_request *requests[CROWD], *two[2];
	int replays = 0;

	(void)state;
	for (int i = 0; i < CROWD; i++)
		requests[i] = redeem(&clerk, 500, 1, "one-key");
	traffic_run(traffic);
	for (int i = 0; i < CROWD; i++) {
		assert_int_equal(traffic_status(requests[i]), 201);
		assert_string_equal(requests[i]->lane.answer.body, requests[0]->lane.answer.body);
		replays += requests[i]->lane.answer.replayed;
	}
	assert_int_equal(replays, CROWD - 1);

	/* One key with two codes: the second one is another request. */
	two[0] = redeem(&clerk, 501, 1, "two-codes");
	two[1] = redeem(&clerk, 502, 1, "two-codes");
	/* And the key of another is another key. */
	(void)redeem(&other, 503, 1, "two-codes");
	traffic_run(traffic);
	assert_int_equal(traffic_status(two[0]), 201);
	assert_int_equal(traffic_alone(traffic, two[1]), 422);
	assert_int_equal(two[1]->lane.answer.error, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	assert_sql("2", "SELECT count(*) FROM redemptions WHERE idempotency_key LIKE '%two-codes'");
}

static void test_what_is_not_taken(void **state)
{
	struct person visitor = till_person(till, "user");
	struct person stranger = till_person(till, "batch-manager");
	char good[256], body[64];

	(void)state;
	(void)snprintf(good, sizeof(good), "%s", stock_body(stock_code('A', 600).text, 1, ""));
	(void)snprintf(body, sizeof(body), "%s", traffic_verify_body('A', 600));
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = visitor.token), 200);
	/* Nobody, and whom no worker has seen; without the right. */
	assert_null(TRY(traffic, .op = &promo_op_code_verify, .body = body));
	assert_null(TRY(traffic, .op = &promo_op_code_verify, .body = body, .token = "pmo_s_1"));
	assert_null(
		TRY(traffic, .op = &promo_op_code_verify, .body = body, .token = stranger.token));
	assert_null(
		TRY(traffic, .op = &promo_op_code_verify, .body = body, .token = visitor.token));
	/* Without a key, with a bad one. */
	assert_null(TRY(
		traffic, .op = &promo_op_redemption_create, .body = good, .token = clerk.token));
	assert_null(TRY(traffic, .op = &promo_op_redemption_create, .body = good,
		.token = clerk.token, .key = "two words"));
	/* No JSON, a field that there is not, a code that was never issued. */
	assert_null(TRY(traffic, .op = &promo_op_code_verify, .body = "{", .token = clerk.token));
	assert_null(TRY(traffic, .op = &promo_op_code_verify, .body = good, .token = clerk.token));
	assert_null(TRY(traffic, .op = &promo_op_code_verify,
		.body = "{\"code\": \"A99999AAAA99CC99\"}", .token = clerk.token));
	assert_true(promo_lanes_take(&promo_op_code_verify));
	assert_true(promo_lanes_take(&promo_op_redemption_create));
	assert_false(promo_lanes_take(&promo_op_code_show));
	assert_int_equal(traffic->under_way, 0);
	/* It was not for another reason. */
	(void)SEND(traffic, .op = &promo_op_code_verify, .body = body, .token = clerk.token);
	(void)SEND(traffic, .op = &promo_op_redemption_create, .body = good, .token = clerk.token,
		.key = "taken");
	traffic_run(traffic);
}

static void test_full(void **state)
{
	struct traffic_request *requests[QUEUE_MAX];

	(void)state;
	for (int i = 0; i < QUEUE_MAX; i++)
		requests[i] = verify(&clerk, 600);
	assert_null(TRY(traffic, .op = &promo_op_code_verify, .token = clerk.token,
		.body = traffic_verify_body('A', 600)));
	traffic_run(traffic);
	for (int i = 0; i < QUEUE_MAX; i++)
		assert_int_equal(traffic_status(requests[i]), 200);
	(void)verify(&clerk, 600);
	traffic_run(traffic);
}

static void test_rights_that_are_taken_away(void **state)
{
	struct person leaver = till_person(till, "batch-manager");
	struct traffic_request *his, *hers;

	(void)state;
	for (int round = 0; round < 3; round++) {
		struct person gone = till_person(till, "batch-manager");

		assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = gone.token), 200);
		(void)verify(&gone, 601);
		traffic_run(traffic);
		assert_int_equal(ASK(till, .op = &promo_op_auth_logout, .token = gone.token), 204);
		his = verify(&gone, 602);
		hers = verify(&clerk, 603);
		traffic_run(traffic);
		assert_int_equal(traffic_status(hers), 200);
		assert_int_equal(traffic_alone(traffic, his), 401);
		assert_null(TRY(traffic, .op = &promo_op_code_verify, .token = gone.token,
			.body = traffic_verify_body('A', 602)));
	}
	/* A right, not the session: noted as the operations note it. */
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = leaver.token), 200);
	till_deny(till, &leaver, "promo-codes.search");
	(void)promo_test_sql(till->database,
		"WITH s AS (UPDATE auth_state SET epoch = epoch + 1 RETURNING epoch) "
		"INSERT INTO auth_changes (epoch, user_id) SELECT epoch, '%s' FROM s",
		leaver.id);
	his = verify(&leaver, 602);
	hers = verify(&clerk, 603);
	traffic_run(traffic);
	assert_int_equal(traffic_status(hers), 200);
	assert_int_equal(traffic_alone(traffic, his), 403);
	/* Raised without a word about whom it concerns: everybody is looked at again, once. */
	(void)promo_test_sql(till->database, "UPDATE auth_state SET epoch = epoch + 1");
	hers = verify(&clerk, 603);
	traffic_run(traffic);
	assert_int_equal(traffic_alone(traffic, hers), 200);
	hers = verify(&clerk, 603);
	traffic_run(traffic);
	assert_int_equal(traffic_status(hers), 200);
}

/* Puts into the cache what a worker would have read a while ago. */
static void know(const struct person *person, int64_t ago_ms)
{
	struct promo_store_config config = { .uri = till->config.database };
	struct promo_auth_facts facts;
	struct promo_store *store;

	assert_int_equal(promo_store_open(&config, &store), 0);
	promo_arena_clear(till->arena);
	assert_int_equal(promo_auth_read(store, till->arena, person->token, &facts), 0);
	facts.last_seen_at -= ago_ms;
	promo_auth_cache_put(till->config.auth_cache, person->token, &facts);
	promo_store_close(store);
}

/* Whether the session was used lately, as far as is written down. */
static bool is_noted(const struct person *person)
{
	return strcmp(promo_test_sql(till->database,
			      "SELECT now() - last_seen_at < interval '1 min' FROM sessions "
			      "WHERE id = '%s'",
			      person->session_id),
		       "t") == 0;
}

static void test_use_of_a_session(void **state)
{
	struct person regular = till_person(till, "batch-manager");
	struct person sleeper = till_person(till, "batch-manager");
	struct person idle = till_person(till, "batch-manager");
	struct traffic_request *first, *second, *late;

	(void)state;
	(void)promo_test_sql(till->database,
		"UPDATE sessions SET last_seen_at = now() - interval '5 min' WHERE id = '%s'",
		regular.session_id);
	know(&regular, 0);
	first = verify(&regular, 604);
	second = verify(&regular, 605);
	traffic_run(traffic);
	/* One of them notes it, by a worker. */
	assert_int_equal(traffic_status(second), 200);
	assert_false(is_noted(&regular));
	assert_int_equal(traffic_alone(traffic, first), 200);
	assert_true(is_noted(&regular));
	first = verify(&regular, 604);
	traffic_run(traffic);
	assert_int_equal(traffic_status(first), 200);

	/* Idle for longer than the cache can know better: the worker looks. */
	know(&sleeper, 2 * 60 * 60 * 1000);
	late = verify(&sleeper, 604);
	traffic_run(traffic);
	assert_int_equal(traffic_alone(traffic, late), 200);
	(void)promo_test_sql(till->database,
		"UPDATE sessions SET last_seen_at = now() - interval '2 hours' WHERE id = '%s'",
		idle.session_id);
	know(&idle, 0);
	late = verify(&idle, 604);
	traffic_run(traffic);
	assert_int_equal(traffic_alone(traffic, late), 401);
	assert_int_equal(late->lane.answer.error, PROMO_E_SESSION_EXPIRED);
}

/* The lanes' own status, after as many that workers had to give, which are the same. */
static int settled_status(const struct person *who, int serial, int expected)
{
	for (;;) {
		struct ask ask = { .op = &promo_op_code_verify,
			.token = who->token,
			.body = traffic_verify_body('A', serial) };
		struct traffic_request *request = traffic_try(traffic, &ask);

		traffic_run(traffic);
		if (!request)
			assert_int_equal(till_ask(till, &ask), expected);
		else if (request->state == TRAFFIC_ANSWERED)
			return traffic_status(request);
		else
			assert_int_equal(traffic_alone(traffic, request), expected);
	}
}

static void test_settings(void **state)
{
	struct traffic_request *requests[MANY];

	(void)state;
	(void)promo_test_sql(
		till->database, "UPDATE batches SET assigned_user_id = '%s'", clerk.id);
	till_deny(till, &other, "batches.read");
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'redemption', 'assigned_only', 'true')");
	(void)promo_test_sql(till->database,
		"UPDATE auth_state SET epoch = epoch + 1, settings_version = settings_version + 1");
	/* The very next one gets what holds now, from the lanes themselves. */
	assert_int_equal(settled_status(&other, 606, 403), 403);
	assert_int_equal(settled_status(&clerk, 606, 200), 200);
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings; UPDATE batches SET assigned_user_id = NULL; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	/* Settings may ask more of a user (a second factor), so a worker looks at each once. */
	assert_int_equal(settled_status(&other, 606, 200), 200);
	for (int i = 0; i < MANY; i++)
		requests[i] = verify(&other, 606);
	traffic_run(traffic);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(traffic_status(requests[i]), 200);
}

/* A second factor that is now asked for holds for the session that is under way, and no longer once it
 * is enrolled. */
static void test_a_second_factor_is_required(void **state)
{
	struct person manager = till_person(till, "batch-manager");

	(void)state;
	assert_int_equal(settled_status(&manager, 606, 200), 200);
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'security', 'two_factor_authentication.required_roles', "
		"'[\"admin\", \"batch-manager\"]'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	for (int i = 0; i < 3; i++) {
		struct ask ask = { .op = &promo_op_code_verify,
			.token = manager.token,
			.body = traffic_verify_body('A', 606) };
		struct traffic_request *request = traffic_try(traffic, &ask);

		traffic_run(traffic);
		assert_int_equal(
			request ? traffic_alone(traffic, request) : till_ask(till, &ask), 403);
	}
	(void)promo_test_sql(till->database,
		"UPDATE users SET mfa_enabled = true WHERE id = '%s'; "
		"UPDATE auth_state SET epoch = epoch + 1",
		manager.id);
	assert_int_equal(settled_status(&manager, 606, 200), 200);
	(void)promo_test_sql(till->database,
		"DELETE FROM system_settings; "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	assert_int_equal(settled_status(&manager, 606, 200), 200);
}

static int count_in(struct traffic_request *const *requests, int count, enum traffic_state state)
{
	int found = 0;

	for (int i = 0; i < count; i++)
		found += requests[i]->state == state;
	return found;
}

static struct traffic_request *first_alone(struct traffic_request *const *requests, int count)
{
	for (int i = 0; i < count; i++)
		if (requests[i]->state == TRAFFIC_ALONE)
			return requests[i];
	return NULL;
}

static void test_guesses(void **state)
{
	struct person guesser = till_person(till, "batch-manager");
	struct traffic_request *guesses[CROWD], *hit, *good[CROWD];
	int refused = 0, unknown = 0;

	(void)state;
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = guesser.token), 200);
	for (int i = 0; i < CROWD; i++) {
		guesses[i] = SEND(traffic, .op = &promo_op_code_verify, .token = guesser.token,
			.body = traffic_verify_body('H', i));
		good[i] = verify(&clerk, 700 + i);
	}
	hit = verify(&guesser, 607);
	/* Four at once, and what he does beside that waits with them; nobody else does. */
	while (count_in(guesses, CROWD, TRAFFIC_ALONE) < PROMO_SUSPECTS_AT_ONCE ||
		count_in(good, CROWD, TRAFFIC_ANSWERED) < CROWD)
		traffic_turn(traffic, 1000);
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(traffic_status(good[i]), 200);
	(void)verify(&clerk, 608);
	while (traffic->under_way > CROWD - PROMO_SUSPECTS_AT_ONCE + 1)
		traffic_turn(traffic, 1000);
	assert_int_equal(count_in(guesses, CROWD, TRAFFIC_ALONE), PROMO_SUSPECTS_AT_ONCE);
	assert_int_equal(hit->state, TRAFFIC_UNDER_WAY);
	/* In any order: they came in two groups. */
	for (struct traffic_request *guess; (guess = first_alone(guesses, CROWD));) {
		(void)traffic_alone(traffic, guess);
		unknown += guess->lane.answer.error == PROMO_E_CODE_NOT_FOUND;
		refused += guess->lane.answer.error == PROMO_E_TOO_MANY_REQUESTS;
		traffic_turn(traffic, 0);
	}
	assert_int_equal(unknown, 5);
	assert_int_equal(refused, CROWD - 5);
	assert_int_equal(traffic_alone(traffic, hit), 429);
	assert_int_equal(traffic->under_way, 0);
}

static void test_ending_with_requests_left(void **state)
{
	struct traffic_request *requests[MANY], *suspect;
	int alone = 0;

	traffic = traffic_new(till, 1, QUEUE_MAX, &clerk);
	(void)state;
	suspect = SEND(traffic, .op = &promo_op_code_verify, .token = clerk.token,
		.body = traffic_verify_body('H', 1));
	assert_int_equal(ASK(till, .op = &promo_op_auth_session, .token = other.token), 200);
	for (int i = 0; i < MANY; i++)
		requests[i] = redeem(&other, 1000 + i % 290, i, key_of("last", i));
	promo_lanes_turn(traffic->lanes);
	promo_lanes_free(traffic->lanes);
	traffic->lanes = NULL;
	assert_int_equal(traffic->under_way, 0);
	for (int i = 0; i < MANY; i++)
		alone += requests[i]->state == TRAFFIC_ALONE;
	assert_int_equal(alone, MANY);
	assert_int_equal(suspect->state, TRAFFIC_ALONE);
	traffic_free(traffic);
}

#define WITH_LANES(test) cmocka_unit_test_setup_teardown(test, open_lanes, close_lanes)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LANES(test_many_at_once),
		WITH_LANES(test_one_key),
		WITH_LANES(test_what_is_not_taken),
		WITH_LANES(test_full),
		WITH_LANES(test_rights_that_are_taken_away),
		WITH_LANES(test_use_of_a_session),
		WITH_LANES(test_settings),
		WITH_LANES(test_a_second_factor_is_required),
		WITH_LANES(test_guesses),
		cmocka_unit_test(test_ending_with_requests_left),
	};

	return cmocka_run_group_tests(tests, setup, till_teardown);
}
