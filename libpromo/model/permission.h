/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/model/field.h"

/* The permissions, as numbers, as keys ("batches.read") and as sets of bits. */

PROMO_BEGIN_DECLS

enum promo_permission {
	PROMO_P_NONE = 0,
#define PROMO_PERM(name, key, text) PROMO_P_##name,
#include "libpromo/model/permissions.def"
#undef PROMO_PERM
	PROMO_P_COUNT
};
_Static_assert(PROMO_P_COUNT <= 64, "a set of permissions is 64 bits");

typedef uint64_t promo_permissions; /* bit n: permission n */

static inline bool promo_permissions_has(promo_permissions set, enum promo_permission permission)
{
	return (set >> permission) & 1;
}

/* Their keys as words, for the fields of inputs. */
extern const struct promo_words promo_permission_words;

const char *promo_permission_key(enum promo_permission permission);  /* NULL for NONE */
const char *promo_permission_text(enum promo_permission permission); /* NULL for NONE */
/* The set of these keys; one that this version does not know is nobody's right here. */
promo_permissions promo_permissions_from_keys(const struct promo_texts *keys);
/* The permission with this key, PROMO_P_NONE if this version does not know it. */
enum promo_permission promo_permission_from_key(const char *key);

PROMO_END_DECLS
