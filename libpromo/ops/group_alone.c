/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/group_item.h"
#include "libpromo/store/rows.h"

/* A group of one, in the transaction of a runner: what an operation at the counter is outside of the
 * lanes. */

static int run(struct promo_ctx *ctx, struct promo_group_trip *trip)
{
	for (size_t i = 0; i < trip->count; i++) {
		struct promo_group_statement *statement = &trip->statements[i];
		int r;

		r = promo_store_all(ctx->store, ctx->arena, statement->query, &statement->params,
			&statement->rows);
		if (r)
			return r;
	}
	return 0;
}

/* A lane's connection plans like this from its beginning; a runner's needs other plans as well. */
static int probe_only(struct promo_ctx *ctx)
{
	struct promo_truth_row probes;

	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_PLAN_PROBE, NULL, &probes);
}

static int carry_out(struct promo_group *group, struct promo_ctx *ctx)
{
	struct promo_group_trip *trip = promo_arena_alloc(ctx->arena, sizeof(*trip));
	int r;

	if (!trip)
		return promo_fault(-ENOMEM, "could not make a group of a request");
	r = probe_only(ctx);
	if (!r)
		r = promo_group_read(group, trip);
	if (!r)
		r = run(ctx, trip);
	if (!r)
		r = promo_group_decide(group, trip);
	if (!r)
		r = promo_group_write(group, trip);
	if (!r)
		r = run(ctx, trip);
	return r ? r : promo_group_settle(group, trip);
}

int promo_group_alone(struct promo_ctx *ctx, const void *in, void *out)
{
	struct promo_group *group = promo_arena_alloc(ctx->arena, sizeof(*group));
	struct promo_group_item *item = promo_arena_alloc(ctx->arena, sizeof(*item));
	void *copy = promo_arena_alloc(ctx->arena, ctx->op->in->size);
	int r;

	if (!group || !item || !copy)
		return promo_fault(-ENOMEM, "could not make a group of a request");
	memcpy(copy, in, ctx->op->in->size);
	item->call.ctx = *ctx;
	item->call.in = copy;
	item->call.out = out;
	item->call.out_size = ctx->op->out->size;
	*group = (struct promo_group){
		.arena = ctx->arena,
		.items = { item },
		.count = 1,
		.lane = ctx->lane,
		.alone = true,
	};
	r = carry_out(group, ctx);
	*ctx = item->call.ctx;
	if (r)
		return r;
	if (item->end == PROMO_GROUP_AGAIN) {
		ctx->overtaken = true;
		return -EAGAIN;
	}
	return item->facts->error;
}
