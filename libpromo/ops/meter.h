/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/buffer.h"

/*
 * What a process counts of its own work: requests by operation and status, how long they took, and
 * where its queues stand at the moment. Counted by atomics, so that any thread may add and any may
 * read; nothing here waits or allocates. Numbers begin anew with the process, as Prometheus expects.
 */

PROMO_BEGIN_DECLS

struct promo_meter;

int promo_meter_new(struct promo_meter **ret) PROMO_CHECK;
void promo_meter_free(struct promo_meter *meter); /* NULL is fine */

/* A request is over. `op` NULL: of no operation; status 0: its connection ended before an answer. */
void promo_meter_request(
	struct promo_meter *meter, const struct promo_op *op, int status, int64_t duration_us);

/* Where something stands now. */
enum promo_gauge {
	PROMO_GAUGE_WORKERS_BUSY = 0,
	PROMO_GAUGE_WORKERS_QUEUED,
	PROMO_GAUGE_LANES_UP,
	PROMO_GAUGE_LANES_QUEUED,
	PROMO_GAUGE_EVENT_STREAMS,
	PROMO_GAUGE_COUNT
};
void promo_meter_set(struct promo_meter *meter, enum promo_gauge gauge, int64_t value);

/* All of it in the text format of Prometheus, version 0.0.4. */
void promo_meter_write(const struct promo_meter *meter, struct promo_buffer *text);

PROMO_END_DECLS
