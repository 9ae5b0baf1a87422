/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/alert_rules.h"
#include "libpromo/ops/alert_work.h"
#include "libpromo/ops/feed.h"
#include "libpromo/store/array.h"

/* A round of the watch: where it stands, what is new, whom the rules have to look at, what they say. */

enum {
	ARENA_LIMIT = 64 * 1024 * 1024,
	ROWS_AT_ONCE = 2000,
	ROWS_MAX = 16000,
	ROUND_MS = 1000,          /* longer ones read less the next time */
	STATEMENT_MS = 30 * 1000, /* who redeems all day has many rows in the window of a rule */
	LATE_MS = 30 * 1000,      /* how long a redemption may be under way */
};

int promo_alert_work_new(const struct promo_runner_config *config, struct promo_alert_work **ret)
{
	struct promo_alert_work *work = calloc(1, sizeof(*work));

	if (work)
		work->arena = promo_arena_new(ARENA_LIMIT);
	if (!work || !work->arena) {
		free(work);
		return promo_fault(-ENOMEM, "could not start the watch over alerts");
	}
	work->config = config;
	work->looked_ms = promo_monotonic_ms();
	work->rows_at_once = ROWS_AT_ONCE;
	promo_uuid_new(work->owner);
	*ret = work;
	return 0;
}

void promo_alert_work_free(struct promo_alert_work *work)
{
	if (!work)
		return;
	promo_runner_free(work->runner);
	promo_arena_free(work->arena);
	free(work);
}

void promo_alert_work_rest(struct promo_alert_work *work)
{
	struct promo_params params = PROMO_PARAMS(work->arena);

	if (!work->runner)
		return;
	promo_arena_clear(work->arena);
	promo_param_text(&params, work->owner);
	if (promo_store_exec(work->runner->store, PROMO_Q_ALERT_RELEASE, &params, NULL))
		promo_log(PROMO_LOG_DEBUG, "the next watch waits for the lease of this one");
}

/* Whom rows of the trail concern. */
static int find_fresh(struct promo_alert_work *work, const struct promo_feed_ranges *new,
	struct promo_objects *ret)
{
	struct promo_arena *arena = work->arena;
	struct promo_array writers = promo_array_new(arena, new->count, 8);
	struct promo_array after = promo_array_new(arena, new->count, 8);
	struct promo_array to = promo_array_new(arena, new->count, 8);
	struct promo_params params = PROMO_PARAMS(arena);
	int64_t phone_count, phone_window_s;

	for (size_t i = 0; i < new->count; i++) {
		promo_array_int(&writers, new->items[i].writer);
		promo_array_int(&after, new->items[i].after);
		promo_array_int(&to, new->items[i].to);
	}
	/* The rows stay in the database, and most customers as well: there are too many of them. */
	if (!promo_alert_rule_limits(
		    &promo_alert_rules[0], work->runner->settings, &phone_count, &phone_window_s))
		phone_count = 0;
	promo_param_array(&params, &writers);
	promo_param_array(&params, &after);
	promo_param_array(&params, &to);
	promo_param_int(&params, phone_count);
	promo_param_int(&params, phone_window_s);
	return promo_store_all(work->runner->store, arena, PROMO_Q_ALERT_FRESH, &params, ret);
}

/*
 * Raising.
 */

struct evidence {
	const struct promo_audit_entity *about;
	int64_t count, threshold, minutes, first_at, last_at;
	const char *of;
	struct promo_texts ids;
};

#define T struct evidence
static const struct promo_field evidence_fields[] = {
	PROMO_F_OBJECT(T, about, struct promo_audit_entity, promo_audit_entity_schema, 0,
		"whom or what it is about"),
	PROMO_F_INT(T, count, 0, 0, 0, "how much was counted"),
	PROMO_F_INT(T, threshold, 0, 0, PROMO_OMIT_NULL, "how much is too much"),
	PROMO_F_INT(T, minutes, 0, 0, PROMO_OMIT_NULL, "within how long"),
	PROMO_F_TIME(T, first_at, 0, "when the first of them was"),
	PROMO_F_TIME(T, last_at, 0, "when the last was"),
	PROMO_F_TEXT(T, of, TEXT, 0, 0, 0, "what the ids are of"),
	PROMO_F_TEXTS(T, ids, 0, 0, NULL, 0, "the last of them"),
};
#undef T
static const struct promo_schema evidence_schema =
	PROMO_SCHEMA(struct evidence, "alert_evidence", evidence_fields);

