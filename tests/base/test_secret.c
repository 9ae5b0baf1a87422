/* SPDX-License-Identifier: MIT */
/*
 * A secret is read only from a file that nobody else can touch and that holds exactly what is
 * expected; it is made once, whoever comes first, and written whole or not at all.
 */
#include "libpromo/base/secret.h"

#include <pthread.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "tests/lib/scratch.h"
#include "tests/lib/test.h"

enum {
	SIZE = 32,
	THREADS = 8
};

static const char bytes[SIZE + 1] = "0123456789abcdef0123456789abcdef";

static void test_rights_are_looked_at(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	static const mode_t bad[] = { 0640, 0604, 0620, 0602, 0644, 0666, 0610, 0601 };
	struct promo_problem problem = { 0 };
	char got[SIZE];
	const char *path = scratch_file(*state, "key", bytes, SIZE, 0600);

	assert_int_equal(promo_secret_file_read(path, got, SIZE, arena, &problem), 0);
	assert_memory_equal(got, bytes, SIZE);
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(promo_secret_file_read(path, got, SIZE, arena, &problem), 0);
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		assert_int_equal(chmod(path, bad[i]), 0);
		assert_int_equal(promo_secret_file_read(path, got, SIZE, arena, &problem),
			PROMO_E_FORBIDDEN);
		assert_non_null(strstr(problem.detail, path));
	}
}

static void test_size_and_kind_are_looked_at(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct scratch *scratch = *state;
	struct promo_problem problem = { 0 };
	char got[SIZE];

	assert_int_equal(
		promo_secret_file_read(scratch_path(scratch, "none"), got, SIZE, arena, &problem),
		PROMO_E_NOT_FOUND);
	(void)scratch_file(scratch, "short", bytes, SIZE - 1, 0600);
	assert_int_equal(promo_secret_file_read(scratch->path, got, SIZE, arena, &problem),
		PROMO_E_INVALID_INPUT);
	(void)scratch_file(scratch, "empty", bytes, 0, 0600);
	assert_int_equal(promo_secret_file_read(scratch->path, got, SIZE, arena, &problem),
		PROMO_E_INVALID_INPUT);
	assert_int_equal(promo_secret_file_read(scratch->folder, got, SIZE, arena, &problem),
		PROMO_E_FORBIDDEN);
	assert_int_equal(mkfifo(scratch_path(scratch, "fifo"), 0600), 0);
	assert_int_equal(promo_secret_file_read(scratch->path, got, SIZE, arena, &problem),
		PROMO_E_FORBIDDEN);
}

static void test_a_secret_is_made_once(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct scratch *scratch = *state;
	struct promo_problem problem = { 0 };
	char first[SIZE], second[SIZE], other[SIZE], zero[SIZE] = { 0 };
	struct stat status;

	assert_int_equal(
		promo_secret_file_create(scratch_path(scratch, "a"), first, SIZE, arena, &problem),
		0);
	assert_int_equal(stat(scratch->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(status.st_nlink, 1); /* nothing is left beside it */
	assert_int_equal(promo_secret_file_create(scratch->path, second, SIZE, arena, &problem), 0);
	assert_memory_equal(first, second, SIZE);
	assert_memory_not_equal(first, zero, SIZE);
	assert_int_equal(
		promo_secret_file_create(scratch_path(scratch, "b"), other, SIZE, arena, &problem),
		0);
	assert_memory_not_equal(first, other, SIZE);
	assert_int_equal(promo_secret_file_create(
				 scratch_path(scratch, "no/folder"), other, SIZE, arena, &problem),
		PROMO_E_NOT_FOUND);
}

struct racer {
	pthread_t thread;
	char path[128], got[SIZE];
	int result;
};

static void *race(void *context)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct promo_problem problem = { 0 };
	struct racer *racer = context;

	racer->result = promo_secret_file_create(racer->path, racer->got, SIZE, arena, &problem);
	return NULL;
}

static void test_all_who_race_get_the_same(void **state)
{
	struct racer racers[THREADS];

	(void)scratch_path(*state, "raced");
	for (int i = 0; i < THREADS; i++) {
		memcpy(racers[i].path, ((struct scratch *)*state)->path, sizeof(racers[i].path));
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(racers[i].thread, NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(racers[i].result, 0);
		assert_memory_equal(racers[i].got, racers[0].got, SIZE);
	}
}

static void test_texts_are_one_line(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	static const struct {
		const char *content;
		size_t size;
		const char *text; /* NULL: refused */
	} cases[] = {
		{ "secret", 6, "secret" },
		{ "secret\n", 7, "secret" },
		{ "secret\r\n", 8, "secret" },
		{ " se cret ", 9, " se cret " },
		{ "", 0, NULL },
		{ "\n", 1, NULL },
		{ "two\nlines", 9, NULL },
		{ "two\n\n", 5, NULL },
		{ "nul\0inside", 10, NULL },
	};
	struct promo_problem problem = { 0 };
	static char large[PROMO_SECRET_TEXT_MAX + 1];

	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const char *path =
			scratch_file(*state, "text", cases[i].content, cases[i].size, 0600);
		const char *text = NULL;
		int r = promo_secret_text_read(path, arena, &problem, &text);

		assert_int_equal(r, cases[i].text ? 0 : PROMO_E_INVALID_INPUT);
		if (cases[i].text)
			assert_string_equal(text, cases[i].text);
	}
	memset(large, 'x', sizeof(large));
	(void)scratch_file(*state, "text", large, sizeof(large), 0600);
	assert_int_equal(promo_secret_text_read(((struct scratch *)*state)->path, arena, &problem,
				 &(const char *){ NULL }),
		PROMO_E_INVALID_INPUT);
}

static void test_writing_replaces_the_whole(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 20);
	struct scratch *scratch = *state;
	struct promo_problem problem = { 0 };
	struct stat status;
	const char *text;

	(void)scratch_file(scratch, "token", "old and longer", 14, 0644);
	assert_int_equal(promo_secret_text_write(scratch->path, "new", arena, &problem), 0);
	assert_int_equal(promo_secret_text_read(scratch->path, arena, &problem, &text), 0);
	assert_string_equal(text, "new");
	assert_int_equal(stat(scratch->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(
		promo_secret_text_write(scratch_path(scratch, "no/token"), "x", arena, &problem),
		PROMO_E_NOT_FOUND);
	assert_non_null(strstr(problem.detail, "no/token"));
}

static void test_without_memory_nothing_is_written(void **state)
{
	struct scratch *scratch = *state;
	size_t limit = 0;
	int r;

	do {
		PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(limit);
		struct promo_problem problem = { 0 };
		const char *text;

		(void)unlink(scratch_path(scratch, "token"));
		r = promo_secret_text_write(scratch->path, "new", arena, &problem);
		if (r) {
			assert_true(r < 0);
		} else {
			r = promo_secret_text_read(scratch->path, arena, &problem, &text);
			assert_true(r <= 0);
		}
		limit += 16;
	} while (r);
	assert_true(limit > 64);
}

int main(void)
{
#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		WITH_SCRATCH(test_rights_are_looked_at),
		WITH_SCRATCH(test_size_and_kind_are_looked_at),
		WITH_SCRATCH(test_a_secret_is_made_once),
		WITH_SCRATCH(test_all_who_race_get_the_same),
		WITH_SCRATCH(test_texts_are_one_line),
		WITH_SCRATCH(test_writing_replaces_the_whole),
		WITH_SCRATCH(test_without_memory_nothing_is_written),
	};

	if (promo_base_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
