/* SPDX-License-Identifier: MIT */
/* What happens is told to those whom it concerns and to nobody else, never to whoever did it; the
 * settings switch it off; programs get ids and no code; what time brings is told once; and one's own
 * notifications are counted, listed and forgotten by whether they were read. */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_notification.h"
#include "libpromo/api/op_outbox.h"
#include "libpromo/model/event.h"
#include "libpromo/ops/jobs.h"
#include "tests/lib/test.h"
#include "tests/ops/mill.h"

static void test_rows(void **state)
{
	(void)state;
	for (int kind = PROMO_EVENT_NONE + 1; kind < PROMO_EVENT_COUNT; kind++) {
		const struct promo_event_row *row = promo_event_row((enum promo_event_kind)kind);

		assert_int_equal(promo_word_value(&promo_event_app_words, row->word), kind);
		assert_int_equal(
			promo_word_value(&promo_event_mail_words, row->word) != 0, row->mail);
		assert_int_equal(promo_event_has_topic(row->topic), row->hook);
		assert_int_equal(
			(row->who & PROMO_TELL_HOLDERS) != 0, row->permission != PROMO_P_NONE);
	}
	assert_false(promo_event_has_topic("batch.stolen"));
	assert_null(promo_event_row(PROMO_EVENT_NONE)->topic);
	assert_null(promo_event_row(PROMO_EVENT_COUNT)->topic);
}

/* The kinds that a user was told of, oldest first, and forgets them. */
static const char *told(struct till *till, const struct person *person)
{
	return promo_test_sql(till->database,
		"WITH gone AS (DELETE FROM notifications WHERE user_id = '%s' RETURNING *) "
		"SELECT coalesce(string_agg(kind, ' ' ORDER BY id), '') FROM gone",
		person->id);
}

/* A setting of the notifications, as the next request finds it. */
static void set(struct till *till, const char *key, const char *json)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), 'notifications', '%s', '%s') "
		"ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = "
		"excluded.value",
		key, json);
	(void)promo_test_sql(
		till->database, "UPDATE auth_state SET settings_version = settings_version + 1");
}

static int make_batch(
	struct till *till, const struct person *by, const char *name, const struct person *assignee)
{
	char body[400], assigned[80] = "null";

	if (assignee)
		(void)snprintf(assigned, sizeof(assigned), "\"%s\"", assignee->id);
	(void)snprintf(body, sizeof(body),
		"{\"batch_name\": \"%s\", \"total_codes\": 0, \"amount_per_code\": \"500.00\", "
		"\"expiration_date\": \"2999-12-31\", \"assigned_user_id\": %s}",
		name, assigned);
	return ASK(till, .op = &promo_op_batch_create, .token = by->token, .body = body);
}

static void test_who_is_told(void **state)
{
	struct till *till = *state;
	struct person maker = till_person(till, "admin"), reader = till_person(till, "");
	struct person barred = till_person(till, "admin"), gone = till_person(till, "admin");
	struct person clerk = till_person(till, "batch-manager");

	till_grant(till, &reader, "batches.read");
	till_deny(till, &barred, "batches.read");
	(void)promo_test_sql(
		till->database, "UPDATE users SET is_active = false WHERE id = '%s'", gone.id);
	assert_int_equal(make_batch(till, &maker, "told", &clerk), 201);
	assert_string_equal(told(till, &maker), "");
	assert_string_equal(told(till, &reader), "batch.created");
	assert_string_equal(told(till, &barred), "");
	assert_string_equal(told(till, &gone), "");
	assert_string_equal(told(till, &clerk), "batch.assigned");

	/* What was refused is told to nobody. */
	assert_int_equal(make_batch(till, &maker, "told", &clerk), 409);
	assert_string_equal(told(till, &reader), "");
	assert_string_equal(told(till, &clerk), "");

	set(till, "in_app_notifications.events", "[\"batch_assigned\"]");
	assert_int_equal(make_batch(till, &maker, "told2", &clerk), 201);
	assert_string_equal(told(till, &reader), "");
	assert_string_equal(told(till, &clerk), "batch.assigned");
	set(till, "in_app_notifications.enabled", "false");
	assert_int_equal(make_batch(till, &maker, "told3", &clerk), 201);
	assert_string_equal(told(till, &clerk), "");
	(void)promo_test_sql(till->database, "DELETE FROM system_settings");
	set(till, "keep_days", "30");
}

