/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * Brings a database to the schema of this program: the files of sql/schema, forward only, each in a
 * transaction of its own together with its row in schema_migrations. Every one of these transactions
 * first locks row 0 of that table, so several migrators take turns, and a killed one holds up nobody
 * and leaves nothing half done.
 */

PROMO_BEGIN_DECLS

struct promo_migrate_config {
	const char *uri; /* as the owner of the database */
	bool app_login;  /* the roles promo_app and promo_loader may connect: embedded servers */
};

/* Applies what is missing; *ret_applied (may be NULL) tells how many. A fault, with a message that
 * names the file and what to do, if a file was changed after it was applied, if the database is
 * newer than the program, if a file fails, or if the role promo_app is missing and may not be made.
 * PROMO_E_UNAVAILABLE if the server cannot be reached. */
int promo_migrate(const struct promo_migrate_config *config, int *ret_applied) PROMO_CHECK;

/* Makes the roles that the schema gives rights to where the server lacks them, without any table. Faults as
 * above. */
int promo_migrate_roles(const struct promo_migrate_config *config) PROMO_CHECK;

/* The last migration that this program knows. */
int promo_migrate_known(void);

enum promo_migration_standing {
	PROMO_MIGRATION_APPLIED = 1,
	PROMO_MIGRATION_MISSING, /* still to be applied */
	PROMO_MIGRATION_CHANGED, /* applied from another text than this program's */
	PROMO_MIGRATION_UNKNOWN, /* of a newer program */
};

struct promo_migration_state {
	int version;
	const char *name;
	enum promo_migration_standing standing;
	int64_t applied_at; /* 0: not yet */
};

/* Every migration that this program or the database knows, in order; for owner or application. */
int promo_migrate_status(const char *uri, struct promo_arena *arena,
	const struct promo_migration_state **ret, size_t *ret_count) PROMO_CHECK;

PROMO_END_DECLS
