/* SPDX-License-Identifier: MIT */
/*
 * Proven here: a form refuses what its operation's input refuses, all bad fields at once and each at its
 * own, with the focus on the first; a phone number goes as it was typed; what was left empty and may be is
 * not sent; refusals of the server come to their fields; moving about comes round.
 */
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_user.h"
#include "libpromo/base/error.h"
#include "promo-tui/form.h"
#include "tests/lib/test.h"

static const struct tui_form_row user_rows[] = {
	{ .name = "first_name", .label = "First name" },
	{ .name = "email", .label = "E-mail" },
	{ .name = "phone_number", .label = "Phone" },
	{ .name = "password", .label = "Password" },
	{ .same_as = "password", .label = "The same again" },
};

static struct tui_form form;
static struct promo_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = promo_arena_new(1024 * 1024);
	return tui_form_init(
		&form, &promo_op_user_create, user_rows, sizeof(user_rows) / sizeof(user_rows[0]));
}

static int tear_down(void **state)
{
	(void)state;
	tui_form_release(&form);
	promo_arena_free(arena);
	return 0;
}

static void put(const char *name, const char *text)
{
	tui_form_focus(&form, name);
	tui_form_text(&form, text);
}

static void all_bad_fields_are_named_at_once(void **state)
{
	void *in;

	(void)state;
	put("email", "no address");
	put("phone_number", "letters");
	put("password", "correct horse battery");
	assert_int_equal(tui_form_read(&form, arena, &in), PROMO_E_INVALID_INPUT);
	assert_string_equal(form.fields[0].error, "is missing");
	assert_true(form.fields[1].error[0] && form.fields[2].error[0]);
	assert_string_equal(form.fields[3].error, "");
	assert_string_equal(form.fields[4].error, "is not the same as above");
	assert_int_equal(form.focus, 0);
	/* Who goes on typing there is not told any more what was wrong. */
	tui_form_text(&form, "A");
	assert_string_equal(form.fields[0].error, "");
}

static void what_is_good_is_sent_as_it_was_typed(void **state)
{
	const char *path, *body;
	void *in;

	(void)state;
	put("first_name", "  Réné́e  ");
	put("email", "A@Example.com");
	put("phone_number", "0788 123 456");
	assert_int_equal(tui_form_read(&form, arena, &in), 0);
	assert_int_equal(promo_encode_input(&promo_op_user_create, in, arena, &path, &body), 0);
	assert_non_null(strstr(body, "\"phone_number\":\"0788 123 456\""));
	assert_non_null(strstr(body, "a@example.com"));
	assert_null(strstr(body, "password"));
}

static void refusals_come_to_their_fields(void **state)
{
	struct promo_problem problem = { 0 };

	(void)state;
	assert_true(promo_refuse_field(&problem, arena, "/password", "too_short", "is too short"));
	assert_true(promo_refuse_field(&problem, arena, "/email", "invalid_email", "is none"));
	assert_true(promo_refuse_field(&problem, arena, "/roles", "required", "is missing"));
	assert_true(tui_form_refuse(&form, &problem));
	assert_string_equal(form.fields[3].error, "is too short");
	assert_string_equal(form.fields[1].error, "is none");
	assert_int_equal(form.focus, 1);
	problem = (struct promo_problem){ 0 };
	assert_true(promo_refuse_field(&problem, arena, "/roles", "required", "is missing"));
	assert_false(tui_form_refuse(&form, &problem));
}

static void moving_about_comes_round(void **state)
{
	(void)state;
	assert_true(tui_form_request(&form, TUI_REQ_PREVIOUS_FIELD, 0));
	assert_int_equal(form.focus, 4);
	assert_true(tui_form_request(&form, TUI_REQ_NEXT_FIELD, 0));
	assert_int_equal(form.focus, 0);
	assert_true(tui_form_request(&form, TUI_REQ_SELECT, 3));
	assert_int_equal(form.focus, 3);
	assert_false(tui_form_request(&form, TUI_REQ_SELECT, 5));
	assert_false(tui_form_request(&form, TUI_REQ_SELECT, -1));
	assert_false(tui_form_request(&form, TUI_REQ_HELP, 0));
	assert_true(tui_form_next(&form));
	assert_false(tui_form_next(&form));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(all_bad_fields_are_named_at_once),
		TEST(what_is_good_is_sent_as_it_was_typed),
		TEST(refusals_come_to_their_fields),
		TEST(moving_about_comes_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
