/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_mfa.h"
#include "libpromo/api/op_system.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"
#include "promo-cli/second_factor.h"

/* login, logout, whoami. */

static const char *full_name(struct promo_arena *arena, const struct promo_user *user)
{
	const char *name = promo_arena_printf(arena, "%s %s",
		user->first_name ? user->first_name : "", user->last_name ? user->last_name : "");

	return cli_clean(arena, name);
}

static bool password_from_stdin(const struct cli_args *args)
{
	const struct promo_field *password = promo_schema_field(args->cmd.op->in, "password");

	for (size_t i = 0; i < args->given_count; i++)
		if (args->given[i].option->field == password)
			return true;
	return false;
}

/* The password, and the code of a second factor where one is asked for. */
static int sign_in(struct cli *cli, const struct cli_args *args, void *in, struct promo_reply *ret)
{
	struct promo_reply first;
	int r, code;

	code = cli_try(cli, args, args->cmd.op, in, cli->arena, ret, &r);
	if (code || !r)
		return code;
	if (r != PROMO_E_MFA_REQUIRED)
		return cli_fail(cli, args, args->cmd.op, r, ret);
	first = *ret;
	return cli_second_factor(cli, args, &first.problem, password_from_stdin(args), ret);
}

/* Whose shop it is, as its server says: "MBELYCO (https://promo.example.com)". No reason to fail. */
static const char *shop(struct cli *cli)
{
	const char *server = cli_clean(cli->arena, cli->server), *text = NULL;
	const struct promo_version_answer *answer;
	struct promo_reply reply = { 0 };

	if (promo_client_call(
		    cli->client, &promo_op_server_version, NULL, NULL, cli->arena, &reply))
		return server;
	answer = reply.out;
	if (answer && answer->company_name)
		text = promo_arena_printf(
			cli->arena, "%s (%s)", cli_clean(cli->arena, answer->company_name), server);
	return text ? text : server;
}

/* Where nobody can be asked it is only said. */
static int lead_to_enrolment(struct cli *cli, const struct cli_args *args)
{
	struct promo_problem problem = { 0 };
	int r;

	if (!cli_can_ask() || cli->json || password_from_stdin(args)) {
		cli_say(&cli->out,
			"a second factor has to be enrolled before anything else: promo me "
			"mfa-totp, mfa-email or mfa-sms");
		return CLI_DONE;
	}
	r = promo_client_set_token(cli->client, cli->profile.token);
	return r ? cli_fail_here(cli, args, r, &problem) : cli_enrol(cli, args);
}

static int login_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_login_answer *answer;
	struct promo_login_in *login;
	struct promo_reply reply;
	void *in;
	int r, method, code = cli_mfa_method(cli, args, &method);

	if (!code)
		code = cli_connect(cli, args->cmd.op, args);
	if (code)
		return code;
	if (promo_client_is_clear(cli->client))
		cli_say(&cli->out, "warning: what goes to %s can be read by everybody on the way",
			cli_clean(cli->arena, cli->server));
	code = cli_input(cli, args, &in);
	if (!code)
		code = sign_in(cli, args, in, &reply);
	if (code)
		return code;
	login = in;
	answer = reply.out;
	cli->profile.token = answer->token;
	cli->profile.user = login->identifier;
	cli->profile.server = cli->server;
	r = promo_profile_save(&cli->profile, cli->arena, &reply.problem);
	if (r)
		return cli_fail_here(cli, args, r, &reply.problem);
	cli_say(&cli->out, "%s signed in to %s as %s, until %s at the latest",
		cli_symbol(&cli->out, CLI_GOOD), shop(cli), full_name(cli->arena, answer->user),
		cli_time(cli->arena, answer->expires_at));
	return answer->mfa_enrolment_required ? lead_to_enrolment(cli, args) : CLI_DONE;
}

