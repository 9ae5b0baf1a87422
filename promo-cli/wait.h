/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/batch.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/* Waits for a job and shows how far it is, on stderr: a bar on a terminal, a line at its end
 * elsewhere. Ctrl-C stops the waiting, never the job. */

/* CLI_DONE with the ended job where it succeeded; CLI_FAILED where it did not; CLI_STILL_RUNNING
 * after --wait-timeout; CLI_INTERRUPTED. */
int cli_wait(struct cli *cli, const struct cli_args *args, const char *job_id,
	const struct promo_job **ret);

/* The job that has ended, read once more, for what it came to; with --json it is the answer. */
int cli_ended_job(struct cli *cli, const struct cli_args *args, const char *job_id,
	const struct promo_job **ret);

/* "[####----] 45,000 of 100,000 codes generated, 52,000/s, 0:01 left". */
const char *cli_progress(
	const struct cli_out *out, const struct promo_job *job, struct promo_arena *arena);
