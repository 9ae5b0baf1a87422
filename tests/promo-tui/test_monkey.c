/* SPDX-License-Identifier: MIT */
/*
 * Proven here: whatever is pressed, scanned, pasted, clicked and resized, in whatever order, and whatever
 * the server says or does not say meanwhile, the program goes on, draws in every size, and sends a
 * redemption only with a key. The sequences are random and the same in each run; a failure names its seed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "promo-tui/app_run.h"
#include "promo-tui/outbox.h"
#include "promo-tui/screens.h"
#include "tests/lib/test.h"
#include "tests/promo-tui/canned.h"
#include "tests/promo-tui/folder.h"

enum {
	RUNS = 60,
	STEPS = 400
};

struct monkey {
	struct canned *canned;
	struct canned_profiles *profiles;
	struct tui_app *app;
	struct tui_canvas *canvas;
	int64_t now_ms;
	uint64_t state; /* splitmix64 (S. Vigna) */
};

static uint64_t next(struct monkey *monkey)
{
	uint64_t z = monkey->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t pick(struct monkey *monkey, size_t count)
{
	return (size_t)(next(monkey) % count);
}

static void go_on(struct monkey *monkey, int64_t ms)
{
	monkey->now_ms += ms;
	tui_app_set_time(monkey->app, monkey->now_ms, INT64_C(1795348980000) + monkey->now_ms);
	tui_app_tick(monkey->app);
}

static void hand_over(struct monkey *monkey, struct tui_key *key, int64_t after_ms)
{
	go_on(monkey, after_ms);
	key->at_ms = monkey->now_ms;
	tui_app_key(monkey->app, monkey->canvas, key);
}

static void press_named(struct monkey *monkey, const char *name)
{
	struct tui_key key = { .kind = TUI_KEY_NAMED, .name = name };

	hand_over(monkey, &key, 400);
}

static void press(struct monkey *monkey)
{
	static const char *const names[] = { "enter", "enter", "enter", "esc", "tab", "backtab",
		"up", "down", "left", "right", "home", "end", "pgup", "pgdn", "backspace", "delete",
		"f1", "f2", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
		"ctrl-u", "ctrl-w", "ctrl-l", "ctrl-x", "alt-b" };
	struct tui_key key = { .kind = TUI_KEY_NAMED,
		.name = names[pick(monkey, sizeof(names) / sizeof(names[0]))] };

	hand_over(monkey, &key, (int64_t)pick(monkey, 600));
}

static void type_text(struct monkey *monkey, const char *text, int64_t gap_ms)
{
	while (*text) {
		struct tui_key key = { .kind = TUI_KEY_TEXT };
		size_t size = 1;

		while (((unsigned char)text[size] & 0xc0) == 0x80)
			size++;
		memcpy(key.text, text, size);
		text += size;
		hand_over(monkey, &key, gap_ms);
	}
}

static void type(struct monkey *monkey)
{
	static const char *const texts[] = { "r", "0788123456", "aline@example.com", "secret word",
		"é", "東京", "\u0301", "👩‍👩‍👧", ":", "?", "profile", "redeem",
		"0ACE-FG26-1J11-2L22", " ", "sign-out", "theme" };
	const char *text = texts[pick(monkey, sizeof(texts) / sizeof(texts[0]))];

	type_text(monkey, text, pick(monkey, 2) ? 5 : 120);
	if (pick(monkey, 2))
		press(monkey);
}

static void paste_or_click(struct monkey *monkey)
{
	struct tui_key key = { .kind = TUI_KEY_PASTE, .paste = "0ACE-FG26-1J11-2L22" };

	if (pick(monkey, 2))
		key = (struct tui_key){ .kind = TUI_KEY_MOUSE,
			.x = (int)pick(monkey, 90),
			.y = (int)pick(monkey, 30) };
	hand_over(monkey, &key, 50);
}

static const struct {
	const char *op, *json;
} answers[] = {
	{ "auth.login",
		"{\"token\": \"pmo_s_1\", \"expires_at\": \"2026-11-22T22:03:00.000Z\", \"user\": "
		"{\"id\": \"019ab000-0000-7000-8000-000000000001\", \"first_name\": \"Aline\"}, "
		"\"permissions\": [\"promo-codes.search\", \"redemptions.create.manual\", "
		"\"promo-codes.fraud.report\", \"customers.search\"]}" },
	{ "auth.session",
		"{\"user\": {\"id\": \"019ab000-0000-7000-8000-000000000001\"}, \"permissions\": "
		"[\"promo-codes.search\", \"redemptions.create.manual\"], \"session\": null}" },
	{ "code.verify", "{\"code_id\": \"019ab000-0000-7000-8000-000000000002\", \"code\": "
			 "\"0ACE-FG26-1J11-2L22\", \"status\": \"active\", \"amount\": \"500.00\", "
			 "\"currency\": \"RWF\", \"batch\": {\"id\": "
			 "\"019ab000-0000-7000-8000-000000000003\", "
			 "\"batch_name\": \"BATCH_1\", \"status\": \"active\"}, \"expires_at\": "
			 "\"2026-12-22T22:00:00.000Z\", \"redeemable\": true, \"reason\": null, "
			 "\"redemption\": null, \"fraud_report\": null}" },
	{ "session.list", "{\"items\": [], \"next_cursor\": null}" },
	{ "me.show", "{\"id\": \"019ab000-0000-7000-8000-000000000001\", \"first_name\": \"A\"}" },
	{ "redemption.create", "{}" },
	{ "me.redemptions", "{\"items\": [], \"next_cursor\": null}" },
};

static const char *good(const char *op)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strcmp(answers[i].op, op) == 0)
			return answers[i].json;
	return "{}";
}

