/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/group.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/ops/answer.h"
#include "libpromo/ops/group_item.h"
#include "libpromo/ops/throttle.h"

/* Statements and rows of a trip, the decisions, and the answers. */

struct promo_params *promo_group_add(
	const struct promo_group *group, struct promo_group_trip *trip, enum promo_query query)
{
	struct promo_group_statement *statement = &trip->statements[trip->count];

	assert(trip->count < PROMO_GROUP_CALLS_MAX);
	*statement = (struct promo_group_statement){
		.query = query,
		.params = PROMO_PARAMS(group->arena),
	};
	trip->count++;
	return &statement->params;
}

int promo_group_check(const struct promo_group_trip *trip)
{
	for (size_t i = 0; i < trip->count; i++)
		if (trip->statements[i].params.failed)
			return promo_fault(-ENOMEM, "no memory for the statements of a group");
	return 0;
}

const struct promo_objects *promo_group_rows(
	const struct promo_group_trip *trip, enum promo_query query)
{
	static const struct promo_objects none;

	for (size_t i = 0; i < trip->count; i++)
		if (trip->statements[i].query == query)
			return &trip->statements[i].rows;
	return &none;
}

const struct promo_redemption_create_in *promo_group_redeems(const struct promo_group_item *item)
{
	return item->call.ctx.op == &promo_op_redemption_create ? item->call.in : NULL;
}

/*
 * The decision.
 */

/* What a lane leaves to a worker: misses, which are counted where guessing is watched, and keys that
 * were used for something else or were refused before. */
static enum promo_group_end end_of(const struct promo_ctx *ctx, int error)
{
	if (error == PROMO_E_CODE_NOT_FOUND)
		return PROMO_GROUP_SUSPECT;
	if (error < 0 || error == PROMO_E_IDEMPOTENCY_KEY_REUSED || (error && ctx->replayed))
		return PROMO_GROUP_ALONE;
	return PROMO_GROUP_OPEN;
}

static void answer(struct promo_group_item *item)
{
	struct promo_call *call = &item->call;
	const struct promo_group_facts *facts = item->facts;

	if (facts->error) {
		promo_answer_problem(facts->error, &call->ctx.problem, call->ctx.op,
			call->request.request_id, call->ctx.arena, &call->answer);
		call->answer.replayed = call->ctx.replayed;
	} else if (promo_answer_success(&call->ctx, call->out, &call->answer)) {
		item->end = PROMO_GROUP_ALONE;
	}
	call->answer.user_id = call->ctx.actor->user_id;
	promo_throttle_tell(facts->throttle,
		facts->throttle ? facts->throttle->at : call->ctx.now_ms, &call->answer);
}

/* Who is blocked for guessing is refused, and who is under suspicion is watched: true where that is
 * all that there is to decide. */
static bool decide_by_throttle(struct promo_group_item *item)
{
	struct promo_group_facts *facts = item->facts;
	const struct promo_throttle_row *row = facts->throttle;
	int r;

	if (!row || promo_throttle_neutral(row, row->at))
		return false;
	r = promo_throttle_refuse(&item->call.ctx, row, row->at);
	facts->error = r;
	if (r > 0)
		answer(item);
	else
		item->end = PROMO_GROUP_SUSPECT;
	return true;
}

static int decide(struct promo_group *group, struct promo_group_item *item)
{
	const struct promo_redemption_create_in *redeem = promo_group_redeems(item);
	struct promo_group_facts *facts = item->facts;
	struct promo_ctx *ctx = &item->call.ctx;
	int r;

	if (!group->alone && decide_by_throttle(item))
		return 0;
	r = redeem ? promo_redeem_decide(ctx, redeem, facts, item->call.out)
		   : promo_verify_decide(ctx, facts, item->call.out);
	facts->error = r > 0 ? r : 0;
	if (group->alone)
		return r < 0 ? r : 0;
	item->end = end_of(ctx, r);
	if (item->end == PROMO_GROUP_OPEN && facts->follows != PROMO_FOLLOWS_REDEMPTION)
		answer(item);
	return 0;
}

/* Many guesses in one group are no way around the watch: with one miss the others of its user go the
 * same way, whatever they are. */
