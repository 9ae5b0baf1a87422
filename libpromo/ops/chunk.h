/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/random.h"
#include "libpromo/rules/code.h"

/* A chunk of new codes in memory, and its form as binary COPY of PostgreSQL. */

PROMO_BEGIN_DECLS

struct promo_job_worker;

enum {
	PROMO_CHUNK_MAX = 50000
};

struct promo_chunk {
	char (*codes)[PROMO_CODE_SIZE]; /* sorted, each once */
	int32_t *serials;               /* shuffled */
	size_t count;
};

/* The serials first .. first + count - 1 in random order. */
int promo_chunk_serials(const struct promo_random *random, struct promo_arena *arena, int64_t first,
	size_t count, int32_t **ret) PROMO_CHECK;

/* `count` codes (at most PROMO_CHUNK_MAX). *ret_complete is false, and the chunk not to be used,
 * where the pattern holds so few that drawing found too many twice. */
int promo_chunk_make(const struct promo_code_pattern *pattern, const char *date,
	const struct promo_random *random, struct promo_arena *arena, int64_t first_serial,
	size_t count, struct promo_chunk *ret, bool *ret_complete) PROMO_CHECK;

/* Writes it into the COPY that was begun: id, code, batch_id, serial, amount. Ids rise with the
 * codes, so that both indexes grow in order. *ret_cut: the job is unwanted, and it stopped. */
int promo_chunk_write(const struct promo_chunk *chunk, struct promo_arena *arena,
	const char *batch_id, int64_t amount_minor, struct promo_job_worker *worker,
	bool *ret_cut) PROMO_CHECK;

PROMO_END_DECLS
