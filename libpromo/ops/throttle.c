/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/throttle.h"

#include <stddef.h>
#include <string.h>

#include "libpromo/ops/alert.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/throttle.h"
#include "libpromo/store/store.h"

enum {
	MS_PER_S = 1000,
	UNKNOWN_FREE = 50, /* codes of lists in an hour; design section 7 */
};

static int64_t seconds_up(int64_t ms)
{
	return (ms + MS_PER_S - 1) / MS_PER_S;
}

static struct promo_guesses guesses_of(const struct promo_throttle_row *row)
{
	if (!row)
		return (struct promo_guesses){ 0 };
	return (struct promo_guesses){
		.misses = row->count,
		.since = row->since,
		.step = row->step,
		.blocked_until = row->blocked_until,
		.good = row->good,
		.hour_misses = row->hour_count,
		.hour_since = row->hour_since,
		.hour_alerted = row->hour_alerted,
	};
}

static int refuse(struct promo_ctx *ctx, const struct promo_guesses *guesses, int64_t now)
{
	const int64_t wait_ms = promo_guesses_wait_ms(guesses, now);

	if (wait_ms == 0)
		return 0;
	ctx->problem.retry_after_s = seconds_up(wait_ms);
	return promo_ctx_refuse(ctx, PROMO_E_TOO_MANY_REQUESTS,
		"too many codes were tried that do not exist, wait before the next");
}

/* The structured form of draft-ietf-httpapi-ratelimit-headers: seconds, and whole ones. */
static void tell(const struct promo_guesses *guesses, int64_t now, struct promo_answer *answer)
{
	const struct promo_guesses_left left = promo_guesses_left(guesses, now);

	answer->rate_limit = (struct promo_rate_limit){
		.name = "misses",
		.quota = PROMO_GUESS_MISSES,
		.window_s = PROMO_GUESS_WINDOW_MS / MS_PER_S,
		.left = left.misses,
		.reset_s = seconds_up(left.reset_ms),
	};
}

bool promo_throttle_neutral(const struct promo_throttle_row *row, int64_t now)
{
	const struct promo_guesses guesses = guesses_of(row);

	return promo_guesses_neutral(&guesses, now);
}

int promo_throttle_refuse(struct promo_ctx *ctx, const struct promo_throttle_row *row, int64_t now)
{
	const struct promo_guesses guesses = guesses_of(row);

	return refuse(ctx, &guesses, now);
}

void promo_throttle_tell(
	const struct promo_throttle_row *row, int64_t now, struct promo_answer *answer)
{
	const struct promo_guesses guesses = guesses_of(row);

	tell(&guesses, now, answer);
}

/*
 * The runner's requests.
 */

static bool concerns(const struct promo_call *call)
{
	return (call->ctx.op->flags & PROMO_OP_GUESSABLE) && call->actor.user_id;
}

/* Takes what was read; NULL: there is no row. */
static void know(struct promo_call *call, const struct promo_throttle_row *row)
{
	call->guesses.known = true;
	call->guesses.state = guesses_of(row);
	call->guesses.at = row ? row->at : call->ctx.now_ms;
}

static int read_row(struct promo_call *call)
{
	struct promo_params params = PROMO_PARAMS(call->ctx.arena);
	const char *const users[] = { call->actor.user_id };
	struct promo_objects rows;
	int r;

	promo_param_texts(&params, (struct promo_texts){ users, 1 });
	r = promo_store_all(
		call->ctx.store, call->ctx.arena, PROMO_Q_THROTTLE_READ, &params, &rows);
	if (!r)
		know(call, rows.count > 0 ? rows.items : NULL);
	return r;
}

static int lock_row(struct promo_call *call)
{
	struct promo_params params = PROMO_PARAMS(call->ctx.arena);
	struct promo_throttle_row row;
	int r;

	promo_param_text(&params, call->actor.user_id);
	r = promo_store_find(call->ctx.store, call->ctx.arena, PROMO_Q_THROTTLE_LOCK, &params, &row,
		&call->guesses.held);
	if (!r)
		know(call, call->guesses.held ? &row : NULL);
	return r;
}

static int open_row(struct promo_call *call)
{
	struct promo_params params = PROMO_PARAMS(call->ctx.arena);
	struct promo_throttle_row row;
	int r;

	promo_param_text(&params, call->actor.user_id);
	r = promo_store_one(call->ctx.store, call->ctx.arena, PROMO_Q_THROTTLE_OPEN, &params, &row);
	if (!r)
		know(call, &row);
	return r;
}

static int write_row(struct promo_call *call, const struct promo_guesses *next)
{
	struct promo_params params = PROMO_PARAMS(call->ctx.arena);
	int r;

	promo_param_text(&params, call->actor.user_id);
	promo_param_int(&params, next->misses);
	promo_param_time(&params, next->since);
	promo_param_int(&params, next->step);
	promo_param_time(&params, next->blocked_until);
	promo_param_int(&params, next->good);
	promo_param_int(&params, next->hour_misses);
	promo_param_time(&params, next->hour_since);
	promo_param_bool(&params, next->hour_alerted);
	r = promo_store_exec(call->ctx.store, PROMO_Q_THROTTLE_WRITE, &params, NULL);
	if (!r)
		call->guesses.state = *next;
	return r;
}

