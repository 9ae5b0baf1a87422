/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/backup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/log.h"

/*
 * The form: a line, for a sealed file the head of its box, then frames. A frame is its length and whether it is
 * the last one, in 4 bytes with the highest bit for that, then the bytes as they are stored: sealed, or as they
 * are with the chain's SHA-256 behind them.
 */

#define PLAIN_LINE  "promo-backup 1 plain\n"
#define SEALED_LINE "promo-backup 1 sealed\n"

enum {
	LENGTH_BYTES = 4,
	EXTRA_MAX = PROMO_SHA256_BYTES,
	STORED_MAX = PROMO_BACKUP_FRAME_MAX + EXTRA_MAX,
	PLAIN_LENGTH = sizeof(PLAIN_LINE) - 1,
	SEALED_LENGTH = sizeof(SEALED_LINE) - 1,
};
#define LAST_BIT 0x80000000U

_Static_assert((int)PROMO_BOX_EXTRA_BYTES <= EXTRA_MAX, "room");

struct promo_backup_writer {
	char path[PROMO_BACKUP_PATH_MAX], part[PROMO_BACKUP_PATH_MAX], dir[PROMO_BACKUP_PATH_MAX];
	int fd;
	bool sealed, ended;
	struct promo_box box;
	unsigned char chain[PROMO_SHA256_BYTES];
	struct promo_sha256 sha256; /* of the file */
	int64_t bytes;
	size_t used;
	unsigned char buffer[PROMO_BACKUP_FRAME_MAX];
	unsigned char stored[LENGTH_BYTES + STORED_MAX];
};

struct promo_backup_reader {
	int fd;
	bool sealed, last;
	struct promo_box box;
	unsigned char chain[PROMO_SHA256_BYTES];
	int64_t at, size;
	unsigned char frame[PROMO_BACKUP_FRAME_MAX];
	unsigned char stored[LENGTH_BYTES + STORED_MAX];
};

/* What a frame of a plain file proves, and all before it. */
static void chain_on(unsigned char chain[PROMO_SHA256_BYTES],
	const unsigned char head[LENGTH_BYTES], const void *bytes, size_t size)
{
	struct promo_sha256 sha256;

	promo_sha256_start(&sha256);
	promo_sha256_add(&sha256, chain, PROMO_SHA256_BYTES);
	promo_sha256_add(&sha256, head, LENGTH_BYTES);
	promo_sha256_add(&sha256, bytes, size);
	promo_sha256_end_bytes(&sha256, chain);
}

/*
 * Writing.
 */

static int complain(const struct promo_backup_writer *writer, const char *what)
{
	promo_log(PROMO_LOG_ERROR, "could not %s the backup %s: %s", what, writer->part,
		strerror(errno));
	return PROMO_E_UNAVAILABLE;
}

