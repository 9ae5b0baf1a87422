/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/time.h"
#include "libpromo/model/alert.h"
#include "libpromo/model/batch.h"
#include "libpromo/model/code.h"
#include "libpromo/ops/live_inside.h"
#include "libpromo/store/array.h"
#include "libpromo/store/store.h"

/*
 * Events of what rows of the audit trail tell: what each kind comes from, and its noun, as it is when the
 * row is read. A row whose noun is not there (a batch that is gone by now, a redemption that was refused
 * without an attempt being kept) makes no event.
 */

enum {
	JOBS_AT_ONCE = 32,
};

struct making {
	struct promo_live *live;
	const struct promo_feed_row *rows;
	/* Redemptions of all rows, read in one statement, and which of them found their row. */
	struct promo_objects redemptions;
	bool *used;
	struct promo_live_found *found;
	size_t count, room;
};

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not tell of an event");
}

static int add_event(struct making *making, size_t row, const struct promo_live_event *event)
{
	if (making->count == making->room) {
		const size_t room = making->room * 2 + 16;
		struct promo_live_found *found =
			promo_arena_alloc_array(making->live->arena, room, sizeof(*found));

		if (!found)
			return no_memory();
		if (making->count > 0)
			memcpy(found, making->found, making->count * sizeof(*found));
		making->found = found;
		making->room = room;
	}
	making->found[making->count++] = (struct promo_live_found){ .event = *event, .row = row };
	return 0;
}

static int encode(struct promo_live *live, const struct promo_feed_row *row,
	const struct promo_schema *schema, const void *noun, struct promo_live_event *event)
{
	const struct promo_audit_actor actor = { row->actor_id, row->actor_name, row->actor_kind };
	const struct promo_live_head head = { .at = row->at, .actor = &actor };

	return promo_encode_joined(
		&promo_live_head_schema, &head, schema, noun, live->arena, &event->data);
}

/* A noun by the id of the row's entity, with more nulls behind it where the statement takes them. */
static int find_noun(struct promo_live *live, enum promo_query query, const char *id, int nulls,
	void *ret, bool *ret_found)
{
	struct promo_params params = PROMO_PARAMS(live->arena);

	*ret_found = false;
	if (!id)
		return 0;
	promo_param_text(&params, id);
	for (; nulls > 0; nulls--)
		promo_param_null(&params);
	return promo_store_find(live->store, live->arena, query, &params, ret, ret_found);
}

static int make_redemption(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event)
{
	const struct promo_redemption *list = making->redemptions.items;
	const bool completed = row->outcome == PROMO_OUTCOME_ALLOWED;

	for (size_t i = 0; i < making->redemptions.count; i++) {
		if (making->used[i] || list[i].created_at != row->at || !row->entity_id ||
			strcmp(list[i].code_id, row->entity_id) != 0 ||
			(list[i].status == PROMO_REDEMPTION_COMPLETED) != completed)
			continue;
		making->used[i] = true;
		event->owner = list[i].user->id;
		return encode(making->live, row, &promo_redemption_schema, &list[i], event);
	}
	return 0;
}

static int make_report(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event)
{
	struct promo_live *live = making->live;
	struct promo_params params = PROMO_PARAMS(live->arena);
	struct promo_fraud_report report;
	bool found;
	int r;

	promo_param_int(&params, row->writer_id);
	promo_param_int(&params, row->seq);
	r = promo_store_find(
		live->store, live->arena, PROMO_Q_LIVE_REPORT, &params, &report, &found);
	return r || !found ? r : encode(live, row, &promo_fraud_report_schema, &report, event);
}

static int make_batch(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event)
{
	struct promo_batch batch;
	bool found;
	int r;

	r = find_noun(making->live, PROMO_Q_BATCH_GET, row->entity_id, 0, &batch, &found);
	return r || !found ? r : encode(making->live, row, &promo_batch_schema, &batch, event);
}

static int make_job(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event)
{
	struct promo_job job;
	bool found;
	int r;

	r = find_noun(making->live, PROMO_Q_JOB_GET, row->entity_id, 1, &job, &found);
	/* One that was asked to end, and still worked, told of its end itself. */
	if (r || !found || job.finished_at != row->at)
		return r;
	event->owner = job.created_by ? job.created_by->id : NULL;
	return encode(making->live, row, &promo_job_schema, &job, event);
}

