/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/mail.h"

#include <errno.h>
#include <string.h>

#include "libpromo/ops/mail/bound.h"
#include "libpromo/ops/mail/header.h"
#include "libpromo/ops/mail/payload.h"
#include "libpromo/ops/mail/smtp.h"
#include "libpromo/ops/mail/template.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/rules/email.h"
#include "libpromo/rules/setting.h"

enum {
	AT_ONCE = 4,
	HEADERS_MAX = 8,
};

struct packed {
	struct promo_smtp smtp;
	struct promo_mail mail;
};

static const char *text_of(const struct promo_desk *desk, enum promo_setting setting)
{
	return promo_settings_text(desk->settings, setting);
}

/* What is set, or else what stands in the second one. */
static const char *text_or(
	const struct promo_desk *desk, enum promo_setting setting, enum promo_setting other)
{
	const char *text = text_of(desk, setting);

	return text[0] ? text : text_of(desk, other);
}

static const char *copy(const struct promo_desk *desk, const char *text)
{
	return text && text[0] ? promo_arena_strdup(desk->arena, text) : NULL;
}

/*
 * The server.
 */

/* Whether it has to be one of the hosts in promod.conf: where the password goes along, and always where
 * some are named, since letters hold codes and tokens. */
static bool is_bound(const struct promo_desk *desk, const struct promo_smtp *smtp)
{
	return (smtp->username && smtp->password) || desk->config->smtp_hosts.count > 0;
}

/* False: nothing can be sent as things are. */
static bool take_server(
	const struct promo_desk *desk, struct promo_smtp *ret, struct promo_postmark *mark)
{
	const char *url = text_of(desk, PROMO_SETTING_SMTP_URL);

	*ret = (struct promo_smtp){
		.url = copy(desk, url),
		.tls = strcmp(text_of(desk, PROMO_SETTING_SMTP_SECURITY), "none") != 0,
		.ca_file = desk->config->smtp_ca_file,
		.username = copy(desk, text_of(desk, PROMO_SETTING_SMTP_USERNAME)),
		.password = desk->config->smtp_password,
		.timeout_s = desk->timeout_s,
		.hurry = desk->hurry,
	};
	if (!url[0])
		promo_postmark_set(mark, PROMO_FATE_LATER, 0,
			"no mail server is set up: set notifications.smtp.url");
	else if (!ret->tls && !promo_setting_is_loopback(url))
		promo_postmark_set(mark, PROMO_FATE_LATER, 0,
			"mail without TLS goes to a server on this machine only: set "
			"notifications.smtp.security to required");
	else if (ret->username && !ret->password)
		promo_postmark_set(mark, PROMO_FATE_LATER, 0,
			"there is no password for the mail server: name its file as "
			"smtp_password_file in promod.conf");
	else if (is_bound(desk, ret) && !promo_bound_to(&desk->config->smtp_hosts, url))
		promo_postmark_set(mark, PROMO_FATE_LATER, 0,
			"mail goes only where promod.conf says: %s is not among its "
			"smtp_password_host",
			url);
	else
		return true;
	return false;
}

/*
 * The mail.
 */

static int take_addresses(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	struct promo_mail *mail, struct promo_postmark *mark)
{
	char from[PROMO_EMAIL_SIZE], to[PROMO_EMAIL_SIZE];

	if (promo_email_normalize(parcel->recipient, to))
		promo_postmark_set(mark, PROMO_FATE_NEVER, 0, "the recipient is no e-mail address");
	else if (promo_email_normalize(
			 text_or(desk, PROMO_SETTING_SMTP_FROM, PROMO_SETTING_COMPANY_EMAIL), from))
		promo_postmark_set(mark, PROMO_FATE_LATER, 0,
			"there is no address that mail comes from: set notifications.smtp.from");
	else {
		mail->from = promo_arena_strdup(desk->arena, from);
		mail->to = promo_arena_strdup(desk->arena, to);
		return mail->from && mail->to ? 0 : promo_fault(-ENOMEM, "could not write a mail");
	}
	return 0;
}

/* The Message-ID (RFC 5322, 3.6.4) is that of the letter, so that a mail which comes twice is one. */
static int add_headers(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	const char *subject, struct promo_mail *mail)
{
	const char **lines = promo_arena_alloc_array(desk->arena, HEADERS_MAX, sizeof(*lines));
	const char *at = strchr(mail->from, '@');
	size_t count = 0;
	int r;

	if (!lines || !at)
		return promo_fault(-ENOMEM, "could not write a mail");
	r = promo_header_date(parcel->created_at, desk->arena, &lines[count++]);
	if (!r)
		r = promo_header_address("From",
			text_or(desk, PROMO_SETTING_SMTP_FROM_NAME, PROMO_SETTING_COMPANY_NAME),
			mail->from, desk->arena, &lines[count++]);
	if (!r)
		r = promo_header_address("To", NULL, mail->to, desk->arena, &lines[count++]);
	if (!r)
		r = promo_header_text("Subject", subject, desk->arena, &lines[count++]);
	if (r)
		return r;
	lines[count++] = promo_arena_printf(desk->arena, "Message-ID: <%s%s>", parcel->id, at);
	/* RFC 3834: nobody is to answer this by himself. */
	lines[count++] = "Auto-Submitted: auto-generated";
	mail->headers = (struct promo_texts){ lines, count };
	return lines[count - 2] ? 0 : promo_fault(-ENOMEM, "could not write a mail");
}

static int write_mail(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	const struct promo_objects *facts, struct promo_mail *mail)
{
	const struct promo_brand brand = {
		.company = text_of(desk, PROMO_SETTING_COMPANY_NAME),
		.tagline = text_of(desk, PROMO_SETTING_COMPANY_TAGLINE),
		.colour = text_of(desk, PROMO_SETTING_THEME_PRIMARY),
	};
	struct promo_letter_text text;
	int r;

	r = promo_template_fill(parcel->kind, facts, &brand, desk->arena, &text);
	if (r)
		return r;
	mail->text = text.text;
	mail->html = text.html;
	mail->line = text.line;
	return add_headers(desk, parcel, text.subject, mail);
}

static int pack(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
	struct promo_postmark *mark, const void **ret)
{
	struct packed *packed = promo_arena_alloc(desk->arena, sizeof(*packed));
	struct promo_objects facts;
	int r;

	*ret = NULL;
	if (!packed)
		return promo_fault(-ENOMEM, "could not write a mail");
	if (!take_server(desk, &packed->smtp, mark))
		return 0;
	r = take_addresses(desk, parcel, &packed->mail, mark);
	if (r || !packed->mail.to)
		return r;
	r = promo_payload_open(
		desk->config, parcel->payload, desk->arena, &facts, &packed->mail.secret);
	if (r == PROMO_E_INVALID_INPUT) {
		promo_postmark_set(mark, PROMO_FATE_NEVER, 0,
			"what it says cannot be read: it was wiped, or sealed with another "
			"mfa_key_file");
		return 0;
	}
	if (!r)
		r = write_mail(desk, parcel, &facts, &packed->mail);
	if (!r)
		*ret = packed;
	return r;
}

static void send_mail(const void *packed, struct promo_postmark *ret)
{
	const struct packed *ready = packed;

	promo_smtp_send(&ready->smtp, &ready->mail, ret);
}

const struct promo_carrier promo_carrier_mail = {
	.channel = PROMO_CHANNEL_EMAIL,
	.at_once = AT_ONCE,
	.claim = PROMO_Q_OUTBOX_CLAIM,
	.record = PROMO_Q_OUTBOX_RECORD,
	.pack = pack,
	.send = send_mail,
};
