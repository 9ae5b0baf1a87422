/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/sealer_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/model/seal.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/sealer.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum {
	ARENA_LIMIT = 16 * 1024 * 1024,
	PARTS_KEPT = 12, /* so many make up what is kept */
	PART_DAYS_MIN = 7,
	PART_DAYS_MAX = 365,
	PARTS_AT_ONCE = 64,
	TRIES = 60,
	TRY_EVERY_US = 500 * 1000,
	DROP_MS = 60 * 1000,
};

struct keeping {
	const struct promo_runner_config *config;
	const atomic_bool *stop;
	struct promo_store *store;
	struct promo_arena *arena;
	int64_t writer; /* of the audit trail; 0: not registered yet */
	int64_t keep_days;
	struct old_part {
		int64_t id, seal;
	} old[PARTS_AT_ONCE];
	size_t old_count;
};

static bool is_unwanted(const struct keeping *keeping)
{
	return keeping->stop && atomic_load(keeping->stop);
}

/*
 * One step, with its row in the trail.
 */

/* Before the transaction, which may not come to its end. */
static int register_writer(struct keeping *keeping)
{
	return keeping->writer ? 0
			       : promo_audit_open(keeping->store, keeping->arena, "upkeep",
					 &keeping->writer);
}

static int write_row(struct keeping *keeping, const char *action, int64_t part)
{
	static const struct promo_request nobodys = { 0 };
	static const struct promo_actor system = { .kind = PROMO_ACTOR_SYSTEM };
	struct promo_ctx ctx = { .arena = keeping->arena };
	struct promo_audit_row row = {
		.writer = keeping->writer,
		.actor = &system,
		.request = &nobodys,
		.action = action,
		.note = &ctx.audit,
		.hash_key = keeping->config->hash_key,
	};
	const char *number = promo_arena_printf(keeping->arena, "%" PRId64, part);
	int r;

	if (!number)
		return promo_fault(-ENOMEM, "could not keep the parts of the audit trail");
	ctx.audit.entity_kind = "audit_part";
	r = promo_audit_change_json(&ctx, "part", NULL, number);
	return r ? r : promo_audit_write(keeping->store, keeping->arena, /* folds= */ NULL, &row);
}

/* *ret_done is false where somebody else did it. */
static int try_step(struct keeping *keeping, enum promo_query query, const char *action,
	int64_t part, bool *ret_done)
{
	struct promo_params params = PROMO_PARAMS(keeping->arena);
	struct promo_truth_row row;
	int r;

	r = register_writer(keeping);
	if (!r)
		r = promo_store_begin(keeping->store);
	if (!r)
		r = promo_store_allow_ms(keeping->store, DROP_MS);
	/* First, since whoever drops a part is alone from then on. */
	if (!r)
		r = write_row(keeping, action, part);
	promo_param_int(&params, part);
	if (!r)
		r = promo_store_one(keeping->store, keeping->arena, query, &params, &row);
	if (!r && row.yes)
		r = promo_store_commit(keeping->store);
	else
		promo_store_rollback(keeping->store);
	if (!r)
		*ret_done = row.yes;
	return r;
}

/* Locks that others hold for long, such as an export's, are asked for in vain: that is tried again. */
static int step(struct keeping *keeping, enum promo_query query, const char *action, int64_t part,
	bool *ret_done)
{
	int r = -EAGAIN;

	*ret_done = false;
	for (int i = 0; r && i < TRIES && !is_unwanted(keeping); i++) {
		if (i > 0)
			promo_sleep_us(TRY_EVERY_US);
		r = try_step(keeping, query, action, part, ret_done);
		if (r && promo_store_failure(keeping->store) != PROMO_STORE_RETRY)
			return r;
	}
	if (r)
		promo_log(PROMO_LOG_WARNING,
			"part %" PRId64 " of the audit trail is read by somebody: %s comes later",
			part, action);
	return 0;
}

/*
 * A new part.
 */

