/* SPDX-License-Identifier: MIT */
/* The daemon with its own PostgreSQL, killed and stopped while it makes codes: afterwards a batch
 * has exactly the codes that were asked for, once each, or is gone; the server is found again; and
 * whoever was being answered is answered. */
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "libpromo/client/client.h"
#include "tests/lib/test.h"
#include "tests/promod/order.h"

#define PASSWORD "correct horse battery"

enum {
	CODES = 120 * 1000, /* some chunks, a second or two */
	WAIT_MS = 120 * 1000,
	CODE_CHARS = 19, /* with its dashes */
	SIGN_INS = 4,
};

static const char *const options[] = { "--job-threads", "2", NULL };

struct made {
	char batch[40], job[40];
};

static struct made kept, cancelled, stopped;

static int setup(void **state)
{
	struct api *api = calloc(1, sizeof(*api));
	char said[4096];

	assert_non_null(api);
	*state = api;
	promo_test_daemon_start(&api->daemon, NULL, options);
	if (promo_test_promod((const char *[]){ "admin", "create", "--email", "boss@promo.example",
				      "--password-stdin", "--run-as",
				      getpwnam("postgres") ? "postgres" : "nobody", "--state-dir",
				      api->daemon.state_dir, NULL },
		    PASSWORD "\n", said, sizeof(said)) != 0) {
		print_error("%s", said);
		return -1;
	}
	api_sign_in(api, "boss@promo.example", PASSWORD, api->token);
	return 0;
}

static int teardown(void **state)
{
	struct api *api = *state;

	promo_test_daemon_free(&api->daemon);
	free(api);
	return 0;
}

/* The process of the daemon's own PostgreSQL; 0: none runs. */
static long server_pid(struct api *api)
{
	char path[128], line[32] = "";
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/postgres/postmaster.pid", api->daemon.state_dir);
	file = fopen(path, "r");
	if (!file)
		return 0;
	assert_non_null(fgets(line, sizeof(line), file));
	(void)fclose(file);
	return strtol(line, NULL, 10);
}

static struct made begin_batch(struct api *api, const char *name)
{
	struct api_answer answer;
	struct made made;
	char body[256];

	(void)snprintf(body, sizeof(body),
		"{\"batch_name\":\"%s\",\"total_codes\":%d,\"amount_per_code\":\"500.00\","
		"\"expiration_date\":\"2099-12-31\"}",
		name, CODES);
	assert_int_equal(ORDER(api, &answer, &promo_op_batch_create, api->token, body), 201);
	(void)snprintf(made.batch, sizeof(made.batch), "%s", api_get(&answer, "batch.id"));
	(void)snprintf(made.job, sizeof(made.job), "%s", api_get(&answer, "job.id"));
	return made;
}

static long job_done(struct api *api, const struct made *made, const char *status)
{
	struct api_answer answer;

	assert_int_equal(ORDER(api, &answer, &promo_op_job_show, api->token, .id = made->job), 200);
	assert_string_equal(api_get(&answer, "status"), status);
	return strtol(api_get(&answer, "done"), NULL, 10);
}

/* Some codes are there, and not all. */
static void wait_until_amid(struct api *api, const struct made *made)
{
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;
	struct api_answer answer;

	do {
		(void)poll(NULL, 0, 5);
		assert_int_equal(
			ORDER(api, &answer, &promo_op_job_show, api->token, .id = made->job), 200);
		assert_true(promo_monotonic_ms() < until_ms);
	} while (strcmp(api_get(&answer, "done"), "0") == 0);
	assert_string_equal(api_get(&answer, "status"), "running");
}

static void wait_for_status(struct api *api, const struct made *made, const char *status)
{
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;
	struct api_answer answer;

	for (;;) {
		const char *now;

		assert_int_equal(
			ORDER(api, &answer, &promo_op_job_show, api->token, .id = made->job), 200);
		now = api_get(&answer, "status");
		if (strcmp(now, status) == 0)
			return;
		if (strcmp(now, "queued") != 0 && strcmp(now, "running") != 0)
			fail_msg("the job ended as %s", answer.body);
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 20);
	}
}

