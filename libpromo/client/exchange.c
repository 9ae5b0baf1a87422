/* SPDX-License-Identifier: MIT */
#include "libpromo/client/exchange.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"

enum {
	EXPECT_MS =
		5000, /* for a word before a file; a server that does not know it gets the file */
	UPLOAD_BUFFER_BYTES = 256 * 1024,
	BODY_MAX_BYTES = 8 * 1024 * 1024, /* the largest page of a list has less than 3 */
};

static long status_of(const struct transfer_exchange *exchange)
{
	long status = 0;

	(void)curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static bool is_success(const struct transfer_exchange *exchange)
{
	const long status = status_of(exchange);

	return status >= 200 && status < 300;
}

/* Before the first byte of a file that is gone on with: whether it is the rest that was asked for, or the
 * whole of another one, which is told; else what comes is neither. */
static bool begin_rest(struct transfer_exchange *exchange)
{
	const struct promo_resume *resume = exchange->request->resume;
	struct curl_header *header;
	char range[40];

	if (status_of(exchange) != 206) {
		exchange->answer->written = resume->restart(exchange->request->context);
		return exchange->answer->written == 0;
	}
	(void)snprintf(range, sizeof(range), "bytes %" PRId64 "-", resume->from);
	exchange->other_part = curl_easy_header(exchange->curl, "Content-Range", 0, CURLH_HEADER,
				       -1, &header) != CURLHE_OK ||
			       strncmp(header->value, range, strlen(range)) != 0;
	return !exchange->other_part;
}

/* Any other count than `size` makes libcurl end the exchange. */
static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
	struct transfer_exchange *exchange = context;
	const size_t size = one * count;

	if (exchange->request->write && is_success(exchange)) {
		if (exchange->request->resume && exchange->answer->bytes == 0 &&
			!begin_rest(exchange))
			return size + 1;
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

/* What may take as long as it wants while bytes move. */
static bool is_long(const struct transfer_request *request)
{
	return request->write || request->file;
}

/* The next bytes of the file. */
static size_t give_file(char *buffer, size_t one, size_t count, void *context)
{
	struct transfer_exchange *exchange = context;
	const int fd = exchange->request->file->fd;
	ssize_t done;

	do
		done = exchange->file_size >= 0
			       ? pread(fd, buffer, one * count, (off_t)exchange->file_at)
			       : read(fd, buffer, one * count);
	while (done < 0 && errno == EINTR);
	/* A file that has become shorter must not look whole. */
	if (done < 0 || (done == 0 && exchange->file_at < exchange->file_size)) {
		exchange->file_failed = true;
		return CURL_READFUNC_ABORT;
	}
	exchange->file_at += done;
	return (size_t)done;
}

/* libcurl sends from the beginning once more, on a connection that was found dead. */
static int seek_file(void *context, curl_off_t offset, int origin)
{
	struct transfer_exchange *exchange = context;

	if (origin != SEEK_SET || (exchange->file_size < 0 && offset != exchange->file_at))
		return CURL_SEEKFUNC_FAIL;
	exchange->file_at = offset;
	return CURL_SEEKFUNC_OK;
}

/* Called before each sending. */
static int check_sends(
	void *context, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct transfer_exchange *exchange = context;

	(void)remote_ip;
	(void)local_ip;
	(void)remote_port;
	(void)local_port;
	if (exchange->request->only_once && exchange->sends > 0)
		return CURL_PREREQFUNC_ABORT;
	exchange->sends++;
	return CURL_PREREQFUNC_OK;
}

/* A stream may take as long as it wants while bytes come. */
static int check_progress(
	void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	struct transfer_exchange *exchange = context;
	const int64_t now_ms = promo_monotonic_ms();
	const int64_t count = (int64_t)now + (int64_t)up;

	(void)total;
	(void)up_total;
	if (exchange->request->file && exchange->request->file->progress)
		exchange->request->file->progress(
			exchange->request->file->context, exchange->file_at, exchange->file_size);
	if (count != exchange->last_count) {
		exchange->last_count = count;
		exchange->last_byte_ms = now_ms;
	}
	return now_ms - exchange->last_byte_ms > exchange->request->timeout_ms;
}

int64_t exchange_patience_ms(const struct transfer_exchange *exchange)
{
	const int64_t silent_ms = promo_monotonic_ms() - exchange->last_byte_ms;
	const int64_t left_ms = exchange->request->timeout_ms + 1 - silent_ms;

	if (!is_long(exchange->request))
		return -1;
	return left_ms > 0 ? left_ms : 0;
}

static bool is_header_text(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	return true;
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

/* What is asked for of a file. */
static int add_range(const struct promo_resume *resume, struct curl_slist **list)
{
	char range[40];
	int r;

	if (!resume)
		return 0;
	(void)snprintf(range, sizeof(range), "bytes=%" PRId64 "-", resume->from);
	r = add_header(list, "Range: ", range);
	return r ? r : add_header(list, "If-Range: ", resume->etag);
}

static int add_headers(const struct transfer_request *request, struct curl_slist **list)
{
	const bool has_body = request->body && *request->body;
	const char *type = request->file ? request->file->content_type
			   : has_body    ? "application/json"
					 : NULL;
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
		r = add_range(request->resume, list);
	if (!r)
		r = type ? add_header(list, "Content-Type: ", type)
			 : add_header(list, "Content-Type:", "");
	/* Without this libcurl asks before it sends more than a MiB, and waits a second. A file is
	 * asked for, so that who may not send it is told before, and not after. */
	if (!r)
		r = request->file ? add_header(list, "Expect: ", "100-continue")
				  : add_header(list, "Expect:", "");
	return r;
}

static void set_file(struct transfer_exchange *exchange)
{
	CURL *curl = exchange->curl;
	struct stat stat;

	exchange->file_at = 0;
	exchange->file_size = -1;
	if (fstat(exchange->request->file->fd, &stat) == 0 && S_ISREG(stat.st_mode))
		exchange->file_size = stat.st_size;
	(void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_file);
	(void)curl_easy_setopt(curl, CURLOPT_READDATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, seek_file);
	(void)curl_easy_setopt(curl, CURLOPT_SEEKDATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_EXPECT_100_TIMEOUT_MS, (long)EXPECT_MS);
	(void)curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER_BYTES);
	/* Of unknown length it is sent in chunks. */
	(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->file_size);
}

static void set_method(CURL *curl, const struct transfer_request *request)
{
	if (strcmp(request->method, "GET") == 0) {
		(void)curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
		return;
	}
	if (!request->file && (request->body || strcmp(request->method, "POST") == 0)) {
		const char *body = request->body ? request->body : "";

		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
	}
	(void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_limits(struct transfer_exchange *exchange)
{
	CURL *curl = exchange->curl;
	const struct transfer_request *request = exchange->request;
	int64_t connect_ms = exchange->setup->connect_timeout_ms;

	if (connect_ms > request->timeout_ms)
		connect_ms = request->timeout_ms;
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	if (!is_long(request)) {
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
static int set_options(struct transfer_exchange *exchange, const char *url)
{
	const struct transfer_setup *setup = exchange->setup;
	const struct address *address = &setup->address;
	CURL *curl = exchange->curl;

	curl_easy_reset(curl); /* keeps the sessions of TLS */
	if (curl_easy_setopt(curl, CURLOPT_URL, url) ||
		curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") ||
		curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) ||
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) ||
		/* A resolver that hangs is left behind: who gave up does not wait for it. */
		curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L) ||
		curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, check_sends) ||
		curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ||
		curl_easy_setopt(curl, CURLOPT_USERAGENT, setup->user_agent) ||
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, exchange->headers) ||
		curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, exchange->request->fresh ? 1L : 0L) ||
		(setup->ca_file && curl_easy_setopt(curl, CURLOPT_CAINFO, setup->ca_file)) ||
		(address->unix_path &&
			curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, address->unix_path)) ||
		/* A proxy for the outside is no way to one's own machine. */
		(address->loopback && curl_easy_setopt(curl, CURLOPT_PROXY, "")))
		return promo_fault(-EIO, "could not set up a request: libcurl refuses an option");
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->reason);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_PRIVATE, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_PREREQDATA, exchange);
	if (exchange->request->file)
		set_file(exchange);
	set_method(curl, exchange->request);
	set_limits(exchange);
	return 0;
}

