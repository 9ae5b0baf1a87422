/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/batch_change.h"

#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/settings.h"

/*
 * A batch is changed, given to somebody, or deleted. All of it locks the batch, and passes the lanes
 * afterwards (fence.h): what a redemption rests on is its version.
 *
 * Deleting says that nothing of the batch is left, at once and whatever its size: one row is changed,
 * and a job takes the codes away. It takes no batch of which a code was redeemed, nor one that a job
 * makes codes for.
 */

enum {
	REPRICE_MS = 10 * 60 * 1000 /* of all codes of a batch, which is blocked meanwhile */
};

static int read_batch(struct promo_ctx *ctx, const char *id, struct promo_batch *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_GET, &params, ret);
}

/* Asked twice: what the first statement says of jobs and redemptions is from before it waited for
 * whoever held the batches, and he may have queued a job. */
int promo_batches_lock(struct promo_ctx *ctx, struct promo_texts ids, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_objects before;
	int r;

	promo_param_texts(&params, ids);
	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_BATCH_LOCK, &params, &before);
	return r ? r : promo_store_all(ctx->store, ctx->arena, PROMO_Q_BATCH_LOCK, &params, ret);
}

static int lock_one(struct promo_ctx *ctx, const char *id, struct promo_batch_lock_row *ret)
{
	struct promo_objects rows;
	int r;

	promo_audit_entity(ctx, "batch", id);
	r = promo_batches_lock(ctx, (struct promo_texts){ &id, 1 }, &rows);
	if (r)
		return r;
	if (rows.count == 0)
		return PROMO_E_NOT_FOUND;
	*ret = *(const struct promo_batch_lock_row *)rows.items;
	return 0;
}

/*
 * What it says.
 */

/*
 * Codes of another amount: nobody may be at redeeming one for the old. That the batch is blocked is
 * seen by others before who blocked it has passed the fence, so that is done once more here, between
 * seeing it and locking it. If the version is the same at both, nobody freed it in between.
 */
int promo_batch_update_before(struct promo_ctx *ctx, const struct promo_batch_update_in *in)
{
	struct promo_batch batch;
	int r;

	if (in->amount_per_code == PROMO_NULL_INT)
		return 0;
	r = read_batch(ctx, in->id, &batch);
	if (r < 0)
		return r;
	ctx->pass_fence =
		r == 0 && batch.status == PROMO_BATCH_BLOCKED && batch.version == ctx->if_match;
	return 0;
}

static int check_amount(struct promo_ctx *ctx, const struct promo_batch_lock_row *batch,
	const struct promo_batch_update_in *in)
{
	if (in->amount_per_code == PROMO_NULL_INT)
		return 0;
	if (batch->redeemed > 0)
		return promo_ctx_refuse(ctx, PROMO_E_BATCH_IN_USE,
			"a code of the batch was redeemed, so its amount stays as it is");
	if (batch->status != PROMO_BATCH_BLOCKED)
		return promo_ctx_refuse(ctx, PROMO_E_BATCH_IN_USE,
			"the amount can be changed only while the batch is blocked");
	if (batch->job_id)
		return promo_ctx_refuse(ctx, PROMO_E_BATCH_IN_USE,
			"job %s makes codes for the batch; wait for its end or cancel it",
			batch->job_id);
	/* It was not of this version when it was asked for. */
	return ctx->pass_fence ? 0 : PROMO_E_VERSION_MISMATCH;
}

/* Sums of a batch stand in numeric(18,2). */
static int check_worth(struct promo_ctx *ctx, const struct promo_batch *batch, int64_t amount)
{
	const int64_t most = INT64_C(999999999999999999);
	int64_t worth;

	if (amount != PROMO_NULL_INT &&
		(__builtin_mul_overflow(batch->total_codes, amount, &worth) || worth > most))
		return promo_ctx_refuse_field(ctx, "/amount_per_code", "out_of_range",
			"is so much that the codes are worth more than 9999999999999999.99 "
			"together");
	return 0;
}

static int reprice(struct promo_ctx *ctx, const char *id, int64_t amount)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, id);
	promo_param_money(&params, amount);
	r = promo_store_allow_ms(ctx->store, REPRICE_MS);
	return r ? r : promo_store_exec(ctx->store, PROMO_Q_CODE_REPRICE, &params, NULL);
}

static int write_update(struct promo_ctx *ctx, const struct promo_batch_update_in *in,
	const char *day, const char *zone)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t written;
	int r;

	promo_param_text(&params, in->id);
	promo_param_int(&params, ctx->if_match);
	promo_param_bool(&params, promo_present(ctx->op->in, in, "description"));
	promo_param_text(&params, in->description);
	promo_param_text(&params, day);
	promo_param_text(&params, zone);
	promo_param_money(&params, in->amount_per_code);
	r = promo_store_exec(ctx->store, PROMO_Q_BATCH_UPDATE, &params, &written);
	if (!r && written != 1)
		r = promo_fault(-EIO, "a batch that was locked is gone");
	if (!r && in->amount_per_code != PROMO_NULL_INT)
		r = reprice(ctx, in->id, in->amount_per_code);
	return r;
}