const struct cli_cmd cli_cmd_login = {
	.name = "login",
	.op = &promo_op_auth_login,
	.goes_on = { &promo_op_auth_mfa, &promo_op_auth_mfa_send, &promo_op_me_mfa_totp,
		&promo_op_me_mfa_totp_confirm },
	.summary = "Sign in and keep the session for this user of this machine",
	.text = "The password is asked for, or read from standard input; it is never an argument. "
		"Where a second factor is enrolled its code is asked for as well, or read from the "
		"second line: of the authenticator app, sent by e-mail or SMS at that moment, or a "
		"recovery code. "
		"Who has to have one and has none is led through the enrolment of an app. "
		"The session is kept in a file that only you can read, one for each profile. "
		"Who forgot his password has an administrator make a token (promo user "
		"password-reset) and sets another with it: promo auth password-reset.",
	.examples = "promo login --server https://promo.example.com --user aline@example.com\n"
		    "promo login --user 0788123456 --password-stdin < password-file\n"
		    "promo login --user aline@example.com --mfa-method email",
	.options = { CLI_OPT_MFA_METHOD },
	.asks = "identifier",
	.asks_prompt = "E-mail address or phone number: ",
	.run = login_run,
};

static int logout_run(struct cli *cli, const struct cli_args *args)
{
	struct promo_reply reply = { 0 };
	int r, code;

	if (!cli->profile.token) {
		cli_say(&cli->out, "nobody is signed in");
		return CLI_DONE;
	}
	if (!args->own[CLI_OPT_LOCAL]) {
		code = cli_connect(cli, args->cmd.op, args);
		if (code)
			return code;
		r = promo_client_call(cli->client, args->cmd.op, NULL, NULL, cli->arena, &reply);
		/* A session that is over already is what was asked for. */
		if (r && r != PROMO_E_UNAUTHENTICATED && r != PROMO_E_SESSION_EXPIRED) {
			code = cli_fail(cli, args, args->cmd.op, r, &reply);
			cli_say(&cli->out, "promo logout --local forgets the session here only");
			return code;
		}
	}
	r = promo_profile_forget(&cli->profile, cli->arena, &reply.problem);
	if (r)
		return cli_fail_here(cli, args, r, &reply.problem);
	cli_say(&cli->out, "%s signed out", cli_symbol(&cli->out, CLI_GOOD));
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_logout = {
	.name = "logout",
	.op = &promo_op_auth_logout,
	.summary = "End the session and forget it here",
	.examples = "promo logout",
	.options = { CLI_OPT_LOCAL },
	.run = logout_run,
};

static const char *role_names(struct promo_arena *arena, const struct promo_user *user)
{
	const struct promo_ref *roles = user->roles.items;
	const char *text = "";

	for (size_t i = 0; text && i < user->roles.count; i++)
		text = promo_arena_printf(arena, "%s%s%s", text, i ? ", " : "", roles[i].name);
	return text;
}

static void print_user(struct cli *cli, const struct promo_user *user)
{
	cli_putf(&cli->out, "%s\n", full_name(cli->arena, user));
	cli_print_pair(&cli->out, cli->arena, "id", user->id);
	cli_print_pair(&cli->out, cli->arena, "e-mail", user->email);
	cli_print_pair(&cli->out, cli->arena, "phone", user->phone_number);
	cli_print_pair(&cli->out, cli->arena, "roles", role_names(cli->arena, user));
	cli_print_pair(&cli->out, cli->arena, "server", cli->server);
}

/* A key has no session to show. */
static int whoami_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_session_answer *answer;
	const struct promo_texts *may;
	const struct promo_user *user;
	struct promo_reply reply;
	int code = cli_connect(cli, args->cmd.op, args);

	if (!code)
		code = cli_send(cli, args, cli->has_key ? &promo_op_me_show : args->cmd.op, NULL,
			cli->arena, &reply);
	if (code)
		return code;
	if (cli->json) {
		cli_answer(cli, &reply, NULL, NULL);
		return CLI_DONE;
	}
	answer = reply.out;
	user = cli->has_key ? reply.out : answer->user;
	may = cli->has_key ? &user->permissions : &answer->permissions;
	print_user(cli, user);
	if (cli->has_key)
		cli_print_pair(&cli->out, cli->arena, "by", "an API key");
	else if (answer->session)
		cli_print_pair(&cli->out, cli->arena, "until",
			cli_time(cli->arena, answer->session->expires_at));
	for (size_t i = 0; i < may->count; i++)
		cli_print_pair(&cli->out, cli->arena, i ? "" : "may", may->items[i]);
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_whoami = {
	.name = "whoami",
	.op = &promo_op_auth_session,
	.replaces = true,
	.prints = &promo_user_schema,
	.summary = "Show who is signed in, where, and with which permissions",
	.examples = "promo whoami",
	.run = whoami_run,
};
