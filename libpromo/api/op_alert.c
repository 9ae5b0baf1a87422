/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_alert.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_alert_list_in
static const struct promo_field alert_list_in[] = {
	PROMO_F_TEXTS(T, status, 0, 3, &promo_alert_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_F_TEXTS(T, severity, 0, 3, &promo_alert_severity_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more severities"),
	PROMO_F_TEXTS(T, kind, 0, PROMO_ALERT_KINDS, &promo_alert_kind_words,
		PROMO_IN_QUERY | PROMO_MULTI, "one or more kinds"),
	PROMO_F_TEXT(T, q, TEXT, 1, 100, PROMO_IN_QUERY,
		"part of the title, of the note, or an id of the evidence"),
	PROMO_F_TIME(T, from, PROMO_IN_QUERY, "only those that happened then or later"),
	PROMO_F_TIME(T, to, PROMO_IN_QUERY, "only those that happened first before"),
	PROMO_LIST_FIELDS(T),
};
#undef T
const struct promo_schema promo_alert_list_in_schema =
	PROMO_INPUT(struct promo_alert_list_in, "alert_list_in", alert_list_in);

#define T struct promo_alert_resolve_in
static const struct promo_field alert_resolve_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_IN_PATH | PROMO_REQUIRED | PROMO_POSITIONAL,
		"the alert's id"),
	PROMO_F_TEXT(T, note, TEXT, 1, 1000, PROMO_REQUIRED, "what came out of it"),
};
#undef T
static const struct promo_schema alert_resolve_in_schema =
	PROMO_INPUT(struct promo_alert_resolve_in, "alert_resolve_in", alert_resolve_in);

#define T struct promo_alert_acknowledge_all_in
static const struct promo_field alert_acknowledge_all_in[] = {
	PROMO_F_ENUM(T, severity, promo_alert_severity_words, 0, "only those of this severity"),
};
#undef T
static const struct promo_schema alert_acknowledge_all_in_schema =
	PROMO_INPUT(struct promo_alert_acknowledge_all_in, "alert_acknowledge_all_in",
		alert_acknowledge_all_in);

#define T struct promo_alert_try_in
static const struct promo_field alert_try_in[] = {
	PROMO_F_INT(T, days, 1, PROMO_ALERT_TRY_DAYS_MAX, 0, "how many days back, 30 unless said"),
	PROMO_F_TEXT(T, settings, JSON, 0, 0, PROMO_NULLABLE,
		"other limits than those of today, as PATCH /settings/alerts takes them"),
};
#undef T
static const struct promo_schema alert_try_in_schema =
	PROMO_INPUT(struct promo_alert_try_in, "alert_try_in", alert_try_in);

const struct promo_op promo_op_alert_list = {
	.name = "alert.list",
	.summary = "List alerts, newest first; those about fraud for whoever may view them",
	.method = PROMO_GET,
	.path = "/alerts",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_ALERTS_READ } },
	.in = &promo_alert_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_alert_schema,
	.status = 200,
	.examples = "promo alert list --status open --severity critical",
};

const struct promo_op promo_op_alert_show = {
	.name = "alert.show",
	.summary = "Show an alert with its evidence",
	.method = PROMO_GET,
	.path = "/alerts/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_ALERTS_READ } },
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_alert_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_alert_acknowledge = {
	.name = "alert.acknowledge",
	.summary = "Say that you look after an alert: it is not escalated meanwhile",
	.method = PROMO_POST,
	.path = "/alerts/{id}/acknowledge",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_ALERTS_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_alert_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples = "promo alert acknowledge 0190a1b2-...",
};

const struct promo_op promo_op_alert_resolve = {
	.name = "alert.resolve",
	.summary = "Close an alert with what came out of it",
	.method = PROMO_POST,
	.path = "/alerts/{id}/resolve",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_ALERTS_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &alert_resolve_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_alert_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples = "promo alert resolve 0190a1b2-... --note 'a class trip: the codes were theirs'",
};

const struct promo_op promo_op_alert_acknowledge_all = {
	.name = "alert.acknowledge-all",
	.summary = "Say that you look after all open alerts that you may see, oldest first",
	.method = PROMO_POST,
	.path = "/alerts/acknowledge-all",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_ALERTS_MANAGE } },
	.flags = PROMO_OP_WRITES,
	.in = &alert_acknowledge_all_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_alerts_changed_schema,
	.status = 200,
	.examples = "promo alert acknowledge-all --severity info",
};

const struct promo_op promo_op_alert_try = {
	.name = "alert-rule.dry-run",
	.summary = "Tell how often each rule would have raised an alert in the past days",
	.method = PROMO_POST,
	.path = "/alert-rules/dry-run",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_ALERTS_MANAGE } },
	.in = &alert_try_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_alert_trials_schema,
	.status = 200,
	.examples = "promo alert-rule dry-run --days 7",
};
