/* SPDX-License-Identifier: MIT */
#include "libpromo/model/registration.h"

#define T struct promo_registration
static const struct promo_field registration_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_COLUMN, "the registration's id"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, PROMO_COLUMN, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, PROMO_COLUMN, "last name"),
	PROMO_F_TEXT(T, email, EMAIL, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "e-mail address"),
	PROMO_F_TEXT(
		T, phone_number, PHONE, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "phone number, E.164"),
	PROMO_F_ENUM(T, status, promo_approval_words, PROMO_COLUMN, "where it stands"),
	PROMO_F_OBJECT(T, decided_by, struct promo_ref, promo_ref_schema, PROMO_NULLABLE,
		"who decided it"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it was asked for"),
	PROMO_F_TIME(T, decided_at, PROMO_NULLABLE, "when it was decided"),
};
#undef T
const struct promo_schema promo_registration_schema =
	PROMO_SCHEMA(struct promo_registration, "registration", registration_fields);
