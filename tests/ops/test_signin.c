/* SPDX-License-Identifier: MIT */
/* Passwords are guessed slowly: by one address, by many, at many accounts, by many at once, and with a
 * session in hand; nobody learns from it who has an account, and no stranger keeps a clerk out of his
 * own counter. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_setting.h"
#include "libpromo/ops/hash_slots.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

static const char password[] = "tram lake copper nine";
static const char wrong[] = "tram lake copper ten";
#define HOME "192.0.2.7"
#define AWAY "198.51.100.9"

static int login_from(struct till *till, const char *ip, const char *identifier, const char *secret)
{
	char body[512];

	(void)snprintf(body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"%s\"}",
		identifier, secret);
	return ASK(till, &promo_op_auth_login, .body = body, .ip = ip);
}

/* Every count of this test's database is set by it alone. */
static void forget(struct till *till)
{
	(void)promo_test_sql(till->database, "DELETE FROM throttles");
}

static void end_delays(struct till *till)
{
	(void)promo_test_sql(
		till->database, "UPDATE throttles SET blocked_until = now() WHERE kind = 'signin'");
}

/* Delays that last, however slow the machine is. */
static void hold_delays(struct till *till)
{
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET blocked_until = now() + interval '60 s' "
		"WHERE blocked_until IS NOT NULL");
}

/* Fails as often as is free there: the first and the last time. */
static void use_up(struct till *till, const char *ip, const char *identifier)
{
	assert_int_equal(login_from(till, ip, identifier, wrong), 401);
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET count = 4 WHERE kind = 'signin' AND count = 1");
	assert_int_equal(login_from(till, ip, identifier, wrong), 401);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT min(blocked_until - since) FROM throttles "
				    "WHERE subject LIKE '_%%/%s'",
				    ip),
		"00:00:02");
	hold_delays(till);
}

static void assert_waits(struct till *till, int status)
{
	assert_int_equal(status, 429);
	assert_got(till, "code", "too_many_requests");
	assert_in_range(till->answer.retry_after_s, 30, 60);
}

static const char *about(struct till *till, const struct person *person, const char *columns)
{
	return promo_test_sql(
		till->database, "SELECT %s FROM users WHERE id = '%s'", columns, person->id);
}

static void test_the_fifth_failure(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);

	forget(till);
	for (int i = 0; i < 5; i++)
		assert_int_equal(login_from(till, HOME, clerk.email, wrong), 401);
	hold_delays(till);
	assert_string_equal(about(till, &clerk,
				    "failed_login_attempts || ' ' || "
				    "(lockout_until > created_at)"),
		"5 true");
	/* The right one is not looked at either, and nothing more is counted. */
	assert_waits(till, login_from(till, HOME, clerk.email, password));
	assert_waits(till, login_from(till, HOME, clerk.email, wrong));
	assert_string_equal(about(till, &clerk, "failed_login_attempts"), "5");
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) > 0 FROM audit_log WHERE action = "
					       "'auth.login' AND error = 'too_many_requests'"),
		"t");
	end_delays(till);
	assert_int_equal(login_from(till, HOME, clerk.email, wrong), 401);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT max(blocked_until) - max(since) FROM throttles"),
		"00:00:04");
	end_delays(till);
	assert_int_equal(login_from(till, HOME, clerk.email, password), 200);
	assert_got(till, "user.lockout_until", "null");
	assert_string_equal(about(till, &clerk, "failed_login_attempts"), "0");
	for (int i = 0; i < 4; i++)
		assert_int_equal(login_from(till, HOME, clerk.email, wrong), 401);
	assert_int_equal(login_from(till, HOME, clerk.email, password), 200);
}

/* Whoever has no account, or cannot sign in, is told what he would be told with one. */
static void test_nobody_learns_who_has_an_account(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);
	struct person inactive = till_person_with_password(till, "", password);
	struct person mute = till_person(till, "");
	const char *const names[] = { clerk.email, inactive.email, mute.email, "nobody@example.com",
		"0788000000", "neither one nor two" };
	struct promo_hash_slots *all = till->config.hash_slots, *none;
	char told[1024] = "";

	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", inactive.id);
	/* Each takes a hash: without room for one, none of them is answered. */
	assert_int_equal(promo_hash_slots_new(1, 0, &none), 0);
	assert_int_equal(promo_hash_slots_enter(none), 0);
	till->config.hash_slots = none;
	forget(till);
	for (size_t i = 0; i < PROMO_COUNT(names); i++)
		assert_int_equal(login_from(till, HOME, names[i], wrong), 429);
	promo_hash_slots_leave(none);
	till->config.hash_slots = all;
	promo_hash_slots_free(none);
	for (size_t i = 0; i < PROMO_COUNT(names); i++) {
		forget(till);
		use_up(till, HOME, names[i]);
		(void)snprintf(told, sizeof(told), "%s", till->answer.body);
		assert_waits(till, login_from(till, HOME, names[i], password));
		assert_string_equal(promo_test_sql(till->database,
					    "SELECT count(*) || ' ' || sum(count) FROM throttles"),
			"3 15");
	}
	/* And what he typed is not kept. */
	assert_string_equal(
		promo_test_sql(till->database, "SELECT count(*) FROM throttles WHERE subject LIKE "
					       "'%%neither%%'"),
		"0");
}

