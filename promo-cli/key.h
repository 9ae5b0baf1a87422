/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/cli.h"

/* API keys, for programs that call this one: from a file, a credential of systemd or standard input, and
 * never from an argument or an environment value, which others of the machine may read. */

struct cli_args;

/* The key to use in the place of a session: of --api-key-file, else of the file in PROMO_API_KEY_FILE,
 * else of the credential promo-api-key, where there is one. *ret is NULL where none is named. */
int cli_key(struct cli *cli, const struct cli_args *args, const char **ret);
