/* SPDX-License-Identifier: MIT */
/* The history checker lets a clean history pass, however unlucky, and finds each violation that is
 * planted in it, as the rule that it breaks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fault/check.h"
#include "tests/lib/test.h"

/* Fields apart by blanks here. Code A: told active, then redeemed under k1, whose answer was lost the
 * first time; another comes too late; the key is asked once more. Code B: not now, then done. Code C:
 * left unknown and redeemed all the same. Code D: left unknown, and nothing came of it. */
static const char clean_history[] =
	"verify A - u1 100 110 200 active - 0 h1 q1\n"
	"redeem A u1/k1 u1 120 180 0 - - 0 - q2\n"
	"redeem A u2/k2 u2 125 190 409 code_already_redeemed - 0 h2 q3\n"
	"redeem A u1/k1 u1 200 210 201 redeemed r1 1 h3 q4\n"
	"redeem A u1/k1 u1 220 230 201 redeemed r1 1 h3 q5\n"
	"verify A - u2 220 240 200 redeemed r1 0 h4 q6\n"
	"verify A - u2 250 260 200 redeemed r1 0 h4 q7\n"
	"redeem B u1/k3 u1 300 310 503 unavailable - 0 h5 q8\n"
	"redeem B u1/k3 u1 320 330 201 redeemed r2 0 h6 q9\n"
	"redeem C u1/k4 u1 400 410 503 outcome_unknown - 0 h7 q10\n"
	"redeem D u1/k5 u1 420 430 0 - - 0 - q11\n"
	"verify D - u1 440 450 200 active - 0 h8 q12\n"
	"verify E - u1 460 470 404 code_not_found - 0 h9 q13\n";

static const char clean_state[] =
	"code A c1 b1 redeemed 500\n"
	"code B c2 b1 redeemed 500\n"
	"code C c3 b1 reported 500\n"
	"code D c4 b1 active 500\n"
	"redemption r1 c1 u1/k1 completed - 500\n"
	"redemption r9 c1 u2/k2 failed code_already_redeemed 500\n"
	"redemption r2 c2 u1/k3 completed - 500\n"
	"redemption r3 c3 u1/k4 completed - 500\n"
	"total b1 3 1500 1\n"
	"audit 1 1 code.verify allowed - u1 c1 0 1 q1\n"
	"audit 1 2 redemption.create allowed - u1 c1 1 1 q2\n"
	"audit 1 3 redemption.create failed code_already_redeemed u2 c1 0 1 q3\n"
	"audit 1 4 redemption.create allowed - u1 c1 0 1 q4\n"
	"audit 2 1 redemption.create allowed - u1 c1 0 1 q5\n"
	"audit 2 2 code.verify allowed - u2 c1 0 2 q6\n"
	"audit 2 3 redemption.create allowed - u1 c2 1 1 q9\n"
	"audit 2 4 redemption.create allowed - u1 c3 1 1 q10\n"
	"audit 2 5 code.verify allowed - u1 c4 0 1 q12\n"
	"audit 2 6 code.verify failed code_not_found u1 - 0 1 q13\n";

/* The text with the first `from` in it replaced (NULL: as it is), and fields apart by tabs. */
static char *edited(const char *text, const char *from, const char *to)
{
	const char *at = from ? strstr(text, from) : text;
	char *ret;

	assert_non_null(at);
	if (!from)
		from = to = "";
	assert_true(asprintf(&ret, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) > 0);
	for (char *c = ret; *c; c++)
		if (*c == ' ')
			*c = '\t';
	return ret;
}

struct edit {
	const char *from, *to;
};

#define R(rule) (1u << (rule))

/* Checks the clean pair with an edit each: exactly these rules are broken, and what is printed has
 * `said` in it. */
