/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/bind.h"
#include "libpromo/ops/runner.h"
#include "libpromo/rules/throttle.h"

/* One request inside the runner: admit.c lets it in, run.c carries it out. Not installed. */

/* One request on its way. */
struct promo_call {
	struct promo_runner *runner;
	struct promo_request request; /* as it came, but for what the database would not take */
	const struct promo_binding *binding;
	struct promo_actor actor;
	struct promo_ctx ctx;
	struct promo_audit_note note; /* of before(), which every attempt starts with */
	void *in, *out;
	size_t out_size;
	struct promo_attempts attempts;
	struct promo_answer answer; /* of a success, or of a replay */
	bool answered, committed;
	bool maintenance; /* the mode is on at this moment */
	/* Where the actor stands who brings a code: throttle.h. */
	struct {
		struct promo_guesses state;
		int64_t at; /* the database's clock when it was read */
		bool known, held;
	} guesses;
	/* What an attempt that was refused proves about earlier ones: the key is another request's or
	 * a failed attempt's, or was ours alone, so none of them can have done anything. */
	bool key_settled;
	/* Whether the first attempt whose commit is unknown was a replay itself. */
	bool replay_known, was_replay;
};

/* A call of a request, in an arena, for a runner: all but who asks. The runner of a lane has no store. */
int promo_call_start(struct promo_call *call, struct promo_runner *runner,
	const struct promo_request *request, struct promo_arena *arena) PROMO_CHECK;

/* The request without what the database would not take: no one's User-Agent makes an audit row, and
 * with it the request, impossible. */
int promo_call_clean(struct promo_call *call) PROMO_CHECK;

/* Who asks: reads the actor and the settings of this moment into the call. */
int promo_call_identify(struct promo_call *call) PROMO_CHECK;

/* The settings of this moment, where nobody asks. */
int promo_call_read_settings(struct promo_call *call) PROMO_CHECK;

/* Decodes the input, unless it was given as a struct. */
int promo_call_decode(struct promo_call *call) PROMO_CHECK;

/* Whether maintenance mode keeps this actor from this operation. */
bool promo_call_rests(const struct promo_op *op, const struct promo_actor *actor);

/* Everything that has to be right before the operation may run: rights, headers, input. */
int promo_call_admit(struct promo_call *call) PROMO_CHECK;

/* The same as far as it goes without the database, for an actor that is known: does nothing before
 * the operation, and names not every field that is bad. */
int promo_call_admit_known(struct promo_call *call) PROMO_CHECK;

/* The same as far as it goes before the body of a request was read; asks the operation's check(). */
int promo_call_admit_body(struct promo_call *call) PROMO_CHECK;

/* Runs a probe or a description: no actor, no transaction, and no database unless it looks for it. */
int promo_call_run_bare(struct promo_call *call) PROMO_CHECK;

/* Makes room for the operation's answer. */
int promo_call_make_room(struct promo_call *call) PROMO_CHECK;
