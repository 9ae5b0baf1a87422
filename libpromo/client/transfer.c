/* SPDX-License-Identifier: MIT */
#include "libpromo/client/transfer.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/client/exchange.h"

enum {
	CONNECT_TIMEOUT_MS = 3000,
};

struct transfer {
	CURLM *multi;
	CURL *spare; /* a handle that is not in use, or NULL */
	struct transfer_exchange *exchanges;
	struct transfer_setup setup;
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
	r = address_parse(config->server, &transfer->setup.address);
	if (r) {
		transfer_free(transfer);
		return r;
	}
	transfer->multi = curl_multi_init();
	transfer->setup.ca_file = copy_text(config->ca_file);
	transfer->setup.user_agent = strdup(config->user_agent ? config->user_agent : "libpromo");
	transfer->setup.connect_timeout_ms =
		config->connect_timeout_ms > 0 ? config->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	if (!transfer->multi || !transfer->setup.user_agent ||
		(config->ca_file && !transfer->setup.ca_file)) {
		transfer_free(transfer);
		return promo_fault(-ENOMEM, "could not make a client");
	}
	*ret = transfer;
	return 0;
}

bool transfer_is_clear(const struct transfer *transfer)
{
	return transfer->setup.address.clear;
}

void transfer_free(struct transfer *transfer)
{
	if (!transfer)
		return;
	assert(!transfer->exchanges);
	curl_easy_cleanup(transfer->spare);
	(void)curl_multi_cleanup(transfer->multi);
	address_release(&transfer->setup.address);
	free(transfer->setup.ca_file);
	free(transfer->setup.user_agent);
	free(transfer);
}

/* Frees an exchange that is in no list; its handle is kept if there is none yet. */
static void forget(struct transfer *transfer, struct transfer_exchange *exchange)
{
	exchange_release(exchange);
	if (transfer->spare)
		curl_easy_cleanup(exchange->curl);
	else
		transfer->spare = exchange->curl;
	free(exchange);
}

int transfer_begin(struct transfer *transfer, const struct transfer_request *request,
	struct promo_arena *arena, struct transfer_answer *answer, struct transfer_exchange **ret)
{
	struct transfer_exchange *exchange = calloc(1, sizeof(*exchange));
	int r;

	if (!exchange)
		return promo_fault(-ENOMEM, "could not begin a request");
	*answer = (struct transfer_answer){ 0 };
	exchange->curl = transfer->spare ? TAKE_PTR(transfer->spare) : curl_easy_init();
	exchange->setup = &transfer->setup;
	exchange->request = request;
	exchange->arena = arena;
	exchange->answer = answer;
	r = exchange->curl ? exchange_begin(exchange)
			   : promo_fault(-ENOMEM, "could not begin a request");
	if (!r && curl_multi_add_handle(transfer->multi, exchange->curl) != CURLM_OK)
		r = promo_fault(-EIO, "could not begin a request");
	if (r) {
		forget(transfer, exchange);
		return r;
	}
	exchange->next = transfer->exchanges;
	transfer->exchanges = exchange;
	*ret = exchange;
	return 0;
}

bool transfer_is_over(const struct transfer_exchange *exchange)
{
	return exchange->over;
}

void transfer_cancel(struct transfer *transfer, struct transfer_exchange *exchange)
{
	struct transfer_exchange **at = &transfer->exchanges;

	while (*at != exchange)
		at = &(*at)->next;
	*at = exchange->next;
	(void)curl_multi_remove_handle(transfer->multi, exchange->curl);
	forget(transfer, exchange);
}

int transfer_end(struct transfer *transfer, struct transfer_exchange *exchange)
{
	int r;

	assert(exchange->over);
	r = exchange_take_answer(exchange);
	transfer_cancel(transfer, exchange);
	return r;
}

/* Lets libcurl do what can be done now, and notes what has ended by that. */
static int perform(struct transfer *transfer)
{
	int running, left;

	if (curl_multi_perform(transfer->multi, &running) != CURLM_OK)
		return promo_fault(-EIO, "libcurl cannot go on");
	for (;;) {
		const CURLMsg *message = curl_multi_info_read(transfer->multi, &left);
		char *private = NULL;
		struct transfer_exchange *exchange;

		if (!message)
			return 0;
		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		exchange = (struct transfer_exchange *)(void *)private;
		exchange->code = message->data.result;
		exchange->over = true;
	}
}

static bool any_under_way(const struct transfer *transfer)
{
	for (const struct transfer_exchange *at = transfer->exchanges; at; at = at->next)
		if (!at->over)
			return true;
	return false;
}

/* Not longer than a stream may stay silent. */
static int64_t patience_ms(const struct transfer *transfer, int timeout_ms)
{
	int64_t least_ms = timeout_ms < 0 ? INT_MAX : timeout_ms;

	for (const struct transfer_exchange *at = transfer->exchanges; at; at = at->next) {
		const int64_t own_ms = at->over ? -1 : exchange_patience_ms(at);

		if (own_ms >= 0 && own_ms < least_ms)
			least_ms = own_ms;
	}
	return least_ms;
}

int transfer_wait(struct transfer *transfer, struct pollfd *fds, size_t count, int timeout_ms,
	bool *ret_interrupted)
{
	struct curl_waitfd others[TRANSFER_FDS_MAX];

	assert(count <= TRANSFER_FDS_MAX);
	*ret_interrupted = false;
	if (!any_under_way(transfer)) {
		*ret_interrupted = poll(fds, (nfds_t)count, timeout_ms) < 0;
		if (*ret_interrupted)
			for (size_t i = 0; i < count; i++)
				fds[i].revents = 0;
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		others[i] = (struct curl_waitfd){ .fd = fds[i].fd, .events = CURL_WAIT_POLLIN };
	if (curl_multi_poll(transfer->multi, others, (unsigned)count,
		    (int)patience_ms(transfer, timeout_ms), NULL) != CURLM_OK)
		return promo_fault(-EIO, "libcurl cannot wait");
	/* libcurl tells less of the others than poll() does: not of an end, for one. */
	if (count > 0 && poll(fds, (nfds_t)count, 0) < 0)
		for (size_t i = 0; i < count; i++)
			fds[i].revents = 0;
	return perform(transfer);
}
