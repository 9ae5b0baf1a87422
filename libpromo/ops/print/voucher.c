/* SPDX-License-Identifier: MIT */
#include <cairo-pdf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"
#include "libpromo/ops/print/ahead.h"
#include "libpromo/ops/print/sheet.h"
#include "libpromo/ops/print/voucher.h"

/*
 * The document: vouchers become sheets, sheets are drawn in their order, and cairo writes each page
 * as soon as the next one begins. With QR codes the sheets go through ahead.h.
 */

enum {
	NAME_BYTES_MAX = 64 * 1024 /* of what a document is called, beside what is made of it */
};

struct promo_vouchers {
	promo_print_write_fn *write;
	void *context;
	int written; /* what `write` returned: the first that was not 0 */
	bool qr;
	int64_t sheets, serial; /* of the batch; the last one that was added */
	struct promo_sheet_style *style;
	struct promo_ahead *ahead;   /* with QR codes */
	struct promo_sheet *filling; /* one of ahead's, or `alone`; NULL: none is begun */
	struct promo_sheet alone;
	bool drawn; /* at least one sheet */
	cairo_surface_t *pdf;
	cairo_t *cairo;
};

static cairo_status_t take(void *closure, const unsigned char *bytes, unsigned size)
{
	struct promo_vouchers *vouchers = closure;

	if (!vouchers->written)
		vouchers->written = vouchers->write(vouchers->context, bytes, size);
	return vouchers->written ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* What became of the document: what its taker said comes first. */
static int check(struct promo_vouchers *vouchers, cairo_status_t status)
{
	if (vouchers->written)
		return vouchers->written;
	return status ? promo_fault(status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EIO,
				"could not draw a sheet: %s", cairo_status_to_string(status))
		      : 0;
}

/* What is no UTF-8 would spoil the whole document. */
static int name(cairo_surface_t *pdf, cairo_pdf_metadata_t what, const char *text)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(NAME_BYTES_MAX);
	const char *clean = NULL;
	int r;

	if (!text || !*text)
		return 0;
	if (arena)
		clean = promo_arena_strndup(arena, text, strnlen(text, NAME_BYTES_MAX / 8));
	if (!clean)
		return promo_fault(-ENOMEM, "could not name a document");
	r = promo_utf8_strip_controls(arena, clean, &clean);
	if (!r)
		cairo_pdf_surface_set_metadata(pdf, what, clean);
	return r;
}

static int describe(cairo_surface_t *pdf, const struct promo_voucher_head *head)
{
	int r = name(pdf, CAIRO_PDF_METADATA_TITLE, head->batch);

	if (!r)
		r = name(pdf, CAIRO_PDF_METADATA_AUTHOR, head->company);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "promo");
	if (head->made_on)
		cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, head->made_on);
	return r;
}

int promo_vouchers_start(const struct promo_voucher_head *head, promo_print_write_fn *write,
	void *context, struct promo_vouchers **ret)
{
	struct promo_vouchers *vouchers = calloc(1, sizeof(*vouchers));
	int r;

	if (!vouchers)
		return promo_fault(-ENOMEM, "could not print");
	vouchers->write = write;
	vouchers->context = context;
	vouchers->qr = head->qr;
	vouchers->sheets = head->sheets;
	r = promo_sheet_style_new(head, &vouchers->style);
	if (!r && head->qr)
		r = promo_ahead_new(&vouchers->ahead);
	if (!r) {
		vouchers->pdf = cairo_pdf_surface_create_for_stream(
			take, vouchers, promo_sheet_width(), promo_sheet_height());
		r = describe(vouchers->pdf, head);
		vouchers->cairo = cairo_create(vouchers->pdf);
		if (!r)
			r = check(vouchers, cairo_status(vouchers->cairo));
	}
	if (r) {
		promo_vouchers_free(vouchers);
		return r;
	}
	*ret = vouchers;
	return 0;
}

static int draw(struct promo_vouchers *vouchers, const struct promo_sheet *sheet)
{
	vouchers->drawn = true;
	promo_sheet_draw(vouchers->cairo, vouchers->style, sheet);
	cairo_show_page(vouchers->cairo);
	return check(vouchers, cairo_status(vouchers->cairo));
}