static struct check_result check(
	struct edit in_history, struct edit in_state, unsigned rules, const char *said)
{
	struct check_result result;
	struct history history = { 0 };
	struct state state = { 0 };
	char *text = NULL;
	unsigned broken = 0;
	size_t size, found;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(
		history_add(&history, edited(clean_history, in_history.from, in_history.to)), 0);
	assert_int_equal(state_read(&state, edited(clean_state, in_state.from, in_state.to)), 0);
	found = check_run(&history, &state, out, &result);
	assert_int_equal(fclose(out), 0);
	for (int i = 1; i <= CHECK_RULES; i++)
		broken |= result.violations[i] ? R(i) : 0;
	if (broken != rules || (said && !strstr(text, said))) {
		print_error("%s", text);
		fail_msg("rules %#x are broken, expected %#x and '%s'", broken, rules,
			said ? said : "");
	}
	assert_int_equal(found > 0, rules > 0);
	history_free(&history);
	state_free(&state);
	free(text);
	return result;
}

static void test_clean(void **unused)
{
	struct check_result result = check((struct edit){ 0 }, (struct edit){ 0 }, 0, NULL);

	(void)unused;
	assert_int_equal(result.attempts, 13);
	assert_int_equal(result.keys, 5);
	assert_int_equal(result.unknown, 3);
	assert_int_equal(result.resolved, 1);
	assert_int_equal(result.unresolved, 2);
	assert_int_equal(result.unresolved_redeemed, 1);
	assert_int_equal(result.not_now, 1);
	assert_int_equal(result.redeemed, 2);
	assert_int_equal(result.refused, 1);
	assert_int_equal(result.replays, 2);
	assert_int_equal(result.lost, 0);
	assert_int_equal(result.doubled, 0);
	assert_int_equal(result.audit_rows, 10);
	assert_int_equal(result.longest_gap_us, 120);
}

