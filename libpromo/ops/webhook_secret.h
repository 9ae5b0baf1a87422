/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/seal.h"

/* The secrets of webhooks: what signs, as its owner sees it, and as it is kept. Not installed. */

struct promo_runner_config;

enum {
	PROMO_WEBHOOK_SECRET_BYTES = 32, /* Standard Webhooks: 24 to 64 */
	PROMO_WEBHOOK_SEALED_BYTES = PROMO_WEBHOOK_SECRET_BYTES + PROMO_SEAL_EXTRA_BYTES,
	/* "whsec_" and base64, with the NUL */
	PROMO_WEBHOOK_SECRET_SIZE = 6 + (PROMO_WEBHOOK_SECRET_BYTES + 2) / 3 * 4 + 1,
};

struct promo_webhook_sealed {
	unsigned char bytes[PROMO_WEBHOOK_SEALED_BYTES];
	char key_id[PROMO_SEAL_KEY_ID_SIZE];
};

/* As its owner puts it into his program: "whsec_..." */
void promo_webhook_secret_show(const unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES],
	char ret[PROMO_WEBHOOK_SECRET_SIZE]);

/* Seals the secret of this webhook and of no other. A fault where there is no key. */
int promo_webhook_secret_seal(const struct promo_runner_config *config, const char *webhook_id,
	const unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES], struct promo_arena *arena,
	struct promo_webhook_sealed *ret) PROMO_CHECK;

/* Opens it, given in hex with the id of its key; *ret_old: with the key before the present one, so that
 * it has to be sealed anew. A fault where no key opens it. */
int promo_webhook_secret_open(const struct promo_runner_config *config, const char *webhook_id,
	const char *sealed, const char *key_id, struct promo_arena *arena,
	unsigned char ret[PROMO_WEBHOOK_SECRET_BYTES], bool *ret_old) PROMO_CHECK;
