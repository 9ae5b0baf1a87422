/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_code_change.h"
#include "libpromo/api/op_job.h"
#include "libpromo/model/batch.h"
#include "libpromo/rules/code.h"
#include "promo-cli/call.h"
#include "promo-cli/exits.h"
#include "promo-cli/print.h"
#include "promo-cli/wait.h"

/* Codes at a desk: which there are, whether these are some, and what became of one. */

const struct cli_cmd cli_cmd_codes = {
	.name = "codes",
	.op = &promo_op_code_list,
	.text = "With --q, what begins with it comes first where it has four characters or more; "
		"what "
		"has it elsewhere follows on the pages behind that, newest first.",
	.examples = "promo codes --batch BATCH_SUMMER --status blocked,reported\n"
		    "promo codes --q A1U2",
	.options = { CLI_OPT_ALL, CLI_OPT_COLUMNS },
	.run = cli_run_op,
};

static const char *shown(struct promo_arena *arena, const char *code)
{
	char *text = promo_arena_alloc(arena, PROMO_CODE_SHOWN_SIZE);

	if (!text || !code || strlen(code) >= PROMO_CODE_SIZE)
		return cli_clean(arena, code);
	promo_code_show(code, text);
	return cli_clean(arena, text);
}

static const char *verdict(const struct promo_checked_code *item)
{
	if (!item->well_formed)
		return "no code";
	if (!item->exists)
		return "unknown";
	return item->duplicate ? "exists, stands here twice" : "exists";
}

static int validate_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_checked_code *items;
	const struct promo_code_checks *checks;
	struct promo_reply reply;
	int64_t missing = 0;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	checks = reply.out;
	items = checks->items.items;
	for (size_t i = 0; i < checks->items.count; i++) {
		missing += !items[i].exists;
		if (!cli->json)
			cli_putf(&cli->out, "%s\t%s\n", cli_clean(cli->arena, items[i].code),
				verdict(&items[i]));
	}
	if (cli->json)
		cli_answer(cli, &reply, NULL, NULL);
	return missing > 0 ? CLI_PARTLY : CLI_DONE;
}

const struct cli_cmd cli_cmd_validate = {
	.name = "validate",
	.op = &promo_op_code_validate,
	.replaces = true,
	.text = "Codes are separated by blanks or commas, at most 1000 of them; - takes them from "
		"standard input, one or more a line. The exit code is 3 where one of them is not a "
		"code of the shop.",
	.examples = "promo validate A1U2-C325-5X09-6E21 A1U2-C325-5X09-6E22\n"
		    "promo validate - <codes.txt",
	.run = validate_run,
};

static const char *by(struct cli *cli, const struct promo_ref *who)
{
	return who ? cli_clean(cli->arena, who->name) : "the system";
}

static void put_events(struct cli *cli, const char *title, const struct promo_objects *events)
{
	const struct promo_code_event *event = events->items;

	if (events->count == 0)
		return;
	cli_putf(&cli->out, "  %s\n", title);
	for (size_t i = 0; i < events->count; i++)
		cli_putf(&cli->out, "    %s  %s  %s%s%s  by %s\n",
			cli_time(cli->arena, event[i].at), cli_clean(cli->arena, event[i].action),
			cli_clean(cli->arena, event[i].outcome), event[i].error ? ", " : "",
			event[i].error ? cli_clean(cli->arena, event[i].error) : "",
			by(cli, event[i].by));
}

static void put_attempts(struct cli *cli, const struct promo_objects *attempts)
{
	const struct promo_redemption *attempt = attempts->items;

	if (attempts->count == 0)
		return;
	cli_putf(&cli->out, "  attempts to redeem it\n");
	for (size_t i = 0; i < attempts->count; i++)
		cli_putf(&cli->out, "    %s  %s%s%s  by %s\n",
			cli_time(cli->arena, attempt[i].created_at),
			promo_word(&promo_redemption_status_words, attempt[i].status),
			attempt[i].error_code ? ", " : "",
			attempt[i].error_code ? cli_clean(cli->arena, attempt[i].error_code) : "",
			by(cli, attempt[i].user));
}

static void put_cases(struct cli *cli, const struct promo_objects *cases)
{
	const struct promo_fraud_report *report = cases->items;

	for (size_t i = 0; i < cases->count; i++)
		cli_putf(&cli->out, "  case %s  %s  %s  by %s\n",
			cli_clean(cli->arena, report[i].number),
			cli_time(cli->arena, report[i].created_at),
			promo_word(&promo_fraud_status_words, report[i].status),
			by(cli, report[i].reported_by));
}

