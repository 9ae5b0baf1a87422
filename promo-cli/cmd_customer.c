/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_customer.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/prompt.h"
#include "promo-cli/sure.h"

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

static int make_sure(struct cli *cli, const void *in, bool *ret)
{
	const char *id = ((const struct promo_customer_erase_in *)in)->id;
	const char *prompt = NULL;

	if (cli_can_ask())
		prompt = promo_arena_printf(cli->arena, "Erase what names %s for good? Type yes: ",
			cli_clean(cli->arena, called(cli, id)));
	return cli_make_sure(
		cli, prompt ? prompt : "Erase this customer for good? Type yes: ", "yes", ret);
}

static int erase_run(struct cli *cli, const struct cli_args *args)
{
	return cli_send_if_sure(cli, args, make_sure, "erased");
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
