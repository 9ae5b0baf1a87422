/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/fence.h"

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/store/rows_access.h"

enum {
	PASS_MS = 10000
};

int promo_fence_enter(struct promo_store *store, struct promo_arena *arena, int64_t writer)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_writer_row row;
	int r;

	promo_param_int(&params, writer);
	r = promo_store_one(store, arena, PROMO_Q_AUDIT_LOCK, &params, &row);
	/* One that went with its part of the trail while this connection rested: nothing can be committed
	 * without a row of the trail, which is refused then, and the transaction runs again with another. */
	return r == PROMO_E_NOT_FOUND ? 0 : r;
}

/* Whether a statement that failed is worth another try, on a connection that works. */
static bool try_again(struct promo_runner *runner, int64_t deadline_ms)
{
	switch (promo_store_failure(runner->store)) {
	case PROMO_STORE_RETRY:
	case PROMO_STORE_FULL: /* it waited for as long as a statement may */
		break;
	case PROMO_STORE_LOST:
	case PROMO_STORE_UNKNOWN:
		runner->writer = 0;
		if (promo_store_reopen(runner->store))
			return false;
		break;
	case PROMO_STORE_FINE:
	case PROMO_STORE_FAULT:
		return false;
	}
	return promo_monotonic_ms() < deadline_ms;
}

static int ask(struct promo_runner *runner, struct promo_arena *arena, enum promo_query query,
	int64_t id, int64_t deadline_ms, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);
	int r;

	promo_param_int(&params, id);
	do
		r = promo_store_all(runner->store, arena, query, &params, ret);
	while (r && try_again(runner, deadline_ms));
	return r;
}

static bool contains(const struct promo_objects *sorted, int64_t id)
{
	const struct promo_writer_row *rows = sorted->items;
	size_t low = 0, high = sorted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rows[middle].id == id)
			return true;
		if (rows[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* Those that are idle are passed together, by one try; an engine that cannot skip what is locked
 * passes none of them so, and waits for each. */
static void pass_idle(struct promo_runner *runner, struct promo_arena *arena, int64_t own,
	struct promo_objects *ret)
{
	*ret = (struct promo_objects){ 0 };
	if (runner->config->no_skip_locked)
		return;
	if (ask(runner, arena, PROMO_Q_WRITER_FREE, own, /* deadline_ms= */ 0, ret))
		promo_log(PROMO_LOG_DEBUG, "could not pass the idle writers together");
}

int promo_fence_pass(struct promo_runner *runner, struct promo_arena *arena)
{
	const int64_t deadline_ms = promo_monotonic_ms() + PASS_MS, own = runner->writer;
	struct promo_objects all, passed, row;
	const struct promo_writer_row *rows;
	int r;

	r = ask(runner, arena, PROMO_Q_WRITER_LIST, own, deadline_ms, &all);
	if (r)
		return PROMO_E_OUTCOME_UNKNOWN;
	pass_idle(runner, arena, own, &passed);
	rows = all.items;
	for (size_t i = 0; i < all.count; i++) {
		if (contains(&passed, rows[i].id))
			continue;
		r = ask(runner, arena, PROMO_Q_WRITER_WAIT, rows[i].id, deadline_ms, &row);
		if (r)
			return PROMO_E_OUTCOME_UNKNOWN;
	}
	return 0;
}
