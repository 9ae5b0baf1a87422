/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/macros.h"

/* The header Range of RFC 9110, 14.1.2 and 14.2: one range of bytes. What is several, of another unit or
 * badly formed is as good as none, as the RFC lets a server say. Pure. */

PROMO_BEGIN_DECLS

enum promo_range_kind {
	PROMO_RANGE_WHOLE = 1,
	PROMO_RANGE_PART,
	PROMO_RANGE_BEYOND, /* well formed, and the file has none of it */
};

struct promo_range {
	enum promo_range_kind kind;
	int64_t first, last; /* both belong to it; of the whole as well */
};

/* `text` may be NULL; `size` is above 0. */
struct promo_range promo_range_parse(const char *text, int64_t size);

PROMO_END_DECLS
