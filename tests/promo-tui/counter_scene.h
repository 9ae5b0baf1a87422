/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/counter.h"

/*
 * A counter, played by words: what the clerk, the scanner and the server do in turn, 5 ms apart.
 *   scan scan2 burst=TEXT             a scan
 *   code= phone= first= last=TEXT     the whole text of a field
 *   enter tab esc f2 f4, any letter   keys; a letter counts on the summary only
 *   wait=MS                           time that goes by
 *   active redeemed reported expired blocked batch newer     the answer to a verification
 *   ok known settled                  the answer to a redemption, a search, the outbox
 *   signed-in                         the clerk signs in, or unlocks
 *   404 422 429 503 net 401 403 500 taken late unknown fault refusals of either
 *   stale stale-ok                    an answer to the question before
 */

#define CODE   "A1U2-C325-5X09-6E21"
#define CODE_2 "WXYZ-C325-5X09-6E21"
#define PHONE  "0788123456"

/* A counter, what it asked for, and the tags of the last two questions. */
struct scene {
	struct tui_counter counter;
	int64_t now_ms;
	char calls[64];
	int tag, tag_before, customer_tag;
	enum tui_counter_call asked, asked_before;
};

void counter_begin(struct scene *scene, bool finds_customers);
void counter_play(struct scene *scene, const char *script);
void counter_happens(struct scene *scene, const char *word);
/* An answer to the search for a customer: others, and Aline Uwase with this phone. */
void counter_known(struct scene *scene, const char *phone);
