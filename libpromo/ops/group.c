/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/group.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/ops/answer.h"
#include "libpromo/ops/group_item.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/array.h"

/*
 * What is read, and what is answered. Codes are read before keys: a code that was redeemed under a
 * request's own key is then always seen together with that key.
 */

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

static const char *code_of(const struct promo_group_item *item)
{
	const struct promo_redemption_create_in *redeem = promo_group_redeems(item);
	const struct promo_code_verify_in *verify = item->call.in;

	assert(verify);
	return redeem ? redeem->code : verify->code;
}

/*
 * Trip one.
 */

static const char *key_of(const struct promo_ctx *ctx)
{
	const size_t user_length = strlen(ctx->actor->user_id), key_length = strlen(ctx->key);
	char *key = promo_arena_alloc(ctx->arena, user_length + 1 + key_length + 1);

	if (!key)
		return NULL;
	memcpy(key, ctx->actor->user_id, user_length);
	key[user_length] = '/';
	memcpy(key + user_length + 1, ctx->key, key_length);
	return key;
}

/* Every time it is read, an item starts from the same point. */
static int begin(struct promo_group *group, struct promo_group_item *item, size_t index,
	struct promo_group_facts *facts)
{
	struct promo_ctx *ctx = &item->call.ctx;

	facts->index = index;
	item->facts = facts;
	item->end = PROMO_GROUP_OPEN;
	if (promo_group_redeems(item)) {
		facts->key = key_of(ctx);
		if (!facts->key)
			return promo_fault(-ENOMEM, "could not read a key");
	}
	if (group->alone)
		return 0;
	ctx->lane = group->lane;
	ctx->writer = group->writer;
	ctx->problem = (struct promo_problem){ 0 };
	ctx->audit = item->call.note;
	ctx->commit_refusal = ctx->replayed = ctx->overtaken = false;
	ctx->location = NULL;
	memset(item->call.out, 0, item->call.out_size);
	return 0;
}

int promo_group_read(struct promo_group *group, struct promo_group_trip *ret)
{
	struct promo_array codes = promo_array_new(group->arena, group->count, 16);
	struct promo_array keys = promo_array_new(group->arena, group->count, 80);
	struct promo_array phones = promo_array_new(group->arena, group->count, 16);
	struct promo_group_facts *facts;
	bool redeems = false;
	int r;

	assert(group->count <= PROMO_GROUP_MAX);
	facts = promo_arena_alloc_array(group->arena, group->count, sizeof(*facts));
	if (!facts)
		return promo_fault(-ENOMEM, "could not read for a group");
	for (size_t i = 0; i < group->count; i++) {
		const struct promo_redemption_create_in *redeem =
			promo_group_redeems(group->items[i]);

		r = begin(group, group->items[i], i, &facts[i]);
		if (r)
			return r;
		redeems = redeems || redeem;
		promo_array_plain(&codes, code_of(group->items[i]));
		promo_array_text(&keys, facts[i].key);
		promo_array_plain(&phones, redeem ? redeem->phone_number : NULL);
	}
	ret->count = 0;
	if (!group->alone)
		promo_param_int(promo_group_add(group, ret, PROMO_Q_AUTH_STATE), group->epoch);
	promo_param_array(promo_group_add(group, ret, PROMO_Q_CODE_FIND), &codes);
	if (redeems) {
		promo_param_array(promo_group_add(group, ret, PROMO_Q_REDEMPTION_BY_KEY), &keys);
		promo_param_array(promo_group_add(group, ret, PROMO_Q_CUSTOMER_FIND), &phones);
	}
	return promo_group_check(ret);
}

int promo_group_take_state(struct promo_group *group, const struct promo_group_trip *trip)
{
	const struct promo_objects *rows = promo_group_rows(trip, PROMO_Q_AUTH_STATE);

	if (rows->count != 1)
		return promo_fault(-ENOENT, "the state of the system is gone");
	group->state = rows->items;
	for (size_t i = 0; i < group->count; i++)
		group->items[i]->call.ctx.now_ms = group->state->at;
	return 0;
}

