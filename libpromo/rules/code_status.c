/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/code_status.h"

#include <stddef.h>

static bool has_passed(int64_t end, int64_t now_ms)
{
	return end != 0 && end <= now_ms;
}

enum promo_batch_status promo_batch_effective_status(
	const struct promo_batch_facts *batch, int64_t now_ms)
{
	if (batch->status == PROMO_BATCH_ACTIVE && has_passed(batch->expires_at, now_ms))
		return PROMO_BATCH_EXPIRED;
	return batch->status;
}

static const struct {
	enum promo_batch_status from, to;
} batch_changes[] = {
	{ PROMO_BATCH_ACTIVE, PROMO_BATCH_EXPIRED },
	{ PROMO_BATCH_ACTIVE, PROMO_BATCH_BLOCKED },
	{ PROMO_BATCH_ACTIVE, PROMO_BATCH_ARCHIVED },
	{ PROMO_BATCH_EXPIRED, PROMO_BATCH_ACTIVE },
	{ PROMO_BATCH_EXPIRED, PROMO_BATCH_BLOCKED },
	{ PROMO_BATCH_EXPIRED, PROMO_BATCH_ARCHIVED },
	{ PROMO_BATCH_BLOCKED, PROMO_BATCH_ACTIVE },
	{ PROMO_BATCH_BLOCKED, PROMO_BATCH_EXPIRED },
	{ PROMO_BATCH_BLOCKED, PROMO_BATCH_ARCHIVED },
	{ PROMO_BATCH_ARCHIVED, PROMO_BATCH_ACTIVE },
};

bool promo_batch_may_become(
	const struct promo_batch_facts *batch, enum promo_batch_status to, int64_t now_ms)
{
	enum promo_batch_status from = promo_batch_effective_status(batch, now_ms);

	/* It would be expired again at once, without having been anything else. */
	if (from == PROMO_BATCH_EXPIRED && to == PROMO_BATCH_ACTIVE &&
		has_passed(batch->expires_at, now_ms))
		return false;
	for (size_t i = 0; i < PROMO_COUNT(batch_changes); i++)
		if (batch_changes[i].from == from && batch_changes[i].to == to)
			return true;
	return false;
}

int64_t promo_code_effective_end(
	const struct promo_code_facts *code, const struct promo_batch_facts *batch)
{
	if (code->expires_at == 0)
		return batch->expires_at;
	if (batch->expires_at == 0)
		return code->expires_at;
	return code->expires_at < batch->expires_at ? code->expires_at : batch->expires_at;
}

enum promo_code_status promo_code_effective_status(
	const struct promo_code_facts *code, const struct promo_batch_facts *batch, int64_t now_ms)
{
	if (code->own_status == PROMO_CODE_REPORTED || code->own_status == PROMO_CODE_REDEEMED)
		return code->own_status;
	if (code->own_status == PROMO_CODE_BLOCKED || batch->status == PROMO_BATCH_BLOCKED ||
		batch->status == PROMO_BATCH_ARCHIVED)
		return PROMO_CODE_BLOCKED;
	if (batch->status == PROMO_BATCH_EXPIRED ||
		has_passed(promo_code_effective_end(code, batch), now_ms))
		return PROMO_CODE_EXPIRED;
	return PROMO_CODE_ACTIVE;
}

static const struct {
	enum promo_code_status from, to;
} transitions[] = {
	{ PROMO_CODE_ACTIVE, PROMO_CODE_BLOCKED },
	{ PROMO_CODE_BLOCKED, PROMO_CODE_ACTIVE },
	{ PROMO_CODE_ACTIVE, PROMO_CODE_REDEEMED },
	{ PROMO_CODE_REDEEMED, PROMO_CODE_REPORTED },
	{ PROMO_CODE_REPORTED, PROMO_CODE_REDEEMED },
};

bool promo_code_may_become(enum promo_code_status from, enum promo_code_status to)
{
	for (size_t i = 0; i < PROMO_COUNT(transitions); i++)
		if (transitions[i].from == from && transitions[i].to == to)
			return true;
	return false;
}
