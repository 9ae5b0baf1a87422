/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/export_formats.h"

#include "libpromo/ops/export_codes.h"
#include "libpromo/ops/export_sheets.h"

/* Copies into the arena of the maker; false without memory. */
static bool copy_order(struct promo_arena *arena, const struct promo_export_order *from,
	struct promo_export_order *to)
{
	const char **words = promo_arena_alloc_array(arena, from->status.count + 1, sizeof(*words));

	*to = *from;
	to->batch_id = promo_arena_strdup(arena, from->batch_id);
	if (!words || !to->batch_id)
		return false;
	for (size_t i = 0; i < from->status.count; i++) {
		words[i] = promo_arena_strdup(arena, from->status.items[i]);
		if (!words[i])
			return false;
	}
	to->status = (struct promo_texts){ .items = words, .count = from->status.count };
	return true;
}

static void *make_codes(struct promo_arena *arena, const struct promo_export_order *order)
{
	struct promo_export_order own;

	return copy_order(arena, order, &own) ? promo_export_codes_new(arena, &own) : NULL;
}

static void *make_sheets(struct promo_arena *arena, const struct promo_export_order *order)
{
	struct promo_sheets_order *sheets = promo_arena_alloc(arena, sizeof(*sheets));
	struct promo_export_order own;

	if (!sheets || !copy_order(arena, order, &own))
		return NULL;
	*sheets = (struct promo_sheets_order){
		.batch_id = own.batch_id,
		.status = own.status,
		.qr = own.qr,
	};
	return sheets;
}

const struct promo_export_format_row promo_export_formats[] = {
	{ PROMO_FORMAT_CSV, PROMO_JOB_EXPORT, "csv", "text/csv; charset=utf-8", make_codes,
		promo_export_codes_fill },
	{ PROMO_FORMAT_PDF, PROMO_JOB_PDF, "pdf", "application/pdf", make_sheets,
		promo_sheets_fill },
};
const size_t promo_export_format_count = PROMO_COUNT(promo_export_formats);

const struct promo_export_format_row *promo_export_format_of(int format)
{
	for (size_t i = 0; i < promo_export_format_count; i++)
		if ((int)promo_export_formats[i].format == format)
			return &promo_export_formats[i];
	return NULL;
}

const struct promo_export_format_row *promo_export_format_find(int kind)
{
	for (size_t i = 0; i < promo_export_format_count; i++)
		if ((int)promo_export_formats[i].kind == kind)
			return &promo_export_formats[i];
	return NULL;
}
