/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_system.h"
#include "libpromo/ops/ctx.h"

/* What a server says of itself; without a transaction (PROMO_BIND_NO_STORE). */

PROMO_BEGIN_DECLS

int promo_server_health(struct promo_ctx *ctx, struct promo_health_answer *ret) PROMO_CHECK;
/* PROMO_E_UNAVAILABLE if the database does not answer, or lacks migrations. ops/ready.c */
int promo_server_ready(struct promo_ctx *ctx, struct promo_ready_answer *ret) PROMO_CHECK;
/* Of what nobody has read from the database so far it says nothing. */
int promo_server_version(struct promo_ctx *ctx, struct promo_version_answer *ret) PROMO_CHECK;
/* Rows of ops/metrics.c. */
int promo_server_metrics(struct promo_ctx *ctx) PROMO_CHECK;
/* How much of the disk for downloads is free, in percent; false: nobody knows, or there is enough. */
enum {
	PROMO_DISK_LEAST_PERCENT = 5
};
bool promo_server_disk_is_short(
	const struct promo_runner_config *config, int64_t *ret_free_percent);
int promo_server_openapi(struct promo_ctx *ctx) PROMO_CHECK;

PROMO_END_DECLS
