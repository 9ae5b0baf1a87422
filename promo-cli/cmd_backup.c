/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_backup.h"
#include "promo-cli/call.h"
#include "promo-cli/out.h"
#include "promo-cli/print.h"
#include "promo-cli/wait.h"

/* Makes a backup or tries one, and waits for the job that does it. */

static int backup_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_job *job;
	struct promo_reply reply;
	const char *id;
	void *in;
	int ended, code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	id = cli_clean(cli->arena, ((const struct promo_job_answer *)reply.out)->job->id);
	if (args->own[CLI_OPT_DETACH]) {
		if (cli->json)
			cli_answer(cli, &reply, NULL, NULL);
		else
			cli_say(&cli->out, "follow the job with: promo job wait %s", id);
		return CLI_DONE;
	}
	ended = cli_wait(cli, args, id, &job);
	if (ended != CLI_DONE && ended != CLI_FAILED)
		return ended;
	code = cli_ended_job(cli, args, id, &job);
	if (!code && !cli->json && ended == CLI_DONE)
		cli_print_object(&cli->out, &promo_job_schema, job, cli->arena);
	return code ? code : ended;
}

const struct cli_cmd cli_cmd_backup_create = {
	.name = "backup create",
	.op = &promo_op_backup_create,
	.replaces = true,
	.prints = &promo_job_schema,
	.text = "Waits until it is made. Ctrl-C stops the waiting, not the work; promo job cancel "
		"stops the work, and nothing is left of it.",
	.examples = "promo backup create\npromo backup create --detach",
	.options = { CLI_OPT_DETACH, CLI_OPT_WAIT_TIMEOUT, CLI_OPT_IDEMPOTENCY_KEY },
	.run = backup_run,
};

const struct cli_cmd cli_cmd_backup_verify = {
	.name = "backup verify",
	.op = &promo_op_backup_verify,
	.replaces = true,
	.prints = &promo_job_schema,
	.text = "Waits for what comes of it, and shows how much is read. The exit code is 0 only "
		"if "
		"all is there.",
	.examples = "promo backup verify ID",
	.options = { CLI_OPT_DETACH, CLI_OPT_WAIT_TIMEOUT, CLI_OPT_IDEMPOTENCY_KEY },
	.run = backup_run,
};
