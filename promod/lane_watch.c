/* SPDX-License-Identifier: MIT */
#include "promod/lane_watch.h"

#include <sys/epoll.h>

static void on_event(void *context, uint32_t events)
{
	struct promod_lane_watch *watch = context;

	(void)events;
	promo_lanes_ready(watch->all->lanes, (int)(watch - watch->all->each));
}

void promod_lane_watches_init(struct promod_lane_watches *watches, struct promod_loop *loop,
	struct promo_lanes *lanes, int count)
{
	*watches = (struct promod_lane_watches){ .loop = loop, .lanes = lanes, .count = count };
	for (int i = 0; i < count; i++) {
		struct promod_lane_watch *each = &watches->each[i];

		each->all = watches;
		each->watch = (struct promod_watch){ .ready = on_event, .context = each, .fd = -1 };
	}
}

static void unwatch(struct promod_lane_watch *each)
{
	if (each->watch.fd >= 0)
		promod_loop_unwatch(each->all->loop, &each->watch);
	each->watch.fd = -1;
}

static int watch(struct promod_lane_watch *each, const struct promo_lane_watch *wanted)
{
	const uint32_t events = wanted->write ? EPOLLIN | EPOLLOUT : EPOLLIN;
	int r = 0;

	if (wanted->fd < 0)
		return 0;
	if (each->watch.fd < 0) {
		each->watch.fd = wanted->fd;
		r = promod_loop_watch(each->all->loop, &each->watch, events);
	} else if (each->events != events) {
		r = promod_loop_change(each->all->loop, &each->watch, events);
	}
	each->events = events;
	each->version = wanted->version;
	return r;
}

/* Old sockets first: the number of one lane's may be that of another's new one. */
static int watch_all(struct promod_lane_watches *watches)
{
	struct promo_lane_watch wanted[PROMO_LANES_MAX];
	int r = 0;

	for (int i = 0; i < watches->count; i++) {
		struct promod_lane_watch *each = &watches->each[i];

		wanted[i] = promo_lanes_watch(watches->lanes, i);
		if (each->watch.fd != wanted[i].fd || each->version != wanted[i].version)
			unwatch(each);
	}
	for (int i = 0; !r && i < watches->count; i++)
		r = watch(&watches->each[i], &wanted[i]);
	return r;
}

int promod_lane_watches_turn(struct promod_lane_watches *watches)
{
	if (!watches->lanes)
		return 0;
	promo_lanes_turn(watches->lanes);
	return watch_all(watches);
}

int promod_lane_watches_timeout_ms(const struct promod_lane_watches *watches, int timeout_ms)
{
	int lanes_ms = watches->lanes ? promo_lanes_timeout_ms(watches->lanes) : -1;

	if (lanes_ms < 0 || (timeout_ms >= 0 && timeout_ms < lanes_ms))
		return timeout_ms;
	return lanes_ms;
}

void promod_lane_watches_end(struct promod_lane_watches *watches)
{
	for (int i = 0; i < watches->count; i++)
		unwatch(&watches->each[i]);
	*watches = (struct promod_lane_watches){ 0 };
}
