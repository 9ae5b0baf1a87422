/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/money.h"

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/error.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits are taken off the negative side, which reaches one further: so the smallest amount is
 * read as well. */
static bool add_digit(int64_t *minor, char digit)
{
	return !__builtin_mul_overflow(*minor, 10, minor) &&
	       !__builtin_sub_overflow(*minor, digit - '0', minor);
}

int promo_money_parse(const char *text, enum promo_money_sign sign, int64_t *ret)
{
	bool negative = *text == '-';
	int64_t minor = 0;
	int places = 0;

	if (negative && sign == PROMO_MONEY_NOT_NEGATIVE)
		return PROMO_E_INVALID_INPUT;
	text += negative;
	if (!is_digit(*text) || (*text == '0' && is_digit(text[1])))
		return PROMO_E_INVALID_INPUT;
	for (; is_digit(*text); text++)
		if (!add_digit(&minor, *text))
			return PROMO_E_INVALID_INPUT;
	if (*text == '.') {
		for (text++; is_digit(*text) && places < 2; text++, places++)
			if (!add_digit(&minor, *text))
				return PROMO_E_INVALID_INPUT;
		if (places == 0)
			return PROMO_E_INVALID_INPUT;
	}
	if (*text != '\0')
		return PROMO_E_INVALID_INPUT;
	for (; places < 2; places++)
		if (!add_digit(&minor, '0'))
			return PROMO_E_INVALID_INPUT;
	/* One amount, one reading: there is no minus zero, and INT64_MIN means "none". */
	if ((negative && minor == 0) || minor == INT64_MIN)
		return PROMO_E_INVALID_INPUT;
	*ret = negative ? minor : -minor;
	return 0;
}

/* Writes from the right, with `separator` (0: none) between thousands. */
static void format(int64_t minor, char separator, char *ret)
{
	uint64_t rest = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	char reversed[PROMO_MONEY_SHOWN_SIZE];
	size_t length = 0;

	for (int digits = 0; digits < 3 || rest > 0; digits++) {
		if (digits == 2)
			reversed[length++] = '.';
		else if (separator && digits > 2 && (digits - 2) % 3 == 0)
			reversed[length++] = separator;
		reversed[length++] = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (minor < 0)
		reversed[length++] = '-';
	while (length > 0)
		*ret++ = reversed[--length];
	*ret = '\0';
}

void promo_money_format(int64_t minor, char ret[PROMO_MONEY_SIZE])
{
	format(minor, 0, ret);
}

void promo_money_show(int64_t minor, char ret[PROMO_MONEY_SHOWN_SIZE])
{
	format(minor, ',', ret);
}
