/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <pango/pango.h>

#include "libpromo/base/macros.h"

/*
 * Lines of ASCII that are printed a hundred thousand times: the glyph and the advance of each letter
 * are looked up once, and the glyphs of a whole sheet are shown with one call. Shaping, which costs
 * more than all the rest, is left to what people typed (label.h). Not installed.
 */

enum {
	PROMO_FACE_FIRST = 0x20,
	PROMO_FACE_COUNT = 0x7f - PROMO_FACE_FIRST,
	PROMO_FACE_LINE_MAX = 1024, /* glyphs of one face on a sheet */
};

struct promo_face {
	cairo_scaled_font_t *font; /* NULL: not loaded */
	double size;
	double advance[PROMO_FACE_COUNT];
	unsigned long glyph[PROMO_FACE_COUNT];
};

/* What a face has to show on a sheet. */
struct promo_face_line {
	cairo_glyph_t glyphs[PROMO_FACE_LINE_MAX];
	int count;
};

enum promo_face_align {
	PROMO_FACE_LEFT,
	PROMO_FACE_CENTRE,
};

/* The first of `families` (NULL at the end) that the system has; if it has none of them, what it has
 * in the place of the last, which is logged. size: points. A fault if that lacks a letter. */
int promo_face_load(PangoContext *context, const char *const *families, PangoWeight weight,
	double size, struct promo_face *ret) PROMO_CHECK;
void promo_face_free(struct promo_face *face);

/* How wide a text is, in points; what is not ASCII counts and is shown as '?'. */
double promo_face_width(const struct promo_face *face, const char *text);

/* Puts a text on the base line at (x, y), or around x. What does not fit into a line any more is
 * left out: PROMO_FACE_LINE_MAX is more than a sheet has. */
void promo_face_put(const struct promo_face *face, struct promo_face_line *line, double x, double y,
	enum promo_face_align align, const char *text);

/* Shows the line and empties it. */
void promo_face_show(cairo_t *cairo, const struct promo_face *face, struct promo_face_line *line);
