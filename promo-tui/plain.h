/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>

#include "promo-tui/outbox.h"
#include "promo-tui/profiles.h"
#include "promo-tui/remote.h"

/*
 * `promo-tui --plain`: the counter line by line, for screen readers, serial lines and pipes. It asks,
 * one reads a line, it answers in a sentence or two; nothing moves the cursor and nothing is drawn
 * over. What a line means is the counter's (counter.h), as on the screen: only a typed word redeems.
 * What the outbox settles meanwhile is told between the lines.
 */

struct tui_plain_config {
	struct tui_remote *remote;
	struct tui_profiles *profiles;
	size_t profile;
	struct tui_outbox *outbox;
	int64_t idle_lock_ms; /* 0: never */
	int in;               /* the password is not shown where this is a terminal */
	FILE *out;
	bool bell;
};

/* Until "quit" or the end of the input. What the process is to exit with: 0, 4 if nobody could sign
 * in, 1 if it could not go on. */
int tui_plain_run(const struct tui_plain_config *config);
