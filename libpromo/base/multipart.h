/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/macros.h"

/*
 * The file in a body of multipart/form-data (RFC 7578, RFC 2046 5.1), as forms of web pages send it,
 * taken out while it comes. There has to be exactly one part, called "file".
 */

PROMO_BEGIN_DECLS

struct promo_multipart;

/* By the Content-Type of the body. PROMO_E_MALFORMED_REQUEST where it has no usable boundary. */
int promo_multipart_new(const char *content_type, struct promo_multipart **ret) PROMO_CHECK;
void promo_multipart_free(struct promo_multipart *multipart); /* NULL is fine */

/* Takes the bytes of the file; a result other than 0 ends it and is handed on. */
typedef int promo_multipart_sink_fn(void *context, const void *bytes, size_t size);

/* The next bytes of the body. PROMO_E_MALFORMED_REQUEST where it is none, or has another part. */
int promo_multipart_feed(struct promo_multipart *multipart, const void *bytes, size_t size,
	promo_multipart_sink_fn *sink, void *context) PROMO_CHECK;
/* That was all. PROMO_E_MALFORMED_REQUEST where the end of the file, or the file, was missing. */
int promo_multipart_end(const struct promo_multipart *multipart) PROMO_CHECK;

PROMO_END_DECLS
