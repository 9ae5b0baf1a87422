/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/lookup.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/code.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

/*
 * Most typing errors in the date part are found without looking for the code. "Today" is the day in
 * UTC: the rule allows one day more, and no zone of the shop is further ahead.
 */
int promo_code_check(struct promo_ctx *ctx, const char *code)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row other;
	char today[PROMO_DATE_SIZE];
	int r;

	if (!code)
		return 0;
	promo_date_format(promo_time_days(ctx->now_ms), today);
	if (promo_code_plausible(code, today))
		return 0;
	promo_param_text(&params, PROMO_CODE_FORMAT);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_OTHER_SHAPE, &params, &other);
	if (r)
		return r;
	if (other.count > 0)
		return 0;
	return promo_ctx_refuse_field(ctx, "/code", "code_malformed",
		"cannot be a code of this shop: its characters name no day on which codes were "
		"made");
}

static int refuse_foreign_batch(struct promo_ctx *ctx, const struct promo_code_found *found)
{
	struct promo_permission_member *member;

	if (!promo_settings_bool(ctx->settings, PROMO_SETTING_ASSIGNED_ONLY))
		return 0;
	if (!found->assigned_user_id || strcmp(found->assigned_user_id, ctx->actor->user_id) == 0)
		return 0;
	/* Who sees every batch anyway is no counter of a single one. */
	if (promo_permissions_has(ctx->actor->permissions, PROMO_P_BATCHES_READ))
		return 0;
	member = promo_arena_alloc(ctx->arena, sizeof(*member));
	if (!member)
		return promo_fault(-ENOMEM, "could not refuse a code");
	member->permission = promo_permission_key(PROMO_P_BATCHES_READ);
	ctx->problem.member_schema = &promo_permission_member_schema;
	ctx->problem.members = member;
	return promo_ctx_refuse(
		ctx, PROMO_E_FORBIDDEN, "the batch of this code is assigned to somebody else");
}

int promo_code_judge(struct promo_ctx *ctx, const struct promo_code_found *found)
{
	if (!found)
		return PROMO_E_CODE_NOT_FOUND;
	promo_audit_entity(ctx, "code", found->id);
	return refuse_foreign_batch(ctx, found);
}

int promo_code_lookup(struct promo_ctx *ctx, const char *code, struct promo_code_found *ret)
{
	const struct promo_texts codes = { .items = &code, .count = 1 };
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	bool found;
	int r;

	r = promo_code_check(ctx, code);
	if (r)
		return r;
	promo_param_texts(&params, codes);
	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_CODE_FIND, &params, ret, &found);
	if (r)
		return r;
	return promo_code_judge(ctx, found ? ret : NULL);
}

const char *promo_text_given(const char *text)
{
	return text && *text ? text : NULL;
}

struct promo_code_facts promo_code_facts_of(const struct promo_code_found *found)
{
	return (struct promo_code_facts){
		.own_status = (enum promo_code_status)found->own_status,
		.expires_at = found->expires_at,
	};
}

struct promo_batch_facts promo_batch_facts_of(const struct promo_code_found *found)
{
	return (struct promo_batch_facts){
		.status = (enum promo_batch_status)found->batch_status,
		.expires_at = found->batch_expires_at,
	};
}

int promo_code_note_change(
	struct promo_ctx *ctx, enum promo_code_status before, enum promo_code_status after)
{
	struct promo_code was = { .own_status = (int)before };
	struct promo_code is = { .own_status = (int)after };

	return promo_audit_change(ctx, &promo_code_schema, "own_status", &was, &is);
}
