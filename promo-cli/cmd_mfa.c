/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_mfa.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"

/* Enrolling an authenticator app: at a terminal in one go. */

static int confirm(struct cli *cli, const struct cli_args *args)
{
	const struct promo_op *op = &promo_op_me_mfa_totp_confirm;
	struct promo_reply reply;
	int r, code;

	do {
		struct promo_code_in in = { 0 };
		const char *text;

		code = cli_ask(cli, "Code that the app shows now (empty: later): ", &text);
		if (code)
			return code;
		if (*text == '\0') {
			cli_say(&cli->out,
				"it counts once it is confirmed: promo me mfa-totp-confirm");
			return CLI_DONE;
		}
		cli_put_text(op->in, &in, "code", text);
		code = cli_try(cli, args, op, &in, cli->arena, &reply, &r);
		if (!code && r)
			code = cli_fail(cli, args, op, r, &reply);
	} while (code && r == PROMO_E_INVALID_CREDENTIALS);
	if (code)
		return code;
	cli_answer(cli, &reply, op->out, reply.out);
	cli_say(&cli->out,
		"%s enrolled; keep the recovery codes where only you find them: each stands in for "
		"the app once, and they are not shown again",
		cli_symbol(&cli->out, CLI_GOOD));
	return CLI_DONE;
}

static int totp_run(struct cli *cli, const struct cli_args *args)
{
	struct promo_reply reply;
	int code = cli_connect(cli, args->cmd.op, args);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, NULL, cli->arena, &reply);
	if (code)
		return code;
	cli_answer(cli, &reply, args->cmd.op->out, reply.out);
	cli_say(&cli->out, "add the secret, or the URI as a QR code, to your authenticator app");
	if (cli_can_ask() && !cli->json)
		return confirm(cli, args);
	cli_say(&cli->out, "then confirm with a code of it: promo me mfa-totp-confirm");
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_mfa_totp = {
	.name = "me mfa-totp",
	.op = &promo_op_me_mfa_totp,
	.replaces = true,
	.text = "Prints the secret for the app. At a terminal it then asks for a code of the app "
		"and "
		"prints the recovery codes; elsewhere promo me mfa-totp-confirm does that.",
	.examples = "promo me mfa-totp",
	.run = totp_run,
};
