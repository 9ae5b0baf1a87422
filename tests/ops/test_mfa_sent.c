/* SPDX-License-Identifier: MIT */
/* Second factors whose codes are sent: enrolled by who reads what comes, good once and for ten minutes, to
 * the address that was confirmed, not too often, and nowhere to be read on the way. */
#include <stdio.h>
#include <string.h>

#include "libpromo/model/outbox.h"
#include "libpromo/ops/mail/payload.h"
#include "tests/lib/test.h"
#include "tests/ops/factor.h"

enum {
	CODE_SIZE = 8
};

static void set(struct till *till, const char *category, const char *key, const char *json)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) VALUES (gen_random_uuid(), "
		"'%s', '%s', '%s') ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET "
		"value = excluded.value; "
		"UPDATE auth_state SET settings_version = settings_version + 1",
		category, key, json);
}

/* The code of the last letter, as its recipient reads it. */
static void read_code(struct till *till, char ret[CODE_SIZE])
{
	struct promo_objects facts;
	bool sealed = false;

	assert_int_equal(promo_payload_open(&till->config,
				 promo_test_sql(till->database,
					 "SELECT payload FROM outbox ORDER BY id DESC LIMIT 1"),
				 till->texts, &facts, &sealed),
		0);
	assert_true(sealed);
	assert_int_equal(
		snprintf(ret, CODE_SIZE, "%s", promo_payload_fact(&facts, "code")), CODE_SIZE - 2);
}

static const char *last_letter(struct till *till)
{
	return promo_test_sql(till->database,
		"SELECT channel || ' ' || kind || ' ' || recipient FROM outbox "
		"ORDER BY id DESC LIMIT 1");
}

/* As if the last code had been sent long ago. */
static void forget_sends(struct till *till)
{
	(void)promo_test_sql(till->database,
		"UPDATE mfa_sent_codes SET sent_at = sent_at - interval '1 hour', "
		"since = since - interval '1 hour'");
}

static int send_code(struct till *till, const struct factor *who, const char *method)
{
	char body[256];

	(void)snprintf(body, sizeof(body), "{\"mfa_token\":\"%s\",\"method\":\"%s\"}",
		who->mfa_token, method);
	return ASK(till, &promo_op_auth_mfa_send, NULL, body);
}

static int confirm(
	struct till *till, const struct promo_op *op, const struct factor *who, const char *code)
{
	char body[64];

	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
	return ASK(till, op, who->person.token, body);
}

static int set_up(void **state)
{
	if (till_setup(state))
		return -1;
	set(*state, "notifications", "smtp.url", "\"smtp://127.0.0.1:1\"");
	return 0;
}

static void test_mail(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_person(till, "batch-manager"), other = clerk;
	char code[CODE_SIZE], expected[128];

	assert_int_equal(factor_login(till, &other), 200);
	assert_problem(till, 409, "mfa_not_enrolled", &promo_op_me_mfa_email_confirm,
		clerk.person.token, "{\"code\":\"123456\"}");
	assert_int_equal(ASK(till, &promo_op_me_mfa_email, clerk.person.token), 204);
	(void)snprintf(expected, sizeof(expected), "email mfa_enrol %s", clerk.person.email);
	assert_string_equal(last_letter(till), expected);
	read_code(till, code);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM outbox o, mfa_sent_codes c, audit_log a "
				    "WHERE (o::text || c::text || a::text) LIKE '%%%s%%' AND "
				    "o.payload::text LIKE '%%%s%%'",
				    code, code),
		"0");
	assert_problem(till, 429, "too_many_requests", &promo_op_me_mfa_email, clerk.person.token);
	assert_int_equal(confirm(till, &promo_op_me_mfa_email_confirm, &clerk, "12345"), 401);
	assert_int_equal(confirm(till, &promo_op_me_mfa_sms_confirm, &clerk, code), 409);
	assert_int_equal(confirm(till, &promo_op_me_mfa_email_confirm, &clerk, code), 200);
	assert_non_null(till_get(till, "recovery_codes.9"));
	assert_int_equal(ASK(till, &promo_op_me_show, other.person.token), 401);
	assert_problem(
		till, 409, "mfa_already_enrolled", &promo_op_me_mfa_email, clerk.person.token);

	/* The address of the profile is another one now: the code goes where it was confirmed. */
	(void)promo_test_sql(till->database,
		"UPDATE users SET email = 'eve@example.com' WHERE id = '%s'", clerk.person.id);
	(void)snprintf(clerk.person.email, sizeof(clerk.person.email), "eve@example.com");
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_got(till, "methods", "[\"email\",\"recovery_code\"]");
	assert_int_equal(send_code(till, &clerk, "email"), 429);
	forget_sends(till);
	assert_int_equal(send_code(till, &clerk, "sms"), 422);
	assert_int_equal(send_code(till, &clerk, "email"), 204);
	(void)snprintf(expected, sizeof(expected), "email mfa_code%s",
		strchr(strchr(last_letter(till), ' ') + 1, ' '));
	assert_string_equal(last_letter(till), expected);
	assert_null(strstr(expected, "eve@"));
	/* The one before is no code any more, nor is this one of another method. */
	assert_int_equal(factor_show(till, &clerk, "email", code), 401);
	read_code(till, code);
	assert_int_equal(factor_show(till, &clerk, "sms", code), 401);
	assert_int_equal(factor_show(till, &clerk, "authenticator_app", code), 401);
	assert_int_equal(factor_show(till, &clerk, "email", code), 200);
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_int_equal(factor_show(till, &clerk, "email", code), 401);
}

