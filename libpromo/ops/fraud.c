/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/alert.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/fraud.h"
#include "libpromo/ops/lookup.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/tell.h"
#include "libpromo/rules/redeem.h"
#include "libpromo/store/store.h"

/*
 * Somebody brings a code that was redeemed before. The code becomes `reported`, its redemption
 * stays untouched, and a case is opened; whoever comes after that is noted in the open case. Locks:
 * code, report, totals, alert.
 */

struct evidence {
	const char *code_id, *fraud_report_id;
};

#define T struct evidence
static const struct promo_field evidence_fields[] = {
	PROMO_F_TEXT(T, code_id, ID, 0, 0, 0, "the code"),
	PROMO_F_TEXT(T, fraud_report_id, ID, 0, 0, 0, "its case"),
};
#undef T
static const struct promo_schema evidence_schema =
	PROMO_SCHEMA(struct evidence, "fraud_evidence", evidence_fields);

/* One open alert a code: later claimants raise its count. */
static int raise_alert(struct promo_ctx *ctx, const char *code_id, const char *report_id)
{
	const struct evidence evidence = { code_id, report_id };

	return promo_alert_raise(ctx, &(struct promo_alert_cause){
					      .kind = PROMO_ALERT_FRAUD_REPORT,
					      .about = code_id,
					      .told = true,
					      .evidence_schema = &evidence_schema,
					      .evidence = &evidence,
				      });
}

static int add_claimant(
	struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in, const char *report_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	const char *first = in->first_name ? in->first_name : "";
	const char *last = in->last_name ? in->last_name : "";
	const char *description = in->description ? in->description : "";
	char id[PROMO_UUID_SIZE];
	const char *text;
	int64_t written;
	int r;

	text = promo_arena_printf(ctx->arena, "another claimant: %s%s%s%s%s%s%s", in->phone_number,
		*first ? " " : "", first, *last ? " " : "", last, *description ? ": " : "",
		description);
	if (!text)
		return promo_fault(-ENOMEM, "could not note a claimant");
	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, report_id);
	promo_param_text(&params, ctx->actor->user_id);
	promo_param_text(&params, text);
	promo_param_bool(&params, /* any_status= */ false);
	r = promo_store_exec(ctx->store, PROMO_Q_FRAUD_NOTE_INSERT, &params, &written);
	if (r || written == 1)
		return r;
	/* The case was rejected meanwhile: this is the first report of another one. */
	ctx->overtaken = true;
	return -EAGAIN;
}

static int join_open_case(struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in,
	const struct promo_code_found *code)
{
	struct promo_id_member *member;
	int r;

	if (!code->report)
		return promo_fault(-EIO, "the reported code %s has no open case", code->id);
	r = add_claimant(ctx, in, code->report->id);
	if (r)
		return r;
	r = raise_alert(ctx, code->id, code->report->id);
	if (r)
		return r;
	member = promo_arena_alloc(ctx->arena, sizeof(*member));
	if (!member)
		return promo_fault(-ENOMEM, "could not name the open case");
	member->id = code->report->id;
	ctx->problem.member_schema = &promo_id_member_schema;
	ctx->problem.members = member;
	ctx->commit_refusal = true;
	return promo_ctx_refuse(ctx, PROMO_E_CODE_ALREADY_REPORTED, "%s",
		promo_error_info(PROMO_E_CODE_ALREADY_REPORTED)->text);
}

static int mark_code(struct promo_ctx *ctx, const char *code_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t marked;
	int r;

	promo_param_text(&params, code_id);
	r = promo_store_exec(ctx->store, PROMO_Q_CODE_REPORT, &params, &marked);
	if (r)
		return r;
	if (marked == 1)
		return 0;
	ctx->overtaken = true;
	return -EAGAIN;
}

