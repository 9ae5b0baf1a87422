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
#include "libpromo/ops/spool.h"

enum {
	UPLOADS_MAX = 32 /* of the process: each is a descriptor and a file */
};
static atomic_int uploads;

struct promo_upload {
	int fd;
	struct promo_multipart *multipart; /* NULL: the body is the file */
	uint64_t size;
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
