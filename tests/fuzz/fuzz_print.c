/* SPDX-License-Identifier: MIT */
/* Whatever bytes a shop's name is made of: it stays in its box, whatever box and face that is, and a
 * document that bears it is whole. */
#include <assert.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/print/label.h"
#include "libpromo/ops/print/voucher.h"
#include "tests/fuzz/fuzz.h"

enum {
	TEXT_MAX = 4096,
};

/* The first byte says how it is set. */
enum {
	TWO_LINES = 1 << 0,
	BOLD = 1 << 1,
	MONOSPACE = 1 << 2,
	CENTERED = 1 << 3,
	LARGE = 1 << 4,
	NARROW = 1 << 5,
	LOW = 1 << 6,
	DOCUMENT = 1 << 7,
};

static PangoContext *context_once(void)
{
	static PangoContext *context;

	if (!context) {
		PangoFontMap *fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);

		context = pango_font_map_create_context(fonts);
		pango_cairo_context_set_resolution(context, 72);
		g_object_unref(fonts);
	}
	return context;
}

static void look_at_label(uint8_t how, const char *text)
{
	const struct promo_label label = { .text = text,
		.family = how & MONOSPACE ? "monospace" : "DejaVu Sans, sans-serif",
		.weight = how & BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL,
		.size = how & LARGE ? 24 : 8,
		.lines = how & TWO_LINES ? 2 : 1,
		.align = how & CENTERED ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT };
	const struct promo_box box = { 40, 60, how & NARROW ? 9 : 120, how & LOW ? 4 : 20 };
	const double slack = 0.01;
	struct promo_box ink;
	double width;

	if (promo_label_ink(context_once(), &label, &box, &ink) ||
		promo_label_width(context_once(), &label, &box, &width))
		abort();
	assert(ink.x >= box.x - slack && ink.x + ink.width <= box.x + box.width + slack);
	assert(ink.y >= box.y - slack && ink.y + ink.height <= box.y + box.height + slack);
	assert(width >= 0 && width <= box.width);
}

struct document {
	char head[5], tail[6];
	size_t size;
};

static int keep_ends(void *context, const void *bytes, size_t size)
{
	struct document *document = context;
	const char *from = bytes;

	for (size_t i = 0; i < size; i++, document->size++) {
		if (document->size < sizeof(document->head))
			document->head[document->size] = from[i];
		memmove(document->tail, document->tail + 1, sizeof(document->tail) - 1);
		document->tail[sizeof(document->tail) - 1] = from[i];
	}
	return 0;
}

static void look_at_document(const char *company, const char *batch)
{
	const struct promo_voucher_head head = { .company = company, .batch = batch, .sheets = 2 };
	const struct promo_voucher voucher = { .code = "A1U2C3255X096E21",
		.amount = "500 RWF",
		.expires = "2099-12-31",
		.serial = 5 };
	struct document document = { .size = 0 };
	struct promo_vouchers *vouchers;

	if (promo_vouchers_start(&head, keep_ends, &document, &vouchers) ||
		promo_vouchers_add(vouchers, &voucher) || promo_vouchers_finish(vouchers))
		abort();
	promo_vouchers_free(vouchers);
	assert(memcmp(document.head, "%PDF-", sizeof(document.head)) == 0);
	assert(memcmp(document.tail, "%%EOF\n", sizeof(document.tail)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char text[TEXT_MAX + 1];
	const char *batch;

	if (size < 1 || size > TEXT_MAX)
		return 0;
	memcpy(text, bytes + 1, size - 1);
	text[size - 1] = '\0';
	look_at_label(bytes[0], text);
	/* Behind a NUL stands the name of the batch. */
	batch = strlen(text) < size - 1 ? text + strlen(text) + 1 : "BATCH_A";
	if (bytes[0] & DOCUMENT)
		look_at_document(text, batch);
	return 0;
}
