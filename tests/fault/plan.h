/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fault/history.h"
#include "tests/lib/seeded.h"

/*
 * What clients want: a stream of redemptions and verifications over a list of codes. It moves along
 * the list; everything it asks for lies in a window around where it is, so that clients meet at the
 * same codes: fresh ones, those that somebody else is just redeeming, and those that will be next. Now
 * and then an operation is asked for by a second client with the same key.
 */

struct person {
	const char *id, *token;
};

struct plan_config {
	const char *const *codes;
	size_t code_count;
	const struct person *people;
	size_t person_count;
	unsigned verify_percent; /* operations that verify */
	unsigned hot_percent;    /* redemptions of codes that are not fresh */
	unsigned
		again_percent; /* redemptions that another client asks for as well, with their key */
	unsigned crowd;        /* redemptions of each fresh code before the next is taken */
	uint64_t seed;
};

struct operation {
	enum attempt_kind kind;
	size_t code, person;
	uint64_t number; /* names the key */
};

enum {
	PLAN_AGAIN_MAX = 256,
	PLAN_BODY_MAX = 256,
};

struct plan {
	struct plan_config config;
	struct seeded random;
	size_t fresh;      /* the next code that nobody wanted yet */
	unsigned crowding; /* how often it was taken */
	uint64_t operations;
	struct operation again[PLAN_AGAIN_MAX];
	size_t again_count;
};

void plan_init(struct plan *plan, const struct plan_config *config);
/* The next operation. */
struct operation plan_next(struct plan *plan);
/* Whether there are fresh codes left. */
bool plan_has_fresh(const struct plan *plan);
/* The body of its request, always the same; its length. */
size_t plan_body(
	const struct plan *plan, const struct operation *operation, char ret[PLAN_BODY_MAX]);
/* As the client sends it: fault-<seed>-<number>. */
void plan_key(const struct plan *plan, uint64_t number, char *ret, size_t size);
