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

/* A row that no part of its table takes violates no constraint that has a name, and is refused before those that
 * have one: of the audit trail the one that says so, since its writer went with the part; NULL: none. */
const char *promo_constraint_of_parts(const char *table);

PROMO_END_DECLS
