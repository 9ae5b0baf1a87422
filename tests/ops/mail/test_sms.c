/* SPDX-License-Identifier: MIT */
/* Text messages reach a real HTTP gateway as its settings say, with nothing in them that could leave its
 * place; what the gateway refuses for good is dead and says why in words that harm no terminal. */
#include <stdio.h>
#include <string.h>

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
	char condition[120];

	assert_int_equal(promo_store_open(&config, &store), 0);
	assert_int_equal(promo_outbox_add(store, stage->till->arena, &letter), 0);
	promo_store_close(store);
	courier = receiver_courier(stage->till);
	(void)snprintf(condition, sizeof(condition),
		"EXISTS (SELECT FROM outbox WHERE status = '%s' AND attempts = 1)", status);
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
	write_message(stage, "e", "waiting");
	stage->till->config.sms_hosts = (struct promo_texts){ 0 };
	write_message(stage, "f", "waiting");
	assert_string_equal(
		promo_test_sql(stage->till->database, "SELECT DISTINCT last_error FROM outbox"),
		"text messages go only where promod.conf says: the host of the gateway "
		"(notifications.sms.url) is not among its sms_secret_host");
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
	};

	return cmocka_run_group_tests(tests, receiver_setup, receiver_teardown);
}
