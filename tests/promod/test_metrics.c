/* SPDX-License-Identifier: MIT */
/* /metrics is lines that Prometheus reads: it tells of jobs and letters what is true of them, and is for
 * nobody but the addresses that the configuration names, whom a proxy lets in least of all. That it answers
 * without its database: tests/ops/test_run.c. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/promod/api.h"

static int scrape(struct api *api, const char *headers, struct api_answer *ret)
{
	return API(api, ret, "GET", "/metrics", .headers = headers);
}

static bool has_line(const char *text, const char *line)
{
	size_t size = strlen(line);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, line, size) == 0 && text[size] == '\n')
			return true;
		if (!*text)
			break;
	}
	return false;
}

/* The value of a line without labels. */
static double value_of(const char *text, const char *name)
{
	char start[128];
	const char *line;

	(void)snprintf(start, sizeof(start), "\n%s ", name);
	line = strstr(text, start);
	assert_non_null(line);
	return strtod(line + strlen(start), NULL);
}

/* Each line is a comment or a name, labels and a number; the last one ends. */
static void assert_form(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

	assert_true(text[0] && text[strlen(text) - 1] == '\n');
	while (*text) {
		const char *end = strchr(text, '\n');
		char *stop;

		if (strncmp(text, "# HELP promo_", 13) != 0 &&
			strncmp(text, "# TYPE promo_", 13) != 0) {
			assert_memory_equal(text, "promo_", 6);
			text += strspn(text, letters);
			if (*text == '{')
				text = strchr(text, '}') + 1;
			assert_int_equal(*text, ' ');
			(void)strtod(text + 1, &stop);
			assert_ptr_equal(stop, end);
		}
		text = end + 1;
	}
}

static void test_what_is_true(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	(void)promo_test_sql(api->database,
		"INSERT INTO jobs (id, kind, status, total, created_at, run_after) SELECT "
		"gen_random_uuid(), 'export', s, 1, now() - interval '1 hour', "
		"CASE s WHEN 'queued' THEN now() + a * interval '1 minute' ELSE now() END FROM "
		"(VALUES ('queued', 10), ('failed', 0), ('failed', 0)) v (s, a)");
	(void)promo_test_sql(api->database,
		"INSERT INTO outbox (id, channel, kind, recipient, status, created_at, next_at) "
		"VALUES "
		"(gen_random_uuid(), 'email', 'k', 'a@b.cc', 'dead', now() - interval '1 day', "
		"now()), "
		"(gen_random_uuid(), 'sms', 'k', '+250788123456', 'waiting', now() - interval "
		"'2 hours', now() + interval '1 hour')");
	assert_int_equal(scrape(api, NULL, &answer), 200);
	assert_form(answer.body);
	assert_non_null(strstr(answer.body, "\npromo_build_info{version=\""));
	assert_true(has_line(answer.body, "promo_database_up 1"));
	assert_true(has_line(answer.body, "promo_jobs{kind=\"export\",status=\"queued\"} 1"));
	assert_true(has_line(answer.body, "promo_jobs{kind=\"export\",status=\"failed\"} 2"));
	/* Put off: it does not wait yet. */
	assert_true(value_of(answer.body, "promo_jobs_oldest_queued_seconds") < 1);
	assert_true(
		has_line(answer.body, "promo_outbox_letters{channel=\"email\",status=\"dead\"} 1"));
	assert_true(value_of(answer.body, "promo_outbox_oldest_waiting_seconds") >= 7200);
	assert_true(value_of(answer.body, "promo_outbox_oldest_waiting_seconds") < 8000);
	assert_null(strstr(answer.body, "250788123456"));
	assert_true(value_of(answer.body, "promo_audit_unsealed_entries") >= 0);
	(void)promo_test_sql(api->database,
		"INSERT INTO audit_seals (id, at, ranges, root, previous, signature, key_id) "
		"VALUES (1000000, now() - interval '1 hour', '', '', '', '', '')");
	assert_int_equal(scrape(api, NULL, &answer), 200);
	assert_true(value_of(answer.body, "promo_audit_seal_age_seconds") >= 3600);
	assert_true(value_of(answer.body, "promo_audit_seal_age_seconds") < 4000);
	(void)promo_test_sql(api->database, "DELETE FROM outbox; DELETE FROM jobs");
}

/* Its permissions let in whoever comes by the unix socket, which has no address. */
static void test_by_the_socket(void **state)
{
	struct api *api = *state;
	struct wire_answer answer;
	struct wire wire;

	wire_open_unix(&wire, api->daemon.socket_path);
	wire_text(&wire, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 200);
	wire_text(&wire, "GET /metrics HTTP/1.1\r\nHost: x\r\nForwarded: for=::1\r\n\r\n");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 403);
	wire_close(&wire);
}

static void test_who_may(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	assert_int_equal(scrape(api, "X-Forwarded-For: 127.0.0.1\r\n", &answer), 403);
	assert_int_equal(scrape(api, "Forwarded: for=127.0.0.1\r\n", &answer), 403);
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	promo_test_daemon_start_again(&api->daemon, api->database,
		(const char *const[]){ "--metrics-allow", "10.0.0.0/8,192.0.2.1", NULL });
	assert_int_equal(scrape(api, NULL, &answer), 403);
	assert_string_equal(api_get(&answer, "code"), "forbidden");
	assert_null(strstr(answer.body, "promo_database_up"));
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	promo_test_daemon_start_again(&api->daemon, api->database,
		(const char *const[]){
			"--metrics-allow", "10.0.0.0/8", "--metrics-allow", "127.0.0.0/8", NULL });
	assert_int_equal(scrape(api, NULL, &answer), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_true),
		cmocka_unit_test(test_by_the_socket),
		cmocka_unit_test(test_who_may),
	};

	return cmocka_run_group_tests_name("promod/metrics", tests, api_setup, api_teardown);
}
