/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/* Names of batches (PRD 2.2): upper case, with the prefix BATCH_, of A-Z 0-9 _ and -. */

PROMO_BEGIN_DECLS

#define PROMO_BATCH_NAME_PREFIX "BATCH_"

enum {
	PROMO_BATCH_NAME_MIN = 3,   /* characters as typed */
	PROMO_BATCH_NAME_MAX = 100, /* characters with the prefix */
	PROMO_BATCH_NAME_SIZE = PROMO_BATCH_NAME_MAX + 1,
};

/* Trims, puts into upper case and adds the prefix where it lacks. PROMO_E_INVALID_INPUT with a
 * sentence in *reterr_why (static) for other characters and lengths. */
int promo_batch_name_normalize(
	const char *text, char ret[PROMO_BATCH_NAME_SIZE], const char **reterr_why) PROMO_CHECK;

PROMO_END_DECLS