static int raise(struct promo_alert_work *work, const struct promo_alert_rule *rule,
	const struct promo_alert_hit_row *hit, const struct promo_alert_fresh_row *fresh)
{
	const bool is_shop = rule->kind == PROMO_ALERT_UNISSUED_CODES;
	const struct promo_audit_entity about = { rule->about, is_shop ? NULL : hit->subject };
	const struct promo_teller teller = promo_alert_teller(work);
	struct evidence evidence = { .about = &about,
		.count = hit->count,
		.first_at = hit->first_at,
		.last_at = hit->last_at,
		.of = rule->of,
		.ids = hit->ids };
	int64_t window_s;

	(void)promo_alert_rule_limits(rule, work->runner->settings, &evidence.threshold, &window_s);
	evidence.minutes = window_s > 0 ? window_s / 60 : PROMO_NULL_INT;
	return promo_alert_raise_by(&teller, &(struct promo_alert_cause){
						     .kind = rule->kind,
						     .about = hit->subject,
						     .evidence_schema = &evidence_schema,
						     .evidence = &evidence,
						     .count = hit->count,
						     .more = fresh->count,
						     .first_at = hit->first_at,
						     .last_at = hit->last_at,
					     });
}

static const struct promo_alert_fresh_row *fresh_of(const struct promo_alert_fresh_row *rows,
	size_t count, enum promo_alert_kind kind, const char *subject)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].kind == (int)kind && strcmp(rows[i].subject, subject) == 0)
			return &rows[i];
	return NULL;
}

/* What is read now may be earlier than what was read before: writers are read one further than the other, and
 * commit in another order than they began. Only together they may be too much. Sightings are there as far
 * as they were read; of redemptions no more is looked at, so that the next batch has the rest. */
static int64_t look_until(const struct promo_alert_rule *rule, int64_t last_ms)
{
	if (rule->query == PROMO_Q_ALERT_SIGHTED && promo_now_ms() > last_ms)
		return promo_now_ms();
	/* Times of the database are finer than ours. */
	return rule->kind == PROMO_ALERT_OFF_HOURS ? last_ms + 1 : last_ms + LATE_MS;
}

/* Of those who are in the trail anew: what they did before was judged then. */
static int judge(struct promo_alert_work *work, const struct promo_alert_rule *rule,
	const struct promo_objects *fresh)
{
	const struct promo_alert_fresh_row *rows = fresh->items;
	const struct promo_alert_hit_row *hits;
	struct promo_alert_span span = { .from = INT64_MAX };
	const char **subjects =
		promo_arena_alloc_array(work->arena, fresh->count, sizeof(*subjects));
	struct promo_objects found;
	size_t count = 0;
	int r;

	if (!subjects)
		return promo_fault(-ENOMEM, "could not look for alerts");
	for (size_t i = 0; i < fresh->count; i++) {
		if (rows[i].kind != (int)rule->kind)
			continue;
		subjects[count++] = rows[i].subject;
		span.from = rows[i].first_at < span.from ? rows[i].first_at : span.from;
		span.to = rows[i].last_at > span.to ? rows[i].last_at : span.to;
	}
	if (count == 0)
		return 0;
	span.to = look_until(rule, span.to);
	r = promo_alert_rule_ask(work->runner->store, work->arena, work->runner->settings, rule,
		(struct promo_texts){ subjects, count }, span, &found);
	hits = found.items;
	for (size_t i = 0; !r && i < found.count; i++) {
		const struct promo_alert_fresh_row *of =
			fresh_of(rows, fresh->count, rule->kind, hits[i].subject);

		if (of && hits[i].last_at >= of->first_at)
			r = raise(work, rule, &hits[i], of);
	}
	return r;
}

static int tell_failed(struct promo_alert_work *work, const struct promo_alert_fresh_row *job)
{
	const struct promo_audit_entity about = { "job", job->subject };
	const struct promo_teller teller = promo_alert_teller(work);
	const struct evidence evidence = { .about = &about,
		.count = job->count,
		.threshold = PROMO_NULL_INT,
		.minutes = PROMO_NULL_INT,
		.first_at = job->first_at,
		.last_at = job->last_at,
		.of = "job",
		.ids = { &job->subject, 1 } };

	/* Who started it was told already. */
	return promo_alert_raise_by(&teller, &(struct promo_alert_cause){
						     .kind = PROMO_ALERT_JOB_FAILED,
						     .about = job->subject,
						     .evidence_schema = &evidence_schema,
						     .evidence = &evidence,
					     });
}

static int apply_rules(struct promo_alert_work *work, const struct promo_feed_ranges *new)
{
	const struct promo_alert_fresh_row *rows;
	struct promo_objects fresh;
	int r;

	if (new->lost)
		promo_log(PROMO_LOG_WARNING,
			"rows of the audit trail were taken away before the rules of alerts saw "
			"them");
	if (new->count == 0)
		return 0;
	r = find_fresh(work, new, &fresh);
	if (r || fresh.count == 0)
		return r;
	rows = fresh.items;
	for (size_t i = 0; !r && i < PROMO_ALERT_RULES; i++)
		r = judge(work, &promo_alert_rules[i], &fresh);
	for (size_t i = 0; !r && i < fresh.count; i++)
		if (rows[i].kind == PROMO_ALERT_JOB_FAILED)
			r = tell_failed(work, &rows[i]);
	return r;
}

