/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/store/pipeline_inside.h"

/* A group on its way. One that failed is read up to its Sync as well, so that the next begins on a
 * clean connection. */

/* A group looks up rows by keys that it was given: whatever the statistics say while tables are new
 * or empty, an index is right, and a plan that was made once serves all. */
#define PLANNER_OPTIONS                                                                            \
	" -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"                    \
	" -c plan_cache_mode=force_generic_plan"

static const char *name_of_next(const struct promo_pipeline *pipeline)
{
	size_t i = pipeline->answered < pipeline->count ? pipeline->answered : pipeline->count - 1;

	return promo_statements[pipeline->calls[i].query].name;
}

/* The first failure of a group decides what became of it: after it the server ignores the rest. A
 * loss does so only where there was none. Results that came before a loss prove nothing, since only
 * the answer to the Sync says that it was committed; nor does a last message of the server's that
 * the session ends, as a pooler may have made it up. */
static void note_failure(struct promo_pipeline *pipeline, const PGresult *result)
{
	enum promo_pg_stage stage = pipeline->writes ? PROMO_PG_COMMITTING : PROMO_PG_READING;

	if (pipeline->result == 0) {
		pipeline->stale = promo_pg_is_stale(result);
		pipeline->result =
			promo_pg_judge(&pipeline->store, result, name_of_next(pipeline), stage);
	} else if (!promo_pipeline_connected(pipeline)) {
		promo_pipeline_disconnect(pipeline);
	}
}

static void end_group(struct promo_pipeline *pipeline)
{
	struct promo_store *store = &pipeline->store;

	if (pipeline->result == 0 && store->replica_missed) {
		pipeline->result =
			promo_fault(-EPIPE, "a synchronous standby did not confirm a group");
		store->failure = PROMO_STORE_UNKNOWN;
	}
	if (pipeline->preparing) {
		promo_pipeline_prepared(pipeline);
		return;
	}
	if (pipeline->stale)
		promo_pipeline_disconnect(pipeline);
	pipeline->state = PROMO_PIPELINE_DONE;
	pipeline->deadline_ms = INT64_MAX;
}

/* What libpq gives while it has something: results, NULL after those of each statement. True at the
 * end of the group. */
static bool take(struct promo_pipeline *pipeline, PGresult *result)
{
	struct promo_pipeline_call *call = &pipeline->calls[pipeline->answered];
	ExecStatusType status = PQresultStatus(result);
	bool twice = pipeline->nothing && !result;

	pipeline->nothing = !result;
	if (!result && !twice)
		return false;
	if (status == PGRES_PIPELINE_SYNC) {
		PQclear(result);
		return true;
	}
	if (pipeline->answered < pipeline->count &&
		(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)) {
		call->result = result;
		pipeline->answered++;
		return false;
	}
	if (status != PGRES_PIPELINE_ABORTED)
		note_failure(pipeline, result);
	pipeline->answered += pipeline->answered < pipeline->count;
	PQclear(result);
	if (twice)
		promo_pipeline_disconnect(pipeline);
	return !pipeline->store.conn;
}

/* Reads what there is, and takes it before more is read: at the end of the connection libpq forgets
 * what it still expects, be the answers there or not. */
static void read_answers(struct promo_pipeline *pipeline)
{
	PGconn *connection = pipeline->store.conn;

	for (int reads = promo_pg_reads(connection); reads > 0; reads--) {
		(void)PQconsumeInput(connection);
		pipeline->unsent = PQflush(connection) > 0;
		while (!PQisBusy(connection)) {
			if (take(pipeline, PQgetResult(connection))) {
				end_group(pipeline);
				return;
			}
			pipeline->deadline_ms = promo_monotonic_ms() + pipeline->silence_ms;
		}
	}
}

static bool is_under_way(const struct promo_pipeline *pipeline)
{
	return pipeline->preparing || pipeline->state == PROMO_PIPELINE_BUSY;
}

/* A server that stays silent is cut off, never asked to cancel: what is cancelled may be committing,
 * and while it waits for a synchronous standby it would report success. */
