/* SPDX-License-Identifier: MIT */
#include "libpromo/model/notification.h"

#define T struct promo_notification
static const struct promo_field notification_fields[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the notification's id"),
	PROMO_F_TEXT(T, kind, TEXT, 0, 0, PROMO_COLUMN, "what happened: job.finished"),
	PROMO_F_TEXT(T, title, TEXT, 0, 0, PROMO_COLUMN, "in one line"),
	PROMO_F_TEXT(T, body, TEXT, 0, 0, PROMO_COLUMN, "the particulars"),
	PROMO_F_TEXT(T, link, JSON, 0, 0, 0, "kind and id of what it is about"),
	PROMO_F_TIME(T, read_at, PROMO_COLUMN | PROMO_NULLABLE, "when it was read"),
	PROMO_F_TIME(T, created_at, PROMO_COLUMN, "when it happened"),
};
#undef T
const struct promo_schema promo_notification_schema =
	PROMO_SCHEMA(struct promo_notification, "notification", notification_fields);
