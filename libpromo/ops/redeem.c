/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/redeem.h"
#include "libpromo/store/store.h"

/*
 * The redemption of a code: where money is paid.
 *
 * What decides is read without a lock, decided by the one rule, and written by compare-and-set:
 * the code changes only if its status and the version of its batch are still those that were
 * decided upon. Who was overtaken is rolled back and begins again, and then reads what the faster
 * one wrote. The unique indexes on the code and on the key of redemptions are the second lock on
 * the door.
 *
 * Locks are taken in the order customer, code, key, totals, as everywhere (design section 3), so
 * that two redemptions cannot wait for each other.
 *
 * The idempotency key stands in the redemption's own row and never expires. A refused attempt on a
 * code that exists is a row as well, and a replay is rebuilt from columns that nobody may change.
 */

struct attempt {
	struct promo_ctx *ctx;
	const struct promo_redemption_create_in *in;
	const char *key; /* "<user id>/<key>" */
	struct promo_code_found code;
	struct promo_customer_ref customer; /* id NULL: nobody with this phone is known */
	char id[PROMO_UUID_SIZE];
};

static int overtaken(struct attempt *attempt)
{
	attempt->ctx->overtaken = true;
	return -EAGAIN;
}

static int locate(struct promo_ctx *ctx, const char *id)
{
	ctx->location = promo_arena_printf(ctx->arena, PROMO_API_BASE "/redemptions/%s", id);
	return ctx->location ? 0 : promo_fault(-ENOMEM, "could not name a redemption");
}

/* Refuses as the rule says, with what the clerk has to know about a code that was redeemed. */
static int refuse(struct attempt *attempt, int error, const char *code_id, const char *message)
{
	struct promo_ctx *ctx = attempt->ctx;
	struct promo_verified_redemption first;
	struct promo_redeemed_member *member;
	bool found = false;
	int r;

	if (error == PROMO_E_CODE_ALREADY_REDEEMED) {
		r = promo_code_redemption(ctx, code_id, &first, &found);
		if (r)
			return r;
	}
	if (found) {
		member = promo_arena_alloc(ctx->arena, sizeof(*member));
		if (!member)
			return promo_fault(-ENOMEM, "could not refuse a redemption");
		member->redeemed_at = first.redeemed_at;
		member->phone_number = first.phone_number;
		member->redeemed_by = first.redeemed_by;
		ctx->problem.member_schema = &promo_redeemed_member_schema;
		ctx->problem.members = member;
	}
	return promo_ctx_refuse(ctx, error, "%s", message);
}

/*
 * The key was used before.
 */

static int replay(struct attempt *attempt, const struct promo_redemption *before,
	struct promo_redemption *ret)
{
	struct promo_ctx *ctx = attempt->ctx;

	if (strcmp(before->request_hash, ctx->in_hash) != 0)
		return PROMO_E_IDEMPOTENCY_KEY_REUSED;
	promo_audit_entity(ctx, "code", before->code_id);
	ctx->replayed = true;
	if (before->status == PROMO_REDEMPTION_FAILED)
		return refuse(attempt, promo_error_from_wire(before->error_code), before->code_id,
			before->error_message);
	*ret = *before;
	return locate(ctx, before->id);
}

/*
 * The row of the attempt, done or refused.
 */

static int insert(struct attempt *attempt, enum promo_redemption_status status, int error)
{
	const struct promo_error_info *info = error ? promo_error_info(error) : NULL;
	struct promo_ctx *ctx = attempt->ctx;
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_uuid_new(attempt->id);
	promo_param_text(&params, attempt->id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, attempt->code.id);
	promo_param_text(&params, attempt->customer.id);
	promo_param_money(&params, attempt->code.amount);
	promo_param_text(&params, promo_word(&promo_redemption_status_words, (int)status));
	promo_param_text(&params, attempt->key);
	promo_param_text(&params, ctx->in_hash);
	promo_param_text(&params, info ? info->wire : NULL);
	promo_param_text(&params, info ? info->text : NULL);
	promo_param_text(&params, promo_text_given(attempt->in->note));
	return promo_store_exec(ctx->store, PROMO_Q_REDEMPTION_INSERT, &params, NULL);
}

static int find_customer(struct attempt *attempt)
{
	struct promo_ctx *ctx = attempt->ctx;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	bool found;

	promo_param_text(&params, attempt->in->phone_number);
	return promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_CUSTOMER_FIND, &params, &attempt->customer, &found);
}

static int record_refusal(struct attempt *attempt, int error)
{
	int r;

	r = find_customer(attempt);
	if (r)
		return r;
	r = insert(attempt, PROMO_REDEMPTION_FAILED, error);
	if (r)
		return r;
	attempt->ctx->commit_refusal = true;
	return refuse(attempt, error, attempt->code.id, promo_error_info(error)->text);
}

