/* SPDX-License-Identifier: MIT */
/* Proves which texts are addresses of a server, and to which of them others can read along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "libpromo/base/error.h"
#include "libpromo/client/client.h"

static void test_who_can_read_along(void **state)
{
	static const struct {
		const char *server;
		bool clear;
	} cases[] = {
		{ "http://127.0.0.1:8080", false },
		{ "http://127.1.2.3", false },
		{ "http://localhost:8080/", false },
		{ "http://LocalHost", false },
		{ "http://[::1]:8080", false },
		{ "unix:/run/promo/http.sock", false },
		{ "https://promo.example.com", false },
		{ "http://promo.example.com", true },
		{ "HTTP://promo.example.com", true },
		{ "http://10.0.0.7:8080", true },
		{ "http://127.0.0.1.example.com", true },
		{ "http://localhost.example.com", true },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		const struct promo_client_config config = { .server = cases[i].server };
		struct promo_client *client;

		assert_int_equal(promo_client_new(&config, &client), 0);
		if (promo_client_is_clear(client) != cases[i].clear)
			fail_msg("wrong for %s", cases[i].server);
		promo_client_free(client);
	}
}

static void test_addresses(void **state)
{
	static const char *const good[] = { "http://localhost", "https://promo.example.com/",
		"http://[::1]:8080", "unix:/run/promod.sock" };
	static const char *const bad[] = { "", "localhost", "localhost:8080", "ftp://host",
		"file:///etc/passwd", "http://", "http://user:password@host", "http://host/path",
		"http://host/?q", "http://host/#f", "unix:relative", "unix:", "http://ho st",
		"http://host:99999" };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(good); i++) {
		const struct promo_client_config config = { .server = good[i] };
		struct promo_client *client;

		assert_int_equal(promo_client_new(&config, &client), 0);
		promo_client_free(client);
	}
	for (size_t i = 0; i < PROMO_COUNT(bad); i++) {
		const struct promo_client_config config = { .server = bad[i] };
		struct promo_client *client;

		if (promo_client_new(&config, &client) != PROMO_E_INVALID_INPUT)
			fail_msg("'%s' was taken for an address", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_can_read_along),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
