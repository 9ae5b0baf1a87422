/* SPDX-License-Identifier: MIT */
/* Text messages reach a real HTTP gateway as its settings say, with nothing in them that could leave its
 * place; what the gateway refuses for good is dead and says why in words that harm no terminal. */
#include <stdio.h>
#include <string.h>

#include "libpromo/ops/hash_slots.h"
#include "libpromo/ops/mail/carrier.h"
#include "libpromo/ops/notice_test.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/store/store.h"
#include "tests/lib/test.h"
#include "tests/ops/mail/receiver.h"

#define PHONE "+250788123456"

static const char *const here = "127.0.0.1";

static void set_url(struct receiver_stage *stage, const char *path)
{
	char url[120];

	(void)promo_test_sql(stage->till->database, "DELETE FROM outbox");
	(void)snprintf(url, sizeof(url), "\"http://127.0.0.1:%d/%s\"", stage->receiver.port, path);
	receiver_set(stage->till, "sms.url", url);
	receiver_set(stage->till, "sms.enabled", "true");
	receiver_set(stage->till, "sms.sender", "\"Shop & Co\"");
	receiver_set(stage->till, "webhooks.allow_private_addresses", "true");
	stage->till->config.sms_secret = "a+b";
	stage->till->config.sms_hosts = (struct promo_texts){ &here, 1 };
}

static void forget_tests(struct receiver_stage *stage)
{
	(void)promo_test_sql(
		stage->till->database, "DELETE FROM throttles WHERE kind = 'message_test'");
}

/* Writes a message that says this, and lets the courier work until it has this status. */
static void write_message(struct receiver_stage *stage, const char *text, const char *status)
{
	const struct promo_store_config config = { .uri = stage->till->database->app_uri };
	const struct promo_fact facts[] = { { "title", "T" }, { "body", text } };
	const struct promo_letter letter = {
		.channel = PROMO_CHANNEL_SMS,
		.kind = "job_failed",
		.recipients = { (const char *const[]){ PHONE }, 1 },
		.facts = { facts, PROMO_COUNT(facts) },
	};
	struct promo_courier *courier;
	struct promo_store *store;
	char condition[160];

	assert_int_equal(promo_store_open(&config, &store), 0);
	assert_int_equal(promo_outbox_add(store, stage->till->arena, &letter), 0);
	promo_store_close(store);
	courier = receiver_courier(stage->till);
	(void)snprintf(condition, sizeof(condition),
		/* What waits is tried again and again. */
		"EXISTS (SELECT FROM outbox WHERE status = '%s' AND (attempts = 1 OR "
		"status = 'waiting' AND attempts > 1))",
		status);
	receiver_wait(stage->till, condition);
	promo_courier_stop(courier);
}

static const char *last_request(struct receiver_stage *stage)
{
	return receiver_request(&stage->receiver, receiver_count(&stage->receiver));
}

static void assert_said(const char *request, const char *text)
{
	if (!request || !strstr(request, text))
		fail_msg("not said: %s\n%s", text, request ? request : "(nothing)");
}

static void test_form(void **state)
{
	struct receiver_stage *stage = *state;
	const char *request;

	set_url(stage, "ok");
	write_message(stage, "a&to=+1 \u00e9", "sent");
	request = last_request(stage);
	assert_said(request, "POST /ok\n");
	assert_said(request, "\nauthorization: Bearer a+b\n");
	assert_said(request, "\ncontent-type: application/x-www-form-urlencoded\n");
	assert_said(request, "\n\nto=%2B250788123456&from=Shop%20%26%20Co&text=");
	assert_said(request, "a%26to%3D%2B1%20%C3%A9\n");
}

static void test_json(void **state)
{
	struct receiver_stage *stage = *state;
	const char *request;

	set_url(stage, "ok?key={secret}");
	receiver_set(stage->till, "sms.content_type", "\"application/json\"");
	receiver_set(stage->till, "sms.header", "\"apiKey: {secret}\"");
	receiver_set(stage->till, "sms.template",
		"\"{\\\"to\\\":[\\\"{phone}\\\"],\\\"body\\\":\\\"{text}\\\"}\"");
	write_message(stage, "\"}, {\"to", "sent");
	request = last_request(stage);
	assert_said(request, "POST /ok?key=a%2Bb\n");
	assert_said(request, "\napikey: a+b\n");
	assert_said(request, "{\"to\":[\"" PHONE "\"],\"body\":\"");
	assert_said(request, "\\\"}, {\\\"to\"}\n");
}