/* Nobody sees codes of a batch that is not ready. */
static void assert_invisible(struct api *api, const struct made *made)
{
	struct api_answer answer;
	char query[128];

	assert_int_equal(
		ORDER(api, &answer, &promo_op_batch_show, api->token, .id = made->batch), 200);
	assert_string_equal(api_get(&answer, "status"), "generating");
	assert_string_equal(api_get(&answer, "ready_codes"), "0");
	assert_string_equal(api_get(&answer, "job_id"), made->job);
	(void)snprintf(query, sizeof(query), "batch_id=%s&count=true", made->batch);
	assert_int_equal(ORDER(api, &answer, &promo_op_code_list, api->token, .query = query), 200);
	assert_string_equal(api_get(&answer, "total"), "0");
	assert_string_equal(api_get(&answer, "items"), "[]");
}

static void assert_complete(struct api *api, const struct made *made)
{
	struct api_answer answer;
	char count[16];

	(void)snprintf(count, sizeof(count), "%d", CODES);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_batch_show, api->token, .id = made->batch), 200);
	assert_string_equal(api_get(&answer, "status"), "active");
	assert_string_equal(api_get(&answer, "total_codes"), count);
	assert_string_equal(api_get(&answer, "ready_codes"), count);
	assert_string_equal(api_get(&answer, "counts.active"), count);
	assert_string_equal(api_get(&answer, "job_id"), "null");
}

/*
 * The codes as a file.
 */

struct file {
	struct api *api;
	bool stop_at_once; /* asks the daemon to stop when the first bytes have come */
	char line[256];
	size_t used;
	int lines;
	char (*codes)[CODE_CHARS + 1];
	bool *serials;
};

static void take_line(struct file *file)
{
	static const char head[] = "\"code\",\"batch\",\"amount\",\"currency\",\"status\",";
	const char *last = strrchr(file->line, ',');
	long serial;

	assert_non_null(last);
	if (file->lines++ == 0) {
		assert_memory_equal(file->line, head, strlen(head));
		assert_memory_equal(last, ",\"serial\"", strlen(",\"serial\""));
		return;
	}
	assert_true(file->lines - 1 <= CODES);
	serial = strtol(last + strlen(",\""), NULL, 10);
	assert_in_range(serial, 1, CODES);
	assert_false(file->serials[serial - 1]);
	file->serials[serial - 1] = true;
	assert_int_equal(strcspn(file->line + 1, "\""), CODE_CHARS);
	memcpy(file->codes[file->lines - 2], file->line + 1, CODE_CHARS);
}

static int take_bytes(void *context, const void *bytes, size_t size)
{
	struct file *file = context;

	if (file->stop_at_once) {
		file->stop_at_once = false;
		assert_int_equal(kill(file->api->daemon.pid, SIGTERM), 0);
	}
	for (size_t i = 0; i < size; i++) {
		char c = ((const char *)bytes)[i];

		if (c == '\n') {
			file->line[file->used] = '\0';
			take_line(file);
			file->used = 0;
		} else {
			assert_true(file->used + 1 < sizeof(file->line));
			file->line[file->used++] = c;
		}
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, CODE_CHARS);
}

/* Each serial from 1 to the last once, no code twice. */
static void assert_all_codes(struct api *api, const struct made *made, bool stop_at_once)
{
	const struct promo_code_download_in in = { .id = made->batch };
	struct file file = { .api = api,
		.stop_at_once = stop_at_once,
		.codes = calloc(CODES, sizeof(*file.codes)),
		.serials = calloc(CODES, sizeof(*file.serials)) };
	struct promo_client_config config = { .token = api->token };
	struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_client *client;
	struct promo_download download;
	struct promo_reply reply;
	char server[64];

	(void)snprintf(server, sizeof(server), "http://127.0.0.1:%u", api->daemon.port);
	config.server = server;
	assert_int_equal(promo_client_new(&config, &client), 0);
	assert_int_equal(promo_client_download(client, &promo_op_code_download, &in, take_bytes,
				 &file, arena, &reply, &download),
		0);
	assert_int_equal(file.used, 0);
	assert_int_equal(file.lines, CODES + 1);
	qsort(file.codes, CODES, sizeof(*file.codes), compare);
	for (size_t i = 1; i < CODES; i++)
		assert_int_not_equal(compare(file.codes[i - 1], file.codes[i]), 0);
	promo_client_free(client);
	promo_arena_free(arena);
	free(file.codes);
	free(file.serials);
}

/*
 * The tests, one after the other.
 */

