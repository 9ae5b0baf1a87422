/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/store/constraints.h"
#include "libpromo/store/pg.h"

/*
 * What a bad answer means. The state of the connection is asked first and the SQLSTATE second,
 * since a backend that was killed leaves a result without one. The text of an error may hold data
 * of people (class 22 quotes the value, details quote the key), so those parts are never logged.
 */

static void fail(struct promo_store *store, enum promo_store_failure failure)
{
	store->failure = failure;
}

/* Nobody knows what became of it if it may have been committing when the connection went. Without
 * a connection there is nothing that could have been. */
static int lost(struct promo_store *store, const char *name, enum promo_pg_stage stage)
{
	bool unknown =
		store->conn && (stage == PROMO_PG_COMMITTING ||
				       (stage == PROMO_PG_WRITING && !store->in_transaction));

	/* Also where the server only said that it will go: what follows begins anew. */
	PQfinish(store->conn);
	store->conn = NULL;
	store->in_transaction = false;
	store->copying = false;
	store->copied = false;
	fail(store, unknown ? PROMO_STORE_UNKNOWN : PROMO_STORE_LOST);
	promo_log(PROMO_LOG_WARNING, "the connection to the database was lost during \"%s\"%s",
		name, unknown ? ", whether it was committed is not known" : "");
	return -EPIPE;
}

static bool in_class(const char *state, const char *class)
{
	return strncmp(state, class, strlen(class)) == 0;
}

static bool is_one_of(const char *state, const char *const *states)
{
	for (; *states; states++)
		if (strcmp(state, *states) == 0)
			return true;
	return false;
}

/* Serialization failure, deadlock, lock not available; a statement that has to be prepared again,
 * which in a transaction only the next attempt can do; a table or role that another migrator made. */
static const char *const retry_states[] = { "40001", "40P01", "55P03", "26000", "0A000", "42P07",
	"42710", NULL };
/* The server ends the session; 25006: it is a standby now, another host is the primary; 25P03: we
 * were idle in a transaction for too long; 40003: a distributed engine lost a node while it
 * committed and does not know either. */
static const char *const lost_states[] = { "57P01", "57P02", "57P03", "57P04", "57P05", "25006",
	"25P03", "40003", NULL };

/* FATAL and PANIC end the session, whatever their SQLSTATE: a server that panics over a full disk
 * while it writes a commit may find that commit again when it recovers. */
static bool ends_session(const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static int violated(
	struct promo_store *store, const PGresult *result, const char *name, const char *state)
{
	const char *violated_name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	const struct promo_constraint *constraint;

	if (!violated_name)
		violated_name =
			promo_constraint_of_parts(PQresultErrorField(result, PG_DIAG_TABLE_NAME));

	strncat(store->constraint, violated_name ? violated_name : "",
		sizeof(store->constraint) - 1);
	constraint = promo_constraint_find(store->constraint);
	if (!constraint) {
		fail(store, PROMO_STORE_FAULT);
		return promo_fault(-EIO, "statement \"%s\" violates \"%s\" (%s)", name,
			store->constraint, state);
	}
	if (constraint->error)
		return constraint->error;
	fail(store, PROMO_STORE_RETRY);
	return -EAGAIN;
}

static int refused(struct promo_store *store, const PGresult *result, const char *name,
	enum promo_pg_stage stage)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	/* Without a state it is libpq that speaks: for lack of memory it may have dropped what the server
	 * said, and whoever does not know where he stands has to begin anew. */
	if (!state)
		return lost(store, name, stage);
	if (in_class(state, "08") || is_one_of(state, lost_states) || ends_session(result))
		return lost(store, name, stage);
	if (is_one_of(state, retry_states)) {
		fail(store, PROMO_STORE_RETRY);
		promo_log(
			PROMO_LOG_DEBUG, "statement \"%s\" is to be tried again (%s)", name, state);
		return -EAGAIN;
	}
	if (in_class(state, "23"))
		return violated(store, result, name, state);
	message = message && !in_class(state, "22") ? message : "";
	if (in_class(state, "53") || strcmp(state, "57014") == 0) {
		fail(store, PROMO_STORE_FULL);
		return promo_fault(-ENOSPC, "the database could not run \"%s\": %s (%s)", name,
			message, state);
	}
	fail(store, PROMO_STORE_FAULT);
	return promo_fault(-EIO, "statement \"%s\" failed: %s (%s)", name, message, state);
}

int promo_pg_judge(struct promo_store *store, const PGresult *result, const char *name,
	enum promo_pg_stage stage)
{
	/* No result at all: there was no memory for it. */
	if (!store->conn || PQstatus(store->conn) == CONNECTION_BAD || !result)
		return lost(store, name, stage);
	switch (PQresultStatus(result)) {
	case PGRES_EMPTY_QUERY:
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
		if (!store->replica_missed)
			return 0;
		fail(store, PROMO_STORE_UNKNOWN);
		return promo_fault(-EPIPE, "a synchronous standby did not confirm \"%s\"", name);
	case PGRES_COPY_BOTH:
	case PGRES_BAD_RESPONSE:
	case PGRES_NONFATAL_ERROR:
	case PGRES_FATAL_ERROR:
	case PGRES_PIPELINE_SYNC:
	case PGRES_PIPELINE_ABORTED:
		break;
	}
	return refused(store, result, name, stage);
}

int promo_pg_judge_send(struct promo_store *store, const char *name, enum promo_pg_stage stage)
{
	if (!store->conn || PQstatus(store->conn) == CONNECTION_BAD || stage == PROMO_PG_COMMITTING)
		return lost(store, name, stage);
	fail(store, PROMO_STORE_FAULT);
	return promo_fault(-EIO, "could not send \"%s\" to the database", name);
}

void promo_pg_forget_failure(struct promo_store *store)
{
	store->failure = PROMO_STORE_FINE;
	store->constraint[0] = '\0';
	store->replica_missed = false;
}

enum promo_store_failure promo_store_failure(const struct promo_store *store)
{
	return store->failure;
}

const char *promo_store_constraint(const struct promo_store *store)
{
	return store->constraint[0] ? store->constraint : NULL;
}
