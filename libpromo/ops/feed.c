/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/feed.h"

#include <errno.h>
#include <stdlib.h>

#include "libpromo/ops/feed_vector.h"
#include "libpromo/store/array.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/store.h"

/* What every answer of the two statements tells beside its writer. */
static void note_newest(struct promo_feed_vector *vector, const struct promo_feed_writer_row *row)
{
	vector->settled = row->settled;
	if (row->writer_id < vector->newest)
		return;
	vector->newest = row->writer_id;
	vector->newest_at = row->created_at;
}

int promo_feed_now(struct promo_store *store, struct promo_arena *arena, const char **ret_position)
{
	struct promo_params none = PROMO_PARAMS(arena);
	const struct promo_feed_writer_row *rows;
	struct promo_feed_vector *vector;
	struct promo_objects found;
	int r;

	r = promo_feed_vector_new(arena, &vector);
	if (!r)
		r = promo_store_all(store, arena, PROMO_Q_FEED_NOW, &none, &found);
	if (r)
		return r;
	rows = found.items;
	for (size_t i = 0; !r && i < found.count; i++) {
		note_newest(vector, &rows[i]);
		r = promo_feed_vector_put(vector, rows[i].writer_id, rows[i].seq);
	}
	return r ? r : promo_feed_vector_format(vector, arena, ret_position);
}

static struct promo_params position_params(
	struct promo_arena *arena, const struct promo_feed_vector *vector)
{
	struct promo_array writers = promo_array_new(arena, vector->count, 8);
	struct promo_array places = promo_array_new(arena, vector->count, 8);
	struct promo_params params = PROMO_PARAMS(arena);

	for (size_t i = 0; i < vector->count; i++) {
		promo_array_int(&writers, vector->places[i].writer);
		promo_array_int(&places, vector->places[i].seq);
	}
	promo_param_array(&params, &writers);
	promo_param_array(&params, &places);
	promo_param_int(&params, vector->settled);
	return params;
}

static int find_due(struct promo_store *store, struct promo_arena *arena,
	const struct promo_feed_vector *vector, struct promo_objects *ret)
{
	const struct promo_params params = position_params(arena, vector);

	return promo_store_all(store, arena, PROMO_Q_FEED_DUE, &params, ret);
}

/* Brings the vector up to what is known of one writer; *ret is what is to be read of it. */
static int take_writer(struct promo_feed_vector *vector, const struct promo_feed_writer_row *row,
	struct promo_feed_batch *batch, struct promo_feed_range *ret)
{
	int64_t after = row->after;

	if (row->first >= 0)
		note_newest(vector, row);
	*ret = (struct promo_feed_range){ .writer = row->writer_id };
	if (row->first < 0 || row->seq < after || (row->seq > after && row->first != after + 1)) {
		batch->lost = true;
		after = row->seq > after && row->first > after ? row->first - 1 : row->seq;
	}
	ret->after = after;
	ret->to = row->seq;
	if (row->ended && after == row->seq) {
		promo_feed_vector_drop(vector, row->writer_id);
		return 0;
	}
	return promo_feed_vector_put(vector, row->writer_id, after);
}

/* A range as far as it lies before another position. */
static void cut_range(const struct promo_feed_vector *until, struct promo_feed_range *range)
{
	const struct promo_feed_place *place = promo_feed_vector_find(until, range->writer);
	int64_t end = range->to;

	if (place)
		end = place->seq;
	else if (range->writer > until->settled)
		end = range->after;
	if (range->to > end)
		range->to = end > range->after ? end : range->after;
}

/* What is new, and the ranges to read, of about `limit` rows together. */
static int choose_ranges(struct promo_feed_vector *vector, const struct promo_objects *due,
	const struct promo_feed_vector *until, int64_t limit, struct promo_feed_batch *batch,
	struct promo_feed_range *ranges, size_t *ret_count)
{
	const struct promo_feed_writer_row *rows = due->items;
	const int64_t share = limit / (int64_t)due->count + 1;
	size_t count = 0;
	int r = 0;

	for (size_t i = 0; !r && i < due->count; i++) {
		struct promo_feed_range range;

		r = take_writer(vector, &rows[i], batch, &range);
		if (!r && until)
			cut_range(until, &range);
		if (r || range.after == range.to)
			continue;
		if (range.to - range.after > share) {
			range.to = range.after + share;
			batch->more = true;
		}
		ranges[count++] = range;
	}
	*ret_count = count;
	return r;
}

