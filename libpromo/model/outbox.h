/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/words.h"

/*
 * What is carried out of the house: by mail, by SMS, or to programs of others. A letter holds facts
 * (names and values), never the text that is sent: that is made when it is sent, from the shop's
 * settings of that moment.
 */

PROMO_BEGIN_DECLS

enum promo_channel {
	PROMO_CHANNEL_EMAIL = 1,
	PROMO_CHANNEL_SMS,
	PROMO_CHANNEL_WEBHOOK,
};

enum promo_outbox_status {
	PROMO_OUTBOX_WAITING = 1, /* also while it is being sent, and between two tries */
	PROMO_OUTBOX_SENT,
	PROMO_OUTBOX_DEAD, /* refused for good, or tried for too long */
};
/* What can be tried out: the channels, and what is told in the application. */
enum {
	PROMO_TEST_IN_APP = PROMO_CHANNEL_WEBHOOK + 1
};
extern const struct promo_words promo_channel_words, promo_outbox_status_words,
	promo_test_channel_words;

/* What a text may speak of: {name} stands for value. */
struct promo_fact {
	const char *name, *value;
};
extern const struct promo_schema promo_fact_schema;

/* A letter as those see it who look after the outbox; never with its facts. */
struct promo_outbox_letter {
	const char *id;
	int channel; /* enum promo_channel */
	const char *kind, *recipient;
	int status; /* enum promo_outbox_status */
	int64_t attempts, response_code;
	const char *last_error;
	int64_t next_at, created_at, sent_at;
};
extern const struct promo_schema promo_outbox_letter_schema;

PROMO_END_DECLS
