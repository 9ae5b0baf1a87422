/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/hash_slots.h"
#include "promod/config.h"

/* Whoever hashes or waits for it holds a worker, and anybody may try to sign in: together they get
 * at most half of the workers, so that the others still serve. The caller frees. */
int promod_hash_slots_make(
	const struct promod_config *config, struct promo_hash_slots **ret) PROMO_CHECK;
