/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/pace.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "libpromo/base/time.h"

enum {
	LOOK_US = 10 * 1000,     /* a group takes one or two thousand */
	SHARE_ALL = 1000,        /* per mille */
	SHARE_MIN = 50,          /* below it there are cores enough for both */
	REST_PER_WORK = 3,       /* beside busy lanes: a quarter of a core is left */
	ROW_MAX_US = 50,         /* with its rest: 20,000 a second whatever happens */
	REST_MAX_US = 50 * 1000, /* a wish to cancel is heard behind it */
};

struct promo_pace {
	atomic_llong busy_us;
};

int promo_pace_new(struct promo_pace **ret)
{
	struct promo_pace *pace = calloc(1, sizeof(*pace));

	if (!pace)
		return promo_fault(-ENOMEM, "could not watch the lanes");
	*ret = pace;
	return 0;
}

void promo_pace_free(struct promo_pace *pace)
{
	free(pace);
}

void promo_pace_add(struct promo_pace *pace, int64_t busy_us)
{
	if (pace)
		atomic_fetch_add_explicit(&pace->busy_us, busy_us, memory_order_relaxed);
}

static int64_t busy_us(const struct promo_pace *pace)
{
	return pace ? (int64_t)atomic_load_explicit(&pace->busy_us, memory_order_relaxed) : 0;
}

static void look(struct promo_pacer *pacer, int64_t now_us)
{
	const int64_t busy = busy_us(pacer->pace), past_us = now_us - pacer->looked_us;
	int64_t share;

	if (past_us < LOOK_US)
		return;
	share = (busy - pacer->busy_us) * SHARE_ALL / past_us;
	/* Lanes that are at work at once count one by one. */
	pacer->share = share < SHARE_ALL ? share : SHARE_ALL;
	pacer->busy_us = busy;
	pacer->looked_us = now_us;
}

void promo_pacer_begin(struct promo_pacer *pacer, struct promo_pace *pace)
{
	const int64_t now_us = promo_monotonic_us();

	if (pacer->pace != pace)
		*pacer = (struct promo_pacer){
			.pace = pace, .looked_us = now_us, .busy_us = busy_us(pace)
		};
	look(pacer, now_us);
	pacer->worked_us = now_us;
}

bool promo_pacer_is_due(struct promo_pacer *pacer)
{
	look(pacer, promo_monotonic_us());
	return pacer->share >= SHARE_MIN;
}

int64_t promo_pacer_rest_us(int64_t rows, int64_t work_us, int64_t share)
{
	int64_t rest = work_us * REST_PER_WORK * share / SHARE_ALL;
	int64_t most = rows * ROW_MAX_US - work_us;

	if (share < SHARE_MIN)
		return 0;
	most = most < REST_MAX_US ? most : REST_MAX_US;
	rest = rest < most ? rest : most;
	return rest > 0 ? rest : 0;
}

void promo_pacer_rest(struct promo_pacer *pacer, int64_t rows)
{
	const int64_t work_us = promo_monotonic_us() - pacer->worked_us;
	int64_t rest_us;

	look(pacer, promo_monotonic_us());
	rest_us = promo_pacer_rest_us(rows, work_us, pacer->share);
	if (rest_us > 0)
		promo_sleep_us(rest_us);
	pacer->worked_us = promo_monotonic_us();
}
