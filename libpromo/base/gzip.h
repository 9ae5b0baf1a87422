/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "libpromo/base/error.h"

/*
 * Packs bytes on their way (gzip, RFC 1952), quickly rather than tightly; memory does not depend on how
 * many there are. The only home of zlib. One writer, used by one thread at a time.
 */

PROMO_BEGIN_DECLS

struct promo_gzip;

/* Takes packed bytes; what it returns but 0 ends the packing and is returned. */
typedef int promo_gzip_put_fn(void *context, const void *bytes, size_t size);

int promo_gzip_new(promo_gzip_put_fn *put, void *context, struct promo_gzip **ret) PROMO_CHECK;
void promo_gzip_free(struct promo_gzip *gzip); /* NULL is fine */

int promo_gzip_write(struct promo_gzip *gzip, const void *bytes, size_t size) PROMO_CHECK;
/* Writes what was held back and the end, with which alone the whole is valid. */
int promo_gzip_end(struct promo_gzip *gzip) PROMO_CHECK;

PROMO_END_DECLS
