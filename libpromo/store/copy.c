/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "libpromo/store/pg.h"

/* COPY ... FROM STDIN. libpq's pipeline mode never ends a COPY, so this stands outside of it. */

enum {
	CHUNK_MAX = 1 << 20
}; /* of one call of libpq, whose sizes are int */

int promo_store_copy_in(struct promo_store *store, enum promo_query query)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	const struct promo_statement *statement = &promo_statements[query];
	int r;

	promo_pg_forget_failure(store);
	if (!store->conn || !PQsendQuery(store->conn, statement->text))
		return promo_pg_judge_send(store, statement->name, PROMO_PG_READING);
	result = promo_pg_finish(store);
	r = promo_pg_judge(store, result, statement->name, PROMO_PG_READING);
	if (r)
		return r;
	if (PQresultStatus(result) != PGRES_COPY_IN)
		return promo_fault(-EINVAL, "\"%s\" is no COPY FROM STDIN", statement->name);
	store->copying = true;
	store->copy = query;
	return 0;
}

int promo_store_copy_write(struct promo_store *store, const void *bytes, size_t size)
{
	const char *from = bytes;

	promo_pg_forget_failure(store);
	if (!store->copying)
		return promo_fault(-EINVAL, "no COPY was begun");
	while (size > 0) {
		size_t chunk = size < CHUNK_MAX ? size : CHUNK_MAX;

		if (!store->conn || PQputCopyData(store->conn, from, (int)chunk) != 1)
			return promo_pg_judge_send(
				store, promo_statements[store->copy].name, PROMO_PG_READING);
		from += chunk;
		size -= chunk;
	}
	return 0;
}

int promo_store_copy_end(struct promo_store *store)
{
	promo_pg_forget_failure(store);
	if (!store->copying)
		return promo_fault(-EINVAL, "no COPY was begun");
	store->copying = false;
	if (!store->conn || PQputCopyEnd(store->conn, NULL) != 1)
		return promo_pg_judge_send(
			store, promo_statements[store->copy].name, PROMO_PG_WRITING);
	store->copied = true;
	return 0;
}

int promo_store_copy_finish(struct promo_store *store, int64_t *ret_rows)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	int r;

	if (!store->copied) {
		r = promo_store_copy_end(store);
		if (r)
			return r;
	}
	promo_pg_forget_failure(store);
	store->copied = false;
	result = promo_pg_finish(store);
	r = promo_pg_judge(store, result, promo_statements[store->copy].name, PROMO_PG_WRITING);
	if (r)
		return r;
	*ret_rows = strtoll(PQcmdTuples(result), NULL, 10);
	return 0;
}

void promo_pg_abandon_copy(struct promo_store *store)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;

	if (store->copied || PQputCopyEnd(store->conn, "given up") == 1)
		result = promo_pg_finish(store);
	store->copying = false;
	store->copied = false;
}
