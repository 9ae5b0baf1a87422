/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/print/sheet.h"

/*
 * The QR codes of a sheet (ISO/IEC 18004) as one picture of one bit a module: the distance of two
 * vouchers is a whole number of modules. One image mask a sheet instead of twelve, and none of the
 * several thousand rectangles. Not installed.
 *
 * Error correction is M (15 %): version 1 (21 modules) holds 20 characters, which is a code of 16 as
 * it is printed; version 2 (25) all others. Both come out 16.7 mm wide.
 */

enum {
	PROMO_QR_SHORT_MAX = 20, /* characters of version 1 */
};

/* The geometry of a sheet's picture. */
struct promo_qr_grid {
	int version;
	int side;                  /* modules of one code */
	int pitch;                 /* modules from one voucher to the next */
	int width, height, stride; /* of the picture: bits, rows, bytes a row */
};

/* All codes of a sheet have the version that its longest needs. */
struct promo_qr_grid promo_qr_grid_of(const struct promo_sheet *sheet);

/* Fills sheet->mask. */
int promo_qr_encode(struct promo_sheet *sheet) PROMO_CHECK;