/* The first that waits, more often well than not. */
static void answer(struct monkey *monkey)
{
	static const int statuses[] = { 0, 401, 403, 404, 409, 422, 429, 500, 503 };
	const char *waiting = canned_waiting(monkey->canned);
	char op[64];

	if (sscanf(waiting, " %63s", op) != 1)
		return;
	if (pick(monkey, 4))
		(void)canned_answer(monkey->canned, op, 200, 0, good(op));
	else
		(void)canned_answer(monkey->canned, op, statuses[pick(monkey, 9)],
			pick(monkey, 2) ? 3 : 0,
			"{\"code\": \"forbidden\", \"permission\": \"promo-codes.search\"}");
	go_on(monkey, 1);
}

static void resize(struct monkey *monkey)
{
	assert_int_equal(tui_canvas_resize(monkey->canvas, 1 + (int)pick(monkey, 130),
				 1 + (int)pick(monkey, 50)),
		0);
}

/* What a person would do, as far as the monkey let him: sign in, or redeem. */
static void do_sense(struct monkey *monkey)
{
	press_named(monkey, "esc");
	press_named(monkey, "esc");
	if (tui_app_front(monkey->app) == &tui_screen_login) {
		type_text(monkey, "aline", 120);
		press_named(monkey, "tab");
	}
	if (tui_app_front(monkey->app)->signed_out) {
		type_text(monkey, "secret", 120);
		press_named(monkey, "enter");
		answer(monkey);
		return;
	}
	type_text(monkey, "0ACE-FG26-1J11-2L22", 5);
	hand_over(monkey, &(struct tui_key){ .kind = TUI_KEY_NAMED, .name = "enter" }, 5);
	answer(monkey);
	answer(monkey);
	type_text(monkey, "0788123456", 120);
	press_named(monkey, "enter");
	press_named(monkey, "enter");
	press_named(monkey, "f2");
}

static void step(struct monkey *monkey)
{
	switch (pick(monkey, 9)) {
	case 8:
		do_sense(monkey);
		break;
	case 0:
	case 1:
		type(monkey);
		break;
	case 2:
		paste_or_click(monkey);
		break;
	case 3:
	case 4:
		answer(monkey);
		break;
	case 5:
		if (!pick(monkey, 4))
			resize(monkey);
		go_on(monkey, (int64_t)pick(monkey, 4000));
		break;
	default:
		press(monkey);
		break;
	}
	tui_app_draw(monkey->app, monkey->canvas);
}

/* A line of what was sent that redeems says that it had a key. Returns how many there were. */
static int look_at_what_was_sent(struct monkey *monkey, uint64_t seed)
{
	const char *at = canned_sent(monkey->canned);
	int count = 0;

	while ((at = strstr(at, "POST /api/v1/redemptions ")) != NULL) {
		size_t length = strcspn(at, "\n");
		static const char key[] = " key)";

		if (length < sizeof(key) ||
			strncmp(at + length - sizeof(key) + 1, key, sizeof(key) - 1))
			fail_msg("seed %" PRIu64 ": a redemption without a key was sent", seed);
		at += length;
		count++;
	}
	return count;
}

static void it_goes_on_whatever_happens(void **state)
{
	int redemptions = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		char folder[] = "/tmp/promo-test-monkey-XXXXXX";
		struct monkey monkey = { .now_ms = 1000000, .state = seed };
		struct tui_app_config config = { .screens = tui_screens, .idle_lock_ms = 60000 };

		assert_int_equal(canned_new(&monkey.canned), 0);
		assert_int_equal(canned_profiles_new(&monkey.profiles), 0);
		assert_true(canned_profiles_add(monkey.profiles, "shop", "https://a.example",
			seed % 2 ? "aline" : "-", seed % 2 ? "pmo_s_0" : "-"));
		assert_true(canned_profiles_add(monkey.profiles, "other", "-", "-", "-"));
		config.remote = canned_remote(monkey.canned);
		config.profiles = canned_profiles_of(monkey.profiles);
		assert_non_null(mkdtemp(folder));
		assert_int_equal(
			tui_outbox_new(&(struct promo_profile){ .name = "shop", .folder = folder },
				&config.outbox),
			0);
		assert_int_equal(tui_canvas_new(80, 24, &monkey.canvas), 0);
		assert_int_equal(tui_app_new(&config, &monkey.app), 0);
		go_on(&monkey, 0);
		assert_int_equal(tui_app_start(monkey.app), 0);
		for (int i = 0; i < STEPS; i++)
			step(&monkey);
		assert_non_null(tui_app_front(monkey.app));
		redemptions += look_at_what_was_sent(&monkey, seed);
		tui_app_free(monkey.app);
		tui_outbox_free(config.outbox);
		folder_remove(folder);
		tui_canvas_free(monkey.canvas);
		canned_free(monkey.canned);
		canned_profiles_free(monkey.profiles);
	}
	/* It came as far as that, or it would show nothing. */
	assert_true(redemptions > 10);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_goes_on_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