/*
 * The redemption itself.
 */

static int insert_customer(struct attempt *attempt)
{
	struct promo_ctx *ctx = attempt->ctx;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];
	int r;

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, attempt->in->phone_number);
	promo_param_text(&params, promo_text_given(attempt->in->first_name));
	promo_param_text(&params, promo_text_given(attempt->in->last_name));
	r = promo_store_exec(ctx->store, PROMO_Q_CUSTOMER_INSERT, &params, NULL);
	if (r)
		return r;
	return find_customer(attempt);
}

/* A name that is known stays: a clerk at the counter adds to what is known and corrects nothing. */
static int fill_name(struct attempt *attempt)
{
	const char *first = promo_text_given(attempt->in->first_name),
		   *last = promo_text_given(attempt->in->last_name);
	struct promo_ctx *ctx = attempt->ctx;
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	if ((attempt->customer.first_name || !first) && (attempt->customer.last_name || !last))
		return 0;
	promo_param_text(&params, attempt->customer.id);
	promo_param_text(&params, first);
	promo_param_text(&params, last);
	return promo_store_exec(ctx->store, PROMO_Q_CUSTOMER_NAME, &params, NULL);
}

static int know_customer(struct attempt *attempt)
{
	int r;

	r = find_customer(attempt);
	if (!r && !attempt->customer.id)
		r = insert_customer(attempt);
	if (r)
		return r;
	/* Neither there nor made: somebody is making or erasing the customer right now. */
	if (!attempt->customer.id)
		return overtaken(attempt);
	return fill_name(attempt);
}

static int take_code(struct attempt *attempt)
{
	struct promo_ctx *ctx = attempt->ctx;
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t taken;
	int r;

	promo_param_text(&params, attempt->code.id);
	promo_param_int(&params, attempt->code.batch_version);
	r = promo_store_exec(ctx->store, PROMO_Q_CODE_REDEEM, &params, &taken);
	if (r)
		return r;
	return taken == 1 ? 0 : overtaken(attempt);
}

static int count(struct attempt *attempt)
{
	struct promo_ctx *ctx = attempt->ctx;
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, attempt->code.batch_id);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	promo_param_int(&params, ctx->lane);
	promo_param_money(&params, attempt->code.amount);
	return promo_store_exec(ctx->store, PROMO_Q_TOTAL_REDEEM, &params, NULL);
}

static int get(struct promo_ctx *ctx, const char *id, struct promo_redemption *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_REDEMPTION_GET, &params, ret);
}

static int redeem(struct attempt *attempt, struct promo_redemption *ret)
{
	struct promo_ctx *ctx = attempt->ctx;
	int r;

	r = know_customer(attempt);
	if (r)
		return r;
	r = take_code(attempt);
	if (r)
		return r;
	r = insert(attempt, PROMO_REDEMPTION_COMPLETED, /* error= */ 0);
	if (r)
		return r;
	r = count(attempt);
	if (r)
		return r;
	r = locate(ctx, attempt->id);
	if (r)
		return r;
	r = promo_code_note_change(ctx, PROMO_CODE_ACTIVE, PROMO_CODE_REDEEMED);
	if (r)
		return r;
	return get(ctx, attempt->id, ret);
}

int promo_redemption_create_check(
	struct promo_ctx *ctx, const struct promo_redemption_create_in *in)
{
	return promo_code_check(ctx, in->code);
}

int promo_redemption_create(struct promo_ctx *ctx, const struct promo_redemption_create_in *in,
	struct promo_redemption *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct attempt attempt = { .ctx = ctx, .in = in };
	struct promo_redemption before;
	struct promo_batch_facts batch;
	struct promo_code_facts code;
	bool found;
	int r;

	ctx->audit.phone = in->phone_number;
	attempt.key = promo_arena_printf(ctx->arena, "%s/%s", ctx->actor->user_id, ctx->key);
	if (!attempt.key)
		return promo_fault(-ENOMEM, "could not redeem a code");
	promo_param_text(&params, attempt.key);
	r = promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_REDEMPTION_BY_KEY, &params, &before, &found);
	if (r)
		return r;
	if (found)
		return replay(&attempt, &before, ret);

	r = promo_code_lookup(ctx, in->code, &attempt.code);
	if (r)
		return r;
	code = promo_code_facts_of(&attempt.code);
	batch = promo_batch_facts_of(&attempt.code);
	r = promo_rule_redeem(&code, &batch, ctx->now_ms);
	if (r < 0)
		return r;
	return r ? record_refusal(&attempt, r) : redeem(&attempt, ret);
}
