/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/store/store.h"

/*
 * Pages of a list. A page goes on behind the last row of the one before, named by the values of its
 * sort keys (keyset), so it is stable while rows arrive and as cheap at the end as at the start. The
 * keys are fields of the row's schema; the last one has to be unique. A field that only the cursor
 * needs is PROMO_INTERNAL. The cursor is opaque to clients, and checked: whatever they make up is a
 * bad ?cursor, never a failed cast.
 *
 *	struct promo_page page;
 *	r = promo_page_open(ctx, "id", in->limit, in->cursor, &page);
 *	...
 *	promo_page_params(&page, &params);   // $n the key or null, then $n+1 how many rows
 *	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_USER_LIST, &params, &rows);
 *	...
 *	return promo_page_close(ctx, &page, &rows, total, ret);
 *
 * and in SQL: WHERE ($1::uuid IS NULL OR u.id < $1) ORDER BY u.id DESC LIMIT $2
 *
 * A list with ?sort= has all its orders in one statement that is planned anew, so that its plan is the
 * plan of the order that was asked for (docs/decisions/0043).
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PAGE_KEYS_MAX = 3
};

struct promo_page {
	int64_t limit;    /* rows of the page; the statement is asked for one more */
	const char *sort; /* word of ?sort=; NULL: a list that has one order */
	const struct promo_field *keys[PROMO_PAGE_KEYS_MAX];
	const char
		*after[PROMO_PAGE_KEYS_MAX]; /* values of the last row before, all NULL at first */
	int key_count;
};

/* `keys`: names of fields of ctx->op->out, by blanks, of kind ID, INT, TEXT or CODE; limit
 * PROMO_NULL_INT: PROMO_LIMIT_DEFAULT. PROMO_E_INVALID_INPUT naming ?cursor. */
int promo_page_open(struct promo_ctx *ctx, const char *keys, int64_t limit, const char *cursor,
	struct promo_page *ret) PROMO_CHECK;

/* The same for a list with ?sort=, one of its words: `keys` NULL are that field and the id, or the id
 * alone for "created_at". A cursor of another order is none. promo_page_params() then adds the word in
 * front, and with the id alone a null in the place of the field's value. */
int promo_page_open_sorted(struct promo_ctx *ctx, const char *sort, const char *keys, int64_t limit,
	const char *cursor, struct promo_page *ret) PROMO_CHECK;

/* Whether a cursor is one of these keys, for lists that have more than one order. */
bool promo_page_fits(struct promo_ctx *ctx, const char *keys, const char *cursor);

/* The cursor of what comes behind a row in the order of these keys. */
int promo_page_cursor(
	struct promo_ctx *ctx, const char *keys, const void *row, const char **ret) PROMO_CHECK;

/* Adds a parameter for each key (null on the first page), then one for the number of rows. */
void promo_page_params(const struct promo_page *page, struct promo_params *params);

/* Cuts the row too many off and makes the cursor of the next page from the last that stays. `total`
 * is PROMO_NULL_INT where nobody asked. */
int promo_page_close(struct promo_ctx *ctx, const struct promo_page *page,
	const struct promo_objects *rows, int64_t total, struct promo_list *ret) PROMO_CHECK;

/* For a page by id that is what so many rows behind the last one have of what was asked for, and is at
 * its end: the cursor behind those, where there are more. `beyond` gives the last of those rows, as
 * struct promo_id_row. */
int promo_page_go_on(struct promo_ctx *ctx, const struct promo_page *page, enum promo_query beyond,
	const struct promo_params *params, struct promo_list *ret) PROMO_CHECK;

PROMO_END_DECLS
