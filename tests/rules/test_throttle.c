/* SPDX-License-Identifier: MIT */
/*
 * Whoever guesses is slowed down as design section 7 says, counted here a second time in another way
 * over tables, every short course of events and long random ones; whoever does not miss is never
 * slowed; and the figures of docs/decisions/0011-guessing.md hold: nobody gets more misses out of a
 * day than it says, however he goes about it.
 */
#include "libpromo/rules/throttle.h"

#include <string.h>

#include "tests/lib/test.h"

#define START    INT64_C(1795348696123)
#define SECOND   INT64_C(1000)
#define MINUTE   (60 * SECOND)
#define HOUR     (60 * MINUTE)
#define DAY      (24 * HOUR)
#define WALKS    200
#define STEPS    2000
#define SEQUENCE 7

enum {
	MISSES_MAX = 10000 /* of a day; more than any thief is to have */
};

static void assert_same(const struct promo_guesses *one, const struct promo_guesses *other)
{
	assert_int_equal(one->misses, other->misses);
	assert_int_equal(one->since, other->since);
	assert_int_equal(one->step, other->step);
	assert_int_equal(one->blocked_until, other->blocked_until);
	assert_int_equal(one->good, other->good);
	assert_int_equal(one->hour_misses, other->hour_misses);
	assert_int_equal(one->hour_since, other->hour_since);
	assert_int_equal(one->hour_alerted, other->hour_alerted);
}

/*
 * The rule once more, from what happened instead of from a state.
 */

struct course {
	struct promo_guesses state; /* what the rule makes of it */
	int64_t now;
	/* What the test knows. */
	int64_t window_start, hour_start; /* 0: none */
	int window, hour, delays, good;
	int64_t until; /* of the last delay */
	bool alerted, suspect;
};

static struct course course_new(void)
{
	return (struct course){ .now = START };
}

static void forget_what_is_over(struct course *course)
{
	if (course->window_start && course->now >= course->window_start + 10 * MINUTE) {
		course->window_start = 0;
		course->window = 0;
	}
	if (course->hour_start && course->now >= course->hour_start + HOUR) {
		course->hour_start = 0;
		course->hour = 0;
		course->alerted = false;
	}
	if (course->delays && course->now >= course->until + HOUR)
		course->delays = 0;
	course->suspect = course->window || course->delays;
	if (!course->suspect)
		course->good = 0;
}

static void assert_understood(const struct course *course)
{
	static const struct promo_guesses nothing;
	const struct promo_guesses now = promo_guesses_now(&course->state, course->now);
	const struct promo_guesses_left left = promo_guesses_left(&course->state, course->now);
	const bool blocked = course->delays && course->now < course->until;
	struct promo_guesses after = course->state;

	assert_int_equal(promo_guesses_wait_ms(&course->state, course->now),
		blocked ? course->until - course->now : 0);
	assert_int_equal(promo_guesses_neutral(&course->state, course->now), !course->suspect);
	assert_int_equal(now.misses, course->window);
	assert_int_equal(now.hour_misses, course->hour);
	assert_int_equal(now.hour_alerted, course->alerted);
	assert_int_equal(now.good, course->good);
	if (!course->suspect && !course->hour)
		assert_same(&now, &nothing);

	/* What is left is told rightly: so many misses and no more, and until then. */
	assert_int_equal(left.misses == 0, blocked);
	assert_true(left.reset_ms > 0);
	for (int64_t i = 0; i < left.misses; i++) {
		assert_int_equal(promo_guesses_wait_ms(&after, course->now), 0);
		after = promo_guesses_miss(&after, course->now);
	}
	assert_true(promo_guesses_wait_ms(&after, course->now) > 0);
	after = promo_guesses_now(&course->state, course->now + left.reset_ms);
	assert_true(promo_guesses_left(&after, course->now + left.reset_ms).misses > left.misses ||
		    !course->suspect);
	/* To forget what is over changes nothing but that. */
	after = promo_guesses_now(&now, course->now);
	assert_same(&after, &now);
}

static void miss(struct course *course)
{
	static const int64_t seconds[] = { 2, 4, 8, 16, 32, 64, 128, 256, 512, 900 };

	course->state = promo_guesses_miss(&course->state, course->now);
	if (!course->window++)
		course->window_start = course->now;
	if (!course->hour++)
		course->hour_start = course->now;
	course->good = 0;
	if (course->delays || course->window == 5) {
		course->until =
			course->now + SECOND * seconds[course->delays < 9 ? course->delays : 9];
		course->delays++;
	}
	if (course->hour == 20)
		course->alerted = true;
	forget_what_is_over(course);
}

