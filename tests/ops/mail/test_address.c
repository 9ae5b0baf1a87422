/* SPDX-License-Identifier: MIT */
/*
 * Addresses of a machine, its network and its cloud are told from those that anybody can reach, also
 * where they are dressed up as IPv6.
 */
#include "libpromo/ops/mail/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "libpromo/base/macros.h"
#include "tests/lib/test.h"

static enum promo_address_kind kind_of(const char *text)
{
	struct sockaddr_storage storage = { 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)(void *)&storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)&storage;

	if (inet_pton(AF_INET, text, &in->sin_addr) == 1)
		in->sin_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1)
		in6->sin6_family = AF_INET6;
	else
		fail_msg("%s is no address", text);
	return promo_address_kind((const struct sockaddr *)(const void *)&storage);
}

static void test_each_address_is_of_its_kind(void **state)
{
	static const struct {
		const char *address;
		enum promo_address_kind kind;
	} cases[] = {
		{ "8.8.8.8", PROMO_ADDRESS_PUBLIC },
		{ "1.1.1.1", PROMO_ADDRESS_PUBLIC },
		{ "9.255.255.255", PROMO_ADDRESS_PUBLIC },
		{ "11.0.0.0", PROMO_ADDRESS_PUBLIC },
		{ "172.15.255.255", PROMO_ADDRESS_PUBLIC },
		{ "172.32.0.0", PROMO_ADDRESS_PUBLIC },
		{ "223.255.255.255", PROMO_ADDRESS_PUBLIC },
		{ "100.63.255.255", PROMO_ADDRESS_PUBLIC },
		{ "100.128.0.0", PROMO_ADDRESS_PUBLIC },
		{ "2001:4860:4860::8888", PROMO_ADDRESS_PUBLIC },
		{ "2a00:1450:4001::1", PROMO_ADDRESS_PUBLIC },
		{ "2001:200::1", PROMO_ADDRESS_PUBLIC },
		{ "::ffff:8.8.8.8", PROMO_ADDRESS_PUBLIC },
		{ "64:ff9b::8.8.8.8", PROMO_ADDRESS_PUBLIC },

		{ "127.0.0.1", PROMO_ADDRESS_PRIVATE },
		{ "127.255.255.254", PROMO_ADDRESS_PRIVATE },
		{ "10.0.0.0", PROMO_ADDRESS_PRIVATE },
		{ "10.255.255.255", PROMO_ADDRESS_PRIVATE },
		{ "172.16.0.1", PROMO_ADDRESS_PRIVATE },
		{ "172.31.255.255", PROMO_ADDRESS_PRIVATE },
		{ "192.168.1.1", PROMO_ADDRESS_PRIVATE },
		{ "100.64.0.1", PROMO_ADDRESS_PRIVATE },
		{ "::1", PROMO_ADDRESS_PRIVATE },
		{ "fc00::1", PROMO_ADDRESS_PRIVATE },
		{ "fdff::1", PROMO_ADDRESS_PRIVATE },
		{ "::ffff:127.0.0.1", PROMO_ADDRESS_PRIVATE },
		{ "64:ff9b::10.0.0.1", PROMO_ADDRESS_PRIVATE },

		{ "0.0.0.0", PROMO_ADDRESS_FORBIDDEN },
		{ "0.1.2.3", PROMO_ADDRESS_FORBIDDEN },
		{ "169.254.169.254", PROMO_ADDRESS_FORBIDDEN },
		{ "100.100.100.200", PROMO_ADDRESS_FORBIDDEN },
		{ "168.63.129.16", PROMO_ADDRESS_FORBIDDEN },
		{ "192.0.0.192", PROMO_ADDRESS_FORBIDDEN },
		{ "192.0.2.1", PROMO_ADDRESS_FORBIDDEN },
		{ "198.18.0.1", PROMO_ADDRESS_FORBIDDEN },
		{ "198.19.255.255", PROMO_ADDRESS_FORBIDDEN },
		{ "198.51.100.7", PROMO_ADDRESS_FORBIDDEN },
		{ "203.0.113.7", PROMO_ADDRESS_FORBIDDEN },
		{ "224.0.0.1", PROMO_ADDRESS_FORBIDDEN },
		{ "239.1.1.1", PROMO_ADDRESS_FORBIDDEN },
		{ "240.0.0.1", PROMO_ADDRESS_FORBIDDEN },
		{ "255.255.255.255", PROMO_ADDRESS_FORBIDDEN },
		{ "::", PROMO_ADDRESS_FORBIDDEN },
		{ "::127.0.0.1", PROMO_ADDRESS_FORBIDDEN },
		{ "::ffff:169.254.169.254", PROMO_ADDRESS_FORBIDDEN },
		{ "64:ff9b::169.254.169.254", PROMO_ADDRESS_FORBIDDEN },
		{ "64:ff9b:1::1", PROMO_ADDRESS_FORBIDDEN },
		{ "fe80::1", PROMO_ADDRESS_FORBIDDEN },
		{ "fec0::1", PROMO_ADDRESS_FORBIDDEN },
		{ "ff02::1", PROMO_ADDRESS_FORBIDDEN },
		{ "fd00:ec2::254", PROMO_ADDRESS_FORBIDDEN },
		{ "fd20:ce::254", PROMO_ADDRESS_FORBIDDEN },
		{ "2001::1", PROMO_ADDRESS_FORBIDDEN },
		{ "2001:db8::1", PROMO_ADDRESS_FORBIDDEN },
		{ "2002:7f00:1::", PROMO_ADDRESS_FORBIDDEN },
		{ "3fff::1", PROMO_ADDRESS_FORBIDDEN },
		{ "4000::1", PROMO_ADDRESS_FORBIDDEN },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++)
		if (kind_of(cases[i].address) != cases[i].kind)
			fail_msg("%s is taken for %d", cases[i].address,
				(int)kind_of(cases[i].address));
}

static void test_no_other_family_is_connected_to(void **state)
{
	const struct sockaddr other = { .sa_family = AF_UNIX };

	(void)state;
	assert_int_equal(promo_address_kind(&other), PROMO_ADDRESS_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_address_is_of_its_kind),
		cmocka_unit_test(test_no_other_family_is_connected_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
