/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/problem.h"
#include "libpromo/ops/sealer.h"
#include "promod/config.h"

/* The keys that seal the audit trail. */

PROMO_BEGIN_DECLS

/* Reads the own key, or makes it, and takes the trusted ones. PROMO_E_INVALID_INPUT: the trusted keys are
 * none, or the own one is not among them. Lives in the arena. */
int promod_sealing_make(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem, const struct promo_sealing **ret) PROMO_CHECK;
/* Says in the log which key it is, so that others can trust it. */
void promod_sealing_tell(const struct promo_sealing *sealing);

PROMO_END_DECLS
