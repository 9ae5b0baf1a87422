/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/box.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/problem.h"

/*
 * A backup on disk: a line that says what it is, then frames. The first frame is the manifest, the others are
 * what pg_dump wrote. Each frame is proved before it is handed on: in a file that is sealed to a public key by
 * the box (base/box.h), in a plain one by a chain of SHA-256, which finds damage but no forgery. So nothing that
 * is damaged or cut off ever reaches a database.
 *
 * A file has its name only once it is whole and on disk; until then the name ends in PROMO_BACKUP_PART.
 */

PROMO_BEGIN_DECLS

#define PROMO_BACKUP_PART ".part"

enum {
	PROMO_BACKUP_FRAME_MAX = 256 * 1024,
	PROMO_BACKUP_PATH_MAX = 4096,
};

/*
 * Writing.
 */

struct promo_backup_writer;

/* Begins DIR/NAME; what an earlier try left under the name is overwritten. `public_key`: NULL, or 32 bytes that
 * it is sealed to. Results above 0: PROMO_E_UNAVAILABLE if the file cannot be written, logged. */
int promo_backup_writer_new(const char *dir, const char *name, const unsigned char *public_key,
	struct promo_backup_writer **ret) PROMO_CHECK;
/* Ends the manifest, or appends to the dump. PROMO_E_UNAVAILABLE: there is no room, or the disk fails. */
int promo_backup_writer_manifest(struct promo_backup_writer *writer, const char *text) PROMO_CHECK;
int promo_backup_writer_add(
	struct promo_backup_writer *writer, const void *bytes, size_t size) PROMO_CHECK;
/* Everything is on disk and has its name; the size and the SHA-256 of the file as it lies there. */
int promo_backup_writer_end(struct promo_backup_writer *writer, int64_t *ret_bytes,
	char ret_sha256[PROMO_SHA256_HEX_SIZE]) PROMO_CHECK;
/* Takes the file away unless it was ended. NULL is fine. */
void promo_backup_writer_free(struct promo_backup_writer *writer);

/*
 * Reading.
 */

struct promo_backup_reader;

/* What a manifest says. */
struct promo_backup_manifest {
	const char *id, *made_at, *version; /* made_at: RFC 3339; version: of promo */
	int64_t schema;                     /* the last migration */
	const char *counts;                 /* JSON: what the database held */
};

/* PROMO_E_NOT_FOUND: there is no such file; PROMO_E_INVALID_INPUT, with the reason in *problem: it is no
 * backup, it is damaged, it is sealed and `secret` is NULL or another one. */
int promo_backup_reader_open(const char *path, const unsigned char *secret,
	struct promo_arena *arena, struct promo_problem *problem,
	struct promo_backup_manifest *ret_manifest, struct promo_backup_reader **ret) PROMO_CHECK;
/* The next piece of the dump; *ret_size is 0 behind the last one. Borrowed until the next call. */
int promo_backup_reader_next(struct promo_backup_reader *reader, struct promo_arena *arena,
	struct promo_problem *problem, const void **ret, size_t *ret_size) PROMO_CHECK;
void promo_backup_reader_close(struct promo_backup_reader *reader); /* NULL is fine */
/* How far it is, and how long the file. */
int64_t promo_backup_reader_at(const struct promo_backup_reader *reader);
int64_t promo_backup_reader_size(const struct promo_backup_reader *reader);

/* The lines of a manifest, in the arena. */
int promo_backup_manifest_format(const struct promo_backup_manifest *manifest,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;

PROMO_END_DECLS
