/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/auth_cache.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/api_key.h"

/*
 * Entries stand in three lists at once: by the hash of the token, by user, and by last use. An entry
 * is one block of memory, its texts behind it.
 */

struct entry {
	struct entry *by_token, *by_user; /* the next one in the same bucket */
	struct entry *older, *newer;
	struct promo_auth_key key;
	size_t user_bucket;
	int64_t epoch;         /* at which it was read */
	int64_t stale_told_at; /* when somebody was told that its use has to be noted */
	struct promo_auth_known known;
	char texts[];
};

struct promo_auth_cache {
	pthread_mutex_t lock;
	size_t count, max, bucket_count;
	int64_t epoch; /* 0: nothing was kept so far */
	struct entry *oldest, *newest;
	struct entry **tokens, **users;
};

bool promo_auth_key(const char *token, struct promo_auth_key *ret)
{
	if (!token ||
		(!promo_token_valid(PROMO_TOKEN_SESSION, token) && !promo_api_key_valid(token)))
		return false;
	promo_token_hash(token, ret->hash);
	return true;
}

int promo_auth_cache_new(size_t max, struct promo_auth_cache **ret)
{
	struct promo_auth_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return promo_fault(-ENOMEM, "could not make the cache of actors");
	(void)pthread_mutex_init(&cache->lock, NULL);
	cache->max = max;
	cache->bucket_count = max < 8 ? 8 : max;
	cache->tokens = calloc(cache->bucket_count, sizeof(struct entry *));
	cache->users = calloc(cache->bucket_count, sizeof(struct entry *));
	if (!cache->tokens || !cache->users) {
		promo_auth_cache_free(cache);
		return promo_fault(-ENOMEM, "could not make the cache of actors");
	}
	*ret = cache;
	return 0;
}

void promo_auth_cache_free(struct promo_auth_cache *cache)
{
	struct entry *entry;

	if (!cache)
		return;
	while ((entry = cache->newest)) {
		cache->newest = entry->older;
		free(entry);
	}
	(void)pthread_mutex_destroy(&cache->lock);
	free(cache->tokens);
	free(cache->users);
	free(cache);
}

/* The hash of a token is random already. */
static struct entry **token_bucket(
	const struct promo_auth_cache *cache, const struct promo_auth_key *key)
{
	uint64_t number;

	memcpy(&number, key->hash, sizeof(number));
	return &cache->tokens[number % cache->bucket_count];
}

/* Ids end in random bits that were drawn here, so nobody can choose where they meet. */
static size_t user_bucket(const struct promo_auth_cache *cache, const char *user_id)
{
	uint64_t number = 0;

	for (; *user_id; user_id++)
		number = number * 31 + (unsigned char)*user_id;
	return number % cache->bucket_count;
}

/*
 * With the lock.
 */

static struct entry *find(struct promo_auth_cache *cache, const struct promo_auth_key *key)
{
	struct entry *entry = *token_bucket(cache, key);

	while (entry && memcmp(&entry->key, key, sizeof(*key)) != 0)
		entry = entry->by_token;
	return entry;
}

