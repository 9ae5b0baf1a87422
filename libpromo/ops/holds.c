/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/holds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"

enum {
	BUCKETS = 4096 /* a power of two, several times what all lanes work on at once */
};

struct promo_holds {
	uint64_t seed; /* so that nobody can choose keys that meet in one bucket */
	size_t waiting;
	struct promo_holder *buckets[BUCKETS];
};

/*
 * The queue.
 */

void promo_holders_init(struct promo_holders *queue)
{
	*queue = (struct promo_holders){ .last = &queue->first };
}

void promo_holders_append(struct promo_holders *queue, struct promo_holder *holder)
{
	holder->next = NULL;
	*queue->last = holder;
	queue->last = &holder->next;
	queue->count++;
}

struct promo_holder *promo_holders_take(struct promo_holders *queue)
{
	struct promo_holder *first = queue->first;

	if (!first)
		return NULL;
	queue->first = first->next;
	if (!queue->first)
		queue->last = &queue->first;
	queue->count--;
	first->next = NULL;
	return first;
}

bool promo_holders_remove(struct promo_holders *queue, const struct promo_holder *holder)
{
	struct promo_holder **at = &queue->first;

	while (*at && *at != holder)
		at = &(*at)->next;
	if (!*at)
		return false;
	*at = holder->next;
	if (queue->last == &holder->next)
		queue->last = at;
	queue->count--;
	return true;
}

/* Whoever waited came before most of the others, and mostly in order: each place is looked for
 * behind that of the one before. */
void promo_holders_return(struct promo_holders *queue, struct promo_holder *list)
{
	struct promo_holder **at = &queue->first;
	uint64_t before = 0;

	while (list) {
		struct promo_holder *holder = list;

		list = list->next;
		if (holder->turn < before)
			at = &queue->first;
		before = holder->turn;
		while (*at && (*at)->turn < holder->turn)
			at = &(*at)->next;
		holder->next = *at;
		*at = holder;
		if (!holder->next)
			queue->last = &holder->next;
		queue->count++;
		at = &holder->next;
	}
}

/*
 * Holds.
 */

int promo_holds_new(struct promo_holds **ret)
{
	struct promo_random random = promo_random_system();
	struct promo_holds *holds = calloc(1, sizeof(*holds));

	if (!holds)
		return promo_fault(-ENOMEM, "could not make a table of holds");
	random.fill(random.context, &holds->seed, sizeof(holds->seed));
	*ret = holds;
	return 0;
}

void promo_holds_free(struct promo_holds *holds)
{
	free(holds);
}

/* FNV-1a with a secret beginning. */
static uint64_t hash_of(const struct promo_holds *holds, const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ holds->seed;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 32;
}

static struct promo_holder **bucket_of(struct promo_holds *holds, uint64_t hash)
{
	return &holds->buckets[hash % BUCKETS];
}

bool promo_holds_take(struct promo_holds *holds, struct promo_holder *holder)
{
	struct promo_holder **bucket, *taken;

	if (!holder->text)
		return true;
	holder->hash = hash_of(holds, holder->text);
	bucket = bucket_of(holds, holder->hash);
	taken = *bucket;
	while (taken && (taken->hash != holder->hash || strcmp(taken->text, holder->text) != 0))
		taken = taken->same;
	holder->next = NULL;
	if (taken) {
		*taken->last = holder;
		taken->last = &holder->next;
		holds->waiting++;
		return false;
	}
	holder->first = NULL;
	holder->last = &holder->first;
	holder->same = *bucket;
	*bucket = holder;
	return true;
}

void promo_holds_release(
	struct promo_holds *holds, struct promo_holder *holder, struct promo_holders *queue)
{
	struct promo_holder **at;

	if (!holder->text)
		return;
	for (at = bucket_of(holds, holder->hash); *at != holder; at = &(*at)->same)
		;
	*at = holder->same;
	for (struct promo_holder *each = holder->first; each; each = each->next)
		holds->waiting--;
	promo_holders_return(queue, TAKE_PTR(holder->first));
}

size_t promo_holds_waiting(const struct promo_holds *holds)
{
	return holds->waiting;
}
