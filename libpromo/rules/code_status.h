/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/macros.h"
#include "libpromo/model/words.h"

/*
 * What a code is right now. The database stores only a code's own facts; what follows from its
 * batch and from the clock is decided here (and, for lists and people in psql, by the view
 * promo_codes_effective: a test compares the two). So blocking or expiring a million codes is one
 * row, and unblocking the batch frees nothing that was blocked by itself.
 */

PROMO_BEGIN_DECLS

struct promo_batch_facts {
	enum promo_batch_status status; /* as stored */
	int64_t expires_at;             /* ms: from this instant on expired; 0: never */
};

struct promo_code_facts {
	enum promo_code_status own_status; /* as stored */
	int64_t expires_at;                /* the code's own, ms; 0: only the batch's counts */
};

/* As stored, but an active batch whose end has passed is expired. */
enum promo_batch_status promo_batch_effective_status(
	const struct promo_batch_facts *batch, int64_t now_ms);

/* Whether people may make a batch that: an active one expired, blocked or archived; an expired one
 * blocked, archived, or active again as long as its end has not come; a blocked one anything else;
 * an archived one only active again. A batch that is still generated belongs to its job. */
bool promo_batch_may_become(
	const struct promo_batch_facts *batch, enum promo_batch_status to, int64_t now_ms);

/* When a code ends: the earlier of its own end and its batch's; 0: never. */
int64_t promo_code_effective_end(
	const struct promo_code_facts *code, const struct promo_batch_facts *batch);

/* The first that applies: reported, redeemed, blocked (itself, or its batch blocked or archived),
 * expired, active. */
enum promo_code_status promo_code_effective_status(
	const struct promo_code_facts *code, const struct promo_batch_facts *batch, int64_t now_ms);

/* Whether a code's own status may change so: active to blocked and back, active to redeemed,
 * redeemed to reported, reported to redeemed (the case was rejected). */
bool promo_code_may_become(enum promo_code_status from, enum promo_code_status to);

PROMO_END_DECLS
