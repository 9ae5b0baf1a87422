/* SPDX-License-Identifier: MIT */
#include "libpromo/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"

/* What every function here passes on. */
struct place {
	const char *path;
	struct promo_arena *arena;
	struct promo_problem *problem;
};

static void fd_closep(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

/* What the owner of the machine can mend is a refusal with its reason, all else a fault. */
static int refuse_errno(const struct place *place, const char *what)
{
	int number = errno;

	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return promo_refuse(place->problem, place->arena, PROMO_E_NOT_FOUND,
			"could not %s %s: %s", what, place->path, strerror(number));
	case EACCES:
	case EPERM:
	case EROFS:
	case ELOOP:
	case EISDIR:
		return promo_refuse(place->problem, place->arena, PROMO_E_FORBIDDEN,
			"could not %s %s: %s", what, place->path, strerror(number));
	default:
		return promo_fault(-number, "could not %s %s", what, place->path);
	}
}

/* The rule of PostgreSQL and libpq for key files: nobody else may touch one's own file; a file of
 * root's may be read by a group, which is how systemd hands over credentials. */
static int check_owner(const struct place *place, const struct stat *status)
{
	mode_t forbidden = S_IRWXG | S_IRWXO;

	if (!S_ISREG(status->st_mode))
		return promo_refuse(place->problem, place->arena, PROMO_E_FORBIDDEN,
			"%s is not a regular file", place->path);
	if (status->st_uid != geteuid()) {
		if (status->st_uid != 0)
			return promo_refuse(place->problem, place->arena, PROMO_E_FORBIDDEN,
				"%s belongs to another user", place->path);
		forbidden = S_IWGRP | S_IXGRP | S_IRWXO;
	}
	if (status->st_mode & forbidden)
		return promo_refuse(place->problem, place->arena, PROMO_E_FORBIDDEN,
			"%s is open to others, which a secret must not be: chmod 600 it",
			place->path);
	return 0;
}

static int open_secret(const struct place *place, int *ret_fd, size_t *ret_size)
{
	PROMO_CLEANUP(fd_closep)
	int fd = open(place->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	int r;

	if (fd < 0 || fstat(fd, &status) != 0)
		return refuse_errno(place, "open");
	r = check_owner(place, &status);
	if (r)
		return r;
	*ret_size = (size_t)status.st_size;
	*ret_fd = fd;
	fd = -1;
	return 0;
}

static int read_all(const struct place *place, int fd, void *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, (char *)bytes + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return promo_fault(-errno, "could not read %s", place->path);
		if (n == 0)
			return promo_fault(-EIO, "%s became shorter", place->path);
		done += (size_t)n;
	}
	return 0;
}

int promo_secret_file_read(const char *path, void *ret, size_t size, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const struct place place = { path, arena, problem };
	PROMO_CLEANUP(fd_closep) int fd = -1;
	size_t there = 0;
	int r;

	r = open_secret(&place, &fd, &there);
	if (r)
		return r;
	if (there != size)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"%s has %zu bytes instead of %zu", path, there, size);
	return read_all(&place, fd, ret, size);
}

int promo_secret_text_read(const char *path, struct promo_arena *arena,
	struct promo_problem *problem, const char **ret)
{
	const struct place place = { path, arena, problem };
	PROMO_CLEANUP(fd_closep) int fd = -1;
	size_t size = 0, length;
	char *text;
	int r;

	r = open_secret(&place, &fd, &size);
	if (r)
		return r;
	if (size > PROMO_SECRET_TEXT_MAX)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"%s is longer than %d bytes", path, PROMO_SECRET_TEXT_MAX);
	text = promo_arena_alloc(arena, size + 1);
	if (!text)
		return promo_fault(-ENOMEM, "could not read %s", path);
	r = read_all(&place, fd, text, size);
	if (r)
		return r;
	length = strlen(text);
	if (length != size)
		return promo_refuse(
			problem, arena, PROMO_E_INVALID_INPUT, "%s is not a line of text", path);
	if (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	if (length > 0 && text[length - 1] == '\r')
		text[--length] = '\0';
	if (length == 0 || strpbrk(text, "\r\n"))
		return promo_refuse(
			problem, arena, PROMO_E_INVALID_INPUT, "%s is not a line of text", path);
	*ret = text;
	return 0;
}

static int write_all(int fd, const void *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = write(fd, (const char *)bytes + done, size - done);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			done += (size_t)n;
	}
	return fsync(fd);
}

/* A file with this content beside the path, durable, for link() or rename(). */
static int write_beside(const struct place *place, const void *bytes, size_t size, char **ret)
{
	char *beside = promo_arena_printf(place->arena, "%s.XXXXXX", place->path);
	PROMO_CLEANUP(fd_closep) int fd = -1;

	if (!beside)
		return promo_fault(-ENOMEM, "could not write %s", place->path);
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return refuse_errno(place, "write");
	if (write_all(fd, bytes, size) != 0) {
		int r = refuse_errno(place, "write");

		(void)unlink(beside);
		return r;
	}
	*ret = beside;
	return 0;
}

/* Makes the new name of the file survive a crash. */
static int sync_folder(const struct place *place)
{
	const char *slash = strrchr(place->path, '/');
	const char *folder =
		slash ? promo_arena_strndup(place->arena, place->path,
				slash == place->path ? 1 : (size_t)(slash - place->path))
		      : ".";
	PROMO_CLEANUP(fd_closep) int fd = -1;

	if (!folder)
		return promo_fault(-ENOMEM, "could not write %s", place->path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return refuse_errno(place, "write");
	return 0;
}

int promo_secret_file_create(const char *path, void *ret, size_t size, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const struct place place = { path, arena, problem };
	unsigned char *bytes = promo_arena_alloc(arena, size);
	char *beside;
	int r;

	if (!bytes)
		return promo_fault(-ENOMEM, "could not write %s", path);
	randombytes_buf(bytes, size);
	r = write_beside(&place, bytes, size, &beside);
	promo_secret_wipe(bytes, size);
	if (r)
		return r;
	/* link() and not rename(): who comes second must not replace what the first already uses. */
	if (link(beside, path) != 0 && errno != EEXIST)
		r = refuse_errno(&place, "write");
	(void)unlink(beside);
	if (!r)
		r = sync_folder(&place);
	if (!r)
		r = promo_secret_file_read(path, ret, size, arena, problem);
	return r;
}

int promo_secret_text_write(const char *path, const char *text, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const struct place place = { path, arena, problem };
	char *line = promo_arena_printf(arena, "%s\n", text);
	char *beside;
	int r;

	if (!line)
		return promo_fault(-ENOMEM, "could not write %s", path);
	r = write_beside(&place, line, strlen(line), &beside);
	promo_secret_wipe_text(line);
	if (r)
		return r;
	if (rename(beside, path) != 0) {
		r = refuse_errno(&place, "write");
		(void)unlink(beside);
		return r;
	}
	return sync_folder(&place);
}
