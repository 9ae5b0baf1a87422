/* SPDX-License-Identifier: MIT */
#include "promod/browser.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libpromo/base/error.h"
#include "libpromo/ops/cookie.h"

enum {
	PORT_MAX = 65535
};

static const char https_port[] = ":443", http_port[] = ":80";

static bool text_is(struct promod_text text, const char *word)
{
	return text.size == strlen(word) && memcmp(text.at, word, text.size) == 0;
}

static bool begins_with(struct promod_text *text, const char *word)
{
	const size_t size = strlen(word);

	if (text->size < size || strncasecmp(text->at, word, size) != 0)
		return false;
	text->at += size;
	text->size -= size;
	return true;
}

/* A Host that no name server was asked for: what comes by it comes from this machine. */
static bool is_loopback(struct promod_text host)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct promod_text rest = host;

		if (begins_with(&rest, names[i]) && (rest.size == 0 || rest.at[0] == ':'))
			return true;
	}
	return false;
}

/*
 * Cookies (RFC 6265, 4.2.1).
 */

static struct promod_text next_pair(struct promod_text *rest)
{
	struct promod_text pair = { rest->at, 0 };

	while (pair.size < rest->size && pair.at[pair.size] != ';')
		pair.size++;
	rest->at += pair.size;
	rest->size -= pair.size;
	if (rest->size > 0) {
		rest->at++;
		rest->size--;
	}
	while (pair.size > 0 && pair.at[0] == ' ') {
		pair.at++;
		pair.size--;
	}
	return pair;
}

/* Two of one name: one of them was planted, and nobody knows which. */
static bool find_cookie(struct promod_text rest, const char *name, struct promod_text *ret)
{
	const size_t length = strlen(name);
	int found = 0;

	while (rest.size > 0) {
		struct promod_text pair = next_pair(&rest);

		if (pair.size <= length || memcmp(pair.at, name, length) != 0 ||
			pair.at[length] != '=')
			continue;
		*ret = (struct promod_text){ pair.at + length + 1, pair.size - length - 1 };
		found++;
	}
	return found == 1;
}

/*
 * Origins.
 */

/* Our own, as a browser names it: https where there is anything between us and others. */
static bool is_own(struct promod_text origin, struct promod_text host, bool is_plain)
{
	const char *port = https_port;

	if (begins_with(&origin, "https://"))
		port = https_port;
	else if (is_plain && begins_with(&origin, "http://"))
		port = http_port;
	else
		return false;
	/* A browser leaves the usual port out of both, another client perhaps not. */
	if (host.size > origin.size && host.size - origin.size == strlen(port) &&
		memcmp(host.at + origin.size, port, strlen(port)) == 0)
		host.size = origin.size;
	return host.size > 0 && origin.size == host.size &&
	       strncasecmp(origin.at, host.at, host.size) == 0;
}

/* What stands behind the host: nothing, or a port that a browser would name. */
static bool is_port(const char *text, const char *usual)
{
	long port;

	if (*text == '\0')
		return true;
	if (text[0] != ':' || text[1] < '1' || text[1] > '9' || strlen(text) > 6 ||
		strspn(text + 1, "0123456789") != strlen(text + 1))
		return false;
	port = strtol(text + 1, NULL, 10);
	return port <= PORT_MAX && strcmp(text, usual) != 0;
}

bool promod_origin_valid(const char *text)
{
	const char *host = NULL, *usual = https_port;
	size_t name;

	if (strncmp(text, "https://", 8) == 0) {
		host = text + 8;
	} else if (strncmp(text, "http://", 7) == 0) {
		host = text + 7;
		usual = http_port;
	}
	if (!host || strlen(text) > 300)
		return false;
	name = host[0] == '[' ? strcspn(host, "]") + 1
			      : strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	if (name == 0 || name > strlen(host) ||
		(host[0] == '[' && strspn(host + 1, "0123456789abcdef:.") != name - 2))
		return false;
	return is_port(host + name, usual);
}

int promod_origins_check(const char *const *texts, size_t count, struct promo_arena *arena,
	struct promo_problem *problem)
{
	for (size_t i = 0; i < count; i++)
		if (!promod_origin_valid(texts[i]))
			return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
				"allowed_origins: '%s' is no origin such as https://example.com, "
				"in lower case and with nothing behind it",
				texts[i]);
	return 0;
}

static bool is_allowed(struct promod_text origin, const char *const *allowed, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(origin, allowed[i]))
			return true;
	return false;
}

bool promod_browser_read(const struct promod_head *head, const char *const *allowed, size_t count,
	struct promo_arena *arena, struct promod_browser *ret)
{
	struct promod_text host = { "", 0 }, origin, cookies, token = host;
	struct promod_browser browser = { 0 };

	(void)promod_head_find(head, "host", &host);
	browser.is_plain = is_loopback(host);
	if (promod_head_find(head, "origin", &origin)) {
		const bool elsewhere = is_allowed(origin, allowed, count);

		browser.is_trusted = elsewhere || is_own(origin, host, browser.is_plain);
		browser.is_foreign = !browser.is_trusted;
		if (elsewhere) {
			browser.origin = promo_arena_strndup(arena, origin.at, origin.size);
			if (!browser.origin)
				return false;
		}
	}
	if (promod_head_find(head, "cookie", &cookies) &&
		find_cookie(cookies, promo_cookie_name(browser.is_plain), &token)) {
		browser.cookie = promo_arena_strndup(arena, token.at, token.size);
		if (!browser.cookie)
			return false;
	}
	*ret = browser;
	return true;
}
