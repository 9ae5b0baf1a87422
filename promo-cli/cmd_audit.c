/* SPDX-License-Identifier: MIT */
#include "promo-cli/audit.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_system.h"
#include "libpromo/base/buffer.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/table.h"

/* promo audit verify: by the server, or here, from an export and a public key. */

enum {
	ANSWER_BYTES_MAX = 1024 * 1024 /* it names 1000 problems at most */
};

static int take(void *context, const void *bytes, size_t size)
{
	struct promo_buffer *text = context;

	promo_buffer_append(text, bytes, size);
	return text->error ? PROMO_E_INTERNAL : 0;
}

static int ask_server(struct cli *cli, const struct cli_args *args, const char **ret_json,
	struct promo_audit_verification *ret)
{
	struct promo_buffer text = PROMO_BUFFER(cli->arena, ANSWER_BYTES_MAX);
	struct promo_download download;
	struct promo_reply reply = { 0 };
	void *in;
	int r, code = cli_begin(cli, args, &in);

	if (code)
		return code;
	r = promo_client_download(
		cli->client, args->cmd.op, in, take, &text, cli->arena, &reply, &download);
	if (r)
		return cli_fail(cli, args, args->cmd.op, r, &reply);
	r = promo_buffer_end(&text, ret_json);
	if (!r)
		r = promo_decode_output(
			&promo_audit_verification_schema, *ret_json, cli->arena, ret);
	return r ? cli_fail_here(cli, args, r, &reply.problem) : CLI_DONE;
}

static int print(struct cli *cli, const struct promo_audit_verification *verification)
{
	struct cli_table table;

	if (verification->ok && !verification->sealed_until) {
		cli_say(&cli->out, "nothing is sealed yet");
		return CLI_DONE;
	}
	if (verification->ok) {
		cli_say(&cli->out,
			"%s %s sealed entries are as they were written; the last seal is of %s",
			cli_symbol(&cli->out, CLI_GOOD),
			cli_number(cli->arena, verification->entries),
			cli_time(cli->arena, verification->sealed_until));
		if (verification->dropped_until)
			cli_say(&cli->out,
				"entries sealed until %s may have been dropped, being old",
				cli_time(cli->arena, verification->dropped_until));
		return CLI_DONE;
	}
	cli_table_init(&table, &cli->out, &promo_audit_problem_schema, NULL, cli->arena);
	cli_table_add(
		&table, verification->problems.items, verification->problems.count, cli->arena);
	cli_table_end(&table);
	cli_complain(&cli->out,
		"the audit trail is not as it was written: %zu problems, and %s entries that are",
		verification->problems.count, cli_number(cli->arena, verification->entries));
	return CLI_FAILED;
}

static int verify_run(struct cli *cli, const struct cli_args *args)
{
	struct promo_audit_verification verification = { 0 };
	const char *json = NULL;
	int code;

	if (args->own[CLI_OPT_FILE])
		code = cli_audit_verify_file(cli, args, &verification, &json);
	else if (args->own[CLI_OPT_PUBLIC_KEY] || args->own[CLI_OPT_SEALS_LOG]) {
		cli_complain(&cli->out, "--public-key and --seals-log go with --file: the server "
					"checks with its own");
		code = CLI_USAGE;
	} else
		code = ask_server(cli, args, &json, &verification);
	if (code)
		return code;
	if (!cli->json)
		return print(cli, &verification);
	cli_format_object(cli, &promo_audit_verification_schema, &verification, json);
	return verification.ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_cmd cli_cmd_audit_verify = {
	.name = "audit verify",
	.op = &promo_op_audit_verify,
	.replaces = true,
	.prints = &promo_audit_verification_schema,
	.text = "The server compares every entry with the seal that closed it. With --file it is "
		"done here, without a server, from what promo audit export --seals wrote: the "
		"public "
		"key has to come from elsewhere, and a copy of seals.log shows what was cut off at "
		"the "
		"end. Ends with 1 where something is wrong.",
	.examples = "promo audit verify\n"
		    "promo audit verify --file trail.ndjson --public-key audit.pub",
	.options = { CLI_OPT_FILE, CLI_OPT_PUBLIC_KEY, CLI_OPT_SEALS_LOG },
	.run = verify_run,
};
