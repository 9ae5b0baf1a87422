/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/base/macros.h"

/*
 * Networks that somebody named, such as 10.0.0.0/8, ::1 or 192.0.2.7, and whether an address is in one.
 * IPv4 is kept as what it is mapped to in IPv6, so a client that came in either way is the same.
 */

PROMO_BEGIN_DECLS

struct promo_network {
	unsigned char bytes[16];
	int bits;
};

/* False if it is none: no address, or bits behind the / that no such address has. */
bool promo_network_parse(const char *text, struct promo_network *ret);

/* Whether the address, as text, stands in it; what is no address stands in none. */
bool promo_network_holds(const struct promo_network *network, const char *address);

PROMO_END_DECLS
