/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/lib/authenticator.h"
#include "tests/ops/till.h"

/* Users with a second factor, and their sign-ins. */

#define FACTOR_PASSWORD "tram lake copper nine"

struct factor {
	struct person person; /* with a token */
	char secret[64], confirmed_with[AUTHENTICATOR_CODE_SIZE];
	char recovery[10][32];
	char mfa_token[64]; /* of the last sign-in that asked for a code */
};

/* Signs in with the password. Returns the status; a token or an mfa_token is kept. */
int factor_login(struct till *till, struct factor *factor);

/* Goes on with that sign-in. */
int factor_show(
	struct till *till, const struct factor *factor, const char *method, const char *code);
/* The same with the next code of the app, which holds already, and for a minute at least: no test depends on
 * how fast it is. */
int factor_show_app(struct till *till, const struct factor *factor);

/* Begins an enrolment, and confirms it with the code of now. */
int factor_begin(struct till *till, struct factor *factor);
int factor_confirm(struct till *till, struct factor *factor);

/* Somebody with these roles who is signed in, and who has enrolled: the code of now is used. */
struct factor factor_person(struct till *till, const char *roles);
struct factor factor_enrolled(struct till *till, const char *roles);

/* As if no code had been used so far. */
void factor_unuse(struct till *till, const struct factor *factor);
