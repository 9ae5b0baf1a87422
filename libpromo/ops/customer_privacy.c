/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/audit.h"
#include "libpromo/ops/customers.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/*
 * What a customer may ask for: all that is known of him, and to be forgotten. Redemptions stay, with
 * their amounts and times, of a customer without a name; his number is free for somebody new
 * (docs/decisions/0038-people.md says what stays where, and for how long).
 */

enum {
	REDEMPTIONS_MAX = 10000, /* in one answer, which is made in memory */
};

static int read_redemptions(
	struct promo_ctx *ctx, const char *id, struct promo_objects *ret, int64_t *left)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_params whole = PROMO_PARAMS(ctx->arena);
	struct promo_count_row total;
	int r;

	promo_param_text(&params, id);
	promo_param_null(&params);
	promo_param_int(&params, REDEMPTIONS_MAX);
	promo_param_text(&whole, id);
	r = promo_store_one(
		ctx->store, ctx->arena, PROMO_Q_REDEMPTION_COUNTOFCUSTOMER, &whole, &total);
	if (!r)
		r = promo_store_all(
			ctx->store, ctx->arena, PROMO_Q_REDEMPTION_OFCUSTOMER, &params, ret);
	if (!r)
		*left = total.count > REDEMPTIONS_MAX ? total.count - REDEMPTIONS_MAX : 0;
	return r;
}

int promo_customer_data_export(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_customer_data *ret)
{
	struct promo_customer *customer = promo_arena_alloc(ctx->arena, sizeof(*customer));
	struct promo_customer_data data = { .exported_at = ctx->now_ms, .customer = customer };
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_params phone = PROMO_PARAMS(ctx->arena);
	int r;

	if (!customer)
		return promo_fault(-ENOMEM, "could not export a customer");
	promo_audit_entity(ctx, "customer", in->id);
	promo_param_text(&params, in->id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CUSTOMER_GET, &params, customer);
	if (!r)
		r = read_redemptions(ctx, in->id, &data.redemptions, &data.redemptions_left);
	promo_param_text(&phone, customer->phone_number);
	if (!r)
		r = promo_store_all(
			ctx->store, ctx->arena, PROMO_Q_CUSTOMER_CLAIMS, &phone, &data.claims);
	if (r)
		return r;
	*ret = data;
	return 0;
}

static int blank_by(struct promo_store *store, struct promo_arena *arena, enum promo_query query,
	const struct promo_texts *texts)
{
	struct promo_params params = PROMO_PARAMS(arena);

	promo_param_texts(&params, *texts);
	return promo_store_exec(store, query, &params, NULL);
}

int promo_customers_blank(
	struct promo_store *store, struct promo_arena *arena, const struct promo_objects *customers)
{
	static const enum promo_query by_phone[] = { PROMO_Q_CUSTOMER_BLANKCASES,
		PROMO_Q_CUSTOMER_BLANKANSWERS, PROMO_Q_CUSTOMER_BLANKLETTERS };
	const struct promo_customer_ref *rows = customers->items;
	const char **ids = promo_arena_alloc_array(arena, customers->count, sizeof(*ids));
	const char **phones = promo_arena_alloc_array(arena, customers->count, sizeof(*phones));
	struct promo_texts all = { ids, customers->count }, known = { phones, 0 };
	int r;

	if (!ids || !phones)
		return promo_fault(-ENOMEM, "could not forget customers");
	for (size_t i = 0; i < customers->count; i++) {
		ids[i] = rows[i].id;
		if (rows[i].phone_number)
			phones[known.count++] = rows[i].phone_number;
	}
	r = blank_by(store, arena, PROMO_Q_CUSTOMER_BLANK, &all);
	for (size_t i = 0; !r && known.count > 0 && i < PROMO_COUNT(by_phone); i++)
		r = blank_by(store, arena, by_phone[i], &known);
	return r;
}

/* Waits for whoever writes what customers are searched by, so that nothing of this one is written
 * behind him. */
static int lock(struct promo_ctx *ctx, const char *id, struct promo_customer_ref *ret)
{
	const struct promo_params none = PROMO_PARAMS(ctx->arena);
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_id_row rounds;
	int r;

	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CUSTOMER_LOCKROUNDS, &none, &rounds);
	promo_param_text(&params, id);
	return r ? r : promo_store_one(ctx->store, ctx->arena, PROMO_Q_CUSTOMER_LOCK, &params, ret);
}

/* That something was known of him, not what; and why it went. */
static int note(struct promo_ctx *ctx, const struct promo_customer_erase_in *in,
	const struct promo_customer_ref *was)
{
	int r = 0;

	if (was->phone_number)
		r = promo_audit_change_hidden(ctx, "phone_number");
	if (!r && was->first_name)
		r = promo_audit_change_hidden(ctx, "first_name");
	if (!r && was->last_name)
		r = promo_audit_change_hidden(ctx, "last_name");
	return r ? r : promo_audit_change(ctx, &promo_customer_erase_in_schema, "reason", NULL, in);
}

int promo_customer_erase(
	struct promo_ctx *ctx, const struct promo_customer_erase_in *in, struct promo_customer *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_customer_ref was;
	int r;

	promo_audit_entity(ctx, "customer", in->id);
	r = lock(ctx, in->id, &was);
	if (!r)
		r = promo_customers_blank(
			ctx->store, ctx->arena, &(struct promo_objects){ &was, 1 });
	if (!r)
		r = note(ctx, in, &was);
	promo_param_text(&params, in->id);
	return r ? r : promo_store_one(ctx->store, ctx->arena, PROMO_Q_CUSTOMER_GET, &params, ret);
}
