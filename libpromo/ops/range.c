/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/range.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Digits; what is too large for an offset is the largest. False if there are none. */
static bool take_number(const char **at, int64_t *ret)
{
	const char *start = *at;
	int64_t value = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, **at - '0', &value))
			value = INT64_MAX / 100 * 10;
	*ret = value;
	return *at != start;
}

struct promo_range promo_range_parse(const char *text, int64_t size)
{
	static const char unit[] = "bytes=";
	const struct promo_range whole = { PROMO_RANGE_WHOLE, 0, size - 1 };
	struct promo_range range = { PROMO_RANGE_PART, 0, size - 1 };
	int64_t number;

	if (!text || strncasecmp(text, unit, strlen(unit)) != 0)
		return whole;
	text += strlen(unit);
	if (take_number(&text, &range.first)) {
		if (*text++ != '-')
			return whole;
		if (take_number(&text, &number)) {
			if (number < range.first)
				return whole;
			range.last = number < size ? number : size - 1;
		}
	} else if (*text++ == '-' && take_number(&text, &number)) {
		/* The last so many. */
		range.first = number == 0 ? size : number < size ? size - number : 0;
	} else {
		return whole;
	}
	if (*text != '\0')
		return whole;
	if (range.first >= size)
		range.kind = PROMO_RANGE_BEYOND;
	return range;
}
