/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/redeem.h"

#include "libpromo/base/error.h"

int promo_rule_redeem(
	const struct promo_code_facts *code, const struct promo_batch_facts *batch, int64_t now_ms)
{
	if (code->own_status == PROMO_CODE_REPORTED)
		return PROMO_E_CODE_REPORTED;
	if (code->own_status == PROMO_CODE_REDEEMED)
		return PROMO_E_CODE_ALREADY_REDEEMED;
	/* Whatever else is not plainly active is not paid. */
	if (code->own_status != PROMO_CODE_ACTIVE)
		return PROMO_E_CODE_BLOCKED;
	if (batch->status != PROMO_BATCH_ACTIVE && batch->status != PROMO_BATCH_EXPIRED)
		return PROMO_E_BATCH_NOT_ACTIVE;
	if (promo_code_effective_status(code, batch, now_ms) != PROMO_CODE_ACTIVE)
		return PROMO_E_CODE_EXPIRED;
	return 0;
}

int promo_rule_report(const struct promo_code_facts *code)
{
	if (code->own_status == PROMO_CODE_REPORTED)
		return PROMO_E_CODE_ALREADY_REPORTED;
	if (code->own_status != PROMO_CODE_REDEEMED)
		return PROMO_E_CODE_NOT_REDEEMED;
	return 0;
}
