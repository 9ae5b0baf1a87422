/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/* Rows in PostgreSQL's binary COPY ("Binary Format" under COPY in its manual), column by column, into a
 * COPY that was begun. A failure sticks, and promo_copy_rows_end() returns it. */

PROMO_BEGIN_DECLS

struct promo_store;

struct promo_copy_rows {
	struct promo_store *store;
	unsigned char *bytes;
	size_t size;
	int error;
};

int promo_copy_rows_begin(struct promo_copy_rows *rows, struct promo_store *store,
	struct promo_arena *arena) PROMO_CHECK;
/* The same for the next COPY, in the same memory; after promo_copy_rows_end(). */
void promo_copy_rows_again(struct promo_copy_rows *rows);
/* The next row, of so many columns, each of which follows once. */
void promo_copy_row(struct promo_copy_rows *rows, int columns);
void promo_copy_null(struct promo_copy_rows *rows);
/* uuid (its 16 bytes), text: at most PROMO_COPY_BYTES_MAX. */
void promo_copy_bytes(struct promo_copy_rows *rows, const void *bytes, size_t size);
void promo_copy_int4(struct promo_copy_rows *rows, int32_t value);
void promo_copy_money(struct promo_copy_rows *rows, int64_t minor); /* numeric, not negative */
void promo_copy_time(struct promo_copy_rows *rows, int64_t ms);     /* timestamptz */
void promo_copy_jsonb(struct promo_copy_rows *rows, const char *json);
int promo_copy_rows_end(struct promo_copy_rows *rows) PROMO_CHECK;

enum {
	PROMO_COPY_BYTES_MAX = 1024
};

PROMO_END_DECLS
