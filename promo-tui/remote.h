/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/client/client.h"

/*
 * How the app reaches a server without ever waiting for it. It is an interface: behind it stand the
 * asynchronous calls of libpromo/client (remote.c), or canned answers in the tests. One thread.
 *
 * A call carries the generation of the screen that began it. When that screen is gone, its reply is
 * dropped by the app; calls that carry an idempotency key are never cancelled for that reason, since
 * they may be doing something.
 */

struct tui_call {
	const struct promo_op *op;
	const void *in; /* encoded before begin() returns */
	const char *idempotency_key;
	int tag;
	uint64_t generation; /* 0: the app's own */
	/* NULL: the one connected. Another one is visited without leaving that: to sign in there. */
	const char *server;
	uint64_t session; /* whose token it goes with, for who counts his sessions */
};

struct tui_reply {
	int tag;
	uint64_t generation, session;
	bool elsewhere; /* it came from a server that is only visited */
	const struct promo_op *op;
	const char *idempotency_key; /* of the call, or NULL */
	int error;                   /* 0, a refusal of errors.def, or a fault (< 0) */
	struct promo_reply reply;
};

struct tui_remote {
	/* From now on calls go to this server with this token (NULL: none). Those under way are
	 * cancelled if it is another server. PROMO_E_INVALID_INPUT if the address cannot be
	 * understood. */
	int (*connect)(struct tui_remote *remote, const char *server, const char *token);
	/* For the calls that begin from now on. */
	int (*set_token)(struct tui_remote *remote, const char *token);
	/* Whether everybody on the way can read what is sent there; NULL: to the one connected. */
	bool (*is_clear)(const struct tui_remote *remote, const char *server);
	/* Begins a call; its end comes from next(). */
	int (*begin)(struct tui_remote *remote, const struct tui_call *call);
	/* Forgets the calls of a generation, but for those with an idempotency key. */
	void (*cancel)(struct tui_remote *remote, uint64_t generation);
	/* The next call that has ended; false if none has. *ret lasts until next() is called again. */
	bool (*next)(struct tui_remote *remote, struct tui_reply *ret);
	/* Whether a call under way has had no answer to tries of it. */
	bool (*is_struggling)(const struct tui_remote *remote);
	/* Waits until a call has ended, fd can be read (*ret_readable), or timeout_ms are over (< 0:
	 * none). What the tests need not have. */
	int (*wait)(struct tui_remote *remote, int fd, int timeout_ms, bool *ret_readable);
	void (*free)(struct tui_remote *remote);
};

/* The real one, not connected yet. ca_file may be NULL and has to outlive it. */
int tui_remote_new(const char *ca_file, struct tui_remote **ret) PROMO_CHECK;
