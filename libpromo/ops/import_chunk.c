/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/copy_rows.h"
#include "libpromo/ops/import_file.h"

/*
 * The codes of a chunk of an import in the database. The unique index finds what is there already, be
 * it of another batch or of an earlier chunk of the same file, in no memory of ours. At first a chunk
 * is stored as if all were new; where one is not, the chunk is done again after asking.
 */

/* What stands in the metadata of a code that was imported. */
struct mark {
	bool imported;
	const char *printed; /* where it is not read as it was written */
};
#define T struct mark
static const struct promo_field mark_fields[] = {
	PROMO_F_BOOL(T, imported, 0, "it was made elsewhere"),
	PROMO_F_TEXT(T, printed, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "as it was written"),
};
#undef T
static const struct promo_schema mark_schema = PROMO_SCHEMA(struct mark, "mark", mark_fields);

static int by_code(const void *a, const void *b)
{
	const struct promo_import_item *const *one = a, *const *other = b;
	int order = strcmp((*one)->code.code, (*other)->code.code);

	if (order != 0)
		return order;
	return ((*one)->line > (*other)->line) - ((*one)->line < (*other)->line);
}

/* The items by their codes, and those of one code by their lines. */
static int sort(const struct promo_import *import, struct promo_import_item ***ret)
{
	struct promo_import_item **sorted = promo_arena_alloc_array(
		import->worker->scratch, import->count + 1, sizeof(struct promo_import_item *));

	if (!sorted)
		return promo_fault(-ENOMEM, "could not sort codes");
	for (size_t i = 0; i < import->count; i++)
		sorted[i] = &import->items[i];
	qsort(sorted, import->count, sizeof(struct promo_import_item *), by_code);
	*ret = sorted;
	return 0;
}

static enum promo_import_reason twice(const struct promo_import_item *item, const char *printed)
{
	return strcmp(item->code.literal, printed) == 0 ? PROMO_IMPORT_CODE_TWICE
							: PROMO_IMPORT_CODE_ALIKE;
}

int promo_import_find_twice(struct promo_import *import)
{
	struct promo_import_item **sorted = NULL, *first;
	int r;

	r = sort(import, &sorted);
	if (r || import->count == 0)
		return r;
	first = sorted[0];
	for (size_t i = 1; i < import->count; i++) {
		if (strcmp(first->code.code, sorted[i]->code.code) == 0)
			sorted[i]->reason = twice(sorted[i], first->code.literal);
		else
			first = sorted[i];
	}
	promo_import_sift(import);
	return 0;
}

/* The codes of the items, as they are stored or as they were written. */
static int param_codes(const struct promo_import *import, struct promo_params *params, bool literal)
{
	const char **texts =
		promo_arena_alloc_array(import->worker->scratch, import->count + 1, sizeof(*texts));

	if (!texts)
		return promo_fault(-ENOMEM, "could not look for codes");
	for (size_t i = 0; i < import->count; i++)
		texts[i] = literal ? import->items[i].code.literal : import->items[i].code.code;
	promo_param_texts(params, (struct promo_texts){ .items = texts, .count = import->count });
	return 0;
}

static int mark(
	struct promo_import *import, enum promo_query query, const struct promo_params *params)
{
	const struct promo_import_taken_row *rows;
	struct promo_objects taken;
	int r;

	r = promo_store_all(import->worker->store, import->worker->scratch, query, params, &taken);
	if (r)
		return r;
	rows = taken.items;
	for (size_t i = 0; i < taken.count; i++) {
		struct promo_import_item *item = &import->items[rows[i].ord - 1];

		item->reason =
			rows[i].in_file ? twice(item, rows[i].printed) : PROMO_IMPORT_CODE_EXISTS;
	}
	promo_import_sift(import);
	return 0;
}

int promo_import_find_taken(struct promo_import *import)
{
	struct promo_params params = PROMO_PARAMS(import->worker->scratch);
	int r;

	r = param_codes(import, &params, /* literal= */ false);
	if (r)
		return r;
	promo_param_text(&params, import->job->batch_id);
	promo_param_int(&params, import->row.first_serial);
	return mark(import, PROMO_Q_IMPORT_TAKEN, &params);
}

int promo_import_remember(struct promo_import *import)
{
	struct promo_params params = PROMO_PARAMS(import->worker->scratch);
	struct promo_params rest = PROMO_PARAMS(import->worker->scratch);
	int r;

	r = param_codes(import, &params, /* literal= */ false);
	promo_param_text(&params, import->job->id);
	if (!r)
		r = mark(import, PROMO_Q_IMPORT_SEEN, &params);
	if (r)
		return r;
	promo_param_text(&rest, import->job->id);
	r = param_codes(import, &rest, /* literal= */ false);
	if (!r)
		r = param_codes(import, &rest, /* literal= */ true);
	return r ? r
		 : promo_store_exec(import->worker->store, PROMO_Q_IMPORT_REMEMBER, &rest, NULL);
}

static const char *status_word(enum promo_import_status status)
{
	static const char *const words[] = {
		[PROMO_IMPORT_ACTIVE] = "active",
		[PROMO_IMPORT_REDEEMED] = "redeemed",
		[PROMO_IMPORT_BLOCKED] = "blocked",
	};

	return words[status];
}

