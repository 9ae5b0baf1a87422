/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_notification_test.h"

#define T struct promo_notification_test_in
static const struct promo_field notification_test_in[] = {
	PROMO_F_ENUM(T, channel, promo_test_channel_words, PROMO_REQUIRED | PROMO_POSITIONAL,
		"what is tried"),
	PROMO_F_TEXT(T, recipient, TEXT, 1, 254, PROMO_NULLABLE,
		"an e-mail address or a phone number; your own unless said"),
	PROMO_F_TEXT(T, webhook_id, ID, 0, 0, PROMO_NULLABLE, "the webhook that is called"),
};
#undef T
static const struct promo_schema notification_test_in_schema = PROMO_INPUT(
	struct promo_notification_test_in, "notification_test_in", notification_test_in);

#define T struct promo_notification_test_answer
static const struct promo_field notification_test_answer[] = {
	PROMO_F_ENUM(T, channel, promo_test_channel_words, 0, "what was tried"),
	PROMO_F_TEXT(T, recipient, TEXT, 0, 0, 0, "where it went"),
	PROMO_F_INT(T, response_code, 0, 0, PROMO_NULLABLE,
		"what the other side answered, of SMTP or HTTP"),
};
#undef T
static const struct promo_schema notification_test_answer_schema =
	PROMO_SCHEMA(struct promo_notification_test_answer, "notification_test_answer",
		notification_test_answer);

const struct promo_op promo_op_notification_test = {
	.name = "notification.test",
	.summary = "Send a message at once, and say what the other side answered",
	.method = PROMO_POST,
	.path = "/notifications/test",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_SYSTEM_NOTIFICATIONS_SETUP } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &notification_test_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &notification_test_answer_schema,
	.status = 200,
	.errors = { { PROMO_E_DELIVERY_FAILED }, { PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo notification test email --recipient aline@example.com",
};
