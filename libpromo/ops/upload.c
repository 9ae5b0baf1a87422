/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/log.h"
#include "libpromo/base/multipart.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/job_files.h"
#include "libpromo/ops/spool.h"

enum {
	UPLOADS_MAX = 32 /* of the process: each is a descriptor and a file */
};
static atomic_int uploads;

struct promo_upload {
	int fd;
	struct promo_multipart *multipart; /* NULL: the body is the file */
	uint64_t size;
	int64_t lines, parts; /* parts that the database has */
	char id[PROMO_UUID_SIZE];
	struct promo_sha256 sha;
	char sha256[PROMO_SHA256_HEX_SIZE];
};

/* Better to say that there is no room before gigabytes are sent. Not every file system can tell. */
static int make_room(int fd, uint64_t size)
{
	if (size == 0 || fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)size) == 0 || errno != ENOSPC)
		return 0;
	promo_log(PROMO_LOG_WARNING, "there is no room for a file that somebody wants to send");
	return PROMO_E_UNAVAILABLE;
}

static int open_file(const char *dir, uint64_t announced_bytes, struct promo_upload **ret)
{
	struct promo_upload *upload = calloc(1, sizeof(*upload));
	int r;

	if (!upload)
		return promo_fault(-ENOMEM, "could not take a file");
	upload->fd = promo_spool_open_file(dir);
	if (upload->fd < 0) {
		promo_log(PROMO_LOG_WARNING, "could not make a file for what is sent: %s",
			strerror(errno));
		free(upload);
		return PROMO_E_UNAVAILABLE;
	}
	r = make_room(upload->fd, announced_bytes);
	if (r) {
		(void)close(upload->fd);
		free(upload);
		return r;
	}
	promo_uuid_new(upload->id);
	promo_sha256_start(&upload->sha);
	*ret = upload;
	return 0;
}

int promo_upload_new(const char *dir, uint64_t announced_bytes, const char *content_type,
	struct promo_upload **ret)
{
	static const char form[] = "multipart/";
	struct promo_upload *upload = NULL;
	int r = atomic_fetch_add(&uploads, 1) < UPLOADS_MAX ? 0 : PROMO_E_UNAVAILABLE;

	if (!r)
		r = open_file(dir, announced_bytes, &upload);
	if (r) {
		atomic_fetch_sub(&uploads, 1);
		return r;
	}
	if (content_type && strncasecmp(content_type, form, sizeof(form) - 1) == 0)
		r = promo_multipart_new(content_type, &upload->multipart);
	if (r) {
		promo_upload_free(upload);
		return r;
	}
	*ret = upload;
	return 0;
}

void promo_upload_free(struct promo_upload *upload)
{
	if (!upload)
		return;
	(void)close(upload->fd);
	promo_multipart_free(upload->multipart);
	free(upload);
	atomic_fetch_sub(&uploads, 1);
}

static int keep(void *context, const void *bytes, size_t size)
{
	struct promo_upload *upload = context;
	const char *next = bytes;

	promo_sha256_add(&upload->sha, bytes, size);
	for (const char *at = bytes, *end = at + size; (at = memchr(at, '\n', (size_t)(end - at)));
		at++)
		upload->lines++;
	while (size > 0) {
		ssize_t done = pwrite(upload->fd, next, size, (off_t)upload->size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			promo_log(PROMO_LOG_WARNING, "could not keep a file that is sent: %s",
				strerror(errno));
			return PROMO_E_UNAVAILABLE;
		}
		next += done;
		upload->size += (uint64_t)done;
		size -= (size_t)done;
	}
	return 0;
}

int promo_upload_write(struct promo_upload *upload, const void *bytes, size_t size)
{
	return upload->multipart
		       ? promo_multipart_feed(upload->multipart, bytes, size, keep, upload)
		       : keep(upload, bytes, size);
}

int promo_upload_finish(struct promo_upload *upload)
{
	int r = upload->multipart ? promo_multipart_end(upload->multipart) : 0;

	if (r)
		return r;
	promo_sha256_end(&upload->sha, upload->sha256);
	return 0;
}

uint64_t promo_upload_size(const struct promo_upload *upload)
{
	return upload->size;
}

