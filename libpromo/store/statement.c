/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "libpromo/store/pg.h"
#include "libpromo/store/schemas.h"

/* Running the statements of sql/query: prepared when first used, results into structs. */

static enum promo_pg_stage stage_of(const struct promo_statement *statement)
{
	return strncasecmp(statement->text, "SELECT", 6) == 0 ? PROMO_PG_READING : PROMO_PG_WRITING;
}

const char *promo_pg_text(const struct promo_store *store, const struct promo_statement *statement)
{
	return store->no_skip_locked && statement->waiting_text ? statement->waiting_text
								: statement->text;
}

void promo_pg_name(
	const struct promo_store *store, enum promo_query query, char ret[PROMO_PG_NAME_SIZE])
{
	(void)snprintf(ret, PROMO_PG_NAME_SIZE, "%s_%u", promo_statements[query].name,
		store->prepared[query].version);
}

void promo_pg_forget_prepared(struct promo_store *store)
{
	for (size_t i = 0; i < PROMO_Q_COUNT; i++) {
		promo_row_plan_free(store->prepared[i].plan);
		store->prepared[i] = (struct promo_prepared){ .ready = false };
	}
}

int promo_pg_send_prepare(struct promo_store *store, enum promo_query query)
{
	const struct promo_statement *statement = &promo_statements[query];
	char name[PROMO_PG_NAME_SIZE];

	promo_pg_name(store, query, name);
	if (!PQsendPrepare(store->conn, name, promo_pg_text(store, statement), 0, NULL))
		return promo_pg_judge_send(store, statement->name, PROMO_PG_READING);
	return 0;
}

int promo_pg_prepare(struct promo_store *store, enum promo_query query)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	const struct promo_statement *statement = &promo_statements[query];
	int r;

	if (store->no_prepare || store->prepared[query].ready)
		return 0;
	r = promo_pg_send_prepare(store, query);
	if (r)
		return r;
	result = promo_pg_finish(store);
	r = promo_pg_judge(store, result, statement->name, PROMO_PG_READING);
	if (r)
		return r;
	store->prepared[query].ready = true;
	return 0;
}

bool promo_pg_is_stale(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state && (strcmp(state, "26000") == 0 || strcmp(state, "0A000") == 0);
}

static void forget_one(struct promo_prepared *prepared)
{
	promo_row_plan_free(prepared->plan);
	*prepared = (struct promo_prepared){ .version = prepared->version + 1 };
}

int promo_pg_check_params(enum promo_query query, const struct promo_params *params)
{
	const struct promo_statement *statement = &promo_statements[query];
	int count = params ? params->count : 0;

	if (params && params->failed)
		return promo_fault(
			-ENOMEM, "no memory for the parameters of \"%s\"", statement->name);
	if (count != statement->params)
		return promo_fault(-EINVAL, "\"%s\" was given %d parameters instead of %d",
			statement->name, count, statement->params);
	return 0;
}

int promo_pg_send(
	struct promo_store *store, enum promo_query query, const struct promo_params *params)
{
	const struct promo_statement *statement = &promo_statements[query];
	const char *const *values = params ? params->values : NULL;
	char name[PROMO_PG_NAME_SIZE];
	int sent, r;

	if (!store->conn)
		return promo_pg_judge_send(store, statement->name, PROMO_PG_READING);
	if (!statement->planned_anew) {
		r = promo_pg_prepare(store, query);
		if (r)
			return r;
	}
	promo_pg_name(store, query, name);
	if (store->no_prepare || statement->planned_anew)
		sent = PQsendQueryParams(store->conn, promo_pg_text(store, statement),
			statement->params, NULL, values, NULL, NULL, 0);
	else
		sent = PQsendQueryPrepared(
			store->conn, name, statement->params, values, NULL, NULL, 0);
	return sent ? 0 : promo_pg_judge_send(store, statement->name, stage_of(statement));
}

static bool is_late(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state && strcmp(state, "57014") == 0;
}

/* Runs it to its end; a stale one once more where no transaction is spoilt by it. Where to be late is no
 * fault there is no result of it. */
