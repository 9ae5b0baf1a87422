/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * The keys that are being worked on in any lane of the process: each by one request at a time.
 * Whoever comes with one that is taken waits behind it, outside of the queue, so that nobody is kept
 * waiting by those who all come with the same. Belongs to one thread; not installed.
 */

struct promo_holds;
struct promo_holder;

/* Who holds, or waits; part of a larger object, zeroed before but for the text and the turn. */
struct promo_holder {
	const char *text; /* the key; NULL: none */
	uint64_t hash;
	struct promo_holder *same;          /* in the bucket, while it holds */
	struct promo_holder *first, **last; /* who waits for it meanwhile, in their order */
	struct promo_holder *next;          /* in a list: a queue, or that of those who wait */
	uint64_t turn;                      /* of its arrival */
};

/* A queue in the order of arrival. */
struct promo_holders {
	struct promo_holder *first, **last;
	size_t count;
};
void promo_holders_init(struct promo_holders *queue);
void promo_holders_append(struct promo_holders *queue, struct promo_holder *holder);
/* The next one; NULL: none is left. */
struct promo_holder *promo_holders_take(struct promo_holders *queue);
/* Takes this one out; false if it is not in the queue. */
bool promo_holders_remove(struct promo_holders *queue, const struct promo_holder *holder);
/* Puts a list of those who were in it before back into their places. */
void promo_holders_return(struct promo_holders *queue, struct promo_holder *list);

int promo_holds_new(struct promo_holds **ret) PROMO_CHECK;
void promo_holds_free(struct promo_holds *holds); /* NULL is fine */

/* True: the holder has its key, or needs none. False: it waits. */
bool promo_holds_take(struct promo_holds *holds, struct promo_holder *holder);
/* Gives up what the holder has: who waited for it is back in the queue. */
void promo_holds_release(
	struct promo_holds *holds, struct promo_holder *holder, struct promo_holders *queue);
/* How many wait. */
size_t promo_holds_waiting(const struct promo_holds *holds);
