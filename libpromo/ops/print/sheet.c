/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/ops/print/face.h"
#include "libpromo/ops/print/form.h"
#include "libpromo/ops/print/place.h"
#include "libpromo/ops/print/qr.h"
#include "libpromo/ops/print/sheet.h"

/* What is printed in the same letters. */
enum face {
	CODE,       /* in one line */
	CODE_SMALL, /* in two */
	AMOUNT,
	SMALL, /* the end, the place, and amounts that are wider than a voucher */
	FOOTER,
	FACES
};

static const char *const code_families[] = { PROMO_PRINT_CODE_FAMILIES, NULL };
static const char *const text_families[] = { PROMO_PRINT_TEXT_FAMILIES, NULL };

static const struct {
	const char *const *families;
	PangoWeight weight;
	double size;
} rows[FACES] = {
	[CODE] = { code_families, PANGO_WEIGHT_NORMAL, 8.5 },
	[CODE_SMALL] = { code_families, PANGO_WEIGHT_NORMAL, 7 },
	[AMOUNT] = { text_families, PANGO_WEIGHT_BOLD, 9 },
	[SMALL] = { text_families, PANGO_WEIGHT_NORMAL, 5.5 },
	[FOOTER] = { text_families, PANGO_WEIGHT_BOLD, 9 },
};

struct promo_sheet_style {
	bool qr;
	int64_t sheets;
	PangoFontMap *fonts;
	PangoContext *context;
	struct promo_forms forms;
	struct promo_face faces[FACES];
	struct promo_face_line lines[FACES];
};

double promo_sheet_width(void)
{
	return MM(PAPER_WIDTH);
}

double promo_sheet_height(void)
{
	return MM(PAPER_HEIGHT);
}

/* Letters as they are drawn, not as a screen would like them: a printer has enough dots, and advances
 * must not be rounded. */
static PangoContext *context_new(PangoFontMap *fonts)
{
	PangoContext *context = pango_font_map_create_context(fonts);
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	cairo_font_options_destroy(options);
	return context;
}

int promo_sheet_style_new(const struct promo_voucher_head *head, struct promo_sheet_style **ret)
{
	struct promo_sheet_style *style = calloc(1, sizeof(*style));
	int r = 0;

	if (!style)
		return promo_fault(-ENOMEM, "could not print");
	style->qr = head->qr;
	style->sheets = head->sheets;
	style->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (!style->fonts) {
		r = promo_fault(-EIO, "could not print: pango has no FreeType fonts");
	} else {
		style->context = context_new(style->fonts);
		for (int i = 0; !r && i < FACES; i++)
			r = promo_face_load(style->context, rows[i].families, rows[i].weight,
				rows[i].size, &style->faces[i]);
		if (!r)
			r = promo_forms_new(style->context, head, &style->forms);
	}
	if (r) {
		promo_sheet_style_free(style);
		return r;
	}
	*ret = style;
	return 0;
}

void promo_sheet_style_free(struct promo_sheet_style *style)
{
	if (!style)
		return;
	promo_forms_free(&style->forms);
	for (int i = 0; i < FACES; i++)
		promo_face_free(&style->faces[i]);
	if (style->context)
		g_object_unref(style->context);
	if (style->fonts)
		g_object_unref(style->fonts);
	free(style);
}

static void put(
	struct promo_sheet_style *style, enum face face, double x, double y, const char *text)
{
	promo_face_put(&style->faces[face], &style->lines[face], x, y, PROMO_FACE_CENTRE, text);
}

/* Long ones are halved: they read better so than in letters half as high. */
static void put_code(struct promo_sheet_style *style, double x, double y, const char *code)
{
	size_t size = strlen(code), half = (size + 1) / 2;
	char line[PROMO_CODE_SHOWN_SIZE];

	if (promo_face_width(&style->faces[CODE], code) <= MM(VOUCHER_SIDE)) {
		put(style, CODE, x, y, code);
		return;
	}
	(void)snprintf(line, sizeof(line), "%.*s", (int)half, code);
	put(style, CODE_SMALL, x, y - MM(SECOND_LINE), line);
	put(style, CODE_SMALL, x, y, code + half);
}