static void test_of_a_report(void **state)
{
	struct till *till = *state;
	struct person clerk = till_person(till, "batch-manager");
	struct person viewer = till_person(till, "");
	struct person admin = till_person(till, "super-admin");

	till_grant(till, &viewer, "fraud.alerts.view");
	(void)promo_test_sql(till->database,
		"INSERT INTO webhooks (id, url, events, secret) VALUES (gen_random_uuid(), "
		"'https://example.com/', '{code.reported,alert.opened}', '')");
	(void)stock_batch(till, 'T', 1);
	stock_redeem(till, &clerk, 'T', 1, 1);
	(void)told(till, &admin);
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('T', 1).text, 2, "")),
		201);
	assert_string_equal(told(till, &clerk), "");
	assert_string_equal(told(till, &viewer), "code.reported");
	/* Once, although there is an alert as well; programs hear of both. */
	assert_string_equal(told(till, &admin), "code.reported");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(event, ' ' ORDER BY id) FROM webhook_deliveries"),
		"alert.opened code.reported");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM webhook_deliveries WHERE payload::text "
				    "~ '%s|7880000'",
				    stock_code('T', 1).text),
		"0");
	/* A second claimant only raises the count of the alert. */
	assert_int_equal(ASK(till, .op = &promo_op_fraud_report_create, .token = clerk.token,
				 .body = stock_body(stock_code('T', 1).text, 3, "")),
		409);
	assert_string_equal(told(till, &admin), "");
	(void)promo_test_sql(till->database, "DELETE FROM webhook_deliveries");
}

/* Those whom the settings name learn that there is somebody, and he where he signs in; the password is in
 * neither. Without an address there is nobody to write to. */
static void test_letters_of_users(struct till *till, const struct person *super)
{
	set(till, "email_notifications.enabled", "true");
	set(till, "email_notifications.recipients", "[\"boss@example.com\"]");
	set(till, "email_notifications.sign_in_url", "\"https://promo.example.com\"");
	set(till, "smtp.url", "\"smtp://127.0.0.1:1\"");
	assert_int_equal(ASK(till, .op = &promo_op_user_create, .token = super->token,
				 .body = "{\"first_name\": \"Ann\", \"last_name\": \"B\", "
					 "\"email\": \"ann@example.com\", "
					 "\"password\": \"correct horse battery\"}"),
		201);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT string_agg(kind || ' ' || recipient, ', ' ORDER BY kind) "
			"FROM outbox"),
		"user.registered boss@example.com, welcome ann@example.com");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT payload->'facts' FROM outbox WHERE kind = 'welcome'"),
		"[{\"name\": \"name\", \"value\": \"Ann\"}, "
		"{\"name\": \"identifier\", \"value\": \"ann@example.com\"}, "
		"{\"name\": \"where\", \"value\": \"https://promo.example.com\"}]");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM outbox WHERE payload::text LIKE '%%horse%%' "
			"OR kind <> 'welcome' AND payload::text LIKE '%%Ann%%'"),
		"0");
	(void)promo_test_sql(till->database, "DELETE FROM outbox");
	set(till, "email_notifications.recipients", "[]");
	assert_int_equal(ASK(till, .op = &promo_op_user_create, .token = super->token,
				 .body = "{\"first_name\": \"C\", \"last_name\": \"D\", "
					 "\"phone_number\": \"0788999111\"}"),
		201);
	assert_string_equal(promo_test_sql(till->database, "SELECT count(*) FROM outbox"), "0");
	(void)promo_test_sql(till->database, "DELETE FROM system_settings");
	set(till, "keep_days", "30");
}

static void test_of_users(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), super = till_person(till, "super-admin");
	struct person user = till_person(till, "user");

	assert_int_equal(ASK(till, .op = &promo_op_user_create, .token = super.token,
				 .body = "{\"first_name\": \"A\", \"last_name\": \"B\", \"email\": "
					 "\"ab@example.com\"}"),
		201);
	assert_string_equal(told(till, &admin), "user.registered");
	assert_string_equal(promo_test_sql(till->database, "SELECT count(*) FROM outbox"), "0");
	test_letters_of_users(till, &super);
	(void)told(till, &admin);
	assert_string_equal(told(till, &super), "");
	/* What waits for approval is told to who may approve it, what holds to whom it concerns. */
	assert_int_equal(ASK(till, .op = &promo_op_user_assign_role, .token = admin.token,
				 .id = user.id, .body = "{\"role\": \"support\"}"),
		202);
	assert_string_equal(told(till, &user), "");
	assert_string_equal(told(till, &super), "role_change.requested");
	assert_int_equal(ASK(till, .op = &promo_op_user_assign_role, .token = super.token,
				 .id = user.id, .body = "{\"role\": \"batch-manager\"}"),
		200);
	assert_string_equal(told(till, &user), "role.changed");
	(void)told(till, &admin);
}

