/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/hash_slots.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "libpromo/base/error.h"

struct promo_hash_slots {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	int free;
	int room; /* in the queue */
};

int promo_hash_slots_new(int slots, int queue, struct promo_hash_slots **ret)
{
	struct promo_hash_slots *made = calloc(1, sizeof(*made));

	if (!made)
		return promo_fault(-ENOMEM, "could not make slots for hashing");
	(void)pthread_mutex_init(&made->lock, NULL);
	(void)pthread_cond_init(&made->freed, NULL);
	made->free = slots > 0 ? slots : 1;
	made->room = queue > 0 ? queue : 0;
	*ret = made;
	return 0;
}

void promo_hash_slots_free(struct promo_hash_slots *slots)
{
	if (!slots)
		return;
	(void)pthread_cond_destroy(&slots->freed);
	(void)pthread_mutex_destroy(&slots->lock);
	free(slots);
}

int promo_hash_slots_enter(struct promo_hash_slots *slots)
{
	int r = 0;

	(void)pthread_mutex_lock(&slots->lock);
	if (slots->free == 0 && slots->room == 0) {
		r = PROMO_E_TOO_MANY_REQUESTS;
	} else {
		slots->room--;
		while (slots->free == 0)
			(void)pthread_cond_wait(&slots->freed, &slots->lock);
		slots->room++;
		slots->free--;
	}
	(void)pthread_mutex_unlock(&slots->lock);
	return r;
}

void promo_hash_slots_leave(struct promo_hash_slots *slots)
{
	(void)pthread_mutex_lock(&slots->lock);
	slots->free++;
	(void)pthread_cond_signal(&slots->freed);
	(void)pthread_mutex_unlock(&slots->lock);
}
