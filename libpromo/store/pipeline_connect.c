/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/store/pipeline_inside.h"

/* Connecting without waiting, and again after every loss. */

enum {
	CONNECT_MS = 3000,
	BACKOFF_MS = 100,
	BACKOFF_MAX_MS = 2000,
	BACKOFF_STEPS = 6,
};

void promo_pipeline_forget(struct promo_pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++)
		promo_pg_clear(&pipeline->calls[i].result);
	pipeline->count = pipeline->answered = 0;
	pipeline->result = 0;
	pipeline->stale = pipeline->nothing = false;
	promo_pg_forget_failure(&pipeline->store);
}

void promo_pipeline_disconnect(struct promo_pipeline *pipeline)
{
	PQfinish(pipeline->store.conn);
	pipeline->store.conn = NULL;
	pipeline->unsent = false;
	pipeline->watch_version++;
}

bool promo_pipeline_connected(const struct promo_pipeline *pipeline)
{
	return pipeline->store.conn && PQstatus(pipeline->store.conn) != CONNECTION_BAD;
}

/* Down until the next attempt, which after a loss is made at once. */
void promo_pipeline_go_down(struct promo_pipeline *pipeline)
{
	int64_t wait_ms = 0;

	if (pipeline->failures > 0)
		wait_ms = (int64_t)BACKOFF_MS << (pipeline->failures - 1);
	if (wait_ms > BACKOFF_MAX_MS)
		wait_ms = BACKOFF_MAX_MS;
	promo_pipeline_disconnect(pipeline);
	promo_pipeline_forget(pipeline);
	pipeline->preparing = false;
	pipeline->state = PROMO_PIPELINE_DOWN;
	pipeline->deadline_ms = promo_monotonic_ms() + wait_ms;
}

/* Said once, not with every attempt. */
static void connecting_failed(struct promo_pipeline *pipeline, const char *why)
{
	promo_log(pipeline->failures == 0 ? PROMO_LOG_ERROR : PROMO_LOG_DEBUG,
		"could not connect to the database: %s", why);
	if (pipeline->failures < BACKOFF_STEPS)
		pipeline->failures++;
	promo_pipeline_go_down(pipeline);
}

static void become_idle(struct promo_pipeline *pipeline)
{
	promo_pipeline_forget(pipeline);
	pipeline->preparing = false;
	pipeline->failures = 0;
	pipeline->generation++;
	pipeline->state = PROMO_PIPELINE_IDLE;
	pipeline->deadline_ms = INT64_MAX;
}

void promo_pipeline_expect_answer(struct promo_pipeline *pipeline)
{
	pipeline->unsent = PQflush(pipeline->store.conn) > 0;
	pipeline->deadline_ms = promo_monotonic_ms() + pipeline->silence_ms;
}

static int send_preparations(struct promo_pipeline *pipeline)
{
	struct promo_store *store = &pipeline->store;
	int r;

	for (const enum promo_query *query = pipeline->statements; *query != PROMO_Q_COUNT;
		query++) {
		if (store->no_prepare || promo_statements[*query].planned_anew)
			continue;
		r = promo_pg_send_prepare(store, *query);
		if (r)
			return r;
		store->prepared[*query].ready = true;
		pipeline->calls[pipeline->count++].query = *query;
	}
	return 0;
}

static void begin_preparing(struct promo_pipeline *pipeline)
{
	PGconn *connection = pipeline->store.conn;

	if (PQsetnonblocking(connection, 1) || !PQenterPipelineMode(connection) ||
		send_preparations(pipeline)) {
		connecting_failed(pipeline, "its statements could not be prepared");
		return;
	}
	if (pipeline->count == 0) {
		become_idle(pipeline);
		return;
	}
	if (!PQpipelineSync(connection)) {
		connecting_failed(pipeline, PQerrorMessage(connection));
		return;
	}
	pipeline->preparing = true;
	pipeline->writes = false;
	promo_pipeline_expect_answer(pipeline);
}

/* PQconnectPoll() itself knows no timeout. */
static int64_t connect_ms(PGconn *connection)
{
	PQconninfoOption *options = PQconninfo(connection);
	int64_t ms = 0;

	for (const PQconninfoOption *option = options; option && option->keyword; option++)
		if (strcmp(option->keyword, "connect_timeout") == 0 && option->val)
			ms = 1000 * strtol(option->val, NULL, 10);
	PQconninfoFree(options);
	return ms > 0 ? ms : CONNECT_MS;
}

int promo_pipeline_connect(struct promo_pipeline *pipeline)
{
	int r;

	promo_pg_forget_prepared(&pipeline->store);
	promo_pg_forget_failure(&pipeline->store);
	pipeline->state = PROMO_PIPELINE_CONNECTING;
	pipeline->watch_version++;
	r = promo_pg_connect(&pipeline->store, PQconnectStartParams);
	if (r) {
		connecting_failed(pipeline, "it could not even be begun");
		return r;
	}
	if (PQstatus(pipeline->store.conn) == CONNECTION_BAD) {
		connecting_failed(pipeline, PQerrorMessage(pipeline->store.conn));
		return 0;
	}
	pipeline->wanted = PGRES_POLLING_WRITING;
	pipeline->deadline_ms = promo_monotonic_ms() + connect_ms(pipeline->store.conn);
	return 0;
}

/* PQconnectPoll() believes that what it waited for has come: asked without need, it takes a socket
 * that is still connecting for one that is connected. */
static bool can_go_on(const struct promo_pipeline *pipeline)
{
	struct pollfd poller = { .fd = PQsocket(pipeline->store.conn),
		.events = pipeline->wanted == PGRES_POLLING_WRITING ? POLLOUT : POLLIN };

	return poll(&poller, 1, 0) > 0;
}

void promo_pipeline_go_on_connecting(struct promo_pipeline *pipeline)
{
	struct promo_store *store = &pipeline->store;

	while (can_go_on(pipeline)) {
		pipeline->wanted = PQconnectPoll(store->conn);
		pipeline->watch_version++;
		if (pipeline->wanted == PGRES_POLLING_OK) {
			begin_preparing(pipeline);
			return;
		}
		if (pipeline->wanted == PGRES_POLLING_FAILED) {
			connecting_failed(pipeline, PQerrorMessage(store->conn));
			return;
		}
	}
	if (promo_monotonic_ms() >= pipeline->deadline_ms) {
		store->turns++;
		connecting_failed(pipeline, "it did not answer in time");
	}
}

void promo_pipeline_prepared(struct promo_pipeline *pipeline)
{
	if (pipeline->result)
		connecting_failed(pipeline, "its statements could not be prepared");
	else
		become_idle(pipeline);
}
