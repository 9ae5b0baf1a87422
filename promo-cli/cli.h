/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/client/client.h"
#include "libpromo/client/profile.h"
#include "promo-cli/format.h"
#include "promo-cli/out.h"

/*
 * One run of `promo`: what it took from the environment, where it prints, whom it talks to.
 *
 * Functions of this program return what the process is to exit with (enum cli_exit) and have said
 * by then, on stderr, what went wrong; only what is marked so returns results of the library.
 */

enum cli_exit {
	CLI_NOT_SENT = -1, /* --dry-run has shown it: the command ends, and the program with 0 */
	CLI_DONE = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,
	CLI_PARTLY = 3,
	CLI_NOT_SIGNED_IN = 4,
	CLI_UNREACHABLE = 9,
	CLI_STILL_RUNNING = 10,
	CLI_OUTCOME_UNKNOWN = 11,
	CLI_INTERRUPTED = 130,
};

/* Everything that the environment decides; NULL where it says nothing. */
struct cli_env {
	const char *server, *profile, *ca_file; /* PROMO_SERVER, PROMO_PROFILE, PROMO_CA_FILE */
	struct promo_profile_home home;
	/* PROMO_API_KEY_FILE, CREDENTIALS_DIRECTORY: never a key itself */
	const char *api_key_file, *credentials;
	const char *no_color, *term, *columns, *pager; /* NO_COLOR, TERM, COLUMNS, PAGER */
	const char *visual, *editor, *tmpdir;          /* VISUAL, EDITOR, TMPDIR */
};

struct cli {
	struct cli_env env;
	struct cli_out out;
	struct promo_arena *arena;   /* lives as long as the run */
	struct promo_client *client; /* NULL until cli_connect() */
	struct promo_profile profile;
	const char *server;
	struct cli_kept *kept; /* keys that this run sent (keep.h) */
	bool has_key;          /* an API key speaks in the place of a session */
	struct cli_format format;
	bool json; /* a form for programs was asked for: data, no sentences */
	bool verbose, no_pager;
	int64_t patience_ms; /* of a call; 0: as long as it may take */
};

struct cli_args;

/* The whole program but for what main() takes from the process. argv ends with NULL. */
int cli_main(struct cli *cli, int argc, char **argv);

/* Finds the server and the token of the profile and makes the client. An operation for signed-in
 * users needs a token of exactly this server: no other server ever gets to see it. */
int cli_connect(struct cli *cli, const struct promo_op *op, const struct cli_args *args);
