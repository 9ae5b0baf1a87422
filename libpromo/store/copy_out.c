/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/store/cells.h"
#include "libpromo/store/pg.h"

/*
 * COPY (SELECT ...) TO STDOUT (FORMAT binary): half the work of single rows for both sides, and half of
 * that again for the server, which neither words numbers and times nor escapes texts. It takes no
 * parameters; sql2c.awk writes settings of the transaction in their place, which copy_bind.sql sets.
 * The server sends a message a row.
 */

enum {
	BOUND_MAX = 6, /* of sql/query/copy_bind.sql */
};

static int bind_params(
	struct promo_store *store, enum promo_query query, const struct promo_params *params)
{
	struct promo_params all = { .count = BOUND_MAX };
	int r;

	r = promo_pg_check_params(query, params);
	if (r)
		return r;
	for (int i = 0; params && i < params->count; i++)
		all.values[i] = params->values[i];
	return promo_store_exec(store, PROMO_Q_COPY_BIND, &all, NULL);
}

static int hand_over(char *message, int size, bool first, promo_cells_fn *row, void *context)
{
	struct promo_cell cells[PROMO_CELLS_MAX];
	int columns;
	int r = promo_cells_cut(message, size, first, cells, &columns);

	if (r || columns < 0)
		return r;
	return row(context, columns, cells);
}

/* All rows; *ret_ended is false where `row` had enough of it. */
static int take_rows(struct promo_store *store, promo_cells_fn *row, void *context, bool *ret_ended)
{
	bool first = true;
	char *message;
	int size, r = 0;

	*ret_ended = false;
	while (r == 0) {
		size = PQgetCopyData(store->conn, &message, /* async= */ 1);
		if (size > 0) {
			r = hand_over(message, size, first, row, context);
			first = false;
			PQfreemem(message);
		} else if (size < 0) {
			*ret_ended = true; /* or broken: its result says which */
			return 0;
		} else if (!promo_pg_receive(store)) {
			*ret_ended = true;
			return 0;
		}
	}
	return r;
}

int promo_store_copy_out(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, promo_cells_fn *row, void *context)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *begun = NULL;
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	const struct promo_statement *statement = &promo_statements[query];
	bool ended;
	int r;

	r = bind_params(store, query, params);
	if (r)
		return r;
	if (!store->conn || !PQsendQuery(store->conn, statement->text))
		return promo_pg_judge_send(store, statement->name, PROMO_PG_READING);
	begun = promo_pg_finish(store);
	r = promo_pg_judge(store, begun, statement->name, PROMO_PG_READING);
	if (r)
		return r;
	if (PQresultStatus(begun) != PGRES_COPY_OUT)
		return promo_fault(-EINVAL, "\"%s\" is no COPY TO STDOUT", statement->name);
	r = take_rows(store, row, context, &ended);
	if (!ended) {
		promo_pg_give_up_reading(store);
		return r;
	}
	result = promo_pg_finish(store);
	return promo_pg_judge(store, result, statement->name, PROMO_PG_READING);
}
