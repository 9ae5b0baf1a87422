/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "libpromo/base/sign.h"

/*
 * The sealer closes what was written into the audit trail every few seconds, off the path of requests: a
 * thread with a connection of its own. One daemon seals at a time, by a lease; who dies is followed by
 * another when it has ended. That only saves work: the number of a seal is unique, so two that seal at
 * once cannot both commit. Every daemon writes all seals into its log (seal_log.h).
 */

PROMO_BEGIN_DECLS

struct promo_runner_config;

enum {
	PROMO_SEALER_LEASE_S = 30,
	PROMO_SEALER_EVERY_MS = 3000,
};

/* What sealing and checking need; outlives the threads. */
struct promo_sealing {
	const unsigned char *seed;                            /* of the own key */
	const unsigned char (*keys)[PROMO_SIGN_PUBLIC_BYTES]; /* that are trusted */
	size_t key_count;
	const char *log; /* the path of seals.log; NULL: none is kept */
};

/* Starts the thread; the database need not be reachable yet. config->sealing says how. */
struct promo_sealer;
int promo_sealer_start(const struct promo_runner_config *config, int64_t every_ms,
	struct promo_sealer **ret) PROMO_CHECK; /* 0: PROMO_SEALER_EVERY_MS */
/* Seals what there is once more, gives the lease back and ends the thread. NULL is fine. */
void promo_sealer_stop(struct promo_sealer *sealer);

/* The work of the thread, without one. */
struct promo_seal_work;
int promo_seal_work_new(
	const struct promo_runner_config *config, struct promo_seal_work **ret) PROMO_CHECK;
void promo_seal_work_free(struct promo_seal_work *work); /* NULL is fine */
/* Makes at most one seal, and brings the log up to date. *ret_more: there is more to do at once. After an
 * error it goes on with a connection of its own anew. */
int promo_seal_work_round(struct promo_seal_work *work, bool *ret_more) PROMO_CHECK;
/* Gives the lease back. */
void promo_seal_work_rest(struct promo_seal_work *work);

PROMO_END_DECLS