static int read_rows(struct promo_store *store, struct promo_arena *arena,
	const struct promo_feed_range *ranges, size_t count, struct promo_texts actions,
	struct promo_feed_batch *batch)
{
	struct promo_array writers = promo_array_new(arena, count, 8);
	struct promo_array after = promo_array_new(arena, count, 8);
	struct promo_array to = promo_array_new(arena, count, 8);
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_objects found;
	int r;

	for (size_t i = 0; i < count; i++) {
		promo_array_int(&writers, ranges[i].writer);
		promo_array_int(&after, ranges[i].after);
		promo_array_int(&to, ranges[i].to);
	}
	promo_param_array(&params, &writers);
	promo_param_array(&params, &after);
	promo_param_array(&params, &to);
	promo_param_texts_or_null(&params, actions);
	r = promo_store_all(store, arena, PROMO_Q_FEED_READ, &params, &found);
	if (r)
		return r;
	batch->rows = found.items;
	batch->count = found.count;
	return 0;
}

/* Where the ranges end; the batch keeps the vector as it was before them, for promo_feed_step(). */
static int find_end(struct promo_feed_batch *batch, const struct promo_feed_range *ranges,
	size_t count, struct promo_arena *arena)
{
	struct promo_feed_vector *vector = batch->vector;
	int r;

	for (size_t i = 0; i < count; i++)
		promo_feed_vector_find(vector, ranges[i].writer)->seq = ranges[i].to;
	r = promo_feed_vector_format(vector, arena, &batch->position);
	for (size_t i = 0; i < count; i++)
		promo_feed_vector_find(vector, ranges[i].writer)->seq = ranges[i].after;
	return r;
}

/* What there is to read: the batch without its rows. */
static int find_ranges(struct promo_store *store, struct promo_arena *arena, const char *position,
	const struct promo_feed_vector *until, int64_t limit, struct promo_feed_batch *batch,
	struct promo_feed_range **ret_ranges, size_t *ret_count)
{
	struct promo_feed_range *ranges = NULL;
	struct promo_objects due;
	size_t count = 0;
	int r;

	*batch = (struct promo_feed_batch){ .position = position };
	r = promo_feed_vector_parse(position, arena, &batch->vector);
	if (!r)
		r = find_due(store, arena, batch->vector, &due);
	if (r)
		return r;
	if (due.count > 0) {
		ranges = promo_arena_alloc_array(arena, due.count, sizeof(*ranges));
		if (!ranges)
			return promo_fault(-ENOMEM, "could not read the audit trail");
		r = choose_ranges(batch->vector, &due, until, limit, batch, ranges, &count);
		if (!r)
			r = find_end(batch, ranges, count, arena);
	}
	if (r)
		return r;
	*ret_ranges = ranges;
	*ret_count = count;
	return 0;
}

static int read_batch(struct promo_store *store, struct promo_arena *arena, const char *position,
	const struct promo_feed_vector *until, struct promo_texts actions, int64_t limit,
	struct promo_feed_batch *ret)
{
	struct promo_feed_range *ranges = NULL;
	struct promo_feed_batch batch;
	size_t count = 0;
	int r;

	r = find_ranges(store, arena, position, until, limit, &batch, &ranges, &count);
	if (!r && count > 0)
		r = read_rows(store, arena, ranges, count, actions, &batch);
	if (!r)
		*ret = batch;
	return r;
}

int promo_feed_find(struct promo_store *store, struct promo_arena *arena, const char *position,
	int64_t limit, struct promo_feed_ranges *ret)
{
	struct promo_feed_range *ranges = NULL;
	struct promo_feed_batch batch;
	size_t count = 0;
	int r;

	r = find_ranges(store, arena, position, /* until= */ NULL, limit, &batch, &ranges, &count);
	if (!r)
		*ret = (struct promo_feed_ranges){ .items = ranges,
			.count = count,
			.position = batch.position,
			.more = batch.more,
			.lost = batch.lost };
	return r;
}

int promo_feed_read(struct promo_store *store, struct promo_arena *arena, const char *position,
	struct promo_texts actions, int64_t limit, struct promo_feed_batch *ret)
{
	return read_batch(store, arena, position, /* until= */ NULL, actions, limit, ret);
}

int promo_feed_read_until(struct promo_store *store, struct promo_arena *arena,
	const char *position, const char *until, struct promo_texts actions, int64_t limit,
	struct promo_feed_batch *ret)
{
	struct promo_feed_vector *end;
	int r;

	r = promo_feed_vector_parse(until, arena, &end);
	return r ? r : read_batch(store, arena, position, end, actions, limit, ret);
}

