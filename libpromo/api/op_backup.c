/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_backup.h"

#define T struct promo_backup_list_in
static const struct promo_field backup_list_in[] = { PROMO_LIST_FIELDS(T) };
#undef T
static const struct promo_schema backup_list_in_schema =
	PROMO_INPUT(struct promo_backup_list_in, "backup_list_in", backup_list_in);

const struct promo_op promo_op_backup_list = {
	.name = "backup.list",
	.summary = "List backups, newest first",
	.method = PROMO_GET,
	.path = "/backups",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_BACKUP_MANAGE } },
	.in = &backup_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_backup_schema,
	.status = 200,
};

const struct promo_op promo_op_backup_create = {
	.name = "backup.create",
	.summary = "Back up the whole database in the background",
	.method = PROMO_POST,
	.path = "/backups",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_BACKUP_MANAGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_job_answer_schema,
	.status = 202,
	.errors = { { PROMO_E_JOB_RUNNING } },
	.examples = "promo backup create",
};

const struct promo_op promo_op_backup_download = {
	.name = "backup.download",
	.summary = "Download the file of a backup",
	.method = PROMO_GET,
	.path = "/backups/{id}/file",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_BACKUP_MANAGE } },
	.flags = PROMO_OP_RANGES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "application/octet-stream",
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo backup download ID -o shop.backup",
};

const struct promo_op promo_op_backup_verify = {
	.name = "backup.verify",
	.summary = "Restore a backup on trial, in the background, and compare what comes of it",
	.method = PROMO_POST,
	.path = "/backups/{id}/verify",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_BACKUP_MANAGE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_job_answer_schema,
	.status = 202,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION },
		{ PROMO_E_JOB_RUNNING } },
};

const struct promo_op promo_op_backup_delete = {
	.name = "backup.delete",
	.summary = "Delete a backup and its file",
	.method = PROMO_DELETE,
	.path = "/backups/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_BACKUP_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_JOB_RUNNING } },
};
