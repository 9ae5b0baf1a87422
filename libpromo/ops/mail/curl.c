/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/curl.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>

#include "libpromo/base/error.h"

static CURLcode curl_result;

static void init_global(void)
{
	curl_result = curl_global_init(CURL_GLOBAL_DEFAULT);
}

int promo_curl_new(CURL **ret)
{
	static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
	CURL *curl;

	(void)pthread_once(&curl_once, init_global);
	curl = curl_result == CURLE_OK ? curl_easy_init() : NULL;
	if (!curl)
		return promo_fault(-ENOMEM, "could not set up libcurl");
	/* A proxy of the environment would connect for us, past every judgement of addresses. */
	if (curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) != CURLE_OK ||
		curl_easy_setopt(curl, CURLOPT_PROXY, "") != CURLE_OK ||
		curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) != CURLE_OK) {
		curl_easy_cleanup(curl);
		return promo_fault(-ENOMEM, "could not set up libcurl");
	}
	*ret = curl;
	return 0;
}

void promo_curl_freep(CURL **curl)
{
	curl_easy_cleanup(*curl);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct promo_curl_guard *guard = context;
	const enum promo_address_kind kind = promo_address_kind(&address->addr);

	(void)purpose;
	if (kind != PROMO_ADDRESS_PUBLIC &&
		!(kind == PROMO_ADDRESS_PRIVATE && guard->private_addresses)) {
		guard->refused = kind;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool promo_curl_set_guard(CURL *curl, struct promo_curl_guard *guard)
{
	return curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, guard) == CURLE_OK;
}

void promo_curl_list_freep(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}
