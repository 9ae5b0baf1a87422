/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * The parts of the audit trail (docs/decisions/0042), as the owner of the database: a new one is begun now and
 * then, the writers of the older ones are closed, so that their connections go on in the new one, and a part
 * of which everything is older than privacy.keep_audit_days is dropped. Before that a row says so in the
 * trail, and a seal says, signed, up to where rows may be gone: promo audit verify tells what was dropped from
 * what was cut off. May run in several daemons at once, and be killed at any moment.
 */

PROMO_BEGIN_DECLS

struct promo_runner_config;

struct promo_parts_done {
	int64_t begun, dropped;
};

/* `owner`: the URI of the owner of the database. Once *stop is true it ends soon, as if there was no more to do;
 * NULL: nobody stops it. PROMO_E_UNAVAILABLE: the server cannot be reached. */
int promo_audit_keep_parts(const struct promo_runner_config *config, const char *owner,
	const atomic_bool *stop, struct promo_parts_done *ret) PROMO_CHECK;

PROMO_END_DECLS