static int run_to_end(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, bool may_be_late, PGresult **ret)
{
	const struct promo_statement *statement = &promo_statements[query];
	int r;

	promo_pg_forget_failure(store);
	r = promo_pg_check_params(query, params);
	if (r)
		return r;
	for (int attempt = 0;; attempt++) {
		PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;

		r = promo_pg_send(store, query, params);
		if (r)
			return r;
		result = promo_pg_finish(store);
		if (promo_pg_is_stale(result)) {
			forget_one(&store->prepared[query]);
			if (!store->in_transaction && attempt == 0)
				continue;
		}
		if (may_be_late && is_late(result))
			return 0;
		r = promo_pg_judge(store, result, statement->name, stage_of(statement));
		if (r == 0)
			*ret = TAKE_PTR(result);
		return r;
	}
}

static int run(struct promo_store *store, enum promo_query query, const struct promo_params *params,
	PGresult **ret)
{
	return run_to_end(store, query, params, /* may_be_late= */ false, ret);
}

/* The plan for the rows of this result; kept as long as the statement is. */
static int plan_for(struct promo_store *store, enum promo_query query, const PGresult *result,
	const struct promo_row_plan **ret)
{
	const struct promo_statement *statement = &promo_statements[query];
	struct promo_prepared *prepared = &store->prepared[query];
	const struct promo_schema *schema;
	int r;

	if (!prepared->plan) {
		schema = statement->rows ? promo_store_schema(statement->rows) : NULL;
		if (!schema)
			return promo_fault(
				-EINVAL, "\"%s\" has no rows of a known schema", statement->name);
		r = promo_row_plan_new(schema, result, &prepared->plan);
		if (r)
			return r;
	}
	*ret = prepared->plan;
	return 0;
}

int promo_store_exec(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, int64_t *ret_affected)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	int r = run(store, query, params, &result);

	if (r)
		return r;
	if (ret_affected)
		*ret_affected = strtoll(PQcmdTuples(result), NULL, 10);
	return 0;
}

static int read_one(struct promo_store *store, enum promo_query query, const PGresult *result,
	struct promo_arena *arena, void *ret_row, bool *ret_found)
{
	const struct promo_row_plan *plan = NULL;
	int r;

	if (PQntuples(result) > 1)
		return promo_fault(-EPROTO, "\"%s\" gave %d rows instead of one",
			promo_statements[query].name, PQntuples(result));
	if (PQntuples(result) == 0) {
		*ret_found = false;
		return 0;
	}
	r = plan_for(store, query, result, &plan);
	if (r)
		return r;
	r = promo_row_read(plan, result, 0, arena, ret_row);
	if (r)
		return r;
	*ret_found = true;
	return 0;
}

int promo_store_find(struct promo_store *store, struct promo_arena *arena, enum promo_query query,
	const struct promo_params *params, void *ret_row, bool *ret_found)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	int r = run(store, query, params, &result);

	return r ? r : read_one(store, query, result, arena, ret_row, ret_found);
}

int promo_store_one(struct promo_store *store, struct promo_arena *arena, enum promo_query query,
	const struct promo_params *params, void *ret_row)
{
	bool found = false;
	int r = promo_store_find(store, arena, query, params, ret_row, &found);

	if (r)
		return r;
	return found ? 0 : PROMO_E_NOT_FOUND;
}

int promo_pg_rows(struct promo_store *store, enum promo_query query, const PGresult *result,
	struct promo_arena *arena, struct promo_objects *ret)
{
	const struct promo_row_plan *plan = NULL;
	size_t count = (size_t)PQntuples(result);
	char *rows;
	int r;

	if (count == 0) {
		*ret = (struct promo_objects){ .count = 0 };
		return 0;
	}
	r = plan_for(store, query, result, &plan);
	if (r)
		return r;
	assert(plan);
	rows = promo_arena_alloc_array(arena, count, plan->schema->size);
	if (!rows)
		return promo_fault(-ENOMEM, "no memory for %zu rows of \"%s\"", count,
			promo_statements[query].name);
	for (size_t i = 0; i < count; i++) {
		r = promo_row_read(plan, result, (int)i, arena, rows + i * plan->schema->size);
		if (r)
			return r;
	}
	*ret = (struct promo_objects){ .items = rows, .count = count };
	return 0;
}

int promo_store_all(struct promo_store *store, struct promo_arena *arena, enum promo_query query,
	const struct promo_params *params, struct promo_objects *ret)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	int r = run(store, query, params, &result);

	if (r)
		return r;
	return promo_pg_rows(store, query, result, arena, ret);
}

