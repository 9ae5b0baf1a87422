/* SPDX-License-Identifier: MIT */
#include "promo-tui/counter.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"
#include "promo-tui/counter_inside.h"
#include "promo-tui/scanner.h"

enum {
	ARENA_BYTES_MAX = 256 * 1024,
	CODE_LENGTH = 16, /* of codes of the standard format */
};

static const struct tui_verdict verdicts[] = {
	[TUI_VERDICT_NONE] = { "", "", "", TUI_TONE_NONE, "", "" },
#define TUI_VERDICT(name, word, symbol, ascii, tone, sentence, next)                               \
	[TUI_VERDICT_##name] = { word, symbol, ascii, TUI_TONE_##tone, sentence, next },
#include "promo-tui/verdict.def"
#undef TUI_VERDICT
};

const struct tui_verdict *tui_verdict(enum tui_verdict_kind kind)
{
	return &verdicts[kind];
}

int tui_counter_init(struct tui_counter *counter, const struct tui_counter_config *config)
{
	*counter = (struct tui_counter){
		.finds_customers = config->finds_customers,
		.scan_ms = INT64_MIN,
		.letter_ms = INT64_MIN,
		.subject.amount = PROMO_NULL_INT,
	};
	tui_counter_copy(counter->country_code, sizeof(counter->country_code),
		config->country_code ? config->country_code : "250");
	counter->arena = promo_arena_new(ARENA_BYTES_MAX);
	return counter->arena ? 0 : promo_fault(-ENOMEM, "could not begin the counter");
}

void tui_counter_release(struct tui_counter *counter)
{
	promo_arena_free(TAKE_PTR(counter->arena));
	explicit_bzero(counter, sizeof(*counter));
}

void tui_counter_copy(char *ret, size_t size, const char *text)
{
	int32_t character;
	size_t at = 0, next;

	while ((next = promo_utf8_next(text + at, &character)) > 0 && at + next < size)
		at += next;
	memmove(ret, text, at);
	ret[at] = '\0';
}

void tui_counter_note(struct tui_counter *counter, const char *format, ...)
{
	char text[sizeof(counter->note)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	tui_counter_copy(counter->note, sizeof(counter->note), text);
}

const char *tui_counter_take_note(struct tui_counter *counter)
{
	char *kept = promo_arena_strdup(counter->arena, counter->note);

	counter->note[0] = '\0';
	return kept ? kept : "";
}

int tui_counter_take_bell(struct tui_counter *counter)
{
	int bell = counter->bell;

	counter->bell = 0;
	return bell;
}

void tui_counter_judge(struct tui_counter *counter, enum tui_verdict_kind verdict)
{
	static const int bells[] = {
		[TUI_TONE_NONE] = 0,
		[TUI_TONE_GOOD] = 1,
		[TUI_TONE_WARN] = 2,
		[TUI_TONE_GREY] = 2,
		[TUI_TONE_BAD] = 3,
	};

	counter->verdict = verdict;
	counter->bell = bells[verdicts[verdict].tone];
}

static void warn(struct tui_counter *counter)
{
	counter->bell = 2;
}

void tui_counter_clear_customer(struct tui_counter *counter)
{
	for (int i = TUI_FIELD_PHONE; i < TUI_FIELD_COUNT; i++)
		explicit_bzero(counter->form.texts[i], sizeof(counter->form.texts[i]));
	explicit_bzero(counter->phone, sizeof(counter->phone));
	explicit_bzero(counter->looked_up, sizeof(counter->looked_up));
	explicit_bzero(counter->known_name, sizeof(counter->known_name));
}

static void forget_subject(struct tui_counter *counter)
{
	promo_arena_clear(counter->arena);
	counter->subject = (struct tui_counter_subject){ .amount = PROMO_NULL_INT };
	counter->detail = NULL;
	counter->available_at_ms = 0;
	counter->verdict = TUI_VERDICT_NONE;
	counter->letter_ms = INT64_MIN;
}

/* An empty field for the next customer. */
static void begin_next(struct tui_counter *counter)
{
	tui_counter_clear_customer(counter);
	counter->form.texts[TUI_FIELD_CODE][0] = '\0';
	forget_subject(counter);
	counter->turn++;
	counter->step = TUI_STEP_CODE;
	counter->focus = TUI_FIELD_CODE;
}

static bool has_customer(const struct tui_counter *counter)
{
	return counter->form.texts[TUI_FIELD_PHONE][0] ||
	       counter->form.texts[TUI_FIELD_FIRST_NAME][0] ||
	       counter->form.texts[TUI_FIELD_LAST_NAME][0];
}

void tui_counter_keep(struct tui_counter *counter)
{
	struct tui_counter_form *kept = counter->kept;

	if (!has_customer(counter) || counter->step == TUI_STEP_REDEEMING)
		return;
	if (counter->kept_count == TUI_COUNTER_KEPT_MAX) {
		memmove(kept, kept + 1, sizeof(*kept) * (TUI_COUNTER_KEPT_MAX - 1));
		counter->kept_count--;
	}
	kept += counter->kept_count++;
	*kept = counter->form;
	if (counter->subject.code[0])
		tui_counter_copy(kept->texts[TUI_FIELD_CODE], sizeof(kept->texts[TUI_FIELD_CODE]),
			counter->subject.code);
	tui_counter_note(counter, "what was typed for %s is kept: F4 brings it back",
		kept->texts[TUI_FIELD_PHONE][0] ? kept->texts[TUI_FIELD_PHONE]
						: "the last customer");
}

static void read_phone(struct tui_counter *counter)
{
	if (promo_phone_normalize(
		    counter->form.texts[TUI_FIELD_PHONE], counter->country_code, counter->phone))
		counter->phone[0] = '\0';
}

/* Whether it is too early to ask anything; says for how long. */
static bool has_to_wait(struct tui_counter *counter, int64_t now_ms)
{
	if (now_ms >= counter->throttled_until_ms)
		return false;
	counter->detail = NULL;
	tui_counter_judge(counter, TUI_VERDICT_THROTTLED);
	return true;
}

enum tui_counter_call tui_counter_verify(
	struct tui_counter *counter, const char *code, int64_t now_ms)
{
	char *field = counter->form.texts[TUI_FIELD_CODE];

	tui_counter_copy(field, TUI_COUNTER_TEXT_SIZE, code);
	forget_subject(counter);
	counter->turn++;
	counter->step = TUI_STEP_CODE;
	counter->focus = TUI_FIELD_CODE;
	if (has_to_wait(counter, now_ms))
		return TUI_CALL_NONE;
	if (promo_code_canonical(field, counter->subject.code)) {
		counter->subject.code[0] = '\0';
		tui_counter_judge(counter, TUI_VERDICT_MALFORMED);
		return TUI_CALL_NONE;
	}
	counter->step = TUI_STEP_VERIFYING;
	counter->focus = TUI_FIELD_PHONE;
	counter->wary_until_ms = 0;
	counter->asked_ms = now_ms;
	return TUI_CALL_VERIFY;
}

void tui_counter_type(struct tui_counter *counter, enum tui_counter_field field, const char *text)
{
	char *now = counter->form.texts[field];

	assert(field < TUI_FIELD_COUNT);
	if (strcmp(now, text) == 0)
		return;
	if (field == TUI_FIELD_CODE &&
		(counter->step == TUI_STEP_SHOWN || counter->step == TUI_STEP_DONE ||
			counter->step == TUI_STEP_UNKNOWN))
		begin_next(counter);
	if (field == TUI_FIELD_CODE && counter->step == TUI_STEP_CODE)
		counter->verdict = TUI_VERDICT_NONE;
	tui_counter_copy(now, TUI_COUNTER_TEXT_SIZE, text);
	if (field == TUI_FIELD_CODE)
		counter->doubted = false;
	if (field == TUI_FIELD_PHONE)
		read_phone(counter);
}

void tui_counter_type_at_summary(struct tui_counter *counter, const char *text, int64_t now_ms)
{
	char *code = counter->form.texts[TUI_FIELD_CODE];
	char typed[TUI_COUNTER_TEXT_SIZE];

	/* What came since the letter stands in the field of the code, which is out of sight here. */
	snprintf(typed, sizeof(typed), "%s%s", counter->letter_ms == INT64_MIN ? "" : code, text);
	if (strspn(typed, "r") == strlen(typed)) {
		tui_counter_copy(code, TUI_COUNTER_TEXT_SIZE, typed);
		counter->letter_ms = now_ms;
		return;
	}
	tui_counter_keep(counter);
	begin_next(counter);
	tui_counter_copy(code, TUI_COUNTER_TEXT_SIZE, typed);
}

static bool disarm(struct tui_counter *counter)
{
	if (counter->letter_ms == INT64_MIN)
		return false;
	counter->letter_ms = INT64_MIN;
	counter->form.texts[TUI_FIELD_CODE][0] = '\0';
	return true;
}

/* The name belongs to the number, so it is asked for once for each. */
static enum tui_counter_call find_customer(struct tui_counter *counter)
{
	if (!counter->finds_customers || !counter->phone[0] ||
		strcmp(counter->phone, counter->looked_up) == 0)
		return TUI_CALL_NONE;
	memcpy(counter->looked_up, counter->phone, sizeof(counter->phone));
	counter->known_name[0] = '\0';
	return TUI_CALL_CUSTOMER;
}

const char *tui_counter_known_name(const struct tui_counter *counter)
{
	return strcmp(counter->phone, counter->looked_up) == 0 ? counter->known_name : "";
}

enum tui_counter_call tui_counter_move(struct tui_counter *counter, int direction)
{
	int count = TUI_FIELD_COUNT - TUI_FIELD_PHONE;
	int at = (int)counter->focus - TUI_FIELD_PHONE;

	if (counter->step != TUI_STEP_FORM)
		return TUI_CALL_NONE;
	counter->focus =
		(enum tui_counter_field)(TUI_FIELD_PHONE + (at + direction + count) % count);
	return find_customer(counter);
}

/* The length of what could be a code; 0: it is none. */
static size_t code_length(const char *text)
{
	char code[PROMO_CODE_SIZE];

	return promo_code_read(text, code) == 0 ? strlen(code) : 0;
}

static enum tui_counter_call to_summary(struct tui_counter *counter, int64_t now_ms)
{
	const char *phone = counter->form.texts[TUI_FIELD_PHONE];

	if (counter->phone[0]) {
		counter->step = TUI_STEP_SUMMARY;
		counter->focus = TUI_FIELD_NONE;
		return find_customer(counter);
	}
	/* A line so slow that a scan looks like typing. */
	if (code_length(phone) == CODE_LENGTH) {
		char code[TUI_COUNTER_TEXT_SIZE];

		tui_counter_copy(code, sizeof(code), phone);
		tui_counter_type(counter, TUI_FIELD_PHONE, "");
		return tui_counter_scan(counter, code, now_ms);
	}
	counter->focus = TUI_FIELD_PHONE;
	warn(counter);
	if (!phone[0])
		tui_counter_note(counter, "the phone number is missing");
	else
		tui_counter_note(counter,
			"that is no phone number: 07... or + and the country code, 8 to 15 digits");
	return TUI_CALL_NONE;
}

enum tui_counter_call tui_counter_accept(struct tui_counter *counter, int64_t now_ms)
{
	const char *code = counter->form.texts[TUI_FIELD_CODE];

	disarm(counter);
	switch (counter->step) {
	case TUI_STEP_CODE:
	case TUI_STEP_SHOWN:
	case TUI_STEP_DONE:
	case TUI_STEP_UNKNOWN:
		if (!code[strspn(code, " ")] || tui_counter_doubts(counter, now_ms))
			return TUI_CALL_NONE;
		return tui_counter_verify(counter, code, now_ms);
	case TUI_STEP_FORM:
		return to_summary(counter, now_ms);
	case TUI_STEP_SUMMARY:
		tui_counter_note(counter, "F2 or r redeems it; Esc goes back to the form");
		return TUI_CALL_NONE;
	case TUI_STEP_VERIFYING:
	case TUI_STEP_REDEEMING:
		break;
	}
	return TUI_CALL_NONE;
}

enum tui_counter_call tui_counter_redeem(struct tui_counter *counter, int64_t now_ms)
{
	disarm(counter);
	if (counter->step == TUI_STEP_FORM)
		return to_summary(counter, now_ms);
	if (counter->step != TUI_STEP_SUMMARY) {
		if (counter->step != TUI_STEP_REDEEMING)
			tui_counter_note(counter, "there is nothing to redeem yet");
		return TUI_CALL_NONE;
	}
	if (counter->scan_ms != INT64_MIN && now_ms - counter->scan_ms < TUI_SCAN_GUARD_MS) {
		tui_counter_note(counter, "too soon after a scan: press it once more");
		return TUI_CALL_NONE;
	}
	if (has_to_wait(counter, now_ms))
		return TUI_CALL_NONE;
	counter->turn++;
	counter->asked_ms = now_ms;
	counter->subject.phone_number = promo_arena_strdup(counter->arena, counter->phone);
	counter->verdict = TUI_VERDICT_NONE;
	counter->step = TUI_STEP_REDEEMING;
	counter->focus = TUI_FIELD_CODE;
	return TUI_CALL_REDEEM;
}

/* A line that stalls hands on what was typed in one burst, which is then no scan: a phone number in
 * the field of the phone, a word without a digit in the field of a name. */
static bool is_typing(const struct tui_counter *counter, const char *text)
{
	char phone[PROMO_PHONE_SIZE];

	if (counter->step != TUI_STEP_FORM)
		return false;
	if (counter->focus == TUI_FIELD_PHONE)
		return code_length(text) != CODE_LENGTH &&
		       promo_phone_normalize(text, counter->country_code, phone) == 0;
	return !strpbrk(text, "0123456789");
}

static enum tui_counter_call take_typing(
	struct tui_counter *counter, const char *text, int64_t now_ms)
{
	char typed[TUI_COUNTER_TEXT_SIZE];

	snprintf(typed, sizeof(typed), "%s%s", counter->form.texts[counter->focus], text);
	tui_counter_type(counter, counter->focus, typed);
	return tui_counter_accept(counter, now_ms);
}

enum tui_counter_call tui_counter_scan(
	struct tui_counter *counter, const char *code, int64_t now_ms)
{
	const char *before = counter->form.texts[TUI_FIELD_CODE];
	char whole[TUI_COUNTER_TEXT_SIZE];

	counter->scan_ms = now_ms;
	disarm(counter);
	if (counter->step == TUI_STEP_REDEEMING) {
		tui_counter_copy(counter->queued, sizeof(counter->queued), code);
		tui_counter_note(counter, "the scanned code comes next");
		return TUI_CALL_NONE;
	}
	if (is_typing(counter, code))
		return take_typing(counter, code, now_ms);
	/* The beginning came so slowly that it looked like typing. */
	snprintf(whole, sizeof(whole), "%s%s", counter->step == TUI_STEP_CODE ? before : "", code);
	if (code_length(code) == CODE_LENGTH || code_length(whole) != CODE_LENGTH)
		tui_counter_copy(whole, sizeof(whole), code);
	tui_counter_keep(counter);
	tui_counter_clear_customer(counter);
	return tui_counter_verify(counter, whole, now_ms);
}

bool tui_counter_can_go_back(const struct tui_counter *counter)
{
	return counter->step != TUI_STEP_CODE || counter->form.texts[TUI_FIELD_CODE][0] ||
	       counter->verdict;
}

bool tui_counter_back(struct tui_counter *counter)
{
	if (disarm(counter))
		return true;
	switch (counter->step) {
	case TUI_STEP_SUMMARY:
		counter->step = TUI_STEP_FORM;
		counter->focus = TUI_FIELD_PHONE;
		counter->verdict = TUI_VERDICT_ACTIVE;
		return true;
	case TUI_STEP_VERIFYING:
		forget_subject(counter);
		counter->turn++;
		counter->step = TUI_STEP_CODE;
		counter->focus = TUI_FIELD_CODE;
		return true;
	case TUI_STEP_REDEEMING:
		tui_counter_note(counter, "the redemption is under way and cannot be called back");
		return true;
	case TUI_STEP_CODE:
		if (!tui_counter_can_go_back(counter))
			return false;
		break;
	case TUI_STEP_FORM:
	case TUI_STEP_SHOWN:
	case TUI_STEP_DONE:
	case TUI_STEP_UNKNOWN:
		break;
	}
	tui_counter_keep(counter);
	begin_next(counter);
	return true;
}

enum tui_counter_call tui_counter_recall(struct tui_counter *counter, int64_t now_ms)
{
	struct tui_counter_form form;

	if (counter->kept_count == 0 || counter->step == TUI_STEP_REDEEMING) {
		tui_counter_note(counter, "no customer was put aside");
		return TUI_CALL_NONE;
	}
	disarm(counter);
	form = counter->kept[--counter->kept_count];
	explicit_bzero(&counter->kept[counter->kept_count], sizeof(form));
	tui_counter_keep(counter);
	tui_counter_clear_customer(counter);
	counter->form = form;
	read_phone(counter);
	return tui_counter_verify(counter, form.texts[TUI_FIELD_CODE], now_ms);
}

enum tui_counter_call tui_counter_tick(struct tui_counter *counter, int64_t now_ms)
{
	int64_t due_ms = tui_counter_due_ms(counter);

	if (now_ms < due_ms)
		return TUI_CALL_NONE;
	/* A lock or another screen came in between: who returns has to ask for it again. */
	if (now_ms - due_ms >= TUI_COUNTER_LETTER_LATE_MS) {
		disarm(counter);
		return TUI_CALL_NONE;
	}
	if (tui_counter_is_wary(counter, now_ms)) {
		disarm(counter);
		counter->wary_until_ms = 0;
		tui_counter_note(counter, "you have just signed in: press it once more to redeem");
		return TUI_CALL_NONE;
	}
	return tui_counter_redeem(counter, now_ms);
}

int64_t tui_counter_due_ms(const struct tui_counter *counter)
{
	return counter->letter_ms == INT64_MIN ? INT64_MAX
					       : counter->letter_ms + TUI_COUNTER_LETTER_MS;
}
