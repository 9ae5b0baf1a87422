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
 */

PROMO_BEGIN_DECLS

struct promo_pending {
	const char *path;
	char key[PROMO_UUID_SIZE];
	bool again; /* the key is of an earlier run that got no answer */
};

/* request: promo_encode_canonical() of it. Two runs at once get the same key. */
int promo_pending_begin(const struct promo_profile *profile, const char *server,
	const char *request, struct promo_arena *arena, struct promo_problem *problem,
	struct promo_pending *ret) PROMO_CHECK;

/* The request was answered for good, so the key is done with. */
void promo_pending_end(const struct promo_pending *pending);

PROMO_END_DECLS
