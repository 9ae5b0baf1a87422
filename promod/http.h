/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "promod/guard.h"
#include "promod/loop.h"

/*
 * HTTP/1.1 on the event loop. Owns the listening sockets, every connection with its deadlines, and
 * the reading of heads and bodies within their limits; knows nothing of operations. http.c is the
 * only file that knows libmicrohttpd. Everything here belongs to the loop's thread.
 *
 * An exchange is one request and its answer. The handler sees it in this order: begin() once the
 * head is there and unambiguous, admit() where it wants to decide first whether the body may come,
 * run() once the body is there too, end() when it is over. Where the
 * request is refused on the way, refuse() takes the place of what is left. The answer is given by
 * promod_http_answer(), in any of these calls or later: until then the connection is suspended.
 */

struct promod_http;
struct promod_listener;

struct promod_http_config {
	unsigned connections_max; /* more wait in the backlog of the kernel */
	size_t head_max_bytes;    /* request line and header fields: 431 */
	size_t drain_max_bytes;   /* of a body that is not wanted: read and dropped up to here */
	size_t body_memory_max_bytes; /* of all bodies that are being read: 503 */
	int request_timeout_ms;       /* from the first byte to the last one of a request */
	int idle_timeout_ms;          /* between two requests, and without progress in an answer */
	int answer_timeout_ms;        /* from the last byte of a request to its answer */
};

struct promod_field {
	const char *name, *value;
};
enum {
	PROMOD_FIELDS_MAX = 24
};

/* What is sent, piece by piece, as it comes into being. */
struct promod_source {
	/* Bytes from offset, above 0; or one of the numbers below. */
	ptrdiff_t (*read)(void *context, uint64_t offset, void *buffer, size_t size);
	void (*close)(void *context); /* once, when nothing more is read */
	void *context;
	uint64_t size;      /* 0: nobody knows, and it is sent in chunks */
	size_t block_bytes; /* that are read at once, at most; 0: many */
	/* It may be silent for long: who hangs up meanwhile ends it at once. So does who only says that he sends
	 * nothing more, which nobody can tell from it. */
	bool ends_with_client;
	/* The trailers, once it has come to its end; how many. NULL: none. Texts live as long as the
	 * exchange. Only in chunks. */
	size_t (*trailers)(void *context, struct promod_field *fields);
};
enum {
	PROMOD_SOURCE_WAIT = 0, /* promod_http_wake() is called when there is more */
	PROMOD_SOURCE_END = -1,
	PROMOD_SOURCE_FAILED = -2, /* the connection is cut: what was sent is not the whole */
};

struct promod_reply {
	int status;
	struct promod_field fields[PROMOD_FIELDS_MAX]; /* texts live as long as the exchange */
	size_t field_count;
	const char *body; /* lives as long as the exchange; NULL: none, or a source */
	size_t body_size;
	struct promod_source source; /* read is NULL: none */
	bool close;                  /* the connection, afterwards */
};

/* Takes the body piece by piece in the place of memory: 0, or a refusal of errors.def. */
struct promod_sink {
	int (*take)(void *context, const char *bytes, size_t size);
	void *context;
};

struct promod_exchange {
	struct promod_head
		head; /* in begin(), admit() and run(): the connection may end before the answer */
	const char *path, *query; /* as they came; query is NULL without a "?" */
	const char *peer;         /* address of the client; NULL on a unix socket */
	const char *body;         /* in run(); with a NUL behind it; NULL where a sink took it */
	size_t body_size;
	struct promo_arena *arena; /* as long as the exchange */
	int64_t started_us;
	int64_t answer_until_ms; /* in run(): what takes longer is answered with 503, monotonic */
	/* The handler's. */
	size_t body_max_bytes;   /* set in begin(): larger bodies are refused with 413 */
	bool asks;               /* set in begin(): admit() decides before the body is read */
	struct promod_sink sink; /* set before the body is read; take is NULL: memory */
	void *data;
};

/* How an exchange ended. */
struct promod_end {
	int status;     /* 0: nothing was answered */
	uint64_t bytes; /* of the body, handed to the connection */
	bool complete;  /* all of the answer was handed to the connection */
};

struct promod_handler {
	void (*begin)(void *context, struct promod_exchange *exchange);
	/* Asked where begin() wanted it and the body is not too large by what it says of itself.
	 * Nothing is read until promod_http_go_on(), or an answer. */
	void (*admit)(void *context, struct promod_exchange *exchange);
	void (*run)(void *context, struct promod_exchange *exchange);
	/* A refusal of errors.def that HTTP itself found (bad framing, a body too large, no answer in
	 * time). Has to answer. */
	void (*refuse)(void *context, struct promod_exchange *exchange, int error, const char *why);
	void (*end)(void *context, struct promod_exchange *exchange, const struct promod_end *end);
	void *context;
};

/* The handler and the loop outlive it. */
int promod_http_new(const struct promod_http_config *config, const struct promod_handler *handler,
	struct promod_loop *loop, struct promod_http **ret) PROMO_CHECK;

/* Accepts on a listening socket, which belongs to the server from now on. */
int promod_http_accept(struct promod_http *http, int listen_fd) PROMO_CHECK;

/* One turn of the loop: wait with this timeout, then let HTTP work. */
int promod_http_timeout_ms(const struct promod_http *http);
void promod_http_turn(struct promod_http *http, bool timed_out);

/* Answers. False if there was an answer already, or nobody is there to hear it: the source is closed
 * then. The last thing a handler does with an exchange, unless it keeps it. */
bool promod_http_answer(struct promod_exchange *exchange, const struct promod_reply *reply);

/* The body may come: after admit(), at any time. Nothing where there is an answer already. */
void promod_http_go_on(struct promod_exchange *exchange);

/* How long the body says that it is; 0 where it does not say. */
uint64_t promod_http_announced(const struct promod_exchange *exchange);

/* The source of this exchange's answer has more to read. */
void promod_http_wake(struct promod_exchange *exchange);

/* Somebody else, a worker, uses the exchange and its arena: it lives until it was let go as often as
 * it was kept, even where its client is gone. */
void promod_http_keep(struct promod_exchange *exchange);
void promod_http_let_go(struct promod_exchange *exchange);

/* Stops listening, closes what is idle, and closes every other connection after its answer. */
void promod_http_drain(struct promod_http *http);
bool promod_http_draining(const struct promod_http *http);
/* Connections with a request on them. */
size_t promod_http_busy(const struct promod_http *http);

/* Cuts what is left. Every exchange has to be let go before. NULL is fine. */
void promod_http_free(struct promod_http *http);
