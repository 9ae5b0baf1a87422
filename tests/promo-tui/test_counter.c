/* SPDX-License-Identifier: MIT */
/*
 * The counter does what a clerk, a scanner and a network make of it in any order: Enter never
 * redeems, a scanner never does, an unknown outcome is never shown as a failure, stale answers change
 * nothing, and what was typed for one customer survives the scan of the next.
 */
#include "promo-tui/counter.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lib/seeded.h"
#include "tests/lib/test.h"
#include "tests/promo-tui/counter_scene.h"

static const char *const steps[] = { "CODE", "VERIFYING", "SHOWN", "FORM", "SUMMARY", "REDEEMING",
	"DONE", "UNKNOWN" };

/* clang-format off */
static const struct {
	const char *script, *calls, *step;
	enum tui_verdict_kind verdict;
} cases[] = {
	/* The ordinary way, and every status on it. */
	{ "", "", "CODE", TUI_VERDICT_NONE },
	{ "code=" CODE " enter", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active", "V", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan redeemed", "V", "SHOWN", TUI_VERDICT_REDEEMED },
	{ "scan reported", "V", "SHOWN", TUI_VERDICT_REPORTED },
	{ "scan expired", "V", "SHOWN", TUI_VERDICT_EXPIRED },
	{ "scan blocked", "V", "SHOWN", TUI_VERDICT_BLOCKED },
	{ "scan batch", "V", "SHOWN", TUI_VERDICT_BATCH_NOT_ACTIVE },
	{ "scan newer", "V", "SHOWN", TUI_VERDICT_EXPIRED },
	{ "scan active phone=" PHONE " enter", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " enter wait=300 f2", "VR", "REDEEMING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " enter wait=300 f2 ok", "VR", "DONE", TUI_VERDICT_DONE },
	{ "scan active phone=" PHONE " enter wait=300 r wait=120 ok", "VR", "DONE", TUI_VERDICT_DONE },
	{ "scan active phone=" PHONE " enter wait=300 f2 ok scan2", "VRV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan redeemed scan2 active", "VV", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan redeemed code=W", "V", "CODE", TUI_VERDICT_NONE },

	/* Enter never redeems; neither does a scanner, whatever it sends behind the code. */
	{ "scan active phone=" PHONE " enter wait=900 enter enter enter", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan enter enter active enter", "V", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " enter f2", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " enter r wait=130", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter r 2 wait=900", "V", "CODE", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter r wait=100 2 wait=900", "V", "CODE", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter r r wait=100", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter r r wait=120", "VR", "REDEEMING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter r enter wait=900", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter r esc wait=900", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter r scan2 wait=900", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter r wait=3000 wait=900", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter R wait=900", "V", "CODE", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 f2 f2 r", "VR", "REDEEMING", TUI_VERDICT_NONE },
	{ "f2 scan f2 active f2", "V", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan redeemed wait=900 f2", "V", "SHOWN", TUI_VERDICT_REDEEMED },

	/* What is missing or mistyped. */
	{ "enter", "", "CODE", TUI_VERDICT_NONE },
	{ "code=A1 enter", "", "CODE", TUI_VERDICT_MALFORMED },
	{ "code=A1U2_C325_5X09_6E21 enter", "", "CODE", TUI_VERDICT_MALFORMED },
	{ "code=A1 enter code=A1U2", "", "CODE", TUI_VERDICT_NONE },
	{ "scan 422", "V", "CODE", TUI_VERDICT_MALFORMED },
	{ "scan 404", "V", "CODE", TUI_VERDICT_NOT_FOUND },
	{ "scan 404 enter", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active enter", "V", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan active phone=788 enter", "V", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan active phone=788 f2", "V", "FORM", TUI_VERDICT_ACTIVE },

	/* A line that stalls: a scan that looks like typing, typing that looks like a scan. */
	{ "scan active phone=" CODE_2 " enter", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "code=A1U2 burst=-C325-5X09-6E21", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active burst=" PHONE, "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=0 burst=788123456", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " tab burst=Marie-Claire", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " tab scan2", "VV", "VERIFYING", TUI_VERDICT_NONE },

	/* Steps back. */
	{ "scan esc active", "V", "CODE", TUI_VERDICT_NONE },
	{ "scan active esc", "V", "CODE", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " enter esc", "V", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter f2 esc", "VR", "REDEEMING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " esc f4", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " esc f4 active enter", "VV", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " scan2 active f4 active enter", "VVV", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active f4", "V", "FORM", TUI_VERDICT_ACTIVE },

	/* Answers that come too late. */
	{ "scan scan2 stale", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan scan2 active stale", "VV", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan esc scan2 stale active", "VV", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter f2 ok scan2 stale-ok", "VRV", "VERIFYING", TUI_VERDICT_NONE },

	/* Nothing was done: it stays where it can be tried again. */
	{ "scan net", "V", "CODE", TUI_VERDICT_UNREACHABLE },
	{ "scan net enter active", "VV", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan 503", "V", "CODE", TUI_VERDICT_UNAVAILABLE },
	{ "scan active phone=" PHONE " wait=900 enter f2 rests", "VR", "SUMMARY", TUI_VERDICT_MAINTENANCE },
	{ "scan 401", "V", "CODE", TUI_VERDICT_SIGNED_OUT },
	{ "scan 403", "V", "CODE", TUI_VERDICT_FORBIDDEN },
	{ "scan 500", "V", "CODE", TUI_VERDICT_FAILED },
	{ "scan fault", "V", "CODE", TUI_VERDICT_FAILED },
	{ "scan 429", "V", "CODE", TUI_VERDICT_THROTTLED },
	{ "scan 429 enter", "V", "CODE", TUI_VERDICT_THROTTLED },
	{ "scan 429 wait=11000 scan2", "V", "CODE", TUI_VERDICT_THROTTLED },
	{ "scan 429 wait=12000 enter", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 429", "VR", "SUMMARY", TUI_VERDICT_THROTTLED },
	{ "scan active phone=" PHONE " wait=900 enter f2 429 f2", "VR", "SUMMARY", TUI_VERDICT_THROTTLED },
	{ "scan active phone=" PHONE " wait=900 enter f2 429 wait=12000 f2 ok", "VRR", "DONE", TUI_VERDICT_DONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 503 f2 ok", "VRR", "DONE", TUI_VERDICT_DONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 net", "VR", "SUMMARY", TUI_VERDICT_UNREACHABLE },
	{ "scan active phone=" PHONE " wait=900 enter f2 401", "VR", "SUMMARY", TUI_VERDICT_SIGNED_OUT },
	{ "scan active phone=" PHONE " wait=900 enter f2 net esc", "VR", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter f2 422", "VR", "FORM", TUI_VERDICT_ACTIVE },

	/* Somebody was faster; nobody knows. */
	{ "scan active phone=" PHONE " wait=900 enter f2 taken", "VR", "SHOWN", TUI_VERDICT_REDEEMED },
	{ "scan active phone=" PHONE " wait=900 enter f2 late", "VR", "SHOWN", TUI_VERDICT_EXPIRED },
	{ "scan active phone=" PHONE " wait=900 enter f2 unknown", "VR", "UNKNOWN", TUI_VERDICT_OUTCOME_UNKNOWN },
	{ "scan active phone=" PHONE " wait=900 enter f2 fault", "VR", "UNKNOWN", TUI_VERDICT_OUTCOME_UNKNOWN },
	{ "scan active phone=" PHONE " wait=900 enter f2 unknown enter f2", "VR", "UNKNOWN", TUI_VERDICT_OUTCOME_UNKNOWN },
	{ "scan active phone=" PHONE " wait=900 enter f2 unknown settled", "VR", "DONE", TUI_VERDICT_DONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 unknown scan2 active settled", "VRV", "FORM", TUI_VERDICT_ACTIVE },

	/* Signed in again after the session had ended: it goes on where it was refused. */
	{ "scan active phone=" PHONE " wait=900 enter f2 401 signed-in", "VR", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter f2 401 signed-in f2 ok", "VRR", "DONE", TUI_VERDICT_DONE },
	{ "scan 401 signed-in", "V", "CODE", TUI_VERDICT_NONE },
	{ "scan 401 signed-in enter active", "VV", "FORM", TUI_VERDICT_ACTIVE },
	{ "scan redeemed signed-in", "V", "SHOWN", TUI_VERDICT_REDEEMED },

	/* A password that comes too late is not sent, and redeems nothing. */
	{ "signed-in code=secret-horse enter", "", "CODE", TUI_VERDICT_NONE },
	{ "signed-in code=secret-horse enter enter", "", "CODE", TUI_VERDICT_NONE },
	{ "signed-in code=secret-horse enter code=secret-horse enter", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "signed-in code=ABCDEFGHJKLMNPQR enter", "", "CODE", TUI_VERDICT_NONE },
	{ "signed-in code=" CODE " enter", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "signed-in burst=IMPORTED", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "signed-in scan esc code=IMPORTED enter", "VV", "VERIFYING", TUI_VERDICT_NONE },
	{ "signed-in wait=60000 code=IMPORTED enter", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter signed-in r wait=900", "V", "SUMMARY", TUI_VERDICT_ACTIVE },
	{ "scan active phone=" PHONE " wait=900 enter signed-in r wait=900 r wait=900", "VR", "REDEEMING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter signed-in f2", "VR", "REDEEMING", TUI_VERDICT_NONE },

	/* A phone number is no code, unless it is asked for twice. */
	{ "code=" PHONE " enter", "", "CODE", TUI_VERDICT_NONE },
	{ "code=+250788123456 enter", "", "CODE", TUI_VERDICT_NONE },
	{ "code=" PHONE " enter enter", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "code=" PHONE " enter code=0788123457 enter", "", "CODE", TUI_VERDICT_NONE },
	{ "code=12345678 enter", "V", "VERIFYING", TUI_VERDICT_NONE },
	{ "burst=" PHONE, "V", "VERIFYING", TUI_VERDICT_NONE },

	/* A scan while a redemption is under way waits for its outcome. */
	{ "scan active phone=" PHONE " wait=900 enter f2 scan2", "VR", "REDEEMING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 scan2 ok", "VRV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 scan2 taken", "VR", "SHOWN", TUI_VERDICT_REDEEMED },
	{ "scan active phone=" PHONE " wait=900 enter f2 scan2 taken enter", "VRV", "VERIFYING", TUI_VERDICT_NONE },
	{ "scan active phone=" PHONE " wait=900 enter f2 scan2 unknown", "VR", "UNKNOWN", TUI_VERDICT_OUTCOME_UNKNOWN },
	{ "scan active phone=" PHONE " wait=900 enter f2 scan2 net", "VR", "SUMMARY", TUI_VERDICT_UNREACHABLE },
};
/* clang-format on */

static void test_everything_that_happens(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(cases); i++) {
		struct scene scene;

		counter_begin(&scene, false);
		counter_play(&scene, cases[i].script);
		if (strcmp(scene.calls, cases[i].calls) != 0 ||
			strcmp(steps[scene.counter.step], cases[i].step) != 0 ||
			scene.counter.verdict != cases[i].verdict)
			fail_msg("'%s' asked %s and ended in %s with '%s'", cases[i].script,
				scene.calls, steps[scene.counter.step],
				tui_verdict(scene.counter.verdict)->word);
		tui_counter_release(&scene.counter);
	}
}

static void test_what_is_sent(void **state)
{
	struct promo_redemption_create_in in;
	struct promo_code_verify_in verify;
	struct scene scene;

	(void)state;
	counter_begin(&scene, false);
	counter_play(&scene, "code=a1u2c3255x096e21 enter");
	tui_counter_verify_in(&scene.counter, &verify);
	assert_string_equal(verify.code, "A1U2C3255X096E21");
	counter_play(&scene, "active phone=+250-788.123.456 first=Aline enter wait=900 f2");
	tui_counter_redeem_in(&scene.counter, &in);
	assert_string_equal(in.code, "A1U2C3255X096E21");
	assert_string_equal(in.phone_number, "+250788123456");
	assert_string_equal(in.first_name, "Aline");
	assert_null(in.last_name);
	assert_null(in.note);
	tui_counter_release(&scene.counter);
}

/* Scan, ten digits, Enter, the key that redeems: twelve keys, and four more than nobody needs. */
static void test_phone_is_normal_while_it_is_typed(void **state)
{
	struct scene scene;

	(void)state;
	counter_begin(&scene, false);
	counter_play(&scene, "scan active phone=07");
	assert_string_equal(scene.counter.phone, "");
	counter_play(&scene, "phone=" PHONE);
	assert_string_equal(scene.counter.phone, "+250788123456");
	counter_play(&scene, "phone=0788x");
	assert_string_equal(scene.counter.phone, "");
	tui_counter_release(&scene.counter);
}

static void test_names_of_known_customers(void **state)
{
	struct scene scene;

	(void)state;
	counter_begin(&scene, true);
	counter_play(&scene, "scan active phone=" PHONE " enter");
	assert_string_equal(scene.calls, "VC");
	assert_string_equal(tui_counter_known_name(&scene.counter), "");
	counter_play(&scene, "known");
	assert_string_equal(tui_counter_known_name(&scene.counter), "Aline Uwase");
	counter_play(&scene, "esc tab enter");
	assert_string_equal(scene.calls, "VC");
	counter_play(&scene, "esc phone=0788000111");
	assert_string_equal(tui_counter_known_name(&scene.counter), "");
	counter_play(&scene, "enter");
	assert_string_equal(scene.calls, "VCC");
	tui_counter_release(&scene.counter);

	counter_begin(&scene, false);
	counter_play(&scene, "scan active phone=" PHONE " enter known esc scan2 active");
	assert_string_equal(scene.calls, "VV");
	tui_counter_release(&scene.counter);
}

static void test_a_name_of_the_one_before_is_not_taken(void **state)
{
	struct scene scene;

	(void)state;
	counter_begin(&scene, true);
	counter_play(
		&scene, "scan active phone=" PHONE " enter scan2 active phone=0788000111 enter");
	assert_string_equal(scene.calls, "VCVC");
	counter_known(&scene, "+250788123456");
	assert_string_equal(tui_counter_known_name(&scene.counter), "");
	tui_counter_release(&scene.counter);
}

static void test_what_was_typed_is_kept(void **state)
{
	struct scene scene;

	(void)state;
	counter_begin(&scene, false);
	counter_play(&scene, "scan active phone=" PHONE " first=Aline last=Uwase scan2 active");
	assert_int_equal(scene.counter.kept_count, 1);
	assert_string_equal(scene.counter.form.texts[TUI_FIELD_PHONE], "");
	assert_non_null(strstr(scene.counter.note, PHONE));
	counter_play(&scene, "phone=0788000111 f4 active");
	assert_int_equal(scene.counter.kept_count, 1);
	assert_string_equal(scene.counter.form.texts[TUI_FIELD_PHONE], PHONE);
	assert_string_equal(scene.counter.form.texts[TUI_FIELD_LAST_NAME], "Uwase");
	assert_string_equal(scene.counter.phone, "+250788123456");
	counter_play(&scene, "f4 active");
	assert_string_equal(scene.counter.form.texts[TUI_FIELD_PHONE], "0788000111");
	for (int i = 0; i < 2 * TUI_COUNTER_KEPT_MAX; i++)
		counter_play(&scene, "scan active phone=0788000222");
	assert_int_equal(scene.counter.kept_count, TUI_COUNTER_KEPT_MAX);
	tui_counter_release(&scene.counter);
}

static void test_bells(void **state)
{
	static const struct {
		const char *script;
		int bell;
	} bells[] = { { "scan", 0 }, { "scan active", 1 }, { "scan redeemed", 3 },
		{ "scan expired", 2 }, { "scan 404", 3 }, { "code=A enter", 2 },
		{ "scan active enter", 2 },
		{ "scan active phone=" PHONE " wait=900 enter f2 ok", 1 },
		{ "scan active phone=" PHONE " wait=900 enter f2 unknown", 3 } };

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bells); i++) {
		struct scene scene;

		counter_begin(&scene, false);
		counter_play(&scene, bells[i].script);
		if (tui_counter_take_bell(&scene.counter) != bells[i].bell)
			fail_msg("'%s' does not ring %d times", bells[i].script, bells[i].bell);
		assert_int_equal(tui_counter_take_bell(&scene.counter), 0);
		tui_counter_release(&scene.counter);
	}
}

/* sentence, next and lines as one text. */
static const char *words(const struct scene *scene, struct promo_arena *arena)
{
	struct tui_counter_view view;
	const char *text;

	tui_counter_view(&scene->counter, scene->now_ms, arena, &view);
	text = promo_arena_printf(arena, "%s|%s|%s|%s|%s", view.verdict->word, view.code,
		view.amount, view.sentence, view.next);
	for (int i = 0; i < view.line_count; i++)
		text = promo_arena_printf(
			arena, "%s|%s: %s", text, view.lines[i].name, view.lines[i].value);
	assert_non_null(text);
	return text;
}

/* clang-format off */
static const struct {
	const char *script, *words;
} said[] = {
	{ "", "|||" "Scan a code, or type it and press Enter.|" },
	{ "scan active", "ACTIVE|" CODE "|500 RWF|Code is valid and can be redeemed.|Ask for the "
		"phone number, then Enter.|batch: BATCH_1|expires: 2026-02-02 02:39 UTC" },
	{ "scan active phone=" PHONE " first=Aline enter", "ACTIVE|" CODE "|500 RWF|Is this right?|F2 or "
		"r redeems it, Esc goes back.|phone: +250788123456|name: Aline|batch: "
		"BATCH_1|expires: 2026-02-02 02:39 UTC" },
	{ "scan redeemed", "ALREADY REDEEMED|" CODE "|500 RWF|Code is valid but already redeemed.|Pay "
		"nothing. If somebody else brings it now, report it: F3.|redeemed: 2025-10-09 "
		"08:53|for: +250788000111|name: Aline Uwase|by: Jean Bosco|batch: "
		"BATCH_1|expires: 2026-02-02 02:39 UTC" },
	{ "scan wait=1000", "|" CODE "||Looking the code up.|" },
	{ "scan wait=4001", "|" CODE "||Looking the code up: no answer for 5 s, still asking.|Esc gives it "
		"up." },
	{ "scan 429 wait=2000", "WAIT|" CODE "||Too many requests in a short time.|Nothing was done. "
		"Enter tries again in 10 s." },
	{ "scan 503", "NOT AVAILABLE|" CODE "||the service is not available right now|Nothing was "
		"done. Enter tries again in 90 s." },
	{ "scan active phone=" PHONE " wait=900 enter f2 ok", "REDEEMED|" CODE "|500 RWF|Code redeemed "
		"successfully to +250788123456 with 500 RWF.|Hand it over. Ready for the next "
		"code.|redeemed: 2025-10-09 08:53|for: +250788123456|batch: BATCH_1|expires: "
		"2026-02-02 02:39 UTC" },
	{ "scan active phone=" PHONE " wait=900 enter f2 unknown", "OUTCOME UNKNOWN|" CODE "|500 RWF|The "
		"request was sent and no answer came: it may be redeemed or not.|Pay nothing yet. It "
		"is being asked again until the true outcome is known.|for: +250788123456|batch: "
		"BATCH_1|expires: 2026-02-02 02:39 UTC" },
	{ "scan active phone=" PHONE " wait=900 enter f2 taken", "ALREADY REDEEMED|" CODE "|500 RWF|Code "
		"is valid but already redeemed.|Pay nothing. If somebody else brings it now, report "
		"it: F3.|redeemed: 2025-10-09 08:53|for: +250788000111|by: Jean Bosco|batch: "
		"BATCH_1|expires: 2026-02-02 02:39 UTC" },
};
/* clang-format on */

static void test_what_is_said(void **state)
{
	struct promo_arena *arena = promo_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(said); i++) {
		struct scene scene;

		counter_begin(&scene, false);
		counter_play(&scene, said[i].script);
		assert_string_equal(words(&scene, arena), said[i].words);
		tui_counter_release(&scene.counter);
	}
	promo_arena_free(arena);
}

/* No order of anything but F2 and a lone r redeems. */
static void test_no_chance_redeems(void **state)
{
	static const char *const any[] = { "enter", "enter", "esc", "tab", "scan", "scan2", "f4",
		"active", "active", "active", "redeemed", "404", "429", "net", "stale", "stale-ok",
		"ok", "unknown", "phone=" PHONE, "phone=0788000111", "first=Aline", "code=" CODE,
		"wait=5", "wait=400", "A", "2", "R", "burst=" PHONE };
	struct seeded seeded = { 44 };

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct scene scene;

		counter_begin(&scene, false);
		for (int i = 0; i < 60; i++) {
			const char *word = any[seeded_below(&seeded, PROMO_COUNT(any))];

			if (word[1] || scene.counter.step == TUI_STEP_SUMMARY)
				counter_happens(&scene, word);
		}
		assert_null(strchr(scene.calls, 'R'));
		tui_counter_release(&scene.counter);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_that_happens),
		cmocka_unit_test(test_what_is_sent),
		cmocka_unit_test(test_phone_is_normal_while_it_is_typed),
		cmocka_unit_test(test_names_of_known_customers),
		cmocka_unit_test(test_a_name_of_the_one_before_is_not_taken),
		cmocka_unit_test(test_what_was_typed_is_kept),
		cmocka_unit_test(test_bells),
		cmocka_unit_test(test_what_is_said),
		cmocka_unit_test(test_no_chance_redeems),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
