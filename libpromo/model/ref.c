/* SPDX-License-Identifier: MIT */
#include "libpromo/model/ref.h"

static const struct promo_field ref_fields[] = {
	PROMO_F_TEXT(struct promo_ref, id, ID, 0, 0, 0, "its id"),
	PROMO_F_TEXT(struct promo_ref, name, TEXT, 0, 0, 0, "its name"),
};
const struct promo_schema promo_ref_schema = PROMO_SCHEMA(struct promo_ref, "ref", ref_fields);

static const struct promo_field batch_ref_fields[] = {
	PROMO_F_TEXT(struct promo_batch_ref, id, ID, 0, 0, 0, "the batch's id"),
	PROMO_F_TEXT(struct promo_batch_ref, batch_name, TEXT, 0, 0, 0, "the batch's name"),
};
const struct promo_schema promo_batch_ref_schema =
	PROMO_SCHEMA(struct promo_batch_ref, "batch_ref", batch_ref_fields);

static const struct promo_field sum_fields[] = {
	PROMO_F_TEXT(struct promo_sum, currency, TEXT, 0, 0, 0, "ISO 4217 code"),
	PROMO_F_MONEY(struct promo_sum, amount, 0, 0, 0, "the sum"),
};
const struct promo_schema promo_sum_schema = PROMO_SCHEMA(struct promo_sum, "sum", sum_fields);

static const struct promo_field permission_member_fields[] = {
	PROMO_F_TEXT(struct promo_permission_member, permission, TEXT, 0, 0, PROMO_OMIT_NULL,
		"the permission that is missing"),
};
const struct promo_schema promo_permission_member_schema =
	PROMO_SCHEMA(struct promo_permission_member, "permission_member", permission_member_fields);

static const struct promo_field id_member_fields[] = {
	PROMO_F_TEXT(struct promo_id_member, id, ID, 0, 0, 0, "the id of what stands in the way"),
};
const struct promo_schema promo_id_member_schema =
	PROMO_SCHEMA(struct promo_id_member, "id_member", id_member_fields);
