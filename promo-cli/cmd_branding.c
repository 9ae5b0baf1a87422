/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/api/op_branding.h"
#include "promo-cli/call.h"
#include "promo-cli/dry.h"
#include "promo-cli/fail.h"
#include "promo-cli/open.h"

/* Puts a picture in the place of the shop's logo or icon. What it is follows from its first bytes, as
 * the server looks at them too; a name may say anything. */

enum {
	HEAD_BYTES = 8
};

static const char *kind_of(const char *head, size_t size)
{
	static const struct {
		const char *bytes, *type;
	} kinds[] = { { "\x89PNG", "image/png" }, { "\xff\xd8\xff", "image/jpeg" } };

	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		if (size >= strlen(kinds[i].bytes) &&
			memcmp(head, kinds[i].bytes, strlen(kinds[i].bytes)) == 0)
			return kinds[i].type;
	return "image/svg+xml";
}

static int send_picture(struct cli *cli, const struct cli_args *args, const char *path, int fd)
{
	struct promo_client_file file = { .fd = fd };
	struct promo_call call = { 0 };
	struct promo_reply reply = { 0 };
	char head[HEAD_BYTES];
	ssize_t size;
	int r;

	size = pread(fd, head, sizeof(head), 0);
	if (size < 0) {
		cli_complain(&cli->out, "could not read %s: %s", cli_clean(cli->arena, path),
			errno == ESPIPE ? "a picture has to be a file" : strerror(errno));
		return CLI_FAILED;
	}
	file.content_type = kind_of(head, (size_t)size);
	if (cli_dry(args, args->cmd.op))
		return cli_dry_run(cli, args, args->cmd.op, NULL, NULL);
	r = promo_client_upload(cli->client, args->cmd.op, NULL, &call, &file, cli->arena, &reply);
	if (r)
		return cli_fail(cli, args, args->cmd.op, r, &reply);
	if (!cli->json)
		cli_say(&cli->out, "%s done", cli_symbol(&cli->out, CLI_GOOD));
	return CLI_DONE;
}

static int set_run(struct cli *cli, const struct cli_args *args)
{
	const char *path = args->word_count > 0 ? args->words[0] : NULL;
	int fd = -1, code;
	void *in;

	if (!path) {
		cli_complain(&cli->out, "FILE is missing: a picture (PNG, JPEG or SVG)");
		return CLI_USAGE;
	}
	code = cli_open(cli, path, &fd);
	if (!code)
		code = cli_begin(cli, args, &in);
	if (!code)
		code = send_picture(cli, args, path, fd);
	cli_close(fd);
	return code;
}

const struct cli_cmd cli_cmd_branding_set_logo = {
	.name = "branding set-logo",
	.op = &promo_op_branding_set_logo,
	.replaces = true,
	.words = "FILE",
	.words_max = 1,
	.text = "It is drawn on printed vouchers and may have up to 1 MiB.",
	.examples = "promo branding set-logo shop.svg",
	.run = set_run,
};

const struct cli_cmd cli_cmd_branding_set_favicon = {
	.name = "branding set-favicon",
	.op = &promo_op_branding_set_favicon,
	.replaces = true,
	.words = "FILE",
	.words_max = 1,
	.text = "The file may have up to 1 MiB.",
	.examples = "promo branding set-favicon icon.png",
	.run = set_run,
};
