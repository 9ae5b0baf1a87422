/* SPDX-License-Identifier: MIT */
#include "promod/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "promod/acceptor.h"
#include "promod/exchange.h"

enum {
	TICK_MS = 250, /* how often deadlines are looked at */
	STREAM_BLOCK_BYTES = 64 * 1024,
};

struct promod_http {
	struct traffic traffic;
	struct MHD_Daemon *mhd;
	struct promod_watch mhd_watch;
	struct promod_acceptor acceptor;
	struct connection *arriving; /* is being handed to the library */
	bool stopping;
	bool run_due; /* MHD_run() has to be called before the next wait */
	int64_t tick_at_ms;
};

static bool is_full(const struct promod_http *http)
{
	return http->traffic.connection_count >= http->traffic.config.connections_max;
}

/*
 * Connections.
 */

static bool on_arrival(
	void *context, int fd, const struct sockaddr_storage *address, socklen_t address_size)
{
	struct promod_http *http = context;

	http->arriving = promod_connection_new(&http->traffic, fd, address);
	if (!http->arriving) {
		close(fd);
		return !is_full(http);
	}
	/* It closes the descriptor where it fails; on_connection() takes `arriving` where not. */
	(void)MHD_add_connection(http->mhd, fd, (const struct sockaddr *)address, address_size);
	if (http->arriving) {
		promo_log(PROMO_LOG_WARNING, "a connection could not be taken");
		free(TAKE_PTR(http->arriving));
	}
	http->run_due = true;
	return !is_full(http);
}

static void on_connection(void *context, struct MHD_Connection *mhd, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	struct promod_http *http = context;
	struct connection *connection;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		connection = TAKE_PTR(http->arriving);
		connection->library = mhd;
		promod_connection_link(&http->traffic, connection);
		*socket_context = connection;
		return;
	}
	connection = *socket_context;
	promod_connection_unlink(&http->traffic, connection);
	free(connection);
}

/*
 * Exchanges.
 */

static struct promod_http *of(struct exchange *exchange)
{
	return (struct promod_http *)exchange->traffic;
}

static void resume(struct exchange *exchange)
{
	if (!exchange->suspended)
		return;
	exchange->suspended = false;
	MHD_resume_connection(exchange->connection->library);
	of(exchange)->run_due = true;
}

static void suspend(struct exchange *exchange)
{
	exchange->suspended = true;
	MHD_suspend_connection(exchange->connection->library);
}

bool promod_http_answer(struct promod_exchange *public, const struct promod_reply *reply)
{
	struct exchange *exchange = (struct exchange *)public;

	if (!promod_exchange_set_reply(exchange, reply))
		return false;
	resume(exchange);
	return true;
}

void promod_http_go_on(struct promod_exchange *public)
{
	struct exchange *exchange = (struct exchange *)public;

	if (!exchange->connection || exchange->has_reply)
		return;
	exchange->admitted = true;
	resume(exchange);
}

uint64_t promod_http_announced(const struct promod_exchange *public)
{
	return ((const struct exchange *)public)->framing.content_length;
}

void promod_http_wake(struct promod_exchange *public)
{
	struct exchange *exchange = (struct exchange *)public;

	if (exchange->connection && exchange->stage == STAGE_SENDING)
		resume(exchange);
}

/* The first thing the library tells of a request: its line has come. What it has not taken apart
 * yet is kept as it came, for the router decodes after it has split. */
static void *on_line(void *context, const char *target, struct MHD_Connection *mhd)
{
	struct connection *connection =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	struct exchange *exchange = promod_exchange_new(connection, target);

	(void)context;
	if (exchange)
		exchange->target_end = target + strlen(target);
	return exchange;
}