/* Draws the oldest sheet on its way, if there is one (and, unless `wait`, if it is encoded). */
static int draw_oldest(struct promo_vouchers *vouchers, bool wait, bool *ret_drawn)
{
	const struct promo_sheet *sheet;
	int r;

	r = promo_ahead_oldest(vouchers->ahead, wait, &sheet);
	if (!r && sheet) {
		r = draw(vouchers, sheet);
		promo_ahead_drop(vouchers->ahead);
	}
	if (!r)
		*ret_drawn = sheet != NULL;
	return r;
}

/* The sheet that is being filled is complete. */
static int complete(struct promo_vouchers *vouchers)
{
	struct promo_sheet *sheet = vouchers->filling;
	bool drawn = true;
	int r = 0;

	if (!sheet)
		return 0;
	vouchers->filling = NULL;
	if (!vouchers->ahead) {
		r = draw(vouchers, sheet);
		memset(sheet, 0, sizeof(*sheet));
		return r;
	}
	promo_ahead_push(vouchers->ahead);
	while (!r && drawn)
		r = draw_oldest(vouchers, false, &drawn);
	return r;
}

static int begin(struct promo_vouchers *vouchers, int64_t number)
{
	bool drawn;
	int r = 0;

	if (!vouchers->ahead) {
		vouchers->filling = &vouchers->alone;
	} else {
		vouchers->filling = promo_ahead_room(vouchers->ahead);
		if (!vouchers->filling)
			r = draw_oldest(vouchers, true, &drawn);
		if (!r && !vouchers->filling)
			vouchers->filling = promo_ahead_room(vouchers->ahead);
	}
	if (!r)
		vouchers->filling->number = number;
	return r;
}

static int fill(struct promo_sheet *sheet, const struct promo_voucher *voucher)
{
	struct promo_sheet_voucher *to = &sheet->vouchers[sheet->count];

	if (strlen(voucher->code) >= PROMO_CODE_SIZE ||
		strlen(voucher->amount) >= sizeof(to->amount) ||
		strlen(voucher->expires) >= sizeof(to->expires))
		return promo_fault(-EINVAL, "a voucher has longer texts than there are");
	to->slot = (int)((voucher->serial - 1) % PROMO_SHEET_SLOTS);
	promo_code_show(voucher->code, to->code);
	memcpy(to->amount, voucher->amount, strlen(voucher->amount) + 1);
	memcpy(to->expires, voucher->expires, strlen(voucher->expires) + 1);
	sheet->count++;
	return 0;
}

int promo_vouchers_add(struct promo_vouchers *vouchers, const struct promo_voucher *voucher)
{
	int64_t number = (voucher->serial - 1) / PROMO_SHEET_SLOTS + 1;
	int r = 0;

	if (voucher->serial <= vouchers->serial || number > vouchers->sheets)
		return promo_fault(-EINVAL, "serials of a printout do not rise within its sheets");
	vouchers->serial = voucher->serial;
	if (vouchers->filling && vouchers->filling->number != number)
		r = complete(vouchers);
	if (!r && !vouchers->filling)
		r = begin(vouchers, number);
	return r ? r : fill(vouchers->filling, voucher);
}

int promo_vouchers_finish(struct promo_vouchers *vouchers)
{
	bool drawn = true;
	int r;

	r = complete(vouchers);
	while (!r && vouchers->ahead && drawn)
		r = draw_oldest(vouchers, true, &drawn);
	if (!r && !vouchers->drawn)
		r = draw(vouchers, &vouchers->alone);
	if (r)
		return r;
	cairo_surface_finish(vouchers->pdf);
	return check(vouchers, cairo_surface_status(vouchers->pdf));
}

void promo_vouchers_free(struct promo_vouchers *vouchers)
{
	if (!vouchers)
		return;
	promo_ahead_free(vouchers->ahead);
	/* To destroy a document that was not finished would write its end. */
	if (!vouchers->written)
		vouchers->written = -ECANCELED;
	cairo_destroy(vouchers->cairo);
	cairo_surface_destroy(vouchers->pdf);
	promo_sheet_style_free(vouchers->style);
	free(vouchers);
}
