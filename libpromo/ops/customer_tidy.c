/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libpromo/ops/customers.h"
#include "libpromo/ops/worker.h"
#include "libpromo/store/rows_codes.h"

/* What is done about customers while nobody waits for it. */

enum {
	/* At once, so that the counter has the database for itself: what a busy hour leaves behind is
	 * caught up with after it. */
	REDEMPTIONS_AT_ONCE = 5000,
	OTHERS_AT_ONCE = 500,
	FORGET_DEPTH = 20000,
};

static int lock_rounds(struct promo_job_worker *worker)
{
	const struct promo_params none = PROMO_PARAMS(worker->arena);
	struct promo_id_row rounds;

	return promo_store_one(
		worker->store, worker->arena, PROMO_Q_CUSTOMER_LOCKROUNDS, &none, &rounds);
}

/* The lock comes with a statement of its own: the next one sees all that was erased before it. */
int promo_customers_index(struct promo_job_worker *worker, int64_t rest_s)
{
	struct promo_params params = PROMO_PARAMS(worker->arena);
	int r;

	r = lock_rounds(worker);
	promo_param_int(&params, rest_s);
	promo_param_int(&params, REDEMPTIONS_AT_ONCE);
	promo_param_int(&params, OTHERS_AT_ONCE);
	return r ? r : promo_store_exec(worker->store, PROMO_Q_CUSTOMER_INDEX, &params, NULL);
}

/* Those for whom it is time, locked. */
static int find_due(struct promo_job_worker *worker, int64_t days, struct promo_objects *ret)
{
	struct promo_params due = PROMO_PARAMS(worker->arena), idle = due;
	const struct promo_customer_ref *rows;
	const char **ids;
	struct promo_objects found;
	int r;

	promo_param_int(&due, days);
	promo_param_int(&due, FORGET_DEPTH);
	r = promo_store_all(worker->store, worker->arena, PROMO_Q_CUSTOMER_DUE, &due, &found);
	if (r)
		return r;
	rows = found.items;
	ids = promo_arena_alloc_array(worker->arena, found.count, sizeof(*ids));
	if (!ids)
		return promo_fault(-ENOMEM, "could not find customers to forget");
	for (size_t i = 0; i < found.count; i++)
		ids[i] = rows[i].id;
	promo_param_texts(&idle, (struct promo_texts){ ids, found.count });
	promo_param_int(&idle, days);
	return promo_store_all(worker->store, worker->arena, PROMO_Q_CUSTOMER_IDLE, &idle, ret);
}

int promo_customers_forget(struct promo_job_worker *worker, int64_t days)
{
	const struct promo_customer_ref *rows;
	struct promo_objects due;
	int r;

	r = lock_rounds(worker);
	if (!r)
		r = find_due(worker, days, &due);
	if (!r && due.count > 0)
		r = promo_customers_blank(worker->store, worker->arena, &due);
	rows = r ? NULL : due.items;
	for (size_t i = 0; !r && i < due.count; i++)
		r = promo_job_audit(worker, "customer.erase", /* error= */ 0,
			&(struct promo_audit_note){
				.entity_kind = "customer", .entity_id = rows[i].id });
	return r;
}
