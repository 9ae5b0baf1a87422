/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_customer.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/prompt.h"

/* Who erases a customer is asked once more, by name: there is no way back. */

/* As he is known; his id where who asks may not see customers. */
static const char *called(struct cli *cli, const char *id)
{
	const struct promo_id_in in = { .id = id };
	struct promo_reply reply = { 0 };
	const struct promo_customer *customer;
	const char *name;

	if (promo_client_call(cli->client, &promo_op_customer_show, &in, NULL, cli->arena, &reply))
		return id;
	customer = reply.out;
	if (!customer->phone_number)
		return id;
	name = promo_arena_printf(cli->arena, "%s %s (%s)",
		customer->first_name ? customer->first_name : "",
		customer->last_name ? customer->last_name : "", customer->phone_number);
	return name ? name : id;
}

static int make_sure(struct cli *cli, const char *id, bool *ret)
{
	const char *prompt = NULL;

	if (cli_can_ask())
		prompt = promo_arena_printf(cli->arena, "Erase what names %s for good? Type yes: ",
			cli_clean(cli->arena, called(cli, id)));
	return cli_make_sure(
		cli, prompt ? prompt : "Erase this customer for good? Type yes: ", "yes", ret);
}

static int erase_run(struct cli *cli, const struct cli_args *args)
{
	const struct promo_customer_erase_in *in;
	struct promo_reply reply;
	bool sure = args->own[CLI_OPT_YES] != NULL;
	void *given;
	int code = cli_begin(cli, args, &given);

	if (code)
		return code;
	in = given;
	if (!sure)
		code = make_sure(cli, in->id, &sure);
	if (code)
		return code;
	if (!sure) {
		cli_say(&cli->out, "nothing was changed");
		return CLI_FAILED;
	}
	code = cli_send(cli, args, args->cmd.op, given, cli->arena, &reply);
	if (!code && !cli->json)
		cli_say(&cli->out, "%s erased", cli_symbol(&cli->out, CLI_GOOD));
	return code;
}

const struct cli_cmd cli_cmd_customer_erase = {
	.name = "customer erase",
	.op = &promo_op_customer_erase,
	.replaces = true,
	.text = "Redemptions stay, with amount and time. The reason stays in the audit trail: name "
		"nobody in it.",
	.examples = "promo customer erase 0190a1b2-... --reason 'asked for by letter'\n"
		    "promo customer erase 0190a1b2-... --reason 'asked for by letter' --yes",
	.options = { CLI_OPT_YES },
	.run = erase_run,
};
