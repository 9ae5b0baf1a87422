/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/fraud.h"

bool promo_fraud_may_become(enum promo_fraud_status from, enum promo_fraud_status to)
{
	switch (from) {
	case PROMO_FRAUD_PENDING:
		return to != PROMO_FRAUD_PENDING;
	case PROMO_FRAUD_INVESTIGATING:
		return to == PROMO_FRAUD_RESOLVED || to == PROMO_FRAUD_REJECTED;
	case PROMO_FRAUD_RESOLVED:
		return to == PROMO_FRAUD_INVESTIGATING || to == PROMO_FRAUD_REJECTED;
	case PROMO_FRAUD_REJECTED:
		break;
	}
	return false;
}