/* Why no whole answer came, as a phrase behind a colon. */
static const char *reason(const struct transfer_exchange *exchange)
{
	long number = 0;

	switch ((int)exchange->code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "its name cannot be resolved";
	case CURLE_COULDNT_CONNECT:
		(void)curl_easy_getinfo(exchange->curl, CURLINFO_OS_ERRNO, &number);
		return number ? strerror((int)number) : "no connection";
	case CURLE_ABORTED_BY_CALLBACK:
		if (exchange->file_failed)
			return "the file that was being sent cannot be read to its end";
		if (exchange->request->only_once)
			return "the connection broke before the whole answer came";
		return "it did not answer in time";
	case CURLE_OPERATION_TIMEDOUT:
		return "it did not answer in time";
	case CURLE_WRITE_ERROR:
		if (exchange->other_part)
			return "it sent another part of the file";
		return exchange->too_large ? "its answer is too large"
					   : "its answer could not be written";
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		return "the connection broke before the whole answer came";
	default:
		return exchange->reason[0] ? exchange->reason : curl_easy_strerror(exchange->code);
	}
}

static int field_text(
	CURL *curl, unsigned origin, const char *name, struct promo_arena *arena, const char **ret)
{
	struct curl_header *header;

	if (curl_easy_header(curl, name, 0, origin, -1, &header) != CURLHE_OK)
		return 0;
	*ret = promo_arena_strdup(arena, header->value);
	return *ret ? 0 : promo_fault(-ENOMEM, "could not keep a header");
}

