/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/api/op_alert.h"
#include "libpromo/model/outbox.h"
#include "libpromo/ops/alert_work.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/ops/seals.h"
#include "libpromo/ops/server.h"
#include "libpromo/store/rows_tell.h"

/* What becomes of alerts after they were raised, and those about the system itself. Whatever the watch
 * does stands in the trail as the system's. */

enum {
	AT_ONCE = 200,
	UNSEALED_TWICE = 2, /* after a pause of all daemons it is long for one round */
};

static int write_down(struct promo_alert_work *work, const char *action, const char *id,
	const struct promo_objects *changes)
{
	static const struct promo_request nobodys = { 0 };
	static const struct promo_actor system = { .kind = PROMO_ACTOR_SYSTEM };
	const struct promo_audit_note note = { .entity_kind = "alert",
		.entity_id = id,
		.changes = changes ? *changes : (struct promo_objects){ 0 } };
	const struct promo_audit_row row = {
		.writer = work->runner->writer,
		.actor = &system,
		.request = &nobodys,
		.action = action,
		.note = &note,
		.hash_key = work->config->hash_key,
	};

	return promo_audit_write(work->runner->store, work->arena, /* folds= */ NULL, &row);
}

static int note_raised(struct promo_alert_work *work, bool *ret_more)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	const struct promo_alert_stand_row *rows;
	struct promo_objects raised;
	int r;

	promo_param_int(&params, AT_ONCE);
	r = promo_store_all(work->runner->store, work->arena, PROMO_Q_ALERT_NOTE, &params, &raised);
	if (r)
		return r;
	rows = raised.items;
	*ret_more |= raised.count == AT_ONCE;
	for (size_t i = 0; !r && i < raised.count; i++)
		r = write_down(work, "alert.open", rows[i].id, NULL);
	return r;
}

/* Programs, and those who see to alerts of its kind, in the application and by mail. */
static int tell(
	struct promo_alert_work *work, const struct promo_alert_step_row *alert, const char *body)
{
	const struct promo_alert_kind_row *kind =
		promo_alert_kind_row((enum promo_alert_kind)alert->kind);
	const struct promo_teller teller = promo_alert_teller(work);

	return promo_tell_by(&teller, &(struct promo_event){
					      .kind = kind->fraud ? PROMO_EVENT_FRAUD_ALERT_FOLLOWED
								  : PROMO_EVENT_ALERT_FOLLOWED,
					      .about_kind = "alert",
					      .about_id = alert->id,
					      .title = alert->title,
					      .body = body,
					      .status = "open",
					      .count = PROMO_NULL_INT,
				      });
}

/* Whose turn it is gets a letter of his own, where mail is sent at all. */
static int write_to(struct promo_alert_work *work, const struct promo_alert_step_row *alert)
{
	const struct promo_settings *settings = work->runner->settings;
	const char *step = promo_arena_printf(work->arena, "%lld", (long long)alert->step);
	const char *minutes = promo_arena_printf(work->arena, "%lld", (long long)alert->minutes);
	const struct promo_fact facts[] = {
		{ "title", alert->title },
		{ "severity", promo_word(&promo_alert_severity_words, alert->severity) },
		{ "step", step },
		{ "minutes", minutes },
		{ "about", alert->id },
	};

	if (!step || !minutes)
		return promo_fault(-ENOMEM, "could not escalate an alert");
	if (!alert->recipient || !promo_settings_bool(settings, PROMO_SETTING_MAIL_ENABLED) ||
		!promo_outbox_ready(settings, PROMO_CHANNEL_EMAIL))
		return 0;
	return promo_outbox_add(work->runner->store, work->arena,
		&(struct promo_letter){
			.channel = PROMO_CHANNEL_EMAIL,
			.kind = "alert.escalated",
			.recipients = { .items = &alert->recipient, .count = 1 },
			.facts = { .items = facts, .count = PROMO_COUNT(facts) },
		});
}

static int note_step(struct promo_alert_work *work, const struct promo_alert_step_row *alert)
{
	const struct promo_alert before = { .escalation_step = alert->step - 1 };
	const struct promo_alert after = { .escalation_step = alert->step };
	struct promo_ctx ctx = { .arena = work->arena };
	int r;

	r = promo_audit_change(&ctx, &promo_alert_schema, "escalation_step", &before, &after);
	return r ? r : write_down(work, "alert.escalate", alert->id, &ctx.audit.changes);
}

static int escalate(struct promo_alert_work *work, bool *ret_more)
{
	const struct promo_settings *settings = work->runner->settings;
	struct promo_params params = PROMO_PARAMS(work->arena);
	const struct promo_alert_step_row *rows;
	struct promo_objects moved;
	int r;

	promo_param_int(
		&params, promo_settings_int(settings, PROMO_SETTING_ALERT_ESCALATE_MINUTES));
	promo_param_texts(&params, promo_settings_texts(settings, PROMO_SETTING_ALERT_ESCALATE_TO));
	promo_param_int(&params, AT_ONCE);
	r = promo_store_all(
		work->runner->store, work->arena, PROMO_Q_ALERT_ESCALATE, &params, &moved);
	if (r)
		return r;
	rows = moved.items;
	*ret_more |= moved.count == AT_ONCE;
	for (size_t i = 0; !r && i < moved.count; i++) {
		r = write_to(work, &rows[i]);
		if (!r)
			r = tell(work, &rows[i], "nobody looks after it");
		if (!r)
			r = note_step(work, &rows[i]);
	}
	return r;
}

