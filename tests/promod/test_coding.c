/* SPDX-License-Identifier: MIT */
/* Who takes gzip: named or by *, unless with the weight 0; nobody who says nothing. RFC 9110, 12.5.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "promod/coding.h"

static void test_who_takes_gzip(void **state)
{
	static const char *const takes[] = { "gzip", "GZIP", "x-gzip", "deflate, gzip",
		"gzip;q=1.0", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "identity,\tgzip ; q=0.001",
		"gzip,deflate", ",gzip" };
	static const char *const refuses[] = { "", "identity", "deflate, br", "gzip;q=0",
		"gzip ; q=0.000", "*;q=0", "gzip;q=0, *", "gzipped", "gzi", "br;gzip", ",,;" };

	(void)state;
	assert_false(promod_takes_gzip(NULL));
	for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++)
		if (!promod_takes_gzip(takes[i]))
			fail_msg("\"%s\" takes gzip", takes[i]);
	for (size_t i = 0; i < sizeof(refuses) / sizeof(refuses[0]); i++)
		if (promod_takes_gzip(refuses[i]))
			fail_msg("\"%s\" does not take gzip", refuses[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_who_takes_gzip) };

	return cmocka_run_group_tests_name("promod/coding", tests, NULL, NULL);
}