int64_t promo_upload_lines(const struct promo_upload *upload)
{
	return upload->lines;
}

const char *promo_upload_id(const struct promo_upload *upload)
{
	return upload->id;
}

const char *promo_upload_sha256(const struct promo_upload *upload)
{
	return upload->sha256;
}

int promo_upload_read(
	const struct promo_upload *upload, uint64_t offset, void *buffer, size_t size, size_t *ret)
{
	ssize_t done;

	do
		done = pread(upload->fd, buffer, size, (off_t)offset);
	while (done < 0 && errno == EINTR);
	if (done < 0)
		return promo_fault(-errno, "could not read a file that was sent");
	*ret = (size_t)done;
	return 0;
}

/*
 * In the database.
 */

/* Reads the next part whole; *ret_size is 0 behind the last. */
static int read_part(const struct promo_upload *upload, char *part, size_t *ret_size)
{
	const uint64_t offset = (uint64_t)upload->parts * PROMO_JOB_FILE_PART_MAX;
	size_t size = 0, more = 1;
	int r = 0;

	while (!r && size < PROMO_JOB_FILE_PART_MAX && more > 0) {
		r = promo_upload_read(
			upload, offset + size, part + size, PROMO_JOB_FILE_PART_MAX - size, &more);
		if (!r)
			size += more;
	}
	if (!r)
		*ret_size = size;
	return r;
}

static int keep_part(const struct promo_upload *upload, struct promo_store *store,
	struct promo_arena *arena, const char *part, size_t size)
{
	struct promo_params params = PROMO_PARAMS(arena);

	promo_param_text(&params, upload->id);
	promo_param_int(&params, upload->parts + 1);
	promo_param_bytes(&params, part, size);
	return promo_store_exec(store, PROMO_Q_UPLOAD_APPEND, &params, NULL);
}

int promo_upload_keep(
	struct promo_upload *upload, struct promo_store *store, int64_t until_ms, bool *ret_stored)
{
	/* A part travels as hex. */
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new((size_t)4 * PROMO_JOB_FILE_PART_MAX);
	char *part = malloc(PROMO_JOB_FILE_PART_MAX);
	size_t size = 0;
	int r = arena && part ? 0 : promo_fault(-ENOMEM, "could not keep a file");

	while (!r) {
		r = read_part(upload, part, &size);
		if (r || size == 0)
			break;
		promo_arena_clear(arena);
		r = keep_part(upload, store, arena, part, size);
		if (r)
			break;
		upload->parts++;
		if (until_ms && promo_monotonic_ms() >= until_ms)
			break;
	}
	free(part);
	if (!r)
		*ret_stored = (uint64_t)upload->parts * PROMO_JOB_FILE_PART_MAX >= upload->size;
	return r;
}

int promo_upload_claim(
	const struct promo_upload *upload, struct promo_store *store, struct promo_arena *arena)
{
	struct promo_params params = PROMO_PARAMS(arena);
	int64_t claimed;
	int r;

	promo_param_text(&params, upload->id);
	promo_param_int(&params, (int64_t)upload->size);
	r = promo_store_exec(store, PROMO_Q_UPLOAD_TAKE, &params, &claimed);
	if (r)
		return r;
	return claimed == 1 ? 0 : PROMO_E_UNAVAILABLE;
}

int promo_upload_read_kept(
	struct promo_store *store, const char *id, int64_t part, void *buffer, size_t *ret_size)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new((size_t)4 * PROMO_JOB_FILE_PART_MAX);
	struct promo_params params;

	if (!arena)
		return promo_fault(-ENOMEM, "could not read a file that was sent");
	params = PROMO_PARAMS(arena);
	promo_param_text(&params, id);
	promo_param_int(&params, part);
	return promo_job_part_read(store, PROMO_Q_UPLOAD_READ, &params, buffer, ret_size);
}

int promo_upload_drop(struct promo_store *store, struct promo_arena *arena, const char *id)
{
	struct promo_params params = PROMO_PARAMS(arena);

	promo_param_text(&params, id);
	return promo_store_exec(store, PROMO_Q_UPLOAD_DROP, &params, NULL);
}
