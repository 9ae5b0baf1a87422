/* SPDX-License-Identifier: MIT */
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "promod/http.h"

/*
 * What http.c keeps of a connection and of the request on it, as far as it has nothing to do with
 * the HTTP library: the list with its deadlines, the body, and how long an exchange lives. For
 * http.c alone.
 */

struct exchange;

/* All there is at the moment. */
struct traffic {
	struct promod_http_config config;
	const struct promod_handler *handler;
	struct promod_loop *loop;
	struct connection *first;
	size_t connection_count, busy_count;
	size_t body_memory;
	bool draining;
};

struct connection {
	struct connection *next, **back;
	struct traffic *traffic;
	void *library;             /* the library's own connection */
	struct exchange *exchange; /* NULL between two requests */
	int64_t deadline_ms;       /* INT64_MAX: none */
	int fd;
	char peer[INET6_ADDRSTRLEN]; /* "" on a unix socket */
};

/* NULL without memory. Freed by whoever unlinks it. */
struct connection *promod_connection_new(
	struct traffic *traffic, int fd, const struct sockaddr_storage *address);
void promod_connection_link(struct traffic *traffic, struct connection *connection);
void promod_connection_unlink(struct traffic *traffic, struct connection *connection);

enum stage {
	STAGE_LINE = 0, /* the request line is there */
	STAGE_ASKING,   /* the head is there, and whether the body may come is being decided */
	STAGE_BODY,     /* the head is there */
	STAGE_WAITING,  /* all is there but the answer */
	STAGE_SENDING,
};

struct exchange {
	struct promod_exchange public; /* first: the handler's pointer is ours */
	struct traffic *traffic;
	struct connection *connection; /* NULL once it is over */
	enum stage stage;
	const char *target_end; /* in the library's memory: while the head is read */
	unsigned kept;
	bool suspended, has_reply;
	bool admitted; /* ASKING: the body may come */
	bool close;    /* the connection, after the answer */
	struct promod_framing framing;
	struct promod_header headers[PROMOD_HEADERS_MAX];
	uint64_t received; /* bytes of the body */
	uint64_t dropped;  /* of them, after it was refused */
	uint64_t timed;    /* of them, when the deadline was set */
	char *body;
	size_t body_size, body_capacity;
	struct promod_reply reply;
	void *response;                 /* the library's own, while it is being sent */
	uint64_t sent;                  /* bytes that a source gave */
	struct promod_watch hanging_up; /* of the socket, where the source ends with its client */
	bool watched, hung_up;
};

/* What the library has to do next. */
enum step {
	STEP_READ, /* go on reading the request */
	STEP_WAIT, /* suspend: the answer comes later */
	STEP_SEND, /* send exchange->reply */
	STEP_CUT,  /* end the connection without a word */
};

/* A request line has come, with this target as it came. NULL without memory. */
struct exchange *promod_exchange_new(struct connection *connection, const char *target);
/* The head is complete: public.head is filled in. */
enum step promod_exchange_head(struct exchange *exchange);
/* The head again, after a wait for whether the body may come. */
enum step promod_exchange_asked(struct exchange *exchange);
enum step promod_exchange_body(struct exchange *exchange, const char *bytes, size_t size);
/* All of the request is there; also asked again after a wait. */
enum step promod_exchange_whole(struct exchange *exchange);
/* Its source has nothing to read: whoever hangs up while nothing is sent is out of the library's sight. */
void promod_exchange_idle(struct exchange *exchange);
/* The connection is through with it. */
void promod_exchange_end(struct exchange *exchange, bool complete);

/* Keeps an answer; false if there is no need of one, and then its source is closed. */
bool promod_exchange_set_reply(struct exchange *exchange, const struct promod_reply *reply);

/* Ends what has outstayed its deadline. */
void promod_traffic_check(struct traffic *traffic, int64_t now_ms);
/* Ends what is idle; what is not ends after its answer. */
void promod_traffic_drain(struct traffic *traffic);