static void test_read_and_unread(void **state)
{
	struct till *till = *state;
	struct person maker = till_person(till, "admin"), reader = till_person(till, "");
	struct stock_id id;

	till_grant(till, &reader, "batches.read");
	for (int i = 0; i < 3; i++) {
		char name[20];

		(void)snprintf(name, sizeof(name), "read%d", i);
		assert_int_equal(make_batch(till, &maker, name, NULL), 201);
	}
	assert_int_equal(ASK(till, .op = &promo_op_notification_list, .token = reader.token,
				 .query = { { "unread", "true" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "3");
	assert_got(till, "items.0.title", "BATCH_READ2 was created");
	assert_got(till, "items.0.link.kind", "batch");
	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, "items.0.id"));
	assert_int_equal(
		ASK(till, .op = &promo_op_notification_read, .token = reader.token, .id = id.text),
		200);
	assert_int_equal(ASK(till, .op = &promo_op_notification_list, .token = reader.token,
				 .query = { { "unread", "true" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "2");
	assert_got(till, "items.0.title", "BATCH_READ1 was created");
	assert_int_equal(ASK(till, .op = &promo_op_notification_list, .token = reader.token,
				 .query = { { "unread", "false" }, { "count", "true" } }),
		200);
	assert_got(till, "total", "1");
	assert_got(till, "items.0.id", id.text);
}

static const char *made_of(struct till *till, const char *kind)
{
	return promo_test_sql(
		till->database, "SELECT count(*) FROM notifications WHERE kind = '%s'", kind);
}

/* The engine tells what time brings, once; and forgets what was read long ago. */
static void test_what_time_brings(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin");
	struct promo_jobs *jobs;

	(void)stock_batch(till, 'U', 2);
	(void)promo_test_sql(till->database,
		"UPDATE batches SET expiration_date = now() + interval '2 days', "
		"expires_on = (now() + interval '1 day')::date, assigned_user_id = '%s' "
		"WHERE batch_name = 'BATCH_U'",
		admin.id);
	(void)promo_test_sql(till->database,
		"DELETE FROM notifications; "
		"INSERT INTO notifications "
		"(id, user_id, kind, title, body, read_at, created_at) "
		"SELECT gen_random_uuid(), '%s', 'old', '', '', at, "
		"now() - interval '200 days' "
		"FROM unnest(ARRAY[now() - interval '31 days', NULL]) AS at",
		admin.id);
	(void)promo_test_sql(
		till->database, "INSERT INTO told (event, about) VALUES ('system.updated', '0.0')");
	till->config.version = "9.9";
	for (int i = 0; i < 2; i++) {
		jobs = mill_start(till, /* coins= */ false);
		mill_wait_until(till, "(SELECT count(*) = 1 FROM notifications WHERE kind = 'old') "
				      "AND EXISTS (SELECT FROM told WHERE about = '9.9')");
		mill_stop(jobs);
	}
	till->config.version = NULL;
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT string_agg(title, ', ' ORDER BY id) FROM notifications "
				    "WHERE user_id = '%s' AND kind IN ('system.updated', "
				    "'batch.expiring')",
				    admin.id),
		promo_test_sql(till->database,
			"SELECT 'The system was updated to version 9.9, BATCH_U is good until ' "
			"|| expires_on FROM batches WHERE batch_name = 'BATCH_U'"));
	assert_string_not_equal(made_of(till, "system.updated"), "0");
}

/* Letters that nobody got are one piece of news to whom may look after them, once. */
static void test_dead_letters(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"),
		      clerk = till_person(till, "batch-manager");
	struct promo_jobs *jobs;
	const char *dead;

	(void)promo_test_sql(till->database,
		"INSERT INTO outbox (id, channel, kind, recipient, payload, status) "
		"SELECT gen_random_uuid(), 'sms', 'test', '+250788123456', '{}', status "
		"FROM unnest(ARRAY['dead', 'dead', 'waiting', 'sent']) AS status");
	till->config.version = "9.9";
	for (int i = 0; i < 2; i++) {
		(void)promo_test_sql(till->database, "DELETE FROM told");
		jobs = mill_start(till, /* coins= */ false);
		mill_wait_until(till, "EXISTS (SELECT FROM told WHERE about = '9.9')");
		mill_stop(jobs);
	}
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT string_agg(title, ', ') FROM notifications "
				    "WHERE user_id = '%s' AND kind = 'message.dead'",
				    admin.id),
		"2 messages could not be sent");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM notifications "
				    "WHERE user_id = '%s' AND kind = 'message.dead'",
				    clerk.id),
		"0");
	till->config.version = NULL;
	/* One that is tried again and fails again is news once more. */
	(void)promo_test_sql(till->database,
		"UPDATE outbox SET payload = '{\"facts\": []}' WHERE status = 'dead'");
	dead = promo_test_sql(
		till->database, "SELECT min(id::text) FROM outbox WHERE status = 'dead'");
	assert_int_equal(
		ASK(till, .op = &promo_op_outbox_retry, .token = admin.token, .id = dead), 200);
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT status || (told_at IS NULL) FROM outbox WHERE id = '%s'", dead),
		"waitingtrue");
	(void)promo_test_sql(till->database, "DELETE FROM outbox");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_who_is_told),
		cmocka_unit_test(test_of_a_report),
		cmocka_unit_test(test_of_users),
		cmocka_unit_test(test_read_and_unread),
		cmocka_unit_test(test_what_time_brings),
		cmocka_unit_test(test_dead_letters),
	};

	return cmocka_run_group_tests_name("ops/tell", tests, till_setup, mill_teardown);
}
