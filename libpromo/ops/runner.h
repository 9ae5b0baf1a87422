/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/store.h"

/*
 * A runner's connection: opened again when it is lost, and each time registered as a new writer of
 * the audit trail, since the old backend may still be at work. For run.c only; not installed.
 */

struct promo_runner {
	const struct promo_runner_config *config;
	struct promo_store *store;
	struct promo_settings *settings;
	int64_t writer; /* 0: this connection is not registered yet */
};

/* How often one request starts over. */
struct promo_attempts {
	int conflicts;       /* 40001, 40P01 */
	int losses;          /* of the connection */
	int tries;           /* to find out what became of a commit */
	int64_t deadline_ms; /* of what may have been committed; monotonic, 0: nothing so far */
};

/* For whoever reads the audit trail later: which program wrote a sequence. */
enum {
	PROMO_RUNNER_NAME_SIZE = 130
};
void promo_runner_name(const struct promo_runner_config *config, char ret[PROMO_RUNNER_NAME_SIZE]);

/* How long it may take to find out what became of a commit, in ms. */
int64_t promo_runner_resolve_ms(const struct promo_runner_config *config);

/* Registers the connection as a writer where that is still to be done. */
int promo_runner_ready(struct promo_runner *runner, struct promo_arena *arena) PROMO_CHECK;

/* What the store said of the last fault. Outside of a commit a lost connection is only that: no
 * statement of the runner does harm when it is done twice. A writer that was closed is forgotten. */
enum promo_store_failure promo_runner_failure(struct promo_runner *runner, bool committing);

/* What to do about a fault `r` of which the store said `failure`: 0 to start over (on a connection
 * that works), or what to answer. `again` says that the whole may be done twice, because a key or
 * its nature makes it one. What was perhaps committed is asked for again until its deadline, also
 * while the database cannot be reached, and is PROMO_E_OUTCOME_UNKNOWN after it; what certainly did
 * nothing is PROMO_E_UNAVAILABLE soon. */
int promo_runner_recover(struct promo_runner *runner, int r, enum promo_store_failure failure,
	bool again, struct promo_attempts *attempts) PROMO_CHECK;
