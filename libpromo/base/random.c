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

static void stream_fill(void *context, void *bytes, size_t size)
{
	static const unsigned char zeros[sizeof(((struct promo_random_stream *)0)->bytes)];
	struct promo_random_stream *stream = context;
	unsigned char *at = bytes;

	while (size > 0) {
		size_t some = size < stream->left ? size : stream->left;

		memcpy(at, stream->bytes + sizeof(stream->bytes) - stream->left, some);
		at += some;
		size -= some;
		stream->left -= some;
		if (stream->left > 0)
			continue;
		(void)crypto_stream_chacha20_xor_ic(stream->bytes, zeros, sizeof(zeros),
			stream->nonce, stream->block, stream->key);
		stream->block += sizeof(zeros) / 64;
		stream->left = sizeof(zeros);
	}
}

struct promo_random promo_random_streamed(struct promo_random_stream *stream,
	const unsigned char key[PROMO_RANDOM_KEY_BYTES], uint64_t number)
{
	*stream = (struct promo_random_stream){ 0 };
	memcpy(stream->key, key, PROMO_RANDOM_KEY_BYTES);
	for (size_t i = 0; i < sizeof(stream->nonce); i++)
		stream->nonce[i] = (unsigned char)(number >> (56 - 8 * i));
	return (struct promo_random){ .fill = stream_fill, .context = stream };
}

void promo_random_stream_wipe(struct promo_random_stream *stream)
{
	sodium_memzero(stream, sizeof(*stream));
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
