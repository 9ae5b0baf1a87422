/* SPDX-License-Identifier: MIT */
#include "libpromo/client/transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"
#include "libpromo/base/time.h"

enum {
	CONNECT_TIMEOUT_MS = 3000,
	BODY_MAX_BYTES = 8 * 1024 * 1024, /* the largest page of a list has less than 3 */
	SERVER_MAX_BYTES = 1000,
};

struct transfer {
	CURL *curl;
	char *base; /* "http://host:port", without a slash at the end */
	char *unix_path;
	char *ca_file;
	char *user_agent;
	bool loopback, clear;
	int64_t connect_timeout_ms;
	char reason[CURL_ERROR_SIZE];
};

/* The state of one exchange, for libcurl's callbacks. */
struct exchange {
	struct transfer *transfer;
	const struct transfer_request *request;
	struct transfer_answer *answer;
	struct promo_buffer body;
	bool too_large;
	int64_t last_byte_ms, last_count;
};

static int curl_result;

static void init_global(void)
{
	curl_result = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -EIO;
}

static char *copy_text(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* 127.0.0.1.example.com is somebody else. */
static bool is_loopback(const char *host)
{
	unsigned char address[4];

	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET, host, address) == 1 && address[0] == 127);
}

static bool url_has(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	const bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK &&
			 !(part == CURLUPART_PATH && strcmp(text, "/") == 0);

	curl_free(text);
	return has;
}

