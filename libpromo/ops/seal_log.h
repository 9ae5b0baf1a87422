/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "libpromo/model/seal.h"

/*
 * seals.log: every seal a line of JSON, in a file that no right in the database reaches. It shows what a
 * chain inside the database cannot: that its end was cut off. Each daemon keeps its own, and appends what
 * it has not seen yet, whoever made it, after its commit. So a log that is behind is no sign of anything
 * but a crash, and catches up; a database that is behind its log was tampered with, or restored.
 */

PROMO_BEGIN_DECLS

struct promo_seal_log;

/* Opens it, or makes it (0600); one process at a time may. *ret is NULL where another one does. What a
 * crash left of a line at its end is taken away. */
int promo_seal_log_open(
	const char *path, struct promo_arena *arena, struct promo_seal_log **ret) PROMO_CHECK;
void promo_seal_log_close(struct promo_seal_log *log); /* NULL is fine */
/* Whether it is still the file of this path. */
bool promo_seal_log_is_at(const struct promo_seal_log *log, const char *path);
/* The number of the last seal in it, 0 without one. */
int64_t promo_seal_log_last(const struct promo_seal_log *log);
/* Appends, durably. */
int promo_seal_log_append(struct promo_seal_log *log, const struct promo_audit_seal *seal,
	struct promo_arena *arena) PROMO_CHECK;

/* Reading it, from its beginning up to a size. */
struct promo_seal_reader {
	FILE *file;
	int64_t left; /* bytes */
	char *line;   /* of getline(3) */
	size_t room;
};
/* Its size now: what is appended later is not read. 0 where there is none. */
int64_t promo_seal_log_size(const char *path);
int promo_seal_reader_open(
	const char *path, int64_t size, struct promo_seal_reader *ret) PROMO_CHECK;
void promo_seal_reader_close(struct promo_seal_reader *reader);
/* The next seal; NULL at the end. A line that is none is stepped over: *ret_damaged. */
int promo_seal_reader_next(struct promo_seal_reader *reader, struct promo_arena *arena,
	const struct promo_audit_seal **ret, bool *ret_damaged) PROMO_CHECK;

PROMO_END_DECLS
