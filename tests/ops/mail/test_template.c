/* SPDX-License-Identifier: MIT */
/* Every letter says something whole: each event that is told by mail has a text of its own with its facts in
 * it, those that open something name what opens, and what a letter does not know it does not speak of. */
#include "libpromo/ops/mail/template.h"

#include <string.h>

#include "libpromo/model/event.h"
#include "libpromo/model/outbox.h"
#include "tests/lib/test.h"

static const struct promo_brand brand = { "MBELYCO", "Promo codes", "#15a000" };
static struct promo_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = promo_arena_new(8 * 1024 * 1024);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	promo_arena_free(arena);
	return 0;
}

static struct promo_letter_text fill(const char *kind, const struct promo_fact *facts, size_t count)
{
	struct promo_letter_text text;

	assert_int_equal(promo_template_fill(kind, &(struct promo_objects){ facts, count }, &brand,
				 arena, &text),
		0);
	/* Whatever a program puts into it later, there is no hole in a text. */
	assert_null(strchr(text.subject, '{'));
	assert_null(strchr(text.line, '{'));
	assert_string_not_equal(text.subject, "");
	assert_string_not_equal(text.line, "");
	return text;
}

static void assert_says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("not said: %s\n%s", part, text);
}

static void test_events(void **state)
{
	static const struct promo_fact facts[] = { { "title", "T-i-t-l-e" }, { "body", "B-o-d-y" },
		{ "batch", "BATCH_A" }, { "about", "0190a1b2" } };
	const struct promo_letter_text plain = fill("no such kind", facts, PROMO_COUNT(facts));
	const char *before = "", *topic = "";

	(void)state;
	for (int kind = PROMO_EVENT_NONE + 1; kind < PROMO_EVENT_COUNT; kind++) {
		const struct promo_event_row *row = promo_event_row((enum promo_event_kind)kind);
		struct promo_letter_text text;

		if (!row->mail)
			continue;
		text = fill(row->topic, facts, PROMO_COUNT(facts));
		if (strcmp(text.line, plain.line) == 0)
			fail_msg("%s has no text of its own", row->topic);
		if (strcmp(row->topic, topic) != 0)
			assert_string_not_equal(text.line, before);
		before = text.line;
		topic = row->topic;
		/* Either what the event says, or where to look whom it is about. */
		if (!strstr(text.line, "B-o-d-y"))
			assert_says(text.line, "0190a1b2");
		/* An event of no batch leaves no hole. */
		(void)fill(row->topic, facts, 2);
	}
}

static void test_those_that_open(void **state)
{
	static const struct promo_fact reset[] = { { "name", "Ann" }, { "token", "tok-4711" },
		{ "minutes", "60" } };
	static const struct promo_fact code[] = { { "code", "482913" }, { "minutes", "10" } };

	(void)state;
	assert_says(fill("password_reset", reset, 3).line, "Hello Ann, ");
	assert_says(fill("password_reset", reset, 3).line, " tok-4711 ");
	assert_says(fill("password_reset", reset, 3).line, " 60 minutes");
	assert_null(strstr(fill("password_reset", reset, 3).subject, "4711"));
	assert_says(fill("mfa_code", code, 2).line, "482913 is your code");
	assert_says(fill("mfa_enrol", code, 2).line, "482913 confirms");
}

static void test_welcome(void **state)
{
	static const struct promo_fact facts[] = { { "name", "Ann" },
		{ "identifier", "ann@example.com" }, { "where", "https://promo.example.com" } };
	static const struct promo_fact nowhere[] = { { "name", "Ann" },
		{ "identifier", "ann@example.com" }, { "where", "" } };

	(void)state;
	assert_says(fill("welcome", facts, 3).line, "You sign in with ann@example.com.");
	assert_says(fill("welcome", facts, 3).line, "You sign in at https://promo.example.com ");
	assert_says(fill("welcome", nowhere, 3).line, "You sign in with ann@example.com.");
	assert_null(strstr(fill("welcome", nowhere, 3).line, "You sign in at"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_those_that_open),
		cmocka_unit_test(test_welcome),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
