/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/code.h"

#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"

_Static_assert(sizeof(PROMO_CODE_ALPHABET) - 1 == PROMO_CODE_LETTERS, "alphabet");

enum {
	STANDARD_LENGTH = 16
};

int promo_code_canonical(const char *text, char ret[PROMO_CODE_SIZE])
{
	char code[PROMO_CODE_SIZE] = { 0 };
	int32_t character;
	size_t size;
	int length = 0;

	for (; (size = promo_utf8_next(text, &character)) > 0; text += size) {
		if (promo_utf8_is_space(character) || promo_utf8_is_dash(character))
			continue;
		if (character >= 'a' && character <= 'z')
			character -= 'a' - 'A';
		if (!(character >= 'A' && character <= 'Z') &&
			!(character >= '0' && character <= '9'))
			return PROMO_E_INVALID_INPUT;
		if (length == PROMO_CODE_MAX)
			return PROMO_E_INVALID_INPUT;
		code[length++] = (char)character;
	}
	if (*text != '\0' || length < PROMO_CODE_MIN)
		return PROMO_E_INVALID_INPUT;
	memcpy(ret, code, sizeof(code));
	return 0;
}

static char meant(char letter)
{
	switch (letter) {
	case 'O':
	case 'D':
	case 'Q':
		return '0';
	case 'I':
		return '1';
	case 'B':
		return '8';
	case 'V':
		return 'U';
	default:
		return letter;
	}
}

int promo_code_read(const char *text, char ret[PROMO_CODE_SIZE])
{
	int r;

	r = promo_code_canonical(text, ret);
	if (r)
		return r;
	for (char *c = ret; *c; c++)
		*c = meant(*c);
	return 0;
}

void promo_code_show(const char *code, char ret[PROMO_CODE_SHOWN_SIZE])
{
	size_t length = strnlen(code, PROMO_CODE_MAX);
	size_t at = 0;

	for (size_t i = 0; i < length; i++) {
		if (length == STANDARD_LENGTH && i > 0 && i % 4 == 0)
			ret[at++] = '-';
		ret[at++] = code[i];
	}
	ret[at] = '\0';
}

bool promo_code_plausible(const char *code, const char *today)
{
	char date[PROMO_DATE_SIZE] = "20YY-MM-DD";
	int64_t made, now;

	if (strlen(code) != STANDARD_LENGTH)
		return true;
	memcpy(date + 2, code + 6, 2);
	memcpy(date + 5, code + 10, 2);
	memcpy(date + 8, code + 14, 2);
	if (promo_date_parse(date, &made) != 0)
		return false;
	return promo_date_parse(today, &now) != 0 || made <= now + 1;
}
