/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/fraud_case.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/fraud.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/tell.h"
#include "libpromo/rules/fraud.h"
#include "libpromo/store/rows_bulk.h"
#include "libpromo/store/rows_codes.h"
#include "libpromo/store/store.h"

/* What both texts of a case say of people stays in the case: the audit trail notes that they changed. */

static int lock_codes(struct promo_ctx *ctx, struct promo_texts ids)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_objects found, locked;
	const struct promo_id_row *rows;
	const char **codes;
	int r;

	promo_param_texts(&params, ids);
	r = promo_store_all(ctx->store, ctx->arena, PROMO_Q_FRAUD_REPORT_CODES, &params, &found);
	if (r || found.count == 0)
		return r;
	rows = found.items;
	codes = promo_arena_alloc_array(ctx->arena, found.count, sizeof(*codes));
	if (!codes)
		return promo_fault(-ENOMEM, "could not lock the codes of cases");
	for (size_t i = 0; i < found.count; i++)
		codes[i] = rows[i].id;
	params = PROMO_PARAMS(ctx->arena);
	promo_param_texts(&params, (struct promo_texts){ codes, found.count });
	return promo_store_all(ctx->store, ctx->arena, PROMO_Q_CODE_LOCK, &params, &locked);
}

int promo_fraud_lock(
	struct promo_ctx *ctx, struct promo_texts ids, bool rejecting, struct promo_objects *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r = rejecting ? lock_codes(ctx, ids) : 0;

	if (r)
		return r;
	promo_param_texts(&params, ids);
	return promo_store_all(ctx->store, ctx->arena, PROMO_Q_FRAUD_REPORT_LOCK, &params, ret);
}

int promo_fraud_acquit(struct promo_ctx *ctx, struct promo_texts ids)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_count_row changed;
	int r;

	promo_param_texts(&params, ids);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	promo_param_int(&params, ctx->lane);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_CODE_ACQUIT, &params, &changed);
	if (r || changed.count == (int64_t)ids.count)
		return r;
	return promo_fault(-EIO, "a code of a case that was rejected was not reported");
}

static int read_case(struct promo_ctx *ctx, const char *id, struct promo_fraud_report *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_FRAUD_REPORT_GET, &params, ret);
	return r ? r : promo_fraud_add_notes(ctx, ret, 1);
}

/*
 * One case is worked on.
 */

/* Whoever works on cases has to be able to. */
static int check_assignee(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_actor actor;
	bool active = false;
	int r;

	if (!user_id)
		return 0;
	r = promo_auth_read_rights(ctx, user_id, &actor, &active);
	if (r < 0)
		return r;
	if (r || !active)
		return promo_ctx_refuse_field(
			ctx, "/assignee_id", "invalid_value", "is no active user");
	if (!promo_permissions_has(actor.permissions, PROMO_P_FRAUD_CASES_MANAGE))
		return promo_ctx_refuse_field(ctx, "/assignee_id", "invalid_value",
			"may not work on fraud reports; the permission %s is missing",
			promo_permission_key(PROMO_P_FRAUD_CASES_MANAGE));
	return 0;
}

static bool is_set(const struct promo_ctx *ctx, const void *in, const char *field)
{
	return promo_present(ctx->op->in, in, field);
}

static int write_update(struct promo_ctx *ctx, const struct promo_fraud_report_update_in *in)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t written;
	int r;

	promo_param_text(&params, in->id);
	promo_param_text(
		&params, in->status ? promo_word(&promo_fraud_status_words, in->status) : NULL);
	promo_param_text(
		&params, in->priority ? promo_word(&promo_priority_words, in->priority) : NULL);
	promo_param_bool(&params, is_set(ctx, in, "assignee_id"));
	promo_param_text(&params, in->assignee_id);
	promo_param_bool(&params, is_set(ctx, in, "resolution"));
	promo_param_text(&params, promo_text_given(in->resolution));
	r = promo_store_exec(ctx->store, PROMO_Q_FRAUD_REPORT_UPDATE, &params, &written);
	return r || written == 1 ? r : promo_fault(-EIO, "a case that was locked is gone");
}