int promo_store_allow_ms(struct promo_store *store, int64_t ms)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	char timeout[32];
	const struct promo_params params = { .values = { timeout }, .count = 1 };
	int r;

	(void)snprintf(timeout, sizeof(timeout), "%" PRId64, ms);
	r = run(store, PROMO_Q_SESSION_ALLOW, &params, &result);
	if (r)
		return r;
	store->silence_ms = (int)(ms > PROMO_PG_SILENCE_PATIENT_MS ? PROMO_PG_SILENCE_PATIENT_MS
								   : ms + PROMO_PG_SILENCE_MS);
	return 0;
}

/* Back to the savepoint also where it was in time: that is what puts the time of other statements back.
 * *ret stays NULL where it was not. */
static int run_within(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, int64_t ms, PGresult **ret)
{
	int r;

	assert(store->in_transaction);
	r = promo_pg_command(store, "SAVEPOINT hurried", PROMO_PG_READING);
	if (!r)
		r = promo_store_allow_ms(store, ms);
	if (!r)
		r = run_to_end(store, query, params, /* may_be_late= */ true, ret);
	if (!r)
		r = promo_pg_command(
			store, "ROLLBACK TO hurried; RELEASE hurried", PROMO_PG_READING);
	return r;
}

int promo_store_one_within(struct promo_store *store, struct promo_arena *arena,
	enum promo_query query, const struct promo_params *params, int64_t ms, void *ret_row,
	bool *ret_in_time)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	bool found = false;
	int r;

	r = run_within(store, query, params, ms, &result);
	if (!r && result)
		r = read_one(store, query, result, arena, ret_row, &found);
	if (r)
		return r;
	if (result && !found)
		return PROMO_E_NOT_FOUND;
	*ret_in_time = found;
	return 0;
}

int promo_store_all_within(struct promo_store *store, struct promo_arena *arena,
	enum promo_query query, const struct promo_params *params, int64_t ms,
	struct promo_objects *ret, bool *ret_in_time)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	int r;

	r = run_within(store, query, params, ms, &result);
	if (!r && result)
		r = promo_pg_rows(store, query, result, arena, ret);
	if (!r)
		*ret_in_time = result != NULL;
	return r;
}

void promo_pg_give_up_reading(struct promo_store *store)
{
	PGcancel *cancel = PQgetCancel(store->conn);
	char error[256], *line;

	if (cancel && !PQcancel(cancel, error, sizeof(error)))
		(void)shutdown(PQsocket(store->conn), SHUT_RDWR);
	PQfreeCancel(cancel);
	while (PQgetCopyData(store->conn, &line, /* async= */ 0) > 0)
		PQfreemem(line);
	for (PGresult *rest; (rest = promo_pg_next(store));)
		PQclear(rest);
}

static int hand_over(const PGresult *result, promo_row_fn *row, void *context)
{
	enum {
		COLUMNS_MAX = 64
	};
	const char *values[COLUMNS_MAX];
	int columns = PQnfields(result);

	if (columns > COLUMNS_MAX)
		return promo_fault(-EPROTO, "a row of %d columns is too wide", columns);
	for (int i = 0; i < columns; i++)
		values[i] = PQgetisnull(result, 0, i) ? NULL : PQgetvalue(result, 0, i);
	return row(context, columns, values);
}

int promo_store_each(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, promo_row_fn *row, void *context)
{
	const struct promo_statement *statement = &promo_statements[query];
	int r;

	promo_pg_forget_failure(store);
	r = promo_pg_check_params(query, params);
	if (!r)
		r = promo_pg_send(store, query, params);
	if (r)
		return r;
	if (!PQsetSingleRowMode(store->conn))
		return promo_pg_judge_send(store, statement->name, PROMO_PG_READING);
	for (;;) {
		PROMO_CLEANUP(promo_pg_clear) PGresult *result = promo_pg_next(store);

		if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
			r = hand_over(result, row, context);
			if (!r)
				continue;
			promo_pg_give_up_reading(store);
			return r;
		}
		if (promo_pg_is_stale(result))
			forget_one(&store->prepared[query]);
		r = promo_pg_judge(store, result, statement->name, PROMO_PG_READING);
		while (store->conn) {
			PROMO_CLEANUP(promo_pg_clear) PGresult *rest = promo_pg_next(store);

			if (!rest)
				break;
		}
		return r;
	}
}
