/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/hash.h"
#include "libpromo/ops/auth.h"

/*
 * Actors and their rights as they were read, for the lanes, which must not read them for every
 * request. Each entry is as good as the epoch of auth_state that the whole cache was held against:
 * the lanes read the epoch, and whose rights changed since, with the first statement of every group,
 * and drop those entries before anything is decided. So what was taken away is gone with the very
 * next request, on every daemon, without notifications (design, "Immediate effect").
 *
 * Workers fill it, since they read the facts of a session or an API key anyway; it is shared by threads. Tokens are not
 * kept, only their hashes.
 */

PROMO_BEGIN_DECLS

struct promo_auth_cache;

/* What stands for a token here. */
struct promo_auth_key {
	unsigned char hash[PROMO_HASH_BYTES];
};
/* False: this is neither a token of a session nor an API key. NULL is none. */
bool promo_auth_key(const char *token, struct promo_auth_key *ret);

/* For at most `max` sessions and keys; the one that was used longest ago makes room. */
int promo_auth_cache_new(size_t max, struct promo_auth_cache **ret) PROMO_CHECK;
void promo_auth_cache_free(struct promo_auth_cache *cache); /* NULL is fine */

/* Keeps what was just read about the bearer of `token`, or forgets him where he may not sign in.
 * Facts that are older than what the cache was held against already are not kept. A lack of memory
 * only means that nothing is kept. */
void promo_auth_cache_put(
	struct promo_auth_cache *cache, const char *token, const struct promo_auth_facts *facts);

/* What is known of a bearer, its texts copied into the arena; false: nothing (or no memory). It is
 * still to be judged (promo_auth_judge_known). */
bool promo_auth_cache_get(struct promo_auth_cache *cache, const struct promo_auth_key *key,
	struct promo_arena *arena, struct promo_auth_known *ret);

/* Whether the caller shall see to it that the use of this session or key is noted: true once in seen_ms
 * (promo_auth_seen_ms()), for whoever asks first. `at` is the database's clock. */
bool promo_auth_cache_is_stale(struct promo_auth_cache *cache, const struct promo_auth_key *key,
	int64_t at, int64_t seen_ms);

/* The epoch that the cache was held against last. */
int64_t promo_auth_cache_epoch(struct promo_auth_cache *cache);
/* Holds it against `epoch`, of which the database said, when it was asked for everything behind an
 * earlier promo_auth_cache_epoch(), that it concerned these users, or everybody. */
void promo_auth_cache_renew(struct promo_auth_cache *cache, int64_t epoch, bool everybody,
	const struct promo_texts *users);
/* Forgets everything and begins at `epoch`: the database was asked for what is behind an earlier
 * promo_auth_cache_epoch() and has not come so far itself. It lost what came last, as a standby may
 * have that was promoted, or is another one. */
void promo_auth_cache_restart(struct promo_auth_cache *cache, int64_t epoch);

PROMO_END_DECLS
