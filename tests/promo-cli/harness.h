/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/* One run of `promo` inside the test: arguments in, exit code and both streams out, with a state
 * folder of its own and nothing of the environment. */

struct harness {
	struct cli cli;
	char *data, *talk; /* what was printed, after harness_run() or harness_end_output() */
	size_t data_size, talk_size;
	char state[64]; /* folder, removed in the end */
};

int harness_setup(void **state);
int harness_teardown(void **state);

/* Runs `promo` with the blank-separated arguments; input is its stdin (NULL: empty). */
int harness_run(struct harness *harness, const char *input, const char *arguments);

/* "promo" and the blank-separated arguments as words of a process; how many. */
enum {
	HARNESS_WORDS_MAX = 64
};
int harness_split(struct harness *harness, const char *arguments, char **ret_words);

/* Parses the arguments only. */
int harness_parse(struct harness *harness, const char *arguments, struct cli_args *ret);

/* Puts a text where the program looks for input: its stdin is a file for once. */
void harness_give_input(const char *input);

/* Begins fresh output; what was printed is in data and talk after harness_end_output(). */
void harness_begin_output(struct harness *harness);
void harness_end_output(struct harness *harness);

void assert_holds(const char *text, const char *part);
void assert_lacks(const char *text, const char *part);
