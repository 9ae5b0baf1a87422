/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "promo-tui/counter.h"
#include "promo-tui/spoken.h"

/* What the counter says, as words. */

enum {
	SLOW_MS = 2000 /* what takes longer is told for how long */
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void add(struct tui_counter_view *view, const char *name, const char *value)
{
	if (*value && view->line_count < TUI_COUNTER_LINES_MAX)
		view->lines[view->line_count++] = (struct tui_counter_line){ name, value };
}

static const char *typed_name(const struct tui_counter *counter, struct promo_arena *arena)
{
	return tui_spoken_name(arena, counter->form.texts[TUI_FIELD_FIRST_NAME],
		counter->form.texts[TUI_FIELD_LAST_NAME]);
}

static void add_customer(
	const struct tui_counter *counter, struct promo_arena *arena, struct tui_counter_view *view)
{
	const char *typed = typed_name(counter, arena);
	const char *known = tui_counter_known_name(counter);

	add(view, "phone", tui_spoken_text(arena, counter->phone));
	add(view, "name", typed);
	if (strcmp(typed, known) != 0)
		add(view, "known as", tui_spoken_text(arena, known));
}

static void add_lines(
	const struct tui_counter *counter, struct promo_arena *arena, struct tui_counter_view *view)
{
	const struct tui_counter_subject *subject = &counter->subject;
	enum tui_counter_step step = counter->step;

	if (step == TUI_STEP_SUMMARY || step == TUI_STEP_REDEEMING)
		add_customer(counter, arena, view);
	/* When, for whom, by whom: first what the clerk has to say to who stands there. */
	add(view, "redeemed", tui_spoken_time(arena, subject->redeemed_at));
	if (step == TUI_STEP_SHOWN || step == TUI_STEP_DONE || step == TUI_STEP_UNKNOWN) {
		add(view, "for", tui_spoken_text(arena, subject->phone_number));
		add(view, "name", tui_spoken_text(arena, subject->person));
		add(view, "by", tui_spoken_text(arena, subject->redeemed_by));
	}
	add(view, "reported", tui_spoken_time(arena, subject->reported_at));
	add(view, "batch", tui_spoken_text(arena, subject->batch_name));
	/* The end is the first instant that is too late; people name the last one that is not. */
	if (subject->expires_at)
		add(view, counter->verdict == TUI_VERDICT_EXPIRED ? "expired" : "expires",
			tui_spoken_time_zone(arena, subject->expires_at - 1));
}

static bool asks_again(enum tui_verdict_kind verdict)
{
	return verdict == TUI_VERDICT_THROTTLED || verdict == TUI_VERDICT_UNREACHABLE ||
	       verdict == TUI_VERDICT_UNAVAILABLE || verdict == TUI_VERDICT_MAINTENANCE ||
	       verdict == TUI_VERDICT_FAILED;
}

static const char *sentence(const struct tui_counter *counter, const struct tui_counter_view *view,
	struct promo_arena *arena)
{
	const char *phone = tui_spoken_text(arena, counter->subject.phone_number);

	if (view->verdict->sentence)
		return view->verdict->sentence;
	if (counter->verdict == TUI_VERDICT_DONE)
		return or_empty(promo_arena_printf(
			arena, "Code redeemed successfully to %s with %s.", phone, view->amount));
	if (counter->verdict == TUI_VERDICT_THROTTLED)
		return "Too many requests in a short time.";
	return tui_spoken_text(arena, counter->detail);
}

static const char *next(const struct tui_counter *counter, const struct tui_counter_view *view,
	int64_t now_ms, struct promo_arena *arena)
{
	int64_t from = counter->verdict == TUI_VERDICT_THROTTLED ? counter->throttled_until_ms
								 : counter->available_at_ms;
	const char *key = counter->step == TUI_STEP_SUMMARY ? "F2" : "Enter";

	if (!asks_again(counter->verdict) || counter->step == TUI_STEP_SHOWN)
		return view->verdict->next;
	if (from > now_ms)
		return or_empty(promo_arena_printf(arena, "%s %s tries again in %s.",
			view->verdict->next, key, tui_spoken_wait(arena, from - now_ms)));
	return or_empty(promo_arena_printf(arena, "%s %s tries again.", view->verdict->next, key));
}

/* "Redeeming." and, when that takes long, for how long. */
static const char *under_way(const struct tui_counter *counter, const char *what, int64_t now_ms,
	struct promo_arena *arena)
{
	int64_t since_ms = now_ms - counter->asked_ms;

	if (counter->unreachable)
		return or_empty(promo_arena_printf(
			arena, "%s: the server cannot be reached, still trying.", what));
	if (since_ms < SLOW_MS)
		return or_empty(promo_arena_printf(arena, "%s.", what));
	return or_empty(promo_arena_printf(arena, "%s: no answer for %s, still asking.", what,
		tui_spoken_wait(arena, since_ms)));
}

/* Where no verdict is to be read: what goes on, and what the clerk does next. */
static void invite(const struct tui_counter *counter, int64_t now_ms, struct promo_arena *arena,
	struct tui_counter_view *view)
{
	switch (counter->step) {
	case TUI_STEP_CODE:
		view->sentence = "Scan a code, or type it and press Enter.";
		break;
	case TUI_STEP_VERIFYING:
		view->sentence = under_way(counter, "Looking the code up", now_ms, arena);
		if (counter->unreachable || now_ms - counter->asked_ms >= SLOW_MS)
			view->next = "Esc gives it up.";
		break;
	case TUI_STEP_REDEEMING:
		view->sentence = under_way(counter, "Redeeming", now_ms, arena);
		view->next = counter->unreachable
				     ? "It is kept on disk and cannot get lost. Hand nothing over "
				       "before the outcome is known."
				     : "Wait for the outcome before you hand anything over.";
		break;
	case TUI_STEP_SHOWN:
	case TUI_STEP_FORM:
	case TUI_STEP_SUMMARY:
	case TUI_STEP_DONE:
	case TUI_STEP_UNKNOWN:
		break;
	}
}

void tui_counter_view(const struct tui_counter *counter, int64_t now_ms, struct promo_arena *arena,
	struct tui_counter_view *ret)
{
	const struct tui_counter_subject *subject = &counter->subject;
	struct tui_counter_view view = { .verdict = tui_verdict(counter->verdict) };
	bool is_summary =
		counter->step == TUI_STEP_SUMMARY && counter->verdict == TUI_VERDICT_ACTIVE;

	view.code = tui_spoken_code(arena, subject->code);
	view.amount = tui_spoken_money(arena, subject->amount, subject->currency);
	view.sentence = is_summary ? "Is this right?" : sentence(counter, &view, arena);
	view.next = is_summary ? "F2 or r redeems it, Esc goes back."
			       : next(counter, &view, now_ms, arena);
	if (counter->verdict == TUI_VERDICT_NONE)
		invite(counter, now_ms, arena, &view);
	add_lines(counter, arena, &view);
	*ret = view;
}
