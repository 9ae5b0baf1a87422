/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/webhook_secret.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/ops/run.h"

#define PREFIX "whsec_"

void promo_webhook_secret_show(
	const unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES], char ret[PROMO_WEBHOOK_SECRET_SIZE])
{
	memcpy(ret, PREFIX, sizeof(PREFIX));
	promo_base64_encode(secret, PROMO_WEBHOOK_SECRET_BYTES, ret + strlen(PREFIX));
}

/* A key of our own, from the one of second factors. */
static void derive(
	const unsigned char *mfa_key, unsigned char ret[PROMO_SEAL_KEY_BYTES], char *ret_id)
{
	static const char purpose[] = "promo: secrets of webhooks";

	_Static_assert((int)PROMO_HASH_BYTES == (int)PROMO_SEAL_KEY_BYTES, "a key is a hash");
	promo_hash_keyed(mfa_key, purpose, sizeof(purpose) - 1, ret);
	promo_seal_key_id(ret, ret_id);
}

/* Whose it is. */
static int label(const char *webhook_id, struct promo_arena *arena, const char **ret)
{
	*ret = promo_arena_printf(arena, "webhook/%s", webhook_id);
	return *ret ? 0 : promo_fault(-ENOMEM, "could not seal the secret of a webhook");
}

int promo_webhook_secret_seal(const struct promo_runner_config *config, const char *webhook_id,
	const unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES], struct promo_arena *arena,
	struct promo_webhook_sealed *ret)
{
	unsigned char key[PROMO_SEAL_KEY_BYTES];
	const char *about;
	int r;

	if (!config->mfa_key)
		return promo_fault(-ENOKEY, "there is no key to seal the secret of a webhook with");
	r = label(webhook_id, arena, &about);
	if (r)
		return r;
	derive(config->mfa_key, key, ret->key_id);
	promo_seal(key, about, secret, PROMO_WEBHOOK_SECRET_BYTES, ret->bytes);
	promo_secret_wipe(key, sizeof(key));
	return 0;
}

int promo_webhook_secret_open(const struct promo_runner_config *config, const char *webhook_id,
	const char *sealed, const char *key_id, struct promo_arena *arena,
	unsigned char ret[PROMO_WEBHOOK_SECRET_BYTES], bool *ret_old)
{
	const unsigned char *const keys[] = { config->mfa_key, config->mfa_old_key };
	unsigned char bytes[PROMO_WEBHOOK_SEALED_BYTES], key[PROMO_SEAL_KEY_BYTES];
	char id[PROMO_SEAL_KEY_ID_SIZE];
	const char *about;
	int r;

	r = label(webhook_id, arena, &about);
	if (r)
		return r;
	if (promo_hex_decode(sealed, bytes, sizeof(bytes)))
		return promo_fault(-EBADMSG, "the secret of a webhook is none");
	for (size_t i = 0; i < PROMO_COUNT(keys); i++) {
		if (!keys[i])
			continue;
		derive(keys[i], key, id);
		if (strcmp(id, key_id) != 0)
			continue;
		r = promo_unseal(key, about, bytes, sizeof(bytes), ret);
		promo_secret_wipe(key, sizeof(key));
		if (r)
			return promo_fault(
				-EBADMSG, "the secret of a webhook is not as it was sealed");
		*ret_old = i > 0;
		return 0;
	}
	return promo_fault(-ENOKEY,
		"the secret of a webhook was sealed with a key that is neither that of "
		"mfa_key_file nor that of mfa_old_key_file");
}
