/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/bind.h"
#include "libpromo/ops/runner.h"

/* One request inside the runner: admit.c lets it in, run.c carries it out. Not installed. */

/* One request on its way. */
struct promo_call {
	struct promo_runner *runner;
	const struct promo_request *request;
	const struct promo_binding *binding;
	struct promo_actor actor;
	struct promo_ctx ctx;
	struct promo_audit_note note; /* of before(), which every attempt starts with */
	void *in, *out;
	size_t out_size;
	struct promo_attempts attempts;
	struct promo_answer answer; /* of a success, or of a replay */
	bool answered, committed;
	bool replay_known; /* an attempt whose commit is unknown was a replay itself, or was not */
	bool was_replay;
};

/* Who asks: reads the actor and the settings of this moment into the call. */
int promo_call_identify(struct promo_call *call) PROMO_CHECK;

/* Decodes the input, unless it was given as a struct. */
int promo_call_decode(struct promo_call *call) PROMO_CHECK;

/* Everything that has to be right before the operation may run: rights, headers, input. */
int promo_call_admit(struct promo_call *call) PROMO_CHECK;

/* Makes room for the operation's answer. */
int promo_call_make_room(struct promo_call *call) PROMO_CHECK;
