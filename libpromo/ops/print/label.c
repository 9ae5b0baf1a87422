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

/* A label that has found its place: `ink` around (x, y), `scale` times as large. */
struct placed {
	PangoLayout *layout;
	struct promo_box ink;
	double x, y, scale;
};

static int place(PangoContext *context, const struct promo_label *label,
	const struct promo_box *box, struct placed *ret)
{
	struct placed placed = { .scale = 1 };
	PangoRectangle logical;
	double above;
	int r;

	r = layout_new(context, label, box, &placed.layout);
	if (r)
		return r;
	placed.ink = ink_of(placed.layout);
	pango_layout_get_extents(placed.layout, NULL, &logical);
	placed.scale = smaller(placed.scale, box->width, placed.ink.width);
	placed.scale = smaller(placed.scale, box->height, placed.ink.height);
	/* The lines stand in the middle of the box, whatever rises above them or hangs below. */
	above = (box->height - logical.height / (double)PANGO_SCALE) / 2;
	placed.x = middle(box->x, box->width, placed.ink.x, placed.ink.width, placed.scale);
	placed.y =
		middle(box->y, box->height, placed.ink.y + above, placed.ink.height, placed.scale);
	*ret = placed;
	return 0;
}

int promo_label_ink(PangoContext *context, const struct promo_label *label,
	const struct promo_box *box, struct promo_box *ret)
{
	struct placed placed;
	int r;

	r = place(context, label, box, &placed);
	if (r)
		return r;
	g_object_unref(placed.layout);
	*ret = (struct promo_box){ .x = placed.x - placed.ink.width * placed.scale / 2,
		.y = placed.y - placed.ink.height * placed.scale / 2,
		.width = placed.ink.width * placed.scale,
		.height = placed.ink.height * placed.scale };
	return 0;
}

int promo_label_draw(cairo_t *cairo, PangoContext *context, const struct promo_label *label,
	const struct promo_box *box)
{
	struct placed placed;
	int r;

	r = place(context, label, box, &placed);
	if (r)
		return r;
	cairo_save(cairo);
	cairo_rectangle(cairo, box->x, box->y, box->width, box->height);
	cairo_clip(cairo);
	cairo_translate(cairo, placed.x, placed.y);
	cairo_scale(cairo, placed.scale, placed.scale);
	cairo_move_to(
		cairo, -placed.ink.x - placed.ink.width / 2, -placed.ink.y - placed.ink.height / 2);
	pango_cairo_show_layout(cairo, placed.layout);
	cairo_restore(cairo);
	g_object_unref(placed.layout);
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