/* His own counter knows him: strangers wait, he does not. */
static void test_strangers_do_not_lock_out(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);

	forget(till);
	assert_int_equal(login_from(till, HOME, clerk.email, password), 200);
	use_up(till, AWAY, clerk.email);
	assert_waits(till, login_from(till, AWAY, clerk.email, password));
	assert_int_equal(login_from(till, HOME, clerk.email, password), 200);
	/* From many addresses: twenty failures of all together. */
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET count = 19, blocked_until = NULL WHERE subject = '%s/'",
		clerk.id);
	assert_int_equal(login_from(till, "203.0.113.1", clerk.email, wrong), 401);
	hold_delays(till);
	assert_waits(till, login_from(till, "203.0.113.2", clerk.email, password));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM alerts WHERE kind = 'signin_guessing' "
				    "AND evidence->>'user_id' = '%s'",
				    clerk.id),
		"1");
	assert_int_equal(login_from(till, HOME, clerk.email, password), 200);
	/* The strangers are still waited for, and that is shown. */
	assert_string_equal(about(till, &clerk, "lockout_until > now()"), "t");
	/* At his own counter he is slowed by his own failures. */
	use_up(till, HOME, clerk.email);
	assert_waits(till, login_from(till, HOME, clerk.email, password));
}

/* A socket for both shows clients of IPv4 in one network of IPv6: they are strangers all the same. */
static void test_mapped_addresses(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);

	forget(till);
	assert_int_equal(login_from(till, "::ffff:" HOME, clerk.email, password), 200);
	for (int i = 0; i < 5; i++)
		assert_int_equal(login_from(till, "::ffff:" AWAY, clerk.email, wrong), 401);
	hold_delays(till);
	assert_waits(till, login_from(till, "::ffff:" AWAY, clerk.email, password));
	assert_int_equal(login_from(till, "::ffff:" HOME, clerk.email, password), 200);
	/* He is the same whichever way he comes in. */
	assert_waits(till, login_from(till, AWAY, clerk.email, password));
	assert_int_equal(login_from(till, HOME, clerk.email, password), 200);
}

/* One address, many accounts. */
static void test_one_address_for_all(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);
	struct person other = till_person_with_password(till, "", password);
	char name[64];

	forget(till);
	assert_int_equal(login_from(till, AWAY, clerk.email, password), 200);
	assert_int_equal(login_from(till, AWAY, "a@example.com", wrong), 401);
	(void)promo_test_sql(
		till->database, "UPDATE throttles SET count = 49 WHERE subject = '/" AWAY "'");
	assert_int_equal(login_from(till, AWAY, "b@example.com", wrong), 401);
	hold_delays(till);
	assert_waits(till, login_from(till, AWAY, "c@example.com", wrong));
	assert_waits(till, login_from(till, AWAY, other.email, password));
	assert_int_equal(login_from(till, AWAY, clerk.email, password), 200);
	assert_int_equal(login_from(till, HOME, other.email, password), 200);
	/* Of IPv6, a network is one address. */
	forget(till);
	for (unsigned i = 0; i < 5; i++) {
		(void)snprintf(name, sizeof(name), "2001:db8:1:2::%x", 100 + i);
		assert_int_equal(login_from(till, name, other.email, wrong), 401);
	}
	hold_delays(till);
	assert_waits(till, login_from(till, "2001:db8:1:2:ffff::1", other.email, wrong));
	assert_int_equal(login_from(till, "2001:db8:1:3::1", other.email, wrong), 401);
}

/* Who holds somebody's session guesses no faster. */
static void test_with_a_session(void **state)
{
	static const char body[] = "{\"current_password\":\"tram lake copper ten\","
				   "\"new_password\":\"horse battery staple\"}";
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);
	char token[64];

	forget(till);
	assert_int_equal(login_from(till, HOME, clerk.email, password), 200);
	(void)snprintf(token, sizeof(token), "%s", till_get(till, "token"));
	for (int i = 0; i < 5; i++)
		assert_problem(
			till, 401, "invalid_credentials", &promo_op_me_password, token, body);
	hold_delays(till);
	assert_waits(till, ASK(till, &promo_op_me_password, token, body));
	assert_waits(till, login_from(till, HOME, clerk.email, password));
	assert_problem(till, 429, "too_many_requests", &promo_op_me_mfa_recovery_codes, token,
		"{\"password\":\"tram lake copper nine\"}");
}

