/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <strings.h>

#include "libpromo/base/error.h"
#include "libpromo/base/log.h"
#include "libpromo/ops/print/face.h"

/* Whether the font that was found for a family is of it: a system without it finds another one. */
static bool is_of(PangoFont *font, const char *family)
{
	PangoFontDescription *found = pango_font_describe(font);
	const char *name = pango_font_description_get_family(found);
	bool same = name && strcasecmp(name, family) == 0;

	pango_font_description_free(found);
	return same;
}

static PangoFont *find(PangoContext *context, const char *family, PangoWeight weight, double size)
{
	PangoFontDescription *wanted = pango_font_description_new();
	PangoFont *font;

	pango_font_description_set_family(wanted, family);
	pango_font_description_set_weight(wanted, weight);
	pango_font_description_set_absolute_size(wanted, size * PANGO_SCALE);
	font = pango_context_load_font(context, wanted);
	pango_font_description_free(wanted);
	return font;
}

static PangoFont *find_any(
	PangoContext *context, const char *const *families, PangoWeight weight, double size)
{
	PangoFont *font = NULL;

	for (size_t i = 0; families[i]; i++) {
		if (font)
			g_object_unref(font);
		font = find(context, families[i], weight, size);
		if (font && is_of(font, families[i]))
			return font;
	}
	if (font) {
		PangoFontDescription *found = pango_font_describe(font);

		promo_log(PROMO_LOG_WARNING,
			"the font \"%s\" is not installed, \"%s\" is printed in its place",
			families[0], pango_font_description_get_family(found));
		pango_font_description_free(found);
	}
	return font;
}

static int look_up(struct promo_face *face, int letter)
{
	const char text[] = { (char)(PROMO_FACE_FIRST + letter), '\0' };
	cairo_glyph_t *glyphs = NULL;
	cairo_text_extents_t extents;
	int count = 0;

	if (cairo_scaled_font_text_to_glyphs(
		    face->font, 0, 0, text, 1, &glyphs, &count, NULL, NULL, NULL) ||
		count != 1 || glyphs->index == 0) {
		cairo_glyph_free(glyphs);
		return promo_fault(-EIO, "the font has no '%s'", text);
	}
	cairo_scaled_font_glyph_extents(face->font, glyphs, 1, &extents);
	face->glyph[letter] = glyphs->index;
	face->advance[letter] = extents.x_advance;
	cairo_glyph_free(glyphs);
	return 0;
}

int promo_face_load(PangoContext *context, const char *const *families, PangoWeight weight,
	double size, struct promo_face *ret)
{
	PangoFont *font = find_any(context, families, weight, size);
	struct promo_face face = { .size = size };
	int r = 0;

	if (!font || !PANGO_IS_CAIRO_FONT(font))
		return promo_fault(-EIO, "could not print: no font is installed");
	face.font = cairo_scaled_font_reference(
		pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)));
	g_object_unref(font);
	for (int i = 0; !r && i < PROMO_FACE_COUNT; i++)
		r = look_up(&face, i);
	if (r) {
		promo_face_free(&face);
		return r;
	}
	*ret = face;
	return 0;
}

void promo_face_free(struct promo_face *face)
{
	cairo_scaled_font_destroy(face->font);
	face->font = NULL;
}

static int letter_of(char c)
{
	int letter = (unsigned char)c - PROMO_FACE_FIRST;

	return letter >= 0 && letter < PROMO_FACE_COUNT ? letter : '?' - PROMO_FACE_FIRST;
}

double promo_face_width(const struct promo_face *face, const char *text)
{
	double width = 0;

	for (; *text; text++)
		width += face->advance[letter_of(*text)];
	return width;
}

void promo_face_put(const struct promo_face *face, struct promo_face_line *line, double x, double y,
	enum promo_face_align align, const char *text)
{
	if (align == PROMO_FACE_CENTRE)
		x -= promo_face_width(face, text) / 2;
	for (; *text && line->count < PROMO_FACE_LINE_MAX; text++) {
		int letter = letter_of(*text);

		line->glyphs[line->count++] =
			(cairo_glyph_t){ .index = face->glyph[letter], .x = x, .y = y };
		x += face->advance[letter];
	}
}

void promo_face_show(cairo_t *cairo, const struct promo_face *face, struct promo_face_line *line)
{
	if (line->count > 0) {
		cairo_set_scaled_font(cairo, face->font);
		cairo_show_glyphs(cairo, line->glyphs, line->count);
	}
	line->count = 0;
}
