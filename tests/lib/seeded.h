/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/random.h"

/*
 * Random numbers that are the same in every run, for tests of properties: a failure names its seed
 * and comes back. SplitMix64 (Steele, Lea, Flood 2014).
 */
struct seeded {
	uint64_t state;
};

static inline uint64_t seeded_next(struct seeded *seeded)
{
	uint64_t z = seeded->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 to n - 1 */
static inline uint64_t seeded_below(struct seeded *seeded, uint64_t n)
{
	return seeded_next(seeded) % n;
}

static inline void seeded_fill(void *context, void *bytes, size_t size)
{
	struct seeded *seeded = context;
	unsigned char *at = bytes;

	for (size_t i = 0; i < size; i++)
		at[i] = (unsigned char)(seeded_next(seeded) >> 32);
}

/* The same as a source for what takes one. */
static inline struct promo_random seeded_source(struct seeded *seeded)
{
	return (struct promo_random){ .fill = seeded_fill, .context = seeded };
}
