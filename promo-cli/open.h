/* SPDX-License-Identifier: MIT */
#pragma once

#include "promo-cli/cli.h"

/* Files that are sent. */

/* Opens a file for reading; "-" is standard input, which stays open. What cannot be opened, or is a
 * directory, is said: CLI_FAILED. */
int cli_open(struct cli *cli, const char *path, int *ret_fd);

/* Closes what cli_open() opened; -1 is fine. */
void cli_close(int fd);