static const struct {
	const char *what;
	struct edit in_history, in_state;
	unsigned rules;
	const char *said;
} planted[] = {
	{ "a code redeemed twice, both answered and both in the database",
		{ "409 code_already_redeemed - 0 h2", "201 redeemed r9 0 h2" },
		{ "r9 c1 u2/k2 failed code_already_redeemed", "r9 c1 u2/k2 completed -" },
		R(1) | R(6), "two redemptions were told of code A" },
	{ "a code redeemed twice in the database", { 0 },
		{ "failed code_already_redeemed 500", "completed - 500" }, R(1) | R(2) | R(6),
		"has the redemptions r1 and r9" },
	{ "a verification that shows another redemption",
		{ "200 redeemed r1 0", "200 redeemed r7 0" }, { 0 }, R(1),
		"two redemptions were told" },
	{ "an answered redemption that is gone", { 0 },
		{ "redemption r2 c2 u1/k3 completed - 500\n", "" }, R(2) | R(6),
		"a redemption that was answered is not in the database" },
	{ "an answered redemption with everything that belongs to it gone", { 0 },
		{ "code B c2 b1 redeemed", "code B c2 b1 active" }, R(6), "code B is active" },
	{ "an answered redemption under another id", { 0 }, { "r2 c2", "r5 c2" }, R(1) | R(2),
		NULL },
	{ "an answered refusal that is gone", { 0 },
		{ "redemption r9 c1 u2/k2 failed code_already_redeemed 500\n", "" }, R(2),
		"a refusal that was answered is not in the database" },
	{ "a refusal for another reason than is kept", { 0 },
		{ "failed code_already", "failed code_x" }, R(2), NULL },
	{ "a redemption that was done and refused",
		{ "400 410 503 outcome_unknown", "400 410 409 code_blocked" }, { 0 }, R(2) | R(6),
		"a redemption that was done was refused" },
	{ "a redemption that was done, and all that was said is not now",
		{ "503 outcome_unknown", "503 unavailable" }, { 0 }, R(2),
		"every answer was that it was not done" },
	{ "not now was said, and it was done", { "201 redeemed r2 0 h6", "201 redeemed r2 1 h6" },
		{ 0 }, R(2), "an answer is a repetition" },
	{ "two repetitions of what was said to be not done",
		{ "120 180 0 - -", "120 180 503 unavailable -" }, { 0 }, R(2),
		"an answer is a repetition" },
	{ "a repetition that was asked for before what it repeats",
		{ "220 230 201 redeemed r1 1", "205 230 201 redeemed r1 0" }, { 0 }, 0, NULL },
	{ "a redemption that nobody asked for", { 0 }, { "u1/k4", "u3/k9" }, R(2),
		"asked for by nobody" },
	{ "seen redeemed, and the database has none",
		{ "200 active - 0 h8", "200 redeemed - 0 h8" }, { 0 }, R(2),
		"the database has no redemption" },
	{ "active after it was seen redeemed",
		{ "220 240 200 redeemed r1", "220 240 200 active -" }, { 0 }, R(3),
		"was seen redeemed, and not so afterwards" },
	{ "unknown after it was seen redeemed",
		{ "220 240 200 redeemed r1", "220 240 404 code_not_found -" }, { 0 }, R(3) | R(6),
		NULL },
	{ "active while it was being redeemed",
		{ "u2 220 240 200 redeemed r1", "u2 189 240 200 active -" }, { 0 }, 0, NULL },
	{ "redeemed before anybody asked for it",
		{ "100 110 200 active -", "100 110 200 redeemed r1" }, { 0 }, R(4),
		"before anybody asked for it" },
	{ "one key with two bodies", { "230 201 redeemed r1 1 h3", "230 201 redeemed r1 1 h0" },
		{ 0 }, R(5), "one key was answered in two ways" },
	{ "one key done and then refused",
		{ "230 201 redeemed r1 1 h3", "230 409 code_already_redeemed - 1 h3" }, { 0 },
		R(2) | R(5) | R(6), NULL },
	{ "no audit row for an answer", { 0 }, { "0 1 q4", "0 1 q99" }, R(6),
		"1 answers have no row in the audit trail" },
	{ "an audit row of another end", { 0 },
		{ "redemption.create failed code_already_redeemed u2",
			"redemption.create failed code_blocked u2" },
		R(6), NULL },
	{ "more answers than the folded row counts", { 0 }, { "0 2 q6", "0 1 q6" }, R(6), NULL },
	{ "a redemption without an audit row", { 0 }, { "c3 1 1 q10", "c3 0 1 q10" }, R(6),
		"code C is reported and has 1 redemptions (sum 500 of 500) and 0 audit rows" },
	{ "a gap in the trail", { 0 }, { "audit 2 6", "audit 2 7" }, R(6),
		"goes on with 7 after 5" },
	{ "the end of the trail cut off in the middle", { 0 },
		{ "audit 2 3 redemption.create allowed - u1 c2 1 1 q9\n", "" }, R(6), NULL },
	{ "a total too low", { 0 }, { "b1 3 1500", "b1 2 1500" }, R(6), "totals 2 (1500)" },
	{ "a sum too high", { 0 }, { "b1 3 1500", "b1 3 2000" }, R(6), "totals 3 (2000)" },
	{ "a report that is not counted", { 0 }, { "1500 1", "1500 0" }, R(6),
		"reported 1, in totals 0" },
	{ "a redemption of another amount", { 0 },
		{ "u1/k3 completed - 500", "u1/k3 completed - 400" }, R(6), "sum 400 of 500" },
	{ "a code redeemed without a redemption", { 0 }, { "c4 b1 active", "c4 b1 redeemed" }, R(6),
		"code D is redeemed and has 0 redemptions" },
};

static void test_planted(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		print_message("%s\n", planted[i].what);
		(void)check(planted[i].in_history, planted[i].in_state, planted[i].rules,
			planted[i].said);
	}
}

static void test_figures(void **unused)
{
	struct check_result result;

	(void)unused;
	result = check(planted[1].in_history, planted[1].in_state, planted[1].rules, NULL);
	assert_int_equal(result.doubled, 1);
	result = check(planted[3].in_history, planted[3].in_state, planted[3].rules, NULL);
	assert_int_equal(result.lost, 1);
}

static void test_nonsense(void **unused)
{
	struct history history = { 0 };
	struct state state = { 0 };

	(void)unused;
	assert_int_equal(history_add(&history, edited(clean_history, "q2\n", "q2 more\n")), 2);
	history_free(&history);
	assert_int_equal(history_add(&history, edited(clean_history, "120 180", "180 120")), 2);
	history_free(&history);
	assert_int_equal(history_add(&history, edited(clean_history, "redeem A", "read A")), 2);
	history_free(&history);
	assert_int_equal(state_read(&state, edited(clean_state, "b1 3 1500", "b1 3 x")), 9);
	state_free(&state);
	assert_int_equal(state_read(&state, edited(clean_state, "total", "sum")), 9);
	state_free(&state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_planted),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
