/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/export_sheets.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/branding.h"
#include "libpromo/ops/print/voucher.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/money.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

enum {
	PROGRESS_EVERY = 1200, /* serials: a hundred sheets */
	TEXT_SIZE = 48,
};

/* The columns of sql/query/code_print.sql. */
enum {
	CODE,
	AMOUNT,
	CURRENCY,
	EXPIRES,
	SERIAL,
	READY_CODES,
	COLUMNS
};

struct printing {
	const struct promo_sheets_order *order;
	struct promo_stream_sink *sink;
	struct promo_voucher_head head;
	struct promo_vouchers
		*vouchers; /* NULL before the first row, which knows the number of sheets */
	int64_t told;
	/* The amount of the last row as it was read, and as it is printed: it hardly ever changes. */
	char amount[TEXT_SIZE], currency[TEXT_SIZE], shown[TEXT_SIZE];
};

static int take(void *context, const void *bytes, size_t size)
{
	return promo_stream_write(context, bytes, size);
}

/* "500 RWF", "1,500.50 RWF". */
static int show_amount(struct printing *printing, const char *amount, const char *currency)
{
	char shown[PROMO_MONEY_SHOWN_SIZE];
	int64_t minor;
	size_t size;

	if (strcmp(amount, printing->amount) == 0 && strcmp(currency, printing->currency) == 0)
		return 0;
	if (promo_money_parse(amount, PROMO_MONEY_NOT_NEGATIVE, &minor))
		return promo_fault(-EIO, "a code has an amount that is none");
	promo_money_show(minor, shown);
	size = strlen(shown);
	if (size > 3 && strcmp(shown + size - 3, ".00") == 0)
		shown[size - 3] = '\0';
	(void)snprintf(printing->shown, sizeof(printing->shown), "%s %s", shown, currency);
	(void)snprintf(printing->amount, sizeof(printing->amount), "%s", amount);
	(void)snprintf(printing->currency, sizeof(printing->currency), "%s", currency);
	return 0;
}

static int64_t sheets_of(int64_t codes)
{
	return codes > 0 ? (codes + PROMO_SHEET_SLOTS - 1) / PROMO_SHEET_SLOTS : 1;
}

static int print_row(void *context, int columns, const char *const *values)
{
	struct printing *printing = context;
	struct promo_voucher voucher;
	int r = 0;

	if (columns != COLUMNS || !values[CODE] || !values[AMOUNT] || !values[CURRENCY] ||
		!values[EXPIRES] || !values[SERIAL] || !values[READY_CODES])
		return promo_fault(-EIO, "a printout has other columns than it should");
	if (!printing->vouchers) {
		printing->head.sheets = sheets_of(strtoll(values[READY_CODES], NULL, 10));
		r = promo_vouchers_start(
			&printing->head, take, printing->sink, &printing->vouchers);
	}
	if (!r)
		r = show_amount(printing, values[AMOUNT], values[CURRENCY]);
	if (r)
		return r;
	voucher = (struct promo_voucher){
		.code = values[CODE],
		.amount = printing->shown,
		.expires = values[EXPIRES],
		.serial = strtoll(values[SERIAL], NULL, 10),
	};
	r = promo_vouchers_add(printing->vouchers, &voucher);
	if (r)
		return r;
	promo_stream_row(printing->sink);
	if (voucher.serial - printing->told < PROGRESS_EVERY)
		return 0;
	printing->told = voucher.serial;
	return promo_stream_progress(printing->sink, printing->told);
}

static int print(struct printing *printing, struct promo_store *store, struct promo_arena *arena,
	const char *zone)
{
	struct promo_params params = PROMO_PARAMS(arena), codes = PROMO_PARAMS(arena);
	struct promo_batch_print_row row;
	int r;

	promo_param_text(&params, printing->order->batch_id);
	promo_param_text(&params, zone);
	r = promo_store_one(store, arena, PROMO_Q_BATCH_PRINT, &params, &row);
	if (r)
		return r;
	printing->head.batch = row.batch_name;
	printing->head.made_on = row.made_on;
	printing->head.qr = printing->order->qr;
	promo_param_text(&codes, printing->order->batch_id);
	promo_param_texts_or_null(&codes, printing->order->status);
	promo_param_text(&codes, zone);
	r = promo_store_each(store, PROMO_Q_CODE_PRINT, &codes, print_row, printing);
	if (!r && !printing->vouchers) {
		printing->head.sheets = 1;
		r = promo_vouchers_start(
			&printing->head, take, printing->sink, &printing->vouchers);
	}
	return r ? r : promo_vouchers_finish(printing->vouchers);
}

int promo_sheets_fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	struct printing printing = { .order = context, .sink = sink };
	struct promo_picture logo;
	int r;

	r = promo_settings_new(&settings);
	if (!r)
		/* Any version but that of the defaults: they are read. */
		r = promo_settings_load(settings, store, 1);
	if (r)
		return r;
	printing.head.company = promo_settings_text(settings, PROMO_SETTING_COMPANY_NAME);
	r = promo_branding_fetch_logo(store, arena, &logo);
	if (r)
		return r;
	if (logo.pixels)
		printing.head.logo = &logo;
	r = print(&printing, store, arena, promo_settings_text(settings, PROMO_SETTING_TIME_ZONE));
	promo_vouchers_free(printing.vouchers);
	promo_branding_release(&logo);
	return r;
}

static struct promo_sheets_order *order_new(
	struct promo_arena *arena, const struct promo_code_print_in *in)
{
	struct promo_sheets_order *order = promo_arena_alloc(arena, sizeof(*order));
	const char **items;

	items = promo_arena_alloc_array(arena, in->status.count + 1, sizeof(*items));
	if (!order || !items)
		return NULL;
	for (size_t i = 0; i < in->status.count; i++) {
		items[i] = promo_arena_strdup(arena, in->status.items[i]);
		if (!items[i])
			return NULL;
	}
	order->status = (struct promo_texts){ .items = items, .count = in->status.count };
	order->batch_id = promo_arena_strdup(arena, in->id);
	order->qr = in->qr || !promo_present(&promo_code_print_in_schema, in, "qr");
	return order->batch_id ? order : NULL;
}

int promo_code_print(struct promo_ctx *ctx, const struct promo_code_print_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_sheets_order *order;
	struct promo_batch_print_row row;
	struct promo_stream *stream;
	int r;

	promo_audit_entity(ctx, "batch", in->id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_PRINT, &params, &row);
	if (r)
		return r;
	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	order = order_new(promo_stream_arena(stream), in);
	if (!order) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not start a printout");
	}
	r = promo_stream_start(ctx, stream, promo_sheets_fill, order);
	if (!r)
		ctx->filename = row.filename;
	return r;
}