static void put_voucher(struct promo_sheet_style *style, const struct promo_sheet *sheet,
	const struct promo_sheet_voucher *voucher)
{
	double x = MM(place_x(voucher->slot)) + MM(VOUCHER_SIDE) / 2;
	double y = MM(place_y(voucher->slot));
	char text[64];
	enum face amount = AMOUNT;

	if (promo_face_width(&style->faces[AMOUNT], voucher->amount) > MM(VOUCHER_SIDE))
		amount = SMALL;
	put(style, amount, x, y + MM(style->qr ? AMOUNT_LINE : BARE_AMOUNT_LINE), voucher->amount);
	put_code(style, x, y + MM(style->qr ? CODE_LINE : BARE_CODE_LINE), voucher->code);
	(void)snprintf(text, sizeof(text), "expires %s", voucher->expires);
	put(style, SMALL, x, y + MM(style->qr ? EXPIRES_LINE : BARE_EXPIRES_LINE), text);
	(void)snprintf(text, sizeof(text), "p. %" PRId64 "/%" PRId64 ", slot %d", sheet->number,
		style->sheets, voucher->slot + 1);
	put(style, SMALL, x, y + MM(PLACE_LINE), text);
}

/* All QR codes at once: one bit a module, painted through as a stencil. */
static void draw_mask(cairo_t *cairo, const struct promo_sheet *sheet)
{
	struct promo_qr_grid grid = promo_qr_grid_of(sheet);
	double module = MM(VOUCHER_PITCH) / grid.pitch;
	double inset = (MM(VOUCHER_SIDE) - module * grid.side) / 2;
	unsigned char mask[PROMO_SHEET_MASK_BYTES];
	cairo_surface_t *picture;
	cairo_pattern_t *pattern;

	memcpy(mask, sheet->mask, sizeof(mask));
	picture = cairo_image_surface_create_for_data(
		mask, CAIRO_FORMAT_A1, grid.width, grid.height, grid.stride);
	pattern = cairo_pattern_create_for_surface(picture);
	cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
	cairo_save(cairo);
	cairo_translate(cairo, MM(place_x(0)) + inset,
		MM(place_y(0)) + MM(QR_MIDDLE) - module * grid.side / 2);
	cairo_scale(cairo, module, module);
	cairo_mask(cairo, pattern);
	cairo_restore(cairo);
	cairo_pattern_destroy(pattern);
	/* Whoever still needs the picture makes a copy of it now. */
	cairo_surface_finish(picture);
	cairo_surface_destroy(picture);
}

static void show_form(cairo_t *cairo, cairo_surface_t *form, double x, double y)
{
	cairo_set_source_surface(cairo, form, x, y);
	cairo_paint(cairo);
}

void promo_sheet_draw(
	cairo_t *cairo, struct promo_sheet_style *style, const struct promo_sheet *sheet)
{
	char text[48];

	show_form(cairo, style->forms.head, 0, 0);
	for (int i = 0; i < sheet->count; i++)
		show_form(cairo, style->forms.voucher, MM(place_x(sheet->vouchers[i].slot)),
			MM(place_y(sheet->vouchers[i].slot)));
	cairo_set_source_rgb(cairo, 0, 0, 0);
	for (int i = 0; i < sheet->count; i++)
		put_voucher(style, sheet, &sheet->vouchers[i]);
	if (sheet->count == 0)
		put(style, AMOUNT, MM(PAPER_WIDTH) / 2, MM(PAPER_HEIGHT) / 2, "no codes");
	(void)snprintf(text, sizeof(text), "%" PRId64 "/%" PRId64, sheet->number, style->sheets);
	if (sheet->count > 0)
		put(style, FOOTER, MM(PAPER_WIDTH) / 2, MM(FOOTER_LINE), text);
	for (int i = 0; i < FACES; i++)
		promo_face_show(cairo, &style->faces[i], &style->lines[i]);
	if (style->qr && sheet->count > 0)
		draw_mask(cairo, sheet);
}
