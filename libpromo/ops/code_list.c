/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/ops/code_match.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/page.h"
#include "libpromo/store/rows_bulk.h"
#include "libpromo/store/store.h"

/*
 * Searching codes, newest first, by the way that is cheap for what was asked
 * (docs/decisions/0022-search-and-change.md has the plans and their times):
 *
 *	newest	down the primary key, while most codes fit
 *	batch	down the serials of a batch, likewise
 *	begins	the piece of the unique index that begins with q, by code
 *	scan	all codes of the table or of a batch in the order of the heap, and the newest of what fits
 *	serial	with ?sort=, which is for the codes of one batch: by its serials, by the index while most
 *		codes fit, else as `scan` does
 *
 * A q of four characters or more is looked for at the beginning first, at once, and on the pages behind
 * that anywhere else: `begins` hands over to `scan`. The cursor says which way a list has taken, so
 * that it goes on like that whatever changes meanwhile.
 */

enum {
	PREFIX_MIN = 4,       /* characters of q that make a piece of the index small */
	SMALL_BATCH = 200000, /* codes that are scanned as fast as anybody looks */
	UNREADY_MAX = 20000,  /* codes that nobody sees, of all batches, and are walked past */
};

/* Before the newest code there may ever be. */
static const char no_id_yet[] = "ffffffff-ffff-ffff-ffff-ffffffffffff";

enum way {
	NEWEST = 1,
	BATCH,
	BEGINS,
	SCAN,
	SERIAL,
	SERIAL_SCAN,
};

static const char *keys_of(enum way way)
{
	return way == BATCH || way >= SERIAL ? "serial" : way == BEGINS ? "code" : "id";
}

struct search {
	const struct promo_code_list_in *in;
	struct promo_code_match match;
	struct promo_tally_row tally;
	enum way way;
	const char *sort; /* the word; NULL: none was said */
	bool prefixed;    /* what begins with q stands on pages of its own */
};

static int count_all(struct promo_ctx *ctx, const struct search *search, int64_t *ret)
{
	const struct promo_code_list_in *in = search->in;

	if (!search->match.part && !in->created_after && !in->created_before &&
		!search->tally.own_ends) {
		*ret = in->status.count > 0 ? search->tally.fitting : search->tally.total;
		return 0;
	}
	return promo_code_match_total(ctx, &search->match, ret);
}

/* Most of what lies on the way fits, so that a page is full soon. */
static bool is_dense(const struct search *search)
{
	const struct promo_code_list_in *in = search->in;

	if (search->match.part || in->created_after || in->created_before)
		return false;
	/* What a job is making is the newest of all, and nobody's yet. */
	if (!in->batch_id && search->tally.unready > UNREADY_MAX)
		return false;
	return in->status.count == 0 || search->tally.fitting >= search->tally.total / 2;
}

/* The way of the first page. */
static enum way first_way(const struct search *search)
{
	if (search->sort)
		return is_dense(search) ? SERIAL : SERIAL_SCAN;
	if (search->prefixed)
		return BEGINS;
	if (!is_dense(search))
		return SCAN;
	return search->in->batch_id ? BATCH : NEWEST;
}

/* The way that the page before has taken. */
static enum way way_of_cursor(struct promo_ctx *ctx, const struct search *search)
{
	const char *cursor = search->in->cursor;

	/* Both give the same list. */
	if (search->sort)
		return search->way;
	if (search->prefixed && promo_page_fits(ctx, keys_of(BEGINS), cursor))
		return BEGINS;
	if (search->in->batch_id && promo_page_fits(ctx, keys_of(BATCH), cursor))
		return BATCH;
	return search->in->batch_id || !is_dense(search) ? SCAN : NEWEST;
}

static void param_prefix(
	struct promo_ctx *ctx, const struct search *search, struct promo_params *params)
{
	const char *q = search->match.part;
	char *beyond = promo_arena_strdup(ctx->arena, q);

	if (beyond)
		beyond[strlen(beyond) - 1]++;
	else
		params->failed = true;
	promo_param_text(params, q);
	promo_param_text(params, beyond);
}

/* What a code may be by itself that has one of these effective statuses; none: anything. */
static struct promo_texts own_statuses(struct promo_ctx *ctx, const struct promo_texts *effective)
{
	static const struct {
		const char *effective, *own[2];
	} rows[] = {
		{ "active", { "active" } },
		{ "expired", { "active" } },
		{ "redeemed", { "redeemed" } },
		{ "reported", { "reported" } },
		{ "blocked", { "blocked", "active" } },
	};
	const char **items =
		promo_arena_alloc_array(ctx->arena, 2 * effective->count, sizeof(*items));
	size_t count = 0;