static void free_url(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void free_curl_text(char **text)
{
	curl_free(*text);
}

/* Scheme, host and perhaps a port: nothing else has a meaning here. */
static int parse_url(const char *server, struct transfer *transfer)
{
	PROMO_CLEANUP(free_url) CURLU *url = curl_url();
	PROMO_CLEANUP(free_curl_text) char *scheme = NULL;
	PROMO_CLEANUP(free_curl_text) char *host = NULL;
	size_t length = strlen(server);

	if (!url)
		return promo_fault(-ENOMEM, "could not read the address of the server");
	if (!strstr(server, "://") || curl_url_set(url, CURLUPART_URL, server, 0) != CURLUE_OK ||
		curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
		curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return PROMO_E_INVALID_INPUT;
	if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		return PROMO_E_INVALID_INPUT;
	if (url_has(url, CURLUPART_USER) || url_has(url, CURLUPART_QUERY) ||
		url_has(url, CURLUPART_FRAGMENT) || url_has(url, CURLUPART_PATH))
		return PROMO_E_INVALID_INPUT;
	while (length > 0 && server[length - 1] == '/')
		length--;
	transfer->loopback = is_loopback(host);
	transfer->clear = !transfer->loopback && strcmp(scheme, "http") == 0;
	transfer->base = strndup(server, length);
	return transfer->base ? 0 : promo_fault(-ENOMEM, "could not keep the server's address");
}

static int parse_server(const char *server, struct transfer *transfer)
{
	if (!server || strlen(server) > SERVER_MAX_BYTES)
		return PROMO_E_INVALID_INPUT;
	if (strncmp(server, "unix:", 5) != 0)
		return parse_url(server, transfer);
	if (server[5] != '/' ||
		strlen(server + 5) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return PROMO_E_INVALID_INPUT;
	transfer->loopback = true;
	transfer->unix_path = strdup(server + 5);
	transfer->base = strdup("http://localhost");
	return transfer->unix_path && transfer->base
		       ? 0
		       : promo_fault(-ENOMEM, "could not keep the server's address");
}

int transfer_new(const struct promo_client_config *config, struct transfer **ret)
{
	static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
	struct transfer *transfer;
	int r;

	(void)pthread_once(&curl_once, init_global);
	if (curl_result)
		return promo_fault(-EIO, "could not set up libcurl");
	transfer = calloc(1, sizeof(*transfer));
	if (!transfer)
		return promo_fault(-ENOMEM, "could not make a client");
	r = parse_server(config->server, transfer);
	if (r) {
		transfer_free(transfer);
		return r;
	}
	transfer->curl = curl_easy_init();
	transfer->ca_file = copy_text(config->ca_file);
	transfer->user_agent = strdup(config->user_agent ? config->user_agent : "libpromo");
	transfer->connect_timeout_ms =
		config->connect_timeout_ms > 0 ? config->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	if (!transfer->curl || !transfer->user_agent || (config->ca_file && !transfer->ca_file)) {
		transfer_free(transfer);
		return promo_fault(-ENOMEM, "could not make a client");
	}
	*ret = transfer;
	return 0;
}

bool transfer_is_clear(const struct transfer *transfer)
{
	return transfer->clear;
}

void transfer_free(struct transfer *transfer)
{
	if (!transfer)
		return;
	curl_easy_cleanup(transfer->curl);
	free(transfer->base);
	free(transfer->unix_path);
	free(transfer->ca_file);
	free(transfer->user_agent);
	free(transfer);
}

static bool is_success(const struct exchange *exchange)
{
	long status = 0;

	(void)curl_easy_getinfo(exchange->transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200 && status < 300;
}

/* Any other count than `size` makes libcurl end the exchange. */
static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
	struct exchange *exchange = context;
	const size_t size = one * count;

	if (exchange->request->write && is_success(exchange)) {
		exchange->answer->written =
			exchange->request->write(exchange->request->context, bytes, size);
		if (exchange->answer->written)
			return size + 1;
		exchange->answer->bytes += (int64_t)size;
		return size;
	}
	exchange->too_large = size > BODY_MAX_BYTES - exchange->body.size;
	if (exchange->too_large)
		return size + 1;
	promo_buffer_append(&exchange->body, bytes, size);
	return exchange->body.error ? size + 1 : size;
}

/* A stream may take as long as it wants while bytes come. */
static int check_progress(
	void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	struct exchange *exchange = context;
	const int64_t now_ms = promo_monotonic_ms();
	const int64_t count = (int64_t)now + (int64_t)up;

	(void)total;
	(void)up_total;
	if (count != exchange->last_count) {
		exchange->last_count = count;
		exchange->last_byte_ms = now_ms;
	}
	return now_ms - exchange->last_byte_ms > exchange->request->timeout_ms;
}

static bool is_header_text(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	return true;
}

static void free_slist(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

/* Appends "name value"; nothing for a NULL value. */
static int add_header(struct curl_slist **list, const char *name, const char *value)
{
	struct curl_slist *longer;
	char *line = NULL;

	if (!value)
		return 0;
	if (!is_header_text(value))
		return PROMO_E_INVALID_INPUT;
	if (asprintf(&line, "%s%s", name, value) < 0)
		return promo_fault(-ENOMEM, "could not compose a header");
	longer = curl_slist_append(*list, line);
	free(line);
	if (!longer)
		return promo_fault(-ENOMEM, "could not compose a header");
	*list = longer;
	return 0;
}

static int add_headers(const struct transfer_request *request, struct curl_slist **list)
{
	const bool has_body = request->body && *request->body;
	char wait[32] = "";
	int r;

	if (request->prefer_wait_s > 0)
		(void)snprintf(wait, sizeof(wait), "wait=%" PRId64, request->prefer_wait_s);
	r = add_header(list, "Authorization: Bearer ", request->token);
	if (!r)
		r = add_header(list, "Idempotency-Key: ", request->idempotency_key);
	if (!r)
		r = add_header(list, "If-Match: ", request->if_match);
	if (!r)
		r = add_header(list, "Prefer: ", *wait ? wait : NULL);
	if (!r)
		r = has_body ? add_header(list, "Content-Type: ", "application/json")
			     : add_header(list, "Content-Type:", "");
	/* Without this libcurl asks before it sends more than a MiB, and waits a second. */
	return r ? r : add_header(list, "Expect:", "");
}

static void set_method(CURL *curl, const struct transfer_request *request)
{
	if (strcmp(request->method, "GET") == 0) {
		(void)curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
		return;
	}
	if (request->body || strcmp(request->method, "POST") == 0) {
		const char *body = request->body ? request->body : "";

		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
	}
	(void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_limits(struct exchange *exchange)
{
	CURL *curl = exchange->transfer->curl;
	const struct transfer_request *request = exchange->request;
	int64_t connect_ms = exchange->transfer->connect_timeout_ms;

	if (connect_ms > request->timeout_ms)
		connect_ms = request->timeout_ms;
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	if (!request->write) {
		(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
		return;
	}
	exchange->last_byte_ms = promo_monotonic_ms();
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_progress);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
}

/* Options whose failure would change what is safe are looked at; libcurl says so only for what it
 * was built without. */
static int set_options(struct exchange *exchange, const char *url, struct curl_slist *headers)
{
	struct transfer *transfer = exchange->transfer;
	CURL *curl = transfer->curl;

	curl_easy_reset(curl); /* keeps the connection */
	if (curl_easy_setopt(curl, CURLOPT_URL, url) ||
		curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") ||
		curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) ||
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) ||
		curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ||
		curl_easy_setopt(curl, CURLOPT_USERAGENT, transfer->user_agent) ||
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) ||
		curl_easy_setopt(
			curl, CURLOPT_FRESH_CONNECT, exchange->request->only_once ? 1L : 0L) ||
		(transfer->ca_file && curl_easy_setopt(curl, CURLOPT_CAINFO, transfer->ca_file)) ||
		(transfer->unix_path &&
			curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, transfer->unix_path)) ||
		/* A proxy for the outside is no way to one's own machine. */
		(transfer->loopback && curl_easy_setopt(curl, CURLOPT_PROXY, "")))
		return promo_fault(-EIO, "could not set up a request: libcurl refuses an option");
	transfer->reason[0] = '\0';
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->reason);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	set_method(curl, exchange->request);
	set_limits(exchange);
	return 0;
}

/* Why no whole answer came, as a phrase behind a colon. */
static const char *reason(const struct exchange *exchange, CURLcode code)
{
	const struct transfer *transfer = exchange->transfer;
	long number = 0;

	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "its name cannot be resolved";
	case CURLE_COULDNT_CONNECT:
		(void)curl_easy_getinfo(transfer->curl, CURLINFO_OS_ERRNO, &number);
		return number ? strerror((int)number) : "no connection";
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_ABORTED_BY_CALLBACK:
		return "it did not answer in time";
	case CURLE_WRITE_ERROR:
		return exchange->too_large ? "its answer is too large"
					   : "its answer could not be written";
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		return "the connection broke before the whole answer came";
	default:
		return transfer->reason[0] ? transfer->reason : curl_easy_strerror(code);
	}
}

