/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * A file that somebody sends, while it comes and afterwards: its bytes go to a file without a name,
 * so that nothing of it is left whatever dies, and its SHA-256 is known when it is whole. Takes a few
 * KiB of memory, however long it is. Who writes it has done so before anybody reads it; one thread
 * at a time.
 */

PROMO_BEGIN_DECLS

struct promo_upload;

/* In directory `dir` (NULL: /tmp). What it announces to be long (0: it does not say) has to have room
 * there. PROMO_E_UNAVAILABLE where there is none, or where as many are coming as a process allows. */
int promo_upload_new(const char *dir, uint64_t announced_bytes, const char *content_type,
	struct promo_upload **ret) PROMO_CHECK;
void promo_upload_free(struct promo_upload *upload); /* NULL is fine */

/* The next bytes of the body. PROMO_E_UNAVAILABLE if they could not be written, which is logged;
 * PROMO_E_MALFORMED_REQUEST if a multipart body is none. */
int promo_upload_write(struct promo_upload *upload, const void *bytes, size_t size) PROMO_CHECK;
/* That was all. PROMO_E_MALFORMED_REQUEST if a multipart body has no end, or no part `file`. */
int promo_upload_finish(struct promo_upload *upload) PROMO_CHECK;

/*
 * Of one that is finished.
 */
uint64_t promo_upload_size(const struct promo_upload *upload);
int64_t promo_upload_lines(const struct promo_upload *upload); /* how often it breaks a line */
/* What the database is to know it by, and the job that will read it. */
const char *promo_upload_id(const struct promo_upload *upload);
const char *promo_upload_sha256(const struct promo_upload *upload); /* hex */
/* Reads up to `size` bytes at `offset`: *ret is 0 only at the end. */
int promo_upload_read(const struct promo_upload *upload, uint64_t offset, void *buffer, size_t size,
	size_t *ret) PROMO_CHECK;

/*
 * In the database (tables uploads and upload_parts), where any daemon can read it. It gets there in parts,
 * each in a transaction of its own, and belongs to nobody until its job is there; what no job came for
 * goes after an hour.
 */
struct promo_store;

/* Stores parts, one at least, until the time `until_ms` (monotonic; 0: there is none); outside of a
 * transaction. *ret_stored: that was the last. After a fault it may be called again. */
int promo_upload_keep(struct promo_upload *upload, struct promo_store *store, int64_t until_ms,
	bool *ret_stored) PROMO_CHECK;
/* Keeps it for the job that is inserted in the same transaction. PROMO_E_UNAVAILABLE where not all of it
 * is there any more. */
int promo_upload_claim(const struct promo_upload *upload, struct promo_store *store,
	struct promo_arena *arena) PROMO_CHECK;

/* Reads a part, numbered from 1, all but the last of which are of PROMO_JOB_FILE_PART_MAX bytes; *ret_size
 * is 0 behind the last. */
int promo_upload_read_kept(struct promo_store *store, const char *id, int64_t part, void *buffer,
	size_t *ret_size) PROMO_CHECK;
int promo_upload_drop(
	struct promo_store *store, struct promo_arena *arena, const char *id) PROMO_CHECK;

PROMO_END_DECLS
