/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/sheet.h"

int64_t promo_sheet_page(int64_t serial)
{
	return (serial + PROMO_SHEET_CODES - 1) / PROMO_SHEET_CODES;
}

int64_t promo_sheet_slot(int64_t serial)
{
	return (serial - 1) % PROMO_SHEET_CODES + 1;
}
