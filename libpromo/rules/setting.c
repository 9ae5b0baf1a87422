/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/setting.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "libpromo/rules/code.h"
#include "libpromo/rules/email.h"
#include "libpromo/rules/phone.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

static bool consists_of(const char *text, const char *allowed)
{
	return text[strspn(text, allowed)] == '\0';
}

static const char *after(const char *text, const char *beginning)
{
	const size_t length = strlen(beginning);

	return strncasecmp(text, beginning, length) == 0 ? text + length : NULL;
}

static const char *colour(const char *text)
{
	return text[0] == '#' && strlen(text) == 7 && consists_of(text + 1, DIGIT "abcdefABCDEF")
		       ? NULL
		       : "has to be a colour like #15a000";
}

/* HTTP or HTTPS, a host, and what an address may be made of (RFC 3986) with `more`. Whoever reads settings,
 * their export or the audit trail would read a password in it. */
static const char *web_address(const char *text, const char *more)
{
	const char *rest = after(text, "https://");

	if (!rest)
		rest = after(text, "http://");
	if (!rest || !(isalnum((unsigned char)*rest) || *rest == '['))
		return "has to be an address that begins with https:// or http://";
	if (rest[strcspn(rest, "/?#@")] == '@')
		return "must not have a user name or a password in it";
	for (; *rest; rest++)
		if (!strchr(LOWER UPPER DIGIT "-._~:/?#[]@!$&'()*+,;=%", *rest) &&
			!strchr(more, *rest))
			return "has to be an address, in which other characters are escaped";
	return NULL;
}

/* A value in the place of the host would send each message elsewhere, and tell name servers of it. */
static const char *gateway(const char *text)
{
	const char *host = strstr(text, "://");
	const char *why = web_address(text, "{}");

	if (!why && host && memchr(host + 3, '{', strcspn(host + 3, "/?#")))
		return "must not have a placeholder in its host";
	return why;
}

static const char *page(const char *text)
{
	return web_address(text, "");
}

/* A host and, perhaps, a port; [::1] is a host. The length of the host, 0 if it is none. */
static size_t host_length(const char *text)
{
	size_t length;

	if (*text == '[') {
		length = 1 + strspn(text + 1, DIGIT "abcdefABCDEF:.");
		return length > 2 && text[length] == ']' ? length + 1 : 0;
	}
	length = strspn(text, LOWER UPPER DIGIT "-.");
	return isalnum((unsigned char)*text) ? length : 0;
}

static bool is_port(const char *text)
{
	int port = 0;

	if (!*text || strlen(text) > 5 || !consists_of(text, DIGIT))
		return false;
	for (; *text; text++)
		port = port * 10 + (*text - '0');
	return port >= 1 && port <= 65535;
}

static const char *mail_host(const char *text)
{
	const char *host = after(text, "smtps://");

	return host ? host : after(text, "smtp://");
}

static const char *mail_server(const char *text)
{
	const char *host = mail_host(text);
	const size_t length = host ? host_length(host) : 0;

	if (length > 0 && (host[length] == '\0' || strcmp(host + length, "/") == 0 ||
				  (host[length] == ':' && is_port(host + length + 1))))
		return NULL;
	return "has to be a mail server like smtp://mail.example.com:587";
}

static const char *currency(const char *text)
{
	return strlen(text) == 3 && consists_of(text, UPPER)
		       ? NULL
		       : "has to be the three letters of a currency, such as RWF";
}

static const char *time_zone(const char *text)
{
	return consists_of(text, LOWER UPPER DIGIT "/_+-")
		       ? NULL
		       : "has to be the name of a time zone, such as Africa/Kigali";
}

static const char *clock_time(const char *text)
{
	if (strlen(text) == 5 && text[2] == ':' && isdigit((unsigned char)text[0]) &&
		isdigit((unsigned char)text[1]) && isdigit((unsigned char)text[3]) &&
		isdigit((unsigned char)text[4]) && strcmp(text, "24") < 0 && text[3] < '6')
		return NULL;
	return "has to be a time of the day like 08:30";
}

static const char *country_code(const char *text)
{
	return strlen(text) <= 3 && text[0] != '0' && consists_of(text, DIGIT)
		       ? NULL
		       : "has to be a country code without + and zeros, such as 250";
}

static const char *code_format(const char *text)
{
	struct promo_code_pattern pattern;
	const char *why;

	return promo_code_pattern_parse(text, &pattern, &why) ? why : NULL;
}

/* RFC 9110, 8.3.1: type/subtype; parameters are taken as they are. */
static const char *media_type(const char *text)
{
	static const char token[] = LOWER UPPER DIGIT "!#$%&'*+-.^_`|~";
	const size_t type = strspn(text, token);
	const size_t subtype = text[type] == '/' ? strspn(text + type + 1, token) : 0;
	const char *rest = text + type + 1 + subtype;

	if (type == 0 || subtype == 0 || (*rest && *rest != ';'))
		return "has to be a media type such as application/json";
	for (; *rest; rest++)
		if (*rest < ' ' || *rest > '~')
			return "has to be a media type such as application/json";
	return NULL;
}

static const char *email(const char *text)
{
	char normal[PROMO_EMAIL_SIZE];

	return promo_email_normalize(text, normal) ? "is not an e-mail address" : NULL;
}

static const char *phone(const char *text)
{
	char normal[PROMO_PHONE_SIZE];

	return promo_phone_normalize(text, "", normal) ? "is not a phone number" : NULL;
}

const char *promo_setting_broken(enum promo_setting_rule rule, const char *text)
{
	static const char *(*const rules[])(const char *text) = {
		[PROMO_RULE_EMAIL] = email,
		[PROMO_RULE_PHONE] = phone,
		[PROMO_RULE_URL] = page,
		[PROMO_RULE_GATEWAY] = gateway,
		[PROMO_RULE_SMTP_URL] = mail_server,
		[PROMO_RULE_COLOUR] = colour,
		[PROMO_RULE_CURRENCY] = currency,
		[PROMO_RULE_TIME_ZONE] = time_zone,
		[PROMO_RULE_CLOCK] = clock_time,
		[PROMO_RULE_COUNTRY_CODE] = country_code,
		[PROMO_RULE_CODE_FORMAT] = code_format,
		[PROMO_RULE_MEDIA_TYPE] = media_type,
	};

	return *text && rules[rule] ? rules[rule](text) : NULL;
}

bool promo_setting_is_loopback(const char *smtp_url)
{
	const char *host = mail_host(smtp_url);
	const size_t length = host ? host_length(host) : 0;

	if (length == strlen("localhost") && strncasecmp(host, "localhost", length) == 0)
		return true;
	if (length == strlen("[::1]") && strncmp(host, "[::1]", length) == 0)
		return true;
	return length > 4 && strncmp(host, "127.", 4) == 0 && strspn(host, DIGIT ".") == length;
}
