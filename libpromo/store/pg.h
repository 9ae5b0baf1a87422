/* SPDX-License-Identifier: MIT */
#pragma once

#include <libpq-fe.h>

#include "libpromo/store/row.h"
#include "libpromo/store/statement.h"
#include "libpromo/store/store.h"

/*
 * The inside of a store, shared by the files that run statements. pg.c sends and waits, failure.c
 * says what a bad answer means, statement.c runs prepared statements, copy.c runs COPY. Only what is
 * declared here calls libpq.
 */

/* A statement on this connection. The version is part of its name there, so that one that has to
 * be prepared again needs no DEALLOCATE, which a failed transaction would refuse. */
struct promo_prepared {
	bool ready;
	unsigned version;
	struct promo_row_plan *plan; /* where its columns stand, NULL until the first rows */
};

struct promo_store {
	PGconn *conn;
	char *uri;
	bool no_prepare, no_skip_locked;
	bool patient;
	bool in_transaction;
	bool copying;
	bool copied;         /* its end was sent, its result not read */
	bool replica_missed; /* a notice said that a synchronous standby did not confirm */
	const char *options; /* of the session, behind the ordinary ones */
	unsigned turns;      /* by how many places the list of hosts is turned */
	int silence_ms;      /* how long an answer may stay away */
	enum promo_query copy;
	enum promo_store_failure failure;
	char constraint[64]; /* the violated one, "" if none */
	struct promo_prepared prepared[PROMO_Q_COUNT + 1];
};

enum {
	PROMO_PG_SILENCE_MS = 15000,          /* more than statement_timeout + lock_timeout */
	PROMO_PG_SILENCE_PATIENT_MS = 600000, /* migrations */
};

void promo_pg_clear(PGresult **result); /* for PROMO_CLEANUP */

/* Connects, or begins to, as PQconnectdbParams or PQconnectStartParams does; what became of it is
 * for the caller to look at. A fault if the URI is none. */
typedef PGconn *promo_pg_connect_fn(
	const char *const *names, const char *const *values, int expand);
int promo_pg_connect(struct promo_store *store, promo_pg_connect_fn *how);

/* How often PQconsumeInput() has to be called to have all that no poll() announces any more. */
int promo_pg_reads(PGconn *connection);
/* Waits for input and takes it; false once the connection is gone. As below, where it stays silent. */
bool promo_pg_receive(struct promo_store *store);
/* The next result of what was sent, NULL at its end. A server that stays silent for silence_ms is
 * cut off, which makes it a lost connection: a cancel would be wrong, since what is cancelled may
 * be committing (a statement that waits for a synchronous standby reports success when cancelled). */
PGresult *promo_pg_next(struct promo_store *store);
/* Stops a statement that only reads, and takes what is still on the way. */
void promo_pg_give_up_reading(struct promo_store *store);
/* All of what was sent: the first result that is bad, else the last. */
PGresult *promo_pg_finish(struct promo_store *store);

/* What a statement was for, since a loss means different things. */
enum promo_pg_stage {
	PROMO_PG_READING, /* nothing can have been committed by it */
	PROMO_PG_WRITING, /* outside a transaction it commits by itself */
	PROMO_PG_COMMITTING,
};

/* Commands of transaction control, by their text. */
int promo_pg_command(struct promo_store *store, const char *text, enum promo_pg_stage stage);

/* Decides what a result means: 0, an error of constraints.c, or a fault with store->failure set.
 * `name` is of the statement, for the log. */
int promo_pg_judge(struct promo_store *store, const PGresult *result, const char *name,
	enum promo_pg_stage stage);
/* The same for a call that failed before there was a result. */
int promo_pg_judge_send(struct promo_store *store, const char *name, enum promo_pg_stage stage);
void promo_pg_forget_failure(struct promo_store *store);

/* Whether the server lost a prepared statement, or its tables changed so that it has to be prepared
 * again. */
bool promo_pg_is_stale(const PGresult *result);
/* A fault unless they are as many as the statement has. */
int promo_pg_check_params(enum promo_query query, const struct promo_params *params);
/* Sends a statement, prepared or not; its answer is for the caller. */
int promo_pg_send(
	struct promo_store *store, enum promo_query query, const struct promo_params *params);
/* The rows of an answer as structs of the statement's schema, in the arena. */
int promo_pg_rows(struct promo_store *store, enum promo_query query, const PGresult *result,
	struct promo_arena *arena, struct promo_objects *ret);

/* Sends what prepares a statement; its answer is for the caller. */
int promo_pg_send_prepare(struct promo_store *store, enum promo_query query);
/* Makes sure that the statement is prepared on this connection. */
int promo_pg_prepare(struct promo_store *store, enum promo_query query);
enum {
	PROMO_PG_NAME_SIZE = 80
};
/* Its text, for the engine of this store. */
const char *promo_pg_text(const struct promo_store *store, const struct promo_statement *statement);
/* Its name there. */
void promo_pg_name(
	const struct promo_store *store, enum promo_query query, char ret[PROMO_PG_NAME_SIZE]);
/* Ends a COPY that will not be finished; its transaction has failed then. */
void promo_pg_abandon_copy(struct promo_store *store);
/* On this connection nothing is prepared any more. */
void promo_pg_forget_prepared(struct promo_store *store);
