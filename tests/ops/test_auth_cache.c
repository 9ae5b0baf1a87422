/* SPDX-License-Identifier: MIT */
/* What the lanes know of actors is what was read last, is never older than what it was held against,
 * and is forgotten with the epoch that concerns it, whoever fills it at that moment. */
#include "libpromo/ops/auth_cache.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/random.h"
#include "tests/lib/test.h"

enum {
	SESSIONS = 16,
	ROUNDS = 2000,
	WORKERS = 3
};

struct bearer {
	char token[PROMO_TOKEN_SIZE], session_id[40], user_id[40];
};

static struct promo_auth_cache *cache;
static struct promo_arena *arena;
static struct bearer bearers[SESSIONS];
static const char *const keys[] = { "promo-codes.search", "no.such.permission" };

/* Sessions 2 n and 2 n + 1 are of user n. */
static int setup(void **state)
{
	(void)state;
	if (promo_base_init())
		return -1;
	for (int i = 0; i < SESSIONS; i++) {
		promo_token_new(PROMO_TOKEN_SESSION, bearers[i].token);
		(void)snprintf(bearers[i].session_id, sizeof(bearers[i].session_id), "s%d", i);
		(void)snprintf(bearers[i].user_id, sizeof(bearers[i].user_id), "u%d", i / 2);
	}
	arena = promo_arena_new(64 * 1024 * 1024);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	promo_arena_free(arena);
	return 0;
}

static int open_cache(void **state)
{
	(void)state;
	return promo_auth_cache_new(SESSIONS, &cache);
}

static int close_cache(void **state)
{
	(void)state;
	promo_auth_cache_free(cache);
	return 0;
}

static struct promo_auth_facts facts_of(int i, int64_t epoch)
{
	return (struct promo_auth_facts){
		.epoch = epoch,
		.at = 1000000,
		.session_id = bearers[i].session_id,
		.user_id = bearers[i].user_id,
		.name = "Aline Uwase",
		.is_active = true,
		.created_at = 999900,
		.last_seen_at = 1000000,
		.expires_at = 2000000,
		.rank = epoch,
		.permissions = { keys, 2 },
	};
}

static void put(int i, int64_t epoch)
{
	struct promo_auth_facts facts = facts_of(i, epoch);

	promo_auth_cache_put(cache, bearers[i].token, &facts);
}

static bool knows_in(int i, struct promo_arena *to, struct promo_auth_known *ret)
{
	struct promo_auth_key key;

	assert_true(promo_auth_key(bearers[i].token, &key));
	return promo_auth_cache_get(cache, &key, to, ret);
}

static bool knows(int i)
{
	struct promo_auth_known known;

	return knows_in(i, arena, &known);
}

static void renew(int64_t epoch, size_t count, const char *const *users)
{
	const struct promo_texts changed = { users, count };

	promo_auth_cache_renew(cache, epoch, false, &changed);
}

static void test_what_is_kept(void **state)
{
	static const struct promo_auth_limits wide = { 10000000, 10000000 };
	static const struct promo_auth_limits idle = { 100, 10000000 };
	static const struct promo_auth_limits whole = { 10000000, 200 };
	struct promo_auth_known known;
	struct promo_auth_key key;

	(void)state;
	assert_false(knows(0));
	put(0, 5);
	assert_int_equal(promo_auth_cache_epoch(cache), 5);
	assert_true(knows_in(0, arena, &known));
	assert_string_equal(known.actor.user_id, "u0");
	assert_string_equal(known.actor.session_id, "s0");
	assert_string_equal(known.actor.name, "Aline Uwase");
	assert_true(promo_permissions_has(known.actor.permissions, PROMO_P_CODES_SEARCH));
	assert_false(promo_permissions_has(known.actor.permissions, PROMO_P_CODES_READ));
	assert_int_equal(promo_auth_judge_known(&known, 1999999, &wide, NULL), 0);
	assert_int_equal(
		promo_auth_judge_known(&known, 2000000, &wide, NULL), PROMO_E_SESSION_EXPIRED);
	assert_int_equal(
		promo_auth_judge_known(&known, 1000101, &idle, NULL), PROMO_E_SESSION_EXPIRED);
	assert_int_equal(promo_auth_judge_known(&known, 1000099, &whole, NULL), 0);
	assert_int_equal(
		promo_auth_judge_known(&known, 1000100, &whole, NULL), PROMO_E_SESSION_EXPIRED);
	assert_false(knows(1));

	assert_false(promo_auth_key(NULL, &key));
	assert_false(promo_auth_key("pmo_s_short", &key));
}

static void test_who_may_not_sign_in_is_forgotten(void **state)
{
	struct promo_auth_facts gone = facts_of(0, 5), inactive = facts_of(1, 5);

	(void)state;
	put(0, 5);
	put(1, 5);
	gone.session_id = gone.user_id = gone.name = NULL;
	promo_auth_cache_put(cache, bearers[0].token, &gone);
	inactive.is_active = false;
	promo_auth_cache_put(cache, bearers[1].token, &inactive);
	assert_false(knows(0));
	assert_false(knows(1));
}

