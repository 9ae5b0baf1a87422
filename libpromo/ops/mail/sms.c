/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/sms.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "libpromo/ops/mail/bound.h"
#include "libpromo/ops/mail/echo.h"
#include "libpromo/ops/mail/fill.h"
#include "libpromo/ops/mail/http.h"
#include "libpromo/ops/mail/payload.h"
#include "libpromo/ops/mail/template.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"

enum {
	TEXT_MAX_CHARS = 300, /* two messages in one, as telephones count them */
	VALUES = 4,
	HEADERS = 2,
	FORMS = 4, /* in which a gateway may repeat the text */
};

struct call {
	struct promo_http_request request;
	const char *headers[HEADERS];
	bool secret; /* of what the gateway says no more than its number is kept */
	const char *forms[FORMS], *key;
};

static int no_memory(void)
{
	return promo_fault(-ENOMEM, "could not write a text message");
}

/* What the message says, in one line that is not too long. */
static int word(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	const char **ret, bool *ret_secret)
{
	const struct promo_brand brand = {
		.company = promo_settings_text(desk->settings, PROMO_SETTING_COMPANY_NAME),
		.tagline = promo_settings_text(desk->settings, PROMO_SETTING_COMPANY_TAGLINE),
		.colour = promo_settings_text(desk->settings, PROMO_SETTING_THEME_PRIMARY),
	};
	struct promo_letter_text text;
	struct promo_objects facts;
	size_t size = 0;
	int r;

	r = promo_payload_open(desk->config, parcel->payload, desk->arena, &facts, ret_secret);
	if (!r)
		r = promo_template_fill(parcel->kind, &facts, &brand, desk->arena, &text);
	if (r)
		return r;
	for (int i = 0; i < TEXT_MAX_CHARS; i++) {
		int32_t character;

		size += promo_utf8_next(text.line + size, &character);
	}
	*ret = promo_arena_strndup(desk->arena, text.line, size);
	return *ret ? 0 : no_memory();
}

/* The header of the settings, where there is something to put into it. */
static int add_header(
	const struct promo_desk *desk, const struct promo_fill_value *values, struct call *call)
{
	const char *header = promo_settings_text(desk->settings, PROMO_SETTING_SMS_HEADER);
	int r;

	if (!header[0] || (promo_fill_names(header, "secret") && !desk->config->sms_secret))
		return 0;
	r = promo_fill(header, values, VALUES, PROMO_ESCAPE_PLAIN, desk->arena,
		&call->headers[call->request.headers.count]);
	if (!r)
		call->request.headers.count++;
	return r;
}

static int add_body(const struct promo_desk *desk, const struct promo_fill_value *values,
	enum promo_escape escape, struct call *call)
{
	const char *type = promo_settings_text(desk->settings, PROMO_SETTING_SMS_CONTENT_TYPE);
	const char *template = promo_settings_text(desk->settings, PROMO_SETTING_SMS_TEMPLATE);
	int r;

	if (strcmp(call->request.method, "GET") == 0)
		return 0;
	r = promo_fill(template, values, VALUES, escape, desk->arena, &call->request.body);
	if (r)
		return r;
	call->request.body_size = strlen(call->request.body);
	call->headers[0] = promo_arena_printf(desk->arena, "content-type: %s", type);
	call->request.headers.count = 1;
	return call->headers[0] ? 0 : no_memory();
}

static int make_call(const struct promo_desk *desk, const char *phone, const char *text,
	enum promo_escape escape, struct call *ret)
{
	const struct promo_fill_value values[VALUES] = {
		{ "phone", phone },
		{ "text", text },
		{ "sender", promo_settings_text(desk->settings, PROMO_SETTING_SMS_SENDER) },
		{ "secret", desk->config->sms_secret },
	};
	int r;

	ret->request = (struct promo_http_request){
		.method = promo_settings_text(desk->settings, PROMO_SETTING_SMS_METHOD),
		.headers = { ret->headers, 0 },
		.private_addresses =
			promo_settings_bool(desk->settings, PROMO_SETTING_WEBHOOKS_PRIVATE),
		.timeout_ms = desk->timeout_s * 1000,
		.hurry = desk->hurry,
	};
	/* Settings live until they are loaded again, the call until it was made. */
	ret->request.method = promo_arena_strdup(desk->arena, ret->request.method);
	if (!ret->request.method)
		return no_memory();
	r = promo_fill(promo_settings_text(desk->settings, PROMO_SETTING_SMS_URL), values, VALUES,
		PROMO_ESCAPE_URL, desk->arena, &ret->request.url);
	if (!r)
		r = add_body(desk, values, escape, ret);
	return r ? r : add_header(desk, values, ret);
}

