/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/macros.h"
#include "libpromo/model/words.h"

/* What may become of a fraud report. It waits, somebody looks into it, and it ends: resolved, where
 * the code stays reported, or rejected, where the code goes back to its redemption (design section
 * 4). */

PROMO_BEGIN_DECLS

/* Whether a case may go on so: from pending to any other; from investigating to its end; a resolved
 * one may be looked into anew, or rejected after all; a rejected one stays, since by then its code may
 * have been reported again: that is another case. */
bool promo_fraud_may_become(enum promo_fraud_status from, enum promo_fraud_status to);

PROMO_END_DECLS
