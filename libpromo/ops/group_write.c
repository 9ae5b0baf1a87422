/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/group_item.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/array.h"

/*
 * What a group writes, in the order of its locks: the writer of the audit trail, customers by phone,
 * codes by code, keys, totals by batch. The unique indexes on the code and on the key of redemptions
 * are the second lock on the door.
 */

/* Items of a group that have something in common, in an order of their own. */
struct selection {
	struct promo_group_item *items[PROMO_GROUP_MAX];
	size_t count;
};

static bool follows(const struct promo_group_item *item, enum promo_group_follows what)
{
	return item->end == PROMO_GROUP_OPEN && item->facts->follows == what;
}

static void select_items(
	const struct promo_group *group, enum promo_group_follows what, struct selection *ret)
{
	ret->count = 0;
	for (size_t i = 0; i < group->count; i++)
		if (follows(group->items[i], what))
			ret->items[ret->count++] = group->items[i];
}

/* Who came first in the group comes first among those of one code. */
static int by_code(const void *a, const void *b)
{
	const struct promo_group_item *const *one = a, *const *other = b;
	int order = strcmp((*one)->facts->code->code, (*other)->facts->code->code);

	if (order)
		return order;
	return (*one)->facts->index < (*other)->facts->index ? -1 : 1;
}

/* The order of their locks, each code once: for whoever else would redeem it, it was read too early. */
static void keep_first_of_code(struct selection *redeemed)
{
	size_t kept = 0;

	qsort(redeemed->items, redeemed->count, sizeof(redeemed->items[0]), by_code);
	for (size_t i = 0; i < redeemed->count; i++) {
		struct promo_group_item *item = redeemed->items[i];

		if (kept > 0 && strcmp(redeemed->items[kept - 1]->facts->code->code,
					item->facts->code->code) == 0)
			item->end = PROMO_GROUP_AGAIN;
		else
			redeemed->items[kept++] = item;
	}
	redeemed->count = kept;
}

/* Who came first in the group comes first among those of one phone. */
static int by_phone(const void *a, const void *b)
{
	const struct promo_group_item *const *one = a, *const *other = b;
	int order = strcmp(
		promo_group_redeems(*one)->phone_number, promo_group_redeems(*other)->phone_number);

	if (order)
		return order;
	return (*one)->facts->index < (*other)->facts->index ? -1 : 1;
}

/*
 * Customers.
 */

/* A name that is known stays: a clerk at the counter adds to what is known and corrects nothing. */
static bool adds_to_customer(const struct promo_group_item *item)
{
	const struct promo_redemption_create_in *in = promo_group_redeems(item);
	const struct promo_customer_found *known = item->facts->customer;

	return !known || (!known->first_name && promo_text_given(in->first_name)) ||
	       (!known->last_name && promo_text_given(in->last_name));
}

/* Those of one phone are one customer; the first name that was given is his. */
static void write_customers(const struct promo_group *group, const struct selection *redeemed,
	struct promo_group_trip *trip)
{
	struct promo_array ids = promo_array_new(group->arena, redeemed->count, 36);
	struct promo_array phones = promo_array_new(group->arena, redeemed->count, 16);
	struct promo_array firsts = promo_array_new(group->arena, redeemed->count, 16);
	struct promo_array lasts = promo_array_new(group->arena, redeemed->count, 16);
	struct promo_params *params;
	struct selection added;

	added.count = 0;
	for (size_t i = 0; i < redeemed->count; i++)
		if (adds_to_customer(redeemed->items[i]))
			added.items[added.count++] = redeemed->items[i];
	if (added.count == 0)
		return;
	qsort(added.items, added.count, sizeof(added.items[0]), by_phone);
	for (size_t i = 0; i < added.count;) {
		const char *phone = promo_group_redeems(added.items[i])->phone_number;
		const char *first = NULL, *last = NULL;
		char id[PROMO_UUID_SIZE];

		promo_uuid_new(id);
		for (; i < added.count; i++) {
			const struct promo_redemption_create_in *in =
				promo_group_redeems(added.items[i]);

			if (strcmp(in->phone_number, phone) != 0)
				break;
			if (!added.items[i]->facts->customer)
				memcpy(added.items[i]->facts->customer_id, id, sizeof(id));
			if (!first)
				first = promo_text_given(in->first_name);
			if (!last)
				last = promo_text_given(in->last_name);
		}
		promo_array_plain(&ids, id);
		promo_array_plain(&phones, phone);
		promo_array_text(&firsts, first);
		promo_array_text(&lasts, last);
	}
	params = promo_group_add(group, trip, PROMO_Q_CUSTOMER_KNOW);
	promo_param_array(params, &ids);
	promo_param_array(params, &phones);
	promo_param_array(params, &firsts);
	promo_param_array(params, &lasts);
}

/*
 * Redemptions, and what was refused.
 */

static void write_redemptions(const struct promo_group *group, const struct selection *redeemed,
	struct promo_group_trip *trip)
{
	const size_t count = redeemed->count;
	struct promo_array codes = promo_array_new(group->arena, count, 36);
	struct promo_array versions = promo_array_new(group->arena, count, 8);
	struct promo_array ids = promo_array_new(group->arena, count, 36);
	struct promo_array users = promo_array_new(group->arena, count, 36);
	struct promo_array phones = promo_array_new(group->arena, count, 16);
	struct promo_array keys = promo_array_new(group->arena, count, 80);
	struct promo_array hashes = promo_array_new(group->arena, count, 64);
	struct promo_array notes = promo_array_new(group->arena, count, 16);
	struct promo_array *const columns[] = { &codes, &versions, &ids, &users, &phones, &keys,
		&hashes, &notes };
	struct promo_params *params = promo_group_add(group, trip, PROMO_Q_CODE_REDEEM);