static int64_t part_days(int64_t keep_days)
{
	int64_t days = keep_days > 0 ? keep_days / PARTS_KEPT : PART_DAYS_MAX;

	return days < PART_DAYS_MIN ? PART_DAYS_MIN : days > PART_DAYS_MAX ? PART_DAYS_MAX : days;
}

static int begin_part(struct keeping *keeping, int64_t *ret_begun)
{
	struct promo_params params = PROMO_PARAMS(keeping->arena);
	struct promo_count_row next;
	bool found, done;
	int r;

	promo_param_int(&params, part_days(keeping->keep_days));
	r = promo_store_find(
		keeping->store, keeping->arena, PROMO_Q_AUDIT_PART_DUE, &params, &next, &found);
	if (r || !found)
		return r;
	r = step(keeping, PROMO_Q_AUDIT_PART_BEGIN, "audit-part.begin", next.count, &done);
	if (!r && done)
		*ret_begun += 1;
	return r;
}

/* One after the other, so that none of them waits for what another one is at. */
static int retire(struct keeping *keeping, int64_t writer)
{
	const struct promo_params none = PROMO_PARAMS(keeping->arena);
	struct promo_params params = PROMO_PARAMS(keeping->arena);
	struct promo_truth_row row;
	int r;

	promo_param_int(&params, writer);
	r = promo_store_begin(keeping->store);
	if (!r)
		r = promo_store_one(
			keeping->store, keeping->arena, PROMO_Q_SESSION_YIELD, &none, &row);
	if (!r)
		r = promo_store_exec(keeping->store, PROMO_Q_WRITER_RETIRE, &params, NULL);
	if (!r)
		return promo_store_commit(keeping->store);
	promo_store_rollback(keeping->store);
	/* It is in a long transaction: the next time. */
	return promo_store_failure(keeping->store) == PROMO_STORE_RETRY ? 0 : r;
}

static int retire_writers(struct keeping *keeping)
{
	const struct promo_params none = PROMO_PARAMS(keeping->arena);
	const struct promo_writer_row *rows;
	struct promo_objects writers;
	int r;

	r = promo_store_all(
		keeping->store, keeping->arena, PROMO_Q_AUDIT_PART_WRITERS, &none, &writers);
	rows = writers.items;
	for (size_t i = 0; !r && i < writers.count && !is_unwanted(keeping); i++) {
		if (rows[i].id == keeping->writer)
			keeping->writer = 0;
		r = retire(keeping, rows[i].id);
	}
	return r;
}

/*
 * Old parts.
 */

static int take_old(void *context, int columns, const char *const *values)
{
	struct keeping *keeping = context;

	if (columns != 2 || !values[0] || !values[1])
		return promo_fault(-EPROTO, "a part of the audit trail is none");
	if (keeping->old_count < PARTS_AT_ONCE)
		keeping->old[keeping->old_count++] =
			(struct old_part){ strtoll(values[0], NULL, 10),
				strtoll(values[1], NULL, 10) };
	return 0;
}

/* Whether the last seal says that rows of this one may be gone. */
static int is_said(struct keeping *keeping, int64_t seal, bool *ret)
{
	const struct promo_params none = PROMO_PARAMS(keeping->arena);
	struct promo_audit_seal last;
	bool found;
	int r;

	r = promo_store_find(
		keeping->store, keeping->arena, PROMO_Q_SEAL_LAST, &none, &last, &found);
	if (!r)
		*ret = seal == 0 || (found && last.dropped_to >= seal);
	return r;
}

/* Asks for the seal, and waits for it. Where no daemon runs it is made here. */
static int have_it_said(
	struct keeping *keeping, const struct old_part *part, struct promo_seal_work *work)
{
	struct promo_params params = PROMO_PARAMS(keeping->arena);
	bool said = false, more;
	int r;

