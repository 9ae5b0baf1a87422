/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/bound.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "libpromo/base/macros.h"

#define CLEAR "http://"

struct place {
	char *scheme, *host, *port;
};

static bool take_apart(const char *text, struct place *ret)
{
	CURLU *url = curl_url();
	const bool taken =
		url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_SCHEME, &ret->scheme, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_HOST, &ret->host, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_PORT, &ret->port, CURLU_DEFAULT_PORT) == CURLUE_OK;

	curl_url_cleanup(url);
	return taken;
}

static void place_clear(struct place *place)
{
	curl_free(place->scheme);
	curl_free(place->host);
	curl_free(place->port);
}

static bool is_this_machine(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host));
}

static bool fits(const char *entry, const struct place *place)
{
	const bool clear = strncasecmp(entry, CLEAR, strlen(CLEAR)) == 0;
	const size_t length = strlen(place->host);

	if (clear)
		entry += strlen(CLEAR);
	if (strcasecmp(place->scheme, "http") == 0 && !clear && !is_this_machine(place->host))
		return false;
	if (strncasecmp(entry, place->host, length) != 0)
		return false;
	return entry[length] == '\0' ||
	       (entry[length] == ':' && strcmp(entry + length + 1, place->port) == 0);
}

bool promo_bound_to(const struct promo_texts *hosts, const char *url)
{
	struct place place = { 0 };
	bool found = false;

	if (take_apart(url, &place))
		for (size_t i = 0; i < hosts->count && !found; i++)
			found = fits(hosts->items[i], &place);
	place_clear(&place);
	return found;
}
