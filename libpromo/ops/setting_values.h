/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/setting_schema.h"
#include "libpromo/ops/settings.h"

/*
 * Settings between their three forms: the values that the server reads (settings.h), the structs of
 * their categories that JSON is read into and written from (model/setting_schema.h), and the rows of
 * system_settings.
 */

PROMO_BEGIN_DECLS

struct promo_arena;

/* The struct of a category with all of its settings, or with those for which only[setting] is true.
 * Its texts live as long as `settings` holds them. */
int promo_setting_values(const struct promo_settings *settings,
	enum promo_setting_category category, const bool *only, struct promo_arena *arena,
	const void **ret) PROMO_CHECK;
/* The same for all categories. */
int promo_setting_values_all(const struct promo_settings *settings, const bool *only,
	struct promo_arena *arena, struct promo_settings_of_all *ret) PROMO_CHECK;
/* As a JSON object. */
int promo_setting_values_json(const struct promo_settings *settings,
	enum promo_setting_category category, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;

/* What is to become of each setting. */
struct promo_setting_plan {
	struct {
		enum promo_setting_said said;
		const char *json, *text; /* SET: as JSON, and as struct promo_setting_row has it */
	} of[PROMO_SETTING_COUNT];
};

/* Adds what a struct of a category says, which may be NULL: nothing. What it does not name stays as
 * the plan had it. */
int promo_setting_plan_take(struct promo_setting_plan *plan, enum promo_setting_category category,
	const void *values, struct promo_arena *arena) PROMO_CHECK;
/* Adds what a struct of all says: a category that is null goes back to its defaults. */
int promo_setting_plan_take_all(struct promo_setting_plan *plan,
	const struct promo_settings_of_all *all, struct promo_arena *arena) PROMO_CHECK;
void promo_setting_plan_reset(
	struct promo_setting_plan *plan, enum promo_setting_category category);

/* The rows that there would be after the plan, from those that there are (promo_setting_row). */
int promo_setting_plan_rows(const struct promo_setting_plan *plan, const struct promo_objects *rows,
	struct promo_arena *arena, struct promo_objects *ret) PROMO_CHECK;

PROMO_END_DECLS
