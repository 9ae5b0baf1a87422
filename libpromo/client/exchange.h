/* SPDX-License-Identifier: MIT */
#pragma once

#include <curl/curl.h>

#include "libpromo/base/buffer.h"
#include "libpromo/client/address.h"
#include "libpromo/client/transfer.h"

/*
 * One HTTP exchange as libcurl sees it: what is set on its handle before, and what is read off it
 * afterwards. Runs nothing; that is transfer.c's. Not installed.
 */

/* What is the same for all exchanges of a client. */
struct transfer_setup {
	struct address address;
	char *ca_file; /* NULL: none */
	char *user_agent;
	int64_t connect_timeout_ms;
};

struct transfer_exchange {
	struct transfer_exchange *next;
	CURL *curl;
	const struct transfer_setup *setup;
	const struct transfer_request *request;
	struct promo_arena *arena;
	struct transfer_answer *answer;
	struct curl_slist *headers;
	struct promo_buffer body;
	bool too_large, over;
	bool other_part; /* than the rest of a file, which was asked for */
	int sends;       /* of the request */
	CURLcode code;   /* when it is over */
	int64_t last_byte_ms, last_count;
	int64_t file_at, file_size; /* of request->file; size -1: it ends where it ends */
	bool file_failed;
	char reason[CURL_ERROR_SIZE];
};

/* Composes the request on the handle. PROMO_E_INVALID_INPUT for a text that cannot stand in a
 * header; also then exchange_release() has to follow. */
int exchange_begin(struct transfer_exchange *exchange) PROMO_CHECK;

/* How long the exchange may stay silent from now on; -1: libcurl itself sees to its time. Then it has
 * to be driven, since libcurl has no timer for a stream and would sleep for ever. */
int64_t exchange_patience_ms(const struct transfer_exchange *exchange);

/* Reads the answer, or why there is none, when it is over. */
int exchange_take_answer(struct transfer_exchange *exchange) PROMO_CHECK;

/* Makes the handle forget the exchange, and frees what belonged to it but the handle. */
void exchange_release(struct transfer_exchange *exchange);