static void on_end(void *context, struct MHD_Connection *mhd, void **request_context,
	enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = TAKE_PTR(*request_context);

	(void)context;
	(void)mhd;
	if (exchange)
		promod_exchange_end(exchange, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
}

/*
 * Answers.
 */

/* False without memory: then the answer is cut, rather than said to be whole without them. */
static bool add_trailers(struct exchange *exchange)
{
	const struct promod_source *source = &exchange->reply.source;
	struct promod_field fields[PROMOD_FIELDS_MAX];
	size_t count = source->trailers ? source->trailers(source->context, fields) : 0;

	for (size_t i = 0; i < count; i++)
		if (MHD_add_response_footer(exchange->response, fields[i].name, fields[i].value) !=
			MHD_YES)
			return false;
	return true;
}

static ssize_t read_source(void *context, uint64_t offset, char *buffer, size_t size)
{
	struct exchange *exchange = context;
	struct promod_source *source = &exchange->reply.source;
	ptrdiff_t count = PROMOD_SOURCE_FAILED;

	if (!of(exchange)->stopping && !exchange->hung_up)
		count = source->read(source->context, offset, buffer, size);
	if (count > 0) {
		exchange->sent = offset + (uint64_t)count;
		return (ssize_t)count;
	}
	if (count == PROMOD_SOURCE_WAIT) {
		suspend(exchange);
		promod_exchange_idle(exchange);
		return 0;
	}
	return count == PROMOD_SOURCE_END && add_trailers(exchange)
		       ? MHD_CONTENT_READER_END_OF_STREAM
		       : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
	const struct promod_reply *reply = &exchange->reply;
	/* The library copies nothing and writes nothing: the arena outlives the answer. */
	void *body = (void *)(uintptr_t)(reply->body ? reply->body : "");
	struct MHD_Response *response;
	enum MHD_Result added = MHD_YES;

	if (reply->source.read)
		response = MHD_create_response_from_callback(
			reply->source.size ? reply->source.size : MHD_SIZE_UNKNOWN,
			reply->source.block_bytes ? reply->source.block_bytes : STREAM_BLOCK_BYTES,
			read_source, exchange, NULL);
	else
		response = MHD_create_response_from_buffer(
			reply->body ? reply->body_size : 0, body, MHD_RESPMEM_PERSISTENT);
	if (!response)
		return NULL;
	/* In chunks the library sends the last one after the head of HEAD as well, where a client takes it for
	 * the next answer. */
	if (reply->source.read && reply->source.size == 0 &&
		strcmp(exchange->public.head.method, "HEAD") == 0)
		added = MHD_set_response_options(
			response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
	for (size_t i = 0; i < reply->field_count && added == MHD_YES; i++)
		added = MHD_add_response_header(
			response, reply->fields[i].name, reply->fields[i].value);
	if (exchange->close && added == MHD_YES)
		added = MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (added != MHD_YES) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}

static enum MHD_Result send_reply(struct exchange *exchange)
{
	struct MHD_Response *response = make_response(exchange);
	enum MHD_Result queued;

	if (!response) {
		promo_log(PROMO_LOG_ERROR, "an answer could not be made; the connection is cut");
		return MHD_NO;
	}
	exchange->response = response;
	queued = MHD_queue_response(
		exchange->connection->library, (unsigned)exchange->reply.status, response);
	MHD_destroy_response(response);
	return queued;
}

/*
 * Requests.
 */

/* Before 1.0 the library ended lines at a bare LF as well, and read targets and values as C strings,
 * up to a NUL. It put a NUL in the place of what ends them: so the version follows the target's, and
 * a second one follows the first where a value ended with CR LF. (Behind a folded value anything may
 * stand: RFC 9112 5.2 lets us refuse it.) */
static bool is_cut(const char *value, size_t size)
{
	return MHD_VERSION < 0x01000000 && value && value[size + 1] != '\0';
}

static enum MHD_Result keep_header(void *context, enum MHD_ValueKind kind, const char *name,
	size_t name_size, const char *value, size_t value_size)
{
	struct exchange *exchange = context;
	struct promod_head *head = &exchange->public.head;

	(void)kind;
	head->cut |= is_cut(value, value_size);
	if (head->header_count < PROMOD_HEADERS_MAX)
		exchange->headers[head->header_count] = (struct promod_header){
			.name = { name, name_size },
			.value = { value ? value : "", value_size },
		};
	head->header_count++;
	return head->header_count <= PROMOD_HEADERS_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result take_step(struct exchange *exchange, enum step step)
{
	switch (step) {
	case STEP_READ:
		return MHD_YES;
	case STEP_WAIT:
		if (of(exchange)->stopping)
			return MHD_NO;
		suspend(exchange);
		return MHD_YES;
	case STEP_SEND:
		return send_reply(exchange);
	case STEP_CUT:
		break;
	}
	return MHD_NO;
}

/* Called once for the head, then for each piece of the body, then once for its end, and again after
 * each suspension. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *bytes, size_t *size,
	void **request_context)
{
	struct exchange *exchange = *request_context;
	enum step step;

	(void)context;
	(void)url;
	if (!exchange) {
		promo_log(PROMO_LOG_ERROR, "no memory for a request; its connection is cut");
		return MHD_NO;
	}
	if (exchange->stage == STAGE_LINE) {
		exchange->public.head.method = method;
		exchange->public.head.version = version;
		exchange->public.head.cut =
			MHD_VERSION < 0x01000000 && version != exchange->target_end + 1;
		(void)MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, keep_header, exchange);
		step = promod_exchange_head(exchange);
	} else if (exchange->stage == STAGE_ASKING) {
		step = promod_exchange_asked(exchange);
	} else if (*size > 0) {
		step = promod_exchange_body(exchange, bytes, *size);
		*size = 0;
	} else {
		step = promod_exchange_whole(exchange);
	}
	return take_step(exchange, step);
}

/*
 * Turns of the loop.
 */

static void on_mhd(void *context, uint32_t events)
{
	struct promod_http *http = context;

	(void)events;
	http->run_due = true;
}

static void tick(struct promod_http *http)
{
	int64_t now_ms = promo_monotonic_ms();

	if (now_ms < http->tick_at_ms)
		return;
	http->tick_at_ms = now_ms + TICK_MS;
	http->run_due = true;
	promod_traffic_check(&http->traffic, now_ms);
}

int promod_http_timeout_ms(const struct promod_http *http)
{
	MHD_UNSIGNED_LONG_LONG library_ms;
	int64_t wait_ms = http->tick_at_ms - promo_monotonic_ms();

	if (http->run_due || wait_ms < 0)
		return 0;
	/* What the library left undone shows only here, as a timeout of 0. */
	if (MHD_get_timeout(http->mhd, &library_ms) == MHD_YES &&
		library_ms < (MHD_UNSIGNED_LONG_LONG)wait_ms)
		return (int)library_ms;
	return (int)wait_ms;
}

void promod_http_turn(struct promod_http *http, bool timed_out)
{
	tick(http);
	if (!http->run_due && !timed_out)
		return;
	http->run_due = false;
	(void)MHD_run(http->mhd);
	if (!http->traffic.draining && !is_full(http))
		promod_acceptor_resume(&http->acceptor);
}

/*
 * Beginning and end.
 */

/* Paths and parameters are decoded by the router, after they were split. */
static size_t unescape_nothing(void *context, struct MHD_Connection *mhd, char *text)
{
	(void)context;
	(void)mhd;
	return strlen(text);
}

static struct MHD_Daemon *start_library(struct promod_http *http)
{
	const struct promod_http_config *config = &http->traffic.config;

	/* clang-format off */
	return MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET,
		0, NULL, NULL, on_request, http,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
		MHD_OPTION_NOTIFY_COMPLETED, on_end, http,
		MHD_OPTION_URI_LOG_CALLBACK, on_line, http,
		MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
		/* Ours comes first: the library would close a newcomer instead of letting it wait. */
		MHD_OPTION_CONNECTION_LIMIT, config->connections_max + 64,
		/* One buffer for what comes, what was parsed and what goes: heads near the limit have
		 * to fit, so that it is we who refuse them, and with a problem. */
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, config->head_max_bytes + 12288,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(config->idle_timeout_ms + 999) / 1000,
		MHD_OPTION_END);
	/* clang-format on */
}

int promod_http_new(const struct promod_http_config *config, const struct promod_handler *handler,
	struct promod_loop *loop, struct promod_http **ret)
{
	struct promod_http *http = calloc(1, sizeof(*http));
	const union MHD_DaemonInfo *info;
	int r;

	if (!http)
		return promo_fault(-ENOMEM, "could not make the HTTP server");
	http->traffic.config = *config;
	http->traffic.handler = handler;
	http->traffic.loop = loop;
	http->acceptor =
		(struct promod_acceptor){ .loop = loop, .arrive = on_arrival, .context = http };
	http->mhd = start_library(http);
	info = http->mhd ? MHD_get_daemon_info(http->mhd, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (!info) {
		promod_http_free(http);
		return promo_fault(-EIO, "could not start the HTTP library");
	}
	http->mhd_watch =
		(struct promod_watch){ .ready = on_mhd, .context = http, .fd = info->epoll_fd };
	r = promod_loop_watch(loop, &http->mhd_watch, EPOLLIN);
	if (r) {
		http->mhd_watch.ready = NULL;
		promod_http_free(http);
		return r;
	}
	*ret = http;
	return 0;
}

int promod_http_accept(struct promod_http *http, int listen_fd)
{
	return promod_acceptor_add(&http->acceptor, listen_fd);
}

void promod_http_drain(struct promod_http *http)
{
	if (http->traffic.draining)
		return;
	promod_acceptor_close(&http->acceptor);
	promod_traffic_drain(&http->traffic);
	http->run_due = true;
}

bool promod_http_draining(const struct promod_http *http)
{
	return http->traffic.draining;
}

size_t promod_http_busy(const struct promod_http *http)
{
	return http->traffic.busy_count;
}

void promod_http_free(struct promod_http *http)
{
	if (!http)
		return;
	if (http->mhd) {
		promod_http_drain(http);
		http->stopping = true;
		/* The library must not be stopped while a connection is suspended. */
		for (struct connection *each = http->traffic.first; each; each = each->next)
			if (each->exchange)
				resume(each->exchange);
		(void)MHD_run(http->mhd);
		if (http->mhd_watch.ready)
			promod_loop_unwatch(http->traffic.loop, &http->mhd_watch);
		MHD_stop_daemon(http->mhd);
	}
	free(http);
}
