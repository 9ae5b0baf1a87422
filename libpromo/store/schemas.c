/* SPDX-License-Identifier: MIT */
#include "libpromo/store/schemas.h"

#include <string.h>

#include "libpromo/model/alert.h"
#include "libpromo/model/api_key.h"
#include "libpromo/model/audit.h"
#include "libpromo/model/backup.h"
#include "libpromo/model/batch.h"
#include "libpromo/model/bulk.h"
#include "libpromo/model/code.h"
#include "libpromo/model/customer.h"
#include "libpromo/model/dashboard.h"
#include "libpromo/model/live.h"
#include "libpromo/model/notification.h"
#include "libpromo/model/outbox.h"
#include "libpromo/model/registration.h"
#include "libpromo/model/seal.h"
#include "libpromo/model/settings_noun.h"
#include "libpromo/model/user.h"
#include "libpromo/model/webhook.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_backup.h"
#include "libpromo/store/rows_bulk.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/rows_feed.h"
#include "libpromo/store/rows_imports.h"
#include "libpromo/store/rows_outbox.h"
#include "libpromo/store/rows_tell.h"

static const struct promo_schema *const schemas[] = {
	/* Nouns. */
	&promo_alert_schema,
	&promo_api_key_schema,
	&promo_audit_entry_schema,
	&promo_audit_seal_schema,
	&promo_backup_schema,
	&promo_batch_schema,
	&promo_code_event_schema,
	&promo_code_schema,
	&promo_customer_ref_schema,
	&promo_customer_schema,
	&promo_customer_claim_schema,
	&promo_dashboard_schema,
	&promo_redemption_totals_schema,
	&promo_fraud_note_schema,
	&promo_fraud_report_schema,
	&promo_job_schema,
	&promo_notification_schema,
	&promo_outbox_letter_schema,
	&promo_permission_schema,
	&promo_redemption_schema,
	&promo_ref_schema,
	&promo_role_change_schema,
	&promo_user_permissions_schema,
	&promo_rights_row_schema,
	&promo_asked_change_schema,
	&promo_role_schema,
	&promo_session_schema,
	&promo_settings_category_schema,
	&promo_settings_snapshot_schema,
	&promo_user_schema,
	&promo_verification_schema,
	&promo_verified_redemption_schema,
	&promo_verified_report_schema,
	&promo_registration_schema,
	&promo_webhook_delivery_schema,
	&promo_webhook_schema,
	/* Rows of the server. */
	&promo_backup_counts_row_schema,
	&promo_backup_database_row_schema,
	&promo_backup_file_row_schema,
	&promo_backup_origin_row_schema,
	&promo_backup_server_row_schema,
	&promo_webhook_secret_row_schema,
	&promo_webhook_told_row_schema,
	&promo_batch_day_row_schema,
	&promo_batch_lock_row_schema,
	&promo_code_lock_row_schema,
	&promo_code_next_row_schema,
	&promo_job_bulk_row_schema,
	&promo_tally_row_schema,
	&promo_day_range_row_schema,
	&promo_batch_codes_row_schema,
	&promo_batch_export_row_schema,
	&promo_batch_print_row_schema,
	&promo_code_found_schema,
	&promo_customer_found_schema,
	&promo_export_job_row_schema,
	&promo_job_file_end_row_schema,
	&promo_made_file_row_schema,
	&promo_fraud_lock_row_schema,
	&promo_fraud_note_row_schema,
	&promo_id_row_schema,
	&promo_batch_space_row_schema,
	&promo_generate_row_schema,
	&promo_import_row_schema,
	&promo_import_taken_row_schema,
	&promo_import_rejects_row_schema,
	&promo_job_stand_row_schema,
	&promo_job_told_row_schema,
	&promo_batch_soon_row_schema,
	&promo_alert_raised_row_schema,
	&promo_alert_stand_row_schema,
	&promo_alert_watch_row_schema,
	&promo_alert_fresh_row_schema,
	&promo_alert_hit_row_schema,
	&promo_alert_step_row_schema,
	&promo_job_state_row_schema,
	&promo_job_stuck_row_schema,
	&promo_job_work_row_schema,
	&promo_key_found_schema,
	&promo_redeemed_row_schema,
	&promo_serial_row_schema,
	&promo_auth_facts_schema,
	&promo_auth_state_row_schema,
	&promo_count_row_schema,
	&promo_credential_row_schema,
	&promo_ready_row_schema,
	&promo_kept_answer_schema,
	&promo_managed_user_schema,
	&promo_role_key_schema,
	&promo_mfa_challenge_row_schema,
	&promo_mfa_guess_row_schema,
	&promo_mfa_method_row_schema,
	&promo_mfa_usable_row_schema,
	&promo_setting_row_schema,
	&promo_signin_row_schema,
	&promo_settings_kept_row_schema,
	&promo_settings_version_row_schema,
	&promo_parcel_row_schema,
	&promo_throttle_row_schema,
	&promo_feed_row_schema,
	&promo_feed_writer_row_schema,
	&promo_live_notification_row_schema,
	&promo_permissions_changed_schema,
	&promo_seal_due_row_schema,
	&promo_writer_row_schema,
	&promo_migration_row_schema,
	&promo_moment_row_schema,
	&promo_truth_row_schema,
};

const struct promo_schema *promo_store_schema(const char *name)
{
	for (size_t i = 0; i < PROMO_COUNT(schemas); i++)
		if (strcmp(schemas[i]->name, name) == 0)
			return schemas[i];
	return NULL;
}
