/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/log.h"

enum {
	SPOOLS_MAX = 32 /* of the process: each is a descriptor and a file as long as the answer */
};
static atomic_int spools;

enum state {
	RUNNING,
	COMPLETE,
	BROKEN
};

/* The bytes themselves need no lock: the writer only appends behind `written`, the reader only
 * reads before it. */
struct promo_spool {
	int fd;
	pthread_mutex_t lock; /* of all that follows */
	uint64_t written;
	enum state state;
	bool reader_waits, reader_gone, writer_gone;
	bool has_manifest;
	struct promo_spool_manifest manifest;
	promo_spool_wake_fn *wake;
	void *wake_context;
};

int promo_spool_open_file(const char *dir)
{
	char path[4096];
	size_t length;
	static const char name[] = "/promo-spool-XXXXXX";
	int fd;

	dir = dir ? dir : "/tmp";
	length = strlen(dir);
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	if (length + sizeof(name) > sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(path, dir, length);
	memcpy(path + length, name, sizeof(name));
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

static int spool_new(const char *dir, struct promo_spool **ret)
{
	struct promo_spool *spool = calloc(1, sizeof(*spool));

	if (!spool)
		return promo_fault(-ENOMEM, "could not make a spool");
	spool->fd = promo_spool_open_file(dir);
	if (spool->fd < 0) {
		promo_log(PROMO_LOG_WARNING, "could not make a spool file in %s: %s",
			dir ? dir : "/tmp", strerror(errno));
		free(spool);
		return PROMO_E_UNAVAILABLE;
	}
	(void)pthread_mutex_init(&spool->lock, NULL);
	*ret = spool;
	return 0;
}

int promo_spool_new(const char *dir, struct promo_spool **ret)
{
	int r = atomic_fetch_add(&spools, 1) < SPOOLS_MAX ? 0 : PROMO_E_UNAVAILABLE;

	if (!r)
		r = spool_new(dir, ret);
	if (r)
		atomic_fetch_sub(&spools, 1);
	return r;
}

static void spool_free(struct promo_spool *spool)
{
	(void)close(spool->fd);
	(void)pthread_mutex_destroy(&spool->lock);
	free(spool);
	atomic_fetch_sub(&spools, 1);
}

/* Under the lock, so that the reader cannot go while it is told. */
static void tell_reader(struct promo_spool *spool)
{
	if (!spool->reader_waits)
		return;
	spool->reader_waits = false;
	if (spool->wake)
		spool->wake(spool->wake_context);
}

int promo_spool_write(struct promo_spool *spool, const void *bytes, size_t size)
{
	const char *next = bytes;
	uint64_t offset;
	bool gone;

	(void)pthread_mutex_lock(&spool->lock);
	offset = spool->written;
	gone = spool->reader_gone;
	(void)pthread_mutex_unlock(&spool->lock);
	if (gone)
		return PROMO_E_UNAVAILABLE;

	while (size > 0) {
		ssize_t done = pwrite(spool->fd, next, size, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			promo_log(PROMO_LOG_WARNING, "could not write to a spool file: %s",
				strerror(errno));
			return PROMO_E_UNAVAILABLE;
		}
		next += done;
		offset += (uint64_t)done;
		size -= (size_t)done;
	}

	(void)pthread_mutex_lock(&spool->lock);
	spool->written = offset;
	tell_reader(spool);
	(void)pthread_mutex_unlock(&spool->lock);
	return 0;
}

void promo_spool_set_manifest(
	struct promo_spool *spool, const struct promo_spool_manifest *manifest)
{
	(void)pthread_mutex_lock(&spool->lock);
	spool->manifest = *manifest;
	spool->has_manifest = true;
	(void)pthread_mutex_unlock(&spool->lock);
}

void promo_spool_finish(struct promo_spool *spool, int result)
{
	bool last;

	(void)pthread_mutex_lock(&spool->lock);
	assert(!spool->writer_gone);
	spool->state = result == 0 ? COMPLETE : BROKEN;
	spool->writer_gone = true;
	last = spool->reader_gone;
	tell_reader(spool);
	(void)pthread_mutex_unlock(&spool->lock);
	if (last)
		spool_free(spool);
}

void promo_spool_set_wake(struct promo_spool *spool, promo_spool_wake_fn *wake, void *context)
{
	(void)pthread_mutex_lock(&spool->lock);
	spool->wake = wake;
	spool->wake_context = context;
	(void)pthread_mutex_unlock(&spool->lock);
}

ptrdiff_t promo_spool_read(struct promo_spool *spool, uint64_t offset, void *buffer, size_t size)
{
	uint64_t there;
	enum state state;
	ssize_t done;

	(void)pthread_mutex_lock(&spool->lock);
	there = spool->written;
	state = spool->state;
	spool->reader_waits = state == RUNNING && offset >= there;
	(void)pthread_mutex_unlock(&spool->lock);

	if (offset >= there)
		return state == RUNNING    ? PROMO_SPOOL_WAIT
		       : state == COMPLETE ? PROMO_SPOOL_END
					   : PROMO_SPOOL_FAILED;
	if (size > there - offset)
		size = (size_t)(there - offset);
	do
		done = pread(spool->fd, buffer, size, (off_t)offset);
	while (done < 0 && errno == EINTR);
	if (done <= 0) {
		promo_log(PROMO_LOG_ERROR, "could not read a spool file: %s", strerror(errno));
		return PROMO_SPOOL_FAILED;
	}
	return done;
}

bool promo_spool_manifest(struct promo_spool *spool, struct promo_spool_manifest *ret)
{
	bool there;

	(void)pthread_mutex_lock(&spool->lock);
	there = spool->has_manifest && spool->state == COMPLETE;
	if (there)
		*ret = spool->manifest;
	(void)pthread_mutex_unlock(&spool->lock);
	return there;
}

void promo_spool_close(struct promo_spool *spool)
{
	bool last;

	if (!spool)
		return;
	(void)pthread_mutex_lock(&spool->lock);
	spool->reader_gone = true;
	spool->reader_waits = false;
	last = spool->writer_gone;
	(void)pthread_mutex_unlock(&spool->lock);
	if (last)
		spool_free(spool);
}