static void test_killed(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	long server;

	kept = begin_batch(api, "KEPT");
	cancelled = begin_batch(api, "CANCELLED");
	wait_until_amid(api, &kept);
	wait_until_amid(api, &cancelled);
	assert_invisible(api, &kept);
	server = server_pid(api);
	assert_true(server > 0);
	assert_true(job_done(api, &kept, "running") < CODES);
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGKILL), 128 + SIGKILL);
	assert_int_equal(server_pid(api), server);

	promo_test_daemon_start_again(&api->daemon, NULL, options);
	assert_int_equal(server_pid(api), server);
	/* Who was signed in still is; what was not ready still is not. */
	assert_true(job_done(api, &cancelled, "running") > 0);
	assert_invisible(api, &kept);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_job_cancel, api->token, .id = cancelled.job), 200);
	wait_for_status(api, &cancelled, "cancelled");
	wait_for_status(api, &kept, "succeeded");
}

static void test_killed_then_cancelled(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	char query[128];

	(void)ORDER(api, &answer, &promo_op_batch_show, api->token, .id = cancelled.batch);
	assert_refused(&answer, PROMO_E_NOT_FOUND);
	(void)snprintf(query, sizeof(query), "batch_id=%s&count=true", cancelled.batch);
	assert_int_equal(ORDER(api, &answer, &promo_op_code_list, api->token, .query = query), 200);
	assert_string_equal(api_get(&answer, "total"), "0");
	assert_int_equal(job_done(api, &cancelled, "cancelled"), 0);
	(void)ORDER(api, &answer, &promo_op_job_cancel, api->token, .id = cancelled.job);
	assert_refused(&answer, PROMO_E_JOB_FINISHED);
	/* Its name is free again. */
	assert_int_equal(ORDER(api, &answer, &promo_op_batch_create, api->token,
				 "{\"batch_name\":\"CANCELLED\",\"total_codes\":0,\"amount_per_"
				 "code\":\"1.00\","
				 "\"expiration_date\":\"2099-12-31\"}"),
		201);
}

/* Asked to stop amid a download, sign-ins and another batch: the first two are answered to their
 * end, the third goes on with the next start, and the server is stopped as well. */
static void test_stopped(void **state)
{
	struct api *api = *state;
	const struct order sign_in = { .op = &promo_op_auth_login,
		.body = "{\"identifier\":\"clerk@promo.example\",\"password\":\"" PASSWORD "\"}" };
	struct wire wires[SIGN_INS];
	struct api_answer answer;
	char token[80];

	api_user(api, "clerk@promo.example", "\"user\"", token);
	assert_complete(api, &kept);
	stopped = begin_batch(api, "STOPPED");
	wait_until_amid(api, &stopped);
	for (size_t i = 0; i < SIGN_INS; i++) {
		wire_open(&wires[i], api->daemon.port);
		order_begin(&wires[i], &sign_in);
		order_finish(&wires[i], &sign_in);
	}
	assert_all_codes(api, &kept, /* stop_at_once= */ true);
	for (size_t i = 0; i < SIGN_INS; i++) {
		order_receive(&wires[i], &sign_in, &answer);
		assert_int_equal(answer.status, 200);
		wire_close(&wires[i]);
	}
	assert_int_equal(promo_test_daemon_end(&api->daemon, 0), 0);
	assert_int_equal(server_pid(api), 0);

	promo_test_daemon_start_again(&api->daemon, NULL, options);
	wait_for_status(api, &stopped, "succeeded");
	assert_complete(api, &stopped);
	assert_all_codes(api, &stopped, /* stop_at_once= */ false);
}

/* Its server killed under it: the daemon starts it again and serves. */
static void test_server_killed(void **state)
{
	struct api *api = *state;
	struct api_answer answer;
	long server = server_pid(api);
	int64_t until_ms = promo_monotonic_ms() + WAIT_MS;

	assert_true(server > 0);
	assert_int_equal(kill((pid_t)server, SIGKILL), 0);
	/* The old one's file may still be there. */
	while (server_pid(api) == server || server_pid(api) == 0 ||
		ORDER(api, &answer, &promo_op_server_ready) != 200) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 20);
	}
	assert_complete(api, &stopped);
	assert_int_equal(promo_test_daemon_end(&api->daemon, SIGTERM), 0);
	assert_int_equal(server_pid(api), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_killed_then_cancelled),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_server_killed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
