/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* "Did you mean": the closest of some words, by the distance that typing errors make. */

struct cli_suggestion {
	const char *typed;
	const char *best; /* NULL until something close was offered */
	int distance;
};

/* Letters to add, leave out, replace or swap with the neighbour to get from a to b. */
int cli_distance(const char *a, const char *b);

/* Keeps word if it is near enough to be meant and nearer than what was kept before. A word that
 * begins with all that was typed counts as near. */
void cli_suggest(struct cli_suggestion *suggestion, const char *word);
