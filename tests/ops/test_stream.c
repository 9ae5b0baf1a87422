/* SPDX-License-Identifier: MIT */
/* A long answer is whole or broken, never short: also where its connection to the database is killed in
 * the middle, and where there is no room for it. Who reads slowly holds neither a snapshot nor a
 * place; packed it is the same file, and the manifest fits it. */
#include <libpq-fe.h>
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

#include "libpromo/base/hash.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/stream.h"
#include "tests/lib/log.h"
#include "tests/ops/stock.h"

enum {
	FILE_MAX = 64 * 1024 * 1024,
	CODES = 55000, /* more than one piece */
	ATTEMPTS = 20,
};

static struct person admin;
static struct stock_id batch;

static int setup(void **state)
{
	struct till *till;

	if (till_setup(state))
		return -1;
	till = *state;
	admin = till_person(till, "admin");
	batch = stock_batch(till, 'S', CODES);
	promo_test_log_keep();
	return 0;
}

static int teardown(void **state)
{
	promo_streams_wait();
	return till_teardown(state);
}

/* Reads from `size` on until the end, however that is; *ret is what ended it. */
static uint64_t read_on(struct promo_spool *spool, char *file, uint64_t size, ptrdiff_t *ret)
{
	ptrdiff_t n;

	for (;;) {
		n = promo_spool_read(spool, size, file + size, FILE_MAX - size);
		if (n < 0)
			break;
		size += (uint64_t)n;
		if (n == PROMO_SPOOL_WAIT)
			(void)poll(NULL, 0, 1);
	}
	*ret = n;
	return size;
}

static struct promo_spool *download(struct till *till, const char *manifest)
{
	assert_int_equal(ASK(till, .op = &promo_op_code_download, .token = admin.token,
				 .id = batch.text, .query = { { "manifest", manifest } }),
		200);
	return till->answer.spool;
}

static int lines(const char *file, uint64_t size)
{
	int count = 0;

	for (uint64_t i = 0; i < size; i++)
		count += file[i] == '\n';
	return count;
}

/* The snapshot is gone and the place is free before the reader has taken a byte. */
static void test_a_slow_reader(void **state)
{
	struct till *till = *state;
	struct promo_spool *spools[PROMO_STREAMS_MAX + 1];
	char *file = malloc(FILE_MAX);
	ptrdiff_t end;

	assert_non_null(file);
	for (int i = 0; i < PROMO_STREAMS_MAX + 1; i++) {
		spools[i] = download(till, "false");
		promo_streams_wait();
	}
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM pg_stat_activity WHERE pid <> "
				    "pg_backend_pid() AND datname = current_database() AND "
				    "backend_type = 'client backend' AND (backend_xmin IS NOT NULL "
				    "OR state <> 'idle')"),
		"0");
	for (int i = 0; i < PROMO_STREAMS_MAX + 1; i++) {
		uint64_t size = read_on(spools[i], file, 0, &end);

		assert_int_equal(end, PROMO_SPOOL_END);
		assert_int_equal(lines(file, size), 1 + CODES);
		promo_spool_close(spools[i]);
	}
	free(file);
}

static void test_a_manifest(void **state)
{
	struct till *till = *state;
	struct promo_spool *spool = download(till, "true");
	struct promo_spool_manifest manifest;
	char hex[PROMO_SHA256_HEX_SIZE];
	struct promo_sha256 sha256;
	char *file = malloc(FILE_MAX);
	uint64_t size;
	ptrdiff_t end;

	assert_non_null(file);
	assert_true(till->answer.manifest);
	size = read_on(spool, file, 0, &end);
	assert_int_equal(end, PROMO_SPOOL_END);
	assert_true(promo_spool_manifest(spool, &manifest));
	assert_int_equal(manifest.rows, CODES);
	assert_int_equal(manifest.bytes, size);
	promo_sha256_start(&sha256);
	promo_sha256_add(&sha256, file, size);
	promo_sha256_end(&sha256, hex);
	assert_string_equal(manifest.sha256, hex);
	promo_spool_close(spool);

	spool = download(till, "false");
	(void)read_on(spool, file, 0, &end);
	assert_false(promo_spool_manifest(spool, &manifest));
	promo_spool_close(spool);
	free(file);
}

/* What comes before the backend dies may be the whole of it, if it was late: then once more. */
static void test_a_killed_backend(void **state)
{
	struct till *till = *state;
	char *file = malloc(FILE_MAX);
	bool broken = false;

	assert_non_null(file);
	for (int i = 0; i < ATTEMPTS && !broken; i++) {
		struct promo_spool *spool = download(till, "true");
		struct promo_spool_manifest manifest;
		uint64_t size = 0;
		ptrdiff_t end;

		while (size == 0) {
			end = promo_spool_read(spool, 0, file, FILE_MAX);
			assert_true(end >= 0);
			size = (uint64_t)end;
		}
		(void)promo_test_sql(till->database,
			"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
			"query LIKE 'COPY (%%' AND datname = current_database()");
		size = read_on(spool, file, size, &end);
		broken = end == PROMO_SPOOL_FAILED;
		assert_true(broken || (end == PROMO_SPOOL_END && lines(file, size) == 1 + CODES));
		assert_true(!broken || !promo_spool_manifest(spool, &manifest));
		promo_spool_close(spool);
	}
	assert_true(broken);
	free(file);
}

/* A file may not grow beyond 1 MiB, as on a disk that is full. */
static void test_no_room(void **state)
{
	struct till *till = *state;
	char *file = malloc(FILE_MAX);
	struct promo_spool *spool;
	struct rlimit before, small;
	ptrdiff_t end;

	assert_non_null(file);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ .rlim_cur = 1024 * 1024, .rlim_max = before.rlim_max };
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	spool = download(till, "false");
	(void)read_on(spool, file, 0, &end);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(end, PROMO_SPOOL_FAILED);
	assert_true(promo_test_logged("could not write to a spool file"));
	promo_spool_close(spool);
	free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_slow_reader),
		cmocka_unit_test(test_a_manifest),
		cmocka_unit_test(test_a_killed_backend),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests_name("ops/stream", tests, setup, teardown);
}
