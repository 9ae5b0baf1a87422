/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/server.h"

#include <errno.h>

#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"

int promo_server_health(struct promo_ctx *ctx, struct promo_health_answer *ret)
{
	(void)ctx;
	ret->status = "ok";
	return 0;
}

/* NULL: none was set. The text lasts as long as the request. */
static const char *brand(const struct promo_ctx *ctx, enum promo_setting setting)
{
	const char *text = promo_settings_text(ctx->settings, setting);

	return *text ? text : NULL;
}

int promo_server_version(struct promo_ctx *ctx, struct promo_version_answer *ret)
{
	const bool known = promo_settings_version(ctx->settings) > 0;

	*ret = (struct promo_version_answer){
		.name = "promod",
		.version = ctx->config->version,
		.api = "v1",
		.company_name = known ? brand(ctx, PROMO_SETTING_COMPANY_NAME) : NULL,
		.company_tagline = known ? brand(ctx, PROMO_SETTING_COMPANY_TAGLINE) : NULL,
	};
	return 0;
}

int promo_server_openapi(struct promo_ctx *ctx)
{
	ctx->body = ctx->config->openapi;
	return ctx->body ? 0 : promo_fault(-EINVAL, "nobody described the API");
}
