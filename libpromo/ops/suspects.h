/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/holds.h"

/*
 * Users who may be guessing codes: of each, a few requests at a time are with workers (design
 * section 7), and the rest waits here, those that come meanwhile too. Belongs to one thread; not
 * installed.
 */

enum {
	PROMO_SUSPECTS_AT_ONCE = 4 /* design section 7 */
};

/* A user of whom requests are with workers, or wait for that. */
struct promo_suspect {
	struct promo_suspect *next;
	int working;
	struct promo_holders waiting;
	char user_id[];
};

struct promo_suspects {
	struct promo_suspect *first;
	size_t waiting; /* of all */
};

/* Whether requests of this user are held here now. */
bool promo_suspects_has(const struct promo_suspects *suspects, const char *user_id);

/* Takes a request in. False without memory: then nothing is held back. */
bool promo_suspects_add(
	struct promo_suspects *suspects, const char *user_id, struct promo_holder *holder);

/* The next request that may go to a worker, and the user to whom promo_suspects_over() gives its
 * place back; NULL: none for now. */
struct promo_holder *promo_suspects_next(
	struct promo_suspects *suspects, struct promo_suspect **ret_user);
void promo_suspects_over(struct promo_suspects *suspects, struct promo_suspect *user);

/* Takes back one who waits, whatever his turn; NULL: nobody does. */
struct promo_holder *promo_suspects_give_up(struct promo_suspects *suspects);
void promo_suspects_free(struct promo_suspects *suspects);
