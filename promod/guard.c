/* SPDX-License-Identifier: MIT */
#include "promod/guard.h"

#include <string.h>
#include <strings.h>

#include "libpromo/base/error.h"

/* Whoever reads the first and whoever reads the last of two must not come to different ends. */
static const char *const once[] = {
	"access-control-request-method",
	"authorization",
	"content-length",
	"content-type",
	"cookie",
	"expect",
	"host",
	"idempotency-key",
	"if-match",
	"origin",
	"transfer-encoding",
	"x-request-id",
};

static bool text_is(struct promod_text text, const char *word)
{
	return text.size == strlen(word) && strncasecmp(text.at, word, text.size) == 0;
}

static struct promod_text trimmed(struct promod_text text)
{
	while (text.size > 0 && (*text.at == ' ' || *text.at == '\t')) {
		text.at++;
		text.size--;
	}
	while (text.size > 0 && (text.at[text.size - 1] == ' ' || text.at[text.size - 1] == '\t'))
		text.size--;
	return text;
}

static bool find(const struct promod_head *head, const char *name, struct promod_text *ret)
{
	for (size_t i = 0; i < head->header_count; i++) {
		if (!text_is(head->headers[i].name, name))
			continue;
		*ret = head->headers[i].value;
		return true;
	}
	return false;
}

bool promod_head_find(const struct promod_head *head, const char *name, struct promod_text *ret)
{
	struct promod_text text;

	if (!find(head, name, &text))
		return false;
	*ret = trimmed(text);
	return true;
}

/* RFC 9110, 5.6.2. */
static bool is_token_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(const char *at, size_t size)
{
	if (size == 0)
		return false;
	for (size_t i = 0; i < size; i++)
		if (!is_token_byte((unsigned char)at[i]))
			return false;
	return true;
}

static bool is_value(struct promod_text value)
{
	for (size_t i = 0; i < value.size; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static const char *check_request_line(const struct promod_head *head)
{
	size_t length = strlen(head->target);

	if (strcmp(head->version, "HTTP/1.1") != 0 && strcmp(head->version, "HTTP/1.0") != 0)
		return "the version has to be HTTP/1.1 or HTTP/1.0";
	if (!is_token(head->method, strlen(head->method)))
		return "the method is no token";
	if (head->target[0] != '/' && strcmp(head->target, "*") != 0)
		return "the request target has to begin with /";
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)head->target[i] <= 0x20 ||
			(unsigned char)head->target[i] >= 0x7f)
			return "the request target has a byte that must be percent-encoded";
	if (strchr(head->target, '#'))
		return "the request target has a fragment";
	return NULL;
}

static const char *check_fields(const struct promod_head *head)
{
	if (head->cut)
		return "a header field does not end with CR LF";
	for (size_t i = 0; i < head->header_count; i++) {
		if (!is_token(head->headers[i].name.at, head->headers[i].name.size))
			return "the name of a header field is no token";
		if (!is_value(head->headers[i].value))
			return "a header field has a control character";
	}
	for (size_t i = 0; i < PROMO_COUNT(once); i++) {
		size_t count = 0;

		for (size_t k = 0; k < head->header_count; k++)
			count += text_is(head->headers[k].name, once[i]);
		if (count > 1)
			return "a header field stands twice that may stand only once";
	}
	return NULL;
}

/* Digits only, and few enough for any parser. */
static bool parse_length(struct promod_text text, uint64_t *ret)
{
	uint64_t length = 0;

	if (text.size == 0 || text.size > 18)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		length = length * 10 + (uint64_t)(text.at[i] - '0');
	}
	*ret = length;
	return true;
}

static const char *check_framing(const struct promod_head *head, struct promod_framing *ret)
{
	const bool http_10 = strcmp(head->version, "HTTP/1.0") == 0;
	struct promod_text length, encoding = { 0 }, other;
	/* As they came: the library does not cut off blanks, and would wait for the end of what it
	 * takes for an encoding it does not know. */
	bool has_length = find(head, "content-length", &length);
	bool has_encoding = find(head, "transfer-encoding", &encoding);

	if (has_length && has_encoding)
		return "Content-Length and Transfer-Encoding exclude each other";
	if (has_length && !parse_length(length, &ret->content_length))
		return "Content-Length is no number";
	if (has_encoding && http_10)
		return "HTTP/1.0 has no Transfer-Encoding";
	if (has_encoding && !text_is(encoding, "chunked"))
		return "the only Transfer-Encoding understood here is chunked";
	if (!promod_head_find(head, "host", &other) && !http_10)
		return "the header field Host is missing";
	ret->chunked = has_encoding;
	ret->expects_continue =
		promod_head_find(head, "expect", &other) && text_is(other, "100-continue");
	return NULL;
}

int promod_guard(const struct promod_head *head, size_t bytes_max, struct promod_framing *ret,
	const char **ret_why)
{
	struct promod_framing framing = { 0 };
	size_t bytes = strlen(head->target);
	const char *why;

	if (head->header_count > PROMOD_HEADERS_MAX || bytes > PROMOD_TARGET_MAX) {
		*ret_why = "there are too many header fields, or the path is too long";
		return PROMO_E_HEADERS_TOO_LARGE;
	}
	for (size_t i = 0; i < head->header_count; i++)
		bytes += head->headers[i].name.size + head->headers[i].value.size + 4;
	if (bytes > bytes_max) {
		*ret_why = "the header fields are too large together";
		return PROMO_E_HEADERS_TOO_LARGE;
	}
	why = check_request_line(head);
	if (!why)
		why = check_fields(head);
	if (!why)
		why = check_framing(head, &framing);
	if (why) {
		*ret_why = why;
		return PROMO_E_MALFORMED_REQUEST;
	}
	*ret = framing;
	return 0;
}
