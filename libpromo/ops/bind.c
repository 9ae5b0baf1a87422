/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/bind.h"

#include "libpromo/ops/alerts.h"
#include "libpromo/ops/api_keys.h"
#include "libpromo/ops/backups.h"
#include "libpromo/ops/batches.h"
#include "libpromo/ops/branding.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/customers.h"
#include "libpromo/ops/dashboard.h"
#include "libpromo/ops/export_sheets.h"
#include "libpromo/ops/exports.h"
#include "libpromo/ops/fraud_case.h"
#include "libpromo/ops/imports.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/letters.h"
#include "libpromo/ops/live.h"
#include "libpromo/ops/mfa/mfa.h"
#include "libpromo/ops/notice_test.h"
#include "libpromo/ops/notices.h"
#include "libpromo/ops/password_reset.h"
#include "libpromo/ops/registration.h"
#include "libpromo/ops/roles.h"
#include "libpromo/ops/seals.h"
#include "libpromo/ops/server.h"
#include "libpromo/ops/sessions.h"
#include "libpromo/ops/setting_change.h"
#include "libpromo/ops/setting_check.h"
#include "libpromo/ops/users.h"
#include "libpromo/ops/webhook.h"

PROMO_BEFORE(promo_auth_login_before, promo_login_in)
PROMO_RUN_ONE(promo_auth_login, promo_login_in, promo_login_answer)
PROMO_RUN_ONE(promo_auth_mfa, promo_mfa_in, promo_login_answer)
PROMO_RUN_NONE(promo_auth_mfa_send, promo_mfa_send_in)
PROMO_BEFORE(promo_auth_password_reset_before, promo_password_reset_in)
PROMO_RUN_NONE(promo_auth_password_reset, promo_password_reset_in)
PROMO_RUN_NONE_BARE(promo_auth_logout)
PROMO_RUN_ONE_BARE(promo_auth_session, promo_session_answer)
PROMO_RUN_ONE_BARE(promo_me_show, promo_user)
PROMO_RUN_ONE(promo_me_update, promo_me_update_in, promo_user)
PROMO_BEFORE(promo_me_password_before, promo_me_password_in)
PROMO_RUN_NONE(promo_me_password, promo_me_password_in)
PROMO_RUN_ONE_BARE(promo_me_mfa_totp, promo_totp_answer)
PROMO_RUN_ONE(promo_me_mfa_totp_confirm, promo_code_in, promo_recovery_codes)
PROMO_RUN_NONE_BARE(promo_me_mfa_email)
PROMO_RUN_ONE(promo_me_mfa_email_confirm, promo_code_in, promo_recovery_codes)
PROMO_RUN_NONE_BARE(promo_me_mfa_sms)
PROMO_RUN_ONE(promo_me_mfa_sms_confirm, promo_code_in, promo_recovery_codes)
PROMO_BEFORE(promo_me_mfa_totp_remove_before, promo_totp_remove_in)
PROMO_RUN_NONE(promo_me_mfa_totp_remove, promo_totp_remove_in)
PROMO_BEFORE(promo_me_mfa_recovery_codes_before, promo_password_in)
PROMO_RUN_ONE(promo_me_mfa_recovery_codes, promo_password_in, promo_recovery_codes)
PROMO_RUN_LIST(promo_session_list, promo_session_list_in)
PROMO_RUN_NONE(promo_session_end, promo_id_in)

PROMO_RUN_LIST(promo_api_key_list, promo_api_key_list_in)
PROMO_BEFORE(promo_api_key_create_check, promo_api_key_create_in)
PROMO_RUN_ONE(promo_api_key_create, promo_api_key_create_in, promo_api_key)
PROMO_RUN_NONE(promo_api_key_delete, promo_id_in)
PROMO_RUN_LIST(promo_user_api_keys, promo_user_api_keys_in)
PROMO_RUN_NONE(promo_user_end_api_key, promo_user_api_key_in)

