/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/export_codes.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/batches.h"
#include "libpromo/ops/export.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/code_status.h"
#include "libpromo/rules/money.h"
#include "libpromo/store/cells.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * The codes are read by their serials, so many at a time: the first are there at once however many
 * follow, the database sorts in memory, and whoever waits hears how far it is. All pieces are read
 * from one snapshot. The database gives what it has stored, as it is stored; what the batch and the
 * clock make of it is said here, on another core (docs/decisions/0025).
 */

enum {
	PIECE_FIRST = 10000,
	PIECE = 250000,
	TIMES = 64,
	SERIAL_SIZE = 24,
};

static const struct promo_export_column columns[] = {
	{ "code", PROMO_EXPORT_CODE },
	{ "batch", PROMO_EXPORT_TEXT },
	{ "amount", PROMO_EXPORT_VALUE },
	{ "currency", PROMO_EXPORT_VALUE },
	{ "status", PROMO_EXPORT_VALUE },
	{ "created", PROMO_EXPORT_TIME },
	{ "expires", PROMO_EXPORT_TIME },
	{ "serial", PROMO_EXPORT_VALUE },
	{ "redeemed", PROMO_EXPORT_TIME },
	{ "phone_number", PROMO_EXPORT_VALUE },
	{ "first_name", PROMO_EXPORT_TEXT },
	{ "last_name", PROMO_EXPORT_TEXT },
	{ "redeemed_by", PROMO_EXPORT_TEXT },
};
enum {
	COLUMNS_BARE = 8
};

/* Columns of sql/query/code_export.sql; of code_exportfull.sql all. */
enum {
	CODE,
	AMOUNT,
	STATUS,
	CREATED,
	ENDS,
	SERIAL,
	GIVEN_BARE,
	REDEEMED = GIVEN_BARE,
	PHONE,
	FIRST_NAME,
	LAST_NAME,
	REDEEMED_BY,
	GIVEN_FULL,
};

struct codes {
	struct promo_export_order order;
	struct promo_export export;
	struct promo_batch_codes_row batch;
	struct promo_batch_facts facts;
	struct promo_texts own; /* the own status that what is wanted may have */
	/* Times that were shown, each at its place by its value: there are few in a batch. 0: none. */
	struct {
		int64_t ms;
		char shown[PROMO_TIME_SIZE];
	} times[TIMES];
};

void *promo_export_codes_new(struct promo_arena *arena, const struct promo_export_order *order)
{
	struct codes *codes = promo_arena_alloc(arena, sizeof(*codes));

	if (codes)
		codes->order = *order;
	return codes;
}

static bool is_wanted(const struct codes *codes, const char *status)
{
	const struct promo_texts *wanted = &codes->order.status;
	bool found = wanted->count == 0;

	for (size_t i = 0; i < wanted->count && !found; i++)
		found = strcmp(wanted->items[i], status) == 0;
	return found;
}

static void write_time(struct codes *codes, int64_t ms)
{
	size_t at = (uint64_t)ms * UINT64_C(0x9e3779b97f4a7c15) >> 58;

	static_assert(TIMES == 1 << (64 - 58), "six bits choose the place");
	if (ms != 0 && codes->times[at].ms != ms) {
		promo_time_format(ms, codes->times[at].shown);
		codes->times[at].ms = ms;
	}
	promo_csv_value(&codes->export.csv, ms != 0 ? codes->times[at].shown : NULL);
}

/* The columns that only a redeemed code has. */
static int write_redemption(struct codes *codes, const struct promo_cell *cells)
{
	struct promo_csv *csv = &codes->export.csv;
	int64_t redeemed_at;
	int r;

	r = promo_cell_time(&cells[REDEEMED], &redeemed_at);
	if (r)
		return r;
	write_time(codes, redeemed_at);
	promo_csv_value(csv, cells[PHONE].bytes);
	promo_csv_text(csv, cells[FIRST_NAME].bytes);
	promo_csv_text(csv, cells[LAST_NAME].bytes);
	promo_csv_text(csv, cells[REDEEMED_BY].bytes);
	return 0;
}

struct code {
	struct promo_code_facts facts;
	int64_t amount, created_at, serial;
};

static int read_code(const struct promo_cell *cells, struct code *ret)
{
	int status = cells[STATUS].bytes
			     ? promo_word_value(&promo_code_status_words, cells[STATUS].bytes)
			     : 0;
	int r;

	if (!cells[CODE].bytes || status == 0)
		return promo_fault(-EPROTO, "a code of an export is none");
	ret->facts.own_status = (enum promo_code_status)status;
	r = promo_cell_time(&cells[ENDS], &ret->facts.expires_at);
	if (!r)
		r = promo_cell_money(&cells[AMOUNT], &ret->amount);
	if (!r)
		r = promo_cell_time(&cells[CREATED], &ret->created_at);
	if (!r)
		r = promo_cell_int(&cells[SERIAL], &ret->serial);
	return r;
}

