/* SPDX-License-Identifier: MIT */
#include "libpromo/store/cells.h"

#include <errno.h>
#include <string.h>

#include "libpromo/model/field.h"

/* 2000-01-01 in ms: where PostgreSQL begins to count. */
#define POSTGRES_EPOCH_MS INT64_C(946684800000)

static const char signature[] = { 'P', 'G', 'C', 'O', 'P', 'Y', '\n', '\377', '\r', '\n', '\0' };

static int damaged(void)
{
	return promo_fault(-EPROTO, "a row of COPY is none");
}

static uint64_t number(const char *bytes, int size)
{
	uint64_t value = 0;

	for (int i = 0; i < size; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return value;
}

/* Signature, flags and an extension, which has a length. -1: it is none. */
static int skip_header(const char *message, int size)
{
	const int fixed = (int)sizeof(signature) + 8;
	uint64_t extension;

	if (size < fixed || memcmp(message, signature, sizeof(signature)) != 0)
		return -1;
	extension = number(message + fixed - 4, 4);
	return extension <= (uint64_t)(size - fixed) ? fixed + (int)extension : -1;
}

/* The length of a column is read before the NUL of the one before it goes there. */
static int cut(char *at, char *end, int columns, struct promo_cell *cells)
{
	for (int i = 0; i < columns; i++) {
		uint64_t size;

		if (end - at < 4)
			return damaged();
		size = number(at, 4);
		*at = '\0';
		at += 4;
		cells[i] = (struct promo_cell){ .bytes = NULL };
		if (size == UINT32_MAX)
			continue;
		if (size > (uint64_t)(end - at))
			return damaged();
		cells[i] = (struct promo_cell){ .bytes = at, .size = (int)size };
		at += size;
	}
	return at == end ? 0 : damaged();
}

int promo_cells_cut(
	char *message, int size, bool first, struct promo_cell cells[PROMO_CELLS_MAX], int *ret)
{
	int header = first ? skip_header(message, size) : 0;
	int columns, r;

	if (header < 0 || size - header < 2)
		return damaged();
	columns = (int)number(message + header, 2);
	if (columns == UINT16_MAX) {
		*ret = -1;
		return 0;
	}
	if (columns > PROMO_CELLS_MAX)
		return promo_fault(-EPROTO, "a row of COPY is too wide");
	r = cut(message + header + 2, message + size, columns, cells);
	if (!r)
		*ret = columns;
	return r;
}

int promo_cell_int(const struct promo_cell *cell, int64_t *ret)
{
	if (!cell->bytes)
		*ret = PROMO_NULL_INT;
	else if (cell->size == 4)
		*ret = (int32_t)number(cell->bytes, 4);
	else if (cell->size == 8)
		*ret = (int64_t)number(cell->bytes, 8);
	else
		return damaged();
	return 0;
}

int promo_cell_time(const struct promo_cell *cell, int64_t *ret)
{
	int64_t us;

	if (!cell->bytes) {
		*ret = 0;
		return 0;
	}
	if (cell->size != 8)
		return damaged();
	us = (int64_t)number(cell->bytes, 8);
	/* Down, also before 2000; infinity becomes the last moment that there is a form for. */
	*ret = us / 1000 - (us % 1000 < 0) + POSTGRES_EPOCH_MS;
	return 0;
}

/* Count and weight of the digits of base 10,000, sign, places, digits (numeric_send); zeros at the
 * end are left out. */
int promo_cell_money(const struct promo_cell *cell, int64_t *ret)
{
	enum {
		NEGATIVE = 0x4000,
		WEIGHT_MAX = 3 /* 9999999999999999.99 fits */
	};
	int64_t minor = 0;
	int digits, weight, sign;

	if (!cell->bytes) {
		*ret = PROMO_NULL_INT;
		return 0;
	}
	if (cell->size < 8)
		return damaged();
	digits = (int)number(cell->bytes, 2);
	weight = (int16_t)number(cell->bytes + 2, 2);
	sign = (int)number(cell->bytes + 4, 2);
	if (cell->size != 8 + 2 * digits || weight > WEIGHT_MAX || (sign != 0 && sign != NEGATIVE))
		return damaged();
	for (int place = WEIGHT_MAX; place >= -1; place--) {
		int i = weight - place;
		int64_t digit =
			i >= 0 && i < digits ? (int64_t)number(cell->bytes + 8 + 2 * i, 2) : 0;

		minor = place >= 0 ? minor * 10000 + digit : minor * 100 + digit / 100;
	}
	*ret = sign == NEGATIVE ? -minor : minor;
	return 0;
}