PROMO_BEFORE(promo_user_create_check, promo_user_create_in)
PROMO_BEFORE(promo_user_create_before, promo_user_create_in)
PROMO_RUN_ONE(promo_user_create, promo_user_create_in, promo_user)
PROMO_RUN_LIST(promo_user_list, promo_user_list_in)
PROMO_RUN_ONE(promo_user_show, promo_id_in, promo_user)
PROMO_RUN_ONE(promo_user_update, promo_user_update_in, promo_user)
PROMO_RUN_LIST(promo_user_sessions, promo_user_sessions_in)
PROMO_RUN_NONE(promo_user_end_sessions, promo_id_in)
PROMO_RUN_ONE(promo_user_mfa_remove, promo_id_in, promo_user)
PROMO_RUN_ONE(promo_user_password_reset, promo_id_in, promo_password_reset)
PROMO_RUN_ONE(promo_user_assign_role, promo_user_role_in, promo_user)
PROMO_RUN_ONE(promo_user_revoke_role, promo_user_role_in, promo_user)
PROMO_RUN_NONE(promo_user_delete, promo_id_in)
PROMO_RUN_ONE(promo_user_unlock, promo_id_in, promo_user)
PROMO_RUN_ONE(promo_user_permissions, promo_id_in, promo_user_permissions)
PROMO_RUN_ONE(promo_user_set_permissions, promo_user_permissions_in, promo_user_permissions)
PROMO_BEFORE(promo_registration_create_check, promo_registration_create_in)
PROMO_BEFORE(promo_registration_create_before, promo_registration_create_in)
PROMO_RUN_NONE(promo_registration_create, promo_registration_create_in)
PROMO_RUN_LIST(promo_registration_list, promo_registration_list_in)
PROMO_RUN_ONE(promo_registration_approve, promo_id_in, promo_registration)
PROMO_RUN_ONE(promo_registration_reject, promo_id_in, promo_registration)
PROMO_RUN_LIST(promo_role_list, promo_role_list_in)
PROMO_RUN_ONE(promo_role_show, promo_role_in, promo_role)
PROMO_BEFORE(promo_role_create_check, promo_role_create_in)
PROMO_RUN_ONE(promo_role_create, promo_role_create_in, promo_role)
PROMO_RUN_ONE(promo_role_update, promo_role_update_in, promo_role)
PROMO_RUN_NONE(promo_role_delete, promo_role_in)
PROMO_RUN_LIST(promo_role_change_list, promo_role_change_list_in)
PROMO_RUN_ONE(promo_role_change_approve, promo_id_in, promo_role_change)
PROMO_RUN_ONE(promo_role_change_reject, promo_id_in, promo_role_change)
PROMO_RUN_LIST(promo_permission_list, promo_role_list_in)

PROMO_BEFORE(promo_batch_create_check, promo_batch_create_in)
PROMO_RUN_ONE(promo_batch_create, promo_batch_create_in, promo_batch_created)
PROMO_BEFORE(promo_batch_generate_check, promo_batch_generate_in)
PROMO_RUN_ONE(promo_batch_generate, promo_batch_generate_in, promo_job_answer)
PROMO_RUN_LIST(promo_batch_list, promo_batch_list_in)
PROMO_RUN_ONE(promo_batch_show, promo_id_in, promo_batch)
PROMO_RUN_ONE(promo_batch_change_status, promo_batch_status_in, promo_batch)
PROMO_RUN_NONE(promo_code_download, promo_code_download_in)
PROMO_RUN_NONE(promo_code_print, promo_code_print_in)

PROMO_BEFORE(promo_batch_update_before, promo_batch_update_in)
PROMO_RUN_ONE(promo_batch_update, promo_batch_update_in, promo_batch)
PROMO_RUN_ONE(promo_batch_assign, promo_batch_assign_in, promo_batch)
PROMO_RUN_NONE(promo_batch_delete, promo_id_in)
PROMO_RUN_ONE(promo_batch_bulk, promo_batch_bulk_in, promo_bulk_answer)

