/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/macros.h"

/* Where a code stands in print: sheets of 3 by 4 vouchers, filled in the order of the serials. */

PROMO_BEGIN_DECLS

enum {
	PROMO_SHEET_CODES = 12
};

/* Both from 1, of a serial from 1. Of the last serial, the page is the number of pages. */
int64_t promo_sheet_page(int64_t serial);
int64_t promo_sheet_slot(int64_t serial);

PROMO_END_DECLS
