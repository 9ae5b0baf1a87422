/* SPDX-License-Identifier: MIT */
/* A cookie is found by its whole name and only once; our own origin is the one that a browser names for
 * the Host it asked; what is allowed is compared as a whole, and nothing else is an origin. */
#include "promod/browser.h"

#include <string.h>

#include "tests/lib/test.h"

#define TOKEN "pmo_s_abc"

static struct promo_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = promo_arena_new(1024 * 1024);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	promo_arena_free(arena);
	return 0;
}

static struct promod_text text(const char *value)
{
	return (struct promod_text){ value, strlen(value) };
}

static struct promod_browser look(const char *host, const char *origin, const char *cookie)
{
	static const char *const allowed[] = { "https://panel.example.com",
		"http://10.0.0.1:3000" };
	struct promod_header headers[3] = { { text("Host"), text(host) } };
	struct promod_head head = { .headers = headers, .header_count = 1 };
	struct promod_browser browser;

	if (origin)
		headers[head.header_count++] =
			(struct promod_header){ text("Origin"), text(origin) };
	if (cookie)
		headers[head.header_count++] =
			(struct promod_header){ text("Cookie"), text(cookie) };
	assert_true(promod_browser_read(&head, allowed, 2, arena, &browser));
	return browser;
}

static void test_cookies(void **state)
{
	static const struct {
		const char *host, *cookie;
		bool found;
	} cases[] = {
		{ "promo.example.com", "__Host-promo_session=" TOKEN, true },
		{ "promo.example.com", "a=b; __Host-promo_session=" TOKEN "; c=d", true },
		{ "promo.example.com", "a=b;__Host-promo_session=" TOKEN ";", true },
		/* What another host could have planted. */
		{ "promo.example.com", "promo_session=" TOKEN, false },
		{ "promo.example.com",
			"__Host-promo_session=" TOKEN "; __Host-promo_session=pmo_s_x", false },
		{ "promo.example.com", "__host-promo_session=" TOKEN, false },
		{ "promo.example.com", "x__Host-promo_session=" TOKEN, false },
		{ "promo.example.com", "__Host-promo_sessions=" TOKEN, false },
		{ "promo.example.com", "__Host-promo_session", false },
		{ "promo.example.com", "", false },
		{ "promo.example.com", ";;; ; =", false },
		{ "localhost:8080", "promo_session=" TOKEN, true },
		{ "127.0.0.1", "promo_session=" TOKEN, true },
		{ "[::1]:8080", "promo_session=" TOKEN, true },
		{ "localhost:8080", "__Host-promo_session=" TOKEN, false },
		{ "localhost.example.com", "promo_session=" TOKEN, false },
		{ "127.0.0.1.example.com", "promo_session=" TOKEN, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct promod_browser browser = look(cases[i].host, NULL, cases[i].cookie);

		if (cases[i].found != (browser.cookie != NULL))
			fail_msg("%s: %s", cases[i].host, cases[i].cookie);
		if (browser.cookie)
			assert_string_equal(browser.cookie, TOKEN);
	}
}

static void test_origins(void **state)
{
	static const struct {
		const char *host, *origin;
		bool trusted, elsewhere;
	} cases[] = {
		{ "promo.example.com", "https://promo.example.com", true, false },
		{ "promo.example.com:443", "https://promo.example.com", true, false },
		{ "promo.example.com:8443", "https://promo.example.com:8443", true, false },
		{ "Promo.Example.com", "https://promo.example.com", true, false },
		{ "localhost:8080", "http://localhost:8080", true, false },
		{ "[::1]:8080", "http://[::1]:8080", true, false },
		{ "promo.example.com", "https://panel.example.com", true, true },
		{ "promo.example.com", "http://10.0.0.1:3000", true, true },
		/* In the clear anybody on the way could be the page. */
		{ "promo.example.com", "http://promo.example.com", false, false },
		{ "promo.example.com", "https://promo.example.com:8443", false, false },
		{ "promo.example.com:8443", "https://promo.example.com", false, false },
		{ "promo.example.com", "https://promo.example.com.evil.example", false, false },
		{ "promo.example.com", "https://evil-promo.example.com", false, false },
		{ "promo.example.com", "https://panel.example.com:443", false, false },
		{ "promo.example.com", "https://panel.example.com/", false, false },
		{ "promo.example.com", "null", false, false },
		{ "promo.example.com", "", false, false },
		{ "", "https://", false, false },
		{ "localhost:8080", "http://localhost:3000", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct promod_browser browser = look(cases[i].host, cases[i].origin, NULL);

		if (browser.is_trusted != cases[i].trusted ||
			browser.is_foreign == browser.is_trusted)
			fail_msg("%s asks %s", cases[i].origin, cases[i].host);
		assert_int_equal(browser.origin != NULL, cases[i].elsewhere);
	}
	assert_false(look("promo.example.com", NULL, NULL).is_foreign);
	assert_false(look("promo.example.com", NULL, NULL).is_trusted);
}

static void test_what_is_one(void **state)
{
	static const char *const good[] = { "https://example.com", "http://localhost:3000",
		"https://[2001:db8::1]:8443", "http://192.0.2.7", "http://example.com:443",
		"https://example.com:65535" };
	static const char *const bad[] = { "", "*", "null", "example.com", "https://",
		"https://example.com/", "https://Example.com", "HTTPS://example.com",
		"https://example.com:", "https://example.com:port", "https://example.com:1234567",
		"https://*.example.com", "ftp://example.com", "https://a b", "https://[::1",
		"https://[x]", "https://user@example.com", "https://example.com:443",
		"http://example.com:80", "https://example.com:0443", "https://example.com:0",
		"https://example.com:65536" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!promod_origin_valid(good[i]))
			fail_msg("%s is one", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (promod_origin_valid(bad[i]))
			fail_msg("%s is none", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_what_is_one),
	};

	return cmocka_run_group_tests_name("promod/browser", tests, setup, teardown);
}
