/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * The client programs of PostgreSQL that read a whole database and write one: pg_dump, pg_restore, createdb
 * and dropdb. Each is a child of its own session that ends with the thread that started it. How to connect
 * they read from a file in memory, never from an argument or a variable, where others could see a password.
 */

PROMO_BEGIN_DECLS

struct promo_dump;

/* One program at work. */
struct promo_dump_child {
	const char *program;
	pid_t pid;
	int fd; /* pg_dump: what it writes, to read; pg_restore: what it reads, to write; else -1 */
	int errors; /* what it says */
};

/* Finds the programs that fit a server of this major version; bin_dir: where they are, NULL: the usual places.
 * `uri` leads to the server, in the role that the programs work as. PROMO_E_NOT_FOUND, logged: there are none. */
int promo_dump_new(
	const char *uri, const char *bin_dir, int major, struct promo_dump **ret) PROMO_CHECK;
void promo_dump_free(struct promo_dump *dump); /* NULL is fine */

/* The same server and role, another database: a connection string in the arena. */
int promo_dump_uri(const char *uri, const char *database, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;

/* Writes the database of the URI in pg_dump's own format, as the snapshot (pg_export_snapshot()) sees it. */
int promo_dump_begin(
	struct promo_dump *dump, const char *snapshot, struct promo_dump_child *ret) PROMO_CHECK;
/* Reads such a dump into a database that is empty, all of it or nothing. */
int promo_dump_restore(
	struct promo_dump *dump, const char *database, struct promo_dump_child *ret) PROMO_CHECK;
/* Waits for the end of it. PROMO_E_UNAVAILABLE: it did not end well; *ret_why, in the arena, is the first line
 * of what it said, which holds no data. -ECANCELED: *cut became true (NULL: it never does), and it was ended.
 * Closes everything. */
int promo_dump_end(struct promo_dump_child *child, const atomic_bool *cut,
	struct promo_arena *arena, const char **ret_why) PROMO_CHECK;
/* Ends it at once. */
void promo_dump_kill(struct promo_dump_child *child);

/* Makes an empty database with this collation, or drops one if it is there, with `force` also under those who
 * are connected to it; results as those of promo_dump_end(). */
int promo_dump_create(struct promo_dump *dump, const char *database, const char *collation,
	const char *ctype, struct promo_arena *arena, const char **ret_why) PROMO_CHECK;
int promo_dump_drop(struct promo_dump *dump, const char *database, bool force,
	struct promo_arena *arena, const char **ret_why) PROMO_CHECK;

PROMO_END_DECLS
