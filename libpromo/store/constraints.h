/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/*
 * What a violated constraint means. Every constraint under sql/schema has a name; those that people
 * can run into stand here, all others are mistakes of ours and become faults.
 */

PROMO_BEGIN_DECLS

struct promo_constraint {
	const char *name;
	/* The refusal it stands for. 0: somebody else was faster, the transaction is to be run
	 * again and will then see what the other one wrote. */
	int error;
};

/* All of them; the last has no name. */
extern const struct promo_constraint promo_constraints[];

/* NULL for a constraint that only a mistake of ours can violate. */
const struct promo_constraint *promo_constraint_find(const char *name);

PROMO_END_DECLS
