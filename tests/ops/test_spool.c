/* SPDX-License-Identifier: MIT */
/* A reader behind a writer gets every byte once and learns of the end or of the failure; either may
 * go first; nothing has a name on disk; a reader that waits is woken; there are never too many. */
#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libpromo/ops/spool.h"
#include "tests/lib/log.h"

static char dir[] = "/tmp/promo-test-spool.XXXXXX";

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return rmdir(dir); /* fails if anything was left behind */
}

static void test_written_then_read(void **state)
{
	struct promo_spool *spool;
	char buffer[8];

	(void)state;
	assert_int_equal(promo_spool_new(dir, &spool), 0);
	assert_int_equal(promo_spool_read(spool, 0, buffer, sizeof(buffer)), PROMO_SPOOL_WAIT);
	assert_int_equal(promo_spool_write(spool, "hello, ", 7), 0);
	assert_int_equal(promo_spool_write(spool, "world", 5), 0);
	assert_int_equal(promo_spool_read(spool, 0, buffer, sizeof(buffer)), 8);
	assert_memory_equal(buffer, "hello, w", 8);
	assert_int_equal(promo_spool_read(spool, 8, buffer, sizeof(buffer)), 4);
	assert_memory_equal(buffer, "orld", 4);
	assert_int_equal(promo_spool_read(spool, 12, buffer, sizeof(buffer)), PROMO_SPOOL_WAIT);
	promo_spool_finish(spool, 0);
	assert_int_equal(promo_spool_read(spool, 12, buffer, sizeof(buffer)), PROMO_SPOOL_END);
	/* Also the beginning, once more. */
	assert_int_equal(promo_spool_read(spool, 0, buffer, 5), 5);
	promo_spool_close(spool);
}

/* However many readers stand still, the files they hold are not more than a process can bear. */
static void test_too_many(void **state)
{
	enum {
		MANY = 100
	};
	struct promo_spool *spools[MANY];
	int count = 0;

	(void)state;
	while (count < MANY && promo_spool_new(dir, &spools[count]) == 0)
		promo_spool_finish(spools[count++], 0);
	assert_in_range(count, 16, MANY - 1);
	assert_int_equal(promo_spool_new(dir, &spools[count]), PROMO_E_UNAVAILABLE);
	promo_spool_close(spools[--count]);
	assert_int_equal(promo_spool_new(dir, &spools[count]), 0);
	promo_spool_finish(spools[count++], 0);
	/* One that could not be made is none. */
	promo_spool_close(spools[--count]);
	assert_int_equal(promo_spool_new("/nonexistent", &spools[count]), PROMO_E_UNAVAILABLE);
	assert_int_equal(promo_spool_new(dir, &spools[count]), 0);
	promo_spool_finish(spools[count++], 0);
	while (count > 0)
		promo_spool_close(spools[--count]);
}

static void test_broken_off(void **state)
{
	struct promo_spool *spool;
	char buffer[8];

	(void)state;
	assert_int_equal(promo_spool_new(dir, &spool), 0);
	assert_int_equal(promo_spool_write(spool, "half", 4), 0);
	promo_spool_finish(spool, -5);
	assert_int_equal(promo_spool_read(spool, 0, buffer, sizeof(buffer)), 4);
	assert_int_equal(promo_spool_read(spool, 4, buffer, sizeof(buffer)), PROMO_SPOOL_FAILED);
	promo_spool_close(spool);
}

static void test_the_reader_goes_first(void **state)
{
	struct promo_spool *spool;

	(void)state;
	assert_int_equal(promo_spool_new(dir, &spool), 0);
	assert_int_equal(promo_spool_write(spool, "x", 1), 0);
	promo_spool_close(spool);
	assert_int_equal(promo_spool_write(spool, "x", 1), PROMO_E_UNAVAILABLE);
	promo_spool_finish(spool, PROMO_E_UNAVAILABLE);
	promo_spool_close(NULL);
}

static void test_no_place_for_it(void **state)
{
	struct promo_spool *spool;

	(void)state;
	promo_test_log_keep();
	assert_int_equal(promo_spool_new("/nonexistent", &spool), PROMO_E_UNAVAILABLE);
	assert_true(promo_test_logged("could not make a spool file in /nonexistent"));
}

enum {
	PIECE = 1000,
	PIECES = 3000
};

static void *write_all(void *argument)
{
	struct promo_spool *spool = argument;
	unsigned char piece[PIECE];
	int r = 0;

	for (int i = 0; i < PIECES && !r; i++) {
		for (int k = 0; k < PIECE; k++)
			piece[k] = (unsigned char)((i * PIECE + k) % 251);
		r = promo_spool_write(spool, piece, sizeof(piece));
	}
	promo_spool_finish(spool, r);
	return NULL;
}

static void post(void *context)
{
	(void)sem_post(context);
}

/* Without its wake-ups the reader would wait for ever. */
static void test_side_by_side(void **state)
{
	struct promo_spool *spool;
	unsigned char buffer[777];
	pthread_t writer;
	uint64_t at = 0;
	ptrdiff_t n;
	sem_t news;

	(void)state;
	assert_int_equal(sem_init(&news, 0, 0), 0);
	assert_int_equal(promo_spool_new(dir, &spool), 0);
	promo_spool_set_wake(spool, post, &news);
	assert_int_equal(pthread_create(&writer, NULL, write_all, spool), 0);
	while ((n = promo_spool_read(spool, at, buffer, sizeof(buffer))) >= 0) {
		if (n == PROMO_SPOOL_WAIT)
			assert_int_equal(sem_wait(&news), 0);
		for (ptrdiff_t i = 0; i < n; i++)
			assert_int_equal(buffer[i], (at + (uint64_t)i) % 251);
		at += (uint64_t)n;
	}
	assert_int_equal(n, PROMO_SPOOL_END);
	assert_int_equal(at, PIECE * PIECES);
	promo_spool_close(spool);
	(void)pthread_join(writer, NULL);
	(void)sem_destroy(&news);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_then_read),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_broken_off),
		cmocka_unit_test(test_the_reader_goes_first),
		cmocka_unit_test(test_no_place_for_it),
		cmocka_unit_test(test_side_by_side),
	};

	return cmocka_run_group_tests_name("ops/spool", tests, setup, teardown);
}
