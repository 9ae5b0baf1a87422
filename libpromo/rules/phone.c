/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/phone.h"

#include <stdbool.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"

enum {
	DIGITS_MIN = 8,
	DIGITS_MAX = 15,
	DIGITS_TYPED_MAX = DIGITS_MAX + 2 /* with 00 */
};

/* What was typed, without what stands between digits. */
struct typed {
	bool plus;
	char digits[DIGITS_TYPED_MAX + 1];
	size_t count;
};

static bool is_separator(int32_t c)
{
	return promo_utf8_is_space(c) || promo_utf8_is_dash(c) || c == '.' || c == '/';
}

static int read_typed(const char *text, struct typed *ret)
{
	struct typed typed = { 0 };
	bool in_parentheses = false, begun = false;
	int32_t c, last = 0;
	size_t size;

	for (; (size = promo_utf8_next(text, &c)) > 0; text += size) {
		if (promo_utf8_is_space(c)) {
			continue;
		} else if (c >= '0' && c <= '9') {
			if (typed.count == DIGITS_TYPED_MAX)
				return PROMO_E_INVALID_INPUT;
			typed.digits[typed.count++] = (char)c;
		} else if (c == '+' && !begun) {
			typed.plus = true;
		} else if (c == '(' && !in_parentheses) {
			in_parentheses = true;
		} else if (c == ')' && in_parentheses) {
			in_parentheses = false;
		} else if (!is_separator(c) || typed.count == 0) {
			return PROMO_E_INVALID_INPUT;
		}
		begun = true;
		last = c;
	}
	if (*text != '\0' || in_parentheses || last < '0' || last > '9')
		return PROMO_E_INVALID_INPUT;
	*ret = typed;
	return 0;
}

int promo_phone_normalize(const char *text, const char *country_code, char ret[PROMO_PHONE_SIZE])
{
	char phone[PROMO_PHONE_SIZE] = "+";
	size_t prefix = strlen(country_code);
	const char *rest;
	struct typed typed;
	bool national;
	size_t digits;
	int r;

	r = read_typed(text, &typed);
	if (r)
		return r;
	rest = typed.digits;
	national = !typed.plus && rest[0] == '0' && rest[1] != '0';
	if (!typed.plus) {
		if (rest[0] != '0')
			return PROMO_E_INVALID_INPUT;
		rest += national ? 1 : 2;
	}
	digits = strlen(rest) + (national ? prefix : 0);
	if (digits < DIGITS_MIN || digits > DIGITS_MAX || (!national && rest[0] == '0'))
		return PROMO_E_INVALID_INPUT;
	if (!national && strncmp(rest, country_code, prefix) == 0 && rest[prefix] == '0')
		return PROMO_E_INVALID_INPUT;
	if (national)
		memcpy(phone + 1, country_code, prefix);
	memcpy(phone + 1 + (national ? prefix : 0), rest, strlen(rest));
	memcpy(ret, phone, sizeof(phone));
	return 0;
}
