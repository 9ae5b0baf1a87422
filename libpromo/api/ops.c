/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "libpromo/api/op_alert.h"
#include "libpromo/api/op_api_key.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_backup.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_batch_change.h"
#include "libpromo/api/op_branding.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_code_change.h"
#include "libpromo/api/op_customer.h"
#include "libpromo/api/op_dashboard.h"
#include "libpromo/api/op_event.h"
#include "libpromo/api/op_export.h"
#include "libpromo/api/op_fraud_case.h"
#include "libpromo/api/op_import.h"
#include "libpromo/api/op_job.h"
#include "libpromo/api/op_mfa.h"
#include "libpromo/api/op_notification.h"
#include "libpromo/api/op_notification_test.h"
#include "libpromo/api/op_outbox.h"
#include "libpromo/api/op_password_reset.h"
#include "libpromo/api/op_print.h"
#include "libpromo/api/op_registration.h"
#include "libpromo/api/op_role.h"
#include "libpromo/api/op_setting.h"
#include "libpromo/api/op_system.h"
#include "libpromo/api/op_user.h"
#include "libpromo/api/op_webhook.h"
#include "libpromo/model/ref.h"

const struct promo_op *const promo_ops[] = {
	&promo_op_auth_login,
	&promo_op_auth_mfa,
	&promo_op_auth_mfa_send,
	&promo_op_auth_password_reset,
	&promo_op_auth_logout,
	&promo_op_auth_session,
	&promo_op_me_show,
	&promo_op_me_update,
	&promo_op_me_password,
	&promo_op_me_mfa_totp,
	&promo_op_me_mfa_totp_confirm,
	&promo_op_me_mfa_totp_remove,
	&promo_op_me_mfa_email,
	&promo_op_me_mfa_email_confirm,
	&promo_op_me_mfa_sms,
	&promo_op_me_mfa_sms_confirm,
	&promo_op_me_mfa_recovery_codes,
	&promo_op_session_list,
	&promo_op_session_end,
	&promo_op_api_key_list,
	&promo_op_api_key_create,
	&promo_op_api_key_delete,
	&promo_op_me_redemptions,
	&promo_op_notification_list,
	&promo_op_notification_read,
	&promo_op_notification_read_all,
	&promo_op_outbox_list,
	&promo_op_outbox_retry,
	&promo_op_user_list,
	&promo_op_user_show,
	&promo_op_user_export,
	&promo_op_user_create,
	&promo_op_user_update,
	&promo_op_user_delete,
	&promo_op_user_unlock,
	&promo_op_user_sessions,
	&promo_op_user_end_sessions,
	&promo_op_user_api_keys,
	&promo_op_user_end_api_key,
	&promo_op_user_mfa_remove,
	&promo_op_user_password_reset,
	&promo_op_user_assign_role,
	&promo_op_user_revoke_role,
	&promo_op_user_permissions,
	&promo_op_user_set_permissions,
	&promo_op_registration_create,
	&promo_op_registration_list,
	&promo_op_registration_approve,
	&promo_op_registration_reject,
	&promo_op_role_list,
	&promo_op_role_show,
	&promo_op_role_create,
	&promo_op_role_update,
	&promo_op_role_delete,
	&promo_op_role_change_list,
	&promo_op_role_change_approve,
	&promo_op_role_change_reject,
	&promo_op_permission_list,
	&promo_op_batch_list,
	&promo_op_batch_show,
	&promo_op_batch_status,
	&promo_op_batch_create,
	&promo_op_batch_generate,
	&promo_op_batch_update,
	&promo_op_batch_assign,
	&promo_op_batch_delete,
	&promo_op_batch_bulk,
	&promo_op_code_download,
	&promo_op_batch_export,
	&promo_op_code_print,
	&promo_op_code_import,
	&promo_op_job_rejects,
	&promo_op_code_template,
	&promo_op_code_list,
	&promo_op_code_show,
	&promo_op_code_status,
	&promo_op_code_bulk,
	&promo_op_code_validate,
	&promo_op_code_explain,
	&promo_op_code_verify,
	&promo_op_redemption_create,
	&promo_op_redemption_list,
	&promo_op_redemption_show,
	&promo_op_redemption_search,
	&promo_op_redemption_export,
	&promo_op_fraud_report_create,
	&promo_op_fraud_report_list,
	&promo_op_fraud_report_show,
	&promo_op_fraud_report_export,
	&promo_op_fraud_report_update,
	&promo_op_fraud_report_note,
	&promo_op_fraud_report_bulk,
	&promo_op_customer_list,
	&promo_op_customer_show,
	&promo_op_customer_redemptions,
	&promo_op_customer_data_export,
	&promo_op_customer_erase,
	&promo_op_customer_export,
	&promo_op_dashboard_show,
	&promo_op_event_stream,
	&promo_op_job_list,
	&promo_op_job_show,
	&promo_op_job_cancel,
	&promo_op_job_file,
	&promo_op_audit_list,
	&promo_op_audit_export,
	&promo_op_audit_verify,
	&promo_op_alert_list,
	&promo_op_alert_show,
	&promo_op_alert_acknowledge,
	&promo_op_alert_resolve,
	&promo_op_alert_acknowledge_all,
	&promo_op_alert_try,
	&promo_op_settings_list,
	&promo_op_settings_show,
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	&promo_op_settings_update[PROMO_SETTINGS_##category],                                      \
		&promo_op_settings_reset[PROMO_SETTINGS_##category],
#include "libpromo/model/settings.def"
	&promo_op_settings_export,
	&promo_op_settings_import,
	&promo_op_settings_snapshot,
	&promo_op_settings_snapshots,
	&promo_op_settings_restore,
	&promo_op_branding_logo,
	&promo_op_branding_set_logo,
	&promo_op_branding_favicon,
	&promo_op_branding_set_favicon,
	&promo_op_notification_test,
	&promo_op_webhook_list,
	&promo_op_webhook_create,
	&promo_op_webhook_update,
	&promo_op_webhook_delete,
	&promo_op_webhook_rotate,
	&promo_op_webhook_deliveries,
	&promo_op_webhook_resend,
	&promo_op_backup_list,
	&promo_op_backup_create,
	&promo_op_backup_download,
	&promo_op_backup_verify,
	&promo_op_backup_delete,
	&promo_op_server_health,
	&promo_op_server_ready,
	&promo_op_server_metrics,
	&promo_op_server_version,
	&promo_op_server_openapi,
	NULL,
};

const struct promo_op *promo_op_find(const char *name)
{
	for (size_t i = 0; promo_ops[i]; i++)
		if (strcmp(promo_ops[i]->name, name) == 0)
			return promo_ops[i];
	return NULL;
}

const char *promo_method_name(enum promo_method method)
{
	static const char *const names[] = {
		[PROMO_GET] = "GET",
		[PROMO_POST] = "POST",
		[PROMO_PUT] = "PUT",
		[PROMO_PATCH] = "PATCH",
		[PROMO_DELETE] = "DELETE",
	};

	return names[method];
}

bool promo_op_takes_json(const struct promo_op *op)
{
	if (!op->in)
		return false;
	for (size_t i = 0; i < op->in->count; i++)
		if (!(op->in->fields[i].flags & (PROMO_IN_PATH | PROMO_IN_QUERY)))
			return true;
	return false;
}

bool promo_op_takes_body(const struct promo_op *op)
{
	return op->body != PROMO_BODY_JSON || promo_op_takes_json(op);
}

/* RFC 9110 8.3: the media type, whatever its parameters. */
static bool is_type(const char *content_type, const char *type)
{
	const size_t length = strcspn(content_type, "; \t");

	return length == strlen(type) && strncasecmp(content_type, type, length) == 0;
}

bool promo_op_takes_type(const struct promo_op *op, const char *content_type)
{
	if (!content_type)
		return true;
	if (op->body == PROMO_BODY_JSON)
		return is_type(content_type, "application/json");
	for (size_t i = 0; i < PROMO_OP_MEDIA_MAX && op->media_types[i]; i++)
		if (is_type(content_type, op->media_types[i]))
			return true;
	return op->body == PROMO_BODY_UPLOAD && is_type(content_type, "multipart/form-data");
}

int64_t promo_op_body_max(const struct promo_op *op)
{
	return op->body_max_bytes ? op->body_max_bytes : PROMO_BODY_MAX_BYTES;
}

bool promo_op_rests(const struct promo_op *op)
{
	if (!(op->flags & PROMO_OP_WRITES) ||
		(op->flags & (PROMO_OP_SIGN_IN | PROMO_OP_UNENROLLED)))
		return false;
	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++)
		if (op->required[i].permission == PROMO_P_SYSTEM_SETTINGS_UPDATE &&
			op->required[i].when == PROMO_WHEN_ALWAYS)
			return false;
	return true;
}

/* What every operation of this kind can be refused with, whatever it does. */
static bool follows_from_row(const struct promo_op *op, int error)
{
	switch (error) {
	case PROMO_E_UNAUTHENTICATED:
	case PROMO_E_SESSION_EXPIRED:
	case PROMO_E_API_KEY_EXPIRED:
	case PROMO_E_ADDRESS_NOT_ALLOWED:
		return op->access != PROMO_ACCESS_PUBLIC;
	case PROMO_E_ORIGIN_NOT_ALLOWED:
		return op->access != PROMO_ACCESS_PUBLIC && op->method != PROMO_GET;
	case PROMO_E_SESSION_REQUIRED:
		return op->access == PROMO_ACCESS_SELF && !(op->flags & PROMO_OP_BY_API_KEY);
	case PROMO_E_MFA_ENROLMENT_REQUIRED:
		return op->access != PROMO_ACCESS_PUBLIC && !(op->flags & PROMO_OP_UNENROLLED);
	case PROMO_E_FORBIDDEN:
		return op->access == PROMO_ACCESS_PERMISSION;
	case PROMO_E_BODY_TOO_LARGE:
	case PROMO_E_UNSUPPORTED_MEDIA_TYPE:
		return promo_op_takes_body(op);
	case PROMO_E_IDEMPOTENCY_KEY_REQUIRED:
		return op->flags & PROMO_OP_KEY_REQUIRED;
	case PROMO_E_IDEMPOTENCY_KEY_REUSED:
		return op->flags & PROMO_OP_KEY;
	/* What hashes passwords names it in its row. */
	case PROMO_E_TOO_MANY_REQUESTS:
		return op->flags & PROMO_OP_GUESSABLE;
	/* No answer may come in time for whatever writes. */
	case PROMO_E_OUTCOME_UNKNOWN:
		return op->flags & PROMO_OP_WRITES;
	case PROMO_E_MAINTENANCE:
		return promo_op_rests(op);
	case PROMO_E_PRECONDITION_REQUIRED:
	case PROMO_E_VERSION_MISMATCH:
		return op->flags & PROMO_OP_IF_MATCH;
	case PROMO_E_RANGE_NOT_SATISFIABLE:
		return op->flags & PROMO_OP_RANGES;
	/* A parameter that is unknown is refused also where there is none. */
	case PROMO_E_INVALID_INPUT:
	case PROMO_E_MALFORMED_REQUEST:
	case PROMO_E_INTERNAL:
	case PROMO_E_UNAVAILABLE:
		return true;
	default:
		return false;
	}
}

bool promo_op_can_fail(const struct promo_op *op, int error)
{
	for (size_t i = 0; i < PROMO_OP_ERRORS_MAX && op->errors[i].error; i++)
		if ((int)op->errors[i].error == error)
			return true;
	return follows_from_row(op, error);
}

const struct promo_schema *promo_op_error_members(const struct promo_op *op, int error)
{
	if (error == PROMO_E_FORBIDDEN)
		return &promo_permission_member_schema;
	for (size_t i = 0; i < PROMO_OP_ERRORS_MAX && op->errors[i].error; i++)
		if ((int)op->errors[i].error == error)
			return op->errors[i].members;
	return NULL;
}
