/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_outbox.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_outbox_list_in
static const struct promo_field outbox_list_in[] = {
	PROMO_F_TEXTS(T, status, 0, 3, &promo_outbox_status_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more statuses"),
	PROMO_F_ENUM(
		T, channel, promo_channel_words, PROMO_IN_QUERY, "only letters of this channel"),
	PROMO_LIST_FIELDS(T),
};
#undef T
static const struct promo_schema outbox_list_in_schema =
	PROMO_INPUT(struct promo_outbox_list_in, "outbox_list_in", outbox_list_in);

const struct promo_op promo_op_outbox_list = {
	.name = "notification.outbox",
	.summary = "List the letters to people outside, newest first: sent, waiting, dead",
	.method = PROMO_GET,
	.path = "/notifications/outbox",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.in = &outbox_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_outbox_letter_schema,
	.status = 200,
	.examples = "promo notification outbox --status dead",
};

const struct promo_op promo_op_outbox_retry = {
	.name = "notification.outbox-retry",
	.summary = "Try to send a letter again that is dead",
	.method = PROMO_POST,
	.path = "/notifications/outbox/{id}/retry",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_outbox_letter_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_INVALID_TRANSITION } },
	.examples = "promo notification outbox-retry 0190a1b2-...",
};
