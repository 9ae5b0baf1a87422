/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/webhook.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/time.h"
#include "libpromo/model/webhook.h"
#include "libpromo/ops/mail/http.h"
#include "libpromo/ops/settings.h"
#include "libpromo/ops/webhook_secret.h"
#include "libpromo/store/store.h"

enum {
	/* Of a receiver that has more to do than to note it (the specification: 15 to 30 s). */
	TIMEOUT_S = 20,
	GONE = 410,
	HEADERS = 4,
};

struct call {
	struct promo_http_request request;
	const char *headers[HEADERS];
};

/* Sets the headers, which say who sent the body and when. */
static int sign(const unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES], const char *id,
	struct promo_arena *arena, struct call *call)
{
	const int64_t now_s = promo_now_ms() / 1000;
	unsigned char mac[PROMO_SHA256_BYTES];
	char signature[PROMO_BASE64_SIZE(PROMO_SHA256_BYTES)];
	const char *text =
		promo_arena_printf(arena, "%s.%" PRId64 ".%s", id, now_s, call->request.body);

	if (!text)
		return promo_fault(-ENOMEM, "could not sign a delivery");
	promo_hmac_sha256(secret, PROMO_WEBHOOK_SECRET_BYTES, text, strlen(text), mac);
	promo_base64_encode(mac, sizeof(mac), signature);
	call->headers[0] = "content-type: application/json";
	call->headers[1] = promo_arena_printf(arena, "webhook-id: %s", id);
	call->headers[2] = promo_arena_printf(arena, "webhook-timestamp: %" PRId64, now_s);
	call->headers[3] = promo_arena_printf(arena, "webhook-signature: v1,%s", signature);
	for (size_t i = 0; i < HEADERS; i++)
		if (!call->headers[i])
			return promo_fault(-ENOMEM, "could not sign a delivery");
	call->request.headers = (struct promo_texts){ call->headers, HEADERS };
	return 0;
}

static int reseal(const struct promo_desk *desk, const char *id, const char *old_key_id,
	const unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES])
{
	struct promo_params params = PROMO_PARAMS(desk->arena);
	struct promo_webhook_sealed sealed;
	int r;

	r = promo_webhook_secret_seal(desk->config, id, secret, desk->arena, &sealed);
	if (r)
		return r;
	promo_param_text(&params, id);
	promo_param_text(&params, old_key_id);
	promo_param_bytes(&params, sealed.bytes, sizeof(sealed.bytes));
	promo_param_text(&params, sealed.key_id);
	return promo_store_exec(desk->store, PROMO_Q_WEBHOOK_RESEAL, &params, NULL);
}

static int open_secret(const struct promo_desk *desk, const char *id,
	const struct promo_webhook_secret_row *row, unsigned char ret[PROMO_WEBHOOK_SECRET_BYTES])
{
	bool old = false;
	int r;

	r = promo_webhook_secret_open(
		desk->config, id, row->secret, row->key_id, desk->arena, ret, &old);
	return !r && old ? reseal(desk, id, row->key_id, ret) : r;
}

static int make_call(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	const char *url, struct call *ret)
{
	const struct promo_webhook_body said = { parcel->kind, parcel->created_at,
		parcel->payload };
	const int64_t timeout_s = desk->timeout_s < TIMEOUT_S ? desk->timeout_s : TIMEOUT_S;
	const char *body;
	int r;

	r = promo_encode(&promo_webhook_body_schema, &said, desk->arena, &body);
	if (r)
		return r;
	ret->request = (struct promo_http_request){
		.method = "POST",
		.url = url,
		.body = body,
		.body_size = strlen(body),
		.private_addresses =
			promo_settings_bool(desk->settings, PROMO_SETTING_WEBHOOKS_PRIVATE),
		.timeout_ms = timeout_s * 1000,
		.hurry = desk->hurry,
	};
	return 0;
}

static int pack(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	struct promo_postmark *mark, const void **ret)
{
	struct promo_params params = PROMO_PARAMS(desk->arena);
	unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES];
	struct promo_webhook_secret_row row;
	struct call *call = promo_arena_alloc(desk->arena, sizeof(*call));
	bool found;
	int r;

	if (!call)
		return promo_fault(-ENOMEM, "could not call a webhook");
	promo_param_text(&params, parcel->recipient);
	r = promo_store_find(
		desk->store, desk->arena, PROMO_Q_WEBHOOK_SECRET, &params, &row, &found);
	if (r)
		return r;
	if (!found) {
		promo_postmark_set(mark, PROMO_FATE_NEVER, 0, "there is no such webhook");
		*ret = NULL;
		return 0;
	}
	r = open_secret(desk, parcel->recipient, &row, secret);
	if (r)
		return r;
	r = make_call(desk, parcel, row.url, call);
	if (!r)
		r = sign(secret, parcel->id, desk->arena, call);
	promo_secret_wipe(secret, sizeof(secret));
	if (!r)
		*ret = call;
	return r;
}

static void send_it(const void *packed, struct promo_postmark *ret)
{
	const struct call *call = packed;
	struct promo_http_answer answer;

	promo_http_send(&call->request, &answer);
	if (answer.status >= 200 && answer.status < 300)
		promo_postmark_set(ret, PROMO_FATE_SENT, answer.status, "%s", "");
	else
		promo_postmark_set(ret, answer.status == GONE ? PROMO_FATE_NEVER : PROMO_FATE_LATER,
			answer.status, "%s", answer.error);
	ret->retry_after_s = answer.retry_after_s;
}

const struct promo_carrier promo_carrier_webhook = {
	.channel = PROMO_CHANNEL_WEBHOOK,
	.at_once = 4,
	.claim = PROMO_Q_WEBHOOK_CLAIM,
	.record = PROMO_Q_WEBHOOK_RECORD,
	.pack = pack,
	.send = send_it,
};
