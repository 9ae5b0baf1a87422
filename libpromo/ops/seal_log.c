/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/seal_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/api/audit_line.h"
#include "libpromo/base/log.h"

enum {
	/* A seal of as many writers as it can have takes 2.3 MB. */
	TAIL_BYTES = 3 * 1024 * 1024,
};

struct promo_seal_log {
	int fd;
	int64_t last;
};

/* The last line that is a seal; a line without an end is cut off. */
static int read_tail(struct promo_seal_log *log, char *tail, size_t size, int64_t from,
	struct promo_arena *arena)
{
	size_t whole = size;

	while (whole > 0 && tail[whole - 1] != '\n')
		whole--;
	if (whole < size && ftruncate(log->fd, from + (int64_t)whole) != 0)
		return promo_fault(-errno, "could not mend the log of seals");
	while (whole > 0) {
		struct promo_audit_line line;
		size_t begin = whole - 1;
		int r;

		tail[whole - 1] = '\0';
		while (begin > 0 && tail[begin - 1] != '\n')
			begin--;
		r = promo_audit_line_read(tail + begin, arena, &line);
		if (r < 0)
			return r;
		if (!r && line.seal) {
			log->last = line.seal->id;
			return 0;
		}
		whole = begin;
	}
	return 0;
}

static int find_last(struct promo_seal_log *log, struct promo_arena *arena)
{
	struct stat status;
	int64_t from;
	size_t size;
	char *tail;

	if (fstat(log->fd, &status) != 0)
		return promo_fault(-errno, "could not read the log of seals");
	size = status.st_size < TAIL_BYTES ? (size_t)status.st_size : TAIL_BYTES;
	from = status.st_size - (int64_t)size;
	tail = promo_arena_alloc(arena, size + 1);
	if (!tail)
		return promo_fault(-ENOMEM, "could not read the log of seals");
	for (size_t done = 0; done < size;) {
		ssize_t n = pread(log->fd, tail + done, size - done, from + (int64_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return promo_fault(-EIO, "could not read the log of seals");
		done += (size_t)n;
	}
	return read_tail(log, tail, size, from, arena);
}

int promo_seal_log_open(const char *path, struct promo_arena *arena, struct promo_seal_log **ret)
{
	struct promo_seal_log *log = calloc(1, sizeof(*log));
	int r;

	if (!log)
		return promo_fault(-ENOMEM, "could not open %s", path);
	log->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (log->fd < 0) {
		r = promo_fault(-errno, "could not open %s", path);
		free(log);
		return r;
	}
	if (flock(log->fd, LOCK_EX | LOCK_NB) != 0) {
		promo_seal_log_close(log);
		*ret = NULL;
		return 0;
	}
	r = find_last(log, arena);
	if (r) {
		promo_seal_log_close(log);
		return r;
	}
	*ret = log;
	return 0;
}

void promo_seal_log_close(struct promo_seal_log *log)
{
	if (!log)
		return;
	(void)close(log->fd);
	free(log);
}

bool promo_seal_log_is_at(const struct promo_seal_log *log, const char *path)
{
	struct stat there, own;

	return stat(path, &there) == 0 && fstat(log->fd, &own) == 0 && there.st_dev == own.st_dev &&
	       there.st_ino == own.st_ino;
}

int64_t promo_seal_log_last(const struct promo_seal_log *log)
{
	return log->last;
}

int promo_seal_log_append(
	struct promo_seal_log *log, const struct promo_audit_seal *seal, struct promo_arena *arena)
{
	struct promo_audit_seal bare = *seal;
	const struct promo_audit_line line = { .seal = &bare,
		.writer_id = PROMO_NULL_INT,
		.seq = PROMO_NULL_INT,
		.count = PROMO_NULL_INT };
	const char *json;
	char *text;
	size_t size;
	int r;

	bare.leaves = NULL;
	r = promo_encode(&promo_audit_line_schema, &line, arena, &json);
	if (r)
		return r;
	text = promo_arena_printf(arena, "%s\n", json);
	if (!text)
		return promo_fault(-ENOMEM, "could not log a seal");
	size = strlen(text);
	for (size_t done = 0; done < size;) {
		ssize_t n = write(log->fd, text + done, size - done);

		if (n < 0 && errno != EINTR)
			return promo_fault(-errno, "could not log a seal");
		if (n > 0)
			done += (size_t)n;
	}
	if (fdatasync(log->fd) != 0)
		return promo_fault(-errno, "could not log a seal");
	log->last = seal->id;
	return 0;
}

/*
 * Reading.
 */

int64_t promo_seal_log_size(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? status.st_size : 0;
}

int promo_seal_reader_open(const char *path, int64_t size, struct promo_seal_reader *ret)
{
	struct promo_seal_reader reader = { .left = size };

	if (size > 0)
		reader.file = fopen(path, "re");
	if (size > 0 && !reader.file)
		return promo_fault(-errno, "could not open %s", path);
	*ret = reader;
	return 0;
}

void promo_seal_reader_close(struct promo_seal_reader *reader)
{
	if (reader->file)
		(void)fclose(reader->file);
	free(reader->line);
	*reader = (struct promo_seal_reader){ 0 };
}

int promo_seal_reader_next(struct promo_seal_reader *reader, struct promo_arena *arena,
	const struct promo_audit_seal **ret, bool *ret_damaged)
{
	*ret = NULL;
	*ret_damaged = false;
	while (reader->left > 0) {
		struct promo_audit_line line;
		ssize_t size = getline(&reader->line, &reader->room, reader->file);
		int r;

		/* Somebody is writing it, or was when he died. */
		if (size <= 0 || reader->line[size - 1] != '\n')
			return 0;
		reader->left -= size;
		r = promo_audit_line_read(reader->line, arena, &line);
		if (r < 0)
			return r;
		if (!r && line.seal) {
			*ret = line.seal;
			return 0;
		}
		*ret_damaged = true;
	}
	return 0;
}
