/* SPDX-License-Identifier: MIT */
/* Networks hold exactly the addresses that they name, IPv4 in either form; what is none is refused. */
#include "libpromo/base/network.h"

#include "libpromo/base/macros.h"
#include "tests/lib/test.h"

static void test_holds(void **state)
{
	static const struct {
		const char *network, *inside, *outside;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.0.1", "11.0.0.1" },
		{ "10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3" },
		{ "192.0.2.7", "192.0.2.7", "192.0.2.8" },
		{ "192.0.2.128/25", "192.0.2.255", "192.0.2.127" },
		{ "192.0.2.130/25", "192.0.2.129", "192.0.2.1" }, /* more bits than it needs */
		{ "0.0.0.0/0", "203.0.113.9", "2001:db8::1" },
		{ "::1", "::1", "::2" },
		{ "2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1" },
		{ "::/0", "127.0.0.1", "" },
		{ "::ffff:127.0.0.0/104", "127.9.9.9", "126.0.0.1" },
	};
	struct promo_network network;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		assert_true(promo_network_parse(cases[i].network, &network));
		assert_true(promo_network_holds(&network, cases[i].inside));
		assert_false(promo_network_holds(&network, cases[i].outside));
	}
}

static void test_refused(void **state)
{
	static const char *const texts[] = { "", "/8", "localhost", "10.0.0.0/33", "10.0.0.0/",
		"10.0.0.0/-1", "10.0.0.0/ 8", "10.0.0.0/8/8", "::1/129", "10.0.0", "::1/9999999999",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc" };
	struct promo_network network;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(texts); i++)
		assert_false(promo_network_parse(texts[i], &network));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("base/network", tests, NULL, NULL);
}
