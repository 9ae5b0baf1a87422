/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Which struct a statement's rows become: the name behind `-- ->` in sql/query. */

PROMO_BEGIN_DECLS

/* The schema of this name, of libpromo/model or of rows.h; NULL if there is none. */
const struct promo_schema *promo_store_schema(const char *name);

PROMO_END_DECLS
