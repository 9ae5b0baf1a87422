/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <pango/pango.h>

#include "libpromo/ops/print/voucher.h"

/*
 * What all sheets of a document have in common, drawn once: the head with the company, its logo and the
 * batch, and the same in small in each voucher. Not installed.
 */

/* Families of fonts, the best first. Codes know no O, so a 0 needs no mark that tells it from one, and
 * such a mark is what makes it look like an 8: their faces have an open 0 (docs/decisions/0021). */
#define PROMO_PRINT_CODE_FAMILIES "B612 Mono", "DejaVu Sans", "Liberation Sans", "sans-serif"
#define PROMO_PRINT_TEXT_FAMILIES "DejaVu Sans", "Liberation Sans", "sans-serif"
#define PROMO_PRINT_NAME_FAMILY   "DejaVu Sans, Liberation Sans, sans-serif"

/* A drawing of the size of the paper; the caller destroys it. */
int promo_form_new(PangoContext *context, const struct promo_voucher_head *head,
	cairo_surface_t **ret) PROMO_CHECK;