static void test_settings(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "super-admin");
	struct person clerk = till_person_with_password(till, "", password);
	char etag[32];

	forget(till);
	assert_int_equal(
		ASK(till, &promo_op_settings_show, admin.token, .category = "security"), 200);
	assert_got(till, "values.lockout.attempts", "5");
	(void)snprintf(etag, sizeof(etag), "%s", till->answer.etag);
	assert_int_equal(ASK(till, &promo_op_settings_update[PROMO_SETTINGS_security], admin.token,
				 "{\"lockout\":{\"attempts\":2,\"minutes\":1}}", .if_match = etag),
		200);
	assert_int_equal(login_from(till, AWAY, clerk.email, wrong), 401);
	assert_int_equal(login_from(till, AWAY, clerk.email, wrong), 401);
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET count = 20, blocked_until = NULL WHERE subject LIKE '%s/_%%'",
		clerk.id);
	assert_int_equal(login_from(till, AWAY, clerk.email, wrong), 401);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT max(blocked_until - since) FROM throttles"),
		"00:01:00");
}

enum {
	GUESSERS = 3,
	GUESSES = 4,
	COMERS = 3,
};

struct guesser {
	struct promo_test_database *database;
	const char *identifier;
	int refused, delayed;
};

static void *guess(void *argument)
{
	struct guesser *guesser = argument;
	struct till *till = till_new(guesser->database);

	for (int i = 0; i < GUESSES; i++) {
		const int status = login_from(till, AWAY, guesser->identifier, wrong);

		guesser->refused += status == 401;
		guesser->delayed += status == 429;
	}
	till_free(till);
	return NULL;
}

/* Of many at once no more are told than of as many one after the other. */
static void test_many_at_once(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);
	struct guesser guessers[GUESSERS];
	pthread_t threads[GUESSERS];
	int refused = 0, delayed = 0;

	forget(till);
	/* The next failure is followed by the longest delay. */
	(void)promo_test_sql(till->database,
		"INSERT INTO throttles (kind, subject, count, since) VALUES "
		"('signin', '%s/" AWAY "', 30, now())",
		clerk.id);
	for (int i = 0; i < GUESSERS; i++) {
		guessers[i] = (struct guesser){ till->database, clerk.email, 0, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, guess, &guessers[i]), 0);
	}
	for (int i = 0; i < GUESSERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		refused += guessers[i].refused;
		delayed += guessers[i].delayed;
	}
	assert_int_equal(refused, 1);
	assert_int_equal(delayed, GUESSERS * GUESSES - 1);
}

struct comer {
	struct till *till;
	pthread_barrier_t *start;
	const char *email;
	int status;
};

static void *come(void *argument)
{
	struct comer *comer = argument;

	(void)pthread_barrier_wait(comer->start);
	comer->status = login_from(comer->till, HOME, comer->email, "password");
	return NULL;
}

/* The first of them has his hash made anew: the others showed the right password all the same. */
static void test_an_old_hash_at_once(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);
	struct comer comers[COMERS];
	pthread_t threads[COMERS];
	pthread_barrier_t start;

	forget(till);
	(void)promo_test_sql(till->database,
		"UPDATE users SET password_hash = '$argon2id$v=19$m=8192,t=1,p=1$"
		"0bulpK0mMsZNhhABOBWJpg$gZYyq5QMeuoZfFoJLM57E3/iHYVFM/GAK5rW3zx+bZY' "
		"WHERE id = '%s'",
		clerk.id);
	assert_int_equal(pthread_barrier_init(&start, NULL, COMERS), 0);
	for (int i = 0; i < COMERS; i++) {
		comers[i] = (struct comer){ till_new(till->database), &start, clerk.email, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, come, &comers[i]), 0);
	}
	for (int i = 0; i < COMERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(comers[i].status, 200);
		till_free(comers[i].till);
	}
	(void)pthread_barrier_destroy(&start);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM audit_log WHERE entity_id = '%s' AND action = "
			"'auth.login' AND outcome <> 'allowed'",
			clerk.id),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_fifth_failure),
		cmocka_unit_test(test_nobody_learns_who_has_an_account),
		cmocka_unit_test(test_strangers_do_not_lock_out),
		cmocka_unit_test(test_mapped_addresses),
		cmocka_unit_test(test_one_address_for_all),
		cmocka_unit_test(test_with_a_session),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_an_old_hash_at_once),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
