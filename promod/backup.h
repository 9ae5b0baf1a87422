/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/run.h"
#include "promod/config.h"
#include "promod/database.h"
#include "promod/options.h"

/* What a daemon needs for backups, and the commands beside it: `promod restore`, which puts a backup in the place
 * of the database while nobody is connected, and `promod backup-key`. */

/* Fills the fields of backups: makes the folder where it is the usual one, reads the keys. PROMO_E_INVALID_INPUT
 * with the reason in *problem. */
int promod_backup_prepare(const struct promod_config *config,
	const struct promod_database *database, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_backup_config *ret) PROMO_CHECK;

/* Reads a secret key. PROMO_E_INVALID_INPUT with the reason in *problem. */
int promod_backup_secret(const char *path, struct promo_arena *arena, struct promo_problem *problem,
	const unsigned char **ret) PROMO_CHECK;

/* Restores options->file; says on standard output what it does. The database is what it was unless the result is
 * 0; the one that was there is kept under another name. */
int promod_restore(const struct promod_options *options, const struct promod_config *config,
	struct promo_arena *arena, struct promo_problem *problem) PROMO_CHECK;

/* Makes a key in options->file, unless there is one, and prints its public half. */
int promod_backup_key(const struct promod_options *options, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;
