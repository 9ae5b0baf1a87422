/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit_folds.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/store/store.h"

enum {
	SLOTS = 32768,
	MS_PER_MINUTE = 60 * 1000,
	MOVED_AT_ONCE = 1000,
	PASSES_MAX = 100, /* what is left comes with the next call */
};

/* Each key has its one place; whoever comes later takes it. */
struct slot {
	struct promo_audit_fold_key key;
	int64_t minute;
};

struct promo_audit_folds {
	pthread_mutex_t lock;
	size_t count;
	struct slot slots[];
};

int promo_audit_folds_new(size_t slots, struct promo_audit_folds **ret)
{
	size_t count = slots > 0 ? slots : SLOTS;
	struct promo_audit_folds *folds =
		calloc(1, sizeof(*folds) + count * sizeof(folds->slots[0]));

	if (!folds)
		return promo_fault(-ENOMEM, "could not make room for repeated audit rows");
	(void)pthread_mutex_init(&folds->lock, NULL);
	folds->count = count;
	*ret = folds;
	return 0;
}

void promo_audit_folds_free(struct promo_audit_folds *folds)
{
	if (!folds)
		return;
	(void)pthread_mutex_destroy(&folds->lock);
	free(folds);
}

bool promo_audit_folds_repeated(
	struct promo_audit_folds *folds, const struct promo_audit_fold_key *key)
{
	const int64_t minute = promo_now_ms() / MS_PER_MINUTE;
	struct slot *slot;
	uint64_t place;
	bool repeated;

	/* The key is a hash already. */
	memcpy(&place, key->bytes, sizeof(place));
	slot = &folds->slots[place % folds->count];
	(void)pthread_mutex_lock(&folds->lock);
	repeated = slot->minute == minute && memcmp(&slot->key, key, sizeof(*key)) == 0;
	slot->key = *key;
	slot->minute = minute;
	(void)pthread_mutex_unlock(&folds->lock);
	return repeated;
}

static int move_some(struct promo_store *store, struct promo_arena *arena, int64_t writer, bool all,
	int64_t *ret_moved)
{
	struct promo_params params = PROMO_PARAMS(arena);

	promo_param_int(&params, writer);
	promo_param_int(&params, MOVED_AT_ONCE);
	promo_param_bool(&params, all);
	return promo_store_exec(store, PROMO_Q_AUDIT_UNFOLD, &params, ret_moved);
}

int promo_audit_folds_flush(
	struct promo_store *store, struct promo_arena *arena, int64_t writer, bool all)
{
	int64_t moved = 1;
	int r = 0;

	/* Bounded: others may go on counting in this minute. */
	for (int i = 0; !r && moved > 0 && i < PASSES_MAX; i++)
		r = move_some(store, arena, writer, all, &moved);
	return r;
}