	r = is_said(keeping, part->seal, &said);
	if (r || said)
		return r;
	r = register_writer(keeping);
	if (!r)
		r = promo_store_begin(keeping->store);
	promo_param_int(&params, part->seal);
	if (!r)
		r = promo_store_exec(keeping->store, PROMO_Q_SEAL_WANT, &params, NULL);
	/* Something to seal. */
	if (!r)
		r = write_row(keeping, "audit-part.expire", part->id);
	if (!r)
		r = promo_store_commit(keeping->store);
	for (int i = 0; !r && !said && i < TRIES && !is_unwanted(keeping); i++) {
		if (i > 0)
			promo_sleep_us(TRY_EVERY_US);
		r = promo_seal_work_round(work, &more);
		if (!r)
			r = is_said(keeping, part->seal, &said);
	}
	if (!r && !said && !is_unwanted(keeping))
		return promo_fault(-ETIMEDOUT, "nobody sealed that a part of the audit trail goes");
	return r;
}

static int drop(struct keeping *keeping, const struct old_part *part, struct promo_seal_work *work,
	int64_t *ret_dropped)
{
	struct promo_params params = PROMO_PARAMS(keeping->arena);
	bool done = false;
	int r;

	r = have_it_said(keeping, part, work);
	if (!r && !is_unwanted(keeping))
		r = step(keeping, PROMO_Q_AUDIT_PART_DROP, "audit-part.drop", part->id, &done);
	if (r || !done)
		return r;
	promo_log(PROMO_LOG_INFO,
		"dropped part %" PRId64 " of the audit trail, which is older than "
		"privacy.keep_audit_days",
		part->id);
	*ret_dropped += 1;
	promo_param_int(&params, part->seal);
	return promo_store_exec(keeping->store, PROMO_Q_SEAL_FORGET, &params, NULL);
}

static int drop_old(struct keeping *keeping, int64_t *ret_dropped)
{
	struct promo_params params = PROMO_PARAMS(keeping->arena);
	struct promo_seal_work *work;
	int r;

	promo_param_int(&params, keeping->keep_days);
	r = promo_store_each(keeping->store, PROMO_Q_AUDIT_PART_OLD, &params, take_old, keeping);
	if (r || keeping->old_count == 0)
		return r;
	r = promo_seal_work_new(keeping->config, &work);
	if (r)
		return r;
	for (size_t i = 0; !r && i < keeping->old_count && !is_unwanted(keeping); i++)
		r = drop(keeping, &keeping->old[i], work, ret_dropped);
	promo_seal_work_rest(work);
	promo_seal_work_free(work);
	return r;
}

/*
 * All of it.
 */

static int load_keep_days(struct keeping *keeping)
{
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	int r;

	r = promo_settings_new(&settings);
	if (!r)
		r = promo_settings_load(
			settings, keeping->store, promo_settings_version(settings) + 1);
	if (!r)
		keeping->keep_days = promo_settings_int(settings, PROMO_SETTING_AUDIT_KEEP_DAYS);
	return r;
}

static int keep(struct keeping *keeping, struct promo_parts_done *ret)
{
	int r;

	r = load_keep_days(keeping);
	if (!r)
		r = begin_part(keeping, &ret->begun);
	if (!r)
		r = retire_writers(keeping);
	if (!r)
		r = drop_old(keeping, &ret->dropped);
	return r || !keeping->writer ? r : retire(keeping, keeping->writer);
}

int promo_audit_keep_parts(const struct promo_runner_config *config, const char *owner,
	const atomic_bool *stop, struct promo_parts_done *ret)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(ARENA_LIMIT);
	const struct promo_store_config store = {
		.uri = owner,
		.no_prepare = config->no_prepare,
		.no_skip_locked = config->no_skip_locked,
		.patient = true,
	};
	struct keeping keeping = { .config = config, .stop = stop, .arena = arena };
	struct promo_parts_done done = { 0 };
	int r;

	if (!arena)
		return promo_fault(-ENOMEM, "could not keep the parts of the audit trail");
	r = promo_store_open(&store, &keeping.store);
	if (r)
		return r;
	r = keep(&keeping, &done);
	promo_store_close(keeping.store);
	if (!r)
		*ret = done;
	return r;
}
