/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_customer.h"
#include "libpromo/ops/ctx.h"

/*
 * Customers: their redemptions, what is known of one, and how one is forgotten; bind.h says when and how
 * the operations are called. Locks: the row of customer_rounds, customers, then cases and what is kept
 * of messages; nobody at the counter takes the first.
 */

PROMO_BEGIN_DECLS

struct promo_job_worker;
struct promo_params;

int promo_redemption_search(struct promo_ctx *ctx, const struct promo_redemption_search_in *in,
	struct promo_list *ret) PROMO_CHECK;
/* Adds what a list or a file of redemptions is filtered by, as all its statements take it. */
void promo_redemption_filters(struct promo_ctx *ctx, const struct promo_redemption_list_in *in,
	struct promo_params *params);
int promo_customer_redemptions(struct promo_ctx *ctx,
	const struct promo_customer_redemptions_in *in, struct promo_list *ret) PROMO_CHECK;
int promo_customer_data_export(struct promo_ctx *ctx, const struct promo_id_in *in,
	struct promo_customer_data *ret) PROMO_CHECK;
int promo_customer_erase(struct promo_ctx *ctx, const struct promo_customer_erase_in *in,
	struct promo_customer *ret) PROMO_CHECK;

/* Whether what is looked for is long enough to be found by its pieces, of three characters each. */
bool promo_customers_by_pieces(const char *q);

/* What is looked for as it is stored, where it is a number as people write it; else `q` itself. */
const char *promo_customers_sought(struct promo_ctx *ctx, const char *q);

/* Whether those who fit are so few that each is looked up, and codes, where there are any: `begins` has the
 * beginning of a code and what is beyond it, or two nulls. */
int promo_customers_few(struct promo_ctx *ctx, const char *q, const struct promo_params *begins,
	bool *ret) PROMO_CHECK;

/* Blanks what names these customers (struct promo_customer_ref), who are locked, wherever it stands,
 * in the transaction that is open. */
int promo_customers_blank(struct promo_store *store, struct promo_arena *arena,
	const struct promo_objects *customers) PROMO_CHECK;

/* What the job engine does from time to time: writes what customers are searched by, and forgets those
 * for whom nothing was redeemed for `days`. Each in a transaction of its own. */
int promo_customers_index(struct promo_job_worker *worker, int64_t rest_s) PROMO_CHECK;
int promo_customers_forget(struct promo_job_worker *worker, int64_t days) PROMO_CHECK;

PROMO_END_DECLS
