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
	assert_true(api_metric(answer.body, "promo_jobs_oldest_queued_seconds") < 1);
	assert_true(
		has_line(answer.body, "promo_outbox_letters{channel=\"email\",status=\"dead\"} 1"));
	assert_true(api_metric(answer.body, "promo_outbox_oldest_waiting_seconds") >= 7200);
	assert_true(api_metric(answer.body, "promo_outbox_oldest_waiting_seconds") < 8000);
	assert_null(strstr(answer.body, "250788123456"));
	assert_true(api_metric(answer.body, "promo_audit_unsealed_entries") >= 0);
	assert_true(api_metric(answer.body, "promo_alerts_behind_seconds") >= 0);
	(void)promo_test_sql(api->database,
		"INSERT INTO audit_seals (id, at, ranges, root, previous, signature, key_id) "
		"VALUES (1000000, now() - interval '1 hour', '', '', '', '', '')");
	assert_int_equal(scrape(api, NULL, &answer), 200);
	assert_true(api_metric(answer.body, "promo_audit_seal_age_seconds") >= 3600);
	assert_true(api_metric(answer.body, "promo_audit_seal_age_seconds") < 4000);
	(void)promo_test_sql(api->database, "DELETE FROM outbox; DELETE FROM jobs");
}

/* The sum of the lines of a metric that have this text in their labels. */
static double sum_of(const char *text, const char *name, const char *labels)
{
	const size_t size = strlen(name);
	double sum = 0;

	for (const char *line = text; (line = strstr(line, name)); line += size) {
		const char *end = strchr(line, '}');

		if (line[-1] != '\n' || line[size] != '{' || !end ||
			!memmem(line, (size_t)(end - line), labels, strlen(labels)))
			continue;
		sum += strtod(end + 1, NULL);
	}
	return sum;
}

static void test_requests(void **state)
{
	static const char of_health[] = "operation=\"server.health\"";
	struct api *api = *state;
	struct api_answer before, after, answer;

	assert_int_equal(scrape(api, NULL, &before), 200);
	for (int i = 0; i < 3; i++)
		assert_int_equal(API(api, &answer, "GET", "/healthz"), 200);
	assert_int_equal(API(api, &answer, "GET", "/api/v1/nowhere"), 404);
	assert_int_equal(API(api, &answer, "POST", "/api/v1/verify", .body = "{}"), 401);
	assert_int_equal(scrape(api, NULL, &after), 200);
	assert_form(after.body);
	assert_true(sum_of(after.body, "promo_http_requests_total", of_health) ==
		    sum_of(before.body, "promo_http_requests_total", of_health) + 3);
	assert_true(has_line(
		after.body, "promo_http_requests_total{operation=\"none\",status=\"404\"} 1"));
	assert_true(has_line(after.body,
		"promo_http_requests_total{operation=\"code.verify\",status=\"401\"} 1"));
	/* Buckets add up, and the last one is all. */
	assert_true(sum_of(after.body, "promo_http_request_duration_seconds_bucket",
			    "operation=\"code.verify\",le=\"+Inf\"") == 1);
	assert_true(sum_of(after.body, "promo_http_request_duration_seconds_count",
			    "operation=\"code.verify\"") == 1);
	assert_true(sum_of(after.body, "promo_http_request_duration_seconds_sum",
			    "operation=\"code.verify\"") > 0);
	/* The one that asks is at work itself. */
	assert_true(api_metric(after.body, "promo_workers_busy") >= 0);
	assert_true(api_metric(after.body, "promo_lanes_up") >= 1);
	assert_true(has_line(after.body, "promo_maintenance 0"));
}

static const char *read_whole(const char *path, char *buffer, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t count;

	assert_non_null(file);
	count = fread(buffer, 1, size - 1, file);
	buffer[count] = '\0';
	assert_true(count < size - 1);
	(void)fclose(file);
	return buffer;
}

/* Whether a metric is told, by its name with or without what belongs to a histogram. */
static bool is_told(const char *text, const char *name, size_t size)
{
	static const char *const parts[] = { "", "_bucket", "_sum", "_count" };

	for (size_t i = 0; i < PROMO_COUNT(parts); i++) {
		const size_t part = strlen(parts[i]);
		char line[160];

		if (size < part || memcmp(name + size - part, parts[i], part) != 0)
			continue;
		(void)snprintf(line, sizeof(line), "# HELP %.*s ", (int)(size - part), name);
		if (strstr(text, line))
			return true;
	}
	return false;
}

/* Every name in the dashboard and in the rules is one that the daemon tells, and each that it tells is
 * described. */
static void test_dashboards(void **state)
{
	static const char *const files[] = { "docs/monitoring/grafana.json",
		"docs/monitoring/rules.yml", "docs/monitoring.md" };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	static char buffer[256 * 1024];
	const char *root = getenv("PROMO_TEST_ROOT");
	struct api *api = *state;
	struct api_answer answer;

	assert_non_null(root);
	assert_int_equal(scrape(api, NULL, &answer), 200);
	for (size_t i = 0; i < PROMO_COUNT(files); i++) {
		char path[512];
		int names = 0;

		(void)snprintf(path, sizeof(path), "%s/%s", root, files[i]);
		for (const char *at = read_whole(path, buffer, sizeof(buffer));
			(at = strstr(at, "promo_")); names++) {
			const size_t size = strspn(at, letters);

			/* `promo_http_…` stands for several. */
			if (at[size - 1] != '_' && !is_told(answer.body, at, size)) {
				print_error("%s: %.*s\n", files[i], (int)size, at);
				fail();
			}
			at += size;
		}
		assert_true(names > 10);
	}
	for (const char *at = answer.body; (at = strstr(at, "# HELP ")); at++) {
		char name[128];

		(void)snprintf(name, sizeof(name), "`%.*s`", (int)strspn(at + 7, letters), at + 7);
		if (!strstr(buffer, name))
			print_error("docs/monitoring.md does not name %s\n", name);
		assert_non_null(strstr(buffer, name));
	}
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
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_dashboards),
		cmocka_unit_test(test_by_the_socket),
		cmocka_unit_test(test_who_may),
	};

	return cmocka_run_group_tests_name("promod/metrics", tests, api_setup, api_teardown);
}
