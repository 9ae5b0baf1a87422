/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/macros.h"

/*
 * The form of API keys: `pmo_k_` and 42 bytes in base64url: 6 that name the key, 32 that are secret, 4
 * that check the others. So whoever scans files for lost keys knows one when he sees it, and what was
 * mistyped or cut off is none, without asking a database. The check is no secret: promo_token_hash() of
 * the whole key is what is stored.
 */

PROMO_BEGIN_DECLS

#define PROMO_API_KEY_BEGIN "pmo_k_"

enum {
	PROMO_API_KEY_SIZE = 6 + 56 + 1,       /* with the NUL */
	PROMO_API_KEY_PREFIX_SIZE = 6 + 8 + 1, /* of the part that may be shown */
};

void promo_api_key_new(char ret[PROMO_API_KEY_SIZE]);
/* Whether text is a whole key; says nothing about its being known. */
bool promo_api_key_valid(const char *text);
/* The beginning of a valid key, by which people know it again. */
void promo_api_key_prefix(const char *key, char ret[PROMO_API_KEY_PREFIX_SIZE]);

PROMO_END_DECLS