	for (size_t i = 0; i < count; i++) {
		const struct promo_group_item *item = redeemed->items[i];
		const struct promo_redemption_create_in *in = promo_group_redeems(item);
		struct promo_group_facts *facts = item->facts;

		facts->rank = i + 1;
		promo_array_plain(&codes, facts->code->id);
		promo_array_int(&versions, facts->code->batch_version);
		promo_array_plain(&ids, facts->id);
		promo_array_plain(&users, item->call.ctx.actor->user_id);
		promo_array_plain(&phones, in->phone_number);
		promo_array_text(&keys, facts->key);
		promo_array_plain(&hashes, item->call.ctx.in_hash);
		promo_array_text(&notes, promo_text_given(in->note));
	}
	for (size_t i = 0; i < PROMO_COUNT(columns); i++)
		promo_param_array(params, columns[i]);
	promo_param_text(params, promo_settings_text(redeemed->items[0]->call.ctx.settings,
					 PROMO_SETTING_TIME_ZONE));
	promo_param_int(params, group->lane);
}

static void write_refusals(const struct promo_group *group, const struct selection *refused,
	struct promo_group_trip *trip)
{
	const size_t count = refused->count;
	struct promo_array ids = promo_array_new(group->arena, count, 36);
	struct promo_array users = promo_array_new(group->arena, count, 36);
	struct promo_array codes = promo_array_new(group->arena, count, 36);
	struct promo_array customers = promo_array_new(group->arena, count, 36);
	struct promo_array amounts = promo_array_new(group->arena, count, 12);
	struct promo_array keys = promo_array_new(group->arena, count, 80);
	struct promo_array hashes = promo_array_new(group->arena, count, 64);
	struct promo_array errors = promo_array_new(group->arena, count, 24);
	struct promo_array messages = promo_array_new(group->arena, count, 80);
	struct promo_array notes = promo_array_new(group->arena, count, 16);
	struct promo_array *const columns[] = { &ids, &users, &codes, &customers, &amounts, &keys,
		&hashes, &errors, &messages, &notes };
	struct promo_params *params = promo_group_add(group, trip, PROMO_Q_REDEMPTION_REFUSE);

	for (size_t i = 0; i < count; i++) {
		const struct promo_group_item *item = refused->items[i];
		const struct promo_group_facts *facts = item->facts;
		const struct promo_error_info *info = promo_error_info(facts->error);

		promo_array_plain(&ids, facts->id);
		promo_array_plain(&users, item->call.ctx.actor->user_id);
		promo_array_plain(&codes, facts->code->id);
		promo_array_plain(&customers, facts->customer ? facts->customer->id : NULL);
		promo_array_money(&amounts, facts->code->amount);
		promo_array_text(&keys, facts->key);
		promo_array_plain(&hashes, item->call.ctx.in_hash);
		promo_array_plain(&errors, info->wire);
		promo_array_text(&messages, info->text);
		promo_array_text(&notes, promo_text_given(promo_group_redeems(item)->note));
	}
	for (size_t i = 0; i < PROMO_COUNT(columns); i++)
		promo_param_array(params, columns[i]);
}

/*
 * The audit trail.
 */

static int write_audit(const struct promo_group *group, struct promo_group_trip *trip)
{
	struct promo_audit_batch batch;
	int r;

	r = promo_audit_batch_init(&batch, group->arena,
		group->items[0]->call.ctx.config->audit_folds, group->writer, group->count);
	for (size_t i = 0; !r && i < group->count; i++) {
		const struct promo_group_item *item = group->items[i];
		struct promo_audit_row row;

		if (item->end != PROMO_GROUP_OPEN ||
			!promo_audit_of_call(&item->call, group->writer, item->facts->error, &row))
			continue;
		r = promo_audit_batch_add(&batch, &row,
			item->facts->follows == PROMO_FOLLOWS_NOTHING ? NULL : item->facts->id);
	}
	if (r)
		return r;
	if (batch.fold_count > 0)
		promo_audit_batch_fold_params(
			&batch, promo_group_add(group, trip, PROMO_Q_AUDIT_FOLD));
	if (batch.count > 0)
		promo_audit_batch_params(
			&batch, promo_group_add(group, trip, PROMO_Q_AUDIT_INSERT));
	return 0;
}

int promo_group_write(struct promo_group *group, struct promo_group_trip *ret)
{
	struct selection redeemed, refused;
	int r;

	ret->count = 0;
	select_items(group, PROMO_FOLLOWS_REDEMPTION, &redeemed);
	select_items(group, PROMO_FOLLOWS_REFUSAL, &refused);
	if (redeemed.count > 0) {
		if (!group->alone)
			promo_param_int(
				promo_group_add(group, ret, PROMO_Q_AUDIT_LOCK), group->writer);
		keep_first_of_code(&redeemed);
		write_customers(group, &redeemed, ret);
		write_redemptions(group, &redeemed, ret);
	}
	if (refused.count > 0)
		write_refusals(group, &refused, ret);
	r = group->alone ? 0 : write_audit(group, ret);
	return r ? r : promo_group_check(ret);
}

int promo_group_forget(struct promo_group *group, struct promo_group_trip *ret)
{
	struct promo_array ids = promo_array_new(group->arena, group->count, 36);
	size_t made = 0;

	ret->count = 0;
	for (size_t i = 0; i < group->count; i++) {
		const struct promo_group_item *item = group->items[i];

		if (item->end != PROMO_GROUP_AGAIN || !item->facts->customer_id[0])
			continue;
		promo_array_plain(&ids, item->facts->customer_id);
		made++;
	}
	if (made > 0)
		promo_param_array(promo_group_add(group, ret, PROMO_Q_CUSTOMER_FORGET), &ids);
	return promo_group_check(ret);
}
