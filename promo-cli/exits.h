/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/cli.h"

/* What the process can end with, in words: help and the manual page print this table. The codes never
 * change their meaning; errors.def says which refusal leads to which. */
struct cli_exit_text {
	int code;
	const char *text, *more; /* more: for the manual page, or NULL */
};

/* In the order of the codes; the text of the last is NULL. */
extern const struct cli_exit_text cli_exit_texts[];

/* The end of a command that changed many: CLI_PARTLY where its answer, a struct of this noun, tells of some
 * that were skipped. */
int cli_exit_of_many(const struct promo_schema *noun, const void *answer);
