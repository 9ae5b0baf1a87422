/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* What codings of content a client takes. */

/* Whether a header Accept-Encoding (RFC 9110, 12.5.3) takes gzip; NULL: there is none, which takes
 * anything but is nobody's wish. */
bool promod_takes_gzip(const char *accept_encoding);
