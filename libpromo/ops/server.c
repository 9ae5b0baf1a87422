/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/server.h"

#include <errno.h>

#include "libpromo/ops/run.h"
#include "libpromo/store/store.h"

int promo_server_health(struct promo_ctx *ctx, struct promo_health_answer *ret)
{
	(void)ctx;
	ret->status = "ok";
	return 0;
}

int promo_server_ready(struct promo_ctx *ctx, struct promo_health_answer *ret)
{
	int r;

	r = promo_store_ping(ctx->store);
	if (r)
		return r;
	ret->status = "ok";
	return 0;
}

int promo_server_version(struct promo_ctx *ctx, struct promo_version_answer *ret)
{
	*ret = (struct promo_version_answer){
		.name = "promod",
		.version = ctx->config->version,
		.api = "v1",
	};
	return 0;
}

int promo_server_openapi(struct promo_ctx *ctx)
{
	ctx->body = ctx->config->openapi;
	return ctx->body ? 0 : promo_fault(-EINVAL, "nobody described the API");
}
