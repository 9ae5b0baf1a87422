/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_notification.h"

#include "libpromo/api/op_auth.h"

#define T struct promo_notification_list_in
static const struct promo_field notification_list_in[] = {
	PROMO_F_BOOL(T, unread, PROMO_IN_QUERY, "true: unread ones only; false: read ones only"),
	PROMO_LIST_FIELDS(T),
};
#undef T
const struct promo_schema promo_notification_list_in_schema = PROMO_INPUT(
	struct promo_notification_list_in, "notification_list_in", notification_list_in);

const struct promo_op promo_op_notification_list = {
	.name = "notification.list",
	.summary = "List what you were told of, newest first",
	.method = PROMO_GET,
	.path = "/notifications",
	.access = PROMO_ACCESS_SELF,
	.in = &promo_notification_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_notification_schema,
	.status = 200,
};

const struct promo_op promo_op_notification_read = {
	.name = "notification.read",
	.summary = "Mark a notification as read",
	.method = PROMO_POST,
	.path = "/notifications/{id}/read",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_notification_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
};

const struct promo_op promo_op_notification_read_all = {
	.name = "notification.read-all",
	.summary = "Mark all your notifications as read",
	.method = PROMO_POST,
	.path = "/notifications/read-all",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
};
