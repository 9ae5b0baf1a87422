/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/lib/cutter.h"
#include "tests/ops/desk.h"

/*
 * Where one request at a time is broken at every place there is: a clerk at a till, in a worker or in
 * front of lanes, on a database of its own.
 */

struct scene {
	struct till *till;
	struct cutter *cutter; /* between the till and the database; NULL: nothing is */
	struct desk *desk;     /* in front of the till; NULL: there are no lanes */
	struct person clerk;
	char batch; /* the letter of the last one */
};

struct scene *scene_new(bool cut, bool lanes);
/* A group's teardown: *state is a scene. */
int scene_teardown(void **state);

/* By a lane where there are some, else by the runner. The answer is in the till. */
int scene_ask(struct scene *scene, const struct ask *ask);

/* Verifies the code with this serial of the last batch, so that everything is there that is made once and
 * kept, a connection and a lane that is ready among it: what counts then is the next request alone. */
void scene_get_ready(struct scene *scene, int serial);
