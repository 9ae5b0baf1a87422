/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/* An authenticator app: it knows a secret as it is shown to people, and the time. */

enum {
	AUTHENTICATOR_CODE_SIZE = 7
};

/* The code that it shows now, or showed or will show `steps` periods from now. */
void authenticator_code(const char *secret, int steps, char ret[AUTHENTICATOR_CODE_SIZE]);
