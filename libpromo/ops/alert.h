/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"

/* Raises alerts: rows for people to look into, one that is open for each dedupe key; what happens
 * again meanwhile raises its count. Evidence holds ids and numbers, never codes, names or phones.
 * For the files of this folder; not installed. */

struct promo_alert {
	const char *kind, *severity, *title;
	bool told;         /* people hear of what it is about by another event */
	const char *about; /* an id: with the kind the key that makes it one */
	const struct promo_schema *evidence_schema;
	const void *evidence; /* a struct of it */
};

/* In the transaction of what it tells. */
int promo_alert_raise(struct promo_ctx *ctx, const struct promo_alert *alert) PROMO_CHECK;