static void go_on_reading(struct promo_pipeline *pipeline)
{
	read_answers(pipeline);
	if (!is_under_way(pipeline) || promo_monotonic_ms() < pipeline->deadline_ms)
		return;
	promo_log(PROMO_LOG_WARNING, "the database is silent, the connection is cut");
	(void)shutdown(PQsocket(pipeline->store.conn), SHUT_RDWR);
	while (is_under_way(pipeline))
		read_answers(pipeline);
}

/* Nothing is expected, but the server may say that it goes. While it connects, what comes in must not
 * be read here: PQconnectPoll() would be called no more, as nothing is left to be read. */
static void listen_idly(struct promo_pipeline *pipeline)
{
	if (pipeline->state != PROMO_PIPELINE_IDLE)
		return;
	(void)PQconsumeInput(pipeline->store.conn);
	(void)PQisBusy(pipeline->store.conn);
	if (!promo_pipeline_connected(pipeline)) {
		promo_log(PROMO_LOG_WARNING, "an idle connection to the database was lost");
		promo_pipeline_go_down(pipeline);
	}
}

enum promo_pipeline_state promo_pipeline_work(struct promo_pipeline *pipeline)
{
	if (pipeline->state == PROMO_PIPELINE_DOWN && promo_monotonic_ms() >= pipeline->deadline_ms)
		(void)promo_pipeline_connect(pipeline);
	if (pipeline->state == PROMO_PIPELINE_CONNECTING && !pipeline->preparing)
		promo_pipeline_go_on_connecting(pipeline);
	if (is_under_way(pipeline))
		go_on_reading(pipeline);
	else
		listen_idly(pipeline);
	return pipeline->state;
}

/* Whether every statement can travel in a group. */
static int check_statements(const enum promo_query *statements)
{
	for (size_t i = 0; statements[i] != PROMO_Q_COUNT; i++) {
		const struct promo_statement *statement = &promo_statements[statements[i]];

		if (i == PROMO_PIPELINE_MAX || strncmp(statement->text, "COPY ", 5) == 0)
			return promo_fault(
				-EINVAL, "\"%s\" cannot go in a pipeline", statement->name);
	}
	return 0;
}

int promo_pipeline_new(const struct promo_pipeline_config *config, struct promo_pipeline **ret)
{
	struct promo_pipeline *pipeline;
	int r;

	r = check_statements(config->statements);
	if (r)
		return r;
	pipeline = calloc(1, sizeof(*pipeline));
	if (!pipeline)
		return promo_fault(-ENOMEM, "no memory for a connection to the database");
	pipeline->store.uri = strdup(config->uri);
	if (!pipeline->store.uri) {
		promo_pipeline_free(pipeline);
		return promo_fault(-ENOMEM, "no memory for a connection to the database");
	}
	pipeline->store.no_prepare = config->no_prepare;
	pipeline->store.options = PLANNER_OPTIONS;
	pipeline->statements = config->statements;
	pipeline->silence_ms = config->silence_ms > 0 ? config->silence_ms : PROMO_PG_SILENCE_MS;
	r = promo_pipeline_connect(pipeline);
	if (r) {
		promo_pipeline_free(pipeline);
		return r;
	}
	*ret = pipeline;
	return 0;
}

void promo_pipeline_free(struct promo_pipeline *pipeline)
{
	if (!pipeline)
		return;
	promo_pipeline_forget(pipeline);
	promo_pipeline_disconnect(pipeline);
	promo_pg_forget_prepared(&pipeline->store);
	free(pipeline->store.uri);
	free(pipeline);
}

int promo_pipeline_fd(const struct promo_pipeline *pipeline)
{
	return PQsocket(pipeline->store.conn);
}

bool promo_pipeline_wants_write(const struct promo_pipeline *pipeline)
{
	if (pipeline->state == PROMO_PIPELINE_CONNECTING && !pipeline->preparing)
		return pipeline->wanted == PGRES_POLLING_WRITING;
	return pipeline->unsent;
}

unsigned promo_pipeline_watch_version(const struct promo_pipeline *pipeline)
{
	return pipeline->watch_version;
}

int64_t promo_pipeline_deadline_ms(const struct promo_pipeline *pipeline)
{
	return pipeline->deadline_ms;
}

enum promo_pipeline_state promo_pipeline_state(const struct promo_pipeline *pipeline)
{
	return pipeline->state;
}

