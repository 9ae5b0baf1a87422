/* SPDX-License-Identifier: MIT */
/* Proves the life of an idempotency key on disk: the same request gets the same key until it was
 * answered, another request another one; and of what may be wanted twice a run that lives has its key to
 * itself, one that died leaves it to the next, and one from yesterday to nobody. */
#include "libpromo/client/pending.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/client/state.h"

static struct promo_pending begin(
	struct state *state, const char *user, const char *server, const char *request)
{
	struct promo_profile profile = state_profile(state, NULL);
	struct promo_pending pending;

	profile.user = user;
	assert_int_equal(promo_pending_begin(&profile, server, request, state->arena,
				 &state->problem, &pending),
		0);
	return pending;
}

static void test_same_until_answered(void **context)
{
	struct state *state = *context;
	struct promo_pending first = begin(state, "u", "http://s", "redeem A for 1");
	struct promo_pending again = begin(state, "u", "http://s", "redeem A for 1");
	struct stat stat_;

	assert_string_equal(first.key, again.key);
	assert_false(first.again);
	assert_true(again.again);
	assert_true(promo_uuid_valid(first.key));
	assert_int_equal(stat(first.path, &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0600);
	promo_pending_end(&first);
	assert_int_equal(access(first.path, F_OK), -1);
	again = begin(state, "u", "http://s", "redeem A for 1");
	assert_false(again.again);
	assert_string_not_equal(first.key, again.key);
}

static void test_others_get_others(void **context)
{
	struct state *state = *context;
	struct promo_pending one = begin(state, "u", "http://s", "redeem A for 1");

	assert_string_not_equal(one.key, begin(state, "v", "http://s", "redeem A for 1").key);
	assert_string_not_equal(one.key, begin(state, "u", "http://t", "redeem A for 1").key);
	assert_string_not_equal(one.key, begin(state, "u", "http://s", "redeem A for 2").key);
	assert_string_not_equal(one.key, begin(state, "u", "http://s", "redeem B for 1").key);
}

static struct promo_pending claim(struct state *state, const char *request)
{
	struct promo_profile profile = state_profile(state, NULL);
	struct promo_pending pending;

	profile.user = "u";
	assert_int_equal(promo_pending_claim(&profile, "http://s", request, state->arena,
				 &state->problem, &pending),
		0);
	return pending;
}

static void test_claimed_by_one_run(void **context)
{
	struct state *state = *context;
	struct promo_pending first = claim(state, "ten more");
	struct promo_pending beside = claim(state, "ten more");
	struct promo_pending other = claim(state, "twenty more");
	struct promo_pending next;

	assert_string_not_equal(first.key, beside.key);
	assert_string_not_equal(first.key, other.key);
	assert_false(first.again || beside.again || other.again);

	/* Two die without an answer; each is one that the next runs ask for. */
	promo_pending_leave(&first);
	promo_pending_leave(&beside);
	next = claim(state, "ten more");
	assert_string_equal(next.key, first.key);
	assert_true(next.again);
	promo_pending_end(&next);
	assert_int_equal(access(next.path, F_OK), -1);
	next = claim(state, "ten more");
	assert_string_equal(next.key, beside.key);
	assert_true(next.again);
	promo_pending_end(&next);

	next = claim(state, "ten more");
	assert_false(next.again);
	assert_string_not_equal(next.key, first.key);
	promo_pending_end(&next);
	promo_pending_end(&other);
}

static void test_of_yesterday(void **context)
{
	struct state *state = *context;
	struct promo_pending first = claim(state, "a backup"), next;
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };
	struct stat status;

	assert_int_equal(stat(first.path, &status), 0);
	times[1] = (struct timespec){ .tv_sec = status.st_mtime - PROMO_PENDING_HOURS * 3600 - 60 };
	assert_int_equal(utimensat(AT_FDCWD, first.path, times, 0), 0);
	promo_pending_leave(&first);
	next = claim(state, "a backup");
	assert_string_not_equal(next.key, first.key);
	assert_true(next.outlived);
	assert_false(next.again);
	promo_pending_leave(&next);
	next = claim(state, "a backup");
	assert_true(next.again);
	assert_false(next.outlived);
	promo_pending_end(&next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_TEST(test_same_until_answered),
		STATE_TEST(test_others_get_others),
		STATE_TEST(test_claimed_by_one_run),
		STATE_TEST(test_of_yesterday),
	};

	return cmocka_run_group_tests_name("client/pending", tests, NULL, NULL);
}
