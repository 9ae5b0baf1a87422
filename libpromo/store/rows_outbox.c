/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_outbox.h"

#define T struct promo_parcel_row
static const struct promo_field parcel_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the letter"),
	PROMO_F_TEXT(T, kind, TEXT, 0, 0, 0, "what it tells"),
	PROMO_F_TEXT(T, recipient, TEXT, 0, 0, 0, "an address, a phone number, or a webhook's id"),
	PROMO_F_TEXT(T, payload, JSON, 0, 0, 0, "its facts"),
	PROMO_F_INT(T, attempts, 0, 0, 0, "how often it was tried, with this time"),
	PROMO_F_TIME(T, created_at, 0, "when it was written"),
};
#undef T
const struct promo_schema promo_parcel_row_schema =
	PROMO_SCHEMA(struct promo_parcel_row, "outbox_parcel", parcel_fields);
