/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"
#include "libpromo/client/profile.h"

/*
 * What the program is told: arguments, then the environment, then the file
 * $XDG_CONFIG_HOME/promo/tui.conf (else ~/.config), each before the next. Options and settings are
 * rows of one table, so that a name means the same in both places; help and promo-tui(1) read it.
 */

struct tui_environment {
	const char *server, *profile, *ca_file, *no_color, *config_home;
	struct promo_profile_home home;
};

enum {
	TUI_SERVERS_MAX = 16
};

/* "[servers] shop = https://promo.example.com": a profile that can be chosen at sign-in. */
struct tui_server {
	const char *name, *address;
};

struct tui_options {
	const char *server, *profile, *ca_file, *theme;
	const char *scanner_prefix, *scanner_suffix;
	int64_t idle_lock_minutes; /* 0: never */
	bool ascii, plain, mute, no_color, help, version;
	struct tui_server servers[TUI_SERVERS_MAX];
	size_t server_count;
};

enum tui_option_kind {
	TUI_OPTION_FLAG = 1,
	TUI_OPTION_TEXT,
	TUI_OPTION_NUMBER
};

struct tui_option_row {
	const char *name;     /* "theme": --theme, and the key in tui.conf; NULL ends the rows */
	const char *argument; /* "NAME"; NULL: a flag */
	const char *help;
	enum tui_option_kind kind;
	size_t offset;        /* in struct tui_options */
	bool option, setting; /* where it may stand */
	int64_t max;          /* of a number, from 0 */
};
extern const struct tui_option_row tui_option_rows[];

/* Reads all three. PROMO_E_INVALID_INPUT with a sentence in the problem. */
int tui_options_read(int argc, char **argv, const struct tui_environment *environment,
	struct promo_arena *arena, struct promo_problem *problem,
	struct tui_options *ret) PROMO_CHECK;

/* The text of --help. NULL without memory. */
const char *tui_options_help(struct promo_arena *arena);
