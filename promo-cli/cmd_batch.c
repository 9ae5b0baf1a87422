/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_job.h"
#include "libpromo/api/op_print.h"
#include "libpromo/base/error.h"
#include "libpromo/rules/code.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/save.h"
#include "promo-cli/wait.h"

/* Batches and what takes a while: create and wait, wait for a job, download. */

/* What a format is worth: how hard its codes are to guess. */
static void print_format(struct cli *cli, const char *format)
{
	struct promo_code_pattern pattern;
	const char *why, *text;

	if (promo_code_pattern_parse(format, &pattern, &why))
		return;
	text = promo_arena_printf(cli->arena, "%s, %d bits of chance", format,
		promo_code_pattern_centibits(&pattern) / 100);
	cli_print_pair(&cli->out, cli->arena, "codes", text ? text : format);
}

static void print_batch(struct cli *cli, const struct promo_batch *batch)
{
	const char *status = promo_word(&promo_batch_status_words, batch->status);
	enum cli_tone tone = cli_tone_of(status);
	const char *heading = promo_arena_printf(cli->arena, "%s %s", cli_symbol(&cli->out, tone),
		cli_clean(cli->arena, batch->batch_name));

	cli_put_tone(&cli->out, tone, heading ? heading : "");
	cli_putf(&cli->out, "  %s %s of %s, good until the end of %s\n",
		cli_number(cli->arena, batch->total_codes),
		batch->total_codes == 1 ? "code" : "codes",
		cli_money(
			cli->arena, batch->amount_per_code, cli_clean(cli->arena, batch->currency)),
		cli_clean(cli->arena, batch->expiration_date));
	print_format(cli, batch->code_format);
	cli_print_pair(&cli->out, cli->arena, "status", status);
	cli_print_pair(&cli->out, cli->arena, "id", batch->id);
}

/* The batch as it is after its job. */
static int show_again(struct cli *cli, const struct cli_args *args, const char *id,
	const struct promo_batch **ret)
{
	struct promo_id_in in = { .id = NULL };
	struct promo_reply reply;
	int code;

	cli_put_text(promo_op_batch_show.in, &in, "id", id);
	code = cli_send(cli, args, &promo_op_batch_show, &in, cli->arena, &reply);
	if (!code)
		*ret = reply.out;
	return code;
}

static void put_created(struct cli *cli, const struct promo_batch_created *created)
{
	if (cli->json)
		cli_format_object(cli, promo_op_batch_create.out, created, NULL);
	else
		print_batch(cli, created->batch);
}

static int batch_create_run(struct cli *cli, const struct cli_args *args)
{
	struct promo_batch_created created;
	struct promo_reply reply;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	created = *(const struct promo_batch_created *)reply.out;
	if (!created.job || args->own[CLI_OPT_DETACH]) {
		if (cli->json)
			cli_answer(cli, &reply, NULL, NULL);
		else
			print_batch(cli, created.batch);
		if (created.job)
			cli_say(&cli->out,
				"its codes are being generated; follow it with: promo job "
				"wait %s",
				cli_clean(cli->arena, created.job->id));
		return CLI_DONE;
	}
	code = cli_wait(cli, args, cli_clean(cli->arena, created.job->id), &created.job);
	if (!code)
		code = show_again(cli, args, created.batch->id, &created.batch);
	if (!code)
		put_created(cli, &created);
	return code;
}

const struct cli_cmd cli_cmd_batch_create = {
	.name = "batch create",
	.op = &promo_op_batch_create,
	.replaces = true,
	.text = "Waits until the codes are there and shows the progress. Ctrl-C stops the waiting, "
		"not the work.",
	.examples =
		"promo batch create BATCH_SUMMER --codes 100000 --amount 500 --expires 2027-06-30\n"
		"promo batch create SUMMER --codes 5000000 --amount 1500 --expires 2027-06-30 "
		"--detach",
	.options = { CLI_OPT_DETACH, CLI_OPT_WAIT_TIMEOUT, CLI_OPT_IDEMPOTENCY_KEY },
	.run = batch_create_run,
};

static int generate_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_job *job;
	const struct promo_batch *batch;
	struct promo_reply reply;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	job = ((const struct promo_job_answer *)reply.out)->job;
	if (args->own[CLI_OPT_DETACH]) {
		if (cli->json)
			cli_answer(cli, &reply, NULL, NULL);
		else
			cli_say(&cli->out, "follow the job with: promo job wait %s",
				cli_clean(cli->arena, job->id));
		return CLI_DONE;
	}
	code = cli_wait(cli, args, cli_clean(cli->arena, job->id), &job);
	if (code)
		return code;
	if (cli->json) {
		cli_format_object(cli, promo_op_job_show.out, job, NULL);
		return CLI_DONE;
	}
	code = show_again(cli, args, ((const struct promo_batch_generate_in *)in)->id, &batch);
	if (!code)
		print_batch(cli, batch);
	return code;
}

