/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/notice_test.h"

#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/hash_slots.h"
#include "libpromo/ops/idempotency.h"
#include "libpromo/ops/mail/carrier.h"
#include "libpromo/ops/mail/payload.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/users.h"
#include "libpromo/rules/email.h"
#include "libpromo/rules/phone.h"
#include "libpromo/store/store.h"

#define TITLE "A test"
#define BODY  "Somebody tries out whether messages arrive. There is nothing to do."

enum {
	MINUTE_S = 60
};

/* What before() leaves. */
struct tried {
	struct promo_notification_test_answer answer;
	bool replayed;
};

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

/* The words of the other side; "" where it took the message. */
static int send_it(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	struct promo_notification_test_answer *answer, const char **ret_failure)
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
	const char *failure;
	int r;

	r = write_parcel(ctx, in, answer->recipient, &parcel);
	if (!r)
		r = promo_carrier_try(&desk, (enum promo_channel)in->channel, &parcel, &mark);
	if (r)
		return r;
	failure = promo_arena_strdup(ctx->arena, mark.fate == PROMO_FATE_SENT ? "" : mark.error);
	if (!failure)
		return no_memory();
	answer->response_code = mark.code ? mark.code : PROMO_NULL_INT;
	*ret_failure = failure;
	return 0;
}

/*
 * Once.
 */

/* The answer of an earlier request with this key. */
static int replay(struct promo_ctx *ctx, const struct promo_kept_answer *kept,
	struct promo_notification_test_answer *ret)
{
	/* It was taken and never bound: that one is under way, or its daemon is gone. */
	if (kept->status == 0)
		return promo_ctx_refuse(ctx, PROMO_E_OUTCOME_UNKNOWN,
			"a request with this key is being answered, or was never; ask again with "
			"it in "
			"a moment, or with another one to send another message");
	ctx->replayed = true;
	if (kept->status != ctx->op->status)
		return promo_ctx_refuse(ctx, PROMO_E_DELIVERY_FAILED, "%s", kept->answer);
	return promo_decode_output(ctx->op->out, kept->answer, ctx->arena, ret);
}

/* What was sent cannot be taken back, so that it was is kept, whatever becomes of the rest. */
static void keep(struct promo_ctx *ctx, const struct promo_notification_test_answer *answer,
	const char *failure)
{
	struct promo_kept_answer kept = { .status = ctx->op->status };
	int r = 0;

	if (!ctx->key)
		return;
	if (failure[0]) {
		kept.status = promo_error_info(PROMO_E_DELIVERY_FAILED)->http_status;
		kept.answer = failure;
	} else {
		r = promo_encode(ctx->op->out, answer, ctx->arena, &kept.answer);
	}
	if (!r)
		r = promo_idempotency_bind(ctx, &kept);
	if (r)
		promo_log(PROMO_LOG_WARNING,
			"what became of a test message could not be kept for its Idempotency-Key");
}

/* Nothing was sent: the key is free again. */
static int give_back(struct promo_ctx *ctx, int r)
{
	if (ctx->key && promo_idempotency_release(ctx))
		promo_log(PROMO_LOG_DEBUG, "an Idempotency-Key stays taken");
	return r;
}

/* Among the few of this minute. */
static int count(struct promo_ctx *ctx)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	int64_t counted;
	int r;

	promo_param_text(&params, ctx->actor->user_id);
	promo_param_int(&params, PROMO_TESTS_A_MINUTE);
	r = promo_store_exec(ctx->store, PROMO_Q_THROTTLE_TEST, &params, &counted);
	if (r || counted == 1)
		return r;
	ctx->problem.retry_after_s = MINUTE_S;
	return promo_ctx_refuse(ctx, PROMO_E_TOO_MANY_REQUESTS,
		"you have sent %d test messages within a minute", PROMO_TESTS_A_MINUTE);
}

/* Among the few at once; the slot is the caller's to leave. */
static int enter(struct promo_ctx *ctx)
{
	struct promo_hash_slots *slots = ctx->config->test_slots;

	if (!slots || !promo_hash_slots_enter(slots))
		return 0;
	ctx->problem.retry_after_s = PROMO_CARRIER_TRY_TIMEOUT_S;
	return promo_ctx_refuse(ctx, PROMO_E_TOO_MANY_REQUESTS,
		"other test messages are being sent; wait until they are answered");
}