unsigned promo_pipeline_generation(const struct promo_pipeline *pipeline)
{
	return pipeline->generation;
}

/* Over before it was under way. */
static int end_early(struct promo_pipeline *pipeline, int r)
{
	pipeline->result = r;
	if (pipeline->store.failure == PROMO_STORE_FINE)
		pipeline->store.failure = PROMO_STORE_FAULT;
	end_group(pipeline);
	return r;
}

static bool is_listed(const struct promo_pipeline *pipeline, enum promo_query query)
{
	const enum promo_query *statement = pipeline->statements;

	while (*statement != PROMO_Q_COUNT && *statement != query)
		statement++;
	return *statement == query && query != PROMO_Q_COUNT;
}

int promo_pipeline_add(
	struct promo_pipeline *pipeline, enum promo_query query, const struct promo_params *params)
{
	int r;

	if (pipeline->state != PROMO_PIPELINE_IDLE)
		return promo_fault(-EINVAL, "a pipeline that is not idle takes no statement");
	if (pipeline->count == PROMO_PIPELINE_MAX)
		return end_early(pipeline, promo_fault(-EINVAL, "a group has no room for \"%s\"",
						   promo_statements[query].name));
	if (!is_listed(pipeline, query))
		return end_early(pipeline,
			promo_fault(-EINVAL, "\"%s\" is not among the statements of the pipeline",
				promo_statements[query].name));
	r = promo_pg_check_params(query, params);
	if (r)
		return end_early(pipeline, r);
	pipeline->calls[pipeline->count++] =
		(struct promo_pipeline_call){ .query = query, .params = params };
	return 0;
}

int promo_pipeline_send(struct promo_pipeline *pipeline, bool writes)
{
	struct promo_store *store = &pipeline->store;
	int r = 0;

	if (pipeline->state != PROMO_PIPELINE_IDLE || pipeline->count == 0)
		return promo_fault(-EINVAL, "a pipeline was to send nothing, or while busy");
	pipeline->writes = writes;
	/* Until its Sync goes it cannot be committed, whatever the statements are. */
	store->in_transaction = true;
	for (size_t i = 0; i < pipeline->count && r == 0; i++)
		r = promo_pg_send(store, pipeline->calls[i].query, pipeline->calls[i].params);
	store->in_transaction = false;
	if (r == 0 && !PQpipelineSync(store->conn))
		r = promo_pg_judge_send(
			store, "Sync", writes ? PROMO_PG_COMMITTING : PROMO_PG_READING);
	if (r) {
		promo_pipeline_disconnect(
			pipeline); /* half a group must not be followed by another */
		return end_early(pipeline, r);
	}
	pipeline->state = PROMO_PIPELINE_BUSY;
	promo_pipeline_expect_answer(pipeline);
	return 0;
}

int promo_pipeline_result(const struct promo_pipeline *pipeline)
{
	return pipeline->result;
}

enum promo_store_failure promo_pipeline_failure(const struct promo_pipeline *pipeline)
{
	return pipeline->store.failure;
}

int promo_pipeline_rows(struct promo_pipeline *pipeline, size_t index, struct promo_arena *arena,
	struct promo_objects *ret)
{
	const struct promo_pipeline_call *call = &pipeline->calls[index];

	if (pipeline->state != PROMO_PIPELINE_DONE || pipeline->result || index >= pipeline->count)
		return promo_fault(-EINVAL, "rows were asked for that no statement gave");
	return promo_pg_rows(&pipeline->store, call->query, call->result, arena, ret);
}

enum promo_pipeline_state promo_pipeline_clear(struct promo_pipeline *pipeline)
{
	switch (pipeline->state) {
	case PROMO_PIPELINE_DONE:
		if (!promo_pipeline_connected(pipeline)) {
			promo_pipeline_go_down(pipeline);
			break;
		}
		pipeline->state = PROMO_PIPELINE_IDLE;
		promo_pipeline_forget(pipeline);
		break;
	case PROMO_PIPELINE_IDLE:
		promo_pipeline_forget(pipeline);
		break;
	case PROMO_PIPELINE_DOWN:
	case PROMO_PIPELINE_CONNECTING:
	case PROMO_PIPELINE_BUSY:
		break;
	}
	return pipeline->state;
}
