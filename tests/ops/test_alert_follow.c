/* SPDX-License-Identifier: MIT */
/* Nobody who stays away is passed over or told twice: alerts go up step by step, the worst first, a letter each
 * although the mail server is down, and open again when they were acknowledged too long ago; a watch that is killed
 * in the middle of it has done nothing. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/api/op_alert.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/vigil.h"

enum {
	WAIT_MS = 30 * 1000
};

static void set_up_escalation(struct till *till)
{
	vigil_set(till, "alerts", "escalation.recipients",
		"[\"one@example.com\", \"two@example.com\"]");
	vigil_set(till, "notifications", "email_notifications.enabled", "true");
	vigil_set(till, "notifications", "smtp.url", "\"smtp://127.0.0.1:1\"");
}

static void raise_two(struct till *till)
{
	(void)vigil_ask(till,
		"INSERT INTO alerts (id, kind, severity, title, dedupe_key) VALUES "
		"('0190a1b2-c3d4-7abc-8def-00000000aa01', 'off_hours', 'info', 'At night', 'a'), "
		"('0190a1b2-c3d4-7abc-8def-00000000aa02', 'job_failed', 'critical', 'A job', "
		"'b')");
}

static void later(struct till *till, int minutes)
{
	(void)promo_test_sql(till->database,
		"UPDATE alerts SET since = since - make_interval(mins => %d)", minutes);
	vigil_watch();
}

static const char *letters(struct till *till)
{
	return vigil_ask(till,
		"SELECT coalesce(string_agg(recipient || ' ' || status, ', ' ORDER BY "
		"recipient), '') FROM outbox WHERE kind = 'alert.escalated'");
}

static void test_escalation(void **state)
{
	struct till *till = *state;
	struct person boss = till_person(till, "super-admin");

	set_up_escalation(till);
	raise_two(till);
	(void)vigil_ask(till, "DELETE FROM audit_log WHERE action LIKE 'alert.%'");
	later(till, 29);
	assert_string_equal(letters(till), "");
	assert_int_equal(ASK(till, .op = &promo_op_alert_acknowledge, .token = boss.token,
				 .id = "0190a1b2-c3d4-7abc-8def-00000000aa01"),
		200);
	later(till, 2);
	vigil_watch();
	assert_string_equal(letters(till), "one@example.com waiting");
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT kind || ' ' || title || ': ' || body FROM notifications "
			"WHERE user_id = '%s'",
			boss.id),
		"alert.updated A job: nobody looks after it");
	/* The mail server is down: the next one is told in his turn all the same. */
	later(till, 31);
	assert_string_equal(letters(till), "one@example.com waiting, two@example.com waiting");
	later(till, 31);
	assert_string_equal(letters(till), "one@example.com waiting, two@example.com waiting");
	assert_string_equal(
		vigil_ask(till, "SELECT escalation_step FROM alerts WHERE dedupe_key = 'b'"), "2");
	assert_string_equal(
		vigil_ask(till, "SELECT string_agg((changes #>> '{0,after}'), ' ' ORDER BY seq) "
				"FROM audit_log WHERE action = 'alert.escalate' AND actor_kind = "
				"'system'"),
		"1 2");
	/* Acknowledged too long ago: as if it were new. */
	later(till, 300);
	assert_string_equal(
		vigil_ask(till,
			"SELECT status || ' ' || escalation_step || ' ' || "
			"(acknowledged_by IS NULL)::text FROM alerts WHERE dedupe_key = 'a'"),
		"open 0 true");
	assert_string_equal(
		vigil_ask(till, "SELECT count(*) FROM audit_log WHERE action = 'alert.reopen'"),
		"1");
	later(till, 31);
	assert_string_equal(letters(till),
		"one@example.com waiting, one@example.com waiting, two@example.com waiting");
	vigil_resolve_all(till);
	later(till, 1000);
	assert_string_equal(
		vigil_ask(till, "SELECT count(*) FROM outbox WHERE kind = 'alert.escalated'"), "3");
}

/* The worst first, and nobody by mail where none is sent. */
static void test_order_of_escalation(void **state)
{
	struct till *till = *state;

	raise_two(till);
	vigil_set(till, "alerts", "escalation.recipients", "[\"one@example.com\"]");
	(void)vigil_ask(till, "DELETE FROM audit_log WHERE action LIKE 'alert.%'");
	later(till, 31);
	later(till, 31);
	assert_string_equal(letters(till), "");
	assert_string_equal(
		vigil_ask(till,
			"SELECT string_agg(a.severity, ' ' ORDER BY l.seq) FROM audit_log l "
			"JOIN alerts a ON a.id = l.entity_id WHERE action = "
			"'alert.escalate'"),
		"critical info");
}

