/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/uuid.h"
#include "libpromo/ops/alert.h"
#include "libpromo/ops/alert_watch.h"
#include "libpromo/ops/runner.h"

/* The inside of the watch over alerts. For the files of this folder; not installed. */

struct promo_alert_work {
	const struct promo_runner_config *config;
	struct promo_runner *runner; /* NULL: no connection at the moment */
	struct promo_arena *arena;   /* of a round */
	char owner[PROMO_UUID_SIZE];
	int64_t looked_ms;    /* when the system itself was looked at last, monotonic */
	int64_t rows_at_once; /* of the trail: more where more waits, fewer where so many take long */
	int unsealed;         /* how often in a row the trail was found unsealed for too long */
};

/* Of one transaction: whoever tells. */
static inline struct promo_teller promo_alert_teller(const struct promo_alert_work *work)
{
	return (struct promo_teller){ work->runner->store, work->arena, work->runner->settings };
}

/* How long to rest after a round that took so long; `more`: there was more to do at once. */
int64_t promo_alert_pause_ms(int64_t took_ms, int64_t every_ms, bool more);

/* Up to where the trail was judged: how long the oldest row behind that waits, in seconds; 0: none does. */
int promo_alert_behind(
	struct promo_store *store, struct promo_arena *arena, int64_t *ret_seconds) PROMO_CHECK;

/* In the transaction of a round: writes down what was raised, moves up and opens again what is due,
 * the worst first; *ret_more: there is more of it. */
int promo_alert_follow(struct promo_alert_work *work, bool *ret_more) PROMO_CHECK;

/* In the transaction of a round, from time to time: looks at the system itself. */
int promo_alert_look(struct promo_alert_work *work) PROMO_CHECK;
