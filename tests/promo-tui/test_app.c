/* SPDX-License-Identifier: MIT */
/*
 * Proven here: the app gives keys, text, scans and replies to whom they belong. An answer reaches the
 * very opening that asked and no other; a screen that closes itself lives until its function has ended;
 * scans come to the front of everything, and neither their letters nor pasted ones act as keys; behind a
 * lock nothing opens; what leaves the program is asked for twice; sounds can be switched off.
 */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_system.h"
#include "promo-tui/app_run.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"
#include "tests/lib/test.h"
#include "tests/promo-tui/canned.h"

/* What the screens of this test saw. */
static struct {
	int opened, closed, replies, letters, scans;
	char text[128], scanned[64];
} seen;

struct note {
	int mine;
};

static int note_open(struct tui_app *app, void *self, const void *argument)
{
	(void)app;
	((struct note *)self)->mine = ++seen.opened;
	return argument ? 1 : 0;
}

static void note_close(struct tui_app *app, void *self)
{
	(void)app;
	assert_true(((struct note *)self)->mine > 0);
	seen.closed++;
}

static void note_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	(void)app;
	assert_int_equal(reply->tag, ((struct note *)self)->mine);
	seen.replies++;
}

/* REFRESH asks, BACK closes and then still uses what is its own, REDEEM is the letter r. */
static enum tui_handled note_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct note *note = self;

	(void)argument;
	if (request == TUI_REQ_REFRESH) {
		tui_app_call(app, note->mine, &promo_op_server_version, NULL, NULL);
		return TUI_HANDLED;
	}
	if (request == TUI_REQ_BACK) {
		tui_app_back(app);
		note->mine++;
		return TUI_HANDLED;
	}
	if (request != TUI_REQ_REDEEM)
		return TUI_UNHANDLED;
	seen.letters++;
	return TUI_HANDLED;
}

static void home_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	size_t used = strlen(seen.text);

	(void)app;
	(void)self;
	(void)at_ms;
	(void)snprintf(seen.text + used, sizeof(seen.text) - used, "%s", text);
}

static void home_scan(struct tui_app *app, void *self, const char *code, int64_t at_ms)
{
	(void)app;
	(void)self;
	(void)at_ms;
	seen.scans++;
	(void)snprintf(seen.scanned, sizeof(seen.scanned), "%s", code);
}

static enum tui_handled home_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	(void)app;
	(void)self;
	if (strcmp(key->kind == TUI_KEY_NAMED ? key->name : "", "backspace") != 0)
		return TUI_UNHANDLED;
	if (*seen.text)
		seen.text[strlen(seen.text) - 1] = '\0';
	return TUI_HANDLED;
}

static void note_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	(void)app;
	(void)self;
	tui_hit(canvas, area, TUI_REQ_REDEEM, 0);
}

static const struct tui_binding note_keys[] = {
	{ "r", TUI_REQ_REDEEM },
	{ "f5", TUI_REQ_REFRESH },
	{ 0 },
};

static const struct tui_screen home = {
	.name = "home",
	.title = "Home",
	.opened_by = TUI_REQ_COUNTER,
	.takes_text = true,
	.key = home_key,
	.text = home_text,
	.scan = home_scan,
};

static const struct tui_screen note = {
	.name = "note",
	.title = "Note",
	.opened_by = TUI_REQ_DAY,
	.permission = PROMO_P_AUDIT_READ,
	.keys = note_keys,
	.size = sizeof(struct note),
	.open = note_open,
	.draw = note_draw,
	.request = note_request,
	.reply = note_reply,
	.close = note_close,
};

static const struct tui_screen *const screens[] = { &home, &note, NULL };

struct scene {
	struct canned *canned;
	struct canned_profiles *profiles;
	struct tui_app *app;
	int64_t now_ms;
};

static void go_on(struct scene *scene, int64_t ms)
{
	scene->now_ms += ms;
	tui_app_set_time(scene->app, scene->now_ms, scene->now_ms);
	tui_app_tick(scene->app);
}

static void press(struct scene *scene, const char *name)
{
	struct tui_key key = { .kind = TUI_KEY_NAMED, .name = name };

	go_on(scene, 200);
	key.at_ms = scene->now_ms;
	tui_app_key(scene->app, NULL, &key);
	go_on(scene, 50);
}

