/* SPDX-License-Identifier: MIT */
/* A client has one name, whichever socket it came in by: what is counted, bound and written down by
 * address depends on it. Who hangs up on a stream that has nothing to say ends it. */
#include "promod/exchange.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/lib/wire.h"
#include "tests/promod/stub.h"

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

/* Nothing is written to a silent stream, so nothing but its socket says that the client is gone. */
static void test_client_leaves_silence(void **state)
{
	static const struct linger at_once = { .l_onoff = 1 };
	struct wire wires[9];
	struct stub stub;
	int64_t until_ms;

	(void)state;
	stub_start(&stub, &stub_config);
	for (size_t i = 0; i < PROMO_COUNT(wires); i++) {
		char head[64];

		wire_open(&wires[i], stub.port);
		wire_text(&wires[i], "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n");
		/* A third goes before there is an answer. */
		if (i % 3)
			assert_true(recv(wires[i].fd, head, sizeof(head), 0) > 0);
		if (i % 3 == 1)
			(void)setsockopt(
				wires[i].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		if (i == 0)
			assert_int_equal(shutdown(wires[i].fd, SHUT_WR), 0);
		else
			wire_close(&wires[i]);
	}
	until_ms = promo_monotonic_ms() + WIRE_TIMEOUT_S * 1000;
	while (stub.ended < (int)PROMO_COUNT(wires) && promo_monotonic_ms() < until_ms)
		(void)poll(NULL, 0, 1);
	assert_int_equal(stub.ended, PROMO_COUNT(wires));
	assert_int_equal(stub.sources_closed, PROMO_COUNT(wires));
	assert_true(wire_is_closed(&wires[0]));
	wire_close(&wires[0]);
	stub_stop(&stub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_client_leaves_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
