/* SPDX-License-Identifier: MIT */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"
#include "libpromo/client/client.h"

/*
 * HTTP exchanges, several at once: a request goes out once, an answer comes or does not. With
 * exchange.c and address.c the only home of libcurl. Nothing moves but in transfer_wait(). Knows
 * nothing of operations: what to send again is client.c's, what an answer means answer.c's. Not
 * installed.
 */

struct transfer;
struct transfer_exchange;

/* PROMO_E_INVALID_INPUT if the address of the server cannot be understood. */
int transfer_new(const struct promo_client_config *config, struct transfer **ret) PROMO_CHECK;
void transfer_free(struct transfer *transfer); /* when nothing is under way; NULL is fine */

/* See promo_client_is_clear(). */
bool transfer_is_clear(const struct transfer *transfer);

/* What goes out; texts that are NULL do not. */
struct transfer_request {
	const char *method, *path, *body;
	const char *token, *idempotency_key, *if_match;
	int64_t prefer_wait_s;
	/* libcurl sends a request again by itself when a connection that was used before turns out
	 * dead. Here that ends the exchange instead: the first one may have been done, and what a
	 * second one is told says nothing of it. */
	bool only_once;
	bool fresh; /* never over a connection that was used before, whose death is no answer */
	int64_t timeout_ms; /* of the whole exchange; with `write` or `file`: without a byte moving */
	const struct promo_client_file *file; /* the body, in the place of `body`; NULL: none */
	promo_write_fn *write; /* gets the body of a successful answer; NULL: it is collected */
	void *context;
	const struct promo_resume *resume; /* with `write`: NULL: from the beginning */
};

/* What came back. */
struct transfer_answer {
	int status;       /* 0: no answer came */
	bool sent;        /* anything of the request may have reached the server */
	bool complete;    /* the whole answer came */
	bool hopeless;    /* another try would end the same way */
	int written;      /* what `write` returned when it was not 0 */
	int64_t bytes;    /* that `write` got */
	const char *why;  /* a phrase, where the answer is not complete */
	const char *body; /* NULL: none */
	const char *request_id, *location, *etag, *filename;
	const char *rows, *size, *sha256; /* trailers of an export */
	bool replayed;
	int64_t retry_after_s;
};

/* Begins one. The request with its texts, the arena and the answer have to last until it is ended.
 * PROMO_E_INVALID_INPUT for a text that cannot stand in a header. */
int transfer_begin(struct transfer *transfer, const struct transfer_request *request,
	struct promo_arena *arena, struct transfer_answer *answer,
	struct transfer_exchange **ret) PROMO_CHECK;
bool transfer_is_over(const struct transfer_exchange *exchange);

/* Writes the answer of one that is over, and frees it: 0 whether an answer came or not. */
int transfer_end(struct transfer *transfer, struct transfer_exchange *exchange) PROMO_CHECK;
/* Gives it up wherever it stands: the server may have got it. */
void transfer_cancel(struct transfer *transfer, struct transfer_exchange *exchange);

enum {
	TRANSFER_FDS_MAX = 16
};

/* Waits until something moved in what is under way, one of the descriptors can be read, or the
 * time is over (-1: none is set); may return sooner. *ret_interrupted: a signal ended a wait in
 * which nothing was under way. */
int transfer_wait(struct transfer *transfer, struct pollfd *fds, size_t count, int timeout_ms,
	bool *ret_interrupted) PROMO_CHECK;