static void type(struct scene *scene, const char *text, int64_t gap_ms)
{
	for (; *text; text++) {
		struct tui_key key = { .kind = TUI_KEY_TEXT, .text = { *text } };

		go_on(scene, gap_ms);
		key.at_ms = scene->now_ms;
		tui_app_key(scene->app, NULL, &key);
	}
}

static void scan(struct scene *scene, const char *code)
{
	struct tui_key key = { .kind = TUI_KEY_NAMED, .name = "enter" };

	go_on(scene, 200);
	type(scene, code, 5);
	go_on(scene, 5);
	key.at_ms = scene->now_ms;
	tui_app_key(scene->app, NULL, &key);
	go_on(scene, 200);
}

static const struct tui_sign_in aline = { .identifier = "aline@example.com" };

static void sign_in(struct scene *scene, const char *id)
{
	static const char *const may[] = { "audit.read" };
	const struct promo_user user = { .id = id, .first_name = "Aline" };
	const struct promo_login_answer answer = {
		.token = "pmo_s_1",
		.user = &user,
		.permissions = { may, 1 },
	};

	tui_session_begin(scene->app, &aline, &answer);
}

static const char version[] = "{\"name\": \"promod\", \"version\": \"1\", \"api\": \"v1\"}";

static int set_up(void **state)
{
	static struct scene scene;
	struct tui_app_config config = { .screens = screens };

	memset(&seen, 0, sizeof(seen));
	scene = (struct scene){ .now_ms = 1000000 };
	assert_int_equal(canned_new(&scene.canned), 0);
	assert_int_equal(canned_profiles_new(&scene.profiles), 0);
	assert_true(canned_profiles_add(scene.profiles, "shop", "https://a.example", "-", "-"));
	config.remote = canned_remote(scene.canned);
	config.profiles = canned_profiles_of(scene.profiles);
	assert_int_equal(tui_app_new(&config, &scene.app), 0);
	tui_app_set_time(scene.app, scene.now_ms, scene.now_ms);
	assert_int_equal(tui_app_start(scene.app), 0);
	assert_int_equal(tui_session_choose(scene.app, 0, NULL), 0);
	/* Whose shop it is. */
	assert_true(canned_answer(scene.canned, "server.version", 200, 0, version));
	go_on(&scene, 0);
	*state = &scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	tui_app_free(scene->app);
	canned_free(scene->canned);
	canned_profiles_free(scene->profiles);
	return 0;
}

static void an_answer_reaches_the_opening_that_asked(void **state)
{
	struct scene *scene = *state;

	sign_in(scene, "1");
	assert_ptr_equal(tui_app_front(scene->app), &home);
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	press(scene, "f5");
	assert_true(canned_answer(scene->canned, "server.version", 200, 0, version));
	/* The answer came, and is given out after the screen was left and opened again. */
	tui_app_request(scene->app, TUI_REQ_BACK, 0);
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	go_on(scene, 10);
	assert_int_equal(seen.opened, 2);
	assert_int_equal(seen.closed, 1);
	assert_int_equal(seen.replies, 0);
	press(scene, "f5");
	/* Behind another screen it is still open, and gets what it asked for. */
	assert_int_equal(tui_app_open(scene->app, &tui_screen_password, NULL), 0);
	assert_true(canned_answer(scene->canned, "server.version", 200, 0, version));
	go_on(scene, 10);
	assert_int_equal(seen.replies, 1);
}

static void what_a_closed_screen_asked_is_cancelled_but_not_with_a_key(void **state)
{
	struct scene *scene = *state;
	const struct tui_call keyed = {
		.op = &promo_op_server_version,
		.idempotency_key = "k",
		.generation = 2,
	};

	sign_in(scene, "1");
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	press(scene, "f5");
	tui_app_request(scene->app, TUI_REQ_BACK, 0);
	assert_string_equal(canned_waiting(scene->canned), "");
	assert_int_equal(
		canned_remote(scene->canned)->begin(canned_remote(scene->canned), &keyed), 0);
	canned_remote(scene->canned)->cancel(canned_remote(scene->canned), 2);
	assert_string_equal(canned_waiting(scene->canned), " server.version");
}