static int take_seconds(void *context, int columns, const char *const *values)
{
	int64_t *seconds = context;

	if (columns != 1 || !values[0])
		return promo_fault(-EPROTO, "how long the audit trail waits is no number");
	*seconds = strtoll(values[0], NULL, 10);
	return 0;
}

int promo_feed_waiting(struct promo_store *store, struct promo_arena *arena, const char *position,
	int64_t *ret_seconds)
{
	struct promo_feed_vector *vector;
	struct promo_params params;
	int64_t seconds = 0;
	int r;

	r = promo_feed_vector_parse(position, arena, &vector);
	if (r)
		return r;
	params = position_params(arena, vector);
	r = promo_store_each(store, PROMO_Q_FEED_WAITING, &params, take_seconds, &seconds);
	if (!r)
		*ret_seconds = seconds;
	return r;
}

/* One that has come to its end left the vector, which then does not say where that was. */
static bool is_ahead(const struct promo_feed_vector *one, const struct promo_feed_vector *two)
{
	bool ahead = false;

	for (size_t i = 0; i < one->count && !ahead; i++) {
		const struct promo_feed_place *mine = &one->places[i];
		const struct promo_feed_place *theirs = promo_feed_vector_find(two, mine->writer);

		ahead = theirs ? mine->seq > theirs->seq
			       : mine->writer > two->settled && mine->seq > 0;
	}
	for (size_t i = 0; i < two->count && !ahead; i++)
		ahead = two->places[i].writer <= one->settled &&
			!promo_feed_vector_find(one, two->places[i].writer);
	return ahead;
}

int promo_feed_is_ahead(
	struct promo_arena *arena, const char *position, const char *other, bool *ret_ahead)
{
	struct promo_feed_vector *one, *two;
	int r;

	r = promo_feed_vector_parse(position, arena, &one);
	if (!r)
		r = promo_feed_vector_parse(other, arena, &two);
	if (!r)
		*ret_ahead = is_ahead(one, two);
	return r;
}

int promo_feed_is_before(
	struct promo_arena *arena, const char *position, const char *other, bool *ret_before)
{
	struct promo_feed_vector *one, *two;
	int r;

	r = promo_feed_vector_parse(position, arena, &one);
	if (!r)
		r = promo_feed_vector_parse(other, arena, &two);
	/* Between the two there may have been writers that the second never heard of. */
	if (!r)
		*ret_before = one->settled <= two->settled && !is_ahead(one, two);
	return r;
}

int promo_feed_behind(const struct promo_feed_batch *batch, const char *position,
	struct promo_arena *arena, const bool **ret, size_t *ret_rest)
{
	struct promo_feed_vector *vector;
	size_t rest = 0;
	bool *behind;
	int r;

	r = promo_feed_vector_parse(position, arena, &vector);
	if (r)
		return r;
	behind = promo_arena_alloc_array(arena, batch->count ? batch->count : 1, sizeof(*behind));
	if (!behind)
		return promo_fault(-ENOMEM, "could not read the audit trail");
	for (size_t i = 0; i < batch->count; i++) {
		const struct promo_feed_row *row = &batch->rows[i];
		const struct promo_feed_place *place =
			promo_feed_vector_find(vector, row->writer_id);

		behind[i] = place ? row->seq > place->seq : row->writer_id > vector->settled;
		if (!behind[i])
			rest = i + 1;
	}
	*ret = behind;
	*ret_rest = rest;
	return 0;
}

int promo_feed_step(struct promo_feed_batch *batch, size_t index, struct promo_arena *arena,
	const char **ret_position)
{
	/* Rows before it that were left out are behind the position as well. */
	for (; batch->stepped <= index; batch->stepped++) {
		const struct promo_feed_row *row = &batch->rows[batch->stepped];

		promo_feed_vector_find(batch->vector, row->writer_id)->seq = row->seq;
	}
	return promo_feed_vector_format(batch->vector, arena, ret_position);
}

int promo_feed_known(
	struct promo_store *store, struct promo_arena *arena, const char *position, bool *ret_known)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_feed_vector *vector;
	struct promo_truth_row truth;
	int r;

	r = promo_feed_vector_parse(position, arena, &vector);
	if (r)
		return r;
	if (vector->newest == 0) {
		*ret_known = true;
		return 0;
	}
	promo_param_int(&params, vector->newest);
	promo_param_time(&params, vector->newest_at);
	r = promo_store_one(store, arena, PROMO_Q_FEED_KNOWN, &params, &truth);
	if (!r)
		*ret_known = truth.yes;
	return r;
}
