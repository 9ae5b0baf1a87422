/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/seal.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/* Checks an exported trail (--file) with the keys of --public-key, and with the copy of seals.log of
 * --seals-log, where one is given; no server is asked. *ret_json is what a server would say. */
int cli_audit_verify_file(struct cli *cli, const struct cli_args *args,
	struct promo_audit_verification *ret, const char **ret_json);
