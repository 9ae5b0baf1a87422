/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_password_reset.h"
#include "libpromo/api/op_user.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/prompt.h"
#include "promo-cli/sure.h"

/* Who deletes a user is asked once more, by name: there is no way back (PRD, User Management). Who has a token
 * made for one is shown it, which no other answer with a secret does. */

/* As he is known; his id where who asks may not see users. */
static const char *called(struct cli *cli, const char *id)
{
	const struct promo_id_in in = { .id = id };
	struct promo_reply reply = { 0 };
	const struct promo_user *user;
	const char *name;

	if (promo_client_call(cli->client, &promo_op_user_show, &in, NULL, cli->arena, &reply))
		return id;
	user = reply.out;
	name = promo_arena_printf(cli->arena, "%s %s (%s)", user->first_name, user->last_name,
		user->email ? user->email : user->phone_number);
	return name ? name : id;
}

static int make_sure(struct cli *cli, const void *in, bool *ret)
{
	const char *id = ((const struct promo_id_in *)in)->id;
	const char *prompt = NULL;

	if (cli_can_ask())
		prompt = promo_arena_printf(cli->arena,
			"Delete %s for good, with all that is personal? Type yes: ",
			cli_clean(cli->arena, called(cli, id)));
	return cli_make_sure(
		cli, prompt ? prompt : "Delete this user for good? Type yes: ", "yes", ret);
}

static int delete_run(struct cli *cli, const struct cli_args *args)
{
	return cli_send_if_sure(cli, args, make_sure, "done");
}

const struct cli_cmd cli_cmd_user_delete = {
	.name = "user delete",
	.op = &promo_op_user_delete,
	.replaces = true,
	.text = "History keeps pointing at a deleted user, without his name.",
	.examples = "promo user delete aline@example.com\n"
		    "promo user delete aline@example.com --yes",
	.options = { CLI_OPT_YES },
	.run = delete_run,
};

#define T struct promo_password_reset
static const struct promo_field shown_fields[] = {
	PROMO_F_TEXT(T, token, TEXT, 0, 0, PROMO_NULLABLE, "for the user"),
	PROMO_F_TIME(T, expires_at, 0, "until when it works"),
	PROMO_F_BOOL(T, mailed, 0, "whether he is told by mail as well"),
};
static const struct promo_schema shown = PROMO_SCHEMA(T, "password_reset", shown_fields);
#undef T

static int password_reset_run(struct cli *cli, const struct cli_args *args)
{
	struct promo_reply reply;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	cli_answer(cli, &reply, &shown, reply.out);
	cli_say(&cli->out, "with the token the user sets a password: promo auth password-reset");
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_user_password_reset = {
	.name = "user password-reset",
	.op = &promo_op_user_password_reset,
	.replaces = true,
	.text = "The token is shown here, once, and mailed to the user where a mail server is set "
		"up. He "
		"signs in as before until he has set another password with it.",
	.examples = "promo user password-reset aline@example.com",
	.run = password_reset_run,
};
