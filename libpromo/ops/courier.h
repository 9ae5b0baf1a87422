/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/error.h"

/*
 * The courier carries out what waits in the outbox and in webhook_deliveries. One thread of a daemon
 * looks for what is due, puts it off by a lease, so that no other daemon takes it as well, and hands it
 * to a few threads that send it, without a database connection and outside of any transaction; then it
 * notes what became of it. So a server that stalls keeps nothing waiting but what goes to it.
 *
 * Who is killed between the sending and the note leaves a letter that is sent once more when its lease
 * has ended: neither SMTP nor HTTP can do better. A mail is then the same mail, with the same Message-ID,
 * and a webhook has the same webhook-id. How each channel sends: mail/carrier.h.
 */

PROMO_BEGIN_DECLS

struct promo_courier;
struct promo_random;
struct promo_runner_config;

enum {
	PROMO_COURIER_LEASE_S = 180, /* nothing takes as long to send: PROMO_CARRIER_TIMEOUT_S */
	PROMO_COURIER_GRACE_MS = 5000,
	PROMO_COURIER_POLL_MS = 2000, /* what other processes wrote is seen this soon */
};

struct promo_courier_config {
	const struct promo_runner_config *runner; /* outlives the courier */
	const struct promo_random *random;        /* NULL: the system's; tests choose */
	int64_t pause_ms; /* after the first failure, doubled each time; 0: PROMO_COURIER_PAUSE_MS */
	int64_t lease_s;  /* 0: PROMO_COURIER_LEASE_S */
	int64_t poll_ms;  /* 0: PROMO_COURIER_POLL_MS */
	int64_t grace_ms; /* at the end, for what is being sent; 0: PROMO_COURIER_GRACE_MS */
};

enum {
	PROMO_COURIER_PAUSE_MS = 15 * 1000,
	PROMO_COURIER_PAUSE_MAX_MS = 60 * 60 * 1000,
};

/* Starts the threads; the database need not be reachable yet. */
int promo_courier_start(
	const struct promo_courier_config *config, struct promo_courier **ret) PROMO_CHECK;

/* Ends the threads. What is being sent has a moment to end by itself, and is broken off then and noted as
 * put off. NULL is fine. */
void promo_courier_stop(struct promo_courier *courier);

PROMO_END_DECLS
