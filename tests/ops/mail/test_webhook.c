/* SPDX-License-Identifier: MIT */
/* Webhooks are called once for each event, signed as the specification says (checked by another
 * implementation), again where they failed, and not at all where they may not be: redirects, private
 * addresses, 410, days of failures. */
#include <stdio.h>
#include <string.h>

#include "libpromo/ops/notice_test.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/tell.h"
#include "libpromo/ops/webhook.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/ops/mail/receiver.h"

/* A webhook that calls this path of the receiver, and nothing else in the database. */
static const char *make_webhook(struct receiver_stage *stage, const char *path)
{
	static char id[40];
	char body[200];

	(void)promo_test_sql(
		stage->till->database, "DELETE FROM webhook_deliveries; DELETE FROM webhooks");
	receiver_set(stage->till, "webhooks.allow_private_addresses", "true");
	(void)snprintf(body, sizeof(body),
		"{\"url\":\"http://127.0.0.1:%d/%s\",\"events\":[\"batch.created\"]}",
		stage->receiver.port, path);
	assert_int_equal(ASK(stage->till, .op = &promo_op_webhook_create,
				 .token = stage->boss.token, .body = body),
		201);
	(void)snprintf(id, sizeof(id), "%s", till_get(stage->till, "id"));
	receiver_know(&stage->receiver, till_get(stage->till, "secret"));
	return id;
}

static void with_store(struct receiver_stage *stage, int (*work)(const struct promo_teller *teller))
{
	const struct promo_store_config config = { .uri = stage->till->database->app_uri };
	struct promo_teller teller = { .arena = stage->till->arena };
	struct promo_settings *settings;

	assert_int_equal(promo_store_open(&config, &teller.store), 0);
	assert_int_equal(promo_settings_new(&settings), 0);
	teller.settings = settings;
	assert_int_equal(promo_store_begin(teller.store), 0);
	assert_int_equal(work(&teller), 0);
	assert_int_equal(promo_store_commit(teller.store), 0);
	promo_settings_free(settings);
	promo_store_close(teller.store);
}

static int tell_all(const struct promo_teller *teller)
{
	int r = promo_webhook_add(
		teller->store, teller->arena, "batch.created", "{\"status\": \"active\"}");

	/* Nobody asked for this one. */
	return r ? r : promo_webhook_add(teller->store, teller->arena, "batch.assigned", "{}");
}

/* Tells of an event and lets the courier work until the condition holds. */
static void tell(struct receiver_stage *stage, const char *condition)
{
	struct promo_courier *courier;

	with_store(stage, tell_all);
	courier = receiver_courier(stage->till);
	receiver_wait(stage->till, condition);
	promo_courier_stop(courier);
}

#define DELIVERY "EXISTS (SELECT FROM webhook_deliveries WHERE "

static const char *value_of(struct receiver_stage *stage, const char *expression)
{
	return promo_test_sql(stage->till->database,
		"SELECT %s FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id",
		expression);
}

static void test_signed(void **state)
{
	struct receiver_stage *stage = *state;
	const char *request;
	char line[80];
	int before = receiver_count(&stage->receiver);

	(void)make_webhook(stage, "ok");
	tell(stage, DELIVERY "status = 'delivered')");
	assert_int_equal(receiver_count(&stage->receiver), before + 1);
	request = receiver_request(&stage->receiver, before + 1);
	assert_non_null(strstr(request, "POST /ok\n"));
	assert_non_null(strstr(request, "\ncontent-type: application/json\n"));
	assert_non_null(strstr(request, "\nsigned\n"));
	assert_non_null(strstr(request, "{\"type\":\"batch.created\",\"timestamp\":\"20"));
	assert_non_null(strstr(request, "\"data\":{\"status\":\"active\"}}"));
	(void)snprintf(line, sizeof(line), "\nwebhook-id: %s\n", value_of(stage, "d.id"));
	assert_non_null(strstr(request, line));
	assert_string_equal(value_of(stage, "count(*) || ' ' || max(d.attempts) || ' ' || "
					    "max(d.response_status)"),
		"1 1 204");
}

