/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <stdint.h>

#include "libpromo/ops/print/voucher.h"
#include "libpromo/rules/code.h"

/*
 * One sheet: where everything stands on it, and the drawing. What is the same on all of them (names,
 * logo, batch) is drawn once and shown on each as one form; what differs are glyphs that were looked
 * up before and one picture of all QR codes. Not installed.
 */

enum {
	PROMO_SHEET_COLUMNS = 3,
	PROMO_SHEET_ROWS = 4,
	PROMO_SHEET_AMOUNT_SIZE = 48,
	PROMO_SHEET_MASK_BYTES = 24 * 241, /* the larger grid of qr.h */
};

struct promo_sheet_voucher {
	int slot; /* from 0 */
	char code[PROMO_CODE_SHOWN_SIZE];
	char amount[PROMO_SHEET_AMOUNT_SIZE];
	char expires[sizeof("YYYY-MM-DD")];
};

struct promo_sheet {
	int64_t number; /* from 1 */
	int count;      /* 0: nothing to be printed */
	struct promo_sheet_voucher vouchers[PROMO_SHEET_SLOTS];
	unsigned char mask[PROMO_SHEET_MASK_BYTES];
};

/* Fonts and the form of a document. */
struct promo_sheet_style;

int promo_sheet_style_new(
	const struct promo_voucher_head *head, struct promo_sheet_style **ret) PROMO_CHECK;
void promo_sheet_style_free(struct promo_sheet_style *style); /* NULL is fine */

/* The size of the paper, in points. */
double promo_sheet_width(void);
double promo_sheet_height(void);

/* Draws a sheet, onto a page of that size; its mask is filled if the style has QR codes. */
void promo_sheet_draw(
	cairo_t *cairo, struct promo_sheet_style *style, const struct promo_sheet *sheet);
