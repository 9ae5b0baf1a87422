/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/meter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	US_PER_S = 1000000,
};

/* The last one of each stands for whatever is none of the others. */
static const int statuses[] = { 0, 200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 409, 412,
	413, 415, 416, 422, 428, 429, 431, 500, 503, -1 };
static const int64_t bounds_us[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000,
	US_PER_S, 5 * US_PER_S, 30 * US_PER_S, INT64_MAX };

struct counts {
	atomic_uint_least64_t by_status[PROMO_COUNT(statuses)], by_time[PROMO_COUNT(bounds_us)],
		time_us;
};

struct promo_meter {
	atomic_int_least64_t gauges[PROMO_GAUGE_COUNT];
	size_t count; /* of operations; behind them what is none */
	struct counts ops[];
};

int promo_meter_new(struct promo_meter **ret)
{
	struct promo_meter *meter;
	size_t count = 0;

	while (promo_ops[count])
		count++;
	meter = calloc(1, sizeof(*meter) + (count + 1) * sizeof(meter->ops[0]));
	if (!meter)
		return promo_fault(-ENOMEM, "could not make a meter");
	meter->count = count;
	*ret = meter;
	return 0;
}

void promo_meter_free(struct promo_meter *meter)
{
	free(meter);
}

static void add(atomic_uint_least64_t *counter, uint64_t amount)
{
	atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

static uint64_t value_of(const atomic_uint_least64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void promo_meter_request(
	struct promo_meter *meter, const struct promo_op *op, int status, int64_t duration_us)
{
	size_t index = 0, at = 0, bucket = 0;
	struct counts *counts;

	while (index < meter->count && promo_ops[index] != op)
		index++;
	while (at + 1 < PROMO_COUNT(statuses) && statuses[at] != status)
		at++;
	while (bounds_us[bucket] < duration_us)
		bucket++;
	counts = &meter->ops[index];
	add(&counts->by_status[at], 1);
	add(&counts->by_time[bucket], 1);
	add(&counts->time_us, duration_us > 0 ? (uint64_t)duration_us : 0);
}

void promo_meter_set(struct promo_meter *meter, enum promo_gauge gauge, int64_t value)
{
	atomic_store_explicit(&meter->gauges[gauge], value, memory_order_relaxed);
}

static const char *name_of(size_t index)
{
	return promo_ops[index] ? promo_ops[index]->name : "none";
}

static void begin(struct promo_buffer *text, const char *name, const char *type, const char *help)
{
	promo_buffer_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_requests(const struct promo_meter *meter, struct promo_buffer *text)
{
	begin(text, "promo_http_requests_total", "counter",
		"Requests that are over, by operation and status; 0: no answer was taken.");
	for (size_t i = 0; i <= meter->count; i++)
		for (size_t k = 0; k < PROMO_COUNT(statuses); k++) {
			const uint64_t count = value_of(&meter->ops[i].by_status[k]);

			if (count == 0)
				continue;
			promo_buffer_printf(
				text, "promo_http_requests_total{operation=\"%s\",", name_of(i));
			if (statuses[k] < 0)
				promo_buffer_text(text, "status=\"other\"} ");
			else
				promo_buffer_printf(text, "status=\"%d\"} ", statuses[k]);
			promo_buffer_printf(text, "%" PRIu64 "\n", count);
		}
}

static void write_seconds(struct promo_buffer *text, uint64_t us)
{
	promo_buffer_printf(text, "%" PRIu64 ".%06" PRIu64, us / US_PER_S, us % (uint64_t)US_PER_S);
}

static void write_times_of(const struct counts *counts, const char *name, struct promo_buffer *text)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < PROMO_COUNT(bounds_us); i++) {
		sum += value_of(&counts->by_time[i]);
		promo_buffer_printf(text,
			"promo_http_request_duration_seconds_bucket{operation=\"%s\",le=\"", name);
		if (bounds_us[i] == INT64_MAX)
			promo_buffer_text(text, "+Inf");
		else
			write_seconds(text, (uint64_t)bounds_us[i]);
		promo_buffer_printf(text, "\"} %" PRIu64 "\n", sum);
	}
	promo_buffer_printf(
		text, "promo_http_request_duration_seconds_sum{operation=\"%s\"} ", name);
	write_seconds(text, value_of(&counts->time_us));
	promo_buffer_printf(text,
		"\npromo_http_request_duration_seconds_count{operation=\"%s\"} %" PRIu64 "\n", name,
		sum);
}

static void write_times(const struct promo_meter *meter, struct promo_buffer *text)
{
	begin(text, "promo_http_request_duration_seconds", "histogram",
		"How long requests took, from their head to the end of the answer.");
	for (size_t i = 0; i <= meter->count; i++) {
		bool any = false;

		for (size_t k = 0; k < PROMO_COUNT(bounds_us) && !any; k++)
			any = value_of(&meter->ops[i].by_time[k]) > 0;
		if (any)
			write_times_of(&meter->ops[i], name_of(i), text);
	}
}

void promo_meter_write(const struct promo_meter *meter, struct promo_buffer *text)
{
	static const struct {
		const char *name, *help;
	} gauges[PROMO_GAUGE_COUNT] = {
		[PROMO_GAUGE_WORKERS_BUSY] = { "promo_workers_busy", "Workers that are at work." },
		[PROMO_GAUGE_WORKERS_QUEUED] = { "promo_workers_queued",
			"Requests that wait for a worker." },
		[PROMO_GAUGE_LANES_UP] = { "promo_lanes_up", "Lanes that serve." },
		[PROMO_GAUGE_LANES_QUEUED] = { "promo_lanes_queued",
			"Requests that wait for a lane." },
		[PROMO_GAUGE_EVENT_STREAMS] = { "promo_event_streams",
			"Streams of live events that are open." },
	};

	write_requests(meter, text);
	write_times(meter, text);
	for (size_t i = 0; i < PROMO_GAUGE_COUNT; i++) {
		begin(text, gauges[i].name, "gauge", gauges[i].help);
		promo_buffer_printf(text, "%s %" PRId64 "\n", gauges[i].name,
			(int64_t)atomic_load_explicit(&meter->gauges[i], memory_order_relaxed));
	}
}
