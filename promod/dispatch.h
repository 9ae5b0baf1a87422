/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/network.h"
#include "libpromo/ops/lanes.h"
#include "promod/http.h"
#include "promod/job_wait.h"
#include "promod/pool.h"

/*
 * Between HTTP and the operations: finds the row of a request, hands it to the lanes or to a
 * worker's runner as a struct promo_request, and makes the struct promo_answer that comes back into
 * a reply, with its header fields and its line in the log. What the lanes hand back goes to a
 * worker. What still waits when its time is over is taken back: nothing was done. Nothing here
 * knows a single operation but the probe of the process itself, which must not wait for a worker, and
 * the metrics, which are for some addresses only.
 */

struct promod_dispatch_config {
	struct promod_loop *loop;
	/* Whose threads own a struct promo_runner each. NULL once it was stopped. */
	struct promod_pool *workers;
	struct promo_lanes *lanes; /* NULL: there are none, or no longer */
	struct promod_job_waits *job_waits;
	const struct promo_network *metrics_allow; /* who may read /metrics; outlives it */
	size_t metrics_allow_count;
	const char *const *allowed_origins; /* of pages elsewhere; they outlive it */
	size_t allowed_origin_count;
	const char *spool_dir; /* for what is sent as a file; outlives it */
};

struct promod_dispatch {
	struct promod_dispatch_config config;
	struct promod_handler handler; /* for promod_http_new() */
};

void promod_dispatch_init(
	struct promod_dispatch *dispatch, const struct promod_dispatch_config *config);
