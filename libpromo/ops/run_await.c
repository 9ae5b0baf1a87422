/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/model/batch.h"
#include "libpromo/ops/answer.h"
#include "libpromo/ops/runner.h"

/* Whether the job of an answer has ended meanwhile. */

static int answer_job(const struct promo_job *job, const struct promo_answer *queued,
	struct promo_arena *arena, struct promo_answer *ret)
{
	const struct promo_job_answer now = { .job = job };
	struct promo_answer answer = *queued;
	int r = promo_encode(&promo_job_answer_schema, &now, arena, &answer.body);

	if (r)
		return r;
	answer.status = 200;
	answer.body_size = strlen(answer.body);
	*ret = answer;
	return 0;
}

const char *promo_run_queued_job(const struct promo_answer *answer)
{
	static const char jobs[] = PROMO_API_BASE "/jobs/";

	if (answer->status != 202 || !answer->location ||
		strncmp(answer->location, jobs, strlen(jobs)) != 0)
		return NULL;
	return answer->location + strlen(jobs);
}

bool promo_run_await(struct promo_runner *runner, const struct promo_answer *queued,
	struct promo_arena *arena, struct promo_answer *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_job job;
	int r;

	promo_param_text(&params, promo_run_queued_job(queued));
	promo_param_null(&params);
	r = promo_store_one(runner->store, arena, PROMO_Q_JOB_GET, &params, &job);
	if (r || job.status == PROMO_JOB_QUEUED || job.status == PROMO_JOB_RUNNING)
		return false;
	return answer_job(&job, queued, arena, ret) == 0;
}
