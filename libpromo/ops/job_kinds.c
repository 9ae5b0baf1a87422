/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/job_kinds.h"

const struct promo_job_kind_row promo_job_kinds[] = {
	{ PROMO_JOB_GENERATE, PROMO_P_CODES_GENERATE, promo_generate_step, promo_generate_drop },
	{ PROMO_JOB_BULK, PROMO_P_CODES_BULK_OPERATIONS, promo_bulk_step, NULL },
	{ PROMO_JOB_EXPORT, PROMO_P_CODES_DOWNLOAD, promo_export_step, NULL },
	{ PROMO_JOB_PDF, PROMO_P_CODES_DOWNLOAD, promo_export_step, NULL },
	{ PROMO_JOB_BACKUP, PROMO_P_SYSTEM_BACKUP_MANAGE, promo_backup_step, promo_backup_drop,
		.unresting = true },
	{ PROMO_JOB_RESTORE_CHECK, PROMO_P_SYSTEM_BACKUP_MANAGE, promo_backup_step,
		promo_backup_drop, .unresting = true },
	{ PROMO_JOB_IMPORT, PROMO_P_CODES_IMPORT, promo_import_step, promo_import_drop },
};
const size_t promo_job_kind_count = PROMO_COUNT(promo_job_kinds);

const struct promo_job_kind_row *promo_job_kind_find(int kind)
{
	for (size_t i = 0; i < promo_job_kind_count; i++)
		if ((int)promo_job_kinds[i].kind == kind)
			return &promo_job_kinds[i];
	return NULL;
}
