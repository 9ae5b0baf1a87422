/* SPDX-License-Identifier: MIT */
/* A forgotten password: the token works once, in time, for its user alone, and ends what was begun with
 * the old password; nobody makes one for himself or for who stands above him; nothing keeps it. */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_password_reset.h"
#include "libpromo/api/op_role.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

#define OLD "tram lake copper nine"
#define NEW "correct horse battery"

static struct person boss;

static int group_setup(void **state)
{
	if (till_setup(state))
		return -1;
	boss = till_person(*state, "super-admin");
	return 0;
}

static int login(struct till *till, const struct person *person, const char *password)
{
	char body[256];

	(void)snprintf(body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"%s\"}",
		person->email, password);
	return ASK(till, &promo_op_auth_login, .body = body);
}

static void make_token(struct till *till, const struct person *person, char token[64])
{
	assert_int_equal(
		ASK(till, &promo_op_user_password_reset, boss.token, .id = person->id), 201);
	(void)snprintf(token, 64, "%s", till_get(till, "token"));
	assert_int_equal(strncmp(token, "pmo_r_", 6), 0);
}

static int use(struct till *till, const char *token, const char *password)
{
	char body[256];

	(void)snprintf(
		body, sizeof(body), "{\"token\":\"%s\",\"new_password\":\"%s\"}", token, password);
	return ASK(till, &promo_op_auth_password_reset, .body = body);
}

/* As If-Match has it. */
static const char *version(struct till *till, const struct person *person)
{
	return promo_test_sql(till->database,
		"SELECT '\"' || version || '\"' FROM users WHERE id = '%s'", person->id);
}

static void assert_dead(struct till *till, const char *token)
{
	assert_int_equal(use(till, token, NEW), 401);
	assert_got(till, "code", "invalid_credentials");
	(void)promo_test_sql(till->database, "DELETE FROM throttles");
}

static void test_once(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "support", OLD);
	char token[64], session[64];

	assert_int_equal(login(till, &clerk, OLD), 200);
	(void)snprintf(session, sizeof(session), "%s", till_get(till, "token"));
	make_token(till, &clerk, token);
	assert_got(till, "mailed", "false");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT round(extract(epoch FROM expires_at - created_at)) "
				    "FROM password_resets WHERE user_id = '%s'",
				    clerk.id),
		"3600");
	/* Until it is used, all is as it was. */
	assert_int_equal(login(till, &clerk, OLD), 200);
	assert_int_equal(use(till, token, NEW), 204);
	assert_int_equal(ASK(till, &promo_op_me_show, session), 401);
	assert_int_equal(login(till, &clerk, OLD), 401);
	assert_int_equal(login(till, &clerk, NEW), 200);
	assert_dead(till, token);
	/* Neither the trail nor the table lets its reader in. */
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT (SELECT count(*) FROM audit_log a WHERE a::text LIKE "
				    "'%%' || '%s' || "
				    "'%%') + (SELECT count(*) FROM password_resets)",
				    token + 6),
		"0");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT actor_kind || ' ' || entity_id FROM audit_log WHERE "
				    "action = 'auth.password-reset' AND outcome = 'allowed' "
				    "AND actor_id = '%s'",
				    clerk.id) +
				    strlen("user "),
		clerk.id);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM notifications WHERE user_id = '%s' AND "
				    "kind = 'user.password_reset'",
				    clerk.id),
		"1");
}

