/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/signin.h"

int64_t promo_signin_wait_ms(const struct promo_signin_state *state, int64_t now)
{
	return state->blocked_until > now ? state->blocked_until - now : 0;
}

/* 2 s, 4 s, 8 s, ... */
static int64_t delay_ms(const struct promo_signin_limit *limit, int64_t failures)
{
	int64_t delay = PROMO_SIGNIN_DELAY_MS;

	for (int64_t i = limit->free; i < failures && delay < limit->delay_max_ms; i++)
		delay *= 2;
	return delay < limit->delay_max_ms ? delay : limit->delay_max_ms;
}

struct promo_signin_state promo_signin_failure(
	const struct promo_signin_limit *limit, const struct promo_signin_state *state, int64_t now)
{
	struct promo_signin_state next = *state;

	if (now - next.last >= PROMO_SIGNIN_REST_MS)
		next.failures = next.blocked_until = 0;
	next.last = now;
	if (++next.failures >= limit->free)
		next.blocked_until = now + delay_ms(limit, next.failures);
	return next;
}
