/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_mfa.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"

/* Enrolling a second factor: at a terminal in one go. */

struct way {
	const struct promo_op *confirm;
	const char *prompt, *next, *later;
};

static const struct way app = { &promo_op_me_mfa_totp_confirm,
	"Code that the app shows now (empty: later): ",
	"add the secret, or the URI as a QR code, to your authenticator app",
	"promo me mfa-totp-confirm" };
static const struct way email = { &promo_op_me_mfa_email_confirm,
	"Code from the e-mail (empty: later): ",
	"a code is on its way to the e-mail address of your profile",
	"promo me mfa-email-confirm" };
static const struct way sms = { &promo_op_me_mfa_sms_confirm,
	"Code from the text message (empty: later): ",
	"a code is on its way to the phone of your profile", "promo me mfa-sms-confirm" };

static void say_enrolled(
	struct cli *cli, const struct promo_op *op, const struct promo_reply *reply)
{
	const struct promo_recovery_codes *answer = reply->out;

	if (answer->recovery_codes.count == 0) {
		cli_say(&cli->out, "%s enrolled; the recovery codes that you have stay good",
			cli_symbol(&cli->out, CLI_GOOD));
		return;
	}
	cli_answer(cli, reply, op->out, reply->out);
	cli_say(&cli->out,
		"%s enrolled; keep the recovery codes where only you find them: each stands in for "
		"a code once, and they are not shown again",
		cli_symbol(&cli->out, CLI_GOOD));
}

static int confirm(struct cli *cli, const struct cli_args *args, const struct way *way)
{
	struct promo_reply reply;
	int r, code;

	do {
		struct promo_code_in in = { 0 };
		const char *text;

		code = cli_ask(cli, way->prompt, &text);
		if (code)
			return code;
		if (*text == '\0') {
			cli_say(&cli->out, "it counts once it is confirmed: %s", way->later);
			return CLI_DONE;
		}
		cli_put_text(way->confirm->in, &in, "code", text);
		code = cli_try(cli, args, way->confirm, &in, cli->arena, &reply, &r);
		if (!code && r)
			code = cli_fail(cli, args, way->confirm, r, &reply);
	} while (code && r == PROMO_E_INVALID_CREDENTIALS);
	if (!code)
		say_enrolled(cli, way->confirm, &reply);
	return code;
}

static int enrol(struct cli *cli, const struct cli_args *args, const struct way *way)
{
	struct promo_reply reply;
	int code = cli_connect(cli, args->cmd.op, args);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, NULL, cli->arena, &reply);
	if (code)
		return code;
	if (args->cmd.op->out)
		cli_answer(cli, &reply, args->cmd.op->out, reply.out);
	cli_say(&cli->out, "%s", way->next);
	if (cli_can_ask() && !cli->json)
		return confirm(cli, args, way);
	cli_say(&cli->out, "then confirm with the code: %s", way->later);
	return CLI_DONE;
}

static int totp_run(struct cli *cli, const struct cli_args *args)
{
	return enrol(cli, args, &app);
}

static int email_run(struct cli *cli, const struct cli_args *args)
{
	return enrol(cli, args, &email);
}

static int sms_run(struct cli *cli, const struct cli_args *args)
{
	return enrol(cli, args, &sms);
}

const struct cli_cmd cli_cmd_mfa_totp = {
	.name = "me mfa-totp",
	.op = &promo_op_me_mfa_totp,
	.replaces = true,
	.text = "Prints the secret for the app. At a terminal it then asks for a code of the app "
		"and prints the recovery codes; elsewhere promo me mfa-totp-confirm does that.",
	.examples = "promo me mfa-totp",
	.run = totp_run,
};

const struct cli_cmd cli_cmd_mfa_email = {
	.name = "me mfa-email",
	.op = &promo_op_me_mfa_email,
	.replaces = true,
	.text = "At a terminal it then asks for the code that was sent and prints the recovery "
		"codes; elsewhere promo me mfa-email-confirm does that.",
	.examples = "promo me mfa-email",
	.run = email_run,
};

const struct cli_cmd cli_cmd_mfa_sms = {
	.name = "me mfa-sms",
	.op = &promo_op_me_mfa_sms,
	.replaces = true,
	.text = "At a terminal it then asks for the code that was sent and prints the recovery "
		"codes; elsewhere promo me mfa-sms-confirm does that.",
	.examples = "promo me mfa-sms",
	.run = sms_run,
};
