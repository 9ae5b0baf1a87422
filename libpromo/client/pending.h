/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/uuid.h"
#include "libpromo/client/profile.h"

/*
 * The idempotency key of a request that must not be done twice, kept on disk from before it is sent
 * until it is answered. A crash, a lost connection or an impatient second run in between then sends
 * the same key, and the server does it once. The file's name is a hash of server, user and request,
 * its content the key: neither code nor phone stands on the disk.
 *
 * Two kinds: of what is one thing however often it is asked for, such as a redemption, the key is that of
 * all runs until the answer came. Of what may be wanted twice, such as ten more codes, it belongs to one run
 * at a time, and another gets it only when that run has ended without an answer.
 */

PROMO_BEGIN_DECLS

enum {
	/* Servers forget the keys of what is not a redemption after 24 hours (api: Idempotency-Key); and what
	 * runs every day must not be taken for the run of the day before. */
	PROMO_PENDING_HOURS = 12,
};

struct promo_pending {
	const char *path;
	char key[PROMO_UUID_SIZE];
	bool again;    /* the key is of an earlier run that got no answer */
	bool outlived; /* there was one, but its key was too old to be sent again */
	int fd;        /* held while this run has the key to itself; -1: it is shared */
};

/* request: promo_encode_canonical() of it. Two runs at once get the same key. */
int promo_pending_begin(const struct promo_profile *profile, const char *server,
	const char *request, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_pending *ret) PROMO_CHECK;

/* The same for what may be wanted twice: a key that no run which is still alive has. `request` may be
 * any text that is equal for equal requests; it should have no password in it. PROMO_E_UNAVAILABLE where
 * too many equal runs are at it. promo_pending_end() or promo_pending_leave() lets go of it, or the end of
 * the process, however it ends. */
int promo_pending_claim(const struct promo_profile *profile, const char *server,
	const char *request, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_pending *ret) PROMO_CHECK;

/* The request was answered for good, so the key is done with. */
void promo_pending_end(struct promo_pending *pending);

/* It was not: the key stays for the next run. */
void promo_pending_leave(struct promo_pending *pending);

PROMO_END_DECLS