PROMO_RUN_ONE(promo_code_change_status, promo_code_status_in, promo_code)
PROMO_RUN_ONE(promo_code_bulk, promo_code_bulk_in, promo_bulk_answer)
PROMO_RUN_ONE(promo_code_validate, promo_code_validate_in, promo_code_checks)
PROMO_RUN_ONE(promo_code_explain, promo_code_explain_in, promo_code_life)
PROMO_RUN_LIST(promo_code_list, promo_code_list_in)
PROMO_RUN_ONE(promo_code_fetch, promo_id_in, promo_code)
PROMO_RUN_ONE(promo_code_verify, promo_code_verify_in, promo_verification)
PROMO_BEFORE(promo_redemption_create_check, promo_redemption_create_in)
PROMO_RUN_ONE(promo_redemption_create, promo_redemption_create_in, promo_redemption)
PROMO_RUN_LIST(promo_redemption_list, promo_redemption_list_in)
PROMO_RUN_LIST(promo_me_redemptions, promo_me_redemptions_in)
PROMO_RUN_ONE(promo_redemption_show, promo_id_in, promo_redemption)
PROMO_BEFORE(promo_fraud_report_create_check, promo_fraud_report_create_in)
PROMO_RUN_ONE(promo_fraud_report_create, promo_fraud_report_create_in, promo_fraud_report)
PROMO_RUN_LIST(promo_fraud_report_list, promo_fraud_report_list_in)
PROMO_RUN_ONE(promo_fraud_report_show, promo_id_in, promo_fraud_report)
PROMO_RUN_ONE(promo_fraud_report_update, promo_fraud_report_update_in, promo_fraud_report)
PROMO_RUN_ONE(promo_fraud_report_note, promo_fraud_report_note_in, promo_fraud_report)
PROMO_RUN_ONE(promo_fraud_report_bulk, promo_fraud_report_bulk_in, promo_bulk_answer)
PROMO_RUN_LIST(promo_customer_list, promo_customer_list_in)
PROMO_RUN_ONE(promo_customer_show, promo_id_in, promo_customer)

PROMO_RUN_LIST(promo_redemption_search, promo_redemption_search_in)
PROMO_RUN_LIST(promo_customer_redemptions, promo_customer_redemptions_in)
PROMO_RUN_ONE(promo_customer_data_export, promo_id_in, promo_customer_data)
PROMO_RUN_ONE(promo_customer_erase, promo_customer_erase_in, promo_customer)

PROMO_RUN_NONE(promo_redemption_export, promo_redemption_export_in)
PROMO_RUN_NONE(promo_fraud_report_export, promo_fraud_report_export_in)
PROMO_RUN_NONE(promo_customer_export, promo_customer_export_in)
PROMO_RUN_NONE(promo_user_export, promo_user_export_in)
PROMO_RUN_NONE(promo_audit_export, promo_audit_export_in)
PROMO_RUN_NONE(promo_audit_verify, promo_audit_verify_in)
PROMO_RUN_ONE(promo_batch_export, promo_batch_export_in, promo_job_answer)
PROMO_RUN_NONE(promo_job_file, promo_job_file_in)
PROMO_BEFORE(promo_code_import_check, promo_import_in)
PROMO_BEFORE(promo_code_import_before, promo_import_in)
PROMO_RUN_ONE(promo_code_import, promo_import_in, promo_job_answer)
PROMO_RUN_NONE(promo_job_rejects, promo_id_in)
PROMO_RUN_NONE_BARE(promo_code_template)

PROMO_RUN_LIST(promo_alert_list, promo_alert_list_in)
PROMO_RUN_ONE(promo_alert_show, promo_id_in, promo_alert)
PROMO_RUN_ONE(promo_alert_acknowledge, promo_id_in, promo_alert)
PROMO_RUN_ONE(promo_alert_resolve, promo_alert_resolve_in, promo_alert)
PROMO_RUN_ONE(promo_alert_try, promo_alert_try_in, promo_alert_trials)
PROMO_RUN_ONE(promo_alert_acknowledge_all, promo_alert_acknowledge_all_in, promo_alerts_changed)

