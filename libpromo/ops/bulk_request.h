/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/error.h"

/* What requests that change many things at once have in common, codes or batches. Not installed. */

PROMO_BEGIN_DECLS

struct promo_ctx;

/* Sorts ids or codes in their normal form and keeps each once; returns how many are left. */
size_t promo_bulk_sort_once(const char **items, size_t count);
/* The order of that, for bsearch(). */
int promo_bulk_compare(const void *a, const void *b);

/* PROMO_E_COUNT_MISMATCH, with how many there are; `what` is "codes", "batches" or "reports". */
int promo_bulk_refuse_count(
	struct promo_ctx *ctx, const char *what, int64_t count, int64_t expected) PROMO_CHECK;

PROMO_END_DECLS