static void good(struct course *course)
{
	course->state = promo_guesses_good(&course->state, course->now);
	if (course->suspect && course->good < 10)
		course->good++;
	if (course->good == 10 && !course->alerted) {
		course->window_start = course->until = 0;
		course->window = course->delays = course->good = 0;
	}
	forget_what_is_over(course);
}

static void let_pass(struct course *course, int64_t ms)
{
	course->now += ms;
	forget_what_is_over(course);
}

/* What may happen next; a request during a delay is refused and changes nothing. */
enum event {
	MISS,
	GOOD,
	TEN_GOOD,
	DELAY_OVER,
	WINDOW_OVER,
	REST,
	EVENTS
};

static void happen(struct course *course, enum event event)
{
	const bool blocked = promo_guesses_wait_ms(&course->state, course->now) > 0;

	switch (event) {
	case MISS:
		if (!blocked)
			miss(course);
		break;
	case GOOD:
		if (!blocked)
			good(course);
		break;
	case TEN_GOOD:
		for (int i = 0; i < 10 && !blocked; i++)
			good(course);
		break;
	case DELAY_OVER:
		let_pass(course, promo_guesses_wait_ms(&course->state, course->now));
		break;
	case WINDOW_OVER:
		let_pass(course, 10 * MINUTE);
		break;
	case REST:
		let_pass(course, HOUR);
		break;
	case EVENTS:
		break;
	}
	assert_understood(course);
}

static void follow(const struct course *from, int left)
{
	for (int event = 0; left > 0 && event < EVENTS; event++) {
		struct course course = *from;

		happen(&course, (enum event)event);
		follow(&course, left - 1);
	}
}

/* Every course of so many events, from several beginnings. */
static void test_every_course(void **state)
{
	static const int misses[] = { 0, 3, 4, 5, 9, 16, 19, 20 };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(misses); i++) {
		struct course course = course_new();

		for (int k = 0; k < misses[i]; k++) {
			/* With ten good ones after each, or the hour is over before the twentieth. */
			if (misses[i] >= 16)
				happen(&course, TEN_GOOD);
			happen(&course, DELAY_OVER);
			happen(&course, MISS);
		}
		assert_int_equal(course.state.hour_misses, misses[i]);
		follow(&course, SEQUENCE - 2);
	}
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void test_random_courses(void **state)
{
	static const int64_t pauses[] = { 1, 500, SECOND, 30 * SECOND, 5 * MINUTE, 10 * MINUTE - 1,
		20 * MINUTE, HOUR - 1, HOUR, 5 * HOUR };
	uint64_t seed = 88172645463325252u;

	(void)state;
	for (int walk = 0; walk < WALKS; walk++) {
		struct course course = course_new();
		const uint64_t bias = next_random(&seed) % 8;

		for (int step = 0; step < STEPS; step++) {
			uint64_t dice = next_random(&seed) % 16;

			if (dice < 2)
				let_pass(&course, pauses[next_random(&seed) % PROMO_COUNT(pauses)]);
			else if (dice < 4)
				happen(&course, DELAY_OVER);
			else
				happen(&course, dice < 6 + bias ? MISS : GOOD);
			assert_understood(&course);
		}
	}
}

/* The numbers of the design, one by one. */
static void test_the_delays(void **state)
{
	static const int64_t seconds[] = { 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900 };
	struct promo_guesses guesses = { 0 };
	int64_t now = START;

	(void)state;
	for (int i = 0; i < 4; i++) {
		guesses = promo_guesses_miss(&guesses, now);
		assert_int_equal(promo_guesses_wait_ms(&guesses, now), 0);
		assert_int_equal(promo_guesses_left(&guesses, now).misses, 4 - i);
	}
	for (size_t i = 0; i < PROMO_COUNT(seconds); i++) {
		guesses = promo_guesses_miss(&guesses, now);
		assert_int_equal(promo_guesses_wait_ms(&guesses, now), seconds[i] * SECOND);
		now += seconds[i] * SECOND;
		assert_int_equal(promo_guesses_wait_ms(&guesses, now - 1), 1);
		assert_int_equal(promo_guesses_wait_ms(&guesses, now), 0);
	}
}

static void test_who_does_not_miss(void **state)
{
	static const struct promo_guesses nothing;
	struct promo_guesses guesses = nothing;
	struct promo_guesses_left left = promo_guesses_left(&guesses, START);

	(void)state;
	assert_int_equal(left.misses, 5);
	assert_int_equal(left.reset_ms, 10 * MINUTE);
	assert_true(promo_guesses_neutral(&guesses, START));
	for (int i = 0; i < 1000; i++)
		guesses = promo_guesses_good(&guesses, START + i);
	assert_same(&guesses, &nothing);
}

