/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/network.h"
#include "libpromo/ops/lanes.h"
#include "libpromo/ops/meter.h"
#include "promod/config.h"
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

struct promo_live;

struct promod_dispatch_config {
	struct promod_loop *loop;
	/* Whose threads own a struct promo_runner each. NULL once it was stopped. */
	struct promod_pool *workers;
	struct promo_lanes *lanes; /* NULL: there are none, or no longer */
	struct promod_job_waits *job_waits;
	struct promo_live *live;
	struct promo_meter *meter;                 /* counts requests; outlives it */
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

/* The networks of `metrics_allow`, as many as it names; ret has room for PROMOD_LIST_MAX.
 * PROMO_E_INVALID_INPUT with the one that is none. */
int promod_metrics_allow_read(const struct promod_list *list, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_network *ret) PROMO_CHECK;

void promod_dispatch_init(
	struct promod_dispatch *dispatch, const struct promod_dispatch_config *config);
