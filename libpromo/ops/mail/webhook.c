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

static int reseal(const struct promo_desk *desk, const char *id,
	const struct promo_webhook_secret_row *row,
	const unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES])
{
	struct promo_params params = PROMO_PARAMS(desk->arena);
	struct promo_webhook_sealed sealed;
	int r;

	r = promo_webhook_secret_seal(desk->config, id, secret, desk->arena, &sealed);
	if (r)
		return r;
	promo_param_text(&params, id);
	promo_param_text(&params, row->old_id);
	promo_param_text(&params, row->key_id);
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
	return !r && old ? reseal(desk, id, row, ret) : r;
}

/* Appends what this secret signs the text with to the header. */
static int sign(const struct promo_desk *desk, const char *webhook_id,
	const struct promo_webhook_secret_row *row, const char *text, const char **header)
{
	unsigned char secret[PROMO_WEBHOOK_SECRET_BYTES], mac[PROMO_SHA256_BYTES];
	char signature[PROMO_BASE64_SIZE(PROMO_SHA256_BYTES)];
	int r;

	r = open_secret(desk, webhook_id, row, secret);
	if (r)
		return r;
	promo_hmac_sha256(secret, sizeof(secret), text, strlen(text), mac);
	promo_secret_wipe(secret, sizeof(secret));
	promo_base64_encode(mac, sizeof(mac), signature);
	*header = promo_arena_printf(desk->arena, "%s v1,%s", *header, signature);
	return *header ? 0 : promo_fault(-ENOMEM, "could not sign a delivery");
}

/* Sets the headers, which say who sent the body and when; each secret that a receiver may know signs. */
static int address(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	const struct promo_objects *secrets, struct call *call)
{
	const struct promo_webhook_secret_row *rows = secrets->items;
	const int64_t now_s = promo_now_ms() / 1000;
	const char *text = promo_arena_printf(
		desk->arena, "%s.%" PRId64 ".%s", parcel->id, now_s, call->request.body);
	int r = 0;

	call->headers[0] = "content-type: application/json";
	call->headers[1] = promo_arena_printf(desk->arena, "webhook-id: %s", parcel->id);
	call->headers[2] = promo_arena_printf(desk->arena, "webhook-timestamp: %" PRId64, now_s);
	call->headers[3] = "webhook-signature:";
	if (!text || !call->headers[1] || !call->headers[2])
		return promo_fault(-ENOMEM, "could not sign a delivery");
	for (size_t i = 0; !r && i < secrets->count; i++)
		r = sign(desk, parcel->recipient, &rows[i], text, &call->headers[3]);
	call->request.headers = (struct promo_texts){ call->headers, HEADERS };
	return r;
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
	struct call *call = promo_arena_alloc(desk->arena, sizeof(*call));
	const struct promo_webhook_secret_row *rows;
	struct promo_objects secrets;
	int r;

	if (!call)
		return promo_fault(-ENOMEM, "could not call a webhook");
	promo_param_text(&params, parcel->recipient);
	r = promo_store_all(desk->store, desk->arena, PROMO_Q_WEBHOOK_SECRET, &params, &secrets);
	if (r)
		return r;
	if (secrets.count == 0) {
		promo_postmark_set(mark, PROMO_FATE_NEVER, 0, "there is no such webhook");
		*ret = NULL;
		return 0;
	}
	rows = secrets.items;
	r = make_call(desk, parcel, rows[0].url, call);
	if (!r)
		r = address(desk, parcel, &secrets, call);
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
