/* SPDX-License-Identifier: MIT */
/* A client has one name, whichever socket it came in by: what is counted, bound and written down by
 * address depends on it. */
#include "promod/exchange.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"

static void test_peers(void **state)
{
	static const struct {
		int family;
		const char *address, *peer;
	} cases[] = {
		{ AF_INET, "192.0.2.7", "192.0.2.7" },
		{ AF_INET6, "::ffff:192.0.2.7", "192.0.2.7" },
		{ AF_INET6, "2001:db8::7", "2001:db8::7" },
		{ AF_INET6, "::1", "::1" },
		{ AF_UNIX, NULL, "" },
	};
	struct traffic traffic = { 0 };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct sockaddr_storage address = { .ss_family = (sa_family_t)cases[i].family };
		struct connection *connection;
		void *bytes = cases[i].family == AF_INET
				      ? (void *)&((struct sockaddr_in *)&address)->sin_addr
				      : (void *)&((struct sockaddr_in6 *)&address)->sin6_addr;

		if (cases[i].address)
			assert_int_equal(inet_pton(cases[i].family, cases[i].address, bytes), 1);
		connection = promod_connection_new(&traffic, -1, &address);
		assert_non_null(connection);
		assert_string_equal(connection->peer, cases[i].peer);
		free(connection);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_peers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
