/* SPDX-License-Identifier: MIT */
/* Every row of settings is sound: its default is one of its own values, its place in the struct of
 * its category is found by its key, and no two rows are one setting. */
#include "libpromo/model/setting_schema.h"

#include <stdlib.h>
#include <string.h>

#include "libpromo/rules/setting.h"
#include "tests/lib/test.h"

static void check_default(const struct promo_setting_info *row)
{
	const int64_t length = (int64_t)strlen(row->value);
	char *end;
	long long number;

	switch (row->kind) {
	case PROMO_SETTING_BOOL:
		assert_true(strcmp(row->value, "true") == 0 || strcmp(row->value, "false") == 0);
		break;
	case PROMO_SETTING_INT:
		number = strtoll(row->value, &end, 10);
		assert_true(*end == '\0' && number >= row->min && number <= row->max);
		break;
	case PROMO_SETTING_TEXT:
		assert_true(length >= row->min && length <= row->max);
		assert_null(promo_setting_broken(row->rule, row->value));
		break;
	case PROMO_SETTING_WORD:
		assert_int_not_equal(promo_word_value(row->words, row->value), 0);
		break;
	case PROMO_SETTING_LIST:
	case PROMO_SETTING_WORDS:
		assert_true(row->max > 0);
		break;
	}
}

static void test_rows(void **state)
{
	(void)state;
	for (enum promo_setting i = 0; i < PROMO_SETTING_COUNT; i++) {
		const struct promo_setting_info *row = promo_setting_info(i);

		assert_non_null(row->key);
		assert_true(strlen(row->help) > 2);
		assert_int_equal(promo_setting_find(row->category_name, row->key), i);
		assert_string_equal(promo_setting_category_name(row->category), row->category_name);
		assert_int_equal(promo_setting_category_find(row->category_name), row->category);
		check_default(row);
	}
	assert_int_equal(promo_setting_find("branding", "no_such"), PROMO_SETTING_COUNT);
	assert_int_equal(promo_setting_category_find("no_such"), PROMO_SETTINGS_CATEGORIES);
	assert_null(promo_setting_category_name(PROMO_SETTINGS_CATEGORIES));
}

/* What a struct says: absent, null, a value, a whole group as null. */
static void test_said(void **state)
{
	struct promo_settings_of_branding_theme theme = { .set = { .present = 3, .null = 2 },
		.primary_color = "#000000" };
	struct promo_settings_of_branding branding = { .theme = &theme };
	struct promo_setting_place place;

	(void)state;
	assert_int_equal(
		promo_setting_said(PROMO_SETTING_COMPANY_NAME, &branding), PROMO_SETTING_KEPT);
	assert_int_equal(
		promo_setting_said(PROMO_SETTING_SOCIAL_TWITTER, &branding), PROMO_SETTING_KEPT);
	assert_int_equal(
		promo_setting_said(PROMO_SETTING_THEME_PRIMARY, &branding), PROMO_SETTING_SET);
	assert_int_equal(
		promo_setting_said(PROMO_SETTING_THEME_SECONDARY, &branding), PROMO_SETTING_RESET);
	assert_int_equal(
		promo_setting_said(PROMO_SETTING_THEME_FONT, &branding), PROMO_SETTING_KEPT);
	assert_true(promo_setting_place(PROMO_SETTING_THEME_PRIMARY, &branding, &place));
	assert_ptr_equal(place.object, &theme);
	assert_string_equal(place.field->name, "primary_color");
	assert_false(promo_setting_place(PROMO_SETTING_SOCIAL_TWITTER, &branding, &place));

	/* social_media is the fifth field. */
	branding.set = (struct promo_set){ .present = 16, .null = 16 };
	assert_int_equal(
		promo_setting_said(PROMO_SETTING_SOCIAL_TWITTER, &branding), PROMO_SETTING_RESET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