static int insert_report(struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in,
	const char *id, const char *code_id, const char *redemption_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, id);
	promo_param_text(&params, code_id);
	promo_param_text(&params, redemption_id);
	promo_param_text(&params, promo_text_given(in->first_name));
	promo_param_text(&params, promo_text_given(in->last_name));
	promo_param_text(&params, in->phone_number);
	promo_param_text(&params, promo_word(&promo_fraud_type_words,
					  in->type ? in->type : PROMO_FRAUD_DUPLICATE_REDEMPTION));
	promo_param_text(&params, promo_text_given(in->description));
	promo_param_text(&params, ctx->actor->user_id);
	return promo_store_exec(ctx->store, PROMO_Q_FRAUD_REPORT_INSERT, &params, NULL);
}

static int count_report(struct promo_ctx *ctx, const char *batch_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, batch_id);
	promo_param_text(&params, promo_settings_text(ctx->settings, PROMO_SETTING_TIME_ZONE));
	promo_param_int(&params, ctx->lane);
	return promo_store_exec(ctx->store, PROMO_Q_TOTAL_REPORT, &params, NULL);
}

/* Who looks after cases is told of a new one. */
static int tell_people(struct promo_ctx *ctx, const struct promo_fraud_report *report)
{
	const char *title = promo_arena_printf(
		ctx->arena, "%s: a redeemed code was brought again", report->number);

	if (!title)
		return promo_fault(-ENOMEM, "could not tell of a report");
	return promo_tell(
		ctx, &(struct promo_event){
			     .kind = PROMO_EVENT_FRAUD_ALERT,
			     .about_kind = "fraud_report",
			     .about_id = report->id,
			     .title = title,
			     .body = "Look into the case: who brought it, and who redeemed it.",
			     .batch_id = report->redemption->batch->id,
			     .batch_name = report->redemption->batch->batch_name,
			     .status = promo_word(&promo_fraud_status_words, report->status),
			     .count = PROMO_NULL_INT,
		     });
}

/* What the report looks like, where it is, and what the audit trail says of it. */
static int tell(struct promo_ctx *ctx, const char *id, struct promo_fraud_report *ret)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int r;

	promo_param_text(&params, id);
	r = promo_store_one(ctx->store, ctx->arena, PROMO_Q_FRAUD_REPORT_GET, &params, ret);
	if (r)
		return r;
	ctx->location = promo_arena_printf(ctx->arena, PROMO_API_BASE "/fraud-reports/%s", id);
	if (!ctx->location)
		return promo_fault(-ENOMEM, "could not name a report");
	r = promo_code_note_change(ctx, PROMO_CODE_REDEEMED, PROMO_CODE_REPORTED);
	if (r)
		return r;
	r = tell_people(ctx, ret);
	return r ? r : promo_audit_change(ctx, &promo_fraud_report_schema, "number", NULL, ret);
}

int promo_fraud_open(struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in,
	const struct promo_code_found *code, struct promo_fraud_report *ret)
{
	char id[PROMO_UUID_SIZE];
	int r;

	if (!code->redemption)
		return promo_ctx_refuse(ctx, PROMO_E_CODE_NOT_REDEEMED,
			"the code was imported as used, its redemption is not known here");
	r = mark_code(ctx, code->id);
	if (r)
		return r;
	promo_uuid_new(id);
	r = insert_report(ctx, in, id, code->id, code->redemption->id);
	if (r)
		return r;
	r = count_report(ctx, code->batch_id);
	if (r)
		return r;
	r = raise_alert(ctx, code->id, id);
	if (r)
		return r;
	return tell(ctx, id, ret);
}

int promo_fraud_report_create_check(
	struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in)
{
	return promo_code_check(ctx, in->code);
}

int promo_fraud_report_create(struct promo_ctx *ctx, const struct promo_fraud_report_create_in *in,
	struct promo_fraud_report *ret)
{
	struct promo_code_found code;
	struct promo_code_facts facts;
	int r;

	ctx->audit.phone = in->phone_number;
	r = promo_code_lookup(ctx, in->code, &code);
	if (r)
		return r;
	facts = promo_code_facts_of(&code);
	r = promo_rule_report(&facts);
	if (r == PROMO_E_CODE_ALREADY_REPORTED)
		return join_open_case(ctx, in, &code);
	if (r)
		return r;
	return promo_fraud_open(ctx, in, &code, ret);
}
