/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libpromo/base/problem.h"
#include "promod/config.h"

/* The command line: what to do, the keys of the configuration, and what single commands take. */

enum promod_command {
	PROMOD_RUN = 1,
	PROMOD_CHECK_CONFIG,
	PROMOD_MIGRATE,
	PROMOD_MAINTAIN,
	PROMOD_ADMIN_CREATE,
	PROMOD_RESTORE,
	PROMOD_BACKUP_KEY,
	PROMOD_VERSION,
	PROMOD_HELP,
};

enum {
	PROMOD_OPTIONS_MAX = 64
};

struct promod_options {
	enum promod_command command;
	const char *config_file, *ready_file;
	struct promod_config_option settings[PROMOD_OPTIONS_MAX];
	size_t setting_count;
	bool status; /* migrate */
	/* admin create */
	const char *email, *phone, *first_name, *last_name;
	bool password_stdin;
	/* restore, backup-key */
	const char *file, *key;
	bool check, despite_seals;
};

/* PROMO_E_INVALID_INPUT with the reason in *problem. */
int promod_options_parse(int argc, char **argv, struct promo_arena *arena,
	struct promo_problem *problem, struct promod_options *ret) PROMO_CHECK;

void promod_options_help(FILE *to);