static int put(struct promo_backup_writer *writer, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	promo_sha256_add(&writer->sha256, bytes, size);
	writer->bytes += (int64_t)size;
	while (size > 0) {
		ssize_t n = write(writer->fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain(writer, "write");
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int put_frame(struct promo_backup_writer *writer, bool last)
{
	size_t extra = writer->sealed ? PROMO_BOX_EXTRA_BYTES : PROMO_SHA256_BYTES;
	uint32_t length = (uint32_t)writer->used | (last ? LAST_BIT : 0);
	unsigned char *stored = writer->stored + LENGTH_BYTES;

	for (int i = 0; i < LENGTH_BYTES; i++)
		writer->stored[i] = (unsigned char)(length >> (24 - 8 * i));
	if (writer->sealed) {
		promo_box_seal(&writer->box, writer->buffer, writer->used, last, stored);
	} else {
		memcpy(stored, writer->buffer, writer->used);
		chain_on(writer->chain, writer->stored, stored, writer->used);
		memcpy(stored + writer->used, writer->chain, PROMO_SHA256_BYTES);
	}
	length = LENGTH_BYTES + (uint32_t)(writer->used + extra);
	writer->used = 0;
	return put(writer, writer->stored, length);
}

static int begin(struct promo_backup_writer *writer, const unsigned char *public_key)
{
	unsigned char head[PROMO_BOX_HEAD_BYTES];
	int r;

	/* A new file: who was left behind with the old one writes nothing into this. */
	if (unlink(writer->part) != 0 && errno != ENOENT)
		return complain(writer, "begin");
	writer->fd = open(writer->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (writer->fd < 0)
		return complain(writer, "make");
	promo_sha256_start(&writer->sha256);
	if (!public_key)
		return put(writer, PLAIN_LINE, PLAIN_LENGTH);
	writer->sealed = true;
	r = promo_box_begin(public_key, head, &writer->box);
	if (r)
		return promo_fault(-EINVAL, "a backup cannot be sealed to this public key");
	r = put(writer, SEALED_LINE, SEALED_LENGTH);
	return r ? r : put(writer, head, sizeof(head));
}

int promo_backup_writer_new(const char *dir, const char *name, const unsigned char *public_key,
	struct promo_backup_writer **ret)
{
	struct promo_backup_writer *writer = calloc(1, sizeof(*writer));
	int length, r;

	if (!writer)
		return promo_fault(-ENOMEM, "could not begin a backup");
	writer->fd = -1;
	(void)snprintf(writer->dir, sizeof(writer->dir), "%s", dir);
	(void)snprintf(writer->path, sizeof(writer->path), "%s/%s", dir, name);
	length = snprintf(writer->part, sizeof(writer->part), "%s/%s" PROMO_BACKUP_PART, dir, name);
	r = length >= (int)sizeof(writer->part)
		    ? promo_fault(-ENAMETOOLONG, "the path of a backup is too long")
		    : begin(writer, public_key);
	if (r) {
		promo_backup_writer_free(writer);
		return r;
	}
	*ret = writer;
	return 0;
}

int promo_backup_writer_add(struct promo_backup_writer *writer, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	int r = 0;

	while (!r && size > 0) {
		size_t room = sizeof(writer->buffer) - writer->used;
		size_t some = size < room ? size : room;

		memcpy(writer->buffer + writer->used, at, some);
		writer->used += some;
		at += some;
		size -= some;
		if (writer->used == sizeof(writer->buffer))
			r = put_frame(writer, /* last= */ false);
	}
	return r;
}

int promo_backup_writer_manifest(struct promo_backup_writer *writer, const char *text)
{
	size_t size = strlen(text);

	if (writer->used > 0 || size > sizeof(writer->buffer))
		return promo_fault(-EINVAL, "the manifest of a backup is out of place");
	memcpy(writer->buffer, text, size);
	writer->used = size;
	return put_frame(writer, /* last= */ false);
}

/* A name is on disk once its folder is. */
static int settle(const struct promo_backup_writer *writer)
{
	int folder = open(writer->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = folder < 0 || fsync(folder) != 0 ? complain(writer, "keep") : 0;

	if (folder >= 0)
		(void)close(folder);
	return r;
}

/* Whether the name is still that of the file in hand, and not of one that another has begun since. */
static bool is_ours(const struct promo_backup_writer *writer)
{
	struct stat ours, named;

	return fstat(writer->fd, &ours) == 0 && stat(writer->part, &named) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

int promo_backup_writer_end(struct promo_backup_writer *writer, int64_t *ret_bytes,
	char ret_sha256[PROMO_SHA256_HEX_SIZE])
{
	int r;

	r = put_frame(writer, /* last= */ true);
	if (r)
		return r;
	if (fsync(writer->fd) != 0)
		return complain(writer, "write");
	if (!is_ours(writer)) {
		errno = ESTALE;
		return complain(writer, "keep");
	}
	if (rename(writer->part, writer->path) != 0)
		return complain(writer, "name");
	writer->ended = true;
	r = settle(writer);
	if (r)
		return r;
	promo_sha256_end(&writer->sha256, ret_sha256);
	*ret_bytes = writer->bytes;
	return 0;
}

void promo_backup_writer_free(struct promo_backup_writer *writer)
{
	if (!writer)
		return;
	if (writer->fd >= 0) {
		if (!writer->ended && is_ours(writer))
			(void)unlink(writer->part);
		(void)close(writer->fd);
	}
	promo_secret_wipe(&writer->box, sizeof(writer->box));
	free(writer);
}

/*
 * Reading.
 */

/* All of it, or PROMO_E_INVALID_INPUT. */
static int get(struct promo_backup_reader *reader, void *ret, size_t size,
	struct promo_arena *arena, struct promo_problem *problem)
{
	unsigned char *at = ret;

	while (size > 0) {
		ssize_t n = read(reader->fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return promo_fault(-errno, "could not read a backup: %s", strerror(errno));
		if (n == 0)
			return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
				"the backup is cut off after %" PRId64
				" bytes; take another copy of it",
				reader->at);
		at += n;
		size -= (size_t)n;
		reader->at += n;
	}
	return 0;
}

static int damaged(struct promo_backup_reader *reader, struct promo_arena *arena,
	struct promo_problem *problem)
{
	return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
		"the backup is damaged before byte %" PRId64 "; take another copy of it",
		reader->at);
}

static int unseal(struct promo_backup_reader *reader, size_t size, bool last,
	struct promo_arena *arena, struct promo_problem *problem)
{
	unsigned char *stored = reader->stored + LENGTH_BYTES;
	bool sealed_last = false;
	int r;

	if (reader->sealed) {
		r = promo_box_unseal(&reader->box, stored, size + PROMO_BOX_EXTRA_BYTES,
			reader->frame, &sealed_last);
		return r || sealed_last != last ? damaged(reader, arena, problem) : 0;
	}
	chain_on(reader->chain, reader->stored, stored, size);
	if (memcmp(reader->chain, stored + size, PROMO_SHA256_BYTES) != 0)
		return damaged(reader, arena, problem);
	memcpy(reader->frame, stored, size);
	return 0;
}

static int get_frame(struct promo_backup_reader *reader, struct promo_arena *arena,
	struct promo_problem *problem, size_t *ret_size)
{
	size_t extra = reader->sealed ? PROMO_BOX_EXTRA_BYTES : PROMO_SHA256_BYTES;
	uint32_t length = 0;
	size_t size;
	int r;

	r = get(reader, reader->stored, LENGTH_BYTES, arena, problem);
	if (r)
		return r;
	for (int i = 0; i < LENGTH_BYTES; i++)
		length = length << 8 | reader->stored[i];
	size = length & ~LAST_BIT;
	if (size > PROMO_BACKUP_FRAME_MAX)
		return damaged(reader, arena, problem);
	r = get(reader, reader->stored + LENGTH_BYTES, size + extra, arena, problem);
	if (!r)
		r = unseal(reader, size, (length & LAST_BIT) != 0, arena, problem);
	if (r)
		return r;
	reader->last = (length & LAST_BIT) != 0;
	*ret_size = size;
	return 0;
}

static int open_box(struct promo_backup_reader *reader, const unsigned char *secret,
	struct promo_arena *arena, struct promo_problem *problem)
{
	unsigned char head[PROMO_BOX_HEAD_BYTES];
	int r;

	r = get(reader, head, sizeof(head), arena, problem);
	if (r)
		return r;
	if (!secret)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"the backup is sealed to a public key; name the file of its secret half "
			"with --key");
	return promo_box_open(secret, head, &reader->box)
		       ? promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
				 "the backup was not sealed to this key, or its head is damaged")
		       : 0;
}

static int read_head(struct promo_backup_reader *reader, const unsigned char *secret,
	struct promo_arena *arena, struct promo_problem *problem)
{
	char line[SEALED_LENGTH];
	int r;

	r = get(reader, line, PLAIN_LENGTH, arena, problem);
	if (!r && memcmp(line, PLAIN_LINE, PLAIN_LENGTH) == 0)
		return 0;
	if (!r)
		r = get(reader, line + PLAIN_LENGTH, SEALED_LENGTH - PLAIN_LENGTH, arena, problem);
	if (r < 0)
		return r;
	if (r || memcmp(line, SEALED_LINE, SEALED_LENGTH) != 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"the file is no backup of promo, or of a later form");
	reader->sealed = true;
	return open_box(reader, secret, arena, problem);
}

/* Lines of "key: value"; keys that are not known are of a later version. */
static int parse_manifest(char *text, struct promo_backup_manifest *ret)
{
	char *rest = text, *line;

	*ret = (struct promo_backup_manifest){ .schema = 0 };
	while ((line = strsep(&rest, "\n"))) {
		char *value = strstr(line, ": ");

		if (!value)
			continue;
		*value = '\0';
		value += 2;
		if (strcmp(line, "id") == 0)
			ret->id = value;
		else if (strcmp(line, "made_at") == 0)
			ret->made_at = value;
		else if (strcmp(line, "version") == 0)
			ret->version = value;
		else if (strcmp(line, "schema") == 0)
			ret->schema = strtoll(value, NULL, 10);
		else if (strcmp(line, "counts") == 0)
			ret->counts = value;
	}
	return ret->id && ret->made_at && ret->version && ret->counts && ret->schema > 0
		       ? 0
		       : PROMO_E_INVALID_INPUT;
}

static int read_manifest(struct promo_backup_reader *reader, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_backup_manifest *ret)
{
	size_t size = 0;
	char *text;
	int r;

	r = get_frame(reader, arena, problem, &size);
	if (r)
		return r;
	text = promo_arena_strndup(arena, (const char *)reader->frame, size);
	if (!text)
		return promo_fault(-ENOMEM, "could not read a backup");
	return parse_manifest(text, ret) ? damaged(reader, arena, problem) : 0;
}

int promo_backup_reader_open(const char *path, const unsigned char *secret,
	struct promo_arena *arena, struct promo_problem *problem,
	struct promo_backup_manifest *ret_manifest, struct promo_backup_reader **ret)
{
	struct promo_backup_reader *reader = calloc(1, sizeof(*reader));
	struct stat status;
	int r;

	if (!reader)
		return promo_fault(-ENOMEM, "could not read a backup");
	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0 || fstat(reader->fd, &status) != 0) {
		r = promo_refuse(problem, arena, PROMO_E_NOT_FOUND,
			"could not open the backup '%s': %s", path, strerror(errno));
	} else {
		reader->size = status.st_size;
		r = read_head(reader, secret, arena, problem);
	}
	if (!r)
		r = read_manifest(reader, arena, problem, ret_manifest);
	if (r) {
		promo_backup_reader_close(reader);
		return r;
	}
	*ret = reader;
	return 0;
}

int promo_backup_reader_next(struct promo_backup_reader *reader, struct promo_arena *arena,
	struct promo_problem *problem, const void **ret, size_t *ret_size)
{
	size_t size = 0;
	int r = 0;

	while (!r && size == 0 && !reader->last)
		r = get_frame(reader, arena, problem, &size);
	if (!r && reader->last && reader->at != reader->size)
		r = damaged(reader, arena, problem);
	if (r)
		return r;
	*ret = reader->frame;
	*ret_size = size;
	return 0;
}

void promo_backup_reader_close(struct promo_backup_reader *reader)
{
	if (!reader)
		return;
	if (reader->fd >= 0)
		(void)close(reader->fd);
	promo_secret_wipe(&reader->box, sizeof(reader->box));
	free(reader);
}

int64_t promo_backup_reader_at(const struct promo_backup_reader *reader)
{
	return reader->at;
}

int64_t promo_backup_reader_size(const struct promo_backup_reader *reader)
{
	return reader->size;
}

int promo_backup_manifest_format(
	const struct promo_backup_manifest *manifest, struct promo_arena *arena, const char **ret)
{
	const char *text = promo_arena_printf(arena,
		"id: %s\nmade_at: %s\nversion: %s\nschema: %" PRId64 "\ncounts: %s\n", manifest->id,
		manifest->made_at, manifest->version, manifest->schema, manifest->counts);

	if (!text)
		return promo_fault(-ENOMEM, "could not write the manifest of a backup");
	*ret = text;
	return 0;
}
