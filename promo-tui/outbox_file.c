/* SPDX-License-Identifier: MIT */
#include "promo-tui/outbox_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"

enum {
	LEFT_BEHIND_S = 60 /* nobody takes so long to write one */
};

static int refuse(const char *path, const char *what, struct promo_arena *arena,
	struct promo_problem *problem)
{
	return promo_refuse(problem, arena, PROMO_E_UNAVAILABLE,
		"could not %s %s: %s; nothing was sent", what, path, strerror(errno));
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		const ssize_t n = write(fd, text, left);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
	return fsync(fd);
}

int tui_outbox_file_sync(const char *folder)
{
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return -1;
	r = fsync(fd);
	(void)close(fd);
	return r;
}

/* The same of the folder in which this path is. */
static int sync_folder_of(const char *path, struct promo_arena *arena)
{
	const char *folder = promo_arena_strndup(arena, path, (size_t)(strrchr(path, '/') - path));

	if (folder)
		return tui_outbox_file_sync(folder);
	errno = ENOMEM;
	return -1;
}

int tui_outbox_file_create(const char *path, const char *text, struct promo_arena *arena,
	struct promo_problem *problem, int *ret_fd)
{
	char *beside = promo_arena_printf(arena, "%s.XXXXXX", path);
	int fd, r;

	if (!beside)
		return promo_fault(-ENOMEM, "could not write %s", path);
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return refuse(path, "write", arena, problem);
	/* The lock goes with the file to its name, so nobody can see it without. */
	if (flock(fd, LOCK_EX | LOCK_NB) || write_all(fd, text) || rename(beside, path)) {
		r = refuse(path, "write", arena, problem);
		(void)unlink(beside);
		(void)close(fd);
		return r;
	}
	if (sync_folder_of(path, arena)) {
		r = refuse(path, "write", arena, problem);
		(void)unlink(path);
		(void)close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}

int tui_outbox_file_lock(const char *path)
{
	const int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;

	if (fd < 0)
		return -1;
	/* Who had it may have removed it between the two. */
	if (flock(fd, LOCK_EX | LOCK_NB) || fstat(fd, &status) || status.st_nlink == 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

void tui_outbox_file_sweep(const char *path)
{
	const int fd = tui_outbox_file_lock(path);
	struct stat status;

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && status.st_mtime < promo_now_ms() / 1000 - LEFT_BEHIND_S)
		(void)unlink(path);
	(void)close(fd);
}
