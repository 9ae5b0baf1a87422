/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/chunk.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/worker.h"

enum {
	ROUNDS_MAX = 8, /* of drawing again what came twice */
	PIECE_BYTES = 64 * 1024,
	ROW_BYTES_MAX = 160,
};

int promo_chunk_serials(const struct promo_random *random, struct promo_arena *arena, int64_t first,
	size_t count, int32_t **ret)
{
	int32_t *serials = promo_arena_alloc_array(arena, count, sizeof(*serials));

	assert(first >= 1 && first + (int64_t)count - 1 <= INT32_MAX);
	if (!serials)
		return promo_fault(-ENOMEM, "could not number codes");
	for (size_t i = 0; i < count; i++)
		serials[i] = (int32_t)(first + (int64_t)i);
	/* Fisher and Yates: every order is equally likely. */
	for (size_t i = count; i > 1; i--) {
		size_t other = promo_random_below(random, (uint32_t)i);
		int32_t moved = serials[i - 1];

		serials[i - 1] = serials[other];
		serials[other] = moved;
	}
	*ret = serials;
	return 0;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, PROMO_CODE_SIZE);
}

/* Sorts and drops what stands there twice; returns how many are left. */
static size_t sort_unique(char (*codes)[PROMO_CODE_SIZE], size_t count)
{
	size_t kept = 1;

	qsort(codes, count, sizeof(*codes), compare);
	for (size_t i = 1; i < count; i++)
		if (compare(codes[i], codes[kept - 1]) != 0) {
			if (kept != i)
				memcpy(codes[kept], codes[i], sizeof(*codes));
			kept++;
		}
	return kept;
}

int promo_chunk_make(const struct promo_code_pattern *pattern, const char *date,
	const struct promo_random *random, struct promo_arena *arena, int64_t first_serial,
	size_t count, struct promo_chunk *ret, bool *ret_complete)
{
	struct promo_chunk chunk = { .count = count };
	size_t made = 0;
	int r;

	assert(count > 0 && count <= PROMO_CHUNK_MAX);
	r = promo_chunk_serials(random, arena, first_serial, count, &chunk.serials);
	if (r)
		return r;
	chunk.codes = promo_arena_alloc_array(arena, count, sizeof(*chunk.codes));
	if (!chunk.codes)
		return promo_fault(-ENOMEM, "could not make codes");
	for (int round = 0; made < count && round < ROUNDS_MAX; round++) {
		for (; made < count; made++) {
			r = promo_code_generate(pattern, date, random, chunk.codes[made]);
			if (r)
				return r;
		}
		made = sort_unique(chunk.codes, count);
	}
	*ret = chunk;
	*ret_complete = made == count;
	return 0;
}

/*
 * PostgreSQL's binary COPY ("Binary Format" under COPY in its manual): a header, rows of
 * length-prefixed fields in network order, a trailer.
 */

struct writer {
	struct promo_store *store;
	unsigned char *bytes;
	size_t size;
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
	memcpy(writer->bytes + writer->size, bytes, size);
	writer->size += size;
}

static void put_number(struct writer *writer, uint32_t value, size_t size)
{
	for (size_t i = size; i > 0; i--)
		writer->bytes[writer->size++] = (unsigned char)(value >> (8 * (i - 1)));
}

static void put_field(struct writer *writer, const void *bytes, size_t size)
{
	put_number(writer, (uint32_t)size, 4);
	put(writer, bytes, size);
}

/* numeric: count and weight of the digits of base 10,000, sign, places, digits (numeric_send). */
static void put_money(struct writer *writer, int64_t minor)
{
	enum {
		WHOLE = 4,
		DIGITS = WHOLE + 1,
		PLACES = 2
	};
	uint64_t whole = (uint64_t)minor / 100;
	uint32_t digits[DIGITS];

	for (int i = WHOLE - 1; i >= 0; i--) {
		digits[i] = (uint32_t)(whole % 10000);
		whole /= 10000;
	}
	digits[WHOLE] = (uint32_t)((uint64_t)minor % 100) * 100;
	put_number(writer, 8 + 2 * DIGITS, 4);
	put_number(writer, DIGITS, 2);
	put_number(writer, WHOLE - 1, 2);
	put_number(writer, 0, 2);
	put_number(writer, PLACES, 2);
	for (int i = 0; i < DIGITS; i++)
		put_number(writer, digits[i], 2);
}

static int flush(struct writer *writer)
{
	size_t size = writer->size;

	writer->size = 0;
	return promo_store_copy_write(writer->store, writer->bytes, size);
}

int promo_chunk_write(const struct promo_chunk *chunk, struct promo_arena *arena,
	const char *batch_id, int64_t amount_minor, struct promo_job_worker *worker, bool *ret_cut)
{
	static const char header[19] = "PGCOPY\n\377\r\n"; /* and 9 zeros: no flags, no extension */
	struct writer writer = { .store = worker->store };
	unsigned char batch[PROMO_UUID_BYTES], id[PROMO_UUID_BYTES];
	int r;

	assert(amount_minor > 0);
	r = promo_uuid_parse(batch_id, batch);
	if (r)
		return promo_fault(-EINVAL, "a batch has no proper id");
	writer.bytes = promo_arena_alloc(arena, PIECE_BYTES + ROW_BYTES_MAX);
	if (!writer.bytes)
		return promo_fault(-ENOMEM, "could not write codes");
	put(&writer, header, sizeof(header));
	for (size_t i = 0; i < chunk->count && !promo_job_unwanted(worker); i++) {
		promo_uuid_new_bytes(id);
		put_number(&writer, 5, 2);
		put_field(&writer, id, sizeof(id));
		put_field(&writer, chunk->codes[i], strlen(chunk->codes[i]));
		put_field(&writer, batch, sizeof(batch));
		put_number(&writer, 4, 4);
		put_number(&writer, (uint32_t)chunk->serials[i], 4);
		put_money(&writer, amount_minor);
		if (writer.size >= PIECE_BYTES) {
			r = flush(&writer);
			if (r)
				return r;
		}
	}
	*ret_cut = promo_job_unwanted(worker);
	put_number(&writer, UINT16_MAX, 2);
	return flush(&writer);
}