static int make_settings(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event)
{
	const char *dash = strchr(row->action, '-');
	const struct promo_live_settings changed = {
		.category = strncmp(row->action, "branding.", 9) == 0 ? "branding"
			    : dash                                    ? dash + 1
								      : NULL,
	};

	return encode(making->live, row, &promo_live_settings_schema, &changed, event);
}

static int make_rights(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event)
{
	struct promo_live *live = making->live;
	struct promo_params params = PROMO_PARAMS(live->arena);
	struct promo_permissions_changed changed;
	bool found;
	int r;

	if (!row->entity_id)
		return 0;
	promo_param_text(&params, row->entity_kind);
	promo_param_text(&params, row->entity_id);
	r = promo_store_find(
		live->store, live->arena, PROMO_Q_LIVE_RIGHTS, &params, &changed, &found);
	if (r || !found || (!changed.user && !changed.role))
		return r;
	event->concerned = changed.concerned;
	return encode(live, row, &promo_permissions_changed_schema, &changed, event);
}

static int make_alert(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event)
{
	struct promo_alert alert;
	bool found;
	int r;

	r = find_noun(making->live, PROMO_Q_ALERT_GET, row->entity_id, 1, &alert, &found);
	if (r || !found)
		return r;
	event->fraud = promo_alert_kind_row((enum promo_alert_kind)alert.kind)->fraud;
	return encode(making->live, row, &promo_alert_schema, &alert, event);
}

/* The one row of many alerts. */
static int make_alerts(struct making *making, size_t index)
{
	const struct promo_feed_row *row = &making->rows[index];
	struct promo_live *live = making->live;
	struct promo_params params = PROMO_PARAMS(live->arena);
	const struct promo_alert *alerts;
	struct promo_objects found;
	int r;

	promo_param_int(&params, row->writer_id);
	promo_param_int(&params, row->seq);
	r = promo_store_all(live->store, live->arena, PROMO_Q_LIVE_ALERTS, &params, &found);
	alerts = found.items;
	for (size_t i = 0; !r && i < found.count; i++) {
		struct promo_live_event event = {
			.kind = PROMO_LIVE_ALERT_UPDATED,
			.fraud = promo_alert_kind_row((enum promo_alert_kind)alerts[i].kind)->fraud,
		};

		r = encode(live, row, &promo_alert_schema, &alerts[i], &event);
		if (!r)
			r = add_event(making, index, &event);
	}
	return r;
}

typedef int make_fn(
	struct making *making, const struct promo_feed_row *row, struct promo_live_event *event);