static int write_row(void *context, int given, const struct promo_cell *cells)
{
	struct codes *codes = context;
	struct promo_csv *csv = &codes->export.csv;
	char amount[PROMO_MONEY_SIZE], serial[SERIAL_SIZE];
	const char *status;
	struct code code;
	int r;

	if (given != (codes->order.redemptions ? GIVEN_FULL : GIVEN_BARE))
		return promo_fault(-EPROTO, "an export has other columns than its header");
	r = read_code(cells, &code);
	if (r)
		return r;
	status = promo_word(&promo_code_status_words,
		(int)promo_code_effective_status(&code.facts, &codes->facts, codes->batch.now));
	if (!is_wanted(codes, status))
		return 0;
	promo_money_format(code.amount, amount);
	(void)snprintf(serial, sizeof(serial), "%" PRId64, code.serial);
	promo_export_code(&codes->export, cells[CODE].bytes);
	promo_csv_text(csv, codes->batch.batch_name);
	promo_csv_value(csv, amount);
	promo_csv_value(csv, codes->batch.currency);
	promo_csv_value(csv, status);
	write_time(codes, code.created_at);
	write_time(codes, promo_code_effective_end(&code.facts, &codes->facts));
	promo_csv_value(csv, serial);
	if (codes->order.redemptions)
		r = write_redemption(codes, cells);
	return r ? r : promo_export_row_end(&codes->export);
}

/* The codes behind serial `after`, up to `last`. */
static int read_piece(struct codes *codes, struct promo_store *store, int64_t after, int64_t last)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(64 * 1024);
	struct promo_params params = PROMO_PARAMS(arena);

	if (!arena)
		return promo_fault(-ENOMEM, "no memory for an export");
	promo_param_text(&params, codes->order.batch_id);
	promo_param_texts_or_null(&params, codes->own);
	promo_param_int(&params, after);
	promo_param_int(&params, last);
	return promo_store_copy_out(store,
		codes->order.redemptions ? PROMO_Q_CODE_EXPORTFULL : PROMO_Q_CODE_EXPORT, &params,
		write_row, codes);
}

/* Whether something is wanted that a code becomes by its batch or the clock, or an active one. */
static bool not_by_itself(const struct codes *codes)
{
	return is_wanted(codes, promo_word(&promo_code_status_words, PROMO_CODE_ACTIVE)) ||
	       is_wanted(codes, promo_word(&promo_code_status_words, PROMO_CODE_EXPIRED)) ||
	       is_wanted(codes, promo_word(&promo_code_status_words, PROMO_CODE_BLOCKED));
}

/* Which own status may be one of those that are wanted: the codes of others need not be read. */
static int narrow(struct codes *codes, struct promo_arena *arena)
{
	static const enum promo_code_status own[] = { PROMO_CODE_ACTIVE, PROMO_CODE_REDEEMED,
		PROMO_CODE_REPORTED, PROMO_CODE_BLOCKED };
	const char **words = promo_arena_alloc_array(arena, PROMO_COUNT(own), sizeof(*words));

	if (!words)
		return promo_fault(-ENOMEM, "no memory for an export");
	codes->own = (struct promo_texts){ .items = words };
	for (size_t i = 0; codes->order.status.count > 0 && i < PROMO_COUNT(own); i++) {
		const char *word = promo_word(&promo_code_status_words, (int)own[i]);

		/* An active one is what batch and clock make of it. */
		if (own[i] == PROMO_CODE_ACTIVE ? not_by_itself(codes) : is_wanted(codes, word))
			words[codes->own.count++] = word;
	}
	return 0;
}

static int prepare(struct codes *codes, struct promo_store *store, struct promo_arena *arena)
{
	struct promo_params params = PROMO_PARAMS(arena);
	int r;

	promo_param_text(&params, codes->order.batch_id);
	r = promo_store_one(store, arena, PROMO_Q_BATCH_CODES, &params, &codes->batch);
	if (r)
		return r;
	codes->facts = (struct promo_batch_facts){
		.status = (enum promo_batch_status)codes->batch.status,
		.expires_at = codes->batch.expiration_date,
	};
	r = narrow(codes, arena);
	return r ? r : promo_store_exec(store, PROMO_Q_COPY_PLAN, NULL, NULL);
}

int promo_export_codes_fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink)
{
	struct codes *codes = context;
	int64_t last;
	int r;

	r = promo_export_begin(&codes->export, columns,
		codes->order.redemptions ? (int)PROMO_COUNT(columns) : COLUMNS_BARE, arena, sink);
	if (!r)
		r = prepare(codes, store, arena);
	for (int64_t after = 0; !r && after < codes->batch.ready_codes; after = last) {
		last = after + (after == 0 ? PIECE_FIRST : PIECE);
		if (last > codes->batch.ready_codes)
			last = codes->batch.ready_codes;
		r = read_piece(codes, store, after, last);
		if (!r)
			r = promo_stream_progress(sink, last);
	}
	return r;
}

int promo_code_download(struct promo_ctx *ctx, const struct promo_code_download_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_batch_export_row row;
	const struct promo_export_format_row *format = promo_export_format_of(PROMO_FORMAT_CSV);
	const struct promo_export_order order = {
		.batch_id = in->id,
		.status = in->status,
		.redemptions = in->redemptions,
	};
	struct promo_stream *stream;
	void *codes;
	int r;

	promo_audit_entity(ctx, "batch", in->id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_BATCH_EXPORT, &params, &row);
	if (r)
		return r;
	r = promo_stream_new(ctx, &stream);
	if (r)
		return r;
	codes = format->make(promo_stream_arena(stream), &order);
	if (!codes) {
		promo_stream_free(stream);
		return promo_fault(-ENOMEM, "could not start an export");
	}
	if (in->manifest)
		promo_stream_ask_manifest(stream);
	r = promo_stream_start(ctx, stream, promo_export_codes_fill, codes);
	if (r)
		return r;
	ctx->filename = promo_arena_printf(ctx->arena, "%s.csv", row.filename);
	return 0;
}
