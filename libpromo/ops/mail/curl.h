/* SPDX-License-Identifier: MIT */
#pragma once

#include <curl/curl.h>

#include "libpromo/base/macros.h"
#include "libpromo/ops/mail/address.h"

/* What all that libcurl sends from here has in common. Not installed. */

/* A handle without signals and without anything from the environment or from files of the account
 * (proxies, .netrc), to be cleaned up by the caller. A fault without memory. */
int promo_curl_new(CURL **ret) PROMO_CHECK;
void promo_curl_freep(CURL **curl); /* for PROMO_CLEANUP */

/* Which addresses may be connected to, judged at the moment of connecting. */
struct promo_curl_guard {
	bool private_addresses;          /* besides the public ones */
	enum promo_address_kind refused; /* 0, or why one was not connected to */
};
/* Sets it up; it outlives the transfer. */
bool promo_curl_set_guard(CURL *curl, struct promo_curl_guard *guard);

void promo_curl_list_freep(struct curl_slist **list); /* for PROMO_CLEANUP */