/* What each kind comes from. */
static const struct source {
	const char *action;
	enum promo_live_kind kind;
	int outcome;   /* enum promo_outcome */
	make_fn *make; /* NULL: make_alerts() */
} sources[] = {
	{ "redemption.create", PROMO_LIVE_REDEMPTION_COMPLETED, PROMO_OUTCOME_ALLOWED,
		make_redemption },
	{ "redemption.create", PROMO_LIVE_REDEMPTION_FAILED, PROMO_OUTCOME_FAILED,
		make_redemption },
	{ "fraud-report.create", PROMO_LIVE_CODE_REPORTED, PROMO_OUTCOME_ALLOWED, make_report },
	{ "code.status", PROMO_LIVE_CODE_REPORTED, PROMO_OUTCOME_ALLOWED, make_report },
	{ "batch.create", PROMO_LIVE_BATCH_CREATED, PROMO_OUTCOME_ALLOWED, make_batch },
	{ "job.finish", PROMO_LIVE_JOB_FINISHED, PROMO_OUTCOME_ALLOWED, make_job },
	{ "job.finish", PROMO_LIVE_JOB_FINISHED, PROMO_OUTCOME_FAILED, make_job },
	{ "job.cancel", PROMO_LIVE_JOB_FINISHED, PROMO_OUTCOME_ALLOWED, make_job },
	{ "alert.open", PROMO_LIVE_ALERT_OPENED, PROMO_OUTCOME_ALLOWED, make_alert },
	{ "alert.acknowledge", PROMO_LIVE_ALERT_UPDATED, PROMO_OUTCOME_ALLOWED, make_alert },
	{ "alert.acknowledge-all", PROMO_LIVE_ALERT_UPDATED, PROMO_OUTCOME_ALLOWED, NULL },
	{ "alert.resolve", PROMO_LIVE_ALERT_UPDATED, PROMO_OUTCOME_ALLOWED, make_alert },
	{ "alert.escalate", PROMO_LIVE_ALERT_UPDATED, PROMO_OUTCOME_ALLOWED, make_alert },
	{ "alert.reopen", PROMO_LIVE_ALERT_UPDATED, PROMO_OUTCOME_ALLOWED, make_alert },
#define PROMO_CATEGORY_BEGIN(category, permission)                                                 \
	{ "settings.update-" #category, PROMO_LIVE_SETTINGS_CHANGED, PROMO_OUTCOME_ALLOWED,        \
		make_settings },                                                                   \
		{ "settings.reset-" #category, PROMO_LIVE_SETTINGS_CHANGED, PROMO_OUTCOME_ALLOWED, \
			make_settings },
#include "libpromo/model/settings.def"
	{ "settings.import", PROMO_LIVE_SETTINGS_CHANGED, PROMO_OUTCOME_ALLOWED, make_settings },
	{ "settings.restore", PROMO_LIVE_SETTINGS_CHANGED, PROMO_OUTCOME_ALLOWED, make_settings },
	{ "branding.set-logo", PROMO_LIVE_SETTINGS_CHANGED, PROMO_OUTCOME_ALLOWED, make_settings },
	{ "branding.set-favicon", PROMO_LIVE_SETTINGS_CHANGED, PROMO_OUTCOME_ALLOWED,
		make_settings },
	{ "user.assign-role", PROMO_LIVE_PERMISSIONS_CHANGED, PROMO_OUTCOME_ALLOWED, make_rights },
	{ "user.revoke-role", PROMO_LIVE_PERMISSIONS_CHANGED, PROMO_OUTCOME_ALLOWED, make_rights },
	{ "user.set-permissions", PROMO_LIVE_PERMISSIONS_CHANGED, PROMO_OUTCOME_ALLOWED,
		make_rights },
	{ "role.update", PROMO_LIVE_PERMISSIONS_CHANGED, PROMO_OUTCOME_ALLOWED, make_rights },
	{ "role-change.approve", PROMO_LIVE_PERMISSIONS_CHANGED, PROMO_OUTCOME_ALLOWED,
		make_rights },
};

int promo_live_actions(struct promo_arena *arena, struct promo_texts *ret)
{
	const char **actions =
		promo_arena_alloc_array(arena, PROMO_COUNT(sources), sizeof(*actions));

	if (!actions)
		return no_memory();
	for (size_t i = 0; i < PROMO_COUNT(sources); i++)
		actions[i] = sources[i].action;
	*ret = (struct promo_texts){ actions, PROMO_COUNT(sources) };
	return 0;
}

static const struct source *source_of(const struct promo_feed_row *row)
{
	for (size_t i = 0; i < PROMO_COUNT(sources); i++)
		if (sources[i].outcome == row->outcome &&
			strcmp(sources[i].action, row->action) == 0)
			return &sources[i];
	return NULL;
}

/* All redemptions that the rows tell of at once: there may be thousands in a second. */
static int read_redemptions(struct making *making, unsigned kinds, size_t count)
{
	struct promo_live *live = making->live;
	struct promo_array writers = promo_array_new(live->arena, count, 8);
	struct promo_array places = promo_array_new(live->arena, count, 8);
	struct promo_params params = PROMO_PARAMS(live->arena);
	size_t asked = 0;
	int r;

	for (size_t i = 0; i < count; i++) {
		const struct source *source = source_of(&making->rows[i]);

		if (!source || source->make != make_redemption || !(kinds & (1U << source->kind)))
			continue;
		promo_array_int(&writers, making->rows[i].writer_id);
		promo_array_int(&places, making->rows[i].seq);
		asked++;
	}
	if (asked == 0)
		return 0;
	promo_param_array(&params, &writers);
	promo_param_array(&params, &places);
	r = promo_store_all(
		live->store, live->arena, PROMO_Q_LIVE_REDEMPTIONS, &params, &making->redemptions);
	if (r || making->redemptions.count == 0)
		return r;
	making->used = promo_arena_alloc_array(
		live->arena, making->redemptions.count, sizeof(*making->used));
	return making->used ? 0 : no_memory();
}

