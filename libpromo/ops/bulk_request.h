/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/error.h"
#include "libpromo/model/field.h"
#include "libpromo/store/store.h"

/* What requests that change many things at once have in common: codes, batches, fraud cases. Not
 * installed. */

PROMO_BEGIN_DECLS

struct promo_ctx;

/* Sorts ids or codes in their normal form and keeps each once; returns how many are left. */
size_t promo_bulk_sort_once(const char **items, size_t count);
/* The order of that, for bsearch(). */
int promo_bulk_compare(const void *a, const void *b);

/* Which ones a request means, each id once and sorted, in the arena: those that it names, in any form of
 * a UUID (PROMO_E_INVALID_INPUT names each that is none), ... */
int promo_bulk_named(struct promo_ctx *ctx, const struct promo_texts *given,
	struct promo_texts *ret) PROMO_CHECK;
/* ... or those that fit its filter: `query` answers with promo_id_row and takes the most there may be
 * behind these parameters. PROMO_E_INVALID_INPUT where more fit; `what` as below. */
int promo_bulk_fitting(struct promo_ctx *ctx, const char *what, enum promo_query query,
	struct promo_params *params, struct promo_texts *ret) PROMO_CHECK;

/* PROMO_E_COUNT_MISMATCH, with how many there are; `what` is "codes", "batches" or "reports". */
int promo_bulk_refuse_count(
	struct promo_ctx *ctx, const char *what, int64_t count, int64_t expected) PROMO_CHECK;

PROMO_END_DECLS
