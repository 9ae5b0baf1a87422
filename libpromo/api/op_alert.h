/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/alert.h"

/* Alerts, for those who look after them, and what the rules that raise them would have done. */

PROMO_BEGIN_DECLS

struct promo_alert_list_in {
	struct promo_set set;
	struct promo_texts status, severity, kind;
	const char *q;
	int64_t from, to;
	PROMO_LIST_MEMBERS;
};
extern const struct promo_schema promo_alert_list_in_schema;

struct promo_alert_resolve_in {
	struct promo_set set;
	const char *id, *note;
};

struct promo_alert_acknowledge_all_in {
	struct promo_set set;
	int severity; /* enum promo_alert_severity; 0: all */
};

enum {
	PROMO_ALERT_TRY_DAYS = 30,
	PROMO_ALERT_TRY_DAYS_MAX = 90,
};

struct promo_alert_try_in {
	struct promo_set set;
	int64_t days;
	const char *settings; /* JSON */
};

extern const struct promo_op promo_op_alert_try;
extern const struct promo_op promo_op_alert_list, promo_op_alert_show, promo_op_alert_acknowledge,
	promo_op_alert_resolve, promo_op_alert_acknowledge_all;

PROMO_END_DECLS
