/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/throttle.h"

struct promo_guesses promo_guesses_now(const struct promo_guesses *state, int64_t now)
{
	struct promo_guesses left = *state;

	if (now - left.since >= PROMO_GUESS_WINDOW_MS)
		left.misses = left.since = 0;
	if (now - left.blocked_until >= PROMO_GUESS_REST_MS)
		left.step = left.blocked_until = 0;
	if (now - left.hour_since >= PROMO_GUESS_HOUR_MS) {
		left.hour_misses = left.hour_since = 0;
		left.hour_alerted = false;
	}
	if (left.misses == 0 && left.step == 0)
		left.good = 0;
	return left;
}

int64_t promo_guesses_wait_ms(const struct promo_guesses *state, int64_t now)
{
	return state->blocked_until > now ? state->blocked_until - now : 0;
}

bool promo_guesses_neutral(const struct promo_guesses *state, int64_t now)
{
	const struct promo_guesses left = promo_guesses_now(state, now);

	return left.misses == 0 && left.step == 0;
}

/* 2 s, 4 s, 8 s, ... */
static int64_t delay_ms(int64_t step)
{
	int64_t delay = PROMO_GUESS_DELAY_MS;

	while (--step > 0 && delay < PROMO_GUESS_DELAY_MAX_MS)
		delay *= 2;
	return delay < PROMO_GUESS_DELAY_MAX_MS ? delay : PROMO_GUESS_DELAY_MAX_MS;
}

struct promo_guesses promo_guesses_miss(const struct promo_guesses *state, int64_t now)
{
	struct promo_guesses next = promo_guesses_now(state, now);

	if (next.misses++ == 0)
		next.since = now;
	if (next.hour_misses++ == 0)
		next.hour_since = now;
	next.good = 0;
	if (next.step > 0 || next.misses >= PROMO_GUESS_MISSES)
		next.blocked_until = now + delay_ms(++next.step);
	if (next.hour_misses >= PROMO_GUESS_HOUR_MISSES)
		next.hour_alerted = true;
	return next;
}

struct promo_guesses promo_guesses_good(const struct promo_guesses *state, int64_t now)
{
	struct promo_guesses next = promo_guesses_now(state, now);

	if (next.misses == 0 && next.step == 0)
		return next;
	if (next.good < PROMO_GUESS_GOOD)
		next.good++;
	if (next.good == PROMO_GUESS_GOOD && !next.hour_alerted)
		next.misses = next.since = next.step = next.blocked_until = next.good = 0;
	return next;
}

struct promo_guesses_left promo_guesses_left(const struct promo_guesses *state, int64_t now)
{
	const struct promo_guesses left = promo_guesses_now(state, now);
	const int64_t wait = promo_guesses_wait_ms(&left, now);

	if (wait > 0)
		return (struct promo_guesses_left){ 0, wait };
	if (left.step > 0)
		return (struct promo_guesses_left){ 1,
			left.blocked_until + PROMO_GUESS_REST_MS - now };
	if (left.misses > 0)
		return (struct promo_guesses_left){ PROMO_GUESS_MISSES - left.misses,
			left.since + PROMO_GUESS_WINDOW_MS - now };
	return (struct promo_guesses_left){ PROMO_GUESS_MISSES, PROMO_GUESS_WINDOW_MS };
}
