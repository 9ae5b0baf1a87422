/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "libpromo/base/log.h"
#include "libpromo/base/random.h"
#include "promo-cli/cli.h"

/* What the program takes from its process: arguments, environment, streams, locale. */

enum {
	RUN_BYTES_MAX = 256 * 1024 * 1024
};

/* Faults of the library are said once, where they are born. */
static void say_fault(enum promo_log_level level, const char *line)
{
	if (level <= PROMO_LOG_ERROR)
		(void)fprintf(stderr, "promo: %s\n", line);
}

int main(int argc, char **argv)
{
	struct cli cli = {
		.env = {
			.server = getenv("PROMO_SERVER"),
			.profile = getenv("PROMO_PROFILE"),
			.ca_file = getenv("PROMO_CA_FILE"),
			.api_key_file = getenv("PROMO_API_KEY_FILE"),
			.credentials = getenv("CREDENTIALS_DIRECTORY"),
			.home = { .state_home = getenv("XDG_STATE_HOME"),
				.home = getenv("HOME") },
			.no_color = getenv("NO_COLOR"),
			.term = getenv("TERM"),
			.columns = getenv("COLUMNS"),
			.pager = getenv("PAGER"),
			.visual = getenv("VISUAL"),
			.editor = getenv("EDITOR"),
			.tmpdir = getenv("TMPDIR"),
		},
	};
	int code;

	(void)setlocale(LC_CTYPE, "");
	/* A reader that went away shows as an error of writing, which cannot kill a redemption
	 * half way through. */
	(void)signal(SIGPIPE, SIG_IGN);
	promo_log_set_sink(say_fault);
	cli_out_init(&cli.out, stdout, stderr, &cli.env);
	cli.arena = promo_arena_new(RUN_BYTES_MAX);
	if (!cli.arena || promo_base_init()) {
		cli_complain(&cli.out, "there is no memory, or no random numbers, to begin with");
		return CLI_FAILED;
	}
	code = cli_main(&cli, argc, argv);
	promo_client_free(cli.client);
	promo_arena_free(cli.arena);
	return code;
}
