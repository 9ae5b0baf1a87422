/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/ops/live_inside.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/store.h"

/* Who may hear of an event, by what he may at that moment: whoever could read its noun. */

static bool is_concerned(const struct promo_live_event *event, const char *user_id)
{
	for (size_t i = 0; i < event->concerned.count; i++)
		if (strcmp(event->concerned.items[i], user_id) == 0)
			return true;
	return false;
}

/* What is one's own is heard of without the permission of the row. */
static bool is_own(const struct promo_live_event *event, const struct promo_actor *actor)
{
	const bool owns = event->owner && strcmp(event->owner, actor->user_id) == 0;

	switch (event->kind) {
	case PROMO_LIVE_REDEMPTION_COMPLETED:
	case PROMO_LIVE_REDEMPTION_FAILED:
		return owns &&
		       promo_permissions_has(actor->permissions, PROMO_P_REDEMPTIONS_CREATE_MANUAL);
	case PROMO_LIVE_JOB_PROGRESS:
	case PROMO_LIVE_JOB_FINISHED:
		return owns;
	case PROMO_LIVE_NOTIFICATION_CREATED:
		/* As for reading them: not for API keys. */
		return owns && !actor->api_key_id;
	case PROMO_LIVE_PERMISSIONS_CHANGED:
		return is_concerned(event, actor->user_id);
	case PROMO_LIVE_CODE_REPORTED:
	case PROMO_LIVE_BATCH_CREATED:
	case PROMO_LIVE_ALERT_OPENED:
	case PROMO_LIVE_ALERT_UPDATED:
	case PROMO_LIVE_SETTINGS_CHANGED:
	case PROMO_LIVE_NONE:
	case PROMO_LIVE_COUNT:
		break;
	}
	return false;
}

bool promo_live_may_hear(const struct promo_live_event *event, const struct promo_actor *actor)
{
	const struct promo_live_row *row = promo_live_row(event->kind);

	if (event->fraud && !promo_permissions_has(actor->permissions, PROMO_P_FRAUD_ALERTS_VIEW))
		return false;
	return is_own(event, actor) ||
	       (row->permission != PROMO_P_NONE &&
		       promo_permissions_has(actor->permissions, row->permission));
}

bool promo_live_wants(const struct promo_live_stream *stream, enum promo_live_kind kind)
{
	return (stream->kinds & (1U << kind)) != 0;
}

unsigned promo_live_kinds_wanted(struct promo_live *live)
{
	unsigned kinds = 0;

	promo_live_lock(live);
	for (const struct promo_live_stream *each = live->first; each; each = each->next)
		if (each->state == PROMO_LIVE_BEHIND || each->state == PROMO_LIVE_IN_STEP)
			kinds |= each->kinds;
	promo_live_unlock(live);
	return kinds;
}

void promo_live_tell(struct promo_live_stream *stream, const struct promo_live_event *event,
	const char *position)
{
	if (promo_live_wants(stream, event->kind) &&
		promo_live_may_hear(event, &stream->known.actor))
		promo_live_put(stream, event, position);
}

static int judge(struct promo_live *live, struct promo_live_stream *stream,
	struct promo_auth_facts *facts, struct promo_auth_known *ret)
{
	const struct promo_auth_limits limits = promo_auth_limits(live->settings);
	struct promo_problem problem = { 0 };
	struct promo_actor actor;
	int r;

	facts->must_enrol =
		promo_auth_must_enrol(live->settings, facts->mfa_enabled, &facts->roles);
	r = promo_auth_judge(
		facts, /* anonymous= */ false, &limits, stream->ip[0] ? stream->ip : NULL, &actor);
	if (!r)
		r = promo_with_auth(&promo_op_event_stream, &actor, NULL, live->arena, &problem);
	if (r)
		return r;
	promo_auth_know(facts, ret);
	/* Texts of the facts end with the round. */
	ret->actor.user_id = stream->user_id;
	ret->actor.api_key_id = stream->bearer.is_key ? stream->user_id : NULL;
	ret->actor.name = ret->actor.session_id = NULL;
	return 0;
}

int promo_live_look_at(struct promo_live *live, struct promo_live_stream *stream)
{
	struct promo_auth_facts facts = { 0 };
	struct promo_auth_known known;
	int r;

	r = promo_auth_read_bearer(live->store, live->arena, &stream->bearer, &facts);
	if (!r)
		r = promo_settings_load(live->settings, live->store, facts.settings_version);
	if (r)
		return r;
	r = judge(live, stream, &facts, &known);
	if (r < 0)
		return r;
	if (r == 0) {
		stream->known = known;
		return 0;
	}
	promo_live_lock(live);
	promo_live_finish(stream);
	promo_live_unlock(live);
	return 0;
}

bool promo_live_is_out_of_time(
	const struct promo_live *live, const struct promo_live_stream *stream)
{
	const struct promo_auth_limits limits = promo_auth_limits(live->settings);

	return promo_auth_judge_known(&stream->known, live->now_ms, &limits,
		       stream->ip[0] ? stream->ip : NULL) != 0;
}

struct changed {
	const struct promo_texts *users;
	bool all;
};

static bool is_changed(const struct promo_live_stream *stream, const void *context)
{
	const struct changed *changed = context;

	/* Who is behind is looked at whenever he is told something. */
	if (stream->state != PROMO_LIVE_IN_STEP)
		return false;
	for (size_t i = 0; !changed->all && i < changed->users->count; i++)
		if (strcmp(changed->users->items[i], stream->user_id) == 0)
			return true;
	return changed->all;
}

static int look_at_changed(struct promo_live *live, const struct changed *changed)
{
	struct promo_live_stream **streams = promo_arena_alloc_array(
		live->arena, live->config.streams_max, sizeof(struct promo_live_stream *));
	size_t count;
	int r = 0;

	if (!streams)
		return promo_fault(-ENOMEM, "could not look at rights");
	count = promo_live_hold(live, is_changed, changed, streams, live->config.streams_max);
	for (size_t i = 0; i < count; i++) {
		if (!r)
			r = promo_live_look_at(live, streams[i]);
		promo_live_release(live, streams[i]);
	}
	return r;
}

int promo_live_renew_rights(struct promo_live *live)
{
	struct promo_params params = PROMO_PARAMS(live->arena);
	struct promo_auth_state_row state;
	struct changed changed;
	int r;

	promo_param_int(&params, live->epoch);
	r = promo_store_one(live->store, live->arena, PROMO_Q_AUTH_STATE, &params, &state);
	if (r)
		return r;
	changed = (struct changed){
		.users = &state.changed,
		/* Another version of the settings may ask for a second factor, or end sessions sooner. */
		.all = state.changed_all || state.epoch < live->epoch ||
		       state.settings_version != live->looked_version,
	};
	r = promo_settings_load(live->settings, live->store, state.settings_version);
	if (!r && (changed.all || state.changed.count > 0))
		r = look_at_changed(live, &changed);
	if (r)
		return r;
	live->epoch = state.epoch;
	/* Who was looked at alone may have met another version already: that says nothing of the others. */
	live->looked_version = state.settings_version;
	live->now_ms = state.at;
	live->rights_ms = promo_monotonic_ms();
	return 0;
}