static void test_what_ends_it(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", OLD);
	char first[64], token[64], session[64];

	make_token(till, &clerk, first);
	make_token(till, &clerk, token);
	assert_dead(till, first);
	(void)promo_test_sql(till->database, "UPDATE password_resets SET expires_at = now()");
	assert_dead(till, token);
	/* Who remembers his password has no use for it. */
	make_token(till, &clerk, token);
	assert_int_equal(login(till, &clerk, OLD), 200);
	(void)snprintf(session, sizeof(session), "%s", till_get(till, "token"));
	assert_int_equal(ASK(till, &promo_op_me_password, session,
				 "{\"current_password\":\"" OLD "\",\"new_password\":\"" NEW "\"}"),
		204);
	assert_dead(till, token);
	make_token(till, &clerk, token);
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", clerk.id);
	assert_dead(till, token);
	assert_dead(till, "pmo_r_garbage");
	assert_dead(till, session);
	assert_dead(till, "pmo_r_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

/* Whoever made a token, or was sent it, is not always whom one would give it to an hour later. */
static void test_what_has_changed_ends_it(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person_with_password(till, "", OLD);
	char token[64];

	make_token(till, &clerk, token);
	assert_int_equal(ASK(till, &promo_op_user_update, boss.token, "{\"last_name\":\"Keza\"}",
				 clerk.id, .if_match = version(till, &clerk)),
		200);
	assert_int_equal(use(till, token, NEW), 204);
	make_token(till, &clerk, token);
	assert_int_equal(
		ASK(till, &promo_op_user_assign_role, boss.token, "{\"role\":\"admin\"}", clerk.id),
		200);
	assert_dead(till, token);
	make_token(till, &clerk, token);
	assert_int_equal(ASK(till, &promo_op_user_set_permissions, boss.token,
				 "{\"grant\":[\"audit.read\"]}", clerk.id,
				 .if_match = version(till, &clerk)),
		200);
	assert_dead(till, token);
	make_token(till, &clerk, token);
	assert_int_equal(
		ASK(till, &promo_op_user_update, boss.token, "{\"email\":\"another@example.com\"}",
			clerk.id, .if_match = version(till, &clerk)),
		200);
	assert_dead(till, token);
	make_token(till, &clerk, token);
	assert_int_equal(ASK(till, &promo_op_user_update, boss.token, "{\"is_active\":false}",
				 clerk.id, .if_match = version(till, &clerk)),
		200);
	assert_int_equal(ASK(till, &promo_op_user_update, boss.token, "{\"is_active\":true}",
				 clerk.id, .if_match = version(till, &clerk)),
		200);
	assert_dead(till, token);
}

/* A password that the policy does not take costs nobody his token. */
static void test_policy(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");
	char token[64];

	make_token(till, &clerk, token);
	assert_int_equal(use(till, token, "short"), 422);
	assert_got(till, "errors.0.pointer", "/new_password");
	assert_int_equal(use(till, token, clerk.email), 422);
	/* A user who never had a password gets his first one so. */
	assert_int_equal(use(till, token, NEW), 204);
	assert_int_equal(login(till, &clerk, NEW), 200);
}

static void test_who_may(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), peer = till_person(till, "admin");
	struct person gone = till_person(till, "");

	assert_problem(
		till, 403, "forbidden", &promo_op_user_password_reset, boss.token, .id = boss.id);
	assert_problem(
		till, 403, "forbidden", &promo_op_user_password_reset, admin.token, .id = peer.id);
	assert_problem(
		till, 403, "forbidden", &promo_op_user_password_reset, admin.token, .id = boss.id);
	assert_problem(till, 404, "not_found", &promo_op_user_password_reset, admin.token,
		.id = "0190a1b2-c3d4-7abc-8def-0123456789ab");
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", gone.id);
	assert_problem(till, 409, "invalid_transition", &promo_op_user_password_reset, admin.token,
		.id = gone.id);
}

/* Shown once: a repeated request does not show it again, nor is it kept for that. */
static void test_repeated(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");
	char token[64];

	assert_int_equal(ASK(till, &promo_op_user_password_reset, boss.token, .id = clerk.id,
				 .key = "reset-1"),
		201);
	(void)snprintf(token, sizeof(token), "%s", till_get(till, "token"));
	assert_int_equal(ASK(till, &promo_op_user_password_reset, boss.token, .id = clerk.id,
				 .key = "reset-1"),
		201);
	assert_true(till->answer.replayed);
	assert_got(till, "token", "null");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM idempotency_keys k WHERE k::text LIKE '%%%s%%'",
			token + 6),
		"0");
	assert_int_equal(use(till, token, NEW), 204);
}

/* Where mail goes out, the user gets it too, sealed until it has gone. */
static void test_mailed(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");
	char token[64];

	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'notifications', 'smtp.url', "
		"'\"smtp://mail.example.com:587\"'), "
		"(gen_random_uuid(), 'notifications', 'email_notifications.enabled', 'true'), "
		"(gen_random_uuid(), 'branding', 'contact_email', '\"shop@example.com\"'); "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	make_token(till, &clerk, token);
	assert_got(till, "mailed", "true");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) || ' ' || count(*) FILTER (WHERE o::text LIKE '%%%s%%') "
			"FROM outbox o WHERE kind = 'password_reset' AND recipient = '%s'",
			token + 6, clerk.email),
		"1 0");
	assert_int_equal(use(till, token, NEW), 204);
}

/* Whoever tries tokens waits, and he alone. */
static void test_guessing(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");
	char token[64], body[256];

	make_token(till, &clerk, token);
	for (int i = 0; i < 5; i++)
		assert_int_equal(use(till, "pmo_r_no", NEW), 401);
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET blocked_until = now() + interval '60 s' "
		"WHERE blocked_until IS NOT NULL");
	assert_int_equal(use(till, token, NEW), 429);
	(void)snprintf(
		body, sizeof(body), "{\"token\":\"%s\",\"new_password\":\"" NEW "\"}", token);
	assert_int_equal(
		ASK(till, &promo_op_auth_password_reset, .body = body, .ip = "203.0.113.5"), 204);
	(void)promo_test_sql(till->database, "DELETE FROM throttles");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_what_ends_it),
		cmocka_unit_test(test_what_has_changed_ends_it),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_who_may),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_guessing),
		cmocka_unit_test(test_mailed),
	};

	return cmocka_run_group_tests(tests, group_setup, till_teardown);
}
