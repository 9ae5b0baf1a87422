/* SPDX-License-Identifier: MIT */
#include "tests/fault/plan.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
	BEHIND = 48,   /* codes behind the fresh one that are still of interest */
	AHEAD = 16,    /* and before it, for verifications */
	PHONES = 5000, /* few enough that customers come again */
};

void plan_init(struct plan *plan, const struct plan_config *config)
{
	*plan = (struct plan){ .config = *config, .random = { config->seed } };
}

bool plan_has_fresh(const struct plan *plan)
{
	return plan->fresh < plan->config.code_count;
}

static bool chance(struct plan *plan, unsigned percent)
{
	return seeded_below(&plan->random, 100) < percent;
}

/* One of the codes from `behind` before the fresh one to `ahead` after it. */
static size_t near(struct plan *plan, size_t behind, size_t ahead)
{
	size_t first = plan->fresh > behind ? plan->fresh - behind : 0;
	size_t last = plan->fresh + ahead;

	if (last > plan->config.code_count)
		last = plan->config.code_count;
	if (last == 0)
		last = 1;
	return first + seeded_below(&plan->random, last - first);
}

static size_t take_fresh(struct plan *plan)
{
	size_t code = plan->fresh;

	if (++plan->crowding >= plan->config.crowd) {
		plan->crowding = 0;
		plan->fresh++;
	}
	return code;
}

static bool take_again(struct plan *plan, struct operation *ret)
{
	size_t at;

	if (!plan->again_count || !chance(plan, plan->config.again_percent))
		return false;
	at = seeded_below(&plan->random, plan->again_count);
	*ret = plan->again[at];
	plan->again[at] = plan->again[--plan->again_count];
	return true;
}

struct operation plan_next(struct plan *plan)
{
	struct operation operation = { .number = plan->operations };

	if (take_again(plan, &operation))
		return operation;
	plan->operations++;
	operation.person = seeded_below(&plan->random, plan->config.person_count);
	if (chance(plan, plan->config.verify_percent)) {
		operation.kind = ATTEMPT_VERIFY;
		operation.code = near(plan, BEHIND, AHEAD);
		return operation;
	}
	operation.kind = ATTEMPT_REDEEM;
	operation.code = !plan_has_fresh(plan) || chance(plan, plan->config.hot_percent)
				 ? near(plan, BEHIND, 0)
				 : take_fresh(plan);
	if (plan->again_count < PLAN_AGAIN_MAX && chance(plan, plan->config.again_percent))
		plan->again[plan->again_count++] = operation;
	return operation;
}

size_t plan_body(
	const struct plan *plan, const struct operation *operation, char ret[PLAN_BODY_MAX])
{
	const char *code = plan->config.codes[operation->code];
	char phone[32];
	json_t *body;
	size_t size;

	(void)snprintf(phone, sizeof(phone), "+2507800%05" PRIu64, operation->number % PHONES);
	body = operation->kind == ATTEMPT_VERIFY
		       ? json_pack("{s:s}", "code", code)
		       : json_pack("{s:s, s:s}", "code", code, "phone_number", phone);
	size = json_dumpb(body, ret, PLAN_BODY_MAX, JSON_COMPACT);
	json_decref(body);
	return size;
}

void plan_key(const struct plan *plan, uint64_t number, char *ret, size_t size)
{
	(void)snprintf(ret, size, "fault-%" PRIx64 "-%" PRIu64, plan->config.seed, number);
}