/* What is unread is asked for between keys. */
static void unread_is_asked_for_in_a_quiet_moment(void **state)
{
	struct scene *scene = *state;

	sign_in(scene, "1");
	for (int i = 0; i < 50; i++)
		press(scene, "f5");
	assert_null(strstr(canned_sent(scene->canned), "/notifications"));
	go_on(scene, 2100);
	assert_non_null(strstr(canned_sent(scene->canned), "/notifications?unread=true"));
}

static void a_screen_that_does_not_open_is_not_there(void **state)
{
	struct scene *scene = *state;

	sign_in(scene, "1");
	assert_int_not_equal(tui_app_open(scene->app, &note, "no"), 0);
	assert_ptr_equal(tui_app_front(scene->app), &home);
	assert_int_equal(seen.closed, 1);
}

static void letters_are_keys_or_text_as_the_screen_says(void **state)
{
	struct scene *scene = *state;

	sign_in(scene, "1");
	type(scene, "r", 200);
	assert_string_equal(seen.text, "r");
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	type(scene, "r", 200);
	go_on(scene, 50);
	assert_int_equal(seen.letters, 1);
	assert_string_equal(seen.text, "r");
}

static void a_scan_comes_to_the_front_of_everything(void **state)
{
	struct scene *scene = *state;

	sign_in(scene, "1");
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	tui_app_request(scene->app, TUI_REQ_HELP, 0);
	scan(scene, "rrrr-rrrr-rrrr");
	assert_int_equal(seen.scans, 1);
	assert_string_equal(seen.scanned, "rrrr-rrrr-rrrr");
	assert_int_equal(seen.letters, 0);
	assert_string_equal(seen.text, "");
	assert_ptr_equal(tui_app_front(scene->app), &home);
	/* One step back is where one was; nothing of it was closed. */
	tui_app_request(scene->app, TUI_REQ_BACK, 0);
	assert_ptr_equal(tui_app_front(scene->app), &note);
	assert_int_equal(seen.closed, 0);
	/* On the home itself the first letter is text until it is clear what it was. */
	tui_app_request(scene->app, TUI_REQ_BACK, 0);
	scan(scene, "0ACE-FG26-HJ11");
	assert_int_equal(seen.scans, 2);
	assert_string_equal(seen.text, "");
}

static void pasted_letters_are_no_keys(void **state)
{
	struct scene *scene = *state;
	const struct tui_key key = { .kind = TUI_KEY_PASTE, .paste = "rrr", .at_ms = 1000500 };

	sign_in(scene, "1");
	tui_app_key(scene->app, NULL, &key);
	assert_string_equal(seen.text, "rrr");
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	tui_app_key(scene->app, NULL, &key);
	assert_int_equal(seen.letters, 0);
	assert_string_equal(seen.text, "rrr");
}

static void a_click_asks_for_what_stands_there(void **state)
{
	struct scene *scene = *state;
	const struct tui_key key = { .kind = TUI_KEY_MOUSE, .x = 5, .y = 5 };
	struct tui_canvas *canvas;

	sign_in(scene, "1");
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	assert_int_equal(tui_canvas_new(80, 24, &canvas), 0);
	tui_app_draw(scene->app, canvas);
	tui_app_key(scene->app, canvas, &key);
	assert_int_equal(seen.letters, 1);
	/* An overlay covers it: the same click closes that. */
	tui_app_request(scene->app, TUI_REQ_HELP, 0);
	tui_app_draw(scene->app, canvas);
	tui_app_key(
		scene->app, canvas, &(struct tui_key){ .kind = TUI_KEY_MOUSE, .x = 0, .y = 20 });
	assert_int_equal(seen.letters, 1);
	assert_ptr_equal(tui_app_front(scene->app), &note);
	tui_canvas_free(canvas);
}

static void behind_the_lock_nothing_opens_and_everything_stays(void **state)
{
	struct scene *scene = *state;

	sign_in(scene, "1");
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	press(scene, "f12");
	assert_ptr_equal(tui_app_front(scene->app), &tui_screen_lock);
	tui_app_request(scene->app, TUI_REQ_COUNTER, 0);
	tui_app_request(scene->app, TUI_REQ_PROFILE, 0);
	tui_app_request(scene->app, TUI_REQ_BACK, 0);
	assert_int_not_equal(tui_app_open(scene->app, &note, NULL), 0);
	scan(scene, "0ACE-FG26-HJ11");
	assert_int_equal(seen.scans, 0);
	assert_ptr_equal(tui_app_front(scene->app), &tui_screen_lock);
	assert_int_equal(seen.closed, 0);
	sign_in(scene, "1");
	assert_ptr_equal(tui_app_front(scene->app), &note);
	assert_int_equal(seen.closed, 0);
	press(scene, "f12");
	press(scene, "f2");
	assert_ptr_equal(tui_app_front(scene->app), &tui_screen_login);
	sign_in(scene, "2");
	assert_ptr_equal(tui_app_front(scene->app), &home);
	assert_int_equal(seen.closed, 1);
}

