/* SPDX-License-Identifier: MIT */
#include "libpromo/model/backup.h"

#define T struct promo_backup
static const struct promo_field backup_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_COLUMN, "the backup's id"),
	PROMO_F_ENUM(
		T, kind, promo_backup_kind_words, PROMO_COLUMN, "asked for, or made by itself"),
	PROMO_F_ENUM(T, status, promo_backup_status_words, PROMO_COLUMN, "whether it is there"),
	PROMO_F_INT(T, size_bytes, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "how large its file is"),
	PROMO_F_TEXT(T, sha256, TEXT, 0, 0, PROMO_NULLABLE, "SHA-256 of its file, in hex"),
	PROMO_F_TEXT(T, counts, JSON, 0, 0, 0, "the rows and sums that it holds"),
	PROMO_F_TIME(T, verified_at, PROMO_COLUMN | PROMO_NULLABLE,
		"when it was last restored on trial and found whole"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it was asked for"),
	PROMO_F_TIME(T, expires_at, PROMO_NULLABLE, "when it is taken away"),
};
#undef T
const struct promo_schema promo_backup_schema =
	PROMO_SCHEMA(struct promo_backup, "backup", backup_fields);
