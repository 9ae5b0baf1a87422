/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_backup.h"

#include "libpromo/model/words.h"

#define T struct promo_backup_file_row
static const struct promo_field backup_file_row_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the backup"),
	PROMO_F_ENUM(T, kind, promo_backup_kind_words, 0, "which kind it is"),
	PROMO_F_ENUM(T, status, promo_backup_status_words, 0, "whether it is there"),
	PROMO_F_TEXT(T, path, TEXT, 0, 0, PROMO_NULLABLE, "the name of its file"),
	PROMO_F_INT(T, size_bytes, 0, 0, PROMO_NULLABLE, "how large that is"),
	PROMO_F_TEXT(T, sha256, TEXT, 0, 0, PROMO_NULLABLE, "its hash"),
};
#undef T
const struct promo_schema promo_backup_file_row_schema =
	PROMO_SCHEMA(struct promo_backup_file_row, "backup_file", backup_file_row_fields);

#define T struct promo_backup_server_row
static const struct promo_field backup_server_row_fields[] = {
	PROMO_F_INT(T, major, 0, 0, 0, "the server's major version"),
	PROMO_F_TEXT(T, name, TEXT, 0, 0, 0, "the database"),
	PROMO_F_TEXT(T, collation, TEXT, 0, 0, 0, "its order of texts"),
	PROMO_F_TEXT(T, ctype, TEXT, 0, 0, 0, "its kinds of characters"),
	PROMO_F_INT(T, oid, 0, 0, 0, "the number that it has there"),
	PROMO_F_INT(T, others, 0, 0, 0, "how many others are connected to it"),
};
#undef T
const struct promo_schema promo_backup_server_row_schema =
	PROMO_SCHEMA(struct promo_backup_server_row, "backup_server", backup_server_row_fields);

#define T struct promo_backup_database_row
static const struct promo_field backup_database_row_fields[] = {
	PROMO_F_TEXT(T, name, TEXT, 0, 0, 0, "a database of the server"),
};
#undef T
const struct promo_schema promo_backup_database_row_schema = PROMO_SCHEMA(
	struct promo_backup_database_row, "backup_database", backup_database_row_fields);

#define T struct promo_backup_origin_row
static const struct promo_field backup_origin_row_fields[] = {
	PROMO_F_TEXT(T, snapshot, TEXT, 0, 0, 0, "what pg_dump sees the same by"),
	PROMO_F_TIME(T, made_at, 0, "when that is"),
	PROMO_F_INT(T, schema, 0, 0, 0, "the last migration"),
};
#undef T
const struct promo_schema promo_backup_origin_row_schema =
	PROMO_SCHEMA(struct promo_backup_origin_row, "backup_origin", backup_origin_row_fields);

#define T struct promo_backup_counts_row
static const struct promo_field backup_counts_row_fields[] = {
	PROMO_F_TEXT(T, counts, TEXT, 0, 0, 0, "rows and sums as JSON"),
};
#undef T
const struct promo_schema promo_backup_counts_row_schema =
	PROMO_SCHEMA(struct promo_backup_counts_row, "backup_counts", backup_counts_row_fields);
