/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "libpromo/model/outbox.h"
#include "libpromo/store/rows_outbox.h"
#include "libpromo/store/statements.h"

/*
 * How one channel carries letters: a row of promo_carriers. pack() makes of a letter all that it takes
 * to send it, with the database and the settings at hand; send() sends it and needs neither, from any
 * thread. To try a channel, an operation does both in its before(): promo_carrier_try().
 */

PROMO_BEGIN_DECLS

struct promo_arena;
struct promo_runner_config;
struct promo_settings;
struct promo_store;

enum {
	PROMO_CARRIER_TIMEOUT_S = 60,     /* for one letter, whatever the other side does */
	PROMO_CARRIER_TRY_TIMEOUT_S = 15, /* the same where somebody waits for it */
	PROMO_POSTMARK_ERROR_SIZE = 400,
};

enum promo_fate {
	PROMO_FATE_SENT = 1, /* the other side took it */
	PROMO_FATE_LATER,    /* it may take it another time */
	PROMO_FATE_NEVER,    /* it said that it never will */
};

/* What became of a letter. */
struct promo_postmark {
	enum promo_fate fate;
	int64_t code;          /* what the other side answered, of SMTP or HTTP; 0: nothing */
	int64_t retry_after_s; /* LATER: not before, it said; 0: it said nothing */
	char error[PROMO_POSTMARK_ERROR_SIZE]; /* for people, in UTF-8; "" when it was sent */
};

/* What pack() may use. The arena is that of the letter and lives until its end is noted. */
struct promo_desk {
	const struct promo_runner_config *config;
	const struct promo_settings *settings;
	struct promo_store *store; /* outside of any transaction */
	struct promo_arena *arena;
	int64_t timeout_s;        /* for send() */
	const atomic_bool *hurry; /* send() gives up where it becomes true; NULL: it never does */
};

struct promo_carrier {
	enum promo_channel channel;
	int at_once; /* letters of it that one daemon sends at the same time */
	/* Takes one that is due, if there is one: the statement's parameters are channel text, lease_s bigint,
	 * its row is an outbox_parcel. It raises `attempts`, the fence, and puts next_at off by the lease. */
	enum promo_query claim;
	/* Notes the end: id uuid, attempts bigint, status text (of promo_outbox_status_words; `waiting`:
	 * to be tried again), pause_ms bigint, response_code bigint, error text. Nothing happens where
	 * `attempts` is another by now. */
	enum promo_query record;
	/* Sets *ret and returns 0; or sets *mark and *ret = NULL where it cannot be sent as things are (no
	 * server is set up: LATER); a fault is put off as well. */
	int (*pack)(const struct promo_desk *desk, const struct promo_parcel_row *parcel,
		struct promo_postmark *mark, const void **ret);
	void (*send)(const void *packed, struct promo_postmark *ret);
};

extern const struct promo_carrier *const promo_carriers[];
extern const size_t promo_carrier_count;

/* NULL: there is none (yet). */
const struct promo_carrier *promo_carrier_find(enum promo_channel channel);

/* Sets a mark; the text is cut where it is too long, and what is no UTF-8 or a control character becomes a
 * blank. */
void promo_postmark_set(struct promo_postmark *ret, enum promo_fate fate, int64_t code,
	const char *format, ...) PROMO_PRINTF(4, 5);

/* Packs and sends at once, outside of any transaction. 0 also where it was not sent: *ret tells. */
int promo_carrier_try(const struct promo_desk *desk, enum promo_channel channel,
	const struct promo_parcel_row *parcel, struct promo_postmark *ret) PROMO_CHECK;

PROMO_END_DECLS
