/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/notice_test.h"

#include <errno.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/mail/carrier.h"
#include "libpromo/ops/mail/payload.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/users.h"
#include "libpromo/rules/email.h"
#include "libpromo/rules/phone.h"
#include "libpromo/store/store.h"

#define TITLE "A test"
#define BODY  "Somebody tries out whether messages arrive. There is nothing to do."

/* What a webhook is told. */
struct ping {
	const char *message;
};

#define T struct ping
static const struct promo_field ping_fields[] = {
	PROMO_F_TEXT(T, message, TEXT, 0, 0, 0, "that it is a test"),
};
#undef T
static const struct promo_schema ping_schema = PROMO_SCHEMA(struct ping, "ping", ping_fields);

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not send a test");
}

/*
 * Where it goes.
 */

static int find_email(struct promo_ctx *ctx, const char *asked, const char *own, const char **ret)
{
	char *email = promo_arena_alloc(ctx->arena, PROMO_EMAIL_SIZE);

	if (!email)
		return no_memory();
	if (!asked && !own)
		return promo_ctx_refuse_field(ctx, "/recipient", "required",
			"is needed, since you have no e-mail address yourself");
	if (promo_email_normalize(asked ? asked : own, email))
		return promo_ctx_refuse_field(
			ctx, "/recipient", "invalid_email", "has to be an e-mail address");
	*ret = email;
	return 0;
}

static int find_phone(struct promo_ctx *ctx, const char *asked, const char *own, const char **ret)
{
	const char *country = promo_settings_text(ctx->settings, PROMO_SETTING_COUNTRY_CODE);
	char *phone = promo_arena_alloc(ctx->arena, PROMO_PHONE_SIZE);

	if (!phone)
		return no_memory();
	if (!asked && !own)
		return promo_ctx_refuse_field(ctx, "/recipient", "required",
			"is needed, since you have no phone number yourself");
	if (promo_phone_normalize(asked ? asked : own, country, phone))
		return promo_ctx_refuse_field(ctx, "/recipient", "invalid_phone_number",
			"has to be a phone number, like +250788123456");
	*ret = phone;
	return 0;
}

static int find_recipient(
	struct promo_ctx *ctx, const struct promo_notification_test_in *in, const char **ret)
{
	struct promo_user user;
	int r;

	if (in->channel == PROMO_CHANNEL_WEBHOOK) {
		if (!in->webhook_id)
			return promo_ctx_refuse_field(
				ctx, "/webhook_id", "required", "says which webhook is called");
		*ret = in->webhook_id;
		return 0;
	}
	r = promo_user_read(ctx, ctx->actor->user_id, &user);
	if (r)
		return r;
	if (in->channel == PROMO_CHANNEL_EMAIL)
		return find_email(ctx, in->recipient, user.email, ret);
	if (in->channel == PROMO_CHANNEL_SMS)
		return find_phone(ctx, in->recipient, user.phone_number, ret);
	*ret = ctx->actor->user_id;
	return 0;
}

/*
 * What goes there.
 */

static int write_parcel(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	const char *recipient, struct promo_parcel_row *ret)
{
	const struct promo_letter letter = { .kind = "test" };
	const struct ping ping = { BODY };
	char *id = promo_arena_alloc(ctx->arena, PROMO_UUID_SIZE);
	int r;

	if (!id)
		return no_memory();
	promo_uuid_new(id);
	*ret = (struct promo_parcel_row){
		.id = id,
		.kind = "test",
		.recipient = recipient,
		.attempts = 1,
		.created_at = promo_now_ms(),
	};
	if (in->channel == PROMO_CHANNEL_WEBHOOK)
		r = promo_encode(&ping_schema, &ping, ctx->arena, &ret->payload);
	else
		r = promo_payload_pack(&letter, ctx->arena, &ret->payload);
	return r;
}

static int send_it(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	struct promo_notification_test_answer *answer)
{
	const struct promo_desk desk = {
		.config = ctx->config,
		.settings = ctx->settings,
		.store = ctx->store,
		.arena = ctx->arena,
		.timeout_s = PROMO_CARRIER_TRY_TIMEOUT_S,
	};
	struct promo_postmark mark = { 0 };
	struct promo_parcel_row parcel;
	int r;

	r = write_parcel(ctx, in, answer->recipient, &parcel);
	if (!r)
		r = promo_carrier_try(&desk, (enum promo_channel)in->channel, &parcel, &mark);
	if (r)
		return r;
	if (mark.fate != PROMO_FATE_SENT)
		return promo_ctx_refuse(ctx, PROMO_E_DELIVERY_FAILED, "%s", mark.error);
	answer->response_code = mark.code ? mark.code : PROMO_NULL_INT;
	return 0;
}

int promo_notification_test_before(
	struct promo_ctx *ctx, const struct promo_notification_test_in *in)
{
	struct promo_notification_test_answer *answer =
		promo_arena_alloc(ctx->arena, sizeof(*answer));
	int r;

	if (!answer)
		return no_memory();
	*answer = (struct promo_notification_test_answer){
		.channel = in->channel,
		.response_code = PROMO_NULL_INT,
	};
	r = find_recipient(ctx, in, &answer->recipient);
	if (!r && in->channel != PROMO_TEST_IN_APP)
		r = send_it(ctx, in, answer);
	if (!r)
		ctx->before = answer;
	return r;
}

static int tell_in_app(struct promo_ctx *ctx)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];
	const char *const ids[] = { id };

	promo_uuid_new(id);
	promo_param_texts(&params, (struct promo_texts){ ids, 1 });
	promo_param_texts(&params, (struct promo_texts){ &ctx->actor->user_id, 1 });
	promo_param_text(&params, "test");
	promo_param_text(&params, TITLE);
	promo_param_text(&params, BODY);
	promo_param_text(&params, "{}");
	return promo_store_exec(ctx->store, PROMO_Q_NOTIFICATION_INSERT, &params, NULL);
}

int promo_notification_test(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	struct promo_notification_test_answer *ret)
{
	const struct promo_notification_test_answer *answer = ctx->before;
	int r = 0;

	if (in->channel == PROMO_CHANNEL_WEBHOOK)
		promo_audit_entity(ctx, "webhook", in->webhook_id);
	if (in->channel == PROMO_TEST_IN_APP)
		r = tell_in_app(ctx);
	if (!r)
		*ret = *answer;
	return r;
}
