/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/outbox.h"

/* The facts of a letter as they stand in the column `payload`, plain or sealed. Not installed. */

struct promo_runner_config;

int promo_payload_pack(
	const struct promo_letter *letter, struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* The other way; sealed ones are opened with the keys of `config`, and *ret_sealed tells that they were.
 * PROMO_E_INVALID_INPUT: it is none, or no key opens it. */
int promo_payload_open(const struct promo_runner_config *config, const char *payload,
	struct promo_arena *arena, struct promo_objects *ret_facts, bool *ret_sealed) PROMO_CHECK;

/* The value of a fact, NULL if there is none. */
const char *promo_payload_fact(const struct promo_objects *facts, const char *name);
