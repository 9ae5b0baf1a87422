/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/model/outbox.h"

/*
 * The outbox: letters are written in the transaction of what they tell, so that there is one exactly
 * where that was committed, and nobody waits for a mail server. The courier (courier.h) carries them
 * out afterwards. An operation sets ctx->wake_jobs besides, and the letter goes as soon as it is
 * committed; else within PROMO_COURIER_POLL_MS.
 */

PROMO_BEGIN_DECLS

struct promo_settings;
struct promo_store;

enum {
	PROMO_LETTER_TRIED_S = 3 * 24 * 60 * 60, /* for so long, unless it says less */
};

struct promo_letter {
	enum promo_channel channel;    /* EMAIL or SMS */
	const char *kind;              /* a row of mail/templates.def; of events the topic */
	struct promo_texts recipients; /* addresses or phones; one letter each, to nobody else */
	/* struct promo_fact. A kind without a template of its own says its facts `title` and `body`. */
	struct promo_objects facts;
	/* 32 bytes, where the facts open something (a code, a token): they are sealed with it while they
	 * wait, and wiped when they have gone. NULL: anybody who reads the database may read them. */
	const unsigned char *seal_key;
	int64_t tried_s; /* not tried after so long: the code it tells has expired. 0: as usual */
};

/* Whether letters of this channel can go out at all, by the settings: there is a server to give them to.
 * Who must not go on without says so (mail of a second factor), others write none. */
bool promo_outbox_ready(const struct promo_settings *settings, enum promo_channel channel);

/* Writes the letters. Nothing happens without recipients. */
int promo_outbox_add(struct promo_store *store, struct promo_arena *arena,
	const struct promo_letter *letter) PROMO_CHECK;

PROMO_END_DECLS