/* Ten minutes, five in an hour, and wrong ones slow all down, also while it is enrolled. */
static void test_limits(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_person(till, "batch-manager");
	char code[CODE_SIZE];

	assert_int_equal(ASK(till, &promo_op_me_mfa_email, clerk.person.token), 204);
	read_code(till, code);
	(void)promo_test_sql(
		till->database, "UPDATE mfa_sent_codes SET expires_at = clock_timestamp()");
	assert_int_equal(confirm(till, &promo_op_me_mfa_email_confirm, &clerk, code), 401);
	for (int i = 1; i < 5; i++) {
		(void)promo_test_sql(till->database,
			"UPDATE mfa_sent_codes SET sent_at = sent_at - interval '1 minute'");
		assert_int_equal(ASK(till, &promo_op_me_mfa_email, clerk.person.token), 204);
	}
	(void)promo_test_sql(till->database,
		"UPDATE mfa_sent_codes SET sent_at = sent_at - interval '1 minute'");
	assert_int_equal(ASK(till, &promo_op_me_mfa_email, clerk.person.token), 429);
	read_code(till, code);
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			confirm(till, &promo_op_me_mfa_email_confirm, &clerk, "no code"), 401);
	assert_int_equal(confirm(till, &promo_op_me_mfa_email_confirm, &clerk, code), 429);
	forget_sends(till);
	assert_int_equal(ASK(till, &promo_op_me_mfa_email, clerk.person.token), 204);
}

/* Where there is no way to send, or the settings do not offer it, nobody is led into it. */
static void test_offers(void **state)
{
	struct till *till = *state;
	struct factor clerk = factor_person(till, "batch-manager");
	char code[CODE_SIZE];

	assert_problem(till, 409, "mfa_not_offered", &promo_op_me_mfa_sms, clerk.person.token);
	set(till, "notifications", "sms.url", "\"https://sms.example.com/send\"");
	set(till, "notifications", "sms.enabled", "true");
	set(till, "security", "two_factor_authentication.methods", "[\"sms\"]");
	assert_problem(till, 409, "mfa_not_offered", &promo_op_me_mfa_email, clerk.person.token);
	/* There is no number in his profile yet. */
	assert_problem(till, 409, "mfa_not_offered", &promo_op_me_mfa_sms, clerk.person.token);
	(void)promo_test_sql(till->database,
		"UPDATE users SET phone_number = '+250788000001' WHERE id = '%s'", clerk.person.id);
	assert_int_equal(ASK(till, &promo_op_me_mfa_sms, clerk.person.token), 204);
	assert_non_null(strstr(last_letter(till), "sms mfa_enrol +250788000001"));
	read_code(till, code);
	assert_int_equal(confirm(till, &promo_op_me_mfa_sms_confirm, &clerk, code), 200);
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_got(till, "methods", "[\"sms\",\"recovery_code\"]");
	/* Who has enrolled one is asked for it, and so has to be sent its codes. */
	set(till, "security", "two_factor_authentication.enabled", "false");
	set(till, "security", "two_factor_authentication.methods", "[\"authenticator_app\"]");
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_got(till, "methods", "[\"sms\",\"recovery_code\"]");
	forget_sends(till);
	assert_int_equal(send_code(till, &clerk, "sms"), 204);
	read_code(till, code);
	assert_int_equal(factor_show(till, &clerk, "sms", code), 200);
	set(till, "notifications", "sms.enabled", "false");
	assert_int_equal(factor_login(till, &clerk), 401);
	assert_got(till, "methods", "[\"recovery_code\"]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_offers),
	};

	return cmocka_run_group_tests(tests, set_up, till_teardown);
}