static void suspect_others(struct promo_group *group)
{
	bool suspect[PROMO_GROUP_MAX] = { false };

	for (size_t i = 0; i < group->count; i++)
		if (group->items[i]->end == PROMO_GROUP_SUSPECT)
			suspect[group->items[i]->facts->user] = true;
	for (size_t i = 0; i < group->count; i++)
		if (group->items[i]->end == PROMO_GROUP_OPEN &&
			suspect[group->items[i]->facts->user])
			group->items[i]->end = PROMO_GROUP_SUSPECT;
}

int promo_group_decide(struct promo_group *group, const struct promo_group_trip *trip)
{
	int r;

	r = promo_group_hand_out(group, trip);
	for (size_t i = 0; !r && i < group->count; i++) {
		struct promo_group_item *item = group->items[i];

		if (item->end != PROMO_GROUP_OPEN)
			continue;
		if (!group->alone)
			promo_log_set_request(item->call.request.request_id);
		r = decide(group, item);
	}
	if (group->alone)
		return r;
	promo_log_set_request(NULL);
	suspect_others(group);
	return r;
}

/*
 * The answers.
 */

static int compare_ids(const void *a, const void *b)
{
	const struct promo_id_row *one = a, *other = b;

	return strcmp(one->id, other->id);
}

static int sort_ids(
	struct promo_arena *arena, const struct promo_objects *rows, struct promo_objects *ret)
{
	struct promo_id_row *ids = promo_arena_alloc_array(arena, rows->count, sizeof(*ids));

	if (!ids)
		return promo_fault(-ENOMEM, "could not tell who was refused");
	if (rows->count > 0) {
		memcpy(ids, rows->items, rows->count * sizeof(*ids));
		qsort(ids, rows->count, sizeof(*ids), compare_ids);
	}
	*ret = (struct promo_objects){ ids, rows->count };
	return 0;
}

/* Whether an attempt that was refused has its row: else its key was bound meanwhile. */
static bool was_noted(const struct promo_objects *noted, const struct promo_group_item *item)
{
	const struct promo_id_row key = { .id = item->facts->id };

	return noted->count > 0 &&
	       bsearch(&key, noted->items, noted->count, sizeof(key), compare_ids);
}

static void settle(struct promo_group *group, struct promo_group_item *item,
	const struct promo_redeemed_row *row, const struct promo_objects *noted)
{
	if (item->facts->follows == PROMO_FOLLOWS_REFUSAL && !was_noted(noted, item)) {
		item->end = PROMO_GROUP_AGAIN;
		return;
	}
	if (item->facts->follows == PROMO_FOLLOWS_REDEMPTION) {
		if (!row) {
			item->end = PROMO_GROUP_AGAIN;
			return;
		}
		promo_redeem_settle(row, item->facts, item->call.out);
		if (!group->alone)
			answer(item);
		item->untold = item->end == PROMO_GROUP_ALONE;
	}
	if (item->end == PROMO_GROUP_OPEN)
		item->end = PROMO_GROUP_ANSWERED;
}

int promo_group_settle(struct promo_group *group, const struct promo_group_trip *trip)
{
	const struct promo_objects *rows = promo_group_rows(trip, PROMO_Q_CODE_REDEEM);
	const struct promo_redeemed_row *redeemed[PROMO_GROUP_MAX + 1] = { NULL };
	struct promo_objects noted = { 0 };
	int r;

	r = sort_ids(group->arena, promo_group_rows(trip, PROMO_Q_REDEMPTION_REFUSE), &noted);
	if (r)
		return r;
	for (size_t i = 0; i < rows->count; i++) {
		const struct promo_redeemed_row *row =
			(const struct promo_redeemed_row *)rows->items + i;

		if (row->ord < 1 || row->ord > PROMO_GROUP_MAX)
			return promo_fault(-EPROTO, "a code was redeemed that nobody asked for");
		redeemed[row->ord] = row;
	}
	for (size_t i = 0; i < group->count; i++) {
		struct promo_group_item *item = group->items[i];

		if (item->end == PROMO_GROUP_OPEN)
			settle(group, item, redeemed[item->facts->rank], &noted);
	}
	return 0;
}