const struct cli_cmd cli_cmd_generate = {
	.name = "generate",
	.op = &promo_op_batch_generate,
	.replaces = true,
	.prints = &promo_job_schema,
	.text = "The codes that the batch has stay as they are meanwhile; the new ones are there "
		"when "
		"all of them are. Waits for that and shows the progress. Ctrl-C stops the waiting, "
		"not the work.",
	.examples = "promo generate BATCH_SUMMER 50000",
	.options = { CLI_OPT_DETACH, CLI_OPT_WAIT_TIMEOUT, CLI_OPT_IDEMPOTENCY_KEY },
	.run = generate_run,
};

static int job_wait_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_job *job;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_wait(cli, args, ((const struct promo_id_in *)in)->id, &job);
	if (!code)
		cli_format_object(cli, args->cmd.op->out, job, NULL);
	return code;
}

const struct cli_cmd cli_cmd_job_wait = {
	.name = "job wait",
	.op = &promo_op_job_show,
	.summary = "Wait until a job has ended and show its progress",
	.text = "The exit code is 0 if it succeeded, 1 if it failed or was cancelled, 10 if it "
		"still "
		"runs after --wait-timeout.",
	.examples = "promo job wait 01a2b3c4-d5e6-7f80-9a0b-1c2d3e4f5a6b",
	.options = { CLI_OPT_WAIT_TIMEOUT },
	.run = job_wait_run,
};

/* How many codes there are to come, for the progress; 0: nobody says. */
static int64_t expected(struct cli *cli, const struct promo_code_download_in *in)
{
	struct promo_id_in batch = { .id = NULL };
	struct promo_reply reply = { 0 };

	if (!cli->out.talk_terminal || in->status.count > 0)
		return 0;
	cli_put_text(promo_op_batch_show.in, &batch, "id", in->id);
	if (promo_client_call(cli->client, &promo_op_batch_show, &batch, NULL, cli->arena, &reply))
		return 0;
	return ((const struct promo_batch *)reply.out)->ready_codes;
}

static void put_saved(struct cli *cli, const struct cli_saved *saved)
{
	const char *rows = saved->rows == PROMO_NULL_INT
				   ? ""
				   : promo_arena_printf(cli->arena, "%s %s, ",
					     cli_number(cli->arena, saved->rows),
					     saved->rows == 1 ? "code" : "codes");

	cli_say(&cli->out, "%s %s%s bytes%s%s", cli_symbol(&cli->out, CLI_GOOD), rows ? rows : "",
		cli_number(cli->arena, saved->bytes), saved->path ? " in " : "",
		saved->path ? cli_clean(cli->arena, saved->path) : "");
	cli_say(&cli->out, "  SHA-256 %s", saved->sha256);
}

static int download_run(struct cli *cli, const struct cli_args *args)
{
	const char *format = args->own[CLI_OPT_FORMAT];
	const struct promo_code_download_in *csv;
	struct promo_code_print_in pdf = { .id = NULL };
	struct cli_download what = { .op = args->cmd.op };
	struct cli_saved saved = { .path = NULL };
	int code;

	if (format && strcmp(format, "csv") != 0 && strcmp(format, "pdf") != 0) {
		cli_complain(&cli->out,
			"--format: '%s' is not a format that there is; csv and pdf are",
			cli_clean(cli->arena, format));
		return CLI_USAGE;
	}
	code = cli_begin(cli, args, &what.in);
	if (code)
		return code;
	csv = what.in;
	if (format && strcmp(format, "pdf") == 0) {
		cli_put_text(promo_op_code_print.in, &pdf, "id", csv->id);
		pdf.status = csv->status;
		what = (struct cli_download){ .op = &promo_op_code_print, .in = &pdf };
	} else {
		what.rows = expected(cli, csv);
	}
	code = cli_save(cli, args, &what, &saved);
	if (!code)
		put_saved(cli, &saved);
	return code;
}

const struct cli_cmd cli_cmd_download = {
	.name = "download",
	.op = &promo_op_code_download,
	.replaces = true,
	.summary = "Download the codes of a batch",
	.text = "CSV for spreadsheets, or PDF to be printed. The file appears under its name only "
		"when it is complete and is what the server sent, and only you can read it.",
	.examples = "promo download BATCH_SUMMER -o summer.csv\n"
		    "promo download BATCH_SUMMER --status active --format pdf -o summer.pdf\n"
		    "promo download BATCH_SUMMER -o - | wc -l",
	.options = { CLI_OPT_FORMAT, CLI_OPT_OUTPUT, CLI_OPT_FORCE },
	.run = download_run,
};
