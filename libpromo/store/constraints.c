/* SPDX-License-Identifier: MIT */
#include "libpromo/store/constraints.h"

#include <stddef.h>
#include <string.h>

#include "libpromo/base/error.h"

const struct promo_constraint promo_constraints[] = {
	{ "batches_batch_name_key", PROMO_E_BATCH_NAME_TAKEN },
	{ "users_email_key", PROMO_E_EMAIL_TAKEN },
	{ "users_phone_number_key", PROMO_E_PHONE_NUMBER_TAKEN },
	{ "roles_name_key", PROMO_E_ROLE_NAME_TAKEN },
	{ "user_role_assignments_key", PROMO_E_ROLE_ALREADY_ASSIGNED },
	{ "user_role_assignments_role_fkey", 0 },
	{ "role_changes_role_fkey", 0 },
	{ "audit_log_seq_check", 0 },
	{ "audit_seals_pkey", 0 },
	{ "redemptions_idempotency_key_key", 0 },
	{ "redemptions_promo_code_key", 0 },
	{ "redemptions_promo_code_fkey", 0 },
	{ "customers_phone_number_key", 0 },
	{ "fraud_reports_open_key", 0 },
	{ "idempotency_keys_pkey", 0 },
	{ "promo_codes_code_key", 0 },
	{ "jobs_batch_running_key", PROMO_E_JOB_RUNNING },
	{ "pg_type_typname_nsp_index", 0 },
	{ "pg_authid_rolname_index", 0 },
	{ "jobs_unique_key", 0 },
	{ NULL, 0 },
};

const struct promo_constraint *promo_constraint_find(const char *name)
{
	const struct promo_constraint *constraint = promo_constraints;

	while (constraint->name && strcmp(constraint->name, name) != 0)
		constraint++;
	return constraint->name ? constraint : NULL;
}

const char *promo_constraint_of_parts(const char *table)
{
	return table && strcmp(table, "audit_log") == 0 ? "audit_log_seq_check" : NULL;
}
