/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/op_code.h"
#include "libpromo/base/error.h"
#include "libpromo/rules/code.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"

/* What is done at the counter: verify, redeem, report. */

static const char *shown_code(struct promo_arena *arena, const char *code)
{
	char *shown = promo_arena_alloc(arena, PROMO_CODE_SHOWN_SIZE);

	if (!shown || !code || strlen(code) >= PROMO_CODE_SIZE)
		return cli_clean(arena, code);
	promo_code_show(code, shown);
	return cli_clean(arena, shown);
}

/* "+250788123456 (Aline Uwase)". */
static const char *person(
	struct promo_arena *arena, const char *phone, const char *first, const char *last)
{
	const char *name = promo_arena_printf(
		arena, "%s%s%s", first ? first : "", first && last ? " " : "", last ? last : "");
	const char *text;

	if (!name || !*name)
		return phone ? phone : "";
	text = promo_arena_printf(
		arena, "%s%s%s%s", phone ? phone : "", phone ? " (" : "", name, phone ? ")" : "");
	return text ? text : "";
}

/* "✓ ACTIVE  A1U2-C325-5X09-6E21  500 RWF" */
static void put_heading(
	struct cli *cli, enum cli_tone tone, const char *word, const char *code, const char *amount)
{
	char *big = promo_arena_strdup(cli->arena, word);
	const char *text;

	for (char *at = big; at && *at; at++)
		*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
	text = promo_arena_printf(cli->arena, "%s %s", cli_symbol(&cli->out, tone), big);
	cli_put_tone(&cli->out, tone, text ? text : "");
	cli_putf(&cli->out, "  %s  %s\n", code, amount);
}

static const char *verdict(const struct promo_verification *found)
{
	static const struct {
		const char *reason, *text;
	} verdicts[] = {
		{ "code_reported", "Code was redeemed and then reported as a fraud." },
		{ "code_already_redeemed", "Code is valid but already redeemed." },
		{ "code_blocked", "Code is valid but blocked." },
		{ "batch_not_active", "Code is valid but its batch is not active." },
		{ "code_expired", "Code is valid but expired." },
	};

	if (found->redeemable)
		return "Code is valid and can be redeemed.";
	for (size_t i = 0; found->reason && i < PROMO_COUNT(verdicts); i++)
		if (strcmp(verdicts[i].reason, found->reason) == 0)
			return verdicts[i].text;
	return "Code is valid but cannot be redeemed now.";
}

static void print_redemption(struct cli *cli, const struct promo_verified_redemption *redemption)
{
	const struct promo_verified_name *customer = redemption->customer;

	cli_print_pair(
		&cli->out, cli->arena, "redeemed", cli_time(cli->arena, redemption->redeemed_at));
	cli_print_pair(&cli->out, cli->arena, "for",
		person(cli->arena, redemption->phone_number, customer ? customer->first_name : NULL,
			customer ? customer->last_name : NULL));
	if (redemption->redeemed_by)
		cli_print_pair(&cli->out, cli->arena, "by", redemption->redeemed_by->name);
}

static void print_verification(struct cli *cli, const struct promo_verification *found)
{
	const char *status = promo_word(&promo_code_status_words, found->status);
	enum cli_tone tone = found->redeemable ? CLI_GOOD : CLI_BAD;

	put_heading(cli, tone, status ? status : "?", shown_code(cli->arena, found->code),
		cli_money(cli->arena, found->amount, cli_clean(cli->arena, found->currency)));
	cli_putf(&cli->out, "  %s\n", verdict(found));
	if (found->batch)
		cli_print_pair(&cli->out, cli->arena, "batch", found->batch->batch_name);
	/* The end is the first instant that is too late; people name the last one that is not. */
	if (found->expires_at)
		cli_print_pair(&cli->out, cli->arena, "expires",
			cli_time(cli->arena, found->expires_at - 1));
	if (found->redemption)
		print_redemption(cli, found->redemption);
	if (found->fraud_report)
		cli_print_pair(&cli->out, cli->arena, "reported",
			cli_time(cli->arena, found->fraud_report->created_at));
}

