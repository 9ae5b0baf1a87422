/* SPDX-License-Identifier: MIT */
#include "promo-cli/second_factor.h"

#include <string.h>

#include "libpromo/api/op_mfa.h"
#include "libpromo/rules/mfa.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"

static bool has_method(const struct promo_mfa_member *member, int method)
{
	for (size_t i = 0; i < member->methods.count; i++)
		if (promo_word_value(&promo_mfa_method_words, member->methods.items[i]) == method)
			return true;
	return false;
}

static int method_of(const char *code)
{
	char read[PROMO_RECOVERY_SIZE];

	return promo_recovery_code_read(code, read) == 0 ? PROMO_MFA_RECOVERY_CODE
							 : PROMO_MFA_AUTHENTICATOR_APP;
}

static int get_code(
	struct cli *cli, const struct promo_mfa_member *member, bool from_stdin, const char **ret)
{
	const char *prompt = has_method(member, PROMO_MFA_RECOVERY_CODE)
				     ? "Code of the authenticator app, or a recovery code: "
				     : "Code of the authenticator app: ";

	if (!from_stdin && cli_can_ask())
		return cli_ask(cli, prompt, ret);
	if (from_stdin && !cli_read_line(cli, "the code of the second factor", ret))
		return CLI_DONE;
	cli_complain(&cli->out, "a second factor is needed to sign in");
	cli_say(&cli->out, "with --password-stdin its code is the second line of standard input");
	return CLI_NOT_SIGNED_IN;
}

/* One code; *ret_again tells that another may be tried. */
static int try_code(struct cli *cli, const struct cli_args *args, struct promo_mfa_in *in,
	struct promo_reply *ret, bool *ret_again)
{
	int r, code;

	code = cli_try(cli, args, &promo_op_auth_mfa, in, cli->arena, ret, &r);
	if (code)
		return code;
	*ret_again = r == PROMO_E_INVALID_CREDENTIALS;
	return r ? cli_fail(cli, args, &promo_op_auth_mfa, r, ret) : CLI_DONE;
}

int cli_second_factor(struct cli *cli, const struct cli_args *args,
	const struct promo_problem *problem, bool from_stdin, struct promo_reply *ret)
{
	const struct promo_mfa_member *member = problem->members;
	struct promo_mfa_in in = { 0 };
	bool again = false;
	int code;

	if (problem->member_schema != &promo_mfa_member_schema || !member->mfa_token) {
		cli_complain(&cli->out, "the server asks for a second factor and does not say how");
		return CLI_FAILED;
	}
	do {
		const char *text;

		code = get_code(cli, member, from_stdin, &text);
		if (code)
			return code;
		in = (struct promo_mfa_in){ .method = method_of(text) };
		cli_put_text(promo_op_auth_mfa.in, &in, "mfa_token", member->mfa_token);
		cli_put_text(promo_op_auth_mfa.in, &in, "code", text);
		cli_mark(promo_op_auth_mfa.in, &in, "method");
		code = try_code(cli, args, &in, ret, &again);
	} while (code && again && !from_stdin && cli_can_ask());
	return code;
}
