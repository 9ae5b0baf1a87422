/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/problem.h"

/*
 * The databases that backups are restored into before anybody uses them. Each is named after the number that the
 * server knows the database by for which it is made, which no other shop's has and which stays when names are
 * changed. So what a daemon or a command left that was killed is known by its name and dropped: by who tries the
 * same backup again, by the next `promod restore`, and by every backup that is made.
 */

PROMO_BEGIN_DECLS

struct promo_store;

enum {
	PROMO_SCRATCH_SIZE = 64 /* the server's limit is 63 bytes */
};

/* The one of a trial, and the one that `promod restore` works on. */
void promo_scratch_of_trial(int64_t oid, const char *backup_id, char ret[PROMO_SCRATCH_SIZE]);
void promo_scratch_of_restore(int64_t oid, char ret[PROMO_SCRATCH_SIZE]);

/* Only one may restore on behalf of a database: *ret is a session that has to be kept open meanwhile, NULL
 * where somebody else has one. `uri`: of that database, as its owner, who may connect to `postgres` too. */
int promo_scratch_lock(const char *uri, int64_t oid, struct promo_arena *arena,
	struct promo_store **ret) PROMO_CHECK;

struct promo_scratch_place {
	const char *uri;     /* of the database, as a role that may make some */
	const char *bin_dir; /* of the programs; NULL: the usual places */
	/* Nobody but the caller, who holds the lock, restores or tries anything. */
	bool alone;
};
/* Drops what nobody works on any more. What cannot be dropped is left to the next time, and logged. */
int promo_scratch_sweep(
	const struct promo_scratch_place *place, struct promo_arena *arena) PROMO_CHECK;

PROMO_END_DECLS
