/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"

/*
 * What a long answer is written into at full speed while its reader follows at the client's: a file
 * without a name, so that nothing is left behind whatever dies. One writer and one reader, in
 * threads of their own; a slow client thus holds disk space and neither a connection of the
 * database nor a thread.
 *
 * Both sides give up their half by themselves: the writer with promo_spool_finish(), the reader
 * with promo_spool_close(). The last one frees it.
 */

PROMO_BEGIN_DECLS

struct promo_spool;

/* A new spool in directory `dir` (on a disk with room; NULL: /tmp). Its caller holds both halves.
 * PROMO_E_UNAVAILABLE if the file cannot be made, which is logged, or if slow readers hold as many
 * as a process allows. */
int promo_spool_new(const char *dir, struct promo_spool **ret) PROMO_CHECK;

/* A descriptor of a file that never has a name (or, where the file system cannot do that, has one for
 * a moment) in directory `dir` (NULL: /tmp); -1 and errno. */
int promo_spool_open_file(const char *dir) PROMO_CHECK;

/*
 * The writer.
 */

/* Appends. PROMO_E_UNAVAILABLE if the disk is full, or if the reader is gone and nobody wants more
 * of it: the writer then stops and finishes. */
int promo_spool_write(struct promo_spool *spool, const void *bytes, size_t size) PROMO_CHECK;

/* What a careful reader compares with what he got, of the file as it is unpacked. */
struct promo_spool_manifest {
	int64_t rows, bytes;
	char sha256[PROMO_SHA256_HEX_SIZE];
};
/* Says it, before the end. */
void promo_spool_set_manifest(
	struct promo_spool *spool, const struct promo_spool_manifest *manifest);

/* Ends the writer's half; `result` 0: all of it was written; anything else: it broke off, and the
 * reader must not pass what it read for the whole. The writer may not touch it any more. */
void promo_spool_finish(struct promo_spool *spool, int result);

/*
 * The reader.
 */

/* What promo_spool_read() returns beside a number of bytes above 0; the numbers are those of
 * MHD_CONTENT_READER_*, so that an HTTP server can hand them on. */
enum {
	PROMO_SPOOL_WAIT = 0,    /* nothing yet: the wake-up comes */
	PROMO_SPOOL_END = -1,    /* complete, and all of it was read */
	PROMO_SPOOL_FAILED = -2, /* the writer broke off, or the file cannot be read */
};

/* Called from the writer's thread, once after each PROMO_SPOOL_WAIT, when there is more to read or
 * the end is known. It may only hand on the news (an eventfd, a condition), nothing else. */
typedef void promo_spool_wake_fn(void *context);

/* Who is told; before the first read. */
void promo_spool_set_wake(struct promo_spool *spool, promo_spool_wake_fn *wake, void *context);

/* Reads up to `size` bytes (above 0) at `offset`; never waits. */
ptrdiff_t promo_spool_read(struct promo_spool *spool, uint64_t offset, void *buffer, size_t size);

/* What the writer said of the whole, once PROMO_SPOOL_END was read; false: nothing. */
bool promo_spool_manifest(struct promo_spool *spool, struct promo_spool_manifest *ret);

/* Ends the reader's half: no wake-up runs during the call's end or comes after it. NULL is fine. */
void promo_spool_close(struct promo_spool *spool);

PROMO_END_DECLS
