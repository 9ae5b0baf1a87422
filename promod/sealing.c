/* SPDX-License-Identifier: MIT */
#include "promod/sealing.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/log.h"
#include "libpromo/base/secret.h"

struct keys {
	struct promo_sealing sealing;
	unsigned char seed[PROMO_SIGN_SEED_BYTES];
	unsigned char trusted[PROMOD_LIST_MAX][PROMO_SIGN_PUBLIC_BYTES];
};

static int take_trusted(const struct promod_config *config, const unsigned char *own,
	struct keys *keys, struct promo_arena *arena, struct promo_problem *problem)
{
	const struct promod_list *list = &config->audit_trusted_keys;
	char hex[PROMO_SIGN_PUBLIC_HEX_SIZE];
	bool has_own = false;

	for (size_t i = 0; i < list->count; i++) {
		if (promo_hex_decode(list->items[i], keys->trusted[i], PROMO_SIGN_PUBLIC_BYTES))
			return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
				"audit_trusted_keys: '%s' is no public key, which has 64 hex "
				"digits",
				list->items[i]);
		has_own |= memcmp(keys->trusted[i], own, PROMO_SIGN_PUBLIC_BYTES) == 0;
	}
	keys->sealing.key_count = list->count;
	if (has_own)
		return 0;
	promo_hex_encode(own, PROMO_SIGN_PUBLIC_BYTES, hex);
	if (list->count > 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"audit_trusted_keys lacks the public key of %s, which is %s: add it, or "
			"put the "
			"right key there",
			config->audit_key_file, hex);
	memcpy(keys->trusted[0], own, PROMO_SIGN_PUBLIC_BYTES);
	keys->sealing.key_count = 1;
	return 0;
}

int promod_sealing_make(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem, const struct promo_sealing **ret)
{
	struct keys *keys = promo_arena_alloc(arena, sizeof(*keys));
	unsigned char own[PROMO_SIGN_PUBLIC_BYTES];
	int r;

	if (!keys)
		return promo_fault(-ENOMEM, "could not prepare the sealer");
	r = promo_secret_file_read(
		config->audit_key_file, keys->seed, sizeof(keys->seed), arena, problem);
	if (r == PROMO_E_NOT_FOUND)
		r = promo_secret_file_create(
			config->audit_key_file, keys->seed, sizeof(keys->seed), arena, problem);
	if (r)
		return r;
	promo_sign_public(keys->seed, own);
	keys->sealing.seed = keys->seed;
	keys->sealing.keys = (const unsigned char(*)[PROMO_SIGN_PUBLIC_BYTES])keys->trusted;
	keys->sealing.log = config->audit_seals_file;
	r = take_trusted(config, own, keys, arena, problem);
	if (!r)
		*ret = &keys->sealing;
	return r;
}

void promod_sealing_tell(const struct promo_sealing *sealing)
{
	unsigned char own[PROMO_SIGN_PUBLIC_BYTES];
	char hex[PROMO_SIGN_PUBLIC_HEX_SIZE];

	promo_sign_public(sealing->seed, own);
	promo_hex_encode(own, sizeof(own), hex);
	promo_log(PROMO_LOG_INFO, "the audit trail is sealed with the key whose public half is %s",
		hex);
}