static void test_the_epoch(void **state)
{
	static const char *const u0[] = { "u0" }, *const u1_u9[] = { "u1", "u9" };

	(void)state;
	for (int i = 0; i < 6; i++)
		put(i, 5);
	renew(5, 0, NULL);
	assert_true(knows(0));
	/* Both of his sessions, and nobody else's. */
	renew(6, 1, u0);
	assert_int_equal(promo_auth_cache_epoch(cache), 6);
	assert_false(knows(0));
	assert_false(knows(1));
	assert_true(knows(2));
	/* What was read before that is too old to come back. */
	put(0, 5);
	assert_false(knows(0));
	put(0, 6);
	assert_true(knows(0));
	/* Another lane asked before that and answers later: nothing goes back. */
	renew(6, 1, u0);
	assert_int_equal(promo_auth_cache_epoch(cache), 6);
	put(0, 7);
	/* Two epochs, two users. */
	renew(8, 2, u1_u9);
	assert_true(knows(0));
	assert_false(knows(2));
	assert_false(knows(3));
	assert_true(knows(4));
	/* Raised without a word: it may be anybody. */
	promo_auth_cache_renew(cache, 9, true, &(struct promo_texts){ 0 });
	assert_false(knows(0));
	assert_false(knows(4));
	assert_int_equal(promo_auth_cache_epoch(cache), 9);
}

static void test_newer_facts_stay(void **state)
{
	struct promo_auth_facts facts = facts_of(0, 7);
	struct promo_auth_known known;

	(void)state;
	put(1, 5);
	facts.last_seen_at = 1500000;
	promo_auth_cache_put(cache, bearers[0].token, &facts);
	put(0, 6);
	assert_true(knows_in(0, arena, &known));
	assert_int_equal(known.last_seen_at, 1500000);
	/* As new, but read before the use was noted. */
	put(0, 7);
	assert_true(knows_in(0, arena, &known));
	assert_int_equal(known.last_seen_at, 1500000);
}

static void test_the_oldest_makes_room(void **state)
{
	struct promo_auth_cache *small, *large = cache;

	(void)state;
	assert_int_equal(promo_auth_cache_new(2, &small), 0);
	cache = small;
	put(0, 5);
	put(1, 5);
	assert_true(knows(0));
	put(2, 5);
	assert_true(knows(0));
	assert_false(knows(1));
	assert_true(knows(2));
	promo_auth_cache_free(small);
	cache = large;
}

static bool is_stale(int64_t at)
{
	struct promo_auth_key key;

	assert_true(promo_auth_key(bearers[0].token, &key));
	return promo_auth_cache_is_stale(cache, &key, at, PROMO_AUTH_SEEN_MS);
}

static void test_use_is_noted_once_a_minute(void **state)
{
	struct promo_auth_facts facts = facts_of(0, 5);

	(void)state;
	assert_false(is_stale(9999999));
	put(0, 5);
	assert_false(is_stale(1000000 + PROMO_AUTH_SEEN_MS));
	assert_true(is_stale(1000001 + PROMO_AUTH_SEEN_MS));
	/* One is at it. */
	assert_false(is_stale(1000002 + PROMO_AUTH_SEEN_MS));
	put(0, 5);
	assert_false(is_stale(1000003 + PROMO_AUTH_SEEN_MS));
	/* He did not manage it. */
	assert_true(is_stale(1000002 + 2 * PROMO_AUTH_SEEN_MS));
	facts.last_seen_at = 1000002 + 3 * PROMO_AUTH_SEEN_MS;
	promo_auth_cache_put(cache, bearers[0].token, &facts);
	assert_false(is_stale(1000004 + 3 * PROMO_AUTH_SEEN_MS));
}

/* What the database says in the following test: user n signed out last at this epoch. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t now_epoch, changed_at[SESSIONS / 2];

/* Reads the facts about all of them at one moment, puts them in a little later. */
static void *fill(void *context)
{
	(void)context;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t epoch;

		pthread_mutex_lock(&lock);
		epoch = now_epoch;
		pthread_mutex_unlock(&lock);
		for (int i = 0; i < SESSIONS; i++)
			put(i, epoch);
	}
	return NULL;
}

static void test_filled_while_rights_change(void **state)
{
	struct promo_auth_facts facts = facts_of(0, 1);
	struct promo_arena *own = promo_arena_new(64 * 1024 * 1024);
	pthread_t threads[WORKERS];
	int64_t found = 0;

	(void)state;
	assert_non_null(own);
	now_epoch = 1;
	promo_auth_cache_put(cache, bearers[0].token, &facts);
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, fill, NULL), 0);
	for (int round = 0; round < ROUNDS; round++) {
		int user = round % (SESSIONS / 2);
		const char *name = bearers[2 * user].user_id;
		struct promo_auth_known known;
		int64_t epoch;

		pthread_mutex_lock(&lock);
		epoch = ++now_epoch;
		changed_at[user] = epoch;
		pthread_mutex_unlock(&lock);
		renew(epoch, 1, &name);
		put(2 * user, epoch);
		/* Whoever is known now was read after his last change. */
		for (int i = 0; i < SESSIONS; i++) {
			if (!knows_in(i, own, &known))
				continue;
			assert_true(known.actor.rank >= changed_at[i / 2]);
			found++;
		}
		assert_int_equal(promo_auth_cache_epoch(cache), epoch);
		promo_arena_clear(own);
	}
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_true(found > 0);
	promo_arena_free(own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_is_kept, open_cache, close_cache),
		cmocka_unit_test_setup_teardown(
			test_who_may_not_sign_in_is_forgotten, open_cache, close_cache),
		cmocka_unit_test_setup_teardown(test_the_epoch, open_cache, close_cache),
		cmocka_unit_test_setup_teardown(test_newer_facts_stay, open_cache, close_cache),
		cmocka_unit_test_setup_teardown(
			test_the_oldest_makes_room, open_cache, close_cache),
		cmocka_unit_test_setup_teardown(
			test_use_is_noted_once_a_minute, open_cache, close_cache),
		cmocka_unit_test_setup_teardown(
			test_filled_while_rights_change, open_cache, close_cache),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
