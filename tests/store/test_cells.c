/* SPDX-License-Identifier: MIT */
/* Columns of binary COPY are read as they were written, to the ends of what they can say; a message that
 * is cut off anywhere, or whose lengths do not fit, is a fault and never a read beyond its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/model/field.h"
#include "libpromo/store/cells.h"
#include "tests/lib/log.h"

#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"

/* Two columns, "abc" and null, behind the header. */
static const char message[] = HEADER "\0\2\0\0\0\3abc\377\377\377\377";

enum {
	HEADER_SIZE = sizeof(HEADER) - 1,
	MESSAGE_SIZE = sizeof(message) - 1
};

/* In memory of its own, with a NUL behind it as libpq gives it, so that the sanitizer sees all else. */
static int cut(
	const char *bytes, int size, bool first, struct promo_cell *cells, int *columns, char **ret)
{
	*ret = calloc(1, (size_t)size + 1);
	assert_non_null(*ret);
	memcpy(*ret, bytes, (size_t)size);
	return promo_cells_cut(*ret, size, first, cells, columns);
}

static void test_a_row(void **state)
{
	struct promo_cell cells[PROMO_CELLS_MAX];
	int columns = 0;
	char *bytes;

	(void)state;
	assert_int_equal(cut(message, MESSAGE_SIZE, true, cells, &columns, &bytes), 0);
	assert_int_equal(columns, 2);
	assert_string_equal(cells[0].bytes, "abc");
	assert_int_equal(cells[0].size, 3);
	assert_null(cells[1].bytes);
	free(bytes);
	assert_int_equal(cut(message + HEADER_SIZE, MESSAGE_SIZE - HEADER_SIZE, false, cells,
				 &columns, &bytes),
		0);
	assert_string_equal(cells[0].bytes, "abc");
	free(bytes);
	assert_int_equal(cut("\377\377", 2, false, cells, &columns, &bytes), 0);
	assert_int_equal(columns, -1);
	free(bytes);
}

static void test_damage(void **state)
{
	static const char wide[] = "\0\377", longer[] = "\0\1\0\0\0\4abc", more[] = "\0\1\0\0\0\0x";
	struct promo_cell cells[PROMO_CELLS_MAX];
	int columns;
	char *bytes;

	(void)state;
	promo_test_log_keep();
	for (int size = 0; size < MESSAGE_SIZE; size++) {
		assert_true(cut(message, size, true, cells, &columns, &bytes) < 0);
		free(bytes);
	}
	/* A header where none belongs, and none where one does. */
	assert_true(cut(message, MESSAGE_SIZE, false, cells, &columns, &bytes) < 0);
	free(bytes);
	assert_true(cut(message + HEADER_SIZE, MESSAGE_SIZE - HEADER_SIZE, true, cells, &columns,
			    &bytes) < 0);
	free(bytes);
	assert_true(cut(wide, sizeof(wide) - 1, false, cells, &columns, &bytes) < 0);
	free(bytes);
	assert_true(cut(longer, sizeof(longer) - 1, false, cells, &columns, &bytes) < 0);
	free(bytes);
	assert_true(cut(more, sizeof(more) - 1, false, cells, &columns, &bytes) < 0);
	free(bytes);
}

static struct promo_cell cell(const char *bytes, int size)
{
	return (struct promo_cell){ .bytes = bytes, .size = size };
}

#define CELL(bytes) cell(bytes, (int)sizeof(bytes) - 1)

static void test_numbers(void **state)
{
	struct promo_cell small = CELL("\377\377\377\376"), null = cell(NULL, 0);
	struct promo_cell big = CELL("\0\0\0\1\0\0\0\2"), odd = CELL("\0\0\1");
	int64_t value;

	(void)state;
	assert_int_equal(promo_cell_int(&small, &value), 0);
	assert_true(value == -2);
	assert_int_equal(promo_cell_int(&big, &value), 0);
	assert_true(value == (INT64_C(1) << 32) + 2);
	assert_int_equal(promo_cell_int(&null, &value), 0);
	assert_true(value == PROMO_NULL_INT);
	assert_true(promo_cell_int(&odd, &value) < 0);
}

static void test_times(void **state)
{
	struct promo_cell start = CELL("\0\0\0\0\0\0\0\0"), null = cell(NULL, 0);
	struct promo_cell before = CELL("\377\377\377\377\377\377\377\377");
	struct promo_cell never = CELL("\177\377\377\377\377\377\377\377"), odd = CELL("\0");
	int64_t value;

	(void)state;
	assert_int_equal(promo_cell_time(&start, &value), 0);
	assert_true(value == INT64_C(946684800000));
	assert_int_equal(promo_cell_time(&before, &value), 0);
	assert_true(value == INT64_C(946684799999));
	assert_int_equal(promo_cell_time(&never, &value), 0);
	assert_true(value > INT64_C(946684800000));
	assert_int_equal(promo_cell_time(&null, &value), 0);
	assert_true(value == 0);
	assert_true(promo_cell_time(&odd, &value) < 0);
}

static void test_money(void **state)
{
	const struct {
		struct promo_cell cell;
		int64_t minor;
	} amounts[] = {
		{ CELL("\0\0\0\0\0\0\0\2"), 0 },
		{ CELL("\0\1\0\0\0\0\0\2\1\364"), 50000 },
		{ CELL("\0\1\377\377\0\0\0\2\1\364"), 5 },         /* 0.05 */
		{ CELL("\0\1\0\1\0\0\0\2\0\3"), 3000000 },         /* 30,000 */
		{ CELL("\0\2\0\0\100\0\0\2\0\14\30\234"), -1263 }, /* -12.63 */
		{ CELL("\0\4\0\2\0\0\0\2\47\17\47\17\47\17\46\254"), 99999999999999 },
	};
	struct promo_cell nan = CELL("\0\0\0\0\300\0\0\0"), cut_off = CELL("\0\1\0\0\0\0\0\2\1");
	struct promo_cell huge = CELL("\0\1\0\4\0\0\0\2\0\1");
	int64_t value;

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(amounts); i++) {
		assert_int_equal(promo_cell_money(&amounts[i].cell, &value), 0);
		assert_true(value == amounts[i].minor);
	}
	assert_true(promo_cell_money(&nan, &value) < 0);
	assert_true(promo_cell_money(&cut_off, &value) < 0);
	assert_true(promo_cell_money(&huge, &value) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_money),
	};

	return cmocka_run_group_tests_name("store/cells", tests, NULL, NULL);
}
