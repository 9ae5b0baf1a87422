/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/batch_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"

enum {
	PREFIX_LENGTH = sizeof(PROMO_BATCH_NAME_PREFIX) - 1
};

static int refuse(const char *why, const char **reterr_why)
{
	*reterr_why = why;
	return PROMO_E_INVALID_INPUT;
}

static bool is_allowed(int32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

int promo_batch_name_normalize(
	const char *text, char ret[PROMO_BATCH_NAME_SIZE], const char **reterr_why)
{
	static const char wrong[] =
		"only letters without accents, digits, _ and - may stand in a name";
	char name[PROMO_BATCH_NAME_SIZE] = { 0 };
	bool ended = false, prefixed;
	size_t size, length = 0;
	int32_t c;

	for (; (size = promo_utf8_next(text, &c)) > 0; text += size) {
		if (promo_utf8_is_space(c)) {
			ended = length > 0;
			continue;
		}
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (!is_allowed(c) || ended)
			return refuse(wrong, reterr_why);
		if (length == PROMO_BATCH_NAME_MAX)
			return refuse("a name has at most 100 characters", reterr_why);
		name[length++] = (char)c;
	}
	if (*text != '\0')
		return refuse(wrong, reterr_why);
	prefixed = strncmp(name, PROMO_BATCH_NAME_PREFIX, PREFIX_LENGTH) == 0;
	if (length < PROMO_BATCH_NAME_MIN || (prefixed && length == PREFIX_LENGTH))
		return refuse("a name needs at least three characters", reterr_why);
	if (!prefixed) {
		if (length + PREFIX_LENGTH > PROMO_BATCH_NAME_MAX)
			return refuse("a name has at most 100 characters, with BATCH_ in front",
				reterr_why);
		memmove(name + PREFIX_LENGTH, name, length);
		memcpy(name, PROMO_BATCH_NAME_PREFIX, PREFIX_LENGTH);
	}
	memcpy(ret, name, sizeof(name));
	return 0;
}
