/* SPDX-License-Identifier: MIT */
#include "libpromo/model/alert.h"

static const struct promo_alert_kind_row kinds[] = {
	[PROMO_ALERT_NONE] = { 0 },
#define PROMO_ALERT_KIND(name, w, f, s, t)                                                         \
	[PROMO_ALERT_##name] = { .word = (w), .severity = (s), .title = (t), .fraud = (f) },
#include "libpromo/model/alert_kinds.def"
#undef PROMO_ALERT_KIND
};

static const char *const kind_words[] = {
	NULL,
#define PROMO_ALERT_KIND(name, word, fraud, severity, title) word,
#include "libpromo/model/alert_kinds.def"
#undef PROMO_ALERT_KIND
};
const struct promo_words promo_alert_kind_words = {
	.name = "alert_kind", .words = kind_words, .count = (int)PROMO_COUNT(kind_words)
};

const struct promo_alert_kind_row *promo_alert_kind_row(enum promo_alert_kind kind)
{
	return &kinds[kind > PROMO_ALERT_NONE && kind < PROMO_ALERT_KINDS ? kind
									  : PROMO_ALERT_NONE];
}

#define T struct promo_alert
static const struct promo_field alert_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the alert's id"),
	PROMO_F_ENUM(T, kind, promo_alert_kind_words, PROMO_COLUMN, "what it is about"),
	PROMO_F_ENUM(T, severity, promo_alert_severity_words, PROMO_COLUMN, "how bad it is"),
	PROMO_F_ENUM(T, status, promo_alert_status_words, PROMO_COLUMN, "where it stands"),
	PROMO_F_TEXT(T, title, TEXT, 0, 0, PROMO_COLUMN, "in one line"),
	PROMO_F_TEXT(T, evidence, JSON, 0, 0, 0, "ids and numbers that it rests on"),
	PROMO_F_INT(T, count, 0, 0, PROMO_COLUMN, "how often it happened"),
	PROMO_F_TIME(T, first_at, 0, "when it happened first"),
	PROMO_F_TIME(T, last_at, PROMO_COLUMN, "when it happened last"),
	PROMO_F_OBJECT(T, acknowledged_by, struct promo_ref, promo_ref_schema, PROMO_NULLABLE,
		"who looks after it"),
	PROMO_F_TIME(T, acknowledged_at, PROMO_NULLABLE, "since when"),
	PROMO_F_OBJECT(T, resolved_by, struct promo_ref, promo_ref_schema, PROMO_NULLABLE,
		"who has dealt with it"),
	PROMO_F_TIME(T, resolved_at, PROMO_NULLABLE, "when that was"),
	PROMO_F_TEXT(T, note, TEXT, 0, 0, PROMO_NULLABLE, "what came out of it"),
	PROMO_F_INT(T, escalation_step, 0, 0, 0,
		"how many steps it went up because nobody looked after it"),
};
#undef T
const struct promo_schema promo_alert_schema =
	PROMO_SCHEMA(struct promo_alert, "alert", alert_fields);

#define T struct promo_alerts_changed
static const struct promo_field alerts_changed_fields[] = {
	PROMO_F_INT(T, changed, 0, 0, PROMO_COLUMN, "how many were acknowledged"),
	PROMO_F_INT(T, left, 0, 0, PROMO_COLUMN, "how many are still open: ask once more"),
};
#undef T
const struct promo_schema promo_alerts_changed_schema =
	PROMO_SCHEMA(struct promo_alerts_changed, "alerts_changed", alerts_changed_fields);

#define T struct promo_alert_trial
static const struct promo_field alert_trial_fields[] = {
	PROMO_F_ENUM(T, kind, promo_alert_kind_words, PROMO_COLUMN, "what it would have raised"),
	PROMO_F_BOOL(T, enabled, PROMO_COLUMN, "whether it is switched on"),
	PROMO_F_INT(T, threshold, 0, 0, PROMO_COLUMN, "how much is too much; of a share, percent"),
	PROMO_F_INT(T, minutes, 0, 0, 0, "within how long, 0: no matter"),
	PROMO_F_INT(T, fired, 0, 0, PROMO_COLUMN, "how often the limit was reached"),
	PROMO_F_INT(T, subjects, 0, 0, PROMO_COLUMN, "by how many customers, users or codes"),
	PROMO_F_TIME(T, first_at, PROMO_NULLABLE, "from the first of what was counted"),
	PROMO_F_TIME(T, last_at, PROMO_NULLABLE, "to the last"),
};
#undef T
const struct promo_schema promo_alert_trial_schema =
	PROMO_SCHEMA(struct promo_alert_trial, "alert_trial", alert_trial_fields);

#define T struct promo_alert_trials
static const struct promo_field alert_trials_fields[] = {
	PROMO_F_TIME(T, from, PROMO_COLUMN, "from when the rules were tried out"),
	PROMO_F_TIME(T, to, PROMO_COLUMN, "until when"),
	PROMO_F_OBJECTS(T, rules, promo_alert_trial_schema, 0, "the rules"),
};
#undef T
const struct promo_schema promo_alert_trials_schema =
	PROMO_SCHEMA(struct promo_alert_trials, "alert_trials", alert_trials_fields);