static void test_ten_good_ones(void **state)
{
	struct promo_guesses guesses = { 0 };
	int64_t now = START;

	(void)state;
	for (int i = 0; i < 7; i++) {
		now += promo_guesses_wait_ms(&guesses, now);
		guesses = promo_guesses_miss(&guesses, now);
	}
	now += promo_guesses_wait_ms(&guesses, now);
	for (int i = 0; i < 9; i++)
		guesses = promo_guesses_good(&guesses, now);
	assert_false(promo_guesses_neutral(&guesses, now));
	/* A miss between them, and they are no longer in a row. */
	guesses = promo_guesses_miss(&guesses, now);
	assert_int_equal(promo_guesses_wait_ms(&guesses, now), 16 * SECOND);
	now += 16 * SECOND;
	for (int i = 0; i < 9; i++)
		guesses = promo_guesses_good(&guesses, now);
	assert_false(promo_guesses_neutral(&guesses, now));
	guesses = promo_guesses_good(&guesses, now);
	assert_true(promo_guesses_neutral(&guesses, now));
	assert_int_equal(guesses.hour_misses, 8);
	guesses = promo_guesses_miss(&guesses, now);
	assert_int_equal(promo_guesses_wait_ms(&guesses, now), 0);
	assert_int_equal(guesses.hour_misses, 9);
}

/* A thief with a good code of his own: it helps him until somebody has to know. */
static void test_the_alert(void **state)
{
	struct promo_guesses guesses = { 0 };
	int64_t now = START;

	(void)state;
	for (int i = 1; i <= 20; i++) {
		assert_int_equal(promo_guesses_wait_ms(&guesses, now), 0);
		assert_false(guesses.hour_alerted);
		guesses = promo_guesses_miss(&guesses, now);
		for (int k = 0; i % 4 == 0 && k < 10; k++)
			guesses = promo_guesses_good(&guesses, now);
	}
	assert_true(guesses.hour_alerted);
	for (int i = 0; i < 100; i++)
		guesses = promo_guesses_good(&guesses, now);
	assert_false(promo_guesses_neutral(&guesses, now));
	guesses = promo_guesses_miss(&guesses, now);
	assert_int_equal(promo_guesses_wait_ms(&guesses, now), 2 * SECOND);
	for (int i = 0; i < 100; i++)
		guesses = promo_guesses_good(&guesses, now + 2 * SECOND);
	assert_false(promo_guesses_neutral(&guesses, now + 2 * SECOND));
	/* The next hour is another. */
	guesses = promo_guesses_good(&guesses, START + HOUR);
	assert_true(promo_guesses_neutral(&guesses, START + HOUR));
	assert_false(guesses.hour_alerted);
}

/*
 * What a day brings to somebody who knows the rule.
 */

struct thief {
	int spare; /* stops in front of the last so many misses, and waits until there are more */
	bool has_good; /* a good code of his own */
	int misses;    /* docs/decisions/0011-guessing.md */
};

static int misses_of_a_day(const struct thief *thief)
{
	struct promo_guesses guesses = { 0 };
	int64_t now = START;
	int misses = 0;

	while (now < START + DAY && misses <= MISSES_MAX) {
		struct promo_guesses_left left = promo_guesses_left(&guesses, now);

		for (int i = 0; thief->has_good && left.misses == 1 && i < 10; i++)
			guesses = promo_guesses_good(&guesses, now);
		left = promo_guesses_left(&guesses, now);
		if (left.misses <= thief->spare) {
			now += left.reset_ms;
			continue;
		}
		guesses = promo_guesses_miss(&guesses, now);
		misses++;
	}
	return misses;
}

static void test_a_day_of_a_thief(void **state)
{
	static const struct thief thieves[] = {
		{ 0, false, 108 },
		{ 1, false, 576 },
		{ 0, true, 765 },
		{ 1, true, 960 },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(thieves); i++)
		assert_int_equal(misses_of_a_day(&thieves[i]), thieves[i].misses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_delays),
		cmocka_unit_test(test_who_does_not_miss),
		cmocka_unit_test(test_ten_good_ones),
		cmocka_unit_test(test_the_alert),
		cmocka_unit_test(test_every_course),
		cmocka_unit_test(test_random_courses),
		cmocka_unit_test(test_a_day_of_a_thief),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
