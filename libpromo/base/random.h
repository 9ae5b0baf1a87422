/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Random numbers come from a source that is handed in, so that rules stay pure and tests can choose
 * what "random" is. The one real source is libsodium's, that is the kernel's generator.
 */

PROMO_BEGIN_DECLS

struct promo_random {
	void (*fill)(void *context, void *bytes, size_t size); /* cannot fail */
	void *context;
};

/* Makes base ready: the first call of every program. May be called again and from any thread.
 * A fault if the system has no random numbers to give. */
int promo_base_init(void) PROMO_CHECK;

/* The system's generator. Thread-safe. */
struct promo_random promo_random_system(void);

/* Bytes of a source drawn in advance: one system call for many small draws. Belongs to one thread;
 * bytes that were handed out are wiped. */
struct promo_random_pool {
	struct promo_random source;
	size_t left;
	unsigned char bytes[1024];
};
/* The pool as a source; it has to outlive its use. */
struct promo_random promo_random_pooled(struct promo_random_pool *pool, struct promo_random source);
/* Forgets what is left in it. */
void promo_random_pool_wipe(struct promo_random_pool *pool);

/* Numbers that look random and can be had again: the key and the number of the stream give the same
 * bytes on every machine and in every version (ChaCha20, with the number as its nonce in network
 * order). Belongs to one thread. Who knows the key knows all of it. */
enum {
	PROMO_RANDOM_KEY_BYTES = 32
};
struct promo_random_stream {
	unsigned char key[PROMO_RANDOM_KEY_BYTES], nonce[8];
	uint64_t block; /* of 64 bytes, the next one */
	size_t left;
	unsigned char bytes[1024];
};
/* The stream as a source, from its beginning; it has to outlive its use. */
struct promo_random promo_random_streamed(struct promo_random_stream *stream,
	const unsigned char key[PROMO_RANDOM_KEY_BYTES], uint64_t number);
/* Forgets the key and what is left. */
void promo_random_stream_wipe(struct promo_random_stream *stream);

/* A number from 0 to n - 1 (n > 0), each as likely as the other: what would tip the scale is
 * rejected and drawn again. */
uint32_t promo_random_below(const struct promo_random *source, uint32_t n);

PROMO_END_DECLS
