/* SPDX-License-Identifier: MIT */
#include "promo-cli/suggest.h"

#include <string.h>

enum {
	WORD_MAX = 64,
	FAR = WORD_MAX
};

static int smallest(int a, int b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: Levenshtein with swaps of neighbours, each letter moved once. */
int cli_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	int rows[3][WORD_MAX + 1];

	if (la > WORD_MAX || lb > WORD_MAX)
		return FAR;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= la; i++) {
		int *now = rows[i % 3], *before = rows[(i - 1) % 3];
		const int *two_before = rows[(i + 1) % 3];

		now[0] = (int)i;
		for (size_t j = 1; j <= lb; j++) {
			int replace = before[j - 1] + (a[i - 1] != b[j - 1]);

			now[j] = smallest(smallest(before[j] + 1, now[j - 1] + 1), replace);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = smallest(now[j], two_before[j - 2] + 1);
		}
	}
	return rows[la % 3][lb];
}

void cli_suggest(struct cli_suggestion *suggestion, const char *word)
{
	size_t typed = strlen(suggestion->typed);
	int near = 1 + (int)(typed / 4);
	int distance = cli_distance(suggestion->typed, word);

	if (typed >= 2 && strncmp(suggestion->typed, word, typed) == 0)
		distance = 1;
	if (distance > near || (suggestion->best && distance >= suggestion->distance))
		return;
	suggestion->best = word;
	suggestion->distance = distance;
}
