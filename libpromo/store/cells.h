/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/error.h"

/*
 * Columns of PostgreSQL's binary COPY ("Binary Format" under COPY in its manual), read: what costs the
 * server least to say. What writes them is ops/copy_rows.h. A column that is not what it is read as is
 * a fault: statement and reader do not fit.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_CELLS_MAX = 64
};

struct promo_cell {
	const char *bytes; /* NULL: null; with a NUL behind them, so a text is one in C too */
	int size;
};

/* Cuts one message of COPY, `size` bytes with a NUL behind them, into its columns, in place. *ret is
 * -1 for the end of all rows. `first` is true for the first message, before whose row the header
 * stands. */
int promo_cells_cut(char *message, int size, bool first, struct promo_cell cells[PROMO_CELLS_MAX],
	int *ret) PROMO_CHECK;

/* integer and bigint; PROMO_NULL_INT for null. */
int promo_cell_int(const struct promo_cell *cell, int64_t *ret) PROMO_CHECK;
/* timestamptz, in ms, as far as the calendar goes that people are told times of; 0 for null. */
int promo_cell_time(const struct promo_cell *cell, int64_t *ret) PROMO_CHECK;
/* numeric of at most two places, in minor units; PROMO_NULL_INT for null. */
int promo_cell_money(const struct promo_cell *cell, int64_t *ret) PROMO_CHECK;

PROMO_END_DECLS
