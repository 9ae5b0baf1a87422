/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/error.h"

/*
 * The watch raises alerts by the rules of the settings and follows them up (docs/decisions/0039), off the
 * path of every request: a thread with a connection of its own. It reads the audit trail as it grows, asks
 * the rules about those whom new rows concern, and goes on from there, all in one transaction that compares
 * and sets the place in the trail: so nothing is missed or judged twice, whoever dies and however long
 * nobody watched. One daemon watches at a time, by a lease, which only saves work.
 *
 * It rests nine times as long as its round took, so that it never costs more than a tenth of a connection,
 * and reads more at once where more was written: what it falls behind shows in promo_alerts_behind_seconds.
 *
 * In the same transaction it writes down in the trail what was raised, moves alerts up that nobody looked
 * after, and opens those again that were acknowledged too long ago.
 */

PROMO_BEGIN_DECLS

struct promo_runner_config;

enum {
	PROMO_ALERT_LEASE_S = 30,
	PROMO_ALERT_EVERY_MS = 2000,
	PROMO_ALERT_REST = 9,                /* times what a round took */
	PROMO_ALERT_REST_MAX_MS = 20 * 1000, /* within the lease, so that no other daemon goes on */
	PROMO_ALERT_LOOK_MS = 60 * 1000,     /* how often the system itself is looked at */
	PROMO_ALERT_UNSEALED_S = 15 * 60,
};

struct promo_alert_watch;
/* Starts the thread; the database need not be reachable yet. */
int promo_alert_watch_start(const struct promo_runner_config *config, int64_t every_ms,
	struct promo_alert_watch **ret) PROMO_CHECK; /* 0: PROMO_ALERT_EVERY_MS */
/* Gives the lease back and ends the thread. NULL is fine. */
void promo_alert_watch_stop(struct promo_alert_watch *watch);

/* The work of the thread, without one. */
struct promo_alert_work;
int promo_alert_work_new(
	const struct promo_runner_config *config, struct promo_alert_work **ret) PROMO_CHECK;
void promo_alert_work_free(struct promo_alert_work *work); /* NULL is fine */
/* Judges what is new, as much as is read at once; *ret_more: there is more to do at once. After an error
 * it goes on with a connection of its own anew. */
int promo_alert_work_round(struct promo_alert_work *work, bool *ret_more) PROMO_CHECK;
/* Gives the lease back. */
void promo_alert_work_rest(struct promo_alert_work *work);

PROMO_END_DECLS
