/* SPDX-License-Identifier: MIT */
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/test.h"

/* A folder of its own for a test, gone afterwards; files in it lie flat. */
struct scratch {
	char folder[32];
	char path[128]; /* of the last file that was asked for */
};

static inline const char *scratch_path(struct scratch *scratch, const char *name)
{
	int length = snprintf(scratch->path, sizeof(scratch->path), "%s/%s", scratch->folder, name);

	assert_true(length > 0 && (size_t)length < sizeof(scratch->path));
	return scratch->path;
}

/* Writes a file with these rights; returns its path. */
static inline const char *scratch_file(
	struct scratch *scratch, const char *name, const void *bytes, size_t size, mode_t mode)
{
	int fd = open(scratch_path(scratch, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	return scratch->path;
}

static inline int scratch_setup(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));

	if (!scratch)
		return -1;
	(void)snprintf(scratch->folder, sizeof(scratch->folder), "/tmp/promo-test-XXXXXX");
	*state = scratch;
	return mkdtemp(scratch->folder) ? 0 : -1;
}

static inline int scratch_teardown(void **state)
{
	struct scratch *scratch = *state;
	DIR *folder = opendir(scratch->folder);
	struct dirent *entry;

	if (!folder)
		return -1;
	while ((entry = readdir(folder)) != NULL)
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
	(void)rmdir(scratch->folder);
	free(scratch);
	return 0;
}