PROMO_RUN_LIST(promo_notification_list, promo_notification_list_in)
PROMO_RUN_ONE(promo_notification_read, promo_id_in, promo_notification)
PROMO_RUN_NONE_BARE(promo_notification_read_all)
PROMO_RUN_LIST(promo_letter_list, promo_outbox_list_in)
PROMO_RUN_ONE(promo_letter_retry, promo_id_in, promo_outbox_letter)
PROMO_BEFORE(promo_notification_test_before, promo_notification_test_in)
PROMO_RUN_ONE(promo_notification_test, promo_notification_test_in, promo_notification_test_answer)
PROMO_RUN_LIST(promo_webhook_list, promo_webhook_list_in)
PROMO_BEFORE(promo_webhook_create_check, promo_webhook_create_in)
PROMO_RUN_ONE(promo_webhook_create, promo_webhook_create_in, promo_webhook)
PROMO_BEFORE(promo_webhook_update_check, promo_webhook_update_in)
PROMO_RUN_ONE(promo_webhook_update, promo_webhook_update_in, promo_webhook)
PROMO_RUN_NONE(promo_webhook_delete, promo_id_in)
PROMO_RUN_ONE(promo_webhook_rotate, promo_id_in, promo_webhook)
PROMO_RUN_LIST(promo_webhook_deliveries, promo_webhook_deliveries_in)
PROMO_RUN_ONE(promo_webhook_resend, promo_webhook_resend_in, promo_webhook_delivery)
PROMO_RUN_ONE(promo_dashboard_show, promo_dashboard_in, promo_dashboard)
PROMO_BEFORE(promo_event_stream_check, promo_event_stream_in)
PROMO_RUN_NONE(promo_event_stream, promo_event_stream_in)
PROMO_RUN_LIST(promo_job_list, promo_job_list_in)
PROMO_RUN_ONE(promo_job_show, promo_id_in, promo_job)
PROMO_RUN_ONE(promo_job_cancel, promo_id_in, promo_job)
PROMO_RUN_LIST(promo_audit_list, promo_audit_list_in)

PROMO_RUN_LIST(promo_backup_list, promo_backup_list_in)
PROMO_RUN_ONE_BARE(promo_backup_create, promo_job_answer)
PROMO_RUN_NONE(promo_backup_download, promo_id_in)
PROMO_RUN_ONE(promo_backup_verify, promo_id_in, promo_job_answer)
PROMO_RUN_NONE(promo_backup_delete, promo_id_in)

PROMO_RUN_NONE_BARE(promo_branding_logo)
PROMO_BEFORE_BARE(promo_branding_decode)
PROMO_RUN_NONE_BARE(promo_branding_set_logo)
PROMO_RUN_NONE_BARE(promo_branding_favicon)
PROMO_RUN_NONE_BARE(promo_branding_set_favicon)

