/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows of what is carried out (ops/courier.h). */

PROMO_BEGIN_DECLS

/* A letter that the courier took. */
struct promo_parcel_row {
	const char *id, *kind, *recipient;
	const char *payload; /* JSON */
	int64_t attempts;    /* with this one; the fence */
	int64_t created_at;
};
extern const struct promo_schema promo_parcel_row_schema;

PROMO_END_DECLS