static int verify_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_verification *found;
	struct promo_reply reply;
	int reason, code;
	void *in;

	code = cli_begin(cli, args, &in);
	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	found = reply.out;
	if (cli->json)
		cli_answer(cli, &reply, NULL, NULL);
	else
		print_verification(cli, found);
	if (found->redeemable)
		return CLI_DONE;
	if (found->redemption && !found->fraud_report)
		cli_say(&cli->out,
			"if somebody else now brings it: promo report CODE --phone PHONE");
	reason = found->reason ? promo_error_from_wire(found->reason) : 0;
	return cli_exit_code(reason ? reason : PROMO_E_BATCH_NOT_ACTIVE);
}

const struct cli_cmd cli_cmd_verify = {
	.name = "verify",
	.op = &promo_op_code_verify,
	.replaces = true,
	.text = "The exit code is 0 only if the code can be redeemed now: 7 where it cannot, 6 "
		"where "
		"there is no such code.",
	.examples = "promo verify A1U2-C325-5X09-6E21\n"
		    "echo a1u2c3255x096e21 | promo verify -",
	.run = verify_run,
};

static void print_redeemed(struct cli *cli, const struct promo_redemption *done)
{
	const struct promo_customer_ref *customer = done->customer;
	const char *amount =
		cli_money(cli->arena, done->amount, cli_clean(cli->arena, done->currency));
	const char *phone = customer && customer->phone_number ? customer->phone_number : "";

	put_heading(cli, CLI_GOOD, "redeemed", shown_code(cli->arena, done->code), amount);
	cli_putf(&cli->out, "  Code redeemed successfully to %s with %s.\n",
		cli_clean(cli->arena, phone), amount);
	cli_print_pair(&cli->out, cli->arena, "for",
		customer ? person(cli->arena, phone, customer->first_name, customer->last_name)
			 : "");
	if (done->user)
		cli_print_pair(&cli->out, cli->arena, "by", done->user->name);
	if (done->batch)
		cli_print_pair(&cli->out, cli->arena, "batch", done->batch->batch_name);
	cli_print_pair(&cli->out, cli->arena, "at", cli_time(cli->arena, done->created_at));
	cli_print_pair(&cli->out, cli->arena, "note", done->note);
	cli_print_pair(&cli->out, cli->arena, "id", done->id);
}

static int redeem_run(struct cli *cli, const struct cli_args *args)
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
		print_redeemed(cli, reply.out);
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_redeem = {
	.name = "redeem",
	.op = &promo_op_redemption_create,
	.replaces = true,
	.text = "The request carries an idempotency key that stays on disk until an answer came: "
		"run the same command again after a crash or a lost connection, and the code is "
		"redeemed once.",
	.examples = "promo redeem A1U2-C325-5X09-6E21 --phone 0788123456\n"
		    "promo redeem - --phone '+250 788 123 456' --first-name Aline",
	.options = { CLI_OPT_IDEMPOTENCY_KEY },
	.run = redeem_run,
};

static int report_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_fraud_report *report;
	struct promo_reply reply;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	if (cli->json) {
		cli_answer(cli, &reply, NULL, NULL);
		return CLI_DONE;
	}
	report = reply.out;
	put_heading(cli, CLI_WARN, "reported", shown_code(cli->arena, report->code),
		cli_clean(cli->arena, report->number));
	cli_putf(&cli->out, "  The code is reported; its redemption stays as it was.\n");
	cli_print_pair(
		&cli->out, cli->arena, "type", promo_word(&promo_fraud_type_words, report->type));
	cli_print_pair(&cli->out, cli->arena, "status",
		promo_word(&promo_fraud_status_words, report->status));
	if (report->claimant)
		cli_print_pair(&cli->out, cli->arena, "claimant",
			person(cli->arena, report->claimant->phone_number,
				report->claimant->first_name, report->claimant->last_name));
	cli_print_pair(&cli->out, cli->arena, "at", cli_time(cli->arena, report->created_at));
	cli_print_pair(&cli->out, cli->arena, "id", report->id);
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_report = {
	.name = "report",
	.op = &promo_op_fraud_report_create,
	.replaces = true,
	.text = "The phone and the names are those of the second one, who came with a code that "
		"was "
		"redeemed before.",
	.examples = "promo report A1U2-C325-5X09-6E21 --phone 0788000111 "
		    "--description 'says the tin was sealed'",
	.options = { CLI_OPT_IDEMPOTENCY_KEY },
	.run = report_run,
};
