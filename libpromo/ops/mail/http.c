/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/http.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "libpromo/ops/mail/curl.h"

enum {
	SAID_MAX = 200,       /* bytes of an answer that people get to see */
	READ_MAX = 64 * 1024, /* of an answer: what is longer is not read to its end */
	CONNECT_TIMEOUT_MS = 10 * 1000,
	RETRY_AFTER_MAX_S = 24 * 60 * 60,
};

struct exchange {
	struct promo_curl_guard guard;
	const atomic_bool *hurry;
	char said[SAID_MAX + 1];
	size_t said_size, read_size;
};

static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
	struct exchange *exchange = context;
	const size_t size = one * count;
	const size_t room = SAID_MAX - exchange->said_size;
	const size_t taken = size < room ? size : room;

	memcpy(exchange->said + exchange->said_size, bytes, taken);
	exchange->said_size += taken;
	exchange->read_size += size;
	return exchange->read_size > READ_MAX ? 0 : size;
}

static int is_in_a_hurry(
	void *context, curl_off_t expected, curl_off_t got, curl_off_t to_send, curl_off_t sent)
{
	const struct exchange *exchange = context;

	(void)expected;
	(void)got;
	(void)to_send;
	(void)sent;
	return exchange->hurry && atomic_load(exchange->hurry);
}

static bool add_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer)
		*list = longer;
	return longer;
}

static bool make_headers(const struct promo_texts *headers, struct curl_slist **ret)
{
	/* Nobody is asked whether he wants a body. */
	if (!add_header(ret, "Expect:"))
		return false;
	for (size_t i = 0; i < headers->count; i++)
		if (!add_header(ret, headers->items[i]))
			return false;
	return true;
}

static bool set_options(CURL *curl, const struct promo_http_request *request,
	struct curl_slist *headers, struct exchange *exchange)
{
	const long connect_ms = request->timeout_ms < CONNECT_TIMEOUT_MS ? (long)request->timeout_ms
									 : CONNECT_TIMEOUT_MS;

	return curl_easy_setopt(curl, CURLOPT_URL, request->url) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, "promo") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms) == CURLE_OK &&
	       promo_curl_set_guard(curl, &exchange->guard) &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange) == CURLE_OK;
}

static bool set_progress(CURL *curl, struct exchange *exchange)
{
	return curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_in_a_hurry) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
}

static bool set_body(CURL *curl, const struct promo_http_request *request)
{
	if (!request->body)
		return true;
	return curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		       (curl_off_t)request->body_size) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body) == CURLE_OK;
}

PROMO_PRINTF(2, 3)
static void tell(struct promo_http_answer *ret, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(ret->error, sizeof(ret->error), format, arguments);
	va_end(arguments);
	/* What a stranger said goes to a terminal, a log and the database. */
	for (char *at = ret->error; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = *at == '\n' || *at == '\r' || *at == '\t' ? ' ' : '?';
}

static void tell_no_answer(const struct exchange *exchange, CURLcode code, const char *detail,
	struct promo_http_answer *ret)
{
	if (exchange->guard.refused == PROMO_ADDRESS_PRIVATE)
		tell(ret, "the address is private, and private addresses are not allowed; the "
			  "setting notifications.webhooks.allow_private_addresses allows them");
	else if (exchange->guard.refused)
		tell(ret, "the address is none that messages may be sent to");
	else if (code == CURLE_ABORTED_BY_CALLBACK)
		tell(ret, "the daemon was stopped before there was an answer");
	else if (code == CURLE_OPERATION_TIMEDOUT)
		tell(ret, "there was no answer in time");
	else
		tell(ret, "%s", detail[0] ? detail : curl_easy_strerror(code));
}

static void tell_status(const struct exchange *exchange, long status, struct promo_http_answer *ret)
{
	if (status >= 300 && status < 400)
		tell(ret, "answered %ld, and redirects are not followed", status);
	else if (exchange->said_size > 0)
		tell(ret, "answered %ld: %s", status, exchange->said);
	else
		tell(ret, "answered %ld", status);
}

static void take_answer(CURL *curl, const struct exchange *exchange, CURLcode code,
	const char *detail, struct promo_http_answer *ret)
{
	curl_off_t wait_s = 0;
	long status = 0;

	/* What was not read to its end was answered all the same: the status came before it. */
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait_s);
	if (status < 200) {
		tell_no_answer(exchange, code, detail, ret);
		return;
	}
	ret->status = (int)status;
	ret->retry_after_s = wait_s < RETRY_AFTER_MAX_S ? (int64_t)wait_s : RETRY_AFTER_MAX_S;
	if (status >= 300)
		tell_status(exchange, status, ret);
}

void promo_http_send(const struct promo_http_request *request, struct promo_http_answer *ret)
{
	PROMO_CLEANUP(promo_curl_list_freep) struct curl_slist *headers = NULL;
	PROMO_CLEANUP(promo_curl_freep) CURL *curl = NULL;
	struct exchange exchange = {
		.guard = { .private_addresses = request->private_addresses },
		.hurry = request->hurry,
	};
	char detail[CURL_ERROR_SIZE] = "";
	CURLcode code;

	*ret = (struct promo_http_answer){ 0 };
	if (promo_curl_new(&curl) || !make_headers(&request->headers, &headers) ||
		!set_options(curl, request, headers, &exchange) || !set_body(curl, request) ||
		!set_progress(curl, &exchange) ||
		curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail) != CURLE_OK) {
		tell(ret, "there is no memory to send anything");
		return;
	}
	code = curl_easy_perform(curl);
	take_answer(curl, &exchange, code, detail, ret);
}

static bool has_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	const bool there = curl_url_get(url, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return there;
}

bool promo_http_url_fits(const char *text)
{
	CURLU *url = curl_url();
	char *scheme = NULL;
	bool fits;

	fits = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	       curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	       (strcasecmp(scheme, "http") == 0 || strcasecmp(scheme, "https") == 0) &&
	       has_part(url, CURLUPART_HOST) && !has_part(url, CURLUPART_USER) &&
	       !has_part(url, CURLUPART_PASSWORD) && !has_part(url, CURLUPART_FRAGMENT);
	curl_free(scheme);
	curl_url_cleanup(url);
	return fits;
}