static void test_again_after_a_failure(void **state)
{
	struct receiver_stage *stage = *state;
	int before = receiver_count(&stage->receiver);
	char first[40];

	(void)make_webhook(stage, "later");
	tell(stage, DELIVERY "status = 'delivered' AND attempts = 2)");
	assert_int_equal(receiver_count(&stage->receiver), before + 2);
	assert_non_null(strstr(receiver_request(&stage->receiver, before + 1), "\nsigned\n"));
	(void)snprintf(first, sizeof(first), "%s", value_of(stage, "d.id"));
	assert_non_null(strstr(receiver_request(&stage->receiver, before + 1), first));
	assert_non_null(strstr(receiver_request(&stage->receiver, before + 2), first));
	assert_string_equal(value_of(stage, "w.failing_since"), "");
}

static void test_gone(void **state)
{
	struct receiver_stage *stage = *state;
	const char *id = make_webhook(stage, "gone");

	tell(stage, DELIVERY "status = 'dead' AND response_status = 410)");
	assert_string_equal(
		value_of(stage, "w.is_active || ' ' || w.disabled_reason"), "false gone");
	with_store(stage, promo_webhook_tidy);
	with_store(stage, promo_webhook_tidy);
	assert_string_equal(promo_test_sql(stage->till->database,
				    "SELECT count(*) FROM notifications WHERE kind = "
				    "'webhook.disabled' AND user_id = '%s' AND link->>'id' = '%s'",
				    stage->boss.id, id),
		"1");
	/* Nothing is told to who is not there; he may come back. */
	with_store(stage, tell_all);
	assert_string_equal(value_of(stage, "count(*)"), "1");
	assert_int_equal(
		ASK(stage->till, .op = &promo_op_webhook_update, .token = stage->boss.token,
			.id = id, .body = "{\"is_active\":true}"),
		200);
	assert_got(stage->till, "disabled_at", "null");
	assert_got(stage->till, "failing_since", "null");
}

/* Each of these is tried again; what was said of it is fit to be read. */
static void test_not_taken(void **state)
{
	static const struct {
		const char *path, *said;
	} cases[] = {
		{ "elsewhere", "answered 302, and redirects are not followed" },
		{ "refused", "answered 400: ?[31mno  such phone?" },
	};
	struct receiver_stage *stage = *state;

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const int before = receiver_count(&stage->receiver);
		char condition[160];

		(void)make_webhook(stage, cases[i].path);
		(void)snprintf(condition, sizeof(condition),
			DELIVERY "status = 'waiting' AND last_error = '%s')", cases[i].said);
		tell(stage, condition);
		assert_string_not_equal(value_of(stage, "w.failing_since"), "");
		for (int k = before + 1; k <= receiver_count(&stage->receiver); k++)
			assert_null(strstr(receiver_request(&stage->receiver, k), "POST /ok"));
	}
}

static void test_endless_answer(void **state)
{
	struct receiver_stage *stage = *state;

	(void)make_webhook(stage, "endless");
	tell(stage, DELIVERY "status = 'delivered' AND response_status = 200)");
}

static void test_private_addresses(void **state)
{
	struct receiver_stage *stage = *state;
	const int before = receiver_count(&stage->receiver);
	const char *id = make_webhook(stage, "ok");
	char body[120];

	receiver_set(stage->till, "webhooks.allow_private_addresses", "false");
	tell(stage, DELIVERY "status = 'waiting' AND last_error LIKE '%%private%%')");
	/* A name is judged by what it means. */
	(void)snprintf(
		body, sizeof(body), "{\"url\":\"http://localhost:%d/ok\"}", stage->receiver.port);
	assert_int_equal(ASK(stage->till, .op = &promo_op_webhook_update,
				 .token = stage->boss.token, .id = id, .body = body),
		200);
	(void)snprintf(body, sizeof(body), "{\"channel\":\"webhook\",\"webhook_id\":\"%s\"}", id);
	assert_problem(stage->till, 409, "delivery_failed", .op = &promo_op_notification_test,
		.token = stage->boss.token, .body = body);
	assert_non_null(strstr(till_get(stage->till, "detail"), "private"));
	assert_int_equal(receiver_count(&stage->receiver), before);
	receiver_set(stage->till, "webhooks.allow_private_addresses", "true");
	assert_int_equal(ASK(stage->till, .op = &promo_op_notification_test,
				 .token = stage->boss.token, .body = body),
		200);
	assert_got(stage->till, "response_code", "204");
	assert_non_null(strstr(receiver_request(&stage->receiver, before + 1),
		"{\"type\":\"test\",\"timestamp\":\""));
}

