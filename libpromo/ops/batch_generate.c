/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/batches.h"
#include "libpromo/ops/chunk.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * More codes for a batch that exists. The batch stays as it is for everyone while they are made: its
 * total_codes says at once how many it will have, ready_codes only when exactly all are there. If the
 * job does not come to its end, total_codes falls back.
 */

static int check_count(struct promo_ctx *ctx, int64_t count)
{
	int64_t most = promo_settings_int(ctx->settings, PROMO_SETTING_CODES_MAX_PER_JOB);

	if (count > most)
		return promo_ctx_refuse_field(ctx, "/count", "out_of_range",
			"is more than the %lld codes that one job may generate", (long long)most);
	return 0;
}

int promo_batch_generate_check(struct promo_ctx *ctx, const struct promo_batch_generate_in *in)
{
	return check_count(ctx, in->count);
}

/* Its codes of before are counted by their serials, which none of them shares with one that was taken
 * away. */
static int check_room(struct promo_ctx *ctx, const struct promo_batch_generate_in *in,
	const struct promo_batch *batch, int64_t last_serial)
{
	const int64_t worth_max = INT64_C(999999999999999999);
	int64_t worth;

	if (in->count > PROMO_CODES_MAX - last_serial)
		return promo_ctx_refuse_field(ctx, "/count", "out_of_range",
			"is more than the %lld codes that still fit into the batch",
			(long long)(PROMO_CODES_MAX - last_serial));
	if (__builtin_mul_overflow(last_serial + in->count, batch->amount_per_code, &worth) ||
		worth > worth_max)
		return promo_ctx_refuse_field(ctx, "/count", "out_of_range",
			"is so many that the codes of the batch are worth more than "
			"9999999999999999.99 together");
	return 0;
}

static int check_batch(struct promo_ctx *ctx, const struct promo_batch *batch,
	const struct promo_batch_space_row *space)
{
	if (batch->job_id || !space->whole)
		return promo_ctx_refuse(ctx, PROMO_E_JOB_RUNNING,
			"another job is at work on the batch; wait for its end, or cancel it");
	if (batch->status == PROMO_BATCH_EXPIRED)
		return promo_ctx_refuse(ctx, PROMO_E_BATCH_NOT_ACTIVE,
			"the batch has expired, so nobody could redeem its codes; move its last "
			"day "
			"first");
	return 0;
}

static int grow(struct promo_ctx *ctx, const struct promo_batch *batch,
	const struct promo_batch_generate_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t written;
	int r;

	promo_param_text(&params, batch->id);
	promo_param_int(&params, batch->version);
	promo_param_int(&params, in->count);
	r = promo_store_exec(ctx->store, PROMO_Q_BATCH_GROW, &params, &written);
	if (r || written == 1)
		return r;
	ctx->overtaken = true;
	return -EAGAIN;
}

static int queue(struct promo_ctx *ctx, const struct promo_batch_generate_in *in,
	int64_t last_serial, bool revives, struct promo_job_answer *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];
	int r;

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, in->id);
	promo_param_int(&params, in->count);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_int(&params, last_serial + 1);
	promo_param_bool(&params, false);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	promo_param_bool(&params, revives);
	promo_run_params(&params);
	r = promo_store_exec(ctx->store, PROMO_Q_JOB_INSERTGENERATE, &params, NULL);
	return r ? r : promo_job_answer(ctx, id, ret);
}

static int read_batch(struct promo_ctx *ctx, const char *id, struct promo_batch *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_GET, &params, ret);
}

int promo_batch_generate(struct promo_ctx *ctx, const struct promo_batch_generate_in *in,
	struct promo_job_answer *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_space_row space;
	struct promo_batch before, after;
	int r;

	promo_audit_entity(ctx, "batch", in->id);
	promo_param_text(&params, in->id);
	r = check_count(ctx, in->count);
	if (!r)
		r = read_batch(ctx, in->id, &before);
	if (!r)
		r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_SPACE, &params, &space);
	if (!r)
		r = check_batch(ctx, &before, &space);
	if (!r)
		r = check_room(ctx, in, &before, space.last_serial);
	if (!r)
		r = grow(ctx, &before, in);
	if (!r)
		r = queue(ctx, in, space.last_serial,
			before.status == PROMO_BATCH_ARCHIVED && promo_batch_is_spent(&before),
			ret);
	if (!r)
		r = read_batch(ctx, in->id, &after);
	return r ? r : promo_audit_change(ctx, &promo_batch_schema, "total_codes", &before, &after);
}
