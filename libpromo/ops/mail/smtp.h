/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/mail/carrier.h"

/*
 * One mail by SMTP (RFC 5321) to one server and one recipient, with TLS (RFC 3207, 8314), sign-in
 * (RFC 4954) and two forms of the text (RFC 2046, 5.1.4). Needs neither database nor settings; for any
 * thread. Not installed.
 */

struct promo_smtp {
	const char *url;                 /* smtp://host:port or smtps://host:port */
	bool tls;                        /* nothing is said in the clear */
	const char *ca_file;             /* NULL: the system's certificates */
	const char *username, *password; /* NULL: nobody signs in */
	int64_t timeout_s;
	const atomic_bool *hurry; /* NULL: it never breaks off */
};

struct promo_mail {
	const char *from,
		*to; /* addresses of the envelope, as promo_email_normalize() makes them */
	struct promo_texts headers; /* as header.h makes them */
	const char *text, *html;    /* UTF-8, lines ended by CR LF */
	const char *line;           /* what the text says, in one line */
	bool secret;                /* of what the server says no more than its numbers is kept */
};

/* What the server says is in the mark, but not where it repeats the text or the password. SENT: the server took it. NEVER: it refused this recipient or this mail for good. LATER: all else, also
 * what is wrong with the server's settings, which somebody may mend meanwhile. */
void promo_smtp_send(
	const struct promo_smtp *smtp, const struct promo_mail *mail, struct promo_postmark *ret);
