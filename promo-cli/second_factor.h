/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/client/client.h"

/*
 * The code that a sign-in may ask for beside the password: asked for at the terminal, again where it was
 * wrong, or the next line of stdin where the password was read from there. Which method it is of follows
 * from its form: six digits are an app's, a recovery code is longer.
 */

struct cli;
struct cli_args;

/* Goes on with a sign-in that was refused with PROMO_E_MFA_REQUIRED: `problem` is that refusal, *ret the
 * answer in the end. from_stdin: no person is asked. */
int cli_second_factor(struct cli *cli, const struct cli_args *args,
	const struct promo_problem *problem, bool from_stdin, struct promo_reply *ret);
