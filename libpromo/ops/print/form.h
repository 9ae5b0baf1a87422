/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <pango/pango.h>

#include "libpromo/ops/print/voucher.h"

/*
 * What does not differ within a document, drawn once: the head of a sheet with the company, its logo and
 * the batch, and the same in small for a voucher. Not installed.
 */

/* Families of fonts, the best first. Codes know no O, so a 0 needs no mark that tells it from one, and
 * such a mark is what makes it look like an 8: their faces have an open 0 (docs/decisions/0021). */
#define PROMO_PRINT_CODE_FAMILIES "B612 Mono", "DejaVu Sans", "Liberation Sans", "sans-serif"
#define PROMO_PRINT_TEXT_FAMILIES "DejaVu Sans", "Liberation Sans", "sans-serif"
#define PROMO_PRINT_NAME_FAMILY   "DejaVu Sans, Liberation Sans, sans-serif"

/* Drawings that are shown as they are: the head at the sheet's corner, the names at each voucher's.
 * The caller frees them. */
struct promo_forms {
	cairo_surface_t *head, *voucher;
};

int promo_forms_new(PangoContext *context, const struct promo_voucher_head *head,
	struct promo_forms *ret) PROMO_CHECK;
void promo_forms_free(struct promo_forms *forms);
