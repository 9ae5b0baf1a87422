/* SPDX-License-Identifier: MIT */
/* Sign-in: by e-mail or phone, one answer for every way to fail, a session that is stored hashed,
 * and no more passwords hashed at once than there are slots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/ops/hash_slots.h"
#include "tests/ops/till.h"

static const char password[] = "tram lake copper nine";

static int login(struct till *till, const char *identifier, const char *secret)
{
	char body[512];

	(void)snprintf(body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"%s\"}",
		identifier, secret);
	return ASK(till, &promo_op_auth_login, .body = body);
}

static void set_setting(struct till *till, const char *category, const char *key, const char *json)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), '%s', '%s', '%s') "
		"ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = "
		"excluded.value",
		category, key, json);
	(void)promo_test_sql(
		till->database, "UPDATE auth_state SET settings_version = settings_version + 1");
}

static void test_by_email(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "batch-manager", password);
	char token[128] = "", email[64] = "";

	(void)snprintf(email, sizeof(email), "%s", clerk.email);
	email[0] = (char)(email[0] >= 'a' ? email[0] - 'a' + 'A' : email[0]);
	assert_int_equal(login(till, email, password), 200);
	assert_got(till, "user.id", clerk.id);
	assert_got(till, "user.roles.0.name", "batch-manager");
	assert_got(till, "permissions.0", "promo-codes.fraud.report");
	assert_got(till, "mfa_enrolment_required", "false");
	(void)snprintf(token, sizeof(token), "%s", till_get(till, "token"));
	assert_int_equal(strncmp(token, "pmo_s_", 6), 0);
	assert_int_equal(ASK(till, &promo_op_auth_session, token), 200);
	assert_got(till, "user.id", clerk.id);
	assert_got(till, "session.current", "true");
	assert_got(till, "session.ip", "192.0.2.7");
	assert_got(till, "session.user_agent", "till");
	/* The database does not hold what would let its reader in. */
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM sessions s WHERE s::text LIKE '%%' || '%s' || '%%'",
			token + 6),
		"0");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT last_login_at IS NOT NULL FROM users WHERE id = '%s'", clerk.id),
		"t");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT actor_kind || ' ' || entity_kind FROM audit_log "
				    "WHERE action = 'auth.login' AND outcome = 'allowed' "
				    "AND actor_id = '%s' AND session_id IS NOT NULL",
				    clerk.id),
		"user user");
}

static void test_by_phone(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);

	(void)promo_test_sql(till->database,
		"UPDATE users SET phone_number = '+250788123456' WHERE id = '%s'", clerk.id);
	assert_int_equal(login(till, "0788 123 456", password), 200);
	assert_got(till, "user.id", clerk.id);
	assert_int_equal(login(till, "+250-788-123-456", password), 200);
	assert_got(till, "user.id", clerk.id);
}

/* Whoever fails learns nothing about why. */
static void test_every_way_to_fail_looks_the_same(void **state)
{
	struct till *till = *state;
	struct person known = till_person_with_password(till, "", password);
	struct person inactive = till_person_with_password(till, "", password);
	struct person mute = till_person(till, "");
	const struct {
		const char *identifier, *secret;
	} cases[] = {
		{ known.email, "tram lake copper ten" },
		{ inactive.email, password },
		{ mute.email, password },
		{ "nobody@example.com", password },
		{ "0788000000", password },
		{ "neither one nor two", password },
	};
	char first[1024] = "";

	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", inactive.id);
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_int_equal(login(till, cases[i].identifier, cases[i].secret), 401);
		assert_got(till, "code", "invalid_credentials");
		if (i == 0)
			(void)snprintf(first, sizeof(first), "%s", till->answer.body);
		assert_string_equal(till->answer.body, first);
	}
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM audit_log WHERE action = 'auth.login' "
				    "AND outcome = 'denied' AND error = 'invalid_credentials' "
				    "AND actor_kind = 'anonymous'"),
		"6");
}

static const char *lifetime_hours(struct till *till)
{
	return promo_test_sql(till->database,
		"SELECT round(extract(epoch FROM expires_at - created_at) / 3600) "
		"FROM sessions ORDER BY id DESC LIMIT 1");
}

static void test_lifetime(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);
	char body[512];

	assert_int_equal(login(till, clerk.email, password), 200);
	assert_string_equal(lifetime_hours(till), "12");
	(void)snprintf(body, sizeof(body),
		"{\"identifier\":\"%s\",\"password\":\"%s\",\"remember\":true}", clerk.email,
		password);
	assert_int_equal(ASK(till, &promo_op_auth_login, .body = body), 200);
	assert_string_equal(lifetime_hours(till), "720");
}

static const char *sessions_of(struct till *till, const struct person *person)
{
	return promo_test_sql(
		till->database, "SELECT count(*) FROM sessions WHERE user_id = '%s'", person->id);
}

static void test_one_session_at_a_time(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);

	assert_int_equal(login(till, clerk.email, password), 200);
	assert_int_equal(login(till, clerk.email, password), 200);
	assert_string_equal(sessions_of(till, &clerk), "2");
	set_setting(till, "security", "session_management.allow_multiple_sessions", "false");
	assert_int_equal(login(till, clerk.email, password), 200);
	assert_string_equal(sessions_of(till, &clerk), "1");
	set_setting(till, "security", "session_management.allow_multiple_sessions", "true");
}

static void test_an_old_hash_is_made_anew(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", password);

	/* "password" by Argon2id with m=8 MiB, t=1, as an older version might have made it. */
	(void)promo_test_sql(till->database,
		"UPDATE users SET password_hash = '$argon2id$v=19$m=8192,t=1,p=1$"
		"0bulpK0mMsZNhhABOBWJpg$gZYyq5QMeuoZfFoJLM57E3/iHYVFM/GAK5rW3zx+bZY' "
		"WHERE id = '%s'",
		clerk.id);
	if (login(till, clerk.email, "password") != 200)
		fail_msg("the example hash is not one of \"password\": %s", till->answer.body);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT password_hash LIKE '%%m=65536,t=2%%' FROM users "
				    "WHERE id = '%s'",
				    clerk.id),
		"t");
	assert_int_equal(login(till, clerk.email, "password"), 200);
}

static void test_too_many_at_once(void **state)
{
	struct till *till = *state;
	struct promo_hash_slots *all = till->config.hash_slots, *none;
	struct person clerk = till_person_with_password(till, "", password);

	assert_int_equal(promo_hash_slots_new(1, 0, &none), 0);
	assert_int_equal(promo_hash_slots_enter(none), 0);
	till->config.hash_slots = none;
	assert_int_equal(login(till, clerk.email, password), 429);
	assert_got(till, "code", "too_many_requests");
	assert_true(till->answer.retry_after_s > 0);
	promo_hash_slots_leave(none);
	assert_int_equal(login(till, clerk.email, password), 200);
	till->config.hash_slots = all;
	promo_hash_slots_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_email),
		cmocka_unit_test(test_by_phone),
		cmocka_unit_test(test_every_way_to_fail_looks_the_same),
		cmocka_unit_test(test_lifetime),
		cmocka_unit_test(test_one_session_at_a_time),
		cmocka_unit_test(test_an_old_hash_is_made_anew),
		cmocka_unit_test(test_too_many_at_once),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
