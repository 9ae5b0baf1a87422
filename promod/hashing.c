/* SPDX-License-Identifier: MIT */
#include "promod/hashing.h"

#include <unistd.h>

enum {
	HASH_QUEUE_PER_SLOT = 8, /* design section 7 */
};

int promod_hash_slots_make(const struct promod_config *config, struct promo_hash_slots **ret)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int most = config->workers > 1 ? (int)config->workers / 2 : 1;
	int slots = (int)config->hash_slots;
	int queue;

	if (slots == 0)
		slots = cores > 0 && cores < most ? (int)cores : most;
	queue = most - slots;
	if (queue > slots * HASH_QUEUE_PER_SLOT)
		queue = slots * HASH_QUEUE_PER_SLOT;
	return promo_hash_slots_new(slots, queue, ret);
}
