/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/buffer.h"
#include "libpromo/ops/seals.h"
#include "libpromo/ops/stream.h"
#include "libpromo/store/array.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/* The trail with what proves it: a seal, the rows that it closes, the next seal; then what is not sealed
 * yet. Nothing is judged here: what stands there is told, also where it was tampered with. */

enum {
	SEALS_AT_ONCE = 200,
	BATCH_LIMIT = 64 * 1024 * 1024,
	LINE_LIMIT = 8 * 1024 * 1024,
};

struct writing {
	struct promo_store *store;
	struct promo_arena *batch;
	struct promo_stream_sink *sink;
	struct promo_buffer line;
	/* The seals in hand, and the number of the first range behind each. */
	const struct promo_audit_seal *seals;
	size_t count, written;
	size_t ends[SEALS_AT_ONCE];
};

void promo_seal_param_ranges(
	struct promo_params *params, const struct promo_seal_range *ranges, size_t count)
{
	struct promo_array writers = promo_array_new(params->arena, count, 8);
	struct promo_array from = promo_array_new(params->arena, count, 8);
	struct promo_array to = promo_array_new(params->arena, count, 8);

	for (size_t i = 0; i < count; i++) {
		promo_array_int(&writers, ranges[i].writer_id);
		promo_array_int(&from, ranges[i].from);
		promo_array_int(&to, ranges[i].to);
	}
	promo_param_array(params, &writers);
	promo_param_array(params, &from);
	promo_param_array(params, &to);
}

static int write_line(struct writing *writing, const char *json)
{
	const char *text;
	int r;

	promo_buffer_clear(&writing->line);
	promo_buffer_text(&writing->line, json);
	promo_buffer_char(&writing->line, '\n');
	r = promo_buffer_end(&writing->line, &text);
	return r ? r : promo_stream_write(writing->sink, text, writing->line.size);
}

static int write_line_of(struct writing *writing, const struct promo_audit_line *line)
{
	const char *json;
	int r;

	r = promo_encode(&promo_audit_line_schema, line, writing->batch, &json);
	return r ? r : write_line(writing, json);
}

static int write_seal(struct writing *writing, const struct promo_audit_seal *seal)
{
	const struct promo_audit_line line = { .seal = seal,
		.writer_id = PROMO_NULL_INT,
		.seq = PROMO_NULL_INT,
		.count = PROMO_NULL_INT };

	return write_line_of(writing, &line);
}

/* The seals whose rows begin before this range. */
static int write_seals(struct writing *writing, size_t range)
{
	int r = 0;

	while (!r && writing->written < writing->count &&
		(writing->written == 0 || writing->ends[writing->written - 1] <= range)) {
		r = write_seal(writing, &writing->seals[writing->written]);
		writing->written++;
	}
	return r;
}

static int write_row(void *context, int columns, const char *const *values)
{
	struct writing *writing = context;
	int r;

	if (columns != 2 || !values[1])
		return promo_fault(-EPROTO, "an entry of the audit trail is none");
	r = write_seals(writing, (size_t)strtoull(values[0], NULL, 10) - 1);
	if (r)
		return r;
	promo_stream_row(writing->sink);
	return write_line(writing, values[1]);
}

static int write_ranges(
	struct writing *writing, const struct promo_seal_range *ranges, size_t count)
{
	struct promo_params params = PROMO_PARAMS(writing->batch);

	promo_seal_param_ranges(&params, ranges, count);
	return promo_store_each(writing->store, PROMO_Q_SEAL_LINES, &params, write_row, writing);
}

static int gather_ranges(struct writing *writing, struct promo_seal_range **ret, size_t *ret_count)
{
	struct promo_seal_range *all = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < writing->count; i++) {
		struct promo_seal_range *ranges;
		size_t some = 0;
		int r;

		r = promo_seal_ranges_read(
			writing->seals[i].ranges, writing->batch, &ranges, &some);
		if (r < 0)
			return r;
		if (count + some > room) {
			struct promo_seal_range *more;

			room = (count + some) * 2;
			more = promo_arena_alloc_array(writing->batch, room, sizeof(*more));
			if (!more)
				return promo_fault(-ENOMEM, "could not export seals");
			for (size_t k = 0; k < count; k++)
				more[k] = all[k];
			all = more;
		}
		for (size_t k = 0; k < some; k++)
			all[count++] = ranges[k];
		writing->ends[i] = count;
	}
	*ret = all;
	*ret_count = count;
	return 0;
}

static int write_some(struct writing *writing, int64_t *after)
{
	struct promo_params params = PROMO_PARAMS(writing->batch);
	struct promo_seal_range *ranges = NULL;
	struct promo_objects rows;
	size_t count = 0;
	int r;

	promo_param_int(&params, *after);
	promo_param_int(&params, SEALS_AT_ONCE);
	promo_param_bool(&params, true);
	r = promo_store_all(writing->store, writing->batch, PROMO_Q_SEAL_LIST, &params, &rows);
	if (r)
		return r;
	writing->seals = rows.items;
	writing->count = rows.count;
	writing->written = 0;
	r = gather_ranges(writing, &ranges, &count);
	if (!r)
		r = write_ranges(writing, ranges, count);
	if (!r)
		r = write_seals(writing, SIZE_MAX);
	if (!r && rows.count > 0)
		*after = writing->seals[rows.count - 1].id;
	return r;
}

static int write_tail(struct writing *writing)
{
	struct promo_params none = PROMO_PARAMS(writing->batch);
	const struct promo_seal_due_row *due;
	struct promo_objects rows;
	int r;

	writing->count = 0;
	r = promo_store_all(writing->store, writing->batch, PROMO_Q_SEAL_DUE, &none, &rows);
	due = rows.items;
	for (size_t i = 0; !r && i < rows.count; i++) {
		const struct promo_seal_range range = {
			.writer_id = due[i].writer_id, .from = due[i].from, .to = due[i].to
		};

		r = write_ranges(writing, &range, 1);
	}
	return r;
}

/* Who checks has to know at the beginning what may be gone. */
static int write_last(struct writing *writing)
{
	struct promo_params none = PROMO_PARAMS(writing->batch);
	struct promo_audit_seal last;
	bool found;
	int r;

	r = promo_store_find(
		writing->store, writing->batch, PROMO_Q_SEAL_LAST, &none, &last, &found);
	if (r || !found || last.dropped_to == 0)
		return r;
	return write_line_of(writing, &(struct promo_audit_line){ .last = &last,
					      .writer_id = PROMO_NULL_INT,
					      .seq = PROMO_NULL_INT,
					      .count = PROMO_NULL_INT });
}

int promo_seals_write(
	struct promo_store *store, struct promo_arena *arena, struct promo_stream_sink *sink)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *batch = promo_arena_new(BATCH_LIMIT);
	struct writing writing = {
		.store = store,
		.batch = batch,
		.sink = sink,
		.line = PROMO_BUFFER(arena, LINE_LIMIT),
		.count = 1,
	};
	int64_t after = 0;
	int r = 0;

	if (!batch)
		return promo_fault(-ENOMEM, "could not export seals");
	r = write_last(&writing);
	while (!r && writing.count > 0) {
		promo_arena_clear(batch);
		r = write_some(&writing, &after);
	}
	return r ? r : write_tail(&writing);
}
