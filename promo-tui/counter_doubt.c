/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "promo-tui/counter_inside.h"

/* What was typed where a code is wanted and is probably none: it is not sent at once, since a miss
 * counts against the clerk and a password would stand in the audit trail. */

enum {
	WARY_MS = 60000, /* after a sign-in, until the first code is looked up */
	CODE_LENGTH = 16,
};

/* Sixteen characters with a day that some calendar has, as the product prints them. */
static bool is_as_printed(const char *text)
{
	char code[PROMO_CODE_SIZE];

	return promo_code_read(text, code) == 0 && strlen(code) == CODE_LENGTH &&
	       promo_code_plausible(code, "9998-12-31");
}

static bool is_phone(const struct tui_counter *counter, const char *text)
{
	char phone[PROMO_PHONE_SIZE];

	return promo_phone_normalize(text, counter->country_code, phone) == 0;
}

bool tui_counter_is_wary(const struct tui_counter *counter, int64_t now_ms)
{
	return now_ms < counter->wary_until_ms;
}

bool tui_counter_doubts(struct tui_counter *counter, int64_t now_ms)
{
	char *code = counter->form.texts[TUI_FIELD_CODE];

	if (is_as_printed(code))
		return false;
	if (tui_counter_is_wary(counter, now_ms)) {
		explicit_bzero(code, TUI_COUNTER_TEXT_SIZE);
		counter->wary_until_ms = 0;
		counter->bell = 2;
		tui_counter_note(counter,
			"that is no code as it is printed, perhaps a password: it was not sent. If "
			"it is a code, type it again");
		return true;
	}
	if (counter->doubted || !is_phone(counter, code))
		return false;
	counter->doubted = true;
	counter->bell = 2;
	tui_counter_note(counter,
		"that is a phone number, and the code comes first; if it is a code, press Enter "
		"once more");
	return true;
}

void tui_counter_signed_in(struct tui_counter *counter, int64_t now_ms)
{
	counter->wary_until_ms = now_ms + WARY_MS;
	if (counter->verdict != TUI_VERDICT_SIGNED_OUT)
		return;
	counter->detail = NULL;
	if (counter->step == TUI_STEP_SUMMARY) {
		counter->verdict = TUI_VERDICT_ACTIVE;
	} else {
		counter->verdict = TUI_VERDICT_NONE;
		tui_counter_note(counter, "you are signed in again: Enter looks the code up");
	}
}
