/* SPDX-License-Identifier: MIT */
#include "libpromo/model/permission.h"

#include <string.h>

static const struct {
	const char *key, *text;
} permissions[PROMO_P_COUNT] = {
#define PROMO_PERM(name, key, text) [PROMO_P_##name] = { key, text },
#include "libpromo/model/permissions.def"
#undef PROMO_PERM
};

const struct promo_words promo_permission_words = {
	.name = "permission",
	.words =
		(const char *const[PROMO_P_COUNT]){
#define PROMO_PERM(name, key, text) [PROMO_P_##name] = key,
#include "libpromo/model/permissions.def"
#undef PROMO_PERM
		},
	.count = PROMO_P_COUNT,
};

promo_permissions promo_permissions_from_keys(const struct promo_texts *keys)
{
	promo_permissions set = 0;

	for (size_t i = 0; i < keys->count; i++) {
		enum promo_permission permission = promo_permission_from_key(keys->items[i]);

		if (permission != PROMO_P_NONE)
			set |= (promo_permissions)1 << permission;
	}
	return set;
}

const char *promo_permission_key(enum promo_permission permission)
{
	return permission < PROMO_P_COUNT ? permissions[permission].key : NULL;
}

const char *promo_permission_text(enum promo_permission permission)
{
	return permission < PROMO_P_COUNT ? permissions[permission].text : NULL;
}

enum promo_permission promo_permission_from_key(const char *key)
{
	for (int i = 1; i < PROMO_P_COUNT; i++)
		if (strcmp(permissions[i].key, key) == 0)
			return (enum promo_permission)i;
	return PROMO_P_NONE;
}
