/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/codec.h"
#include "libpromo/api/op_setting.h"
#include "promo-cli/args.h"
#include "promo-cli/cli.h"

/*
 * Settings as people name them, "branding.theme.primary_color", between the rows of settings.def and
 * the operations of the categories. What is changed is changed only if nobody else did meanwhile.
 */

/* All categories as the server has them; NULL for one that it does not know. */
struct cli_settings {
	const struct promo_settings_category *shown[PROMO_SETTINGS_CATEGORIES];
	const void *values[PROMO_SETTINGS_CATEGORIES]; /* structs of promo_settings_schemas */
	const char *json;                              /* the answer as it came */
	struct promo_decode_env env;
};

/* Connects and reads them. */
int cli_settings_read(struct cli *cli, const struct cli_args *args, struct cli_settings *ret);

/* "branding.theme.primary_color"; never NULL. */
const char *cli_setting_name(enum promo_setting setting, struct promo_arena *arena);
/* The setting or the category of a word; what there is none of is said: CLI_USAGE. */
int cli_setting_find(struct cli *cli, const char *word, enum promo_setting *ret);
int cli_setting_find_category(struct cli *cli, const char *word, enum promo_setting_category *ret);

/* A value as text, for people or for programs; "" where the struct of its category has none. */
const char *cli_setting_text(
	enum promo_setting setting, const void *values, bool people, struct promo_arena *arena);

/* Sends what is given in `in`, a struct of the category's schema, for the version that was read, or the
 * one of --if-version. CLI_DONE where the server was asked: *ret_r is what the library said. */
int cli_settings_change(struct cli *cli, const struct cli_args *args,
	enum promo_setting_category category, const struct cli_settings *settings, const void *in,
	struct promo_reply *ret, int *ret_r);

/* Bad fields by the names of settings: "/theme/font" in the category branding is
 * "branding.theme.font" with the prefix "branding"; in a file, which has no prefix (""), so is
 * "/settings/branding/theme/font". */
void cli_settings_name_fields(
	struct promo_problem *problem, const char *prefix, struct promo_arena *arena);

/* Prints the names of what can be read, changed and edited as completion offers it. */
void cli_settings_complete_all(struct cli *cli);
void cli_settings_complete_keys(struct cli *cli);
void cli_settings_complete_categories(struct cli *cli);