/* Most codes have the same, which was made before. */
static int put_metadata(struct promo_copy_rows *rows, const struct promo_import_code *code,
	struct promo_arena *arena, const char *common)
{
	const struct mark mark = { .imported = true, .printed = code->literal };
	const char *own = common;
	int r = 0;

	if (strcmp(code->code, code->literal) != 0)
		r = promo_encode(&mark_schema, &mark, arena, &own);
	if (!r)
		promo_copy_jsonb(rows, own);
	return r;
}

static int put_item(struct promo_copy_rows *rows, const struct promo_import *import,
	const unsigned char *batch, const char *common, const struct promo_import_item *item)
{
	const char *status = status_word(item->code.status);
	unsigned char id[PROMO_UUID_BYTES];

	promo_uuid_new_bytes(id);
	promo_copy_row(rows, 9);
	promo_copy_bytes(rows, id, sizeof(id));
	promo_copy_bytes(rows, item->code.code, strlen(item->code.code));
	promo_copy_bytes(rows, batch, PROMO_UUID_BYTES);
	promo_copy_int4(rows, item->serial);
	promo_copy_money(rows, import->row.amount_per_code);
	promo_copy_bytes(rows, status, strlen(status));
	if (item->code.expires_at)
		promo_copy_time(rows, item->code.expires_at);
	else
		promo_copy_null(rows);
	if (item->code.status == PROMO_IMPORT_BLOCKED)
		promo_copy_time(rows, promo_now_ms());
	else
		promo_copy_null(rows);
	return put_metadata(rows, &item->code, import->worker->scratch, common);
}

/* The rows of a chunk on their way, by one COPY or by several. */
struct writing {
	struct promo_import *import;
	struct promo_import_item *const *sorted;
	unsigned char batch[PROMO_UUID_BYTES];
	const char *common; /* the metadata of most of them */
	struct promo_copy_rows copy;
	size_t written;
};

static int begin_writing(
	struct promo_import *import, struct promo_import_item *const *sorted, struct writing *ret)
{
	static const struct mark mark = { .imported = true };
	struct promo_arena *arena = import->worker->scratch;
	int r;

	*ret = (struct writing){ .import = import, .sorted = sorted };
	if (promo_uuid_parse(import->job->batch_id, ret->batch))
		return promo_fault(-EINVAL, "a batch has no proper id");
	r = promo_encode(&mark_schema, &mark, arena, &ret->common);
	return r ? r : promo_copy_rows_begin(&ret->copy, import->worker->store, arena);
}

/* Into the COPY that was just begun: all that are left, or fewer where the counters go first. *ret_cut:
 * the step was interrupted. */
static int write_rows(struct writing *writing, bool *ret_cut)
{
	struct promo_import *import = writing->import;
	bool due = false, cut = false;
	int r = 0;

	if (writing->written > 0)
		promo_copy_rows_again(&writing->copy);
	while (!r && !due && !cut && writing->written < import->count && !writing->copy.error) {
		r = put_item(&writing->copy, import, writing->batch, writing->common,
			writing->sorted[writing->written++]);
		cut = promo_job_unwanted(import->worker);
		due = writing->written % PROMO_PACE_ROWS == 0 &&
		      promo_pacer_is_due(&import->worker->pacer);
	}
	if (!r)
		r = promo_copy_rows_end(&writing->copy);
	if (!r)
		*ret_cut = cut;
	return r;
}

static int copy_piece(struct writing *writing, bool *ret_cut)
{
	struct promo_job_worker *worker = writing->import->worker;
	const size_t before = writing->written;
	int64_t stored;
	int r;

	r = promo_store_copy_in(worker->store, PROMO_Q_IMPORT_COPY);
	if (!r)
		r = write_rows(writing, ret_cut);
	if (!r && !*ret_cut)
		r = promo_store_copy_finish(worker->store, &stored);
	if (r || *ret_cut)
		return r;
	if (stored != (int64_t)(writing->written - before))
		return promo_fault(-EIO, "a chunk of codes was not stored completely");
	promo_pacer_rest(&worker->pacer, stored);
	return 0;
}

int promo_import_store(struct promo_import *import, bool *ret_taken, bool *ret_cut)
{
	struct promo_job_worker *worker = import->worker;
	struct promo_import_item **sorted = NULL;
	struct writing writing;
	const char *violated;
	int r;

	if (import->count == 0)
		return 0;
	for (size_t i = 0; i < import->count; i++)
		import->items[i].serial =
			(int32_t)(import->row.first_serial + import->row.accepted + (int64_t)i);
	r = sort(import, &sorted);
	if (!r)
		r = begin_writing(import, sorted, &writing);
	if (r)
		return r;
	promo_pacer_begin(&worker->pacer, worker->config->pace);
	while (!r && !*ret_cut && writing.written < import->count)
		r = copy_piece(&writing, ret_cut);
	if (r) {
		violated = promo_store_constraint(worker->store);
		*ret_taken = violated && strcmp(violated, "promo_codes_code_key") == 0;
	}
	return r;
}
