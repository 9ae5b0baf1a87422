/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/macros.h"

/* Names of roles. A role is called by its name or its id wherever one is named, and some names mean
 * something to the program (design section 5), so a name can be no id and looks like no other. */

PROMO_BEGIN_DECLS

/* Whether a role may be called so: 2 to 30 small letters, digits and dashes, a letter first, and
 * no dash last or beside another. */
bool promo_role_name_valid(const char *name) PROMO_CHECK;

PROMO_END_DECLS
