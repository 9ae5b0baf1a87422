/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "libpromo/model/field.h"
#include "libpromo/store/cells.h"
#include "libpromo/store/statements.h" /* generated from sql/query: enum promo_query */

/*
 * One connection to PostgreSQL, used by one thread at a time, and the one way to run a statement.
 * The text of every statement stands in sql/query/<noun>_<verb>.sql; its header names its
 * parameters and the schema of its rows, and promo_store_check() holds both against the database.
 * Statements are prepared when first used (or never: pgbouncer), so a new connection costs nothing.
 *
 * Transactions are begun and ended in ops/run.c and in the job engine, nowhere else.
 */

PROMO_BEGIN_DECLS

struct promo_store;

struct promo_store_config {
	const char *uri;     /* PostgreSQL connection string */
	bool no_prepare;     /* for a pooler in transaction mode */
	bool no_skip_locked; /* for an engine that lacks it: statements wait instead */
	bool patient;        /* for jobs and migrations: no statement_timeout */
};

/* Opens a connection (bounded by connect_timeout, 3 s unless the URI says more). PROMO_E_UNAVAILABLE
 * if the server cannot be reached; it is logged. */
int promo_store_open(const struct promo_store_config *config, struct promo_store **ret) PROMO_CHECK;
void promo_store_close(struct promo_store *store); /* NULL is fine */
/* After a lost connection: connects again. PROMO_E_UNAVAILABLE as above. */
int promo_store_reopen(struct promo_store *store) PROMO_CHECK;

/* Why the last call did not work, beside its result: what the runner decides by. */
enum promo_store_failure {
	PROMO_STORE_FINE = 0,
	PROMO_STORE_RETRY,   /* conflict, deadlock, lock, overtaken: run the transaction again */
	PROMO_STORE_LOST,    /* the connection is gone; nothing of the transaction was committed */
	PROMO_STORE_UNKNOWN, /* it went while COMMIT was under way: nobody knows */
	PROMO_STORE_FULL,    /* 53xxx, 57014: disk, memory, connections or time used up: 503 */
	PROMO_STORE_FAULT,   /* anything else: logged */
};
enum promo_store_failure promo_store_failure(const struct promo_store *store);
/* The constraint that the last call violated, NULL if it was none. With PROMO_STORE_RETRY: somebody
 * else was faster (store/constraints.c says which constraints mean that). */
const char *promo_store_constraint(const struct promo_store *store);

int promo_store_begin(struct promo_store *store) PROMO_CHECK;
/* Begins one that only reads, and all of it from one snapshot; for exports, which may take long. */
int promo_store_begin_snapshot(struct promo_store *store) PROMO_CHECK;
int promo_store_commit(struct promo_store *store) PROMO_CHECK;
void promo_store_rollback(struct promo_store *store); /* also where nothing was begun */
/* How long each statement of this transaction may take (else 5 s), for long reads and jobs. */
int promo_store_allow_ms(struct promo_store *store, int64_t ms) PROMO_CHECK;

/* Parameters, in the order of $1, $2, ... Values are copied into the arena; NULL is null. An
 * out-of-memory is remembered and returned by the call that uses them. */
enum {
	PROMO_PARAMS_MAX = 32
};
struct promo_params {
	struct promo_arena *arena;
	const char *values[PROMO_PARAMS_MAX];
	int count;
	bool failed;
};
#define PROMO_PARAMS(a) ((struct promo_params){ .arena = (a) })
void promo_param_text(struct promo_params *params, const char *value);
void promo_param_int(struct promo_params *params, int64_t value); /* PROMO_NULL_INT: null */
void promo_param_bool(struct promo_params *params, bool value);
void promo_param_null(struct promo_params *params);
void promo_param_money(struct promo_params *params, int64_t minor); /* PROMO_NULL_INT: null */
void promo_param_time(struct promo_params *params, int64_t ms);     /* 0: null */
void promo_param_bytes(struct promo_params *params, const void *bytes, size_t size);
void promo_param_texts(struct promo_params *params, struct promo_texts texts); /* text[] */
/* The same, but null where there are none: for filters `($3::text[] IS NULL OR ...)`. */
void promo_param_texts_or_null(struct promo_params *params, struct promo_texts texts);