/* What became of it, for the audit trail. */
static int note_update(struct promo_ctx *ctx, const struct promo_fraud_report_update_in *in,
	const struct promo_fraud_report *before, const struct promo_fraud_report *after)
{
	const struct promo_fraud_report_update_in was = {
		.status = before->status,
		.priority = before->priority,
		.assignee_id = before->assignee ? before->assignee->id : NULL,
	};
	const struct promo_fraud_report_update_in is = {
		.status = after->status,
		.priority = after->priority,
		.assignee_id = after->assignee ? after->assignee->id : NULL,
	};
	static const char *const fields[] = { "status", "priority", "assignee_id" };
	int r = 0;

	for (size_t i = 0; !r && i < PROMO_COUNT(fields); i++)
		if (is_set(ctx, in, fields[i]))
			r = promo_audit_change(ctx, ctx->op->in, fields[i], &was, &is);
	if (!r && is_set(ctx, in, "resolution"))
		r = promo_audit_change_hidden(ctx, "resolution");
	if (!r && before->status != after->status && after->status == PROMO_FRAUD_REJECTED)
		r = promo_code_note_change(ctx, PROMO_CODE_REPORTED, PROMO_CODE_REDEEMED);
	return r;
}

static int tell_assigned(struct promo_ctx *ctx, const struct promo_fraud_report *before,
	const struct promo_fraud_report *after)
{
	const struct promo_ref *was = before->assignee, *is = after->assignee;
	const char *title;

	if (!is || (was && strcmp(was->id, is->id) == 0))
		return 0;
	title = promo_arena_printf(ctx->arena, "%s was assigned to you", after->number);
	if (!title)
		return promo_fault(-ENOMEM, "could not tell of a case");
	return promo_tell(ctx,
		&(struct promo_event){
			.kind = PROMO_EVENT_FRAUD_ASSIGNED,
			.about_kind = "fraud_report",
			.about_id = after->id,
			.title = title,
			.body = "Look into the case: who brought the code, and who redeemed it.",
			.user_id = is->id,
			.batch_id = after->redemption->batch->id,
			.batch_name = after->redemption->batch->batch_name,
			.status = promo_word(&promo_fraud_status_words, after->status),
			.count = PROMO_NULL_INT,
		});
}

static int refuse_move(struct promo_ctx *ctx, int from, int to)
{
	return promo_ctx_refuse(ctx, PROMO_E_INVALID_TRANSITION,
		"the case is %s and cannot become %s", promo_word(&promo_fraud_status_words, from),
		promo_word(&promo_fraud_status_words, to));
}

int promo_fraud_report_update(struct promo_ctx *ctx, const struct promo_fraud_report_update_in *in,
	struct promo_fraud_report *ret)
{
	const struct promo_texts ids = { .items = &in->id, .count = 1 };
	struct promo_fraud_report before;
	struct promo_objects locked;
	bool moves;
	int r;

	promo_audit_entity(ctx, "fraud-report", in->id);
	r = promo_fraud_lock(ctx, ids, in->status == PROMO_FRAUD_REJECTED, &locked);
	if (!r)
		r = read_case(ctx, in->id, &before);
	if (!r)
		r = check_assignee(ctx, in->assignee_id);
	if (r)
		return r;
	moves = in->status && in->status != before.status;
	if (moves && !promo_fraud_may_become((enum promo_fraud_status)before.status,
			     (enum promo_fraud_status)in->status))
		return refuse_move(ctx, before.status, in->status);
	if (in->status || in->priority || is_set(ctx, in, "assignee_id") ||
		is_set(ctx, in, "resolution"))
		r = write_update(ctx, in);
	if (!r && moves && in->status == PROMO_FRAUD_REJECTED)
		r = promo_fraud_acquit(ctx, ids);
	if (!r)
		r = read_case(ctx, in->id, ret);
	if (!r)
		r = tell_assigned(ctx, &before, ret);
	return r ? r : note_update(ctx, in, &before, ret);
}

/*
 * A note.
 */

int promo_fraud_report_note(struct promo_ctx *ctx, const struct promo_fraud_report_note_in *in,
	struct promo_fraud_report *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];
	int64_t written;
	int r;

	promo_audit_entity(ctx, "fraud-report", in->id);
	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, in->id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, in->text);
	promo_param_bool(&params, /* any_status= */ true);
	r = promo_store_exec(ctx->store, PROMO_Q_FRAUD_NOTE_INSERT, &params, &written);
	if (r)
		return r;
	if (written == 0)
		return PROMO_E_NOT_FOUND;
	r = promo_audit_change_hidden(ctx, "notes");
	return r ? r : read_case(ctx, in->id, ret);
}
