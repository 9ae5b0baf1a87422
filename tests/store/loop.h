/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/store/pipeline.h"
#include "tests/store/fixture.h"

/*
 * An event loop as a lane's thread has it: it waits for what the pipeline asks for and for nothing
 * else, and tells epoll only of what is new. Whatever takes longer than PATIENCE_MS fails the test.
 */

enum {
	PATIENCE_MS = 30000
};

struct loop {
	struct promo_pipeline *pipeline;
	int epoll;
	unsigned version; /* of what it watches, and with which interest */
	uint32_t events;
};

/* With the statements of migrations where the configuration names none. */
struct loop open_like(const struct promo_pipeline_config *config);
struct loop open_plain(const struct fixture *fixture);
/* Its statements wait as long as the test wants them to, on a machine that is busy too. */
struct loop open_patient(const struct fixture *fixture);
void close_loop(struct loop *loop);

void turn(struct loop *loop);
void run_until(struct loop *loop, enum promo_pipeline_state state);

/* Adds a MIGRATION_INSERT of this name. */
void add_insert(struct fixture *fixture, const struct loop *loop, const char *name);
void add_list(const struct loop *loop);
/* Once it is idle, a group of one statement is on its way. */
void begin_insert(struct fixture *fixture, struct loop *loop, const char *name);
void begin_list(struct loop *loop);
/* The group ends so; <0 stands for any fault. */
void assert_ends(struct loop *loop, int result, enum promo_store_failure failure);
/* How many rows a statement of the group gave. */
size_t count_rows(const struct fixture *fixture, const struct loop *loop, size_t index);

/* How many rows of this name are in the database. */
int64_t count_named(const struct fixture *fixture, const char *name);
/* After whatever happened it takes a group and carries it out, on this many-th connection. */
void assert_works(struct fixture *fixture, struct loop *loop, unsigned generation);
/* Waits until a connection to the database is in this state of pg_stat_activity. */
void await(const struct fixture *fixture, const char *condition);