int promo_live_events(struct promo_live *live, unsigned kinds, const struct promo_feed_row *rows,
	size_t count, struct promo_live_found **ret, size_t *ret_count)
{
	struct making making = { .live = live, .rows = rows };
	int r;

	r = read_redemptions(&making, kinds, count);
	for (size_t i = 0; !r && i < count; i++) {
		const struct source *source = source_of(&rows[i]);
		struct promo_live_event event = { 0 };

		if (!source || !(kinds & (1U << source->kind)))
			continue;
		if (!source->make) {
			r = make_alerts(&making, i);
			continue;
		}
		event.kind = source->kind;
		r = source->make(&making, &rows[i], &event);
		if (!r && event.data)
			r = add_event(&making, i, &event);
	}
	if (r)
		return r;
	*ret = making.found;
	*ret_count = making.count;
	return 0;
}

/*
 * What is not in the audit trail.
 */

/* Whether it has not been told so far of this job; and remembers it. */
static bool goes_on(struct promo_live *live, const struct promo_job *job)
{
	struct promo_live_progress *at = NULL;

	for (size_t i = 0; i < live->progress_count && !at; i++)
		if (strcmp(live->progress[i].id, job->id) == 0)
			at = &live->progress[i];
	if (at && at->done == job->done)
		return false;
	if (!at) {
		if (live->progress_count == PROMO_COUNT(live->progress))
			live->progress_count = 0;
		at = &live->progress[live->progress_count++];
		memcpy(at->id, job->id, sizeof(at->id));
	}
	at->done = job->done;
	return true;
}

int promo_live_progress(struct promo_live *live, struct promo_live_event **ret, size_t *ret_count)
{
	struct promo_params params = PROMO_PARAMS(live->arena);
	struct promo_live_event *events;
	const struct promo_job *jobs;
	struct promo_objects found;
	size_t count = 0;
	int r;

	promo_param_int(&params, JOBS_AT_ONCE);
	r = promo_store_all(live->store, live->arena, PROMO_Q_LIVE_JOBS, &params, &found);
	if (r)
		return r;
	events = promo_arena_alloc_array(live->arena, JOBS_AT_ONCE, sizeof(*events));
	if (!events)
		return no_memory();
	jobs = found.items;
	for (size_t i = 0; !r && i < found.count; i++) {
		const struct promo_live_head head = { .at = live->now_ms };

		if (!goes_on(live, &jobs[i]))
			continue;
		events[count].kind = PROMO_LIVE_JOB_PROGRESS;
		events[count].owner = jobs[i].created_by ? jobs[i].created_by->id : NULL;
		r = promo_encode_joined(&promo_live_head_schema, &head, &promo_job_schema, &jobs[i],
			live->arena, &events[count].data);
		count++;
	}
	if (r)
		return r;
	*ret = events;
	*ret_count = count;
	return 0;
}

int promo_live_notifications(struct promo_live *live, struct promo_texts users, const char *after,
	struct promo_live_event **ret, size_t *ret_count)
{
	struct promo_params params = PROMO_PARAMS(live->arena);
	const struct promo_live_notification_row *rows;
	struct promo_live_event *events;
	struct promo_objects found;
	int r;

	promo_param_text(&params, after);
	promo_param_texts(&params, users);
	promo_param_int(&params, PROMO_LIVE_NOTED_AT_ONCE);
	r = promo_store_all(live->store, live->arena, PROMO_Q_LIVE_NOTIFICATIONS, &params, &found);
	if (r)
		return r;
	events = promo_arena_alloc_array(
		live->arena, found.count ? found.count : 1, sizeof(*events));
	if (!events)
		return no_memory();
	rows = found.items;
	for (size_t i = 0; !r && i < found.count; i++) {
		const struct promo_live_head head = { .at = rows[i].created_at };

		events[i].kind = PROMO_LIVE_NOTIFICATION_CREATED;
		events[i].owner = rows[i].user_id;
		events[i].notification_id = rows[i].id;
		r = promo_encode_joined(&promo_live_head_schema, &head,
			&promo_live_notification_row_schema, &rows[i], live->arena,
			&events[i].data);
	}
	if (r)
		return r;
	*ret = events;
	*ret_count = found.count;
	return 0;
}