/*
 * The round.
 */

static int read_stand(struct promo_alert_work *work, struct promo_alert_watch_row *ret)
{
	const struct promo_settings *settings = work->runner->settings;
	struct promo_params params = PROMO_PARAMS(work->arena);

	promo_param_text(&params, work->owner);
	promo_param_int(
		&params, promo_settings_int(settings, PROMO_SETTING_ALERT_ESCALATE_MINUTES));
	promo_param_texts(&params, promo_settings_texts(settings, PROMO_SETTING_ALERT_ESCALATE_TO));
	promo_param_int(&params, promo_settings_int(settings, PROMO_SETTING_ALERT_REOPEN_MINUTES));
	return promo_store_one(work->runner->store, work->arena, PROMO_Q_ALERT_WATCH, &params, ret);
}

static int advance(struct promo_alert_work *work, const char *from, const char *to, bool *ret_ours)
{
	struct promo_params params = PROMO_PARAMS(work->arena);
	int64_t moved;
	int r;

	promo_param_text(&params, work->owner);
	promo_param_text(&params, from);
	promo_param_text(&params, to);
	promo_param_int(&params, PROMO_ALERT_LEASE_S);
	r = promo_store_exec(work->runner->store, PROMO_Q_ALERT_ADVANCE, &params, &moved);
	if (!r)
		*ret_ours = moved == 1;
	return r;
}

/* All of it, or nothing: whoever was faster has done the same. */
static int commit_round(struct promo_alert_work *work, const char *from,
	const struct promo_feed_ranges *new, bool looks, bool *ret_more)
{
	struct promo_store *store = work->runner->store;
	bool ours = false;
	int r;

	r = promo_runner_ready(work->runner, work->arena);
	if (!r)
		r = promo_store_begin(store);
	if (!r)
		r = promo_store_allow_ms(store, STATEMENT_MS);
	if (!r)
		r = advance(work, from, new->position, &ours);
	if (r)
		return r;
	if (!ours) {
		promo_store_rollback(store);
		*ret_more = false;
		return 0;
	}
	r = apply_rules(work, new);
	if (!r && looks)
		r = promo_alert_look(work);
	if (!r)
		r = promo_alert_follow(work, ret_more);
	return r ? r : promo_store_commit(store);
}

static int watch_once(struct promo_alert_work *work, bool *ret_more)
{
	const bool looks = promo_monotonic_ms() >= work->looked_ms + PROMO_ALERT_LOOK_MS;
	struct promo_settings *settings = work->runner->settings;
	struct promo_store *store = work->runner->store;
	struct promo_feed_ranges new = { 0 };
	struct promo_alert_watch_row stand;
	int r;

	r = promo_settings_load(settings, store, promo_settings_version(settings) + 1);
	if (!r)
		r = read_stand(work, &stand);
	if (r || !stand.is_free)
		return r;
	if (stand.position)
		r = promo_feed_find(store, work->arena, stand.position, work->rows_at_once, &new);
	if (!stand.position || r == PROMO_E_INVALID_INPUT)
		r = promo_feed_now(store, work->arena, &new.position);
	if (r)
		return r;
	if (stand.position && strcmp(stand.position, new.position) == 0 && !stand.is_due && !looks)
		return 0;
	*ret_more = new.more;
	r = commit_round(work, stand.position, &new, looks, ret_more);
	if (!r && looks)
		work->looked_ms = promo_monotonic_ms();
	return r;
}

/* So that it keeps up with what is written, and no batch is too much for ever. */
static void choose_rows(struct promo_alert_work *work, int64_t took_ms, bool more)
{
	int64_t rows = work->rows_at_once;

	if (took_ms > ROUND_MS && rows > ROWS_AT_ONCE)
		rows /= 2;
	else if (rows < ROWS_AT_ONCE || (more && took_ms < ROUND_MS / 2 && rows < ROWS_MAX))
		rows *= 2;
	work->rows_at_once = rows < ROWS_MAX ? rows : ROWS_MAX;
}

int promo_alert_work_round(struct promo_alert_work *work, bool *ret_more)
{
	const int64_t began_ms = promo_monotonic_ms();
	int r = 0;

	*ret_more = false;
	promo_arena_clear(work->arena);
	if (!work->runner)
		r = promo_runner_new(work->config, &work->runner);
	if (!r)
		r = watch_once(work, ret_more);
	if (!r) {
		choose_rows(work, promo_monotonic_ms() - began_ms, *ret_more);
		return 0;
	}
	work->rows_at_once = work->rows_at_once > 4 ? work->rows_at_once / 4 : 1;
	promo_runner_free(work->runner);
	work->runner = NULL;
	*ret_more = false;
	return r;
}
