/* SPDX-License-Identifier: MIT */
/* Whatever a browser, or who says that he is one, sends: a page is trusted or foreign and never both, a
 * cookie is a piece of what came, a token, a key, an address and the body of a sign-in are read or refused. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_api_key.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/base/api_key.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/network.h"
#include "promod/browser.h"
#include "tests/fuzz/fuzz.h"

enum {
	LINES = 3,
	ARENA_BYTES = 1024 * 1024
};

/* The lines are Host, Origin and Cookie. */
static void check_head(char *text, struct promo_arena *arena)
{
	static const char *const names[LINES] = { "Host", "Origin", "Cookie" };
	const char *const allowed[] = { "https://panel.example.com", text };
	struct promod_header headers[LINES];
	struct promod_head head = { .headers = headers };
	struct promod_browser browser;
	char *rest = text;

	while (head.header_count < LINES && rest) {
		char *line = strsep(&rest, "\n");
		const char *name = names[head.header_count];

		headers[head.header_count++] =
			(struct promod_header){ { name, strlen(name) }, { line, strlen(line) } };
	}
	if (!promod_browser_read(&head, allowed, 2, arena, &browser))
		return;
	assert(browser.is_trusted + browser.is_foreign == (head.header_count > 1));
	assert(!browser.origin || browser.is_trusted);
	assert(!browser.cookie || strstr(headers[LINES - 1].value.at, browser.cookie));
	assert(!browser.cookie || !strchr(browser.cookie, ';'));
}

static void check_text(const char *text)
{
	char prefix[PROMO_API_KEY_PREFIX_SIZE];
	struct promo_network network;

	if (promo_api_key_valid(text)) {
		assert(!promo_token_valid(PROMO_TOKEN_SESSION, text));
		promo_api_key_prefix(text, prefix);
	}
	if (promo_network_parse(text, &network)) {
		assert(network.bits >= 0 && network.bits <= 128);
		assert(strchr(text, '/') || promo_network_holds(&network, text));
	}
	if (promod_origin_valid(text))
		assert(strncmp(text, "http", 4) == 0 && !strpbrk(text, " \t\r\n,;\"*@?#"));
}

static void check_body(const char *text, size_t size, struct promo_arena *arena)
{
	const struct promo_decode_env env = { .country_code = "250" };
	const struct promo_input input = { .body = text, .body_size = size };
	struct promo_problem problem = { 0 };
	struct promo_api_key_create_in key;
	struct promo_login_in login;

	if (promo_decode_input(&promo_op_auth_login, &input, &env, arena, &problem, &login) == 0)
		assert(login.identifier && login.identifier[0] && login.password &&
			login.password[0]);
	if (promo_decode_input(&promo_op_api_key_create, &input, &env, arena, &problem, &key) == 0)
		assert(key.name && key.permissions.count > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct promo_arena *arena = promo_arena_new(ARENA_BYTES);
	char *text = malloc(size + 1);

	if (text && arena) {
		if (size > 0)
			memcpy(text, bytes, size);
		text[size] = '\0';
		check_text(text);
		check_body(text, size, arena);
		check_head(text, arena);
	}
	free(text);
	promo_arena_free(arena);
	return 0;
}