/* The secret is not in the database, and the key that seals it can be changed. */
static void test_sealed(void **state)
{
	static const unsigned char other_key[32] = { 7 };
	struct receiver_stage *stage = *state;
	const unsigned char *key = stage->till->config.mfa_key;
	char key_id[40];

	(void)make_webhook(stage, "ok");
	(void)snprintf(key_id, sizeof(key_id), "%s",
		promo_test_sql(stage->till->database, "SELECT key_id FROM webhooks"));
	stage->till->config.mfa_old_key = key;
	stage->till->config.mfa_key = other_key;
	tell(stage, DELIVERY "status = 'delivered')");
	assert_non_null(strstr(receiver_request(&stage->receiver, receiver_count(&stage->receiver)),
		"\nsigned\n"));
	assert_string_not_equal(
		promo_test_sql(stage->till->database, "SELECT key_id FROM webhooks"), key_id);
	stage->till->config.mfa_old_key = NULL;
	with_store(stage, tell_all);
	tell(stage, "NOT " DELIVERY "status <> 'delivered')");
	stage->till->config.mfa_key = key;
}

/* With which of them the last request is signed. */
static bool is_signed_with(struct receiver_stage *stage, const char *secret)
{
	receiver_know(&stage->receiver, secret);
	with_store(stage, tell_all);
	tell(stage, "NOT " DELIVERY "status <> 'delivered')");
	return strstr(receiver_request(&stage->receiver, receiver_count(&stage->receiver)),
		       "\nsigned\n") != NULL;
}

/* Who has the secret of before goes on for a day, however often it is changed; the key that seals them can
 * be changed meanwhile. */
static void test_rotated(void **state)
{
	static const unsigned char other_key[32] = { 9 };
	struct receiver_stage *stage = *state;
	const unsigned char *key = stage->till->config.mfa_key;
	const char *id = make_webhook(stage, "ok");
	char secrets[3][80];

	assert_int_equal(ASK(stage->till, .op = &promo_op_webhook_rotate,
				 .token = stage->boss.token, .id = id),
		200);
	(void)snprintf(secrets[1], sizeof(secrets[1]), "%s", till_get(stage->till, "secret"));
	assert_int_equal(ASK(stage->till, .op = &promo_op_webhook_rotate,
				 .token = stage->boss.token, .id = id),
		200);
	(void)snprintf(secrets[2], sizeof(secrets[2]), "%s", till_get(stage->till, "secret"));
	assert_string_not_equal(secrets[1], secrets[2]);
	/* The receiver knows the first one. */
	tell(stage, DELIVERY "status = 'delivered')");
	assert_non_null(strstr(receiver_request(&stage->receiver, receiver_count(&stage->receiver)),
		"\nsigned\n"));
	assert_true(is_signed_with(stage, secrets[1]));
	stage->till->config.mfa_old_key = key;
	stage->till->config.mfa_key = other_key;
	assert_true(is_signed_with(stage, secrets[2]));
	stage->till->config.mfa_old_key = NULL;
	assert_true(is_signed_with(stage, secrets[1]));
	stage->till->config.mfa_key = key;
	stage->till->config.mfa_old_key = other_key;
	(void)promo_test_sql(stage->till->database,
		"UPDATE webhook_secrets SET expires_at = now() - interval '1 second'");
	assert_false(is_signed_with(stage, secrets[1]));
	assert_true(is_signed_with(stage, secrets[2]));
	stage->till->config.mfa_old_key = NULL;
	with_store(stage, promo_webhook_tidy);
	assert_string_equal(
		promo_test_sql(stage->till->database, "SELECT count(*) FROM webhook_secrets"), "0");
	assert_string_equal(
		promo_test_sql(stage->till->database,
			"SELECT count(*) FROM audit_log WHERE action = "
			"'webhook.rotate-secret' AND changes::text LIKE '%%secret%%' AND "
			"changes::text NOT LIKE '%%whsec%%'"),
		"2");
}