static void test_get_without_a_secret(void **state)
{
	struct receiver_stage *stage = *state;
	const char *request;

	set_url(stage, "ok?to={phone}&text={text}");
	receiver_set(stage->till, "sms.method", "\"GET\"");
	stage->till->config.sms_secret = NULL;
	write_message(stage, "b", "sent");
	request = last_request(stage);
	assert_said(request, "GET /ok?to=%2B250788123456&text=");
	assert_null(strstr(request, "apikey"));
	receiver_set(stage->till, "sms.method", "\"POST\"");
}

static void test_refused(void **state)
{
	struct receiver_stage *stage = *state;

	set_url(stage, "refused");
	write_message(stage, "c", "dead");
	assert_string_equal(promo_test_sql(stage->till->database, "SELECT last_error FROM outbox"),
		"answered 400: ?[31mno  such phone?");
	set_url(stage, "later");
	write_message(stage, "d", "waiting");
}

/* The secret stays where promod.conf says, and so do all messages. */
static void test_elsewhere(void **state)
{
	static const char *const places[] = { "sms.example", "127.0.0.1:1",
		"127.0.0.1.sms.example" };
	struct receiver_stage *stage = *state;
	const int before = receiver_count(&stage->receiver);

	set_url(stage, "ok");
	stage->till->config.sms_hosts = (struct promo_texts){ places, PROMO_COUNT(places) };
	for (int i = 0; i < 2; i++) {
		(void)promo_test_sql(stage->till->database, "DELETE FROM outbox");
		write_message(stage, "e", "waiting");
		assert_string_equal(
			promo_test_sql(stage->till->database, "SELECT last_error FROM outbox"),
			"text messages go only where promod.conf says: the host of the gateway "
			"(notifications.sms.url) is not among its sms_secret_host");
		stage->till->config.sms_hosts = (struct promo_texts){ 0 };
	}
	assert_int_equal(receiver_count(&stage->receiver), before);
	stage->till->config.sms_secret = NULL;
	(void)promo_test_sql(stage->till->database, "DELETE FROM outbox");
	write_message(stage, "g", "sent");
}

/* A gateway that repeats the message does not make it known. */
static void test_echo(void **state)
{
	struct receiver_stage *stage = *state;

	set_url(stage, "echo");
	receiver_set(stage->till, "sms.content_type", "\"application/x-www-form-urlencoded\"");
	receiver_set(stage->till, "sms.template", "\"text={text}\"");
	write_message(stage, "What only one may read", "dead");
	assert_string_equal(promo_test_sql(stage->till->database, "SELECT last_error FROM outbox"),
		"answered 400");
}

/* Whoever sets it up sees at once what the gateway says. */
static void test_tried_out(void **state)
{
	static const char body[] = "{\"channel\":\"sms\",\"recipient\":\"0788 123 456\"}";
	struct receiver_stage *stage = *state;

	set_url(stage, "ok");
	assert_int_equal(ASK(stage->till, .op = &promo_op_notification_test,
				 .token = stage->boss.token, .body = body),
		200);
	assert_got(stage->till, "recipient", PHONE);
	assert_said(last_request(stage), PHONE);
	set_url(stage, "refused");
	assert_problem(stage->till, 409, "delivery_failed", .op = &promo_op_notification_test,
		.token = stage->boss.token, .body = body);
	assert_got(stage->till, "detail", "answered 400: ?[31mno  such phone?");
	receiver_set(stage->till, "sms.enabled", "false");
	assert_problem(stage->till, 409, "delivery_failed", .op = &promo_op_notification_test,
		.token = stage->boss.token, .body = body);
	assert_non_null(strstr(till_get(stage->till, "detail"), "notifications.sms.enabled"));
	assert_int_equal(ASK(stage->till, .op = &promo_op_notification_test,
				 .token = stage->boss.token, .body = "{\"channel\":\"in_app\"}"),
		200);
	assert_string_equal(
		promo_test_sql(stage->till->database,
			"SELECT count(*) FROM notifications WHERE user_id = '%s'", stage->boss.id),
		"1");
}

static int test_with(struct receiver_stage *stage, const char *key, const char *body)
{
	return ASK(stage->till, .op = &promo_op_notification_test, .token = stage->boss.token,
		.key = key, .body = body);
}

