/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/group_item.h"
#include "libpromo/store/array.h"

/*
 * Trip one: what decides about the requests of a group, and whom it concerns. Codes are read before
 * keys: a code that was redeemed under a request's own key is then always seen together with it.
 */

static const char *code_of(const struct promo_group_item *item)
{
	const struct promo_redemption_create_in *redeem = promo_group_redeems(item);
	const struct promo_code_verify_in *verify = item->call.in;

	assert(verify);
	return redeem ? redeem->code : verify->code;
}

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
	item->untold = false;
	if (promo_group_redeems(item)) {
		facts->key = key_of(ctx);
		if (!facts->key)
			return promo_fault(-ENOMEM, "could not read a key");
	}
	if (group->alone)
		return 0;
	ctx->lane = group->lane;
	ctx->problem = (struct promo_problem){ 0 };
	ctx->audit = item->call.note;
	ctx->commit_refusal = ctx->replayed = ctx->overtaken = false;
	ctx->location = NULL;
	memset(item->call.out, 0, item->call.out_size);
	return 0;
}

static int by_user(const void *a, const void *b)
{
	const struct promo_group_item *const *one = a, *const *other = b;

	return strcmp((*one)->call.ctx.actor->user_id, (*other)->call.ctx.actor->user_id);
}

/* Whose requests these are: where a user stands concerns all of his. */
static int list_users(struct promo_group *group)
{
	struct promo_group_item *items[PROMO_GROUP_MAX];
	size_t count = 0;

	group->users = promo_arena_alloc_array(group->arena, group->count, sizeof(char *));
	if (!group->users)
		return promo_fault(-ENOMEM, "could not list the users of a group");
	memcpy(items, group->items, group->count * sizeof(items[0]));
	qsort(items, group->count, sizeof(items[0]), by_user);
	for (size_t i = 0; i < group->count; i++) {
		if (i == 0 || by_user(&items[i - 1], &items[i]) != 0)
			group->users[count++] = items[i]->call.ctx.actor->user_id;
		items[i]->facts->user = count - 1;
	}
	group->user_count = count;
	return 0;
}

/* What concerns the requests of a lane beside the codes: the runner sees to it for its own. */
static int read_state(struct promo_group *group, struct promo_group_trip *trip)
{
	struct promo_array users;
	int r;

	r = list_users(group);
	if (r)
		return r;
	users = promo_array_new(group->arena, group->user_count, PROMO_UUID_SIZE);
	for (size_t i = 0; i < group->user_count; i++)
		promo_array_plain(&users, group->users[i]);
	promo_param_int(promo_group_add(group, trip, PROMO_Q_AUTH_STATE), group->epoch);
	promo_param_array(promo_group_add(group, trip, PROMO_Q_THROTTLE_READ), &users);
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
		promo_array_text(&codes, code_of(group->items[i])); /* NULL is a code */
		promo_array_text(&keys, facts[i].key);
		promo_array_plain(&phones, redeem ? redeem->phone_number : NULL);
	}
	ret->count = 0;
	if (!group->alone) {
		r = read_state(group, ret);
		if (r)
			return r;
	}
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
 * What was read.
 */

static struct promo_group_facts *facts_at(const struct promo_group *group, int64_t ord)
{
	if (ord < 1 || (size_t)ord > group->count)
		return NULL;
	return group->items[ord - 1]->facts;
}

static int compare_users(const void *a, const void *b)
{
	const char *const *one = a, *const *other = b;

	return strcmp(*one, *other);
}

/* Where users stand, to all requests of theirs. */
static int hand_out_throttles(const struct promo_group *group, const struct promo_group_trip *trip)
{
	const struct promo_objects *rows = promo_group_rows(trip, PROMO_Q_THROTTLE_READ);
	const struct promo_throttle_row *of_user[PROMO_GROUP_MAX] = { NULL };

	if (rows->count == 0)
		return 0;
	for (size_t i = 0; i < rows->count; i++) {
		const struct promo_throttle_row *row = rows->items;
		const char **user = bsearch(&row[i].subject, group->users, group->user_count,
			sizeof(group->users[0]), compare_users);

		if (!user)
			return promo_fault(-EPROTO, "a user was read that nobody asked for");
		of_user[user - group->users] = &row[i];
	}
	for (size_t i = 0; i < group->count; i++)
		group->items[i]->facts->throttle = of_user[group->items[i]->facts->user];
	return 0;
}

/* What was read, to those who asked for it. */
int promo_group_hand_out(const struct promo_group *group, const struct promo_group_trip *trip)
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
	if (strange)
		return promo_fault(-EPROTO, "a row was read that nobody asked for");
	return hand_out_throttles(group, trip);
}