/* The session before has ended already, so that ending it is refused. */
static void one_password_opens_after_a_session_has_ended(void **state)
{
	struct scene *scene = *state;
	static const char ended[] = "{\"type\": \"about:blank\", \"title\": \"sign in first\", "
				    "\"status\": 401, \"code\": \"unauthenticated\", "
				    "\"request_id\": \"1\"}";

	sign_in(scene, "1");
	press(scene, "f12");
	sign_in(scene, "1");
	assert_ptr_equal(tui_app_front(scene->app), &home);
	assert_true(canned_answer(scene->canned, "auth.logout", 401, 0, ended));
	go_on(scene, 10);
	assert_ptr_equal(tui_app_front(scene->app), &home);
}

static void what_was_taken_away_meanwhile_is_gone_after_the_lock(void **state)
{
	struct scene *scene = *state;
	const struct promo_user user = { .id = "1", .first_name = "Aline" };
	const struct promo_login_answer answer = { .token = "pmo_s_2", .user = &user };

	sign_in(scene, "1");
	tui_app_request(scene->app, TUI_REQ_DAY, 0);
	assert_ptr_equal(tui_app_front(scene->app), &note);
	press(scene, "f12");
	tui_session_begin(scene->app, &aline, &answer);
	assert_ptr_equal(tui_app_front(scene->app), &home);
	assert_int_equal(seen.closed, 1);
}

static void leaving_is_asked_for_twice(void **state)
{
	struct scene *scene = *state;

	press(scene, "ctrl-c");
	assert_false(tui_app_is_over(scene->app));
	go_on(scene, 5000);
	press(scene, "ctrl-c");
	assert_false(tui_app_is_over(scene->app));
	press(scene, "ctrl-c");
	assert_true(tui_app_is_over(scene->app));
}

static void sounds_can_be_switched_off(void **state)
{
	struct scene *scene = *state;

	tui_app_bell(scene->app, 2);
	assert_int_equal(tui_app_take_wishes(scene->app).bells, 2);
	assert_int_equal(tui_app_take_wishes(scene->app).bells, 0);
	tui_app_request(scene->app, TUI_REQ_MUTE, 0);
	tui_app_bell(scene->app, 2);
	assert_int_equal(tui_app_take_wishes(scene->app).bells, 0);
}

static void the_stack_ends_somewhere(void **state)
{
	struct scene *scene = *state;
	int r = 0;

	sign_in(scene, "1");
	for (int i = 0; i < 100 && !r; i++)
		r = tui_app_open(scene->app, &note, NULL);
	assert_int_not_equal(r, 0);
	for (int i = 0; i < 100; i++)
		tui_app_request(scene->app, TUI_REQ_BACK, 0);
	assert_ptr_equal(tui_app_front(scene->app), &home);
	assert_int_equal(seen.opened, seen.closed);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(an_answer_reaches_the_opening_that_asked),
		TEST(what_a_closed_screen_asked_is_cancelled_but_not_with_a_key),
		TEST(unread_is_asked_for_in_a_quiet_moment),
		TEST(a_screen_that_does_not_open_is_not_there),
		TEST(letters_are_keys_or_text_as_the_screen_says),
		TEST(a_scan_comes_to_the_front_of_everything),
		TEST(pasted_letters_are_no_keys),
		TEST(a_click_asks_for_what_stands_there),
		TEST(behind_the_lock_nothing_opens_and_everything_stays),
		TEST(one_password_opens_after_a_session_has_ended),
		TEST(what_was_taken_away_meanwhile_is_gone_after_the_lock),
		TEST(leaving_is_asked_for_twice),
		TEST(sounds_can_be_switched_off),
		TEST(the_stack_ends_somewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
