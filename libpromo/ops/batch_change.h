/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/batches.h"
#include "libpromo/store/rows_bulk.h"
#include "libpromo/store/store.h"

/* What changes of one batch and of many have in common. Not installed. */

PROMO_BEGIN_DECLS

/* Locks batches by id, in the order of their ids; who is not there has no row. */
int promo_batches_lock(
	struct promo_ctx *ctx, struct promo_texts ids, struct promo_objects *ret) PROMO_CHECK;

/* Deletes a locked batch: it is gone at once, and a job takes its codes away. PROMO_E_BATCH_IN_USE with
 * the reason in words. */
int promo_batch_bury(struct promo_ctx *ctx, const struct promo_batch_lock_row *batch) PROMO_CHECK;

/* The last day of a batch as it was asked for: *ret_day is YYYY-MM-DD; refuses a bad one by its field.
 * `zone` is the shop's. */
int promo_batch_check_day(
	struct promo_ctx *ctx, const char *day, const char *zone, const char **ret_day) PROMO_CHECK;

/* Whether a user can be given a batch; names `pointer` where not. NULL is fine. */
int promo_batch_check_assignee(
	struct promo_ctx *ctx, const char *user_id, const char *pointer) PROMO_CHECK;

/* Tell of a new batch, and of one that is somebody else's now (before NULL: it is new). */
int promo_batch_tell_created(struct promo_ctx *ctx, const struct promo_batch *batch) PROMO_CHECK;
int promo_batch_tell_assigned(struct promo_ctx *ctx, const struct promo_batch *before,
	const struct promo_batch *batch) PROMO_CHECK;

PROMO_END_DECLS
