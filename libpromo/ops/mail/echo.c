/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/echo.h"

#include <string.h>

bool promo_echo_repeats(const char *said, const char *sent)
{
	const size_t said_size = strlen(said), sent_size = sent ? strlen(sent) : 0;
	const size_t run = sent_size < PROMO_ECHO_RUN ? sent_size : PROMO_ECHO_RUN;

	if (run == 0)
		return false;
	for (size_t i = 0; i + run <= said_size; i++)
		for (size_t j = 0; j + run <= sent_size; j++)
			if (memcmp(said + i, sent + j, run) == 0)
				return true;
	return false;
}
