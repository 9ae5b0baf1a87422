/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/copy_rows.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "libpromo/store/store.h"

enum {
	PIECE_BYTES = 64 * 1024,
	ROOM_BYTES = PROMO_COPY_BYTES_MAX + 64, /* for the largest column */
};

/* 2000-01-01 in ms: where PostgreSQL begins to count. */
#define POSTGRES_EPOCH_MS INT64_C(946684800000)

static void put(struct promo_copy_rows *rows, const void *bytes, size_t size)
{
	memcpy(rows->bytes + rows->size, bytes, size);
	rows->size += size;
}

static void put_number(struct promo_copy_rows *rows, uint64_t value, size_t size)
{
	for (size_t i = size; i > 0; i--)
		rows->bytes[rows->size++] = (unsigned char)(value >> (8 * (i - 1)));
}

static void flush(struct promo_copy_rows *rows)
{
	if (!rows->error)
		rows->error = promo_store_copy_write(rows->store, rows->bytes, rows->size);
	rows->size = 0;
}

/* The length of a column, with room for it. */
static void begin_column(struct promo_copy_rows *rows, uint32_t size)
{
	if (rows->size >= PIECE_BYTES)
		flush(rows);
	put_number(rows, size, 4);
}

int promo_copy_rows_begin(
	struct promo_copy_rows *rows, struct promo_store *store, struct promo_arena *arena)
{
	*rows = (struct promo_copy_rows){ .store = store,
		.bytes = promo_arena_alloc(arena, PIECE_BYTES + ROOM_BYTES) };
	if (!rows->bytes)
		return promo_fault(-ENOMEM, "could not write rows");
	promo_copy_rows_again(rows);
	return 0;
}

void promo_copy_rows_again(struct promo_copy_rows *rows)
{
	static const char header[19] = "PGCOPY\n\377\r\n"; /* and 9 zeros: no flags, no extension */

	put(rows, header, sizeof(header));
}

void promo_copy_row(struct promo_copy_rows *rows, int columns)
{
	put_number(rows, (uint64_t)columns, 2);
}

void promo_copy_null(struct promo_copy_rows *rows)
{
	begin_column(rows, UINT32_MAX);
}

void promo_copy_bytes(struct promo_copy_rows *rows, const void *bytes, size_t size)
{
	assert(size <= PROMO_COPY_BYTES_MAX);
	begin_column(rows, (uint32_t)size);
	put(rows, bytes, size);
}

void promo_copy_int4(struct promo_copy_rows *rows, int32_t value)
{
	begin_column(rows, 4);
	put_number(rows, (uint32_t)value, 4);
}

/* Count and weight of the digits of base 10,000, sign, places, digits (numeric_send). */
void promo_copy_money(struct promo_copy_rows *rows, int64_t minor)
{
	enum {
		WHOLE = 4,
		DIGITS = WHOLE + 1,
		PLACES = 2
	};
	uint64_t whole = (uint64_t)minor / 100;
	uint64_t digits[DIGITS];

	assert(minor >= 0);
	for (int i = WHOLE - 1; i >= 0; i--) {
		digits[i] = whole % 10000;
		whole /= 10000;
	}
	digits[WHOLE] = (uint64_t)minor % 100 * 100;
	begin_column(rows, 8 + 2 * DIGITS);
	put_number(rows, DIGITS, 2);
	put_number(rows, WHOLE - 1, 2);
	put_number(rows, 0, 2);
	put_number(rows, PLACES, 2);
	for (int i = 0; i < DIGITS; i++)
		put_number(rows, digits[i], 2);
}

void promo_copy_time(struct promo_copy_rows *rows, int64_t ms)
{
	begin_column(rows, 8);
	put_number(rows, (uint64_t)((ms - POSTGRES_EPOCH_MS) * 1000), 8);
}

/* Its text behind the number of this form. */
void promo_copy_jsonb(struct promo_copy_rows *rows, const char *json)
{
	const size_t size = strlen(json);

	assert(size < PROMO_COPY_BYTES_MAX);
	begin_column(rows, (uint32_t)size + 1);
	put_number(rows, 1, 1);
	put(rows, json, size);
}

int promo_copy_rows_end(struct promo_copy_rows *rows)
{
	put_number(rows, UINT16_MAX, 2);
	flush(rows);
	return rows->error;
}
