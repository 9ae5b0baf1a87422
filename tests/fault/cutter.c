/* SPDX-License-Identifier: MIT */
/*
 * cutter: stands in front of a PostgreSQL server's socket (tests/lib/cutter.h) for the scripts here.
 * Orders come on standard input, one a line, and "done N" is said for the n-th one when it was
 * carried out; a cut only when it came to it. It ends with its input.
 *
 *	cut request|answer|unheard|message|silence N [AWAY_MS]
 *	dribble BYTES
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/macros.h"
#include "tests/lib/cutter.h"

static enum cut cut_of(const char *word)
{
	static const char *const words[] = { [CUT_REQUEST] = "request",
		[CUT_ANSWER] = "answer",
		[CUT_UNHEARD] = "unheard",
		[CUT_MESSAGE] = "message",
		[CUT_SILENCE] = "silence" };

	for (size_t i = 1; i < PROMO_COUNT(words); i++)
		if (strcmp(words[i], word) == 0)
			return (enum cut)i;
	return 0;
}

static void cut(struct cutter *cutter, enum cut cut, int n, long away_ms)
{
	cutter_stay_away(cutter, away_ms);
	cutter_arm(cutter, cut, n);
	while (!cutter_happened(cutter))
		(void)poll(NULL, 0, 5);
	/* The time away goes on by itself. */
	if (away_ms == 0)
		(void)cutter_disarm(cutter);
}

static bool carry_out(struct cutter *cutter, const char *line)
{
	char word[16];
	int n;
	long away_ms = 0;

	if (sscanf(line, "dribble %d", &n) == 1) {
		cutter_dribble(cutter, n);
		return true;
	}
	if (sscanf(line, "cut %15s %d %ld", word, &n, &away_ms) < 2 || !cut_of(word) || n < 1)
		return false;
	cut(cutter, cut_of(word), n, away_ms);
	return true;
}

int main(int count, char **arguments)
{
	struct cutter *cutter;
	char line[128];

	if (count != 3) {
		(void)fprintf(stderr, "usage: cutter FOLDER SERVER-SOCKET\n");
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	cutter = cutter_open(arguments[1], arguments[2], "");
	if (!cutter) {
		perror(arguments[1]);
		return 1;
	}
	for (int n = 1; fgets(line, sizeof(line), stdin); n++) {
		if (!carry_out(cutter, line)) {
			(void)fprintf(stderr, "cutter: what is '%s'?\n", line);
			return 2;
		}
		printf("done %d\n", n);
		(void)fflush(stdout);
	}
	return 0;
}