static int header_text(CURL *curl, const char *name, struct promo_arena *arena, const char **ret)
{
	struct curl_header *header;

	if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return 0;
	*ret = promo_arena_strdup(arena, header->value);
	return *ret ? 0 : promo_fault(-ENOMEM, "could not keep a header");
}

/* The name in quotes of Content-Disposition, if it is one and not a path. */
static const char *file_name(const char *disposition, struct promo_arena *arena)
{
	const char *at = disposition ? strstr(disposition, "filename=\"") : NULL;
	size_t length;

	if (!at)
		return NULL;
	at += strlen("filename=\"");
	length = strcspn(at, "\"");
	if (at[length] != '"' || length == 0 || *at == '.' || *at == '-')
		return NULL;
	for (size_t i = 0; i < length; i++)
		if (at[i] == '/' || at[i] == '\\' || (unsigned char)at[i] < ' ' || at[i] == 0x7f)
			return NULL;
	return promo_arena_strndup(arena, at, length);
}

static int take_headers(CURL *curl, struct promo_arena *arena, struct transfer_answer *answer)
{
	const char *replayed = NULL, *retry_after = NULL, *disposition = NULL;
	int r = header_text(curl, "X-Request-Id", arena, &answer->request_id);

	if (!r)
		r = header_text(curl, "Location", arena, &answer->location);
	if (!r)
		r = header_text(curl, "ETag", arena, &answer->etag);
	if (!r)
		r = header_text(curl, "Idempotent-Replayed", arena, &replayed);
	if (!r)
		r = header_text(curl, "Retry-After", arena, &retry_after);
	if (!r)
		r = header_text(curl, "Content-Disposition", arena, &disposition);
	if (r)
		return r;
	answer->replayed = replayed && strcasecmp(replayed, "true") == 0;
	answer->filename = file_name(disposition, arena);
	/* In its form with a date it comes from others than our servers, and is passed over. */
	if (retry_after && *retry_after && strlen(retry_after) < 8 &&
		retry_after[strspn(retry_after, "0123456789")] == '\0')
		answer->retry_after_s = strtol(retry_after, NULL, 10);
	return 0;
}

/* Whether the answer says where it ends; one that only stops may have been cut anywhere. */
static bool has_end(CURL *curl)
{
	struct curl_header *header;
	curl_off_t length = -1;

	(void)curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	return length >= 0 || curl_easy_header(curl, "Transfer-Encoding", 0, CURLH_HEADER, -1,
				      &header) == CURLHE_OK;
}

static int take_answer(struct exchange *exchange, CURLcode code, struct promo_arena *arena)
{
	struct transfer_answer *answer = exchange->answer;
	CURL *curl = exchange->transfer->curl;
	long status = 0, request_size = 0;

	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &request_size);
	answer->status = (int)status;
	answer->sent = request_size > 0;
	answer->complete = code == CURLE_OK && status > 0;
	if (answer->complete && exchange->request->write && !has_end(curl)) {
		answer->complete = false;
		answer->hopeless = true;
		answer->why = "its answer does not say where it ends";
	} else if (!answer->complete) {
		answer->hopeless = exchange->too_large || code == CURLE_PEER_FAILED_VERIFICATION;
		answer->why = promo_arena_strdup(arena, reason(exchange, code));
	}
	/* A NUL is in no JSON: what follows it must not be passed over in silence. */
	if (exchange->body.size > 0 && !memchr(exchange->body.bytes, '\0', exchange->body.size))
		answer->body = exchange->body.bytes;
	return take_headers(curl, arena, answer);
}

int transfer_run(struct transfer *transfer, const struct transfer_request *request,
	struct promo_arena *arena, struct transfer_answer *ret)
{
	PROMO_CLEANUP(free_slist) struct curl_slist *headers = NULL;
	struct exchange exchange = {
		.transfer = transfer,
		.request = request,
		.answer = ret,
		.body = PROMO_BUFFER(arena, BODY_MAX_BYTES),
	};
	const char *url = promo_arena_printf(arena, "%s%s", transfer->base, request->path);
	CURLcode code;
	int r;

	*ret = (struct transfer_answer){ 0 };
	if (!url)
		return promo_fault(-ENOMEM, "could not compose a request");
	r = add_headers(request, &headers);
	if (r)
		return r;
	r = set_options(&exchange, url, headers);
	if (r)
		return r;
	code = curl_easy_perform(transfer->curl);
	r = take_answer(&exchange, code, arena);
	/* What it points to ends here. */
	(void)curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, NULL);
	return r;
}
