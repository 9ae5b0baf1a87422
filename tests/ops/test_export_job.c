/* SPDX-License-Identifier: MIT */
/* A file that a job makes is the one that a download is; what a killed worker left of another one does
 * not get into it; who may not see the job does not get it; cancelled, or without room, nothing of it stays. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "libpromo/api/op_export.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/jobs.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/stream.h"
#include "tests/ops/stock.h"

enum {
	FILE_MAX = 16 * 1024 * 1024,
	CODES = 30000, /* 3.6 MB: four parts */
	DEADLINE_MS = 60000,
};

static struct person admin;
static struct stock_id batch;

static int setup(void **state)
{
	if (till_setup(state))
		return -1;
	admin = till_person(*state, "admin");
	batch = stock_batch(*state, 'S', CODES);
	return 0;
}

static int teardown(void **state)
{
	promo_streams_wait();
	return till_teardown(state);
}

/* The file of the last answer, with a NUL. The caller frees. */
static char *read_file(struct till *till)
{
	char *file = malloc(FILE_MAX);
	uint64_t size = 0;
	ptrdiff_t n;

	assert_non_null(file);
	assert_int_equal(till->answer.status, 200);
	for (;;) {
		n = promo_spool_read(till->answer.spool, size, file + size, FILE_MAX - size - 1);
		if (n < 0)
			break;
		size += (uint64_t)n;
		if (n == PROMO_SPOOL_WAIT)
			(void)poll(NULL, 0, 1);
	}
	assert_int_equal(n, PROMO_SPOOL_END);
	promo_spool_close(till->answer.spool);
	file[size] = '\0';
	return file;
}

static struct stock_id queue(struct till *till, const char *body)
{
	struct stock_id job;

	assert_int_equal(ASK(till, .op = &promo_op_batch_export, .token = admin.token,
				 .id = batch.text, .body = body),
		202);
	(void)snprintf(job.text, sizeof(job.text), "%s", till_get(till, "job.id"));
	return job;
}

/* Runs an engine until the job has this status. */
static void run_until(struct till *till, const struct stock_id *job, const char *status)
{
	const struct promo_jobs_config config = { .runner = &till->config };
	int64_t until_ms = promo_monotonic_ms() + DEADLINE_MS;
	struct promo_jobs *jobs;

	assert_int_equal(promo_jobs_start(&config, &jobs), 0);
	do {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 5);
		assert_int_equal(
			ASK(till, .op = &promo_op_job_show, .token = admin.token, .id = job->text),
			200);
	} while (strcmp(till_get(till, "status"), status) != 0);
	promo_jobs_stop(jobs);
}

#define GET_FILE(person, job) .op = &promo_op_job_file, .token = (person).token, .id = (job).text

static void test_the_same_file(void **state)
{
	struct till *till = *state;
	struct stock_id job = queue(till, "{\"format\":\"csv\"}");
	char *made, *downloaded, bytes[32];

	assert_problem(till, 404, "not_found", GET_FILE(admin, job));
	run_until(till, &job, "succeeded");
	assert_got(till, "kind", "export");
	assert_got(till, "done", "30000");
	assert_got(till, "result.rows", "30000");
	(void)snprintf(bytes, sizeof(bytes), "%s", till_get(till, "result.bytes"));
	(void)ASK(till, GET_FILE(admin, job));
	assert_string_equal(till->answer.content_type, "text/csv; charset=utf-8");
	assert_memory_equal(till->answer.filename, "MBL_BATCH-S", strlen("MBL_BATCH-S"));
	made = read_file(till);
	assert_int_equal(strlen(made), strtol(bytes, NULL, 10));
	(void)ASK(till, .op = &promo_op_code_download, .token = admin.token, .id = batch.text);
	downloaded = read_file(till);
	assert_string_equal(made, downloaded);
	free(made);
	free(downloaded);
}

/* As after kill -9: the job runs in nobody's hands, and parts of a file of then are there. */
static void test_a_killed_worker(void **state)
{
	struct till *till = *state;
	struct stock_id job = queue(till, "{\"format\":\"csv\"}");
	char *made, *downloaded;

	(void)promo_test_sql(till->database,
		"UPDATE jobs SET status = 'running', fence = 7, done = 20000, started_at = now(), "
		"lease_owner = 'dead', lease_until = now() - interval '1 second' WHERE id = '%s'; "
		"INSERT INTO job_files (job_id, name, part, bytes) SELECT '%s', 'file', n, "
		"decode(repeat('41', 1000000), 'hex') FROM generate_series(1, 3) n",
		job.text, job.text);
	run_until(till, &job, "succeeded");
	(void)ASK(till, GET_FILE(admin, job));
	made = read_file(till);
	(void)ASK(till, .op = &promo_op_code_download, .token = admin.token, .id = batch.text);
	downloaded = read_file(till);
	assert_string_equal(made, downloaded);
	free(made);
	free(downloaded);
}

static void test_who_gets_it(void **state)
{
	struct till *till = *state;
	struct person other = till_person(till, ""), owner = till_person(till, "");
	struct stock_id job;

	till_grant(till, &other, "promo-codes.download");
	till_grant(till, &owner, "promo-codes.download");
	assert_int_equal(
		ASK(till, .op = &promo_op_batch_export, .token = owner.token, .id = batch.text,
			.body = "{\"format\":\"pdf\",\"qr\":false,"
				"\"status\":[\"redeemed\"]}"),
		202);
	(void)snprintf(job.text, sizeof(job.text), "%s", till_get(till, "job.id"));
	run_until(till, &job, "succeeded");
	assert_got(till, "kind", "pdf");
	assert_problem(till, 404, "not_found", GET_FILE(other, job));
	(void)ASK(till, GET_FILE(owner, job));
	assert_string_equal(till->answer.content_type, "application/pdf");
	assert_true(till->answer.spool_bytes > 0);
	free(read_file(till));
	/* Once its retention is over it is not there any more. */
	(void)promo_test_sql(till->database, "DELETE FROM job_files WHERE job_id = '%s'", job.text);
	assert_problem(till, 404, "not_found", GET_FILE(owner, job));
}

static void test_cancelled(void **state)
{
	struct till *till = *state;
	struct stock_id job = queue(till, "{\"format\":\"csv\"}");

	(void)promo_test_sql(till->database,
		"UPDATE jobs SET status = 'running', fence = 1, "
		"lease_until = now() - interval '1 second' WHERE id = '%s'; "
		"INSERT INTO job_files VALUES ('%s', 'file', 1, 'part')",
		job.text, job.text);
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = admin.token, .id = job.text), 200);
	run_until(till, &job, "cancelled");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM job_files WHERE job_id = '%s'", job.text),
		"0");
	assert_problem(till, 404, "not_found", GET_FILE(admin, job));
}

/* A file may not grow beyond 1 MiB, as on a disk that is full. */
static void test_no_room(void **state)
{
	struct till *till = *state;
	struct stock_id job = queue(till, "{\"format\":\"csv\"}");
	struct rlimit before, small;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ .rlim_cur = 1024 * 1024, .rlim_max = before.rlim_max };
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	run_until(till, &job, "failed");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_got(till, "error.code", "unavailable");
	assert_non_null(strstr(till_get(till, "error.detail"), "room"));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM job_files WHERE job_id = '%s'", job.text),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_file),
		cmocka_unit_test(test_a_killed_worker),
		cmocka_unit_test(test_who_gets_it),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests_name("ops/export_job", tests, setup, teardown);
}