static int send_once(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	struct promo_notification_test_answer *answer)
{
	const struct promo_kept_answer *kept = NULL;
	const char *failure = "";
	int r;

	r = ctx->key ? promo_idempotency_take(ctx, &kept) : 0;
	if (r || kept)
		return r ? r : replay(ctx, kept, answer);
	r = enter(ctx);
	if (r)
		return give_back(ctx, r);
	r = count(ctx);
	if (!r)
		r = send_it(ctx, in, answer, &failure);
	if (!r)
		keep(ctx, answer, failure);
	if (ctx->config->test_slots)
		promo_hash_slots_leave(ctx->config->test_slots);
	if (r)
		return give_back(ctx, r);
	return failure[0] ? promo_ctx_refuse(ctx, PROMO_E_DELIVERY_FAILED, "%s", failure) : 0;
}

/* Where it went, for the audit trail, which holds neither numbers nor addresses. */
static int note(
	struct promo_ctx *ctx, const struct promo_notification_test_in *in, const char *recipient)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char hex[PROMO_HEX_SIZE(PROMO_HASH_BYTES)];
	const char *quoted;

	if (in->channel == PROMO_CHANNEL_WEBHOOK)
		promo_audit_entity(ctx, "webhook", recipient);
	if (in->channel == PROMO_CHANNEL_SMS)
		ctx->audit.phone = recipient;
	if (in->channel != PROMO_CHANNEL_EMAIL)
		return 0;
	promo_hash_keyed(ctx->config->hash_key, recipient, strlen(recipient), hash);
	promo_hex_encode(hash, sizeof(hash), hex);
	quoted = promo_arena_printf(ctx->arena, "\"%s\"", hex);
	if (!quoted)
		return no_memory();
	return promo_audit_change_json(ctx, "recipient_hash", /* before= */ NULL, quoted);
}

int promo_notification_test_before(
	struct promo_ctx *ctx, const struct promo_notification_test_in *in)
{
	struct tried *tried = promo_arena_alloc(ctx->arena, sizeof(*tried));
	int r;

	if (!tried)
		return no_memory();
	*tried = (struct tried){
		.answer = { .channel = in->channel, .response_code = PROMO_NULL_INT },
	};
	r = find_recipient(ctx, in, &tried->answer.recipient);
	/* A lost connection has this done again. */
	ctx->audit = (struct promo_audit_note){ 0 };
	if (!r)
		r = promo_audit_change(ctx, ctx->op->in, "channel", NULL, in);
	if (!r)
		r = note(ctx, in, tried->answer.recipient);
	if (!r && in->channel != PROMO_TEST_IN_APP)
		r = send_once(ctx, in, &tried->answer);
	tried->replayed = ctx->replayed;
	if (!r)
		ctx->before = tried;
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

/* What is told in the application is undone with the transaction, and its key as well. */
static int tell_once(struct promo_ctx *ctx, const struct promo_notification_test_answer *answer)
{
	const struct promo_kept_answer *kept = NULL;
	struct promo_kept_answer mine = { .status = ctx->op->status };
	int r;

	r = ctx->key ? promo_idempotency_take(ctx, &kept) : 0;
	if (r)
		return r;
	if (kept) {
		ctx->replayed = true;
		return 0;
	}
	r = count(ctx);
	if (!r)
		r = tell_in_app(ctx);
	if (r || !ctx->key)
		return r;
	r = promo_encode(ctx->op->out, answer, ctx->arena, &mine.answer);
	return r ? r : promo_idempotency_bind(ctx, &mine);
}

int promo_notification_test(struct promo_ctx *ctx, const struct promo_notification_test_in *in,
	struct promo_notification_test_answer *ret)
{
	const struct tried *tried = ctx->before;
	int r = 0;

	ctx->replayed = tried->replayed;
	if (in->channel == PROMO_TEST_IN_APP)
		r = tell_once(ctx, &tried->answer);
	if (!r)
		*ret = tried->answer;
	return r;
}