/* What the gateway's words are compared with. */
static int note_forms(const struct promo_desk *desk, const char *text, struct call *call)
{
	static const enum promo_escape escapes[FORMS] = { PROMO_ESCAPE_PLAIN, PROMO_ESCAPE_URL,
		PROMO_ESCAPE_JSON, PROMO_ESCAPE_XML };
	const struct promo_fill_value value = { "text", text };
	int r = 0;

	for (size_t i = 0; !r && i < FORMS; i++)
		r = promo_fill("{text}", &value, 1, escapes[i], desk->arena, &call->forms[i]);
	call->key = desk->config->sms_secret;
	return r;
}

/* Whether it has to be one of the hosts in promod.conf: where the secret goes along, and always where
 * some are named, since messages hold codes. */
static bool is_bound(const struct promo_desk *desk)
{
	static const enum promo_setting places[] = { PROMO_SETTING_SMS_URL,
		PROMO_SETTING_SMS_TEMPLATE, PROMO_SETTING_SMS_HEADER };

	for (size_t i = 0; desk->config->sms_secret && i < PROMO_COUNT(places); i++)
		if (promo_fill_names(promo_settings_text(desk->settings, places[i]), "secret"))
			return true;
	return desk->config->sms_hosts.count > 0;
}

/* Why nothing can be sent as things are; NULL: it can. */
static const char *hindrance(const struct promo_desk *desk, enum promo_escape escape)
{
	if (!promo_settings_bool(desk->settings, PROMO_SETTING_SMS_ENABLED))
		return "text messages are switched off (notifications.sms.enabled)";
	if (!promo_settings_text(desk->settings, PROMO_SETTING_SMS_URL)[0])
		return "there is no gateway for text messages (notifications.sms.url)";
	if (!escape)
		return "the gateway's media type is none that can be written; it may be a form, "
		       "JSON, XML or plain text (notifications.sms.content_type)";
	return NULL;
}

static int pack(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	struct promo_postmark *mark, const void **ret)
{
	const enum promo_escape escape = promo_escape_of(
		promo_settings_text(desk->settings, PROMO_SETTING_SMS_CONTENT_TYPE));
	const char *why = hindrance(desk, escape), *text;
	struct call *call;
	bool secret;
	int r;

	*ret = NULL;
	if (why) {
		promo_postmark_set(mark, PROMO_FATE_LATER, 0, "%s", why);
		return 0;
	}
	r = word(desk, parcel, &text, &secret);
	if (r == PROMO_E_INVALID_INPUT) {
		promo_postmark_set(
			mark, PROMO_FATE_NEVER, 0, "no key that the daemon has opens this message");
		return 0;
	}
	if (r)
		return r;
	call = promo_arena_alloc(desk->arena, sizeof(*call));
	if (!call)
		return no_memory();
	r = make_call(desk, parcel->recipient, text, escape, call);
	if (!r)
		r = note_forms(desk, text, call);
	if (r)
		return r;
	call->secret = secret;
	if (is_bound(desk) && !promo_bound_to(&desk->config->sms_hosts, call->request.url))
		promo_postmark_set(mark, PROMO_FATE_LATER, 0,
			"text messages go only where promod.conf says: the host of the gateway "
			"(notifications.sms.url) is not among its sms_secret_host");
	else
		*ret = call;
	return 0;
}

/* A gateway that says that the message is wrong will say so again. One that does not know us, or that
 * does not stand there, may be mended. */
static enum promo_fate fate_of(int status)
{
	if (status >= 200 && status < 300)
		return PROMO_FATE_SENT;
	return status == 400 || status == 413 || status == 422 ? PROMO_FATE_NEVER
							       : PROMO_FATE_LATER;
}

/* Its words may be those of the message, in any form, or the secret. */
static bool repeats(const struct call *call, const char *said)
{
	for (size_t i = 0; i < FORMS; i++)
		if (promo_echo_repeats(said, call->forms[i]))
			return true;
	return call->secret || promo_echo_repeats(said, call->key);
}

static void send_it(const void *packed, struct promo_postmark *ret)
{
	const struct call *call = packed;
	struct promo_http_answer answer;

	promo_http_send(&call->request, &answer);
	if (answer.status >= 300 && repeats(call, answer.error))
		promo_postmark_set(
			ret, fate_of(answer.status), answer.status, "answered %d", answer.status);
	else
		promo_postmark_set(ret, fate_of(answer.status), answer.status, "%s", answer.error);
	ret->retry_after_s = answer.retry_after_s;
}

const struct promo_carrier promo_carrier_sms = {
	.channel = PROMO_CHANNEL_SMS,
	.at_once = 2,
	.claim = PROMO_Q_OUTBOX_CLAIM,
	.record = PROMO_Q_OUTBOX_RECORD,
	.pack = pack,
	.send = send_it,
};
