/* SPDX-License-Identifier: MIT */
/* usage: authenticator SECRET [STEPS]: prints the code of an authenticator app, for scripts. STEPS is
 * how many periods from now, such as -1 or 1. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/lib/authenticator.h"

int main(int argc, char **argv)
{
	char code[AUTHENTICATOR_CODE_SIZE];

	if (argc < 2 || argc > 3)
		return 2;
	authenticator_code(argv[1], argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0, code);
	return puts(code) < 0;
}