static void put_life(struct cli *cli, const struct promo_code_life *life)
{
	const struct promo_code *code = life->code;
	const char *status = promo_word(&promo_code_status_words, code->status);

	cli_put_tone(&cli->out, cli_tone_of(status), status);
	cli_putf(&cli->out, "  %s  %s\n", shown(cli->arena, code->code),
		cli_money(cli->arena, code->amount, cli_clean(cli->arena, code->currency)));
	cli_print_pair(&cli->out, cli->arena, "batch", code->batch->batch_name);
	cli_print_pair(&cli->out, cli->arena, "printed",
		promo_arena_printf(cli->arena, "serial %lld, p. %lld/%lld, slot %lld",
			(long long)code->serial, (long long)life->page, (long long)life->pages,
			(long long)life->slot));
	cli_print_pair(&cli->out, cli->arena, "made", cli_time(cli->arena, code->created_at));
	if (life->job)
		cli_print_pair(&cli->out, cli->arena, "by job",
			promo_arena_printf(cli->arena, "%s %s",
				promo_word(&promo_job_kind_words, life->job->kind), life->job->id));
	put_events(cli, "downloads of its batch", &life->downloads);
	put_events(cli, "verifications", &life->verifications);
	put_events(cli, "changes", &life->changes);
	put_attempts(cli, &life->redemptions);
	put_cases(cli, &life->fraud_reports);
	if (!life->complete)
		cli_say(&cli->out,
			"the audit trail is long: the newest part of it is missing here");
}

static int explain_run(struct cli *cli, const struct cli_args *args)
{
	struct promo_reply reply;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	if (cli->json)
		cli_answer(cli, &reply, NULL, NULL);
	else
		put_life(cli, reply.out);
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_explain = {
	.name = "explain",
	.op = &promo_op_code_explain,
	.replaces = true,
	.examples = "promo explain A1U2-C325-5X09-6E21",
	.run = explain_run,
};

/*
 * Many at once.
 */

/* What a job that changed codes says of itself. */
struct bulk_result {
	int64_t changed, skipped;
};
#define T struct bulk_result
static const struct promo_field bulk_result_fields[] = {
	PROMO_F_INT(T, changed, 0, 0, 0, "codes that were changed"),
	PROMO_F_INT(T, skipped, 0, 0, 0, "codes that could not be, when their turn came"),
};
#undef T
static const struct promo_schema bulk_result_schema =
	PROMO_SCHEMA(struct bulk_result, "bulk_result", bulk_result_fields);

static void say_changed(struct cli *cli, int64_t changed, int64_t skipped)
{
	cli_say(&cli->out, "%s %s %s changed", cli_symbol(&cli->out, CLI_GOOD),
		cli_number(cli->arena, changed), changed == 1 ? "code" : "codes");
	if (skipped > 0)
		cli_say(&cli->out, "  %s skipped: they could not become this any more",
			cli_number(cli->arena, skipped));
}

/* Also of a job that did not come to its end: what it has changed stays changed. */
static int show_bulk_end(
	struct cli *cli, const struct cli_args *args, const char *job_id, int ended)
{
	struct bulk_result result = { 0 };
	const struct promo_job *job;
	int code = cli_ended_job(cli, args, job_id, &job);

	if (code)
		return code;
	if (!job->result ||
		promo_decode_output(&bulk_result_schema, job->result, cli->arena, &result))
		return ended;
	if (!cli->json)
		say_changed(cli, result.changed, result.skipped);
	return ended == CLI_DONE && result.skipped > 0 ? CLI_PARTLY : ended;
}

static int bulk_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_job *job;
	struct promo_reply reply;
	const char *id;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	if (!reply.other) {
		cli_answer(cli, &reply, args->cmd.op->out, reply.out);
		return cli_exit_of_many(args->cmd.op->out, reply.out);
	}
	id = cli_clean(cli->arena, ((const struct promo_job_answer *)reply.other)->job->id);
	if (args->own[CLI_OPT_DETACH]) {
		cli_answer(cli, &reply, args->cmd.op->other_out, reply.other);
		cli_say(&cli->out, "a job changes them; follow it with: promo job wait %s", id);
		return CLI_DONE;
	}
	code = cli_wait(cli, args, id, &job);
	return code == CLI_DONE || code == CLI_FAILED ? show_bulk_end(cli, args, id, code) : code;
}

const struct cli_cmd cli_cmd_code_bulk = {
	.name = "code bulk",
	.op = &promo_op_code_bulk,
	.replaces = true,
	.prints = &promo_job_schema,
	.text = "Over 10,000 codes are changed by a job: this waits for it and shows the progress. "
		"Ctrl-C stops the waiting, not the work; promo job cancel stops the work, and what "
		"was changed by then stays changed. The exit code is 3 where some were skipped.",
	.examples = "promo code bulk block --codes A1U2-C325-5X09-6E21 --expected-count 1 --reason "
		    "stolen\n"
		    "promo code bulk unblock --ids ID,ID --expected-count 2",
	.options = { CLI_OPT_DETACH, CLI_OPT_WAIT_TIMEOUT, CLI_OPT_IDEMPOTENCY_KEY },
	.run = bulk_run,
};
