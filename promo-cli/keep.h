/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/client/pending.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * Idempotency keys of a run. Of a redemption, and of whatever makes something new, the key is on disk from
 * before it is sent until what came of it was told: whoever runs the same command again after a crash, a
 * lost answer or a broken connection sends the same key, and it is done once. What only sets something
 * (a status, an owner) is the same when it is done twice, and an old answer to it would be a lie: its key is
 * for the retries of one run.
 */

struct cli_kept {
	struct promo_pending pending;
	bool answered;
	struct cli_kept *next;
};

/* Whether it makes something new: another thing or a job, each time. */
bool cli_op_creates(const struct promo_op *op);

/* The input without its passwords; NULL where there is none, or no memory. */
const void *cli_without_secrets(
	const struct promo_op *op, const void *in, struct promo_arena *arena);

/* The key of a request: the one of --idempotency-key, the kept one, or a new one. `also` is what else makes
 * the request what it is, such as a hash of its file; or NULL. *ret is NULL where nothing is kept; where
 * nothing can be, only a redemption is refused, anything else is warned of. */
int cli_keep(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, const char *also, const char **ret_key, struct cli_kept **ret);

/* What promo_client_call() said of it. kept may be NULL. */
void cli_kept_answer(struct cli_kept *kept, int r, const struct promo_reply *reply);

/* What was answered was told, too: its keys go. Those without an answer stay on disk. */
void cli_kept_told(struct cli *cli);
