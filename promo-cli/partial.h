/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/hash.h"

/*
 * What came of a download that broke off, beside the file that it was to become. Its name says of which
 * file it is, by the ETag of that: FILE.<SHA-256>.part. So the next run can ask for the rest, and gets
 * all of it where the server has another file by now.
 */

struct cli_partial {
	int fd; /* to read and write, locked against other runs */
	char *path;
	char etag[PROMO_SHA256_HEX_SIZE + 2]; /* quoted */
};

/* Opens the one that there is for a file; false: there is none that may be used. */
bool cli_partial_find(struct promo_arena *arena, const char *output, struct cli_partial *ret);

/* Its name; NULL where the ETag does not tell files by their SHA-256. */
char *cli_partial_name(struct promo_arena *arena, const char *output, const char *etag);

/* Whether an ETag is this hash, in hex. */
bool cli_partial_is_of(const char *etag, const char *sha256);