/* The list is another one while alerts are on their way: who was told is not told again, and nobody who came to
 * stand further up is passed over. */
static void test_other_recipients(void **state)
{
	struct till *till = *state;

	set_up_escalation(till);
	raise_two(till);
	(void)vigil_ask(till, "DELETE FROM alerts WHERE dedupe_key = 'a'");
	later(till, 31);
	assert_string_equal(letters(till), "one@example.com waiting");
	vigil_set(till, "alerts", "escalation.recipients",
		"[\"new@example.com\", \"one@example.com\", \"two@example.com\"]");
	later(till, 31);
	assert_string_equal(letters(till), "new@example.com waiting, one@example.com waiting");
	vigil_set(till, "alerts", "escalation.recipients", "[\"two@example.com\"]");
	later(till, 31);
	later(till, 31);
	assert_string_equal(letters(till),
		"new@example.com waiting, one@example.com waiting, two@example.com waiting");
	vigil_set(till, "alerts", "escalation.recipients", "[]");
	later(till, 31);
	assert_string_equal(vigil_ask(till, "SELECT escalation_step || ' ' || "
					    "array_to_string(escalated_to, ' ') FROM alerts"),
		"3 one@example.com new@example.com two@example.com");
	/* Where nobody was named there was one step; who is named later has his turn. */
	(void)vigil_ask(till, "DELETE FROM alerts; DELETE FROM outbox");
	raise_two(till);
	later(till, 31);
	later(till, 31);
	assert_string_equal(
		vigil_ask(till, "SELECT min(escalation_step) || ' ' || max(escalation_step) "
				"FROM alerts"),
		"1 1");
	vigil_set(till, "alerts", "escalation.recipients", "[\"two@example.com\"]");
	later(till, 31);
	assert_string_equal(letters(till), "two@example.com waiting, two@example.com waiting");
}

#define WAITS_FOR_OUTBOX                                                                           \
	"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'outbox'::regclass"

static void *hold_outbox(void *argument)
{
	struct till *till = argument;

	(void)vigil_ask(till,
		"BEGIN; LOCK TABLE outbox; "
		"DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM told WHERE event = 'test.go') LOOP "
		"PERFORM pg_sleep(0.005); END LOOP; END $$; COMMIT");
	return NULL;
}

static void wait_until(struct till *till, const char *question, const char *answer)
{
	const int64_t until_ms = promo_monotonic_ms() + WAIT_MS;

	while (strcmp(vigil_ask(till, question), answer) != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
	}
}

static void test_killed_while_escalating(void **state)
{
	struct till *till = *state;
	pthread_t thread;
	pid_t child;
	int status;

	set_up_escalation(till);
	raise_two(till);
	vigil_watch();
	promo_alert_work_rest(vigil_work);
	(void)vigil_ask(till, "UPDATE alerts SET since = since - interval '31 minutes'");
	assert_int_equal(pthread_create(&thread, NULL, hold_outbox, till), 0);
	wait_until(till,
		"SELECT count(*) FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock' AND "
		"relation = 'outbox'::regclass",
		"1");
	child = fork();
	if (child == 0) {
		struct promo_alert_work *own;
		bool more;

		_exit(promo_alert_work_new(&till->config, &own) ||
			promo_alert_work_round(own, &more));
	}
	assert_true(child > 0);
	wait_until(till, WAITS_FOR_OUTBOX, "1");
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	(void)vigil_ask(till, "INSERT INTO told (event, about) VALUES ('test.go', '1')");
	assert_int_equal(pthread_join(thread, NULL), 0);
	wait_until(till, "SELECT count(*) FROM pg_locks WHERE relation = 'alerts'::regclass", "0");
	(void)vigil_ask(till, "DELETE FROM told WHERE event = 'test.go'");
	assert_string_equal(letters(till), "");
	vigil_watch();
	vigil_watch();
	assert_string_equal(letters(till), "one@example.com waiting, one@example.com waiting");
	assert_string_equal(
		vigil_ask(till,
			"SELECT min(escalation_step) || ' ' || max(escalation_step) FROM alerts"),
		"1 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		VIGIL_TEST(test_escalation),
		VIGIL_TEST(test_order_of_escalation),
		VIGIL_TEST(test_other_recipients),
		VIGIL_TEST(test_killed_while_escalating),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
