/* SPDX-License-Identifier: MIT */
#pragma once

#include <curl/curl.h>

#include "libpromo/base/macros.h"

/* What all that libcurl sends from here has in common. Not installed. */

/* A handle without signals and without anything from the environment or from files of the account
 * (proxies, .netrc), to be cleaned up by the caller. A fault without memory. */
int promo_curl_new(CURL **ret) PROMO_CHECK;
void promo_curl_freep(CURL **curl); /* for PROMO_CLEANUP */

void promo_curl_list_freep(struct curl_slist **list); /* for PROMO_CLEANUP */
