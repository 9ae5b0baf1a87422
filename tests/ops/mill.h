/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/jobs.h"
#include "tests/ops/stock.h"

/* Batches that the job engine makes, for the tests of jobs. */

struct mill_batch {
	struct stock_id batch, job;
};

/* A batch by the operation; `more` are further members, each with a comma in front, or "". */
struct mill_batch mill_make(struct till *till, const struct person *admin, const char *name,
	int count, const char *more);

/* An engine of one thread. `coins`: every X of a code is one of two letters, so that a day has 1,024
 * codes. */
struct promo_jobs *mill_start(struct till *till, bool coins);
void mill_stop(struct promo_jobs *jobs);
/* Those that a test left behind which failed, and then the till that they work with. */
void mill_stop_all(void);
int mill_teardown(void **state);
/* One that is stopped when the job has ended. */
void mill_run(struct till *till, const struct mill_batch *made, bool coins);
/* An engine in a process of its own, which is killed at `done` codes or later. */
void mill_kill_at(struct till *till, const struct mill_batch *made, int done);

/* Lanes that have something to do all the time, as far as jobs can see. */
struct mill_rush;
struct mill_rush *mill_rush(struct till *till); /* idle so far */
void mill_rush_begin(struct mill_rush *rush);
void mill_rush_end(struct till *till, struct mill_rush *rush);
/* By how many statements the codes of the batch were stored that one transaction stored; -1: several. */
int mill_pieces(struct till *till, const struct mill_batch *made);

/* Until the condition, an SQL expression, holds; the test fails when it never does. */
void mill_wait_until(struct till *till, const char *condition, ...) PROMO_PRINTF(2, 3);
void mill_wait_for_end(struct till *till, const struct mill_batch *made);

void mill_assert_job(struct till *till, const struct mill_batch *made, const char *status);
/* Exactly `count` codes, their serials 1 to count, all ready, the batch active. */
void mill_assert_complete(struct till *till, const struct mill_batch *made, int count);
void mill_assert_gone(struct till *till, const struct mill_batch *made);
