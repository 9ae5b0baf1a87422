/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "libpromo/ops/seals.h"
#include "libpromo/store/store.h"

static int take_age(void *context, int columns, const char *const *values)
{
	int64_t *seconds = context;

	if (columns != 1 || !values[0])
		return promo_fault(-EPROTO, "the age of the trail is none");
	*seconds = strtoll(values[0], NULL, 10);
	return 0;
}

int promo_seal_age(struct promo_ctx *ctx, int64_t *ret_seconds)
{
	const struct promo_params none = PROMO_PARAMS(ctx->arena);
	int64_t seconds = 0;
	int r;

	r = promo_store_each(ctx->store, PROMO_Q_SEAL_AGE, &none, take_age, &seconds);
	if (!r)
		*ret_seconds = seconds;
	return r;
}