static int note_update(struct promo_ctx *ctx, const struct promo_batch_update_in *in,
	const struct promo_batch *before, const struct promo_batch *after)
{
	static const char *const fields[] = { "description", "expiration_date", "amount_per_code" };
	int r = 0;

	for (size_t i = 0; !r && i < PROMO_COUNT(fields); i++)
		if (promo_present(ctx->op->in, in, fields[i]))
			r = promo_audit_change(ctx, &promo_batch_schema, fields[i], before, after);
	return r;
}

static bool gives_something(struct promo_ctx *ctx, const struct promo_batch_update_in *in)
{
	return promo_present(ctx->op->in, in, "description") || in->expiration_date ||
	       in->amount_per_code != PROMO_NULL_INT;
}

int promo_batch_update(
	struct promo_ctx *ctx, const struct promo_batch_update_in *in, struct promo_batch *ret)
{
	const char *zone = promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE), *day = NULL;
	struct promo_batch_lock_row locked;
	struct promo_batch before;
	int r;

	r = lock_one(ctx, in->id, &locked);
	if (!r && locked.version != ctx->if_match)
		return PROMO_E_VERSION_MISMATCH;
	if (!r)
		r = read_batch(ctx, in->id, &before);
	if (!r && in->expiration_date)
		r = promo_batch_check_day(ctx, in->expiration_date, zone, &day);
	if (!r)
		r = check_worth(ctx, &before, in->amount_per_code);
	if (!r)
		r = check_amount(ctx, &locked, in);
	if (!r && gives_something(ctx, in))
		r = write_update(ctx, in, day, zone);
	if (!r)
		r = read_batch(ctx, in->id, ret);
	return r ? r : note_update(ctx, in, &before, ret);
}

/*
 * Whose it is.
 */

int promo_batch_assign(
	struct promo_ctx *ctx, const struct promo_batch_assign_in *in, struct promo_batch *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_lock_row locked;
	struct promo_batch before;
	int r;

	r = lock_one(ctx, in->id, &locked);
	if (r)
		return r;
	if (!promo_present(&promo_batch_assign_in_schema, in, "user_id"))
		return promo_ctx_refuse_field(
			ctx, "/user_id", "required", "is required; null assigns it to nobody");
	r = promo_batch_check_assignee(ctx, in->user_id, "/user_id");
	if (!r)
		r = read_batch(ctx, in->id, &before);
	if (r)
		return r;
	promo_param_text(&params, in->id);
	promo_param_text(&params, in->user_id);
	r = promo_store_exec(ctx->store, PROMO_Q_BATCH_ASSIGN, &params, NULL);
	if (!r)
		r = read_batch(ctx, in->id, ret);
	if (!r)
		r = promo_batch_tell_assigned(ctx, &before, ret);
	return r ? r : promo_audit_change(ctx, &promo_batch_schema, "assigned_user", &before, ret);
}

/*
 * Its end.
 */

static int check_unused(struct promo_ctx *ctx, const struct promo_batch_lock_row *batch)
{
	if (batch->job_id)
		return promo_ctx_refuse(ctx, PROMO_E_BATCH_IN_USE,
			"job %s makes codes for the batch; wait for its end or cancel it",
			batch->job_id);
	if (batch->redeemed > 0)
		return promo_ctx_refuse(ctx, PROMO_E_BATCH_IN_USE,
			"a code of the batch was redeemed; archive it instead");
	return 0;
}

static int queue_job(struct promo_ctx *ctx, const char *batch_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, batch_id);
	promo_param_int(&params, 0);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, promo_word(&promo_code_action_words, PROMO_CODES_DELETE));
	for (int i = 0; i < 4; i++)
		promo_param_null(&params);
	promo_param_bool(&params, true);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	ctx->wake_jobs = true;
	return promo_store_exec(ctx->store, PROMO_Q_JOB_INSERTBULK, &params, NULL);
}

int promo_batch_bury(struct promo_ctx *ctx, const struct promo_batch_lock_row *batch)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	r = check_unused(ctx, batch);
	if (r)
		return r;
	promo_param_text(&params, batch->id);
	r = promo_store_exec(ctx->store, PROMO_Q_BATCH_BURY, &params, NULL);
	return r ? r : queue_job(ctx, batch->id);
}

int promo_batch_delete(struct promo_ctx *ctx, const struct promo_id_in *in)
{
	struct promo_batch_lock_row locked;
	struct promo_batch before;
	int r;

	r = lock_one(ctx, in->id, &locked);
	if (!r)
		r = read_batch(ctx, in->id, &before);
	if (!r)
		r = promo_batch_bury(ctx, &locked);
	return r ? r : promo_audit_change(ctx, &promo_batch_schema, "batch_name", &before, NULL);
}
