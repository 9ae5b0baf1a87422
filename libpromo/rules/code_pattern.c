/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/rules/code.h"

/* log2(30) = 4.906890..., in millionths of a bit and rounded down. */
enum {
	MICROBITS_PER_LETTER = 4906890
};

/* "YY" becomes the cells Y and y, and so on: tens and ones. */
static const struct {
	char letter, ones;
} date_parts[] = {
	{ 'Y', 'y' },
	{ 'M', 'm' },
	{ 'D', 'd' },
};

/* By the number of X. */
#define TOO_WEAK(bits)                                                                             \
	"its codes have " #bits                                                                    \
	" bits of chance and could be guessed; 40 are needed: nine X or more"
static const char *const too_weak[] = {
	TOO_WEAK(0),
	TOO_WEAK(4),
	TOO_WEAK(9),
	TOO_WEAK(14),
	TOO_WEAK(19),
	TOO_WEAK(24),
	TOO_WEAK(29),
	TOO_WEAK(34),
	TOO_WEAK(39),
};

static int refuse(const char *why, const char **reterr_why)
{
	*reterr_why = why;
	return PROMO_E_INVALID_INPUT;
}

/* The ones cell of a part of the date that begins here, 0 if none does. */
static char date_part_at(const char *format)
{
	for (size_t i = 0; i < PROMO_COUNT(date_parts); i++)
		if (format[0] == date_parts[i].letter && format[1] == date_parts[i].letter)
			return date_parts[i].ones;
	return 0;
}

int promo_code_pattern_parse(
	const char *format, struct promo_code_pattern *ret, const char **reterr_why)
{
	struct promo_code_pattern pattern = { 0 };
	char before = '-', ones;

	while (*format) {
		char here = *format;

		ones = date_part_at(format);
		if (here == '-') {
			if (before == '-')
				return refuse("a dash has to stand between characters", reterr_why);
			format++;
		} else if (here != 'X' && !ones) {
			return refuse(
				"only X, YY, MM, DD and dashes may stand in a format", reterr_why);
		} else if (ones && strchr(pattern.cells, here)) {
			return refuse("each part of the date may stand only once", reterr_why);
		} else if (pattern.length + (ones ? 2 : 1) > PROMO_CODE_MAX) {
			return refuse("a code may have at most 32 characters", reterr_why);
		} else {
			pattern.cells[pattern.length++] = here;
			if (ones)
				pattern.cells[pattern.length++] = ones;
			else
				pattern.letters++;
			format += ones ? 2 : 1;
		}
		before = here;
	}
	if (before == '-')
		return refuse("a dash has to stand between characters", reterr_why);
	if (promo_code_pattern_centibits(&pattern) < PROMO_CODE_BITS_MIN * 100)
		return refuse(too_weak[pattern.letters], reterr_why);
	*ret = pattern;
	return 0;
}

int promo_code_pattern_centibits(const struct promo_code_pattern *pattern)
{
	return (int)((int64_t)pattern->letters * MICROBITS_PER_LETTER / 10000);
}

uint64_t promo_code_draw(
	const struct promo_code_pattern *pattern, const struct promo_random *random)
{
	uint64_t drawn = 0;

	for (int i = 0; i < pattern->letters && i < PROMO_CODE_DRAWN; i++)
		drawn = drawn * PROMO_CODE_LETTERS + promo_random_below(random, PROMO_CODE_LETTERS);
	return drawn;
}

/* The character of the date that a cell stands for, 0 for a letter. */
static char date_cell(char cell, const char *date)
{
	switch (cell) {
	case 'Y':
		return date[2];
	case 'y':
		return date[3];
	case 'M':
		return date[5];
	case 'm':
		return date[6];
	case 'D':
		return date[8];
	case 'd':
		return date[9];
	default:
		return '\0';
	}
}

int promo_code_spell(const struct promo_code_pattern *pattern, const char *date, uint64_t drawn,
	const struct promo_random *random, char ret[PROMO_CODE_SIZE])
{
	unsigned char letters[PROMO_CODE_MAX];
	int known, next = 0;

	if (!promo_date_valid(date))
		return PROMO_E_INVALID_INPUT;
	known = pattern->letters < PROMO_CODE_DRAWN ? pattern->letters : PROMO_CODE_DRAWN;
	for (int i = known; i > 0; i--) {
		letters[i - 1] = (unsigned char)(drawn % PROMO_CODE_LETTERS);
		drawn /= PROMO_CODE_LETTERS;
	}
	for (int i = known; i < pattern->letters; i++)
		letters[i] = (unsigned char)promo_random_below(random, PROMO_CODE_LETTERS);
	for (int i = 0; i < pattern->length; i++) {
		ret[i] = date_cell(pattern->cells[i], date);
		if (!ret[i])
			ret[i] = PROMO_CODE_ALPHABET[letters[next++]];
	}
	ret[pattern->length] = '\0';
	return 0;
}

int promo_code_generate(const struct promo_code_pattern *pattern, const char *date,
	const struct promo_random *random, char ret[PROMO_CODE_SIZE])
{
	if (!promo_date_valid(date))
		return PROMO_E_INVALID_INPUT;
	return promo_code_spell(pattern, date, promo_code_draw(pattern, random), random, ret);
}
