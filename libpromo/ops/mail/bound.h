/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "libpromo/model/field.h"

/*
 * Where secrets may go. The settings say which server is called, and whoever may change them could name
 * his own and be sent the password. So the hosts stand beside the file of the secret, in promod.conf,
 * where only the owner of the machine writes. Judged is what libcurl itself finds in a URL, so that no
 * spelling means one host here and another there. Pure. Not installed.
 */

/* Whether the URL leads to one of `hosts`: "host" or "host:port", "[::1]" for an address of IPv6; in any
 * case of the letters. HTTP without TLS fits only to this very machine, or where "http://" stands before
 * the host. */
bool promo_bound_to(const struct promo_texts *hosts, const char *url);