/* A function for each category of settings: its struct is its own. */
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	static int update_##category(struct promo_ctx *ctx,                                        \
		const struct promo_settings_of_##category *in,                                     \
		struct promo_settings_category *ret)                                               \
	{                                                                                          \
		return promo_settings_update(ctx, PROMO_SETTINGS_##category, in, ret);             \
	}                                                                                          \
	static int check_##category(                                                               \
		struct promo_ctx *ctx, const struct promo_settings_of_##category *in)              \
	{                                                                                          \
		return promo_setting_check(ctx, PROMO_SETTINGS_##category, in, "");                \
	}                                                                                          \
	PROMO_RUN_ONE(update_##category, promo_settings_of_##category, promo_settings_category)    \
	PROMO_BEFORE(check_##category, promo_settings_of_##category)
#include "libpromo/model/settings.def"
PROMO_RUN_LIST(promo_settings_show_list, promo_settings_list_in)
PROMO_RUN_ONE(promo_settings_show, promo_settings_show_in, promo_settings_category)
PROMO_RUN_ONE_BARE(promo_settings_reset, promo_settings_category)
PROMO_RUN_ONE_BARE(promo_settings_export, promo_settings_file)
PROMO_RUN_ONE(promo_settings_import, promo_settings_import_in, promo_settings_changed)
PROMO_RUN_ONE(promo_settings_snapshot, promo_settings_snapshot_in, promo_settings_snapshot)
PROMO_RUN_LIST(promo_settings_snapshots, promo_settings_list_in)
PROMO_RUN_ONE(promo_settings_restore, promo_id_in, promo_settings_changed)

PROMO_RUN_ONE_BARE(promo_server_health, promo_health_answer)
PROMO_RUN_ONE_BARE(promo_server_ready, promo_ready_answer)
PROMO_RUN_ONE_BARE(promo_server_version, promo_version_answer)
PROMO_RUN_NONE_BARE(promo_server_openapi)
PROMO_RUN_NONE_BARE(promo_server_metrics)

/* clang-format off */
const struct promo_binding promo_bindings[] = {
	{ &promo_op_auth_login, &adapter_promo_auth_login, .before = before_promo_auth_login_before },
	{ &promo_op_auth_mfa, &adapter_promo_auth_mfa },
	{ &promo_op_auth_mfa_send, &adapter_promo_auth_mfa_send },
	{ &promo_op_auth_password_reset, &adapter_promo_auth_password_reset,
		.before = before_promo_auth_password_reset_before },
	{ &promo_op_auth_logout, &adapter_promo_auth_logout },
	{ &promo_op_auth_session, &adapter_promo_auth_session },
	{ &promo_op_me_show, &adapter_promo_me_show },
	{ &promo_op_me_update, &adapter_promo_me_update },
	{ &promo_op_me_password, &adapter_promo_me_password, .before = before_promo_me_password_before },
	{ &promo_op_me_mfa_totp, &adapter_promo_me_mfa_totp },
	{ &promo_op_me_mfa_totp_confirm, &adapter_promo_me_mfa_totp_confirm },
	{ &promo_op_me_mfa_totp_remove, &adapter_promo_me_mfa_totp_remove,
		.before = before_promo_me_mfa_totp_remove_before },
	{ &promo_op_me_mfa_email, &adapter_promo_me_mfa_email },
	{ &promo_op_me_mfa_email_confirm, &adapter_promo_me_mfa_email_confirm },
	{ &promo_op_me_mfa_sms, &adapter_promo_me_mfa_sms },
	{ &promo_op_me_mfa_sms_confirm, &adapter_promo_me_mfa_sms_confirm },
	{ &promo_op_me_mfa_recovery_codes, &adapter_promo_me_mfa_recovery_codes,
		.before = before_promo_me_mfa_recovery_codes_before },
	{ &promo_op_session_list, &adapter_promo_session_list },
	{ &promo_op_session_end, &adapter_promo_session_end },
	{ &promo_op_api_key_list, &adapter_promo_api_key_list },
	{ &promo_op_api_key_create, &adapter_promo_api_key_create, .check = before_promo_api_key_create_check },
	{ &promo_op_api_key_delete, &adapter_promo_api_key_delete },
	{ &promo_op_me_redemptions, &adapter_promo_me_redemptions },
	{ &promo_op_user_create, &adapter_promo_user_create, .before = before_promo_user_create_before,
		.check = before_promo_user_create_check },
	{ &promo_op_user_list, &adapter_promo_user_list },
	{ &promo_op_user_show, &adapter_promo_user_show },
	{ &promo_op_user_update, &adapter_promo_user_update },
	{ &promo_op_user_sessions, &adapter_promo_user_sessions },
	{ &promo_op_user_end_sessions, &adapter_promo_user_end_sessions },
	{ &promo_op_user_api_keys, &adapter_promo_user_api_keys },
	{ &promo_op_user_end_api_key, &adapter_promo_user_end_api_key },
	{ &promo_op_user_mfa_remove, &adapter_promo_user_mfa_remove },
	{ &promo_op_user_password_reset, &adapter_promo_user_password_reset },
	{ &promo_op_user_assign_role, &adapter_promo_user_assign_role },
	{ &promo_op_user_revoke_role, &adapter_promo_user_revoke_role },
	{ &promo_op_user_delete, &adapter_promo_user_delete },
	{ &promo_op_user_unlock, &adapter_promo_user_unlock },
	{ &promo_op_user_permissions, &adapter_promo_user_permissions },
	{ &promo_op_user_set_permissions, &adapter_promo_user_set_permissions },
	{ &promo_op_registration_create, &adapter_promo_registration_create,
		.before = before_promo_registration_create_before,
		.check = before_promo_registration_create_check },
	{ &promo_op_registration_list, &adapter_promo_registration_list },
	{ &promo_op_registration_approve, &adapter_promo_registration_approve },
	{ &promo_op_registration_reject, &adapter_promo_registration_reject },
	{ &promo_op_role_list, &adapter_promo_role_list },
	{ &promo_op_role_show, &adapter_promo_role_show },
	{ &promo_op_role_create, &adapter_promo_role_create,
		.before = before_promo_role_create_check, .check = before_promo_role_create_check },
	{ &promo_op_role_update, &adapter_promo_role_update },
	{ &promo_op_role_delete, &adapter_promo_role_delete },
	{ &promo_op_role_change_list, &adapter_promo_role_change_list },
	{ &promo_op_role_change_approve, &adapter_promo_role_change_approve },
	{ &promo_op_role_change_reject, &adapter_promo_role_change_reject },
	{ &promo_op_permission_list, &adapter_promo_permission_list },
	{ &promo_op_batch_create, &adapter_promo_batch_create, .check = before_promo_batch_create_check },
	{ &promo_op_batch_generate, &adapter_promo_batch_generate, .check = before_promo_batch_generate_check },
	{ &promo_op_batch_list, &adapter_promo_batch_list },
	{ &promo_op_batch_show, &adapter_promo_batch_show },
	{ &promo_op_batch_status, &adapter_promo_batch_change_status, .flags = PROMO_BIND_FENCES },
	{ &promo_op_code_download, &adapter_promo_code_download },
	{ &promo_op_code_print, &adapter_promo_code_print },
	{ &promo_op_batch_update, &adapter_promo_batch_update, .before = before_promo_batch_update_before,
		.flags = PROMO_BIND_FENCES },
	{ &promo_op_batch_assign, &adapter_promo_batch_assign, .flags = PROMO_BIND_FENCES },
	{ &promo_op_batch_delete, &adapter_promo_batch_delete, .flags = PROMO_BIND_FENCES },
	{ &promo_op_batch_bulk, &adapter_promo_batch_bulk, .flags = PROMO_BIND_FENCES },
	{ &promo_op_code_import, &adapter_promo_code_import, before_promo_code_import_before,
		before_promo_code_import_check },
	{ &promo_op_job_rejects, &adapter_promo_job_rejects },
	{ &promo_op_code_template, &adapter_promo_code_template },
	{ &promo_op_code_list, &adapter_promo_code_list },
	{ &promo_op_code_status, &adapter_promo_code_change_status, .flags = PROMO_BIND_FENCES },
	{ &promo_op_code_bulk, &adapter_promo_code_bulk, .flags = PROMO_BIND_FENCES },
	{ &promo_op_code_validate, &adapter_promo_code_validate },
	{ &promo_op_code_explain, &adapter_promo_code_explain },
	{ &promo_op_code_show, &adapter_promo_code_fetch },
	{ &promo_op_code_verify, &adapter_promo_code_verify },
	{ &promo_op_redemption_create, &adapter_promo_redemption_create,
		.check = before_promo_redemption_create_check, 
		.flags = PROMO_BIND_KEEPS_KEY | PROMO_BIND_FENCED },
	{ &promo_op_redemption_list, &adapter_promo_redemption_list },
	{ &promo_op_redemption_show, &adapter_promo_redemption_show },
	{ &promo_op_fraud_report_create, &adapter_promo_fraud_report_create,
		.check = before_promo_fraud_report_create_check },
	{ &promo_op_fraud_report_list, &adapter_promo_fraud_report_list },
	{ &promo_op_fraud_report_show, &adapter_promo_fraud_report_show },
	{ &promo_op_fraud_report_update, &adapter_promo_fraud_report_update },
	{ &promo_op_fraud_report_note, &adapter_promo_fraud_report_note },
	{ &promo_op_fraud_report_bulk, &adapter_promo_fraud_report_bulk },
	{ &promo_op_customer_list, &adapter_promo_customer_list },
	{ &promo_op_customer_show, &adapter_promo_customer_show },
	{ &promo_op_redemption_search, &adapter_promo_redemption_search },
	{ &promo_op_customer_redemptions, &adapter_promo_customer_redemptions },
	{ &promo_op_customer_data_export, &adapter_promo_customer_data_export },
	{ &promo_op_customer_erase, &adapter_promo_customer_erase },
	{ &promo_op_redemption_export, &adapter_promo_redemption_export },
	{ &promo_op_fraud_report_export, &adapter_promo_fraud_report_export },
	{ &promo_op_customer_export, &adapter_promo_customer_export },
	{ &promo_op_user_export, &adapter_promo_user_export },
	{ &promo_op_audit_export, &adapter_promo_audit_export },
	{ &promo_op_audit_verify, &adapter_promo_audit_verify },
	{ &promo_op_batch_export, &adapter_promo_batch_export },
	{ &promo_op_job_file, &adapter_promo_job_file },
	{ &promo_op_alert_list, &adapter_promo_alert_list },
	{ &promo_op_alert_show, &adapter_promo_alert_show },
	{ &promo_op_alert_acknowledge, &adapter_promo_alert_acknowledge },
	{ &promo_op_alert_resolve, &adapter_promo_alert_resolve },
	{ &promo_op_alert_acknowledge_all, &adapter_promo_alert_acknowledge_all },
	{ &promo_op_alert_try, &adapter_promo_alert_try },
	{ &promo_op_notification_list, &adapter_promo_notification_list },
	{ &promo_op_notification_read, &adapter_promo_notification_read },
	{ &promo_op_notification_read_all, &adapter_promo_notification_read_all },
	{ &promo_op_outbox_list, &adapter_promo_letter_list },
	{ &promo_op_outbox_retry, &adapter_promo_letter_retry },
	{ &promo_op_notification_test, &adapter_promo_notification_test,
		.before = before_promo_notification_test_before,
		.flags = PROMO_BIND_KEEPS_KEY },
	{ &promo_op_backup_list, &adapter_promo_backup_list },
	{ &promo_op_backup_create, &adapter_promo_backup_create },
	{ &promo_op_backup_download, &adapter_promo_backup_download },
	{ &promo_op_backup_verify, &adapter_promo_backup_verify },
	{ &promo_op_backup_delete, &adapter_promo_backup_delete },
	{ &promo_op_webhook_list, &adapter_promo_webhook_list },
	{ &promo_op_webhook_create, &adapter_promo_webhook_create, .check = before_promo_webhook_create_check },
	{ &promo_op_webhook_update, &adapter_promo_webhook_update, .check = before_promo_webhook_update_check },
	{ &promo_op_webhook_delete, &adapter_promo_webhook_delete },
	{ &promo_op_webhook_rotate, &adapter_promo_webhook_rotate },
	{ &promo_op_webhook_deliveries, &adapter_promo_webhook_deliveries },
	{ &promo_op_webhook_resend, &adapter_promo_webhook_resend },
	{ &promo_op_dashboard_show, &adapter_promo_dashboard_show },
	{ &promo_op_event_stream, &adapter_promo_event_stream,
		.check = before_promo_event_stream_check },
	{ &promo_op_job_list, &adapter_promo_job_list },
	{ &promo_op_job_show, &adapter_promo_job_show },
	{ &promo_op_job_cancel, &adapter_promo_job_cancel },
	{ &promo_op_audit_list, &adapter_promo_audit_list },
	{ &promo_op_settings_list, &adapter_promo_settings_show_list },
	{ &promo_op_settings_show, &adapter_promo_settings_show },
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	{ &promo_op_settings_update[PROMO_SETTINGS_##category], &adapter_update_##category,        \
		.check = before_check_##category },                                                \
	{ &promo_op_settings_reset[PROMO_SETTINGS_##category], &adapter_promo_settings_reset },
#include "libpromo/model/settings.def"
	{ &promo_op_settings_export, &adapter_promo_settings_export },
	{ &promo_op_settings_import, &adapter_promo_settings_import },
	{ &promo_op_settings_snapshot, &adapter_promo_settings_snapshot },
	{ &promo_op_settings_snapshots, &adapter_promo_settings_snapshots },
	{ &promo_op_settings_restore, &adapter_promo_settings_restore },
	{ &promo_op_branding_logo, &adapter_promo_branding_logo },
	{ &promo_op_branding_set_logo, &adapter_promo_branding_set_logo, .before = before_promo_branding_decode },
	{ &promo_op_branding_favicon, &adapter_promo_branding_favicon },
	{ &promo_op_branding_set_favicon, &adapter_promo_branding_set_favicon,
		.before = before_promo_branding_decode },
	{ &promo_op_server_health, &adapter_promo_server_health, .flags = PROMO_BIND_NO_STORE },
	{ &promo_op_server_ready, &adapter_promo_server_ready,
		.flags = PROMO_BIND_NO_STORE | PROMO_BIND_SETTINGS },
	{ &promo_op_server_metrics, &adapter_promo_server_metrics,
		.flags = PROMO_BIND_NO_STORE | PROMO_BIND_BLIND },
	{ &promo_op_server_version, &adapter_promo_server_version,
		.flags = PROMO_BIND_NO_STORE | PROMO_BIND_BLIND | PROMO_BIND_SETTINGS },
	{ &promo_op_server_openapi, &adapter_promo_server_openapi, .flags = PROMO_BIND_NO_STORE },
	{ NULL },
};
/* clang-format on */

const struct promo_binding *promo_binding_find(const struct promo_op *op)
{
	for (const struct promo_binding *binding = promo_bindings; binding->op; binding++)
		if (binding->op == op)
			return binding;
	return NULL;
}
