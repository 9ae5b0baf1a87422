/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Where things stand on a sheet, in millimetres from its upper left corner and, within a voucher, from
 * the voucher's: A4, three by four vouchers of 40 x 40 mm with 8 mm between them. Lines of text are
 * named by their base line. Not installed.
 */

#define MM(millimetres) ((millimetres)*72.0 / 25.4)

#define PAPER_WIDTH   210
#define PAPER_HEIGHT  297
#define VOUCHER_SIDE  40
#define VOUCHER_PITCH 48
#define GRID_LEFT     37.0 /* (210 - 136) / 2 */
#define GRID_TOP      56.5 /* in the middle of 50 to 247 */

/* The head of a sheet. */
#define HEAD_LEFT    20
#define HEAD_WIDTH   170
#define BRAND_TOP    8
#define BRAND_HEIGHT 10
#define BRAND_LOGO   30 /* at most so wide */
#define BRAND_GAP    3
#define BATCH_LINE   25
#define BATCH_TOP    20
#define BATCH_HEIGHT 7
#define HEAD_HEIGHT  30
#define FOOTER_LINE  272

/* A voucher with its QR code, around which four modules stay empty. */
#define NAME_TOP          0.3
#define NAME_HEIGHT       3.2
#define NAME_LOGO         9
#define NAME_GAP          1
#define BATCH_NAME_TOP    3.6
#define BATCH_NAME_HEIGHT 2.2
#define AMOUNT_LINE       8.8
#define QR_MIDDLE         20.4
#define CODE_LINE         34.9
#define SECOND_LINE       2.2 /* above it, where a code takes two */
#define EXPIRES_LINE      37.4
#define PLACE_LINE        39.6

/* One without: the code 2 mm below the middle, the amount 6 mm above it. */
#define BARE_AMOUNT_LINE  16
#define BARE_CODE_LINE    22
#define BARE_EXPIRES_LINE 26.5

static inline double place_x(int slot)
{
	return GRID_LEFT + slot % 3 * VOUCHER_PITCH;
}

static inline double place_y(int slot)
{
	return GRID_TOP + slot / 3 * VOUCHER_PITCH;
}
