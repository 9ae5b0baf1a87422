/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/bulk.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/store.h"

/*
 * Changes the own status of codes, or takes codes away, some thousands in one transaction: they are
 * locked in the order of all locks of codes, those that may not become this stay as they are and are
 * named, the others are changed by one statement that raises the totals with them. A redemption
 * compares the status of a code with the row locked, so that none that read the old one can commit
 * behind a change. Not installed.
 */

PROMO_BEGIN_DECLS

struct promo_code_change {
	enum promo_code_action action;
	const char *time_zone; /* of the shop, whose days the totals count */
	int64_t lane;          /* of the totals */
	bool seal;             /* DELETE: block what has to stay, so that nobody redeems it late */
};

struct promo_code_changed {
	int64_t changed;
	struct promo_skipped *skipped; /* with room for all */
	size_t skipped_count;
};

/* `ids` name codes that exist, each once. An id that is none by now is skipped as not_found. */
int promo_codes_change(struct promo_store *store, struct promo_arena *arena,
	const struct promo_code_change *change, struct promo_texts ids,
	struct promo_code_changed *ret) PROMO_CHECK;

PROMO_END_DECLS
