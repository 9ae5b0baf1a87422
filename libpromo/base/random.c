/* SPDX-License-Identifier: MIT */
#include "libpromo/base/random.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "libpromo/base/error.h"

int promo_base_init(void)
{
	if (sodium_init() < 0)
		return promo_fault(-EIO, "could not get random numbers from the system");
	return 0;
}

static void system_fill(void *context, void *bytes, size_t size)
{
	(void)context;
	randombytes_buf(bytes, size);
}

struct promo_random promo_random_system(void)
{
	return (struct promo_random){ .fill = system_fill };
}

static void pool_fill(void *context, void *bytes, size_t size)
{
	struct promo_random_pool *pool = context;
	unsigned char *at;

	if (size > sizeof(pool->bytes)) {
		pool->source.fill(pool->source.context, bytes, size);
		return;
	}
	if (pool->left < size) {
		pool->source.fill(pool->source.context, pool->bytes, sizeof(pool->bytes));
		pool->left = sizeof(pool->bytes);
	}
	at = pool->bytes + sizeof(pool->bytes) - pool->left;
	memcpy(bytes, at, size);
	sodium_memzero(at, size);
	pool->left -= size;
}

struct promo_random promo_random_pooled(struct promo_random_pool *pool, struct promo_random source)
{
	pool->source = source;
	pool->left = 0;
	return (struct promo_random){ .fill = pool_fill, .context = pool };
}

void promo_random_pool_wipe(struct promo_random_pool *pool)
{
	sodium_memzero(pool->bytes, sizeof(pool->bytes));
	pool->left = 0;
}

uint32_t promo_random_below(const struct promo_random *source, uint32_t n)
{
	unsigned char bytes[4];
	uint32_t surplus, number;

	assert(n > 0);
	/* 2^32 modulo n: that many of the smallest numbers would make some results likelier. */
	surplus = (uint32_t)(-n) % n;
	do {
		source->fill(source->context, bytes, sizeof(bytes));
		number = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
			 (uint32_t)bytes[3] << 24;
	} while (number < surplus);
	return number % n;
}
