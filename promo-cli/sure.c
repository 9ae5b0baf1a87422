/* SPDX-License-Identifier: MIT */
#include "promo-cli/sure.h"

#include "promo-cli/call.h"
#include "promo-cli/fail.h"

int cli_send_if_sure(
	struct cli *cli, const struct cli_args *args, cli_make_sure_fn *make_sure, const char *done)
{
	struct promo_reply reply;
	bool sure = args->own[CLI_OPT_YES] || args->own[CLI_OPT_DRY_RUN];
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code && !sure)
		code = make_sure(cli, in, &sure);
	if (code)
		return code;
	if (!sure) {
		cli_say(&cli->out, "nothing was changed");
		return CLI_FAILED;
	}
	code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (!code && !cli->json)
		cli_say(&cli->out, "%s %s", cli_symbol(&cli->out, CLI_GOOD), done);
	return code;
}
