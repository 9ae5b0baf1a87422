/* SPDX-License-Identifier: MIT */
/* Who registers waits for approval, gets the role user and no more, and learns nothing about others;
 * the way is closed unless the settings open it. */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_registration.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

#define PASSWORD "correct horse battery"

static struct person boss;

static int group_setup(void **state)
{
	if (till_setup(state))
		return -1;
	boss = till_person(*state, "super-admin");
	return 0;
}

static void set_open(struct till *till, const char *value)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'registration', 'enabled', '%s') ON CONFLICT ON CONSTRAINT system_settings_key "
		"DO UPDATE SET value = excluded.value; "
		"UPDATE auth_state SET settings_version = settings_version + 1; "
		"DELETE FROM throttles",
		value);
}

static int ask(struct till *till, const char *email, const char *password)
{
	char body[512];

	(void)snprintf(body, sizeof(body),
		"{\"first_name\":\"Aline\",\"last_name\":\"Uwase\",\"email\":\"%s\","
		"\"password\":\"%s\"}",
		email, password);
	return ASK(till, &promo_op_registration_create, .body = body);
}

static int login(struct till *till, const char *email)
{
	char body[256];

	(void)snprintf(
		body, sizeof(body), "{\"identifier\":\"%s\",\"password\":\"" PASSWORD "\"}", email);
	return ASK(till, &promo_op_auth_login, .body = body);
}

/* The id of who waits under this address, "" for nobody. */
static const char *waiting(struct till *till, const char *email)
{
	return promo_test_sql(till->database,
		"SELECT coalesce((SELECT id::text FROM registrations WHERE email = '%s' AND "
		"status = 'pending'), '')",
		email);
}

static void test_closed(void **state)
{
	struct till *till = *state;

	assert_int_equal(ask(till, "early@example.com", PASSWORD), 403);
	assert_got(till, "code", "registration_closed");
	assert_string_equal(waiting(till, "early@example.com"), "");
}

static void test_approved(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), clerk = till_person(till, "support");
	char id[40];

	set_open(till, "true");
	assert_int_equal(ask(till, "new@example.com", PASSWORD), 204);
	assert_int_equal(login(till, "new@example.com"), 401);
	(void)snprintf(id, sizeof(id), "%s", waiting(till, "new@example.com"));
	assert_int_equal(ASK(till, &promo_op_registration_list, admin.token,
				 .query = { { "status", "pending" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "1");
	assert_got(till, "items.0.id", id);
	assert_null(strstr(till->answer.body, "argon2"));
	assert_problem(
		till, 403, "forbidden", &promo_op_registration_approve, clerk.token, .id = id);
	/* It may be himself who registered: he gets no right in this way that he lacks. */
	till_grant(till, &clerk, "users.registration.approve");
	(void)promo_test_sql(till->database,
		"INSERT INTO role_permissions (role_id, permission_id) SELECT r.id, p.id FROM "
		"roles r, permissions p WHERE r.name = 'user' AND p.key = 'audit.read'");
	assert_problem(
		till, 403, "forbidden", &promo_op_registration_approve, clerk.token, .id = id);
	(void)promo_test_sql(till->database,
		"DELETE FROM role_permissions rp USING roles r WHERE r.id = rp.role_id AND "
		"r.name = 'user'");
	assert_int_equal(ASK(till, &promo_op_registration_approve, admin.token, .id = id), 200);
	assert_got(till, "status", "approved");
	assert_got(till, "decided_by.id", admin.id);
	assert_int_equal(login(till, "new@example.com"), 200);
	assert_got(till, "user.roles.0.name", "user");
	assert_null(till_get(till, "user.roles.1.name"));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM registrations WHERE id = '%s' AND "
				    "password_hash IS NULL",
				    id),
		"1");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(DISTINCT kind) FROM notifications WHERE user_id "
				    "= '%s' AND kind IN ('registration.requested', "
				    "'user.registered')",
				    boss.id),
		"2");
	set_open(till, "false");
}

static void test_rejected(void **state)
{
	struct till *till = *state;
	char id[40];

	set_open(till, "true");
	assert_int_equal(ask(till, "no@example.com", PASSWORD), 204);
	(void)snprintf(id, sizeof(id), "%s", waiting(till, "no@example.com"));
	assert_int_equal(ASK(till, &promo_op_registration_reject, boss.token, .id = id), 200);
	assert_got(till, "status", "rejected");
	assert_int_equal(login(till, "no@example.com"), 401);
	assert_problem(till, 409, "invalid_transition", &promo_op_registration_approve, boss.token,
		.id = id);
	/* He may ask again. */
	assert_int_equal(ask(till, "no@example.com", PASSWORD), 204);
	assert_string_not_equal(waiting(till, "no@example.com"), "");
	set_open(till, "false");
}

