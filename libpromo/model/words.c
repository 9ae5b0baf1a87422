/* SPDX-License-Identifier: MIT */
#include "libpromo/model/words.h"

#include "libpromo/model/alert.h"
#include "libpromo/model/outbox.h"
#include "libpromo/model/webhook.h"

/* One list of words a line, in the order of its enum in words.h. */
#define WORDS(n, ...)                                                                              \
	const struct promo_words promo_##n##_words = {                                             \
		.name = #n,                                                                        \
		.words = (const char *const[]){ NULL, __VA_ARGS__ },                               \
		.count = (int)PROMO_COUNT(((const char *const[]){ NULL, __VA_ARGS__ })),           \
	}

WORDS(code_status, "active", "expired", "redeemed", "reported", "blocked");
WORDS(code_target, "active", "blocked", "reported");
WORDS(code_action, "block", "unblock", "delete");
WORDS(batch_status, "generating", "active", "expired", "blocked", "archived");
WORDS(batch_target, "active", "expired", "blocked", "archived");
WORDS(batch_action, "block", "unblock", "archive", "expire", "delete");
WORDS(redemption_status, "pending", "completed", "failed");
WORDS(fraud_type, "duplicate_redemption", "suspicious_activity", "invalid_code", "other");
WORDS(fraud_status, "pending", "investigating", "resolved", "rejected");
WORDS(fraud_action, "investigate", "resolve", "reject");
WORDS(priority, "low", "medium", "high");
WORDS(job_kind, "generate", "import", "export", "pdf", "backup", "restore_check", "bulk");
WORDS(backup_kind, "manual", "daily", "weekly", "monthly");
WORDS(backup_status, "running", "succeeded", "failed");
WORDS(export_format, "csv", "pdf");
WORDS(job_status, "queued", "running", "succeeded", "failed", "cancelled");
WORDS(actor_kind, "user", "api_key", "system", "anonymous");
WORDS(outcome, "allowed", "denied", "failed");
WORDS(role_change_kind, "assign", "revoke", "grant", "role_edit");
WORDS(approval, "pending", "approved", "rejected");
WORDS(mfa_method, "authenticator_app", "email", "sms", "recovery_code");
WORDS(channel, "email", "sms", "webhook");
WORDS(test_channel, "email", "sms", "webhook", "in_app");
WORDS(outbox_status, "waiting", "sent", "dead");
WORDS(webhook_reason, "gone", "failing");
WORDS(delivery_status, "waiting", "delivered", "dead");
WORDS(alert_severity, "info", "warning", "critical");
WORDS(alert_status, "open", "acknowledged", "resolved");
