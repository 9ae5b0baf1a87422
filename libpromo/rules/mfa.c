/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/mfa.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/rules/code.h"

enum {
	GROUP = 5 /* letters between dashes */
};

int64_t promo_mfa_delay_ms(int64_t wrong)
{
	int64_t delay = PROMO_MFA_DELAY_MS;

	if (wrong <= PROMO_MFA_WRONG_FREE)
		return 0;
	for (int64_t i = PROMO_MFA_WRONG_FREE + 1; i < wrong && delay < PROMO_MFA_DELAY_MAX_MS; i++)
		delay *= 2;
	return delay < PROMO_MFA_DELAY_MAX_MS ? delay : PROMO_MFA_DELAY_MAX_MS;
}

void promo_recovery_code_new(const struct promo_random *random, char ret[PROMO_RECOVERY_SHOWN_SIZE])
{
	char *at = ret;

	for (int i = 0; i < PROMO_RECOVERY_LETTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			*at++ = '-';
		*at++ = PROMO_CODE_ALPHABET[promo_random_below(random, PROMO_CODE_LETTERS)];
	}
	*at = '\0';
}

int promo_recovery_code_read(const char *text, char ret[PROMO_RECOVERY_SIZE])
{
	char code[PROMO_CODE_SIZE];
	int r;

	r = promo_code_read(text, code);
	if (r)
		return r;
	if (strlen(code) != PROMO_RECOVERY_LETTERS)
		return PROMO_E_INVALID_INPUT;
	memcpy(ret, code, PROMO_RECOVERY_SIZE);
	return 0;
}
