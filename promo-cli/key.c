/* SPDX-License-Identifier: MIT */
#include "promo-cli/key.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/api_key.h"
#include "libpromo/base/secret.h"
#include "promo-cli/args.h"
#include "promo-cli/fail.h"

#define CREDENTIAL "promo-api-key"

/* The first line of standard input and not a byte more: what follows is for somebody else. */
static const char *line_of_stdin(struct promo_arena *arena)
{
	char line[PROMO_API_KEY_SIZE + 1] = "";

	for (size_t used = 0; used < sizeof(line) - 1;) {
		ssize_t n = read(STDIN_FILENO, line + used, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || line[used] == '\n') {
			line[used] = '\0';
			break;
		}
		used++;
	}
	return promo_arena_strdup(arena, line);
}

static const char *credential(struct cli *cli)
{
	const char *folder = cli->env.credentials;
	const char *path =
		folder && *folder ? promo_arena_printf(cli->arena, "%s/" CREDENTIAL, folder) : NULL;

	return path && access(path, F_OK) == 0 ? path : NULL;
}

int cli_key(struct cli *cli, const struct cli_args *args, const char **ret)
{
	const char *path = args->own[CLI_OPT_API_KEY_FILE], *key = NULL;
	struct promo_problem problem = { 0 };
	int r;

	*ret = NULL;
	if (!path && cli->env.api_key_file && *cli->env.api_key_file)
		path = cli->env.api_key_file;
	if (!path)
		path = credential(cli);
	if (!path)
		return CLI_DONE;
	if (strcmp(path, "-") == 0) {
		key = line_of_stdin(cli->arena);
		path = "standard input";
	} else {
		r = promo_secret_text_read(path, cli->arena, &problem, &key);
		if (r)
			return cli_fail_here(cli, args, r, &problem);
	}
	if (key && promo_api_key_valid(key)) {
		*ret = key;
		return CLI_DONE;
	}
	cli_complain(&cli->out,
		"%s holds no API key: one is a line that begins with " PROMO_API_KEY_BEGIN
		" and was not changed",
		cli_clean(cli->arena, path));
	return CLI_NOT_SIGNED_IN;
}
