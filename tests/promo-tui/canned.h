/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-tui/profiles.h"
#include "promo-tui/remote.h"

/*
 * A server that says what a script tells it to: calls wait until they are answered by name, with the
 * very JSON of the wire, so that what a screen gets was decoded as it always is.
 */

struct canned;

int canned_new(struct canned **ret);
void canned_free(struct canned *canned);
struct tui_remote *canned_remote(struct canned *canned);

/* Answers the oldest call of this operation that waits; false if none does, or if the JSON is not what
 * the operation answers. status 0: no answer came. retry_after_s: of the header, 0: it is not there. */
bool canned_answer(
	struct canned *canned, const char *op, int status, int retry_after_s, const char *json);

/* Whether tries of what waits have failed so far. */
void canned_struggle(struct canned *canned, bool struggles);

/* What was sent since the last time: "POST /redemptions {...}" a line; lasts until the next call. */
const char *canned_sent(struct canned *canned);
/* The operations that wait, by name; "" if none. Lasts as above. */
const char *canned_waiting(struct canned *canned);

/* Profiles that live in memory. */
struct canned_profiles;
int canned_profiles_new(struct canned_profiles **ret);
void canned_profiles_free(struct canned_profiles *profiles);
/* "-" for a text that is not there. */
bool canned_profiles_add(struct canned_profiles *profiles, const char *name, const char *server,
	const char *user, const char *token);
struct tui_profiles *canned_profiles_of(struct canned_profiles *profiles);
