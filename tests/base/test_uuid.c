/* SPDX-License-Identifier: MIT */
/*
 * New ids are UUIDs of version 7 that carry the time, rise strictly in one process and differ
 * between threads; text and bytes are read strictly and written in one form.
 */
#include "libpromo/base/uuid.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "tests/lib/seeded.h"
#include "tests/lib/test.h"

enum {
	THREADS = 4,
	PER_THREAD = 20000
};

static void test_version_variant_and_time(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		unsigned char id[PROMO_UUID_BYTES];
		int64_t before = promo_now_ms(), ms = 0;

		promo_uuid_new_bytes(id);
		for (int b = 0; b < 6; b++)
			ms = ms << 8 | id[b];
		assert_int_equal(id[6] >> 4, 7);
		assert_int_equal(id[8] >> 6, 2);
		assert_true(ms >= before - 1 && ms <= promo_now_ms() + 1);
	}
}

static void test_ids_rise(void **state)
{
	char last[PROMO_UUID_SIZE] = "", next[PROMO_UUID_SIZE];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		promo_uuid_new(next);
		assert_true(strcmp(last, next) < 0);
		memcpy(last, next, sizeof(last));
	}
}

static void *make_many(void *context)
{
	unsigned char(*ids)[PROMO_UUID_BYTES] = context;

	for (int i = 0; i < PER_THREAD; i++)
		promo_uuid_new_bytes(ids[i]);
	return NULL;
}

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, PROMO_UUID_BYTES);
}

static void test_threads_never_make_the_same(void **state)
{
	unsigned char(*ids)[PROMO_UUID_BYTES] = calloc(THREADS * PER_THREAD, PROMO_UUID_BYTES);
	pthread_t threads[THREADS];

	(void)state;
	assert_non_null(ids);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, make_many, ids + i * PER_THREAD), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 1; i < PER_THREAD; i++)
		assert_true(compare_ids(ids[i - 1], ids[i]) < 0);
	qsort(ids, THREADS * PER_THREAD, PROMO_UUID_BYTES, compare_ids);
	for (int i = 1; i < THREADS * PER_THREAD; i++)
		assert_int_not_equal(compare_ids(ids[i - 1], ids[i]), 0);
	free(ids);
}

/* The random end alone: the time and the counter may well be the same in both. */
static void test_a_fork_makes_others(void **state)
{
	unsigned char ours[PROMO_UUID_BYTES], theirs[PROMO_UUID_BYTES];
	int ends[2], status;
	pid_t child;

	(void)state;
	promo_uuid_new_bytes(ours);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		promo_uuid_new_bytes(theirs);
		_exit(write(ends[1], theirs, sizeof(theirs)) == sizeof(theirs) ? 0 : 1);
	}
	promo_uuid_new_bytes(ours);
	assert_int_equal(read(ends[0], theirs, sizeof(theirs)), sizeof(theirs));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(ends[0]);
	close(ends[1]);
	assert_memory_not_equal(ours + 10, theirs + 10, PROMO_UUID_BYTES - 10);
}

static void test_text_and_bytes_go_round(void **state)
{
	struct seeded seeded = { 2 };

	(void)state;
	for (int i = 0; i < 10000; i++) {
		unsigned char bytes[PROMO_UUID_BYTES], again[PROMO_UUID_BYTES];
		char text[PROMO_UUID_SIZE];

		seeded_fill(&seeded, bytes, sizeof(bytes));
		promo_uuid_format(bytes, text);
		assert_int_equal(promo_uuid_parse(text, again), 0);
		assert_memory_equal(bytes, again, sizeof(bytes));
	}
}

static void test_what_is_no_uuid_is_refused(void **state)
{
	static const char good[] = "01932f6a-7b3c-7def-8123-456789abcdef";
	static const char *const bad[] = {
		"",
		"01932f6a",
		"01932f6a-7b3c-7def-8123-456789abcde",
		"01932f6a-7b3c-7def-8123-456789abcdef0",
		"01932f6a-7b3c-7def-8123-456789abcdeg",
		"01932f6a7b3c7def8123456789abcdef",
		"{01932f6a-7b3c-7def-8123-456789abcdef}",
		"01932f6a-7b3c-7def-8123 456789abcdef",
		" 1932f6a-7b3c-7def-8123-456789abcdef",
		"-1932f6a-7b3c-7def-8123-456789abcdef",
		"01932f6a--b3c-7def-8123-456789abcdef",
	};
	unsigned char bytes[PROMO_UUID_BYTES] = "unchanged";
	char text[PROMO_UUID_SIZE];

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		assert_false(promo_uuid_valid(bad[i]));
		assert_int_equal(promo_uuid_parse(bad[i], bytes), PROMO_E_INVALID_INPUT);
	}
	assert_string_equal(bytes, "unchanged");
	assert_true(promo_uuid_valid(good));
	assert_int_equal(promo_uuid_parse("01932F6A-7B3C-7DEF-8123-456789ABCDEF", bytes), 0);
	promo_uuid_format(bytes, text);
	assert_string_equal(text, good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_variant_and_time),
		cmocka_unit_test(test_ids_rise),
		cmocka_unit_test(test_threads_never_make_the_same),
		cmocka_unit_test(test_a_fork_makes_others),
		cmocka_unit_test(test_text_and_bytes_go_round),
		cmocka_unit_test(test_what_is_no_uuid_is_refused),
	};

	if (promo_base_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