/*
 * The decision.
 */

static struct promo_group_facts *facts_at(const struct promo_group *group, int64_t ord)
{
	if (ord < 1 || (size_t)ord > group->count)
		return NULL;
	return group->items[ord - 1]->facts;
}

/* What was read, to those who asked for it. */
static int hand_out(const struct promo_group *group, const struct promo_group_trip *trip)
{
	const struct promo_objects *codes = promo_group_rows(trip, PROMO_Q_CODE_FIND);
	const struct promo_objects *keys = promo_group_rows(trip, PROMO_Q_REDEMPTION_BY_KEY);
	const struct promo_objects *customers = promo_group_rows(trip, PROMO_Q_CUSTOMER_FIND);
	struct promo_group_facts *facts;
	bool strange = false;

	for (size_t i = 0; i < codes->count; i++) {
		const struct promo_code_found *code = codes->items;

		facts = facts_at(group, code[i].ord);
		strange |= !facts;
		if (facts)
			facts->code = &code[i];
	}
	for (size_t i = 0; i < keys->count; i++) {
		const struct promo_key_found *key = keys->items;

		facts = facts_at(group, key[i].ord);
		strange |= !facts;
		if (facts)
			facts->before = key[i].redemption;
	}
	for (size_t i = 0; i < customers->count; i++) {
		const struct promo_customer_found *customer = customers->items;

		facts = facts_at(group, customer[i].ord);
		strange |= !facts;
		if (facts)
			facts->customer = &customer[i];
	}
	return strange ? promo_fault(-EPROTO, "a row was read that nobody asked for") : 0;
}

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
}

static int decide(struct promo_group *group, struct promo_group_item *item)
{
	const struct promo_redemption_create_in *redeem = promo_group_redeems(item);
	struct promo_group_facts *facts = item->facts;
	struct promo_ctx *ctx = &item->call.ctx;
	int r;

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

static bool same_user(const struct promo_group_item *one, const struct promo_group_item *other)
{
	return strcmp(one->call.ctx.actor->user_id, other->call.ctx.actor->user_id) == 0;
}

/* Many guesses in one group are no way around the watch: with one miss the others of its user go the
 * same way, whatever they are. */
static void suspect_others(struct promo_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		bool first = group->items[i]->end == PROMO_GROUP_SUSPECT;

		for (size_t j = 0; first && j < i; j++)
			first = group->items[j]->end != PROMO_GROUP_SUSPECT ||
				!same_user(group->items[i], group->items[j]);
		for (size_t j = 0; first && j < group->count; j++)
			if (group->items[j]->end == PROMO_GROUP_OPEN &&
				same_user(group->items[i], group->items[j]))
				group->items[j]->end = PROMO_GROUP_SUSPECT;
	}
}

int promo_group_decide(struct promo_group *group, const struct promo_group_trip *trip)
{
	int r;

	r = hand_out(group, trip);
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

static void settle(struct promo_group *group, struct promo_group_item *item,
	const struct promo_redeemed_row *row)
{
	if (item->facts->follows == PROMO_FOLLOWS_REDEMPTION) {
		if (!row) {
			item->end = PROMO_GROUP_AGAIN;
			return;
		}
		promo_redeem_settle(row, item->facts, item->call.out);
		if (!group->alone)
			answer(item);
	}
	if (item->end == PROMO_GROUP_OPEN)
		item->end = PROMO_GROUP_ANSWERED;
}

int promo_group_settle(struct promo_group *group, const struct promo_group_trip *trip)
{
	const struct promo_objects *rows = promo_group_rows(trip, PROMO_Q_CODE_REDEEM);
	const struct promo_redeemed_row *redeemed[PROMO_GROUP_MAX + 1] = { NULL };

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
			settle(group, item, redeemed[item->facts->rank]);
	}
	return 0;
}
