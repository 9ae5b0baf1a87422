/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/client/client.h"

/*
 * The code that a sign-in may ask for beside the password: asked for at the terminal, again where it was
 * wrong, or the next line of stdin where the password was read from there. A code that goes by e-mail or
 * SMS is sent first. Which method is used: the one of --mfa-method, else the best of the server's; at the
 * terminal the name of another one goes on with that. A recovery code is known by its form.
 */

struct cli;
struct cli_args;

/* What --mfa-method says, of enum promo_mfa_method; 0 where it is not given. */
int cli_mfa_method(struct cli *cli, const struct cli_args *args, int *ret);

/* The enrolment of an authenticator app right after a sign-in that cannot do without, at a terminal. */
int cli_enrol(struct cli *cli, const struct cli_args *args);

/* Goes on with a sign-in that was refused with PROMO_E_MFA_REQUIRED: `problem` is that refusal, *ret the
 * answer in the end. from_stdin: no person is asked. */
int cli_second_factor(struct cli *cli, const struct cli_args *args,
	const struct promo_problem *problem, bool from_stdin, struct promo_reply *ret);
