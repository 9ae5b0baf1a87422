/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/* Alerts: what people have to look into. They never block anything. Evidence holds ids and numbers,
 * never codes, names or phones. */

PROMO_BEGIN_DECLS

enum promo_alert_kind {
	PROMO_ALERT_NONE = 0,
#define PROMO_ALERT_KIND(name, word, fraud, severity, title) PROMO_ALERT_##name,
#include "libpromo/model/alert_kinds.def"
#undef PROMO_ALERT_KIND
	PROMO_ALERT_KINDS
};

enum promo_alert_severity {
	PROMO_SEVERITY_INFO = 1,
	PROMO_SEVERITY_WARNING,
	PROMO_SEVERITY_CRITICAL,
};

enum promo_alert_status {
	PROMO_ALERT_OPEN = 1,
	PROMO_ALERT_ACKNOWLEDGED, /* somebody looks after it; it opens again after a while */
	PROMO_ALERT_RESOLVED,
};
extern const struct promo_words promo_alert_kind_words, promo_alert_severity_words,
	promo_alert_status_words;

/* What stands in model/alert_kinds.def; that of another number is all NULL. */
struct promo_alert_kind_row {
	const char *word, *severity, *title;
	bool fraud; /* seen only with `fraud.alerts.view` */
};
const struct promo_alert_kind_row *promo_alert_kind_row(enum promo_alert_kind kind);

struct promo_alert {
	const char *id;
	int kind;     /* enum promo_alert_kind */
	int severity; /* enum promo_alert_severity */
	int status;   /* enum promo_alert_status */
	const char *title;
	const char *evidence; /* JSON */
	int64_t count, first_at, last_at;
	const struct promo_ref *acknowledged_by;
	int64_t acknowledged_at;
	const struct promo_ref *resolved_by;
	int64_t resolved_at;
	const char *note;
	int64_t escalation_step;
};
extern const struct promo_schema promo_alert_schema;

/* What became of many at once. */
struct promo_alerts_changed {
	int64_t changed, left;
};
extern const struct promo_schema promo_alerts_changed_schema;

/* What a rule would have done. */
struct promo_alert_trial {
	int kind; /* enum promo_alert_kind */
	bool enabled;
	int64_t threshold, minutes; /* minutes: 0 where the rule has no such limit */
	int64_t fired, subjects;    /* how often, and about how many */
	int64_t first_at, last_at;  /* 0: never */
};
extern const struct promo_schema promo_alert_trial_schema;

struct promo_alert_trials {
	int64_t from, to;
	struct promo_objects rules; /* of struct promo_alert_trial */
};
extern const struct promo_schema promo_alert_trials_schema;

PROMO_END_DECLS