static int reopen(struct promo_alert_work *work, bool *ret_more)
{
	const struct promo_alert before = { .status = PROMO_ALERT_ACKNOWLEDGED };
	const struct promo_alert after = { .status = PROMO_ALERT_OPEN };
	struct promo_params params = PROMO_PARAMS(work->arena);
	struct promo_ctx ctx = { .arena = work->arena };
	const struct promo_alert_step_row *rows;
	struct promo_objects moved;
	int r;

	promo_param_int(&params,
		promo_settings_int(work->runner->settings, PROMO_SETTING_ALERT_REOPEN_MINUTES));
	promo_param_int(&params, AT_ONCE);
	r = promo_store_all(
		work->runner->store, work->arena, PROMO_Q_ALERT_REOPEN, &params, &moved);
	if (!r)
		r = promo_audit_change(&ctx, &promo_alert_schema, "status", &before, &after);
	if (r)
		return r;
	rows = moved.items;
	*ret_more |= moved.count == AT_ONCE;
	for (size_t i = 0; !r && i < moved.count; i++) {
		r = tell(work, &rows[i], "it was acknowledged and never resolved");
		if (!r)
			r = write_down(work, "alert.reopen", rows[i].id, &ctx.audit.changes);
	}
	return r;
}

int promo_alert_follow(struct promo_alert_work *work, bool *ret_more)
{
	int r;

	r = reopen(work, ret_more);
	if (!r)
		r = escalate(work, ret_more);
	return r ? r : note_raised(work, ret_more);
}

/*
 * The system itself.
 */

struct unsealed {
	int64_t seconds;
};

#define T struct unsealed
static const struct promo_field unsealed_fields[] = {
	PROMO_F_INT(T, seconds, 0, 0, 0, "for how long the oldest entry waits for its seal"),
};
#undef T
static const struct promo_schema unsealed_schema =
	PROMO_SCHEMA(struct unsealed, "unsealed_evidence", unsealed_fields);

struct short_disk {
	int64_t free_percent;
};

#define T struct short_disk
static const struct promo_field short_disk_fields[] = {
	PROMO_F_INT(T, free_percent, 0, 0, 0, "how much of it is free"),
};
#undef T
static const struct promo_schema short_disk_schema =
	PROMO_SCHEMA(struct short_disk, "disk_evidence", short_disk_fields);

/* Of this daemon; the others say so at /readyz. */
static int look_at_disk(struct promo_alert_work *work)
{
	const struct promo_teller teller = promo_alert_teller(work);
	struct short_disk evidence;

	if (!promo_server_disk_is_short(work->config, &evidence.free_percent))
		return 0;
	return promo_alert_raise_by(&teller, &(struct promo_alert_cause){
						     .kind = PROMO_ALERT_DISK_FULL,
						     .about = "shop",
						     .evidence_schema = &short_disk_schema,
						     .evidence = &evidence,
					     });
}

int promo_alert_look(struct promo_alert_work *work)
{
	const int64_t hours[] = {
		promo_settings_int(work->runner->settings, PROMO_SETTING_ALERT_MISSES_HOURS),
		promo_settings_int(work->runner->settings, PROMO_SETTING_ALERT_UNISSUED_HOURS),
		promo_settings_int(work->runner->settings, PROMO_SETTING_ALERT_USED_HOURS),
	};
	const struct promo_teller teller = promo_alert_teller(work);
	struct promo_ctx ctx = { .store = work->runner->store, .arena = work->arena };
	struct promo_params old = PROMO_PARAMS(work->arena);
	struct unsealed evidence;
	int64_t kept = (PROMO_ALERT_TRY_DAYS_MAX + 1) * 24;
	int r;

	for (size_t i = 0; i < PROMO_COUNT(hours); i++)
		kept = hours[i] > kept ? hours[i] : kept;
	promo_param_int(&old, kept);
	r = promo_store_exec(work->runner->store, PROMO_Q_ALERT_FORGET, &old, NULL);
	if (!r)
		r = look_at_disk(work);
	if (!r)
		r = promo_seal_age(&ctx, &evidence.seconds);
	if (r)
		return r;
	work->unsealed = evidence.seconds > PROMO_ALERT_UNSEALED_S ? work->unsealed + 1 : 0;
	if (work->unsealed < UNSEALED_TWICE)
		return 0;
	return promo_alert_raise_by(&teller, &(struct promo_alert_cause){
						     .kind = PROMO_ALERT_SEALING_BEHIND,
						     .about = "shop",
						     .evidence_schema = &unsealed_schema,
						     .evidence = &evidence,
					     });
}
