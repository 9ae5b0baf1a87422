/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/problem.h"
#include "promo-cli/out.h"

/*
 * Lists as tables. On a terminal: aligned and cut to its width, so that nothing is cut that would
 * then say nothing. Anywhere else: tab-separated values with a header. Values are those of print.h.
 */

enum {
	CLI_COLUMNS_MAX = 32
};

struct cli_column {
	const struct promo_field *field;
	const char *header;
	size_t width;
	bool right;
	bool spare; /* nobody asked for it: the first to go where there is no room */
};

struct cli_table {
	const struct cli_out *out;
	const struct promo_schema *schema;
	struct cli_column columns[CLI_COLUMNS_MAX];
	size_t count;
	bool begun; /* the header is out and the widths are settled */
};

/* A table of this noun with the columns of `names` ("id,status"; NULL: those that its fields are
 * marked as, and the id where there is room). PROMO_E_INVALID_INPUT for a name that is no field. */
int cli_table_init(struct cli_table *table, const struct cli_out *out,
	const struct promo_schema *schema, const char *names, struct promo_arena *arena,
	struct promo_problem *problem) PROMO_CHECK;

/* The next items. Widths follow the first of them. */
void cli_table_add(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena);
