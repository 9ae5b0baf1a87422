/* SPDX-License-Identifier: MIT */
/* Proves the life of an idempotency key on disk: the same request gets the same key until it was
 * answered, another request another one. */
#include "libpromo/client/pending.h"

#include <dirent.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_TEST(test_same_until_answered),
		STATE_TEST(test_others_get_others),
	};

	return cmocka_run_group_tests_name("client/pending", tests, NULL, NULL);
}
