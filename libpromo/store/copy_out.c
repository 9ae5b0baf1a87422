/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/store/pg.h"

/*
 * COPY (SELECT ...) TO STDOUT, in the text format: half the work of single rows for both sides. It
 * takes no parameters; sql2c.awk writes settings of the transaction in their place, which
 * copy_bind.sql sets.
 */

enum {
	BOUND_MAX = 6, /* of sql/query/copy_bind.sql */
	COLUMNS_MAX = 64
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

/* Takes the backslashes out of a value, in place; the value ends where its column does. */
static void unescape(char *value)
{
	static const char from[] = "bfnrtv", to[] = "\b\f\n\r\t\v";
	char *out = strchr(value, '\\');

	if (!out)
		return;
	for (const char *in = out; *in; in++) {
		const char *letter;

		if (*in == '\\' && in[1]) {
			in++;
			letter = strchr(from, *in);
			*out++ = letter ? to[letter - from] : *in;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
}

/* Cuts a line of COPY into its columns, in place. -1: it has too many. */
static int split(char *line, size_t size, const char **values)
{
	bool escaped = memchr(line, '\\', size) != NULL;
	int columns = 0;

	if (size > 0 && line[size - 1] == '\n')
		line[--size] = '\0';
	for (;;) {
		char *tab = memchr(line, '\t', size);

		if (tab)
			*tab = '\0';
		if (columns == COLUMNS_MAX)
			return -1;
		values[columns++] = escaped && strcmp(line, "\\N") == 0 ? NULL : line;
		if (escaped && values[columns - 1])
			unescape(line);
		if (!tab)
			return columns;
		size -= (size_t)(tab + 1 - line);
		line = tab + 1;
	}
}

static int hand_over(char *line, size_t size, promo_row_fn *row, void *context)
{
	const char *values[COLUMNS_MAX];
	int columns = split(line, size, values);

	if (columns < 0)
		return promo_fault(-EPROTO, "a row of COPY is too wide");
	return row(context, columns, values);
}

/* All rows; *ret_ended is false where `row` had enough of it. */
static int take_rows(struct promo_store *store, promo_row_fn *row, void *context, bool *ret_ended)
{
	char *line;
	int size, r = 0;

	*ret_ended = false;
	while (r == 0) {
		size = PQgetCopyData(store->conn, &line, /* async= */ 1);
		if (size > 0) {
			r = hand_over(line, (size_t)size, row, context);
			PQfreemem(line);
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
	const struct promo_params *params, promo_row_fn *row, void *context)
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
