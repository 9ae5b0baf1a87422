/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows of the making and trying of backups; see rows.h. */

PROMO_BEGIN_DECLS

/* Where a backup lies. */
struct promo_backup_file_row {
	const char *id;
	int kind, status;
	const char *path; /* the name of its file; NULL: it has none yet */
	int64_t size_bytes;
	const char *sha256;
};
extern const struct promo_schema promo_backup_file_row_schema;

/* The server and database that somebody is connected to. */
struct promo_backup_server_row {
	int64_t major;
	const char *name, *collation, *ctype;
	int64_t oid;    /* what the server calls it by, whatever its name */
	int64_t others; /* sessions of others in this database */
};
extern const struct promo_schema promo_backup_server_row_schema;

/* A database beside it. */
struct promo_backup_database_row {
	const char *name;
};
extern const struct promo_schema promo_backup_database_row_schema;

/* The moment that a backup is of. */
struct promo_backup_origin_row {
	const char *snapshot;
	int64_t made_at, schema;
};
extern const struct promo_schema promo_backup_origin_row_schema;

/* What a database holds, as JSON. */
struct promo_backup_counts_row {
	const char *counts;
};
extern const struct promo_schema promo_backup_counts_row_schema;

PROMO_END_DECLS
