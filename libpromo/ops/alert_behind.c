/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/alert_work.h"
#include "libpromo/ops/feed.h"

struct stand {
	struct promo_arena *arena;
	const char *position;
};

static int take_position(void *context, int columns, const char *const *values)
{
	struct stand *stand = context;

	if (columns != 1 || !values[0])
		return promo_fault(-EPROTO, "the place of the watch over alerts is none");
	stand->position = promo_arena_strdup(stand->arena, values[0]);
	return stand->position ? 0 : promo_fault(-ENOMEM, "could not look how far alerts are");
}

int promo_alert_behind(struct promo_store *store, struct promo_arena *arena, int64_t *ret_seconds)
{
	const struct promo_params none = PROMO_PARAMS(arena);
	struct stand stand = { arena, NULL };
	int64_t seconds = 0;
	int r;

	r = promo_store_each(store, PROMO_Q_ALERT_POSITION, &none, take_position, &stand);
	if (!r && stand.position)
		r = promo_feed_waiting(store, arena, stand.position, &seconds);
	if (!r)
		*ret_seconds = seconds;
	return r;
}
