/* SPDX-License-Identifier: MIT */
/* Whatever is typed for a code: what is read is made of the alphabet, reads as itself, and is shown so
 * that it reads as itself again; a row of a file is taken only with such a code. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/rules/import.h"
#include "tests/fuzz/fuzz.h"

static void check_code(const char *text)
{
	char code[PROMO_CODE_SIZE], again[PROMO_CODE_SIZE], shown[PROMO_CODE_SHOWN_SIZE];

	if (promo_code_read(text, code))
		return;
	assert(strlen(code) >= PROMO_CODE_MIN && strlen(code) <= PROMO_CODE_MAX);
	assert(strspn(code, PROMO_CODE_ALPHABET) == strlen(code));
	promo_code_show(code, shown);
	if (promo_code_read(shown, again))
		abort();
	assert(strcmp(code, again) == 0);
	(void)promo_code_plausible(code, "2026-11-22");
}

static void check_row(const char *text, bool any_format)
{
	static const struct promo_import_header header = {
		.at = { 0, -1, 1, -1, 1, -1, 1, -1 },
	};
	const char *const fields[] = { text, "" }, *const all[] = { "ACEF", text };
	struct promo_code_pattern pattern;
	const char *why;
	struct promo_import_target target = { .pattern = &pattern,
		.any_format = any_format,
		.today = "2026-11-22",
		.amount = 50000,
		.currency = "RWF",
		.expires_at = INT64_C(1800000000000),
		.expires_on = "2027-01-15" };
	struct promo_import_code code;

	if (promo_code_pattern_parse(PROMO_CODE_FORMAT, &pattern, &why))
		abort();
	if (promo_import_row(&header, fields, 2, &target, &code) == PROMO_IMPORT_FINE) {
		assert(strspn(code.code, PROMO_CODE_ALPHABET) == strlen(code.code));
		assert(any_format || strlen(code.code) == 16);
	}
	target.any_format = true;
	if (promo_import_row(&header, all, 2, &target, &code) == PROMO_IMPORT_FINE)
		assert(code.expires_at <= target.expires_at);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	if (size > 0)
		memcpy(text, bytes, size);
	text[size] = '\0';
	check_code(text);
	check_row(text, false);
	check_row(text, true);
	free(text);
	return 0;
}