/* An address that has an account, or waits, is answered like any other. */
static void test_nobody_learns_who_has_an_account(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");

	set_open(till, "true");
	assert_int_equal(ask(till, clerk.email, PASSWORD), 204);
	assert_string_equal(waiting(till, clerk.email), "");
	assert_int_equal(ask(till, "twice@example.com", PASSWORD), 204);
	assert_int_equal(ask(till, "twice@example.com", PASSWORD), 204);
	assert_string_not_equal(waiting(till, "twice@example.com"), "");
	assert_int_equal(ask(till, "weak@example.com", "short"), 422);
	assert_got(till, "errors.0.pointer", "/password");
	/* The fifth of one address is the last for a while. */
	assert_int_equal(ask(till, "four@example.com", PASSWORD), 204);
	assert_int_equal(ask(till, "five@example.com", PASSWORD), 204);
	(void)promo_test_sql(till->database,
		"UPDATE throttles SET blocked_until = now() + interval '60 s' "
		"WHERE blocked_until IS NOT NULL");
	assert_int_equal(ask(till, "six@example.com", PASSWORD), 429);
	assert_string_equal(waiting(till, "six@example.com"), "");
	set_open(till, "false");
}

/* Of IPv6 whoever has one address has a network of them. */
static void test_one_network_is_one_address(void **state)
{
	struct till *till = *state;
	char body[256], ip[64];

	set_open(till, "true");
	for (int i = 0; i < 6; i++) {
		(void)snprintf(body, sizeof(body),
			"{\"first_name\":\"Aline\",\"last_name\":\"Uwase\",\"email\":"
			"\"net%d@example.com\",\"password\":\"" PASSWORD "\"}",
			i);
		(void)snprintf(ip, sizeof(ip), "2001:db8::%d", i + 1);
		assert_int_equal(ASK(till, &promo_op_registration_create, .body = body, .ip = ip),
			i < 5 ? 204 : 429);
		(void)promo_test_sql(till->database,
			"UPDATE throttles SET blocked_until = now() + interval '60 s' "
			"WHERE blocked_until IS NOT NULL");
	}
	set_open(till, "false");
}

/* The address was free when he asked, and is not any more: nobody becomes somebody else. */
static void test_taken_meanwhile(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "");
	char id[40];

	set_open(till, "true");
	assert_int_equal(ask(till, "meanwhile@example.com", PASSWORD), 204);
	(void)snprintf(id, sizeof(id), "%s", waiting(till, "meanwhile@example.com"));
	(void)promo_test_sql(till->database,
		"UPDATE users SET email = 'meanwhile@example.com' WHERE id = '%s'", clerk.id);
	assert_problem(
		till, 409, "email_taken", &promo_op_registration_approve, boss.token, .id = id);
	assert_string_equal(waiting(till, "meanwhile@example.com"), id);
	assert_int_equal(login(till, "meanwhile@example.com"), 401);
	assert_int_equal(ASK(till, &promo_op_registration_reject, boss.token, .id = id), 200);
	set_open(till, "false");
}

static const char *letters(struct till *till, const char *email)
{
	return promo_test_sql(till->database,
		"SELECT coalesce(string_agg(kind, ' '), '') FROM outbox WHERE recipient = '%s'",
		email);
}

/* Names are one line of plain text wherever they go. */
static void test_names(void **state)
{
	static const char *const names[] = { "a\\nBcc: x@example.com", "a\\u0000b", "\\u001b[31m",
		" ", "a\\u0007" };
	struct till *till = *state;
	char body[512];

	set_open(till, "true");
	for (size_t i = 0; i < PROMO_COUNT(names); i++) {
		(void)snprintf(body, sizeof(body),
			"{\"first_name\":\"%s\",\"last_name\":\"Uwase\",\"email\":"
			"\"names@example.com\",\"password\":\"" PASSWORD "\"}",
			names[i]);
		if (ASK(till, &promo_op_registration_create, .body = body) < 400)
			fail_msg("taken: %s", names[i]);
	}
	assert_string_equal(waiting(till, "names@example.com"), "");
	set_open(till, "false");
}

/* One letter tells him that he may sign in now, neither two nor none. */
static void test_one_letter(void **state)
{
	struct till *till = *state;
	char id[40];

	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'notifications', 'smtp.url', "
		"'\"smtp://mail.example.com:587\"'), "
		"(gen_random_uuid(), 'notifications', 'email_notifications.enabled', 'true'), "
		"(gen_random_uuid(), 'branding', 'contact_email', '\"shop@example.com\"')");
	set_open(till, "true");
	assert_int_equal(ask(till, "letter@example.com", PASSWORD), 204);
	assert_string_equal(letters(till, "letter@example.com"), "");
	(void)snprintf(id, sizeof(id), "%s", waiting(till, "letter@example.com"));
	assert_int_equal(ASK(till, &promo_op_registration_approve, boss.token, .id = id), 200);
	assert_string_equal(letters(till, "letter@example.com"), "registration_approved");
	set_open(till, "false");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_approved),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_nobody_learns_who_has_an_account),
		cmocka_unit_test(test_one_network_is_one_address),
		cmocka_unit_test(test_taken_meanwhile),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_one_letter),
	};

	return cmocka_run_group_tests(tests, group_setup, till_teardown);
}