	for (size_t i = 0; items && i < effective->count; i++)
		for (size_t k = 0; k < PROMO_COUNT(rows); k++)
			for (size_t o = 0; o < PROMO_COUNT(rows[k].own) && rows[k].own[o]; o++)
				if (strcmp(rows[k].effective, effective->items[i]) == 0)
					items[count++] = rows[k].own[o];
	return (struct promo_texts){ items, count };
}

static int read_page(struct promo_ctx *ctx, struct search *search, const struct promo_page *page,
	struct promo_objects *ret)
{
	static const enum promo_query queries[] = {
		[NEWEST] = PROMO_Q_CODE_LIST,
		[BATCH] = PROMO_Q_CODE_LISTBATCH,
		[BEGINS] = PROMO_Q_CODE_LISTPREFIX,
		[SCAN] = PROMO_Q_CODE_SCAN,
		[SERIAL] = PROMO_Q_CODE_LISTSERIAL,
		[SERIAL_SCAN] = PROMO_Q_CODE_SCANSERIAL,
	};
	const struct promo_code_list_in *in = search->in;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const enum way way = search->way;

	if (way == BEGINS)
		param_prefix(ctx, search, &params);
	if (way != NEWEST)
		promo_param_text(&params, in->batch_id);
	promo_param_texts_or_null(&params, in->status);
	if (way == SCAN || way == SERIAL_SCAN) {
		promo_param_texts_or_null(&params, own_statuses(ctx, &in->status));
		promo_param_text(&params, search->match.pattern);
	}
	if (way == SCAN)
		promo_param_text(&params, search->prefixed ? search->match.prefix : NULL);
	if (way == SCAN || way == SERIAL_SCAN || way == BEGINS) {
		promo_param_time(&params, in->created_after);
		promo_param_time(&params, in->created_before);
	}
	promo_page_params(page, &params);
	return promo_store_all(ctx->store, ctx->arena, queries[way], &params, ret);
}

static int list_by(struct promo_ctx *ctx, struct search *search, const char *cursor, int64_t total,
	struct promo_list *ret)
{
	struct promo_objects rows;
	struct promo_page page;
	int r;

	r = search->sort
		    ? promo_page_open_sorted(ctx, search->sort, keys_of(search->way),
			      search->in->limit, cursor, &page)
		    : promo_page_open(ctx, keys_of(search->way), search->in->limit, cursor, &page);
	if (!r)
		r = read_page(ctx, search, &page, &rows);
	if (!r)
		r = promo_page_close(ctx, &page, &rows, total, ret);
	return r;
}

static int list_prefixed(
	struct promo_ctx *ctx, struct search *search, int64_t total, struct promo_list *ret)
{
	const struct promo_code beyond = { .id = no_id_yet };
	int r;

	r = list_by(ctx, search, search->in->cursor, total, ret);
	if (r || ret->next_cursor)
		return r;
	if (ret->count > 0)
		return promo_page_cursor(ctx, keys_of(SCAN), &beyond, &ret->next_cursor);
	search->way = SCAN;
	return list_by(ctx, search, NULL, total, ret);
}

static int get_tally(struct promo_ctx *ctx, struct search *search)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, search->in->batch_id);
	promo_param_texts(&params, search->in->status);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_TALLY, &params, &search->tally);
}

int promo_code_list(
	struct promo_ctx *ctx, const struct promo_code_list_in *in, struct promo_list *ret)
{
	const struct promo_code_filter filter = {
		.batch_id = in->batch_id,
		.status = in->status,
		.q = in->q,
		.created_after = in->created_after,
		.created_before = in->created_before,
	};
	struct search search = { .in = in };
	int64_t total = PROMO_NULL_INT;
	int r;

	if (in->sort && !in->batch_id)
		return promo_ctx_refuse_field(ctx, "?sort", "invalid_value",
			"orders the codes of one batch: say batch_id");
	if (in->sort)
		search.sort = promo_word(promo_schema_field(ctx->op->in, "sort")->words, in->sort);
	r = promo_code_match(ctx, &filter, "?q", &search.match);
	if (!r)
		r = get_tally(ctx, &search);
	if (r)
		return r;
	search.prefixed = !search.sort && search.match.part &&
			  strlen(search.match.part) >= PREFIX_MIN && !search.match.nothing &&
			  (!in->batch_id || search.tally.total > SMALL_BATCH);
	search.way = first_way(&search);
	if (in->cursor)
		search.way = way_of_cursor(ctx, &search);
	if (in->count)
		r = count_all(ctx, &search, &total);
	if (r)
		return r;
	return search.way == BEGINS ? list_prefixed(ctx, &search, total, ret)
				    : list_by(ctx, &search, in->cursor, total, ret);
}
