/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/page.h"

/* What all lists do after they have named their filters: the total where it was asked for, then the
 * page. Both statements take the filters in the same order, the second one the page behind them. */

PROMO_BEGIN_DECLS

struct promo_listing {
	enum promo_query list, count;
	const char *keys; /* of the page; NULL: "id" */
	bool sorted;      /* the operation has ?sort=, ... */
	int sort;         /* ... which is this; 0: newest first */
	int64_t limit;    /* PROMO_NULL_INT: the default */
	const char *cursor;
	bool counted; /* ?count=true */
};

/* Without keys of its own newest first, which is by id descending: ids rise with time. `filters` get
 * the page added. */
int promo_list_read(struct promo_ctx *ctx, const struct promo_listing *listing,
	struct promo_params *filters, struct promo_list *ret) PROMO_CHECK;

/* How many there are: what ?count=true asks for. PROMO_TOTAL_UNCOUNTED where it takes longer than a second: who
 * asks for much has his page, and nobody's connection is held for it. */
int promo_list_count(struct promo_ctx *ctx, enum promo_query count,
	const struct promo_params *filters, int64_t *ret) PROMO_CHECK;

/* The listing of an input that has PROMO_LIST_MEMBERS, by id or by other keys. */
#define PROMO_LISTING(in, list_query, count_query)                                                 \
	PROMO_LISTING_BY(in, NULL, list_query, count_query)
#define PROMO_LISTING_BY(in, page_keys, list_query, count_query)                                   \
	&(struct promo_listing)                                                                    \
	{                                                                                          \
		.list = (list_query), .count = (count_query), .keys = (page_keys),                 \
		.limit = (in)->limit, .cursor = (in)->cursor, .counted = (in)->count               \
	}
/* The same of an input with the member `sort` too. */
#define PROMO_LISTING_SORTED(in, list_query, count_query)                                          \
	&(struct promo_listing)                                                                    \
	{                                                                                          \
		.list = (list_query), .count = (count_query), .sorted = true, .sort = (in)->sort,  \
		.limit = (in)->limit, .cursor = (in)->cursor, .counted = (in)->count               \
	}

PROMO_END_DECLS
