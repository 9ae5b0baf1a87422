/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/alert.h"

#include <errno.h>

#include "libpromo/base/uuid.h"
#include "libpromo/store/rows_tell.h"
#include "libpromo/store/store.h"

static int tell(
	const struct promo_teller *teller, const struct promo_alert_cause *cause, const char *id)
{
	const struct promo_alert_kind_row *row = promo_alert_kind_row(cause->kind);

	return promo_tell_by(teller, &(struct promo_event){
					     .kind = row->fraud ? PROMO_EVENT_FRAUD_ALERT_OPENED
								: PROMO_EVENT_ALERT_OPENED,
					     .about_kind = "alert",
					     .about_id = id,
					     .title = row->title,
					     .body = row->severity,
					     .by = cause->by,
					     .status = row->word,
					     .count = PROMO_NULL_INT,
					     .only_programs = cause->told,
				     });
}

int promo_alert_raise_by(const struct promo_teller *teller, const struct promo_alert_cause *cause)
{
	const struct promo_alert_kind_row *row = promo_alert_kind_row(cause->kind);
	struct promo_params params = PROMO_PARAMS(teller->arena);
	struct promo_alert_raised_row raised;
	const char *dedupe, *evidence;
	char id[PROMO_UUID_SIZE];
	int r;

	dedupe = promo_arena_printf(teller->arena, "%s/%s", row->word, cause->about);
	if (!dedupe)
		return promo_fault(-ENOMEM, "could not raise an alert");
	r = promo_encode(cause->evidence_schema, cause->evidence, teller->arena, &evidence);
	if (r)
		return r;
	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, row->word);
	promo_param_text(&params, row->severity);
	promo_param_text(&params, row->title);
	promo_param_text(&params, dedupe);
	promo_param_text(&params, evidence);
	promo_param_int(&params, cause->count > 0 ? cause->count : 1);
	promo_param_int(&params, cause->more > 0 ? cause->more : 1);
	promo_param_time(&params, cause->first_at);
	promo_param_time(&params, cause->last_at);
	r = promo_store_one(teller->store, teller->arena, PROMO_Q_ALERT_RAISE, &params, &raised);
	if (r || !raised.is_new)
		return r;
	return tell(teller, cause, raised.id);
}

int promo_alert_raise(struct promo_ctx *ctx, const struct promo_alert_cause *cause)
{
	const struct promo_teller teller = { ctx->store, ctx->arena, ctx->settings };
	struct promo_alert_cause raised = *cause;

	if (!raised.by)
		raised.by = ctx->actor->user_id;
	ctx->wake_jobs = true;
	return promo_alert_raise_by(&teller, &raised);
}

struct promo_texts promo_alert_hidden(const struct promo_ctx *ctx)
{
	static const char *const fraud[] = {
#define PROMO_ALERT_KIND(name, word, fraud, severity, title) (fraud) ? (word) : "",
#include "libpromo/model/alert_kinds.def"
#undef PROMO_ALERT_KIND
	};

	if (promo_permissions_has(ctx->actor->permissions, PROMO_P_FRAUD_ALERTS_VIEW))
		return (struct promo_texts){ 0 };
	return (struct promo_texts){ .items = fraud, .count = PROMO_COUNT(fraud) };
}
