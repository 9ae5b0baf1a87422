/* SPDX-License-Identifier: MIT */
/* The file of a backup gives back what was written into it, plain and sealed; wherever a byte of it is changed or
 * it is cut off, that is told before anything behind it is handed on; another key opens nothing; and where there
 * is no room, neither the file nor a part of it stays. */
#include <signal.h>
#include <sys/resource.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/ops/backup_file.h"
#include "tests/lib/scratch.h"

enum {
	PIECE = 100 * 1000,
	PIECES = 7, /* more than two frames */
	ARENA_LIMIT = 4 * 1024 * 1024,
};

static const unsigned char secret[PROMO_BOX_KEY_BYTES] = "one", other[PROMO_BOX_KEY_BYTES] = "two";
static unsigned char piece[PIECE];
static const struct promo_backup_manifest manifest = {
	.id = "0190a1b2-c3d4-7abc-8def-00000000ba01",
	.made_at = "2026-11-23T07:00:00.000Z",
	.version = "0.1.0",
	.schema = 36,
	.counts = "{\"codes\": 20}",
};

static int write_backup(const char *dir, bool sealed)
{
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	unsigned char public_key[PROMO_BOX_KEY_BYTES];
	struct promo_backup_writer *writer;
	char sha256[PROMO_SHA256_HEX_SIZE];
	const char *text;
	int64_t bytes;
	int r;

	assert_non_null(arena);
	promo_box_public(secret, public_key);
	assert_int_equal(promo_backup_manifest_format(&manifest, arena, &text), 0);
	r = promo_backup_writer_new(dir, "a.backup", sealed ? public_key : NULL, &writer);
	assert_int_equal(r, 0);
	r = promo_backup_writer_manifest(writer, text);
	for (int i = 0; !r && i < PIECES; i++)
		r = promo_backup_writer_add(writer, piece, PIECE);
	if (!r)
		r = promo_backup_writer_end(writer, &bytes, sha256);
	promo_backup_writer_free(writer);
	promo_arena_free(arena);
	return r;
}

/* Reads as far as it goes; *ret_size is what came until then, all of which has to be right. */
static int read_backup(const char *path, const unsigned char *key, size_t *ret_size)
{
	struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	struct promo_backup_manifest got;
	struct promo_backup_reader *reader;
	struct promo_problem problem = { 0 };
	const unsigned char *bytes = NULL;
	size_t size = 1, at = 0;
	int r;

	assert_non_null(arena);
	r = promo_backup_reader_open(path, key, arena, &problem, &got, &reader);
	if (!r)
		assert_string_equal(got.counts, manifest.counts);
	if (!r)
		assert_int_equal(got.schema, manifest.schema);
	while (!r && size > 0) {
		r = promo_backup_reader_next(reader, arena, &problem, (const void **)&bytes, &size);
		for (size_t i = 0; !r && i < size; i++)
			assert_int_equal(bytes[i], piece[(at + i) % PIECE]);
		at += r ? 0 : size;
		if (r || size == 0)
			promo_backup_reader_close(reader);
	}
	if (r)
		assert_non_null(problem.detail);
	promo_arena_free(arena);
	*ret_size = at;
	return r;
}

static void test_there_and_back(void **state)
{
	struct scratch *scratch = *state;
	size_t size;

	for (int sealed = 0; sealed < 2; sealed++) {
		assert_int_equal(write_backup(scratch->folder, sealed), 0);
		assert_int_equal(read_backup(scratch_path(scratch, "a.backup"),
					 sealed ? secret : NULL, &size),
			0);
		assert_int_equal(size, PIECES * PIECE);
		assert_int_not_equal(access(scratch_path(scratch, "a.backup.part"), F_OK), 0);
	}
	/* It is the sealed one now. */
	scratch_path(scratch, "a.backup");
	assert_int_equal(read_backup(scratch->path, other, &size), PROMO_E_INVALID_INPUT);
	assert_int_equal(read_backup(scratch->path, NULL, &size), PROMO_E_INVALID_INPUT);
	assert_int_equal(read_backup("/nowhere/a.backup", NULL, &size), PROMO_E_NOT_FOUND);
	scratch_file(scratch, "b.backup", "hello", 5, 0600);
	assert_int_equal(read_backup(scratch->path, NULL, &size), PROMO_E_INVALID_INPUT);
}

static void flip(const char *path, off_t at)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	(void)close(fd);
}

static void test_damage(void **state)
{
	enum {
		STEP = 49999 /* odd, and no part of a frame */
	};
	struct scratch *scratch = *state;
	struct stat status;
	const char *path;
	size_t size;

	for (int sealed = 0; sealed < 2; sealed++) {
		const unsigned char *key = sealed ? secret : NULL;

		assert_int_equal(write_backup(scratch->folder, sealed), 0);
		path = scratch_path(scratch, "a.backup");
		assert_int_equal(stat(path, &status), 0);
		for (off_t at = 0; at < status.st_size; at += at < 300 ? 1 : STEP) {
			flip(path, at);
			assert_int_equal(read_backup(path, key, &size), PROMO_E_INVALID_INPUT);
			flip(path, at);
		}
		flip(path, status.st_size - 1);
		assert_int_equal(read_backup(path, key, &size), PROMO_E_INVALID_INPUT);
		flip(path, status.st_size - 1);
		assert_int_equal(read_backup(path, key, &size), 0);
		for (off_t at = status.st_size - 1; at > 0; at -= at > STEP ? STEP : 1000) {
			assert_int_equal(truncate(path, at), 0);
			assert_int_equal(read_backup(path, key, &size), PROMO_E_INVALID_INPUT);
		}
	}
}

static void test_no_room(void **state)
{
	const struct rlimit few = { .rlim_cur = 300 * 1000, .rlim_max = RLIM_INFINITY };
	struct scratch *scratch = *state;
	struct rlimit before;

	(void)unlink(scratch_path(scratch, "a.backup"));
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ few.rlim_cur, before.rlim_max }), 0);
	assert_int_equal(write_backup(scratch->folder, false), PROMO_E_UNAVAILABLE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_not_equal(access(scratch_path(scratch, "a.backup"), F_OK), 0);
	assert_int_not_equal(access(scratch_path(scratch, "a.backup.part"), F_OK), 0);
}

static int setup(void **state)
{
	for (size_t i = 0; i < PIECE; i++)
		piece[i] = (unsigned char)(i * 7 + i / 251);
	return promo_base_init() ? -1 : scratch_setup(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
