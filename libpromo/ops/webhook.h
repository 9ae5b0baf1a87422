/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_webhook.h"
#include "libpromo/ops/ctx.h"

/*
 * Webhooks (api/op_webhook.h). Who has something to tell calls promo_webhook_add() in the transaction of
 * what it tells, as ops/tell.c does; the courier (courier.h) calls the webhooks afterwards, as
 * mail/webhook.c says. Secrets are sealed with a key that is derived from that of mfa_key_file, so there
 * is one key to keep, and neither opens what the other has sealed.
 */

PROMO_BEGIN_DECLS

struct promo_teller;

int promo_webhook_list(struct promo_ctx *ctx, const struct promo_webhook_list_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_webhook_create_check(
	struct promo_ctx *ctx, const struct promo_webhook_create_in *in) PROMO_CHECK;
int promo_webhook_create(struct promo_ctx *ctx, const struct promo_webhook_create_in *in,
	struct promo_webhook *ret) PROMO_CHECK;
int promo_webhook_update_check(
	struct promo_ctx *ctx, const struct promo_webhook_update_in *in) PROMO_CHECK;
int promo_webhook_update(struct promo_ctx *ctx, const struct promo_webhook_update_in *in,
	struct promo_webhook *ret) PROMO_CHECK;
int promo_webhook_delete(struct promo_ctx *ctx, const struct promo_id_in *in) PROMO_CHECK;
/* Draws another secret, which is in the answer once; those of the last day sign beside it. */
int promo_webhook_rotate(
	struct promo_ctx *ctx, const struct promo_id_in *in, struct promo_webhook *ret) PROMO_CHECK;
int promo_webhook_deliveries(struct promo_ctx *ctx, const struct promo_webhook_deliveries_in *in,
	struct promo_list *ret) PROMO_CHECK;
int promo_webhook_resend(struct promo_ctx *ctx, const struct promo_webhook_resend_in *in,
	struct promo_webhook_delivery *ret) PROMO_CHECK;

/* Writes a delivery for every webhook that is told of events of this topic (model/events.def); `data` is
 * a JSON object. Mostly there is none, which costs one read. */
int promo_webhook_add(struct promo_store *store, struct promo_arena *arena, const char *topic,
	const char *data) PROMO_CHECK;

/* From time to time, in a transaction: disables webhooks that nothing but failed for days
 * (notifications.webhooks.disable_after_days), has it told which were disabled, and forgets old
 * deliveries. */
int promo_webhook_tidy(const struct promo_teller *teller) PROMO_CHECK;

PROMO_END_DECLS
