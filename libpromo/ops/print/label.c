/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"
#include "libpromo/ops/print/label.h"

enum {
	BYTES_MAX = 1024, /* looked at: more never fits, and shaping takes its time */
	ARENA_LIMIT = 64 * 1024,
};

/* A beginning of the text that ends with a whole character people see. */
static size_t beginning(const char *text)
{
	size_t columns, size = 0, next;

	while ((next = promo_utf8_cluster(text + size, &columns)) > 0 && size + next <= BYTES_MAX)
		size += next;
	return size;
}

static int layout_new(PangoContext *context, const struct promo_label *label,
	const struct promo_box *box, PangoLayout **ret)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	PangoFontDescription *font;
	PangoLayout *layout;
	const char *text;
	int r;

	if (!arena)
		return promo_fault(-ENOMEM, "could not lay out a text");
	text = promo_arena_strndup(arena, label->text, strnlen(label->text, 4 * BYTES_MAX));
	if (!text)
		return promo_fault(-ENOMEM, "could not lay out a text");
	r = promo_utf8_strip_controls(arena, text, &text);
	if (r)
		return r;
	font = pango_font_description_new();
	pango_font_description_set_family(font, label->family);
	pango_font_description_set_weight(font, label->weight);
	pango_font_description_set_absolute_size(font, label->size * PANGO_SCALE);
	layout = pango_layout_new(context);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_text(layout, text, (int)beginning(text));
	pango_layout_set_width(layout, (int)(box->width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_height(layout, -label->lines);
	pango_layout_set_alignment(layout, label->align);
	pango_font_description_free(font);
	*ret = layout;
	return 0;
}

/* What the letters really cover, beyond which there is nothing; x and y from the box's corner. */
static struct promo_box ink_of(PangoLayout *layout)
{
	PangoRectangle ink;

	pango_layout_get_extents(layout, &ink, NULL);
	return (struct promo_box){ .x = ink.x / (double)PANGO_SCALE,
		.y = ink.y / (double)PANGO_SCALE,
		.width = ink.width / (double)PANGO_SCALE,
		.height = ink.height / (double)PANGO_SCALE };
}

static double smaller(double scale, double room, double wanted)
{
	return wanted > room && room / wanted < scale ? room / wanted : scale;
}

/* Where the middle of the ink comes to lie along one axis. */
static double middle(double at, double room, double ink_at, double ink_size, double scale)
{
	double low = at + ink_size * scale / 2, high = at + room - ink_size * scale / 2;
	double wanted = at + ink_at + ink_size / 2;

	if (wanted < low)
		return low;
	return wanted > high ? high : wanted;
}

int promo_label_draw(cairo_t *cairo, PangoContext *context, const struct promo_label *label,
	const struct promo_box *box)
{
	PangoRectangle logical;
	PangoLayout *layout;
	struct promo_box ink;
	double scale = 1, above;
	int r;

	r = layout_new(context, label, box, &layout);
	if (r)
		return r;
	ink = ink_of(layout);
	pango_layout_get_extents(layout, NULL, &logical);
	scale = smaller(scale, box->width, ink.width);
	scale = smaller(scale, box->height, ink.height);
	/* The lines stand in the middle of the box, whatever rises above them or hangs below. */
	above = (box->height - logical.height / (double)PANGO_SCALE) / 2;
	cairo_save(cairo);
	cairo_rectangle(cairo, box->x, box->y, box->width, box->height);
	cairo_clip(cairo);
	cairo_translate(cairo, middle(box->x, box->width, ink.x, ink.width, scale),
		middle(box->y, box->height, ink.y + above, ink.height, scale));
	cairo_scale(cairo, scale, scale);
	cairo_move_to(cairo, -ink.x - ink.width / 2, -ink.y - ink.height / 2);
	pango_cairo_show_layout(cairo, layout);
	cairo_restore(cairo);
	g_object_unref(layout);
	return 0;
}

int promo_label_width(PangoContext *context, const struct promo_label *label,
	const struct promo_box *box, double *ret)
{
	PangoRectangle logical;
	PangoLayout *layout;
	double width;
	int r;

	r = layout_new(context, label, box, &layout);
	if (r)
		return r;
	pango_layout_get_extents(layout, NULL, &logical);
	g_object_unref(layout);
	width = logical.width / (double)PANGO_SCALE;
	*ret = width < box->width ? width : box->width;
	return 0;
}
