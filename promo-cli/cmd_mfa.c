/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/op_mfa.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"
#include "promo-cli/qr.h"
#include "promo-cli/second_factor.h"

/* Enrolling a second factor: at a terminal in one go. */

struct way {
	const struct promo_op *begin, *confirm;
	const char *prompt, *next, *later;
};

static const struct way app = { &promo_op_me_mfa_totp, &promo_op_me_mfa_totp_confirm,
	"Code that the app shows now (empty: later): ",
	"add the secret, or the URI as a QR code, to your authenticator app",
	"promo me mfa-totp-confirm" };
static const struct way email = { &promo_op_me_mfa_email, &promo_op_me_mfa_email_confirm,
	"Code from the e-mail (empty: later): ",
	"a code is on its way to the e-mail address of your profile",
	"promo me mfa-email-confirm" };
static const struct way sms = { &promo_op_me_mfa_sms, &promo_op_me_mfa_sms_confirm,
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

/* What every app assumes anyway makes the picture larger than a small terminal. */
static bool draw_uri(struct cli *cli, const char *uri)
{
	static const char usual[] = "&algorithm=SHA1&digits=6&period=30";
	const size_t size = strlen(uri), tail = sizeof(usual) - 1;
	const bool said = size > tail && strcmp(uri + size - tail, usual) == 0;
	const char *text = promo_arena_strndup(cli->arena, uri, said ? size - tail : size);

	return text && cli_qr_print(&cli->out, text);
}

/* The secret in letters, and as a picture where the terminal has one, which is as high as most are: so the
 * letters stand below it once more. */
static void show_secret(struct cli *cli, const struct promo_reply *reply)
{
	const struct promo_totp_answer *answer = reply->out;

	cli_answer(cli, reply, promo_op_me_mfa_totp.out, answer);
	if (!cli->json && answer->uri && draw_uri(cli, answer->uri))
		cli_say(&cli->out, "scan the picture with your app, or type %s",
			cli_clean(cli->arena, answer->secret));
	else
		cli_say(&cli->out, "%s", app.next);
}

static int enrol(struct cli *cli, const struct cli_args *args, const struct way *way)
{
	struct promo_reply reply;
	int code = cli_connect(cli, way->begin, args);

	if (!code)
		code = cli_send(cli, args, way->begin, NULL, cli->arena, &reply);
	if (code)
		return code;
	if (way == &app)
		show_secret(cli, &reply);
	else
		cli_say(&cli->out, "%s", way->next);
	if (cli_can_ask() && !cli->json)
		return confirm(cli, args, way);
	cli_say(&cli->out, "then confirm with the code: %s", way->later);
	return CLI_DONE;
}

int cli_enrol(struct cli *cli, const struct cli_args *args)
{
	cli_say(&cli->out,
		"your role needs a second factor before anything else: an authenticator app, or "
		"(Ctrl-C) codes that are sent: promo me mfa-email, promo me mfa-sms");
	return enrol(cli, args, &app);
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
	.text = "Prints the secret for the app; at a terminal as a QR code too, and then it asks "
		"for a "
		"code of the app and prints the recovery codes. Elsewhere promo me "
		"mfa-totp-confirm "
		"does that.",
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