/* Who asks again with the same key is told what became of the first; nothing goes twice. */
static void test_once(void **state)
{
	static const char ok[] = "{\"channel\":\"sms\",\"recipient\":\"0788 123 456\"}";
	static const char other[] = "{\"channel\":\"sms\",\"recipient\":\"0788 123 457\"}";
	struct receiver_stage *stage = *state;
	const int before = receiver_count(&stage->receiver);

	forget_tests(stage);
	set_url(stage, "ok");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(test_with(stage, "t-1", ok), 200);
		assert_got(stage->till, "recipient", PHONE);
		assert_got(stage->till, "response_code", "204");
		assert_int_equal(stage->till->answer.replayed, i == 1);
	}
	assert_int_equal(test_with(stage, "t-1", other), 422);
	assert_int_equal(receiver_count(&stage->receiver), before + 1);
	set_url(stage, "refused");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(test_with(stage, "t-2", ok), 409);
		assert_got(stage->till, "code", "delivery_failed");
		assert_got(stage->till, "detail", "answered 400: ?[31mno  such phone?");
	}
	assert_int_equal(receiver_count(&stage->receiver), before + 2);
	/* The daemon was killed while it sent. */
	(void)promo_test_sql(stage->till->database,
		"UPDATE idempotency_keys SET status = 0, answer = '' WHERE key = 't-2'");
	assert_int_equal(test_with(stage, "t-2", ok), 503);
	assert_got(stage->till, "code", "outcome_unknown");
	assert_int_equal(receiver_count(&stage->receiver), before + 2);
	for (int i = 0; i < 2; i++)
		assert_int_equal(test_with(stage, "t-3", "{\"channel\":\"in_app\"}"), 200);
	assert_string_equal(promo_test_sql(stage->till->database,
				    "SELECT count(*) FROM notifications WHERE kind = 'test'"),
		"2");
	/* The audit trail tells where it went without telling the number. */
	assert_string_equal(
		promo_test_sql(stage->till->database,
			"SELECT count(*) > 0 AND count(*) = count(phone_hash) FROM audit_log "
			"WHERE action = 'notification.test' AND changes::text LIKE "
			"'%%\"sms\"%%'"),
		"t");
	assert_string_equal(promo_test_sql(stage->till->database,
				    "SELECT count(*) FROM audit_log WHERE audit_log::text LIKE "
				    "'%%788123456%%'"),
		"0");
}

/* Few at once, since each holds a worker, and few in a minute, since they cost money. Who was put off has
 * not used up his key. */
static void test_bounded(void **state)
{
	static const char ok[] = "{\"channel\":\"sms\",\"recipient\":\"0788 123 456\"}";
	struct receiver_stage *stage = *state;
	const int before = receiver_count(&stage->receiver);
	struct promo_hash_slots *slots;

	forget_tests(stage);
	set_url(stage, "ok");
	assert_int_equal(promo_hash_slots_new(1, /* queue= */ 0, &slots), 0);
	stage->till->config.test_slots = slots;
	assert_int_equal(promo_hash_slots_enter(slots), 0);
	assert_int_equal(test_with(stage, "b-1", ok), 429);
	assert_int_equal(stage->till->answer.retry_after_s, PROMO_CARRIER_TRY_TIMEOUT_S);
	promo_hash_slots_leave(slots);
	for (int i = 0; i < 2; i++)
		assert_int_equal(test_with(stage, "b-1", ok), 200);
	for (int i = 1; i < PROMO_TESTS_A_MINUTE; i++)
		assert_int_equal(test_with(stage, NULL, ok), 200);
	assert_int_equal(test_with(stage, "b-2", ok), 429);
	assert_int_equal(stage->till->answer.retry_after_s, 60);
	assert_int_equal(test_with(stage, NULL, "{\"channel\":\"in_app\"}"), 429);
	assert_int_equal(receiver_count(&stage->receiver), before + PROMO_TESTS_A_MINUTE);
	(void)promo_test_sql(stage->till->database,
		"UPDATE throttles SET since = since - interval '61 s' WHERE kind = 'message_test'");
	assert_int_equal(test_with(stage, "b-2", ok), 200);
	stage->till->config.test_slots = NULL;
	promo_hash_slots_free(slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_get_without_a_secret),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_tried_out),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, receiver_setup, receiver_teardown);
}
