/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/store/pg.h"
#include "libpromo/store/pipeline.h"

/*
 * The inside of a pipeline, shared by two files: pipeline_connect.c connects it and prepares its
 * statements, pipeline.c carries groups. What is prepared after connecting goes as a group too: the
 * same statements up to a Sync, with the same answers.
 */

struct promo_pipeline_call {
	enum promo_query query;
	const struct promo_params *params; /* until it is sent */
	PGresult *result;
};

struct promo_pipeline {
	struct promo_store store;
	const enum promo_query *statements;
	enum promo_pipeline_state state;
	PostgresPollingStatusType wanted; /* by libpq, while it connects */
	bool preparing;                   /* connected, the statements are under way */
	bool unsent;                      /* libpq still holds some of what was sent */
	bool writes;
	bool stale;   /* a statement has to be prepared again */
	bool nothing; /* libpq said so: the answers to one statement are complete */
	unsigned generation, watch_version;
	int failures; /* to connect, in a row */
	int silence_ms;
	int64_t deadline_ms;
	int result;
	size_t count, answered;
	struct promo_pipeline_call calls[PROMO_PIPELINE_MAX];
};

/* No group, no results, no failure. */
void promo_pipeline_forget(struct promo_pipeline *pipeline);
bool promo_pipeline_connected(const struct promo_pipeline *pipeline);
void promo_pipeline_disconnect(struct promo_pipeline *pipeline);
/* Down until the next attempt: after a loss at once, after failed ones later and later. */
void promo_pipeline_go_down(struct promo_pipeline *pipeline);

/* Begins to connect; a fault if that is not possible at all. */
int promo_pipeline_connect(struct promo_pipeline *pipeline);
/* While CONNECTING, until it is `preparing`. */
void promo_pipeline_go_on_connecting(struct promo_pipeline *pipeline);
/* The statements are prepared, or could not be (pipeline->result): IDLE or DOWN. */
void promo_pipeline_prepared(struct promo_pipeline *pipeline);
/* What was sent is on its way: the server has silence_ms from now. */
void promo_pipeline_expect_answer(struct promo_pipeline *pipeline);
