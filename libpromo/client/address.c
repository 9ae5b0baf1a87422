/* SPDX-License-Identifier: MIT */
#include "libpromo/client/address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "libpromo/base/error.h"

enum {
	SERVER_MAX_BYTES = 1000,
};

/* 127.0.0.1.example.com is somebody else. */
static bool is_loopback(const char *host)
{
	unsigned char address[4];

	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET, host, address) == 1 && address[0] == 127);
}

static bool url_has(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	const bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK &&
			 !(part == CURLUPART_PATH && strcmp(text, "/") == 0);

	curl_free(text);
	return has;
}

static void free_url(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void free_curl_text(char **text)
{
	curl_free(*text);
}

/* Scheme, host and perhaps a port: nothing else has a meaning here. */
static int parse_url(const char *server, struct address *address)
{
	PROMO_CLEANUP(free_url) CURLU *url = curl_url();
	PROMO_CLEANUP(free_curl_text) char *scheme = NULL;
	PROMO_CLEANUP(free_curl_text) char *host = NULL;
	size_t length = strlen(server);

	if (!url)
		return promo_fault(-ENOMEM, "could not read the address of the server");
	if (!strstr(server, "://") || curl_url_set(url, CURLUPART_URL, server, 0) != CURLUE_OK ||
		curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
		curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return PROMO_E_INVALID_INPUT;
	if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		return PROMO_E_INVALID_INPUT;
	if (url_has(url, CURLUPART_USER) || url_has(url, CURLUPART_QUERY) ||
		url_has(url, CURLUPART_FRAGMENT) || url_has(url, CURLUPART_PATH))
		return PROMO_E_INVALID_INPUT;
	while (length > 0 && server[length - 1] == '/')
		length--;
	address->loopback = is_loopback(host);
	address->clear = !address->loopback && strcmp(scheme, "http") == 0;
	address->base = strndup(server, length);
	return address->base ? 0 : promo_fault(-ENOMEM, "could not keep the server's address");
}

static int parse(const char *server, struct address *address)
{
	if (!server || strlen(server) > SERVER_MAX_BYTES)
		return PROMO_E_INVALID_INPUT;
	if (strncmp(server, "unix:", 5) != 0)
		return parse_url(server, address);
	if (server[5] != '/' ||
		strlen(server + 5) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return PROMO_E_INVALID_INPUT;
	address->loopback = true;
	address->unix_path = strdup(server + 5);
	address->base = strdup("http://localhost");
	return address->unix_path && address->base
		       ? 0
		       : promo_fault(-ENOMEM, "could not keep the server's address");
}

int address_parse(const char *server, struct address *ret)
{
	struct address address = { 0 };
	int r = parse(server, &address);

	if (r) {
		address_release(&address);
		return r;
	}
	*ret = address;
	return 0;
}

void address_release(struct address *address)
{
	free(address->base);
	free(address->unix_path);
	*address = (struct address){ 0 };
}