static int header_text(CURL *curl, const char *name, struct promo_arena *arena, const char **ret)
{
	return field_text(curl, CURLH_HEADER, name, arena, ret);
}

/* What stands behind a body that came in chunks. */
static int take_trailers(CURL *curl, struct promo_arena *arena, struct transfer_answer *answer)
{
	int r = field_text(curl, CURLH_TRAILER, "Export-Rows", arena, &answer->rows);

	if (!r)
		r = field_text(curl, CURLH_TRAILER, "Export-Bytes", arena, &answer->size);
	if (!r)
		r = field_text(curl, CURLH_TRAILER, "Export-SHA256", arena, &answer->sha256);
	return r;
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
	if (!r)
		r = take_trailers(curl, arena, answer);
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

int exchange_take_answer(struct transfer_exchange *exchange)
{
	struct transfer_answer *answer = exchange->answer;
	const CURLcode code = exchange->code;
	CURL *curl = exchange->curl;
	long status = 0;

	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	answer->status = (int)status;
	answer->sent = exchange->sends > 0;
	answer->complete = code == CURLE_OK && status > 0;
	if (answer->complete && exchange->request->write && !has_end(curl)) {
		answer->complete = false;
		answer->hopeless = true;
		answer->why = "its answer does not say where it ends";
	} else if (!answer->complete) {
		answer->hopeless = exchange->too_large || exchange->file_failed ||
				   exchange->other_part ||
				   (exchange->request->file && exchange->file_size < 0) ||
				   code == CURLE_PEER_FAILED_VERIFICATION;
		answer->why = promo_arena_strdup(exchange->arena, reason(exchange));
	}
	/* A NUL is in no JSON: what follows it must not be passed over in silence. */
	if (exchange->body.size > 0 && !memchr(exchange->body.bytes, '\0', exchange->body.size))
		answer->body = exchange->body.bytes;
	return take_headers(curl, exchange->arena, answer);
}

int exchange_begin(struct transfer_exchange *exchange)
{
	const struct transfer_request *request = exchange->request;
	const char *url = promo_arena_printf(
		exchange->arena, "%s%s", exchange->setup->address.base, request->path);
	int r;

	if (!url)
		return promo_fault(-ENOMEM, "could not compose a request");
	exchange->body = (struct promo_buffer)PROMO_BUFFER(exchange->arena, BODY_MAX_BYTES);
	r = add_headers(request, &exchange->headers);
	return r ? r : set_options(exchange, url);
}

void exchange_release(struct transfer_exchange *exchange)
{
	/* What the handle points to ends here. */
	if (exchange->curl)
		curl_easy_reset(exchange->curl);
	curl_slist_free_all(exchange->headers);
	exchange->headers = NULL;
}
