/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/fields.h"
#include "promo-cli/out.h"

/*
 * Lists as tables. On a terminal: aligned and cut to its width, so that nothing is cut that would
 * then say nothing. Anywhere else: tab-separated values with a header, and CSV where that was asked
 * for. Values are those of print.h.
 */

enum {
	CLI_COLUMNS_MAX = PROMO_CHOSEN_MAX
};

struct cli_column {
	struct promo_path path;
	const struct promo_field *field; /* where it leads; NULL: nowhere in this noun */
	const char *header;
	size_t width, wanted; /* as it is shown, and as it would be with room */
	bool right;
	bool spare; /* nobody asked for it: the first to go where there is no room */
};

struct cli_table {
	const struct cli_out *out;
	const struct promo_schema *schema;
	struct cli_column columns[CLI_COLUMNS_MAX];
	size_t count;
	bool begun;    /* the header is out and the widths are settled */
	bool narrowed; /* a column that belongs to it was left out */
};

/* A table of this noun with the chosen columns; NULL or none: those that its fields are marked as, and
 * the id where there is room. */
void cli_table_init(struct cli_table *table, const struct cli_out *out,
	const struct promo_schema *schema, const struct promo_chosen *chosen,
	struct promo_arena *arena);

/* Says on stderr what of the table had no room. */
void cli_table_end(const struct cli_table *table);

/* With a column for every field, also of the objects inside. */
void cli_table_init_whole(struct cli_table *table, const struct cli_out *out,
	const struct promo_schema *schema, struct promo_arena *arena);

/* The next items. Widths follow the first of them. */
void cli_table_add(
	struct cli_table *table, const void *items, size_t count, struct promo_arena *arena);
