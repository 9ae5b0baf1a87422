/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/open.h"
#include "promo-cli/settings.h"
#include "promo-cli/table.h"

/* export, import and diff: all settings as a file. */

enum {
	FILE_BYTES_MAX = 1024 * 1024, /* many times what all settings need */
	DIFFERENT = 1                 /* as diff(1) ends */
};

static int export_run(struct cli *cli, const struct cli_args *args)
{
	struct promo_reply reply;
	const char *text;
	void *in;
	int r, code = cli_begin(cli, args, &in);

	if (!code)
		code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);
	if (code)
		return code;
	r = promo_encode_indented(reply.json, cli->arena, &text);
	if (r)
		return cli_fail_here(cli, args, r, &reply.problem);
	if (cli->json)
		cli_answer(cli, &reply, NULL, NULL);
	else
		cli_put_json(&cli->out, cli->arena, text);
	return CLI_DONE;
}

const struct cli_cmd cli_cmd_settings_export = {
	.name = "settings export",
	.op = &promo_op_settings_export,
	.replaces = true,
	.text = "It is JSON, on standard output, without passwords: these are no settings. This "
		"version and later ones import it.",
	.examples = "promo settings export > settings.json",
	.run = export_run,
};

static int read_file(struct cli *cli, const struct cli_args *args, const char *path,
	const char **ret, size_t *ret_size)
{
	struct promo_buffer text = PROMO_BUFFER(cli->arena, FILE_BYTES_MAX);
	struct promo_problem problem = { 0 };
	char bytes[4096];
	ssize_t count;
	int fd = -1, code = cli_open(cli, path, &fd);

	if (code)
		return code;
	do {
		count = read(fd, bytes, sizeof(bytes));
		if (count > 0)
			promo_buffer_append(&text, bytes, (size_t)count);
	} while ((count > 0 && !text.error) || (count < 0 && errno == EINTR));
	if (count < 0)
		cli_complain(&cli->out, "could not read %s: %s", cli_clean(cli->arena, path),
			strerror(errno));
	cli_close(fd);
	if (count < 0)
		return CLI_FAILED;
	*ret_size = text.size;
	if (promo_buffer_end(&text, ret) == 0)
		return CLI_DONE;
	return cli_fail_here(cli, args,
		promo_refuse(&problem, cli->arena, PROMO_E_INVALID_INPUT,
			"%s is too large for a file of settings", path),
		&problem);
}

static int take_file(struct cli *cli, const struct cli_args *args, const char *path, bool dry_run,
	struct promo_settings_import_in *ret)
{
	static const struct promo_decode_env env = { .country_code = "" };
	const struct promo_op *op = &promo_op_settings_import;
	struct promo_problem problem = { 0 };
	struct promo_input input = { 0 };
	int r, code = read_file(cli, args, path, &input.body, &input.body_size);

	if (code)
		return code;
	r = promo_decode_input(op, &input, &env, cli->arena, &problem, ret);
	if (r == PROMO_E_MALFORMED_REQUEST) {
		cli_complain(&cli->out, "%s is no file of settings: %s",
			cli_clean(cli->arena, path),
			problem.detail ? cli_clean(cli->arena, problem.detail)
				       : "it has to be JSON, as promo settings export writes it");
		return cli_exit_code(PROMO_E_INVALID_INPUT);
	}
	if (r) {
		cli_settings_name_fields(&problem, "", cli->arena);
		return cli_fail_here(cli, args, r, &problem);
	}
	if (dry_run)
		cli_put_true(op->in, ret, "dry_run");
	return CLI_DONE;
}

static int print_changes(
	struct cli *cli, const char *path, const struct promo_settings_changed *changed)
{
	struct cli_table table;

	cli_table_init(&table, &cli->out, &promo_setting_change_schema, NULL, cli->arena);
	if (changed->changes.count)
		cli_table_add(&table, changed->changes.items, changed->changes.count, cli->arena);
	cli_table_end(&table);
	for (size_t i = 0; i < changed->unknown.count; i++)
		cli_say(&cli->out, "%s the server does not know %s; it is left out",
			cli_symbol(&cli->out, CLI_WARN),
			cli_clean(cli->arena, changed->unknown.items[i]));
	if (!changed->changes.count)
		cli_say(&cli->out, "the settings are as %s says", cli_clean(cli->arena, path));
	else if (changed->applied)
		cli_say(&cli->out, "%s changed: %s; promo settings snapshots has what was before",
			cli_symbol(&cli->out, CLI_GOOD),
			cli_number(cli->arena, (int64_t)changed->changes.count));
	else
		cli_say(&cli->out, "would change: %s",
			cli_number(cli->arena, (int64_t)changed->changes.count));
	return CLI_DONE;
}

/* Asks the server what the file changes, or has it do so. */
static int compare(struct cli *cli, const struct cli_args *args, bool dry_run, bool *ret_different)
{
	const struct promo_op *op = &promo_op_settings_import;
	const char *path = args->word_count ? args->words[0] : NULL;
	struct promo_settings_import_in in;
	struct promo_call call = { 0 };
	struct promo_reply reply = { 0 };
	const struct promo_settings_changed *changed;
	int r, code;

	if (!path) {
		cli_complain(&cli->out, "FILE is missing: one that promo settings export wrote");
		return CLI_USAGE;
	}
	code = take_file(cli, args, path, dry_run, &in);
	if (!code)
		code = cli_connect(cli, op, args);
	if (code)
		return code;
	r = promo_client_call(cli->client, op, &in, &call, cli->arena, &reply);
	cli_settings_name_fields(&reply.problem, "", cli->arena);
	if (r)
		return cli_fail(cli, args, op, r, &reply);
	changed = reply.out;
	*ret_different = changed->changes.count > 0;
	if (!cli->json)
		return print_changes(cli, path, changed);
	cli_answer(cli, &reply, NULL, NULL);
	return CLI_DONE;
}

static int import_run(struct cli *cli, const struct cli_args *args)
{
	bool different;

	return compare(cli, args, args->own[CLI_OPT_DRY_RUN], &different);
}

const struct cli_cmd cli_cmd_settings_import = {
	.name = "settings import",
	.op = &promo_op_settings_import,
	.replaces = true,
	.own_input = true,
	.summary = "Import settings from a file, or see what that would change",
	.text = "FILE is what promo settings export wrote, or a part of it; - is standard input. "
		"Settings that it does not name stay as they are. All of it is imported or, if "
		"anything in it is bad, nothing; what was before is kept as a snapshot.",
	.examples = "promo settings import settings.json --dry-run\n"
		    "promo settings import settings.json",
	.words = "FILE",
	.words_max = 1,
	.options = { CLI_OPT_DRY_RUN },
	.run = import_run,
};

static int diff_run(struct cli *cli, const struct cli_args *args)
{
	bool different = false;
	int code = compare(cli, args, true, &different);

	return code == CLI_DONE && different ? DIFFERENT : code;
}

const struct cli_cmd cli_cmd_settings_diff = {
	.name = "settings diff",
	.op = &promo_op_settings_import,
	.own_input = true,
	.summary = "Show in what a file of settings differs from those of the server",
	.text = "Nothing is changed. As with diff(1), the exit code is 0 where they are the same "
		"and "
		"1 where they differ. What the file does not name is not compared.",
	.examples = "promo settings diff settings.json",
	.words = "FILE",
	.words_max = 1,
	.run = diff_run,
};
