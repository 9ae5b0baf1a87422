/* SPDX-License-Identifier: MIT */
#include "promo-cli/second_factor.h"

#include <string.h>

#include "libpromo/api/op_mfa.h"
#include "libpromo/rules/mfa.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"

struct question {
	const struct promo_mfa_member *member;
	int method; /* enum promo_mfa_method: which code is asked for */
	bool from_stdin;
};

/* What a person is asked for, and where a code that is sent goes. */
static const struct {
	const char *prompt, *where;
} ways[] = {
	[PROMO_MFA_AUTHENTICATOR_APP] = { "Code of the authenticator app", NULL },
	[PROMO_MFA_EMAIL] = { "Code from the e-mail", "your e-mail address" },
	[PROMO_MFA_SMS] = { "Code from the text message", "your phone" },
	[PROMO_MFA_RECOVERY_CODE] = { "Recovery code", NULL },
};

static int known_method(const char *word)
{
	int method = promo_word_value(&promo_mfa_method_words, word);

	return method > 0 && (size_t)method < PROMO_COUNT(ways) ? method : 0;
}

static bool has_method(const struct promo_mfa_member *member, int method)
{
	for (size_t i = 0; i < member->methods.count; i++)
		if (known_method(member->methods.items[i]) == method)
			return true;
	return false;
}

int cli_mfa_method(struct cli *cli, const struct cli_args *args, int *ret)
{
	const char *word = args->own[CLI_OPT_MFA_METHOD];
	int method = word ? known_method(word) : 0;

	if (word && !method) {
		cli_complain(&cli->out,
			"--mfa-method: '%s' is no method that there is; authenticator_app, email, "
			"sms and recovery_code are",
			cli_clean(cli->arena, word));
		return CLI_USAGE;
	}
	*ret = method;
	return CLI_DONE;
}

static const char *method_names(struct cli *cli, const struct promo_mfa_member *member, int without)
{
	const char *text = "";

	for (size_t i = 0; text && i < member->methods.count; i++)
		if (known_method(member->methods.items[i]) != without)
			text = promo_arena_printf(cli->arena, "%s%s%s", text, *text ? ", " : "",
				cli_clean(cli->arena, member->methods.items[i]));
	return text ? text : "";
}

/* The one that was asked for, else the best that this program knows. */
static int choose(struct cli *cli, struct question *question, int wanted)
{
	const struct promo_mfa_member *member = question->member;

	question->method = wanted;
	for (size_t i = 0; !question->method && i < member->methods.count; i++)
		question->method = known_method(member->methods.items[i]);
	if (question->method && has_method(member, question->method))
		return CLI_DONE;
	cli_complain(&cli->out, "the code of this sign-in can be of: %s",
		method_names(cli, member, /* without= */ -1));
	return CLI_NOT_SIGNED_IN;
}

/* Has the code sent. Where the server does not send another so soon, the one before is still good. */
static int send_code(struct cli *cli, const struct cli_args *args, const struct question *question)
{
	const struct promo_op *op = &promo_op_auth_mfa_send;
	struct promo_mfa_send_in in = { .method = question->method };
	struct promo_reply reply;
	int r, code;

	if (!ways[question->method].where)
		return CLI_DONE;
	cli_put_text(op->in, &in, "mfa_token", question->member->mfa_token);
	cli_mark(op->in, &in, "method");
	code = cli_try(cli, args, op, &in, cli->arena, &reply, &r);
	if (code)
		return code;
	if (r == PROMO_E_TOO_MANY_REQUESTS) {
		(void)cli_fail(cli, args, op, r, &reply);
		cli_say(&cli->out, "the last code that was sent is good for ten minutes");
		return CLI_DONE;
	}
	if (r)
		return cli_fail(cli, args, op, r, &reply);
	cli_say(&cli->out, "a code is on its way to %s", ways[question->method].where);
	return CLI_DONE;
}

static const char *prompt_of(struct cli *cli, const struct question *question)
{
	const char *others = method_names(cli, question->member, question->method);
	const char *text =
		promo_arena_printf(cli->arena, "%s%s%s%s: ", ways[question->method].prompt,
			*others ? " (another way: " : "", others, *others ? ")" : "");

	return text ? text : "Code: ";
}

static int get_line(struct cli *cli, const struct question *question, const char **ret)
{
	if (!question->from_stdin && cli_can_ask())
		return cli_ask(cli, prompt_of(cli, question), ret);
	if (question->from_stdin && !cli_read_line(cli, "the code of the second factor", ret))
		return CLI_DONE;
	cli_complain(&cli->out, "a second factor is needed to sign in");
	cli_say(&cli->out, "with --password-stdin its code is the second line of standard input");
	return CLI_NOT_SIGNED_IN;
}

/* A code. Whoever types the name of a method instead goes on with that one. */
static int get_code(
	struct cli *cli, const struct cli_args *args, struct question *question, const char **ret)
{
	for (;;) {
		int method, code = get_line(cli, question, ret);

		if (code || question->from_stdin)
			return code;
		method = known_method(*ret);
		if (!method || !has_method(question->member, method))
			return CLI_DONE;
		question->method = method;
		code = send_code(cli, args, question);
		if (code)
			return code;
	}
}

/* A recovery code is known by its form, whatever was asked for. */
static int method_of(const struct question *question, const char *code)
{
	char read[PROMO_RECOVERY_SIZE];

	return promo_recovery_code_read(code, read) == 0 ? PROMO_MFA_RECOVERY_CODE
							 : question->method;
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
	struct question question = { .member = problem->members, .from_stdin = from_stdin };
	struct promo_mfa_in in = { 0 };
	bool again = false;
	int code, wanted;

	if (problem->member_schema != &promo_mfa_member_schema || !question.member->mfa_token) {
		cli_complain(&cli->out, "the server asks for a second factor and does not say how");
		return CLI_FAILED;
	}
	code = cli_mfa_method(cli, args, &wanted);
	if (!code)
		code = choose(cli, &question, wanted);
	if (!code)
		code = send_code(cli, args, &question);
	if (code)
		return code;
	do {
		const char *text;

		again = false;
		code = get_code(cli, args, &question, &text);
		if (code)
			return code;
		in = (struct promo_mfa_in){ .method = method_of(&question, text) };
		cli_put_text(promo_op_auth_mfa.in, &in, "mfa_token", question.member->mfa_token);
		cli_put_text(promo_op_auth_mfa.in, &in, "code", text);
		cli_mark(promo_op_auth_mfa.in, &in, "method");
		code = try_code(cli, args, &in, ret, &again);
	} while (code && again && !from_stdin && cli_can_ask());
	return code;
}
