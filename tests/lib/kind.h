/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/model/field.h"

/* How many bytes a field of this kind takes in its struct: the table of model/field.h, for tests
 * that look at structs from outside. */
static inline size_t promo_test_kind_size(enum promo_kind kind)
{
	switch (kind) {
	case PROMO_BOOL:
		return sizeof(bool);
	case PROMO_INT:
	case PROMO_MONEY:
	case PROMO_TIME:
		return sizeof(int64_t);
	case PROMO_ENUM:
		return sizeof(int);
	case PROMO_TEXTS:
		return sizeof(struct promo_texts);
	case PROMO_OBJECTS:
		return sizeof(struct promo_objects);
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_CODE:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_SECRET:
	case PROMO_JSON:
	case PROMO_OBJECT:
		return sizeof(void *);
	}
	return 0;
}
