/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/ops/print/form.h"
#include "libpromo/ops/print/label.h"
#include "libpromo/ops/print/picture.h"
#include "libpromo/ops/print/place.h"
#include "libpromo/ops/print/sheet.h"

struct form {
	cairo_t *cairo;
	PangoContext *context;
	const struct promo_voucher_head *head;
	cairo_surface_t *logo; /* NULL: none */
};

/* A name with the logo on its left, both together in the middle of a box. */
struct brand {
	struct promo_box box;
	double logo_width, gap, size;
};

/* As large as it fits into width x height. */
static double logo_scale(const struct promo_picture *picture, double width, double height)
{
	double x = width / picture->width, y = height / picture->height;

	return x < y ? x : y;
}

static void draw_logo(const struct form *form, double x, double y, double scale)
{
	cairo_save(form->cairo);
	cairo_translate(form->cairo, x, y);
	cairo_scale(form->cairo, scale, scale);
	cairo_set_source_surface(form->cairo, form->logo, 0, 0);
	cairo_paint(form->cairo);
	cairo_restore(form->cairo);
}

static int draw_brand(const struct form *form, const struct brand *brand)
{
	const struct promo_picture *picture = form->head->logo;
	const char *company = form->head->company;
	struct promo_label label = { .text = company,
		.family = PROMO_PRINT_NAME_FAMILY,
		.weight = PANGO_WEIGHT_BOLD,
		.size = brand->size,
		.lines = 1,
		.align = PANGO_ALIGN_LEFT };
	struct promo_box box = brand->box;
	double logo = 0, gap = 0, name = 0, scale = 0;
	int r = 0;

	if (form->logo) {
		scale = logo_scale(picture, brand->logo_width, box.height);
		logo = picture->width * scale;
	}
	if (company && *company) {
		gap = form->logo ? brand->gap : 0;
		box.width -= logo + gap;
		r = promo_label_width(form->context, &label, &box, &name);
		if (r)
			return r;
	}
	box.x += (brand->box.width - logo - gap - name) / 2;
	if (form->logo)
		draw_logo(form, box.x, box.y + (box.height - picture->height * scale) / 2, scale);
	if (name > 0) {
		box.x += logo + gap;
		/* A hair wider, so that no rounding shortens it once more. */
		box.width = name + 0.1;
		r = promo_label_draw(form->cairo, form->context, &label, &box);
	}
	return r;
}

static int draw_batch(const struct form *form, const struct promo_box *box, double size)
{
	const struct promo_label label = { .text = form->head->batch,
		.family = PROMO_PRINT_NAME_FAMILY,
		.weight = PANGO_WEIGHT_BOLD,
		.size = size,
		.lines = 1,
		.align = PANGO_ALIGN_CENTER };

	return promo_label_draw(form->cairo, form->context, &label, box);
}

static int draw_head(const struct form *form)
{
	const struct brand brand = {
		.box = { MM(HEAD_LEFT), MM(BRAND_TOP), MM(HEAD_WIDTH), MM(BRAND_HEIGHT) },
		.logo_width = MM(BRAND_LOGO),
		.gap = MM(BRAND_GAP),
		.size = 11,
	};
	const struct promo_box box = { MM(HEAD_LEFT), MM(BATCH_TOP), MM(HEAD_WIDTH),
		MM(BATCH_HEIGHT) };
	int r;

	r = draw_brand(form, &brand);
	return r ? r : draw_batch(form, &box, 15);
}

static int draw_voucher(const struct form *form)
{
	const struct brand brand = {
		.box = { 0, MM(NAME_TOP), MM(VOUCHER_SIDE), MM(NAME_HEIGHT) },
		.logo_width = MM(NAME_LOGO),
		.gap = MM(NAME_GAP),
		.size = 6.5,
	};
	const struct promo_box box = { 0, MM(BATCH_NAME_TOP), MM(VOUCHER_SIDE),
		MM(BATCH_NAME_HEIGHT) };
	int r;

	r = draw_brand(form, &brand);
	return r ? r : draw_batch(form, &box, 5);
}

static int record(struct form *form, int (*draw)(const struct form *form), double width,
	double height, cairo_surface_t **ret)
{
	const cairo_rectangle_t size = { .width = width, .height = height };
	cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &size);
	int r;

	form->cairo = cairo_create(surface);
	r = draw(form);
	if (!r && cairo_status(form->cairo))
		r = promo_fault(-EIO, "could not draw the names on a sheet: %s",
			cairo_status_to_string(cairo_status(form->cairo)));
	cairo_destroy(form->cairo);
	if (r) {
		cairo_surface_destroy(surface);
		return r;
	}
	*ret = surface;
	return 0;
}

int promo_forms_new(
	PangoContext *context, const struct promo_voucher_head *head, struct promo_forms *ret)
{
	struct form form = { .context = context, .head = head };
	struct promo_forms forms = { NULL, NULL };
	int r = 0;

	if (head->logo)
		r = promo_picture_surface(head->logo, &form.logo);
	if (!r)
		r = record(&form, draw_head, promo_sheet_width(), MM(HEAD_HEIGHT), &forms.head);
	if (!r)
		r = record(&form, draw_voucher, MM(VOUCHER_SIDE), MM(VOUCHER_SIDE), &forms.voucher);
	cairo_surface_destroy(form.logo);
	if (r) {
		promo_forms_free(&forms);
		return r;
	}
	*ret = forms;
	return 0;
}

void promo_forms_free(struct promo_forms *forms)
{
	cairo_surface_destroy(forms->head);
	cairo_surface_destroy(forms->voucher);
}
