/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/model/backup.h"
#include "libpromo/model/batch.h"

/* Backups: made by a job, downloaded as a file, restored on trial by another job. */

PROMO_BEGIN_DECLS

struct promo_backup_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
};

extern const struct promo_op promo_op_backup_list, promo_op_backup_create, promo_op_backup_download,
	promo_op_backup_verify, promo_op_backup_delete;

PROMO_END_DECLS
