/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/alert.h"
#include "libpromo/ops/tell.h"

/* Raises alerts: rows for people to look into, one that is not resolved for each dedupe key; what
 * happens again meanwhile raises its count. Evidence holds ids and numbers, never codes, names or
 * phones. That it was raised is written into the audit trail by the watch (alert_watch.h), within
 * seconds. For the files of this folder; not installed. */

struct promo_alert_cause {
	enum promo_alert_kind kind;
	bool told;         /* people hear of what it is about by another event */
	const char *about; /* an id: with the kind the key that makes it one */
	const struct promo_schema *evidence_schema;
	const void *evidence; /* a struct of it: replaces that of before */
	/* Of what was counted elsewhere: how much in all, how much of it is new, and when it happened;
	 * all 0: once, now. */
	int64_t count, more, first_at, last_at;
	const char *by; /* who did what raises it and need not be told; NULL: nobody */
};

/* In the transaction of what it tells. */
int promo_alert_raise_by(
	const struct promo_teller *teller, const struct promo_alert_cause *cause) PROMO_CHECK;
/* The same from an operation. */
int promo_alert_raise(struct promo_ctx *ctx, const struct promo_alert_cause *cause) PROMO_CHECK;

/* Kinds that who asks may not see, for `kind <> ALL (...)`; none: he sees all. */
struct promo_texts promo_alert_hidden(const struct promo_ctx *ctx);