static void unlink_use(struct promo_auth_cache *cache, struct entry *entry)
{
	*(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_use(struct promo_auth_cache *cache, struct entry *entry)
{
	entry->newer = NULL;
	entry->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
	cache->newest = entry;
}

static void drop(struct promo_auth_cache *cache, struct entry *entry)
{
	struct entry **at;

	for (at = token_bucket(cache, &entry->key); *at != entry; at = &(*at)->by_token)
		;
	*at = entry->by_token;
	for (at = &cache->users[entry->user_bucket]; *at != entry; at = &(*at)->by_user)
		;
	*at = entry->by_user;
	unlink_use(cache, entry);
	cache->count--;
	free(entry);
}

static void add(struct promo_auth_cache *cache, struct entry *entry)
{
	struct entry **tokens = token_bucket(cache, &entry->key);
	struct entry **users = &cache->users[entry->user_bucket];

	entry->by_token = *tokens;
	*tokens = entry;
	entry->by_user = *users;
	*users = entry;
	link_use(cache, entry);
	cache->count++;
}

static void drop_user(struct promo_auth_cache *cache, const char *user_id)
{
	struct entry *entry = cache->users[user_bucket(cache, user_id)];

	while (entry) {
		struct entry *next = entry->by_user;

		if (strcmp(entry->known.actor.user_id, user_id) == 0)
			drop(cache, entry);
		entry = next;
	}
}

/*
 * Entries.
 */

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static const char *keep(char **at, const char *text)
{
	size_t size = size_of(text);
	char *kept = *at;

	if (!text)
		return NULL;
	memcpy(kept, text, size);
	*at += size;
	return kept;
}

static struct entry *entry_new(const struct promo_auth_cache *cache,
	const struct promo_auth_key *key, const struct promo_auth_facts *facts)
{
	size_t size = size_of(facts->session_id) + size_of(facts->api_key_id) +
		      size_of(facts->user_id) + size_of(facts->name);
	struct entry *entry = calloc(1, sizeof(*entry) + size);
	char *at;

	if (!entry)
		return NULL;
	entry->key = *key;
	entry->epoch = facts->epoch;
	promo_auth_know(facts, &entry->known);
	at = entry->texts;
	entry->known.actor.session_id = keep(&at, facts->session_id);
	entry->known.actor.api_key_id = keep(&at, facts->api_key_id);
	entry->known.actor.user_id = keep(&at, facts->user_id);
	entry->known.actor.name = keep(&at, facts->name);
	entry->user_bucket = user_bucket(cache, entry->known.actor.user_id);
	return entry;
}

/* Takes the entry in, or frees it. */
static void take(struct promo_auth_cache *cache, struct entry *entry)
{
	struct entry *before = find(cache, &entry->key);

	if (cache->epoch == 0)
		cache->epoch = entry->epoch;
	if (entry->epoch < cache->epoch || (before && before->epoch > entry->epoch)) {
		free(entry);
		return;
	}
	if (before) {
		/* One thread may have read before, and another after, the use was noted. */
		if (before->known.last_seen_at > entry->known.last_seen_at)
			entry->known.last_seen_at = before->known.last_seen_at;
		entry->stale_told_at = before->stale_told_at;
		drop(cache, before);
	} else if (cache->count == cache->max) {
		drop(cache, cache->oldest);
	}
	add(cache, entry);
}

void promo_auth_cache_put(
	struct promo_auth_cache *cache, const char *token, const struct promo_auth_facts *facts)
{
	struct entry *entry = NULL, *before;
	struct promo_auth_key key;

	if (!promo_auth_key(token, &key))
		return;
	if ((facts->session_id || facts->api_key_id) && facts->is_active)
		entry = entry_new(cache, &key, facts);
	pthread_mutex_lock(&cache->lock);
	before = find(cache, &key);
	if (entry)
		take(cache, entry);
	else if (before)
		drop(cache, before);
	pthread_mutex_unlock(&cache->lock);
}

/* False without memory. */
static bool copy(struct promo_arena *arena, const char **text)
{
	if (!*text)
		return true;
	*text = promo_arena_strdup(arena, *text);
	return *text;
}

bool promo_auth_cache_get(struct promo_auth_cache *cache, const struct promo_auth_key *key,
	struct promo_arena *arena, struct promo_auth_known *ret)
{
	struct promo_auth_known known = { 0 };
	struct promo_actor *actor = &known.actor;
	struct entry *entry;
	bool copied = false;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, key);
	if (entry) {
		known = entry->known;
		copied = copy(arena, &actor->user_id) && copy(arena, &actor->session_id) &&
			 copy(arena, &actor->api_key_id) && copy(arena, &actor->name);
		unlink_use(cache, entry);
		link_use(cache, entry);
	}
	pthread_mutex_unlock(&cache->lock);
	if (!copied)
		return false;
	*ret = known;
	return true;
}

bool promo_auth_cache_is_stale(struct promo_auth_cache *cache, const struct promo_auth_key *key,
	int64_t at, int64_t seen_ms)
{
	struct entry *entry;
	bool stale;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, key);
	stale = entry && at - entry->known.last_seen_at > seen_ms &&
		at - entry->stale_told_at > seen_ms;
	if (stale)
		entry->stale_told_at = at;
	pthread_mutex_unlock(&cache->lock);
	return stale;
}

/*
 * The epoch.
 */

int64_t promo_auth_cache_epoch(struct promo_auth_cache *cache)
{
	int64_t epoch;

	pthread_mutex_lock(&cache->lock);
	epoch = cache->epoch;
	pthread_mutex_unlock(&cache->lock);
	return epoch;
}

static void drop_all(struct promo_auth_cache *cache)
{
	while (cache->newest)
		drop(cache, cache->newest);
}

void promo_auth_cache_renew(struct promo_auth_cache *cache, int64_t epoch, bool everybody,
	const struct promo_texts *users)
{
	pthread_mutex_lock(&cache->lock);
	if (everybody)
		drop_all(cache);
	for (size_t i = 0; i < users->count; i++)
		drop_user(cache, users->items[i]);
	if (epoch > cache->epoch)
		cache->epoch = epoch;
	pthread_mutex_unlock(&cache->lock);
}

void promo_auth_cache_restart(struct promo_auth_cache *cache, int64_t epoch)
{
	pthread_mutex_lock(&cache->lock);
	drop_all(cache);
	cache->epoch = epoch;
	pthread_mutex_unlock(&cache->lock);
}