int promo_throttle_admit(struct promo_call *call)
{
	int r;

	call->guesses.held = false;
	/* Of what perhaps happened already the truth has to be told, not that it is too much. */
	if (!concerns(call) || call->attempts.deadline_ms)
		return 0;
	r = read_row(call);
	if (r || promo_guesses_neutral(&call->guesses.state, call->guesses.at))
		return r;
	r = lock_row(call);
	if (r)
		return r;
	return refuse(&call->ctx, &call->guesses.state, call->guesses.at);
}

int promo_throttle_count_good(struct promo_call *call)
{
	struct promo_guesses next;

	if (!call->guesses.held || call->ctx.replayed)
		return 0;
	next = promo_guesses_good(&call->guesses.state, call->guesses.at);
	return write_row(call, &next);
}

struct evidence {
	const char *user_id;
	int64_t misses;
};

#define T struct evidence
static const struct promo_field evidence_fields[] = {
	PROMO_F_TEXT(T, user_id, ID, 0, 0, 0, "who guessed"),
	PROMO_F_INT(T, misses, 0, 0, 0, "misses in the hour"),
};
#undef T
static const struct promo_schema evidence_schema =
	PROMO_SCHEMA(struct evidence, "guessing_evidence", evidence_fields);

/* At once, where the settings would have the watch do so as well; it counts on from here. */
static int raise_alert(struct promo_call *call, int64_t misses, int64_t counted)
{
	const struct evidence evidence = { call->actor.user_id, misses };
	const int64_t limit =
		promo_settings_int(call->runner->settings, PROMO_SETTING_ALERT_MISSES_COUNT);

	if (limit == 0 || limit > misses)
		return 0;
	return promo_alert_raise(&call->ctx, &(struct promo_alert_cause){
						     .kind = PROMO_ALERT_GUESSING,
						     .about = call->actor.user_id,
						     .evidence_schema = &evidence_schema,
						     .evidence = &evidence,
						     .count = counted,
					     });
}

static int count_miss(struct promo_call *call, int *ret_error)
{
	struct promo_guesses before, next;
	int r;

	r = open_row(call);
	if (r)
		return r;
	r = refuse(&call->ctx, &call->guesses.state, call->guesses.at);
	if (r < 0)
		return r;
	if (r) {
		*ret_error = r;
		return 0;
	}
	before = promo_guesses_now(&call->guesses.state, call->guesses.at);
	next = promo_guesses_miss(&before, call->guesses.at);
	r = write_row(call, &next);
	/* The watch adds the one in hand when it reads of it. */
	if (!r && next.hour_alerted && !before.hour_alerted)
		r = raise_alert(call, next.hour_misses, next.hour_misses - 1);
	if (!r)
		*ret_error = PROMO_E_CODE_NOT_FOUND;
	return r;
}

/* How many of them are more than is free. */
static int count_free(struct promo_call *call, int64_t unknown, int64_t *ret_beyond)
{
	struct promo_params params = PROMO_PARAMS(call->ctx.arena);
	struct promo_count_row row;
	int64_t beyond;
	int r;

	promo_param_text(&params, call->actor.user_id);
	promo_param_int(&params, unknown);
	r = promo_store_one(
		call->ctx.store, call->ctx.arena, PROMO_Q_THROTTLE_UNKNOWN, &params, &row);
	if (r)
		return r;
	beyond = row.count - UNKNOWN_FREE;
	*ret_beyond = beyond < 0 ? 0 : beyond < unknown ? beyond : unknown;
	return 0;
}

/* As many misses as are let through; *ret_left are more than that. */
static int count_misses(struct promo_call *call, int64_t misses, int64_t *ret_left)
{
	struct promo_guesses before, next;
	int r;

	r = open_row(call);
	if (!r)
		r = refuse(&call->ctx, &call->guesses.state, call->guesses.at);
	if (r)
		return r;
	before = next = promo_guesses_now(&call->guesses.state, call->guesses.at);
	for (; misses > 0 && promo_guesses_wait_ms(&next, call->guesses.at) == 0; misses--)
		next = promo_guesses_miss(&next, call->guesses.at);
	r = write_row(call, &next);
	if (!r && next.hour_alerted && !before.hour_alerted)
		r = raise_alert(call, next.hour_misses, next.hour_misses);
	if (!r)
		*ret_left = misses;
	return r;
}

int promo_throttle_count_unknown(struct promo_ctx *ctx, int64_t unknown)
{
	struct promo_call *call =
		(struct promo_call *)(void *)((char *)ctx - offsetof(struct promo_call, ctx));
	int64_t beyond = 0, left = 0;
	int r = 0;

	if (unknown > 0)
		r = count_free(call, unknown, &beyond);
	if (!r && beyond > 0)
		r = count_misses(call, beyond, &left);
	call->guesses.held = false;
	if (r || left == 0)
		return r;
	ctx->commit_refusal = true;
	return refuse(ctx, &call->guesses.state, call->guesses.at);
}

int promo_throttle_count_refusal(struct promo_call *call, int error, int *ret_error)
{
	int r = 0;

	if (concerns(call) && error == PROMO_E_CODE_NOT_FOUND)
		return count_miss(call, ret_error);
	if (concerns(call) && !call->guesses.known)
		r = read_row(call);
	if (!r)
		*ret_error = error;
	return r;
}

void promo_throttle_tell_call(const struct promo_call *call, struct promo_answer *answer)
{
	if (call->guesses.known)
		tell(&call->guesses.state, call->guesses.at, answer);
}
