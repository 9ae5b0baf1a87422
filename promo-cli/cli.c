/* SPDX-License-Identifier: MIT */
#include "promo-cli/cli.h"

#include <string.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/base/error.h"
#include "promo-cli/args.h"
#include "promo-cli/fail.h"
#include "promo-cli/help.h"
#include "promo-cli/keep.h"
#include "promo-cli/key.h"

enum {
	CALL_TIMEOUT_MS = 30000
};

static const char *first_said(const char *a, const char *b, const char *c)
{
	if (a && *a)
		return a;
	return b && *b ? b : c;
}

/* Equal addresses have to be equal texts: the token goes to no other. */
static const char *without_slash(struct promo_arena *arena, const char *server)
{
	size_t length = strlen(server);

	while (length > 0 && server[length - 1] == '/')
		length--;
	return promo_arena_strndup(arena, server, length);
}

/* A key is for the server that is named beside it. */
static int find_token(struct cli *cli, const struct promo_op *op, const char *key, const char **ret)
{
	const char *token = key ? key : cli->profile.token;
	bool is_ours = key || (token && strcmp(cli->profile.server, cli->server) == 0);

	*ret = is_ours && op->access != PROMO_ACCESS_PUBLIC ? token : NULL;
	if (is_ours || op->access == PROMO_ACCESS_PUBLIC)
		return CLI_DONE;
	if (token)
		cli_complain(&cli->out, "the session of profile '%s' is one of %s, not of %s",
			cli->profile.name, cli_clean(cli->arena, cli->profile.server),
			cli_clean(cli->arena, cli->server));
	else
		cli_complain(&cli->out, "nobody is signed in");
	cli_say(&cli->out, "sign in: promo login --server %s --user E-MAIL-OR-PHONE",
		cli_clean(cli->arena, cli->server));
	return CLI_NOT_SIGNED_IN;
}

int cli_connect(struct cli *cli, const struct promo_op *op, const struct cli_args *args)
{
	struct promo_client_config config = {
		.user_agent = "promo/" PROMO_VERSION,
		.connect_timeout_ms = cli->patience_ms,
		.timeout_ms = cli->patience_ms ? cli->patience_ms : CALL_TIMEOUT_MS,
		.impatient = cli->patience_ms > 0,
		.ca_file = first_said(args->own[CLI_OPT_CA_FILE], cli->env.ca_file, NULL),
	};
	const char *server =
		first_said(args->own[CLI_OPT_SERVER], cli->env.server, cli->profile.server);
	struct promo_problem problem = { 0 };
	const char *key = NULL;
	int r, code;

	if (cli->client)
		return CLI_DONE;
	if (op->access != PROMO_ACCESS_PUBLIC && op != &promo_op_auth_logout) {
		code = cli_key(cli, args, &key);
		if (code)
			return code;
		cli->has_key = key;
	}
	if (!server) {
		cli_complain(&cli->out, "no server is named");
		cli_say(&cli->out,
			"sign in: promo login --server URL --user E-MAIL-OR-PHONE, or set "
			"PROMO_SERVER");
		return op->access == PROMO_ACCESS_PUBLIC ? CLI_USAGE : CLI_NOT_SIGNED_IN;
	}
	cli->server = without_slash(cli->arena, server);
	code = find_token(cli, op, key, &config.token);
	if (code)
		return code;
	config.server = cli->server;
	r = promo_client_new(&config, &cli->client);
	if (r > 0) {
		cli_complain(&cli->out,
			"'%s' is no address of a server: http(s)://host[:port] or "
			"unix:/path",
			cli_clean(cli->arena, cli->server));
		return CLI_USAGE;
	}
	if (r)
		return cli_fail_here(cli, args, r, &problem);
	if (key && promo_client_is_clear(cli->client))
		cli_say(&cli->out, "warning: the API key can be read by everybody on the way to %s",
			cli_clean(cli->arena, cli->server));
	return CLI_DONE;
}

/* Of the program, or of the noun that was given without a verb. */
static void help_without_command(
	const struct cli_out *out, const struct cli_args *args, struct promo_arena *arena)
{
	if (args->word_count)
		cli_help_noun(out, args->words[0], arena);
	else
		cli_help_program(out, arena);
}

/* No command: the help that was asked for, or the same as a complaint. */
static int no_command(struct cli *cli, const struct cli_args *args)
{
	struct cli_out complaint = cli->out;

	if (args->own[CLI_OPT_VERSION]) {
		cli_putf(&cli->out, "promo %s\n", PROMO_VERSION);
		return CLI_DONE;
	}
	if (args->own[CLI_OPT_HELP]) {
		help_without_command(&cli->out, args, cli->arena);
		return CLI_DONE;
	}
	complaint.data = complaint.talk;
	complaint.data_terminal = complaint.talk_terminal;
	help_without_command(&complaint, args, cli->arena);
	return CLI_USAGE;
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct promo_problem problem = { 0 };
	int r, code = cli_format_take(cli, args);

	if (code)
		return code;
	r = promo_profile_load(&cli->env.home,
		first_said(args->own[CLI_OPT_PROFILE], cli->env.profile, NULL), cli->arena,
		&problem, &cli->profile);
	if (r)
		return cli_fail_here(cli, NULL, r, &problem);
	code = args->cmd.run(cli, args);
	return code == CLI_NOT_SENT ? CLI_DONE : code;
}

int cli_main(struct cli *cli, int argc, char **argv)
{
	struct cli_args args;
	bool named;
	int code = cli_args_parse(cli, argc, argv, &args, &named);

	if (code)
		return code;
	cli->verbose = args.own[CLI_OPT_VERBOSE];
	cli->no_pager = args.own[CLI_OPT_NO_PAGER];
	if (args.own[CLI_OPT_NO_COLOR])
		cli->out.colour = false;
	if (!named || args.own[CLI_OPT_VERSION])
		code = no_command(cli, &args);
	else if (args.own[CLI_OPT_HELP])
		cli_help_command(&cli->out, &args.cmd, cli->arena);
	else
		code = run(cli, &args);
	if (cli->format.broken && code == CLI_DONE)
		code = CLI_FAILED;
	if (cli_flush(&cli->out)) {
		if (!cli->format.broken)
			cli_kept_told(cli);
	} else if (code == CLI_DONE) {
		cli_complain(&cli->out, "the output could not be written");
		code = CLI_FAILED;
	}
	return code;
}
