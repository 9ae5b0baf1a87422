/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_batch_change.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/prompt.h"
#include "promo-cli/sure.h"

/* Who deletes a batch types its name once more: its codes go with it, be they a million in print. */

/* As it is known, with its codes; NULL where who asks may not see it. */
static const struct promo_batch *look(struct cli *cli, const char *id)
{
	const struct promo_id_in in = { .id = id };
	struct promo_reply reply = { 0 };

	if (promo_client_call(cli->client, &promo_op_batch_show, &in, NULL, cli->arena, &reply))
		return NULL;
	return reply.out;
}

static int make_sure(struct cli *cli, const void *in, bool *ret)
{
	const char *id = ((const struct promo_id_in *)in)->id;
	const struct promo_batch *batch = cli_can_ask() ? look(cli, id) : NULL;
	const char *name = batch ? cli_clean(cli->arena, batch->batch_name) : id;
	const char *prompt = NULL;

	if (batch)
		prompt = promo_arena_printf(cli->arena,
			"Delete %s and its %s codes for good? Type its name: ", name,
			cli_number(cli->arena, batch->total_codes));
	return cli_make_sure(
		cli, prompt ? prompt : "Delete this batch for good? Type its id: ", name, ret);
}

static int delete_run(struct cli *cli, const struct cli_args *args)
{
	return cli_send_if_sure(cli, args, make_sure, "done");
}

const struct cli_cmd cli_cmd_batch_delete = {
	.name = "batch delete",
	.op = &promo_op_batch_delete,
	.replaces = true,
	.text = "Its codes are gone for good, also those in print.",
	.examples = "promo batch delete BATCH_TRIAL\n"
		    "promo batch delete BATCH_TRIAL --yes",
	.options = { CLI_OPT_YES },
	.run = delete_run,
};
