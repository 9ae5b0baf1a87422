/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/pace.h"
#include "libpromo/ops/seals.h"
#include "libpromo/store/store.h"

enum {
	ROWS = 2000, /* some 50 ms of work */
	ROWS_OF_A_WRITER = 500,
	PIECES = 10,
};

static int index_some(struct promo_store *store, struct promo_arena *arena, bool *ret_more)
{
	struct promo_params params = PROMO_PARAMS(arena);
	int64_t writers;
	int r;

	promo_param_int(&params, ROWS_OF_A_WRITER);
	promo_param_int(&params, ROWS);
	r = promo_store_exec(store, PROMO_Q_AUDIT_INDEX, &params, &writers);
	/* Not by the writers' own counts: their rows may be gone. */
	if (!r)
		*ret_more = writers > 0;
	return r;
}

int promo_audit_index(struct promo_store *store, struct promo_arena *arena,
	struct promo_pacer *pacer, struct promo_pace *pace, bool *ret_more)
{
	bool more = true;
	int r = 0;

	promo_pacer_begin(pacer, pace);
	for (int i = 0; !r && more && i < PIECES; i++) {
		r = index_some(store, arena, &more);
		/* The counters go first: what is behind is read from the trail itself meanwhile. */
		if (promo_pacer_is_due(pacer))
			more = false;
	}
	if (!r)
		*ret_more |= more;
	return r;
}