/* Runs a statement. A violated constraint that store/constraints.c knows is the error it stands
 * for; everything else is a fault, or -EAGAIN/-EPIPE with promo_store_failure() saying which. */
int promo_store_exec(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, int64_t *ret_affected) PROMO_CHECK; /* may be NULL */
/* Exactly one row, into the struct of the statement's schema; PROMO_E_NOT_FOUND without one. */
int promo_store_one(struct promo_store *store, struct promo_arena *arena, enum promo_query query,
	const struct promo_params *params, void *ret_row) PROMO_CHECK;
/* One row or none: *ret_found tells. */
int promo_store_find(struct promo_store *store, struct promo_arena *arena, enum promo_query query,
	const struct promo_params *params, void *ret_row, bool *ret_found) PROMO_CHECK;
/* promo_store_one() that may take so long and no longer: *ret_in_time tells whether there is a row. Of what
 * only reads, in a transaction, which goes on in any case. */
int promo_store_one_within(struct promo_store *store, struct promo_arena *arena,
	enum promo_query query, const struct promo_params *params, int64_t ms, void *ret_row,
	bool *ret_in_time) PROMO_CHECK;
/* All rows, as an array of the statement's structs in the arena. */
int promo_store_all(struct promo_store *store, struct promo_arena *arena, enum promo_query query,
	const struct promo_params *params, struct promo_objects *ret) PROMO_CHECK;
/* The same within so long, as promo_store_one_within(); *ret is set where it was in time. */
int promo_store_all_within(struct promo_store *store, struct promo_arena *arena,
	enum promo_query query, const struct promo_params *params, int64_t ms,
	struct promo_objects *ret, bool *ret_in_time) PROMO_CHECK;

/* COPY ... FROM STDIN (binary), one statement file; write() as often as wanted, then finish(),
 * which reports a violated constraint. end(), before finish() or not at all, says that all is
 * written and does not wait: what the server has to do at the end, such as its checks of foreign
 * keys, goes on meanwhile. Inside a transaction. */
int promo_store_copy_in(struct promo_store *store, enum promo_query query) PROMO_CHECK;
int promo_store_copy_write(struct promo_store *store, const void *bytes, size_t size) PROMO_CHECK;
int promo_store_copy_end(struct promo_store *store) PROMO_CHECK;
int promo_store_copy_finish(struct promo_store *store, int64_t *ret_rows) PROMO_CHECK;
/* Runs a statement row by row, in constant memory: each row's columns are handed to `row` as text
 * (NULL: null). A result other than 0 from `row` ends it and is returned. */
typedef int promo_row_fn(void *context, int columns, const char *const *values);
int promo_store_each(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, promo_row_fn *row, void *context) PROMO_CHECK;
/* The same for a statement COPY (SELECT ...) TO STDOUT (FORMAT binary), which takes a quarter of the
 * CPU of the rows of a SELECT; its columns are read with store/cells.h. At most 6 parameters, an empty
 * text is null there. Inside a transaction. */
typedef int promo_cells_fn(void *context, int columns, const struct promo_cell *cells);
int promo_store_copy_out(struct promo_store *store, enum promo_query query,
	const struct promo_params *params, promo_cells_fn *row, void *context) PROMO_CHECK;

/* News between processes, on the one channel that there is. A connection that listens does nothing
 * else in a transaction meanwhile. Not every engine has this, and no pooler in transaction mode: the
 * calls fail there. */
int promo_store_listen(struct promo_store *store) PROMO_CHECK;
int promo_store_notify(struct promo_store *store) PROMO_CHECK;
/* Waits for news of others, for something to read at wake_fd, or for at most timeout_ms. */
int promo_store_await(
	struct promo_store *store, int wake_fd, int timeout_ms, bool *ret_heard) PROMO_CHECK;

/* Describes every statement on this connection and compares parameters and columns with what the
 * files and the schemas say. Each difference is logged; a fault if there is one. */
int promo_store_check(struct promo_store *store) PROMO_CHECK;

/* Pings: SELECT 1, bounded. */
int promo_store_ping(struct promo_store *store) PROMO_CHECK;

PROMO_END_DECLS
