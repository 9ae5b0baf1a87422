/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <pango/pango.h>

#include "libpromo/base/macros.h"

/*
 * What people typed, in any script, inside a box that it cannot leave: shortened with an ellipsis
 * where it is too long, made smaller where its ink is higher or wider than the box (stacked accents),
 * and clipped. Not installed.
 */

struct promo_box {
	double x, y, width, height; /* points; y downwards */
};

struct promo_label {
	const char *text; /* UTF-8; anything else, controls and line ends are made harmless */
	const char *family;
	PangoWeight weight;
	double size; /* points */
	int lines;   /* at most */
	PangoAlignment align;
};

/* Where its ink comes to lie, in the coordinates of the box: always within the box. A fault
 * without memory. */
int promo_label_ink(PangoContext *context, const struct promo_label *label,
	const struct promo_box *box, struct promo_box *ret) PROMO_CHECK;

/* Draws it, in the middle of the box's height. A fault without memory. */
int promo_label_draw(cairo_t *cairo, PangoContext *context, const struct promo_label *label,
	const struct promo_box *box) PROMO_CHECK;

/* How much of the box's width it takes, to put something beside it. A fault without memory. */
int promo_label_width(PangoContext *context, const struct promo_label *label,
	const struct promo_box *box, double *ret) PROMO_CHECK;
