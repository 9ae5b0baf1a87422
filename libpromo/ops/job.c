/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/job.h"
#include "libpromo/ops/job_kinds.h"
#include "libpromo/ops/list.h"
#include "libpromo/store/rows_codes.h"

/* Whose jobs are seen: one's own, or NULL for everybody's. */
static const char *seen_by(const struct promo_ctx *ctx)
{
	return ctx->own_only ? ctx->actor->user_id : NULL;
}

static int get_job(struct promo_ctx *ctx, const char *id, const char *own_by, struct promo_job *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	promo_param_text(&params, own_by);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_JOB_GET, &params, ret);
}

int promo_job_answer(struct promo_ctx *ctx, const char *id, struct promo_job_answer *ret)
{
	struct promo_job *job = promo_arena_alloc(ctx->arena, sizeof(*job));
	int r;

	if (!job)
		return promo_fault(-ENOMEM, "could not queue a job");
	r = get_job(ctx, id, /* own_by= */ NULL, job);
	if (r)
		return r;
	ctx->location = promo_arena_printf(ctx->arena, PROMO_API_BASE "/jobs/%s", id);
	if (!ctx->location)
		return promo_fault(-ENOMEM, "could not name a new job");
	ctx->wake_jobs = true;
	ret->job = job;
	return 0;
}

int promo_job_list(
	struct promo_ctx *ctx, const struct promo_job_list_in *in, struct promo_list *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_texts_or_null(&params, in->status);
	promo_param_texts_or_null(&params, in->kind);
	promo_param_text(&params, in->batch_id);
	promo_param_text(&params, seen_by(ctx));
	return promo_list_read(
		ctx, PROMO_LISTING(in, PROMO_Q_JOB_LIST, PROMO_Q_JOB_COUNT), &params, ret);
}

int promo_job_show(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_job *ret)
{
	promo_audit_entity(ctx, "job", in->id);
	return get_job(ctx, in->id, seen_by(ctx), ret);
}

/* Nobody has begun: the job ends here, and with it what was made for it. */
static int cancel_queued(struct promo_ctx *ctx, const struct promo_job_state_row *job)
{
	const struct promo_job_kind_row *kind = promo_job_kind_find(job->kind);
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, job->id);
	r = promo_store_exec(ctx->store, PROMO_Q_JOB_CANCEL, &params, NULL);
	return r || !kind || !kind->drop ? r : kind->drop(ctx, job);
}

/* Its worker, if it has one, holds the job locked, and is told by his own daemon's bell. A job that is
 * put off has none, and is not left to wait for its turn. */
static int wish_away(struct promo_ctx *ctx, const char *id, bool free)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, id);
	ctx->wake_jobs = true;
	r = promo_store_exec(ctx->store, PROMO_Q_JOB_WISH, &params, NULL);
	return r || !free ? r : promo_store_exec(ctx->store, PROMO_Q_JOB_HASTEN, &params, NULL);
}

/* Who may start such a job. One that this program does not know it cannot judge. */
static int may_cancel(struct promo_ctx *ctx, const struct promo_job_state_row *job)
{
	const struct promo_job_kind_row *kind = promo_job_kind_find(job->kind);

	return kind ? promo_auth_need(ctx, kind->starts) : PROMO_E_NOT_FOUND;
}

int promo_job_cancel(struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_job *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_job_state_row job;
	bool free;
	int r;

	promo_audit_entity(ctx, "job", in->id);
	promo_param_text(&params, in->id);
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_JOB_LOCK, &params, &job, &free);
	if (!r && !free)
		r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_JOB_STATE, &params, &job);
	if (r)
		return r;
	r = may_cancel(ctx, &job);
	if (r)
		return r;
	if (job.status != PROMO_JOB_QUEUED && job.status != PROMO_JOB_RUNNING)
		return PROMO_E_JOB_FINISHED;
	r = free && job.status == PROMO_JOB_QUEUED ? cancel_queued(ctx, &job)
						   : wish_away(ctx, in->id, free);
	return r ? r : get_job(ctx, in->id, /* own_by= */ NULL, ret);
}
