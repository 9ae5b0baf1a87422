/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/macros.h"

/* Where a server is, read from the text that names it. Not installed. */

struct address {
	char *base;      /* "http://host:port", without a slash at the end */
	char *unix_path; /* NULL: over TCP */
	bool loopback;   /* this machine itself */
	bool clear;      /* everybody on the way can read along */
};

/* "https://host[:port]", "http://host[:port]" or "unix:/path"; anything else, or more, is
 * PROMO_E_INVALID_INPUT. */
int address_parse(const char *server, struct address *ret) PROMO_CHECK;
void address_release(struct address *address);
