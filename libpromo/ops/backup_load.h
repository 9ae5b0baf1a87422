/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "libpromo/ops/backup_file.h"
#include "libpromo/store/rows_backup.h"

/*
 * Reads a backup into a database of its own on a server, brings that to the schema of this program, and compares
 * what it holds with the manifest. On trial it is dropped afterwards; for `promod restore` it then takes the place
 * of the other one.
 */

PROMO_BEGIN_DECLS

struct promo_sealing;

struct promo_backup_load {
	const char *path;            /* of the file */
	const unsigned char *secret; /* 32 bytes, or NULL */
	const char *uri;      /* of a database on that server, as a role that may make databases */
	const char *bin_dir;  /* of the programs; NULL: the usual places */
	const char *database; /* its name, see backup_scratch.h: one that was left is dropped */
	bool app_login;       /* the roles may connect: embedded servers */
	const atomic_bool *cut; /* ends it; NULL: nobody does */
	atomic_llong *done;     /* how much of the file is read; NULL: nobody asks */
	const struct promo_sealing
		*sealing; /* whose seals are trusted; NULL: they are not checked */
};

/* Who the server of a database is. PROMO_E_UNAVAILABLE with the reason in *problem. */
int promo_backup_server(const char *uri, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_backup_server_row *ret) PROMO_CHECK;

/* The database is made, whole, and of this program's schema. Else nothing is left of it; above 0 with the reason
 * in *problem: PROMO_E_NOT_FOUND and PROMO_E_INVALID_INPUT for the file, or PROMO_E_UNAVAILABLE for the server. */
int promo_backup_load(const struct promo_backup_load *load, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_backup_manifest *ret) PROMO_CHECK;
/* Drops the database of a load. */
int promo_backup_unload(const struct promo_backup_load *load, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

PROMO_END_DECLS
