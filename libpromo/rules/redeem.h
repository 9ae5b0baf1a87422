/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/macros.h"
#include "libpromo/rules/code_status.h"

/*
 * The one rule that decides about money. Verification shows its answer as `reason`, redemption
 * obeys it, inside the transaction and on the facts that were locked. Nothing else decides.
 */

PROMO_BEGIN_DECLS

/* 0 if the code may be redeemed, else the first that applies: PROMO_E_CODE_REPORTED,
 * PROMO_E_CODE_ALREADY_REDEEMED, PROMO_E_CODE_BLOCKED, PROMO_E_BATCH_NOT_ACTIVE (blocked, archived
 * or still generating), PROMO_E_CODE_EXPIRED. A status that is none refuses as well. */
int promo_rule_redeem(const struct promo_code_facts *code, const struct promo_batch_facts *batch,
	int64_t now_ms) PROMO_CHECK;

/* 0 if the redemption of the code may be reported as a fraud, else PROMO_E_CODE_ALREADY_REPORTED
 * or PROMO_E_CODE_NOT_REDEEMED. What became of the batch since does not matter: it was paid. */
int promo_rule_report(const struct promo_code_facts *code) PROMO_CHECK;

PROMO_END_DECLS
