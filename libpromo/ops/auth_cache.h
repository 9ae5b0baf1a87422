/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/store/rows_access.h"

/*
 * Actors and their rights as they were read, for the lanes, which must not read them for every
 * request. Each entry is as good as the epoch of auth_state that the whole cache was held against:
 * the lanes read the epoch, and whose rights changed since, with the first statement of every group,
 * and drop those entries before anything is decided. So what was taken away is gone with the very
 * next request, on every daemon, without notifications (design, "Immediate effect").
 *
 * Workers fill it, since they read a session's facts anyway; it is shared by threads.
 */

PROMO_BEGIN_DECLS

struct promo_auth_cache;

/* For at most `max` sessions; the one that was used longest ago makes room. */
int promo_auth_cache_new(size_t max, struct promo_auth_cache **ret) PROMO_CHECK;
void promo_auth_cache_free(struct promo_auth_cache *cache); /* NULL is fine */

/* Keeps what was just read about the bearer of `token`; facts that are older than what the cache was
 * held against already are not kept. A lack of memory only means that nothing is kept. */
void promo_auth_cache_put(
	struct promo_auth_cache *cache, const char *token, const struct promo_auth_facts *facts);

/* The facts about the bearer of `token`, its texts copied into the arena; false: not known here. */
bool promo_auth_cache_get(struct promo_auth_cache *cache, const char *token,
	struct promo_arena *arena, struct promo_auth_facts *ret);

/* The epoch that the cache was held against last. */
int64_t promo_auth_cache_epoch(struct promo_auth_cache *cache);
/* Holds it against `epoch`: drops the users whose rights changed since the last time. */
void promo_auth_cache_renew(
	struct promo_auth_cache *cache, int64_t epoch, const struct promo_texts *changed);

PROMO_END_DECLS