static void test_sent_again(void **state)
{
	struct receiver_stage *stage = *state;
	struct promo_webhook_resend_in in = { .id = make_webhook(stage, "ok") };
	struct promo_webhook_delivery delivery;
	struct promo_problem problem = { 0 };
	struct promo_courier *courier;
	char id[40];

	tell(stage, DELIVERY "status = 'delivered')");
	(void)snprintf(id, sizeof(id), "%s", value_of(stage, "d.id"));
	in.delivery_id = id;
	assert_int_equal(promo_run_as_system(stage->till->runner, &promo_op_webhook_resend, &in,
				 stage->till->arena, &problem, &delivery),
		0);
	assert_int_equal(delivery.status, PROMO_DELIVERY_WAITING);
	courier = receiver_courier(stage->till);
	receiver_wait(stage->till, DELIVERY "status = 'delivered' AND attempts = 2)");
	promo_courier_stop(courier);
	assert_int_equal(ASK(stage->till, .op = &promo_op_webhook_deliveries,
				 .token = stage->boss.token, .id = in.id),
		200);
	assert_got(stage->till, "items.0.id", id);
	assert_got(stage->till, "items.0.data.status", "active");
	assert_int_equal(ASK(stage->till, .op = &promo_op_webhook_delete,
				 .token = stage->boss.token, .id = in.id),
		204);
	assert_string_equal(value_of(stage, "count(*)"), "0");
}

static void test_days_of_failures(void **state)
{
	struct receiver_stage *stage = *state;

	(void)make_webhook(stage, "ok");
	(void)promo_test_sql(stage->till->database,
		"UPDATE webhooks SET failing_since = now() - interval '4 days'");
	with_store(stage, promo_webhook_tidy);
	assert_string_equal(
		promo_test_sql(stage->till->database, "SELECT is_active FROM webhooks"), "t");
	(void)promo_test_sql(stage->till->database,
		"UPDATE webhooks SET failing_since = now() - interval '6 days'");
	with_store(stage, promo_webhook_tidy);
	assert_string_equal(promo_test_sql(stage->till->database,
				    "SELECT is_active || ' ' || disabled_reason FROM webhooks"),
		"false failing");
}

/* The daemon was down for longer than a delivery lives: it is not sent, and the receiver, who was not
 * called, has not failed. Who asks for it again gets it. */
static void test_expired(void **state)
{
	struct receiver_stage *stage = *state;
	struct promo_webhook_resend_in in = { .id = make_webhook(stage, "ok") };
	struct promo_webhook_delivery delivery;
	struct promo_problem problem = { 0 };
	struct promo_courier *courier;
	const int before = receiver_count(&stage->receiver);
	char id[40];

	with_store(stage, tell_all);
	(void)promo_test_sql(stage->till->database,
		"UPDATE webhook_deliveries SET expires_at = now() - interval '2 hours'");
	with_store(stage, promo_webhook_tidy);
	courier = receiver_courier(stage->till);
	receiver_wait(stage->till, DELIVERY "status = 'dead')");
	promo_courier_stop(courier);
	assert_int_equal(receiver_count(&stage->receiver), before);
	assert_string_equal(
		value_of(stage, "d.last_error"), "its time was over before it could be sent");
	assert_string_equal(value_of(stage, "w.failing_since"), "");

	(void)snprintf(id, sizeof(id), "%s", value_of(stage, "d.id"));
	in.delivery_id = id;
	assert_int_equal(promo_run_as_system(stage->till->runner, &promo_op_webhook_resend, &in,
				 stage->till->arena, &problem, &delivery),
		0);
	courier = receiver_courier(stage->till);
	receiver_wait(stage->till, DELIVERY "status = 'delivered')");
	promo_courier_stop(courier);
	assert_int_equal(receiver_count(&stage->receiver), before + 1);
}

static void test_bad_fields(void **state)
{
	struct receiver_stage *stage = *state;

	assert_problem(stage->till, 422, "invalid_input", .op = &promo_op_webhook_create,
		.token = stage->boss.token,
		.body = "{\"url\":\"https://me:secret@example.com/\","
			"\"events\":[\"batch.created\",\"no.such\"]}");
	assert_got(stage->till, "errors.0.pointer", "/url");
	assert_got(stage->till, "errors.1.pointer", "/events/1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_again_after_a_failure),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_not_taken),
		cmocka_unit_test(test_endless_answer),
		cmocka_unit_test(test_private_addresses),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_rotated),
		cmocka_unit_test(test_sent_again),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_days_of_failures),
		cmocka_unit_test(test_bad_fields),
	};

	return cmocka_run_group_tests(tests, receiver_setup, receiver_teardown);
}
