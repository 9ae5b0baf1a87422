/* SPDX-License-Identifier: MIT */
/*
 * check-history --state FILE HISTORY...: whether what clients saw fits what the database holds
 * (check.h has the rules). Prints a line of name=value, and before it every violation with the
 * attempts concerned. Ends with 0, 1 for violations, 2 if it could not look.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fault/check.h"

static int trouble(const char *path, size_t line)
{
	if (line)
		(void)fprintf(stderr, "check-history: %s:%zu: cannot be understood\n", path, line);
	else
		(void)fprintf(
			stderr, "check-history: could not read %s: %s\n", path, strerror(errno));
	return 2;
}

static void print(const struct check_result *result)
{
	printf("attempts=%zu verifications=%zu keys=%zu redeemed=%zu refused=%zu replays=%zu "
	       "answered=%zu not_now=%zu faults=%zu unknown=%zu resolved=%zu unresolved=%zu "
	       "unresolved_redeemed=%zu audit_rows=%zu longest_gap_ms=%" PRId64
	       " slowest_ms=%" PRId64 " lost=%zu double=%zu",
		result->attempts, result->verifications, result->keys, result->redeemed,
		result->refused, result->replays, result->answered, result->not_now, result->faults,
		result->unknown, result->resolved, result->unresolved, result->unresolved_redeemed,
		result->audit_rows, result->longest_gap_us / 1000, result->slowest_us / 1000,
		result->lost, result->doubled);
	for (int rule = 1; rule <= CHECK_RULES; rule++)
		printf(" rule%d=%zu", rule, result->violations[rule]);
	printf("\n");
}

static int check(struct history *history, struct state *state, const char *state_path, char **paths)
{
	struct check_result result;
	size_t violations, line;
	char *text;

	text = file_text(state_path);
	line = text ? state_read(state, text) : 0;
	if (!text || line)
		return trouble(state_path, line);
	for (; *paths; paths++) {
		text = file_text(*paths);
		line = text ? history_add(history, text) : 0;
		if (!text || line)
			return trouble(*paths, line);
	}
	violations = check_run(history, state, stdout, &result);
	print(&result);
	return violations ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct history history = { 0 };
	struct state state = { 0 };
	int r;

	if (argc < 4 || strcmp(argv[1], "--state") != 0) {
		(void)fprintf(stderr, "usage: check-history --state FILE HISTORY...\n");
		return 2;
	}
	r = check(&history, &state, argv[2], argv + 3);
	history_free(&history);
	state_free(&state);
	return r;
}
