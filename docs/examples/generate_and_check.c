/* SPDX-License-Identifier: MIT */
/*
 * Makes three promo codes, writes them down as people do, and reads them back. Builds against the
 * installed library:
 *
 *	cc -o generate_and_check generate_and_check.c $(pkg-config --cflags --libs libpromo)
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <libpromo/promo.h>

/* Lower case, blanks for dashes, and O for 0: what a customer reads out at the counter. */
static void scribble(const char *shown, char ret[PROMO_CODE_SHOWN_SIZE])
{
	size_t i;

	for (i = 0; shown[i]; i++)
		ret[i] = shown[i] == '-'   ? ' '
			 : shown[i] == '0' ? 'o'
					   : (char)tolower((unsigned char)shown[i]);
	ret[i] = '\0';
}

int main(void)
{
	struct promo_code_pattern pattern;
	struct promo_random source;
	char today[PROMO_DATE_SIZE];
	const char *why;

	if (promo_base_init() != 0)
		return 1;
	if (promo_code_pattern_parse(PROMO_CODE_FORMAT, &pattern, &why) != 0) {
		fprintf(stderr, "%s: %s\n", PROMO_CODE_FORMAT, why);
		return 1;
	}
	source = promo_random_system();
	promo_date_format(promo_time_days(promo_now_ms()), today);

	for (int i = 0; i < 3; i++) {
		char code[PROMO_CODE_SIZE], shown[PROMO_CODE_SHOWN_SIZE];
		char typed[PROMO_CODE_SHOWN_SIZE], read[PROMO_CODE_SIZE];

		if (promo_code_generate(&pattern, today, &source, code) != 0)
			return 1;
		promo_code_show(code, shown);
		scribble(shown, typed);
		if (promo_code_read(typed, read) != 0 || strcmp(read, code) != 0 ||
			!promo_code_plausible(read, today)) {
			fprintf(stderr, "%s was not read as %s\n", typed, shown);
			return 1;
		}
		printf("%s was typed as \"%s\" and read as it was\n", shown, typed);
	}
	printf("XXXX-XX99-XX99-XX99 was %s\n",
		promo_code_plausible("XXXXXX99XX99XX99", today) ? "taken" : "never printed");
	return 0;
}
