/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/base/error.h"
#include "promo-tui/counter_inside.h"
#include "promo-tui/spoken.h"

enum {
	MS_PER_S = 1000,
	CALLS = 4, /* of enum tui_counter_call */
};

void tui_counter_verify_in(const struct tui_counter *counter, struct promo_code_verify_in *ret)
{
	*ret = (struct promo_code_verify_in){ .code = counter->subject.code };
}

void tui_counter_customer_in(const struct tui_counter *counter, struct promo_customer_list_in *ret)
{
	promo_set_nulls(promo_op_customer_list.in, ret);
	ret->q = counter->looked_up;
}

static const char *given(const char *text)
{
	return text[strspn(text, " ")] ? text : NULL;
}

void tui_counter_redeem_in(
	const struct tui_counter *counter, struct promo_redemption_create_in *ret)
{
	*ret = (struct promo_redemption_create_in){
		.code = counter->subject.code,
		.phone_number = counter->phone,
		.first_name = given(counter->form.texts[TUI_FIELD_FIRST_NAME]),
		.last_name = given(counter->form.texts[TUI_FIELD_LAST_NAME]),
	};
}

int tui_counter_tag(const struct tui_counter *counter, enum tui_counter_call call)
{
	return counter->turn * CALLS + (int)call;
}

static const char *copy(struct tui_counter *counter, const char *text)
{
	return promo_arena_strdup(counter->arena, text);
}

static void note_redemption(
	struct tui_counter *counter, const struct promo_verified_redemption *redemption)
{
	struct tui_counter_subject *subject = &counter->subject;
	const struct promo_verified_name *name = redemption->customer;

	subject->redeemed_at = redemption->redeemed_at;
	subject->phone_number = copy(counter, redemption->phone_number);
	subject->person =
		name ? tui_spoken_name(counter->arena, name->first_name, name->last_name) : NULL;
	if (redemption->redeemed_by)
		subject->redeemed_by = copy(counter, redemption->redeemed_by->name);
}

static enum tui_verdict_kind verdict_of_error(int error)
{
	switch (error) {
	case PROMO_E_CODE_REPORTED:
		return TUI_VERDICT_REPORTED;
	case PROMO_E_CODE_ALREADY_REDEEMED:
		return TUI_VERDICT_REDEEMED;
	case PROMO_E_CODE_BLOCKED:
		return TUI_VERDICT_BLOCKED;
	case PROMO_E_BATCH_NOT_ACTIVE:
		return TUI_VERDICT_BATCH_NOT_ACTIVE;
	case PROMO_E_CODE_EXPIRED:
		return TUI_VERDICT_EXPIRED;
	case PROMO_E_CODE_NOT_FOUND:
		return TUI_VERDICT_NOT_FOUND;
	default:
		return TUI_VERDICT_NONE;
	}
}

/* A newer server may have reasons that are not known here, but never further statuses. */
static enum tui_verdict_kind verdict_of(const struct promo_verification *found)
{
	static const enum tui_verdict_kind of_status[] = {
		[PROMO_CODE_EXPIRED] = TUI_VERDICT_EXPIRED,
		[PROMO_CODE_REDEEMED] = TUI_VERDICT_REDEEMED,
		[PROMO_CODE_REPORTED] = TUI_VERDICT_REPORTED,
		[PROMO_CODE_BLOCKED] = TUI_VERDICT_BLOCKED,
	};
	enum tui_verdict_kind verdict;

	if (found->redeemable)
		return TUI_VERDICT_ACTIVE;
	verdict = found->reason ? verdict_of_error(promo_error_from_wire(found->reason))
				: TUI_VERDICT_NONE;
	if (!verdict && found->status > 0 && (size_t)found->status < PROMO_COUNT(of_status))
		verdict = of_status[found->status];
	return verdict ? verdict : TUI_VERDICT_BATCH_NOT_ACTIVE;
}

static void found(struct tui_counter *counter, const struct promo_verification *found)
{
	struct tui_counter_subject *subject = &counter->subject;

	if (found->code)
		tui_counter_copy(subject->code, sizeof(subject->code), found->code);
	subject->amount = found->amount;
	subject->currency = copy(counter, found->currency);
	subject->batch_name = found->batch ? copy(counter, found->batch->batch_name) : NULL;
	subject->expires_at = found->expires_at;
	if (found->redemption)
		note_redemption(counter, found->redemption);
	if (found->fraud_report)
		subject->reported_at = found->fraud_report->created_at;
	counter->form.texts[TUI_FIELD_CODE][0] = '\0';
	tui_counter_judge(counter, verdict_of(found));
	if (counter->verdict == TUI_VERDICT_ACTIVE) {
		counter->step = TUI_STEP_FORM;
		counter->focus = TUI_FIELD_PHONE;
		return;
	}
	tui_counter_clear_customer(counter);
	counter->step = TUI_STEP_SHOWN;
	counter->focus = TUI_FIELD_CODE;
}

/* Why nothing was done. */
static void refused(
	struct tui_counter *counter, int error, const struct promo_reply *reply, int64_t now_ms)
{
	int64_t wait_ms =
		reply->problem.retry_after_s > 0 ? reply->problem.retry_after_s * MS_PER_S : 0;
	enum tui_verdict_kind verdict = verdict_of_error(error);

	counter->detail = copy(counter,
		reply->problem.detail ? reply->problem.detail : promo_error_info(error)->text);
	counter->available_at_ms = 0;
	if (error == PROMO_E_TOO_MANY_REQUESTS) {
		verdict = TUI_VERDICT_THROTTLED;
		counter->throttled_until_ms = now_ms + (wait_ms ? wait_ms : MS_PER_S);
	} else if (error == PROMO_E_UNAVAILABLE) {
		verdict = reply->http_status ? TUI_VERDICT_UNAVAILABLE : TUI_VERDICT_UNREACHABLE;
		counter->available_at_ms = wait_ms ? now_ms + wait_ms : 0;
	} else if (error == PROMO_E_MAINTENANCE) {
		verdict = TUI_VERDICT_MAINTENANCE;
	} else if (error == PROMO_E_INVALID_INPUT) {
		verdict = TUI_VERDICT_MALFORMED;
	} else if (error == PROMO_E_UNAUTHENTICATED || error == PROMO_E_SESSION_EXPIRED) {
		verdict = TUI_VERDICT_SIGNED_OUT;
	} else if (error == PROMO_E_FORBIDDEN) {
		verdict = TUI_VERDICT_FORBIDDEN;
	}
	tui_counter_judge(counter, verdict ? verdict : TUI_VERDICT_FAILED);
}

static enum tui_counter_call verified(
	struct tui_counter *counter, int error, const struct promo_reply *reply, int64_t now_ms)
{
	if (error == 0) {
		found(counter, reply->out);
		return TUI_CALL_NONE;
	}
	refused(counter, error, reply, now_ms);
	counter->step = TUI_STEP_CODE;
	counter->focus = TUI_FIELD_CODE;
	return TUI_CALL_NONE;
}

static void customer_found(struct tui_counter *counter, const struct promo_reply *reply)
{
	const struct promo_list *list = reply->out;
	const struct promo_customer *items = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (items[i].phone_number && strcmp(items[i].phone_number, counter->looked_up) == 0)
			tui_counter_copy(counter->known_name, sizeof(counter->known_name),
				tui_spoken_name(
					counter->arena, items[i].first_name, items[i].last_name));
}

/* What became of this customer, for the line that stays while the next one is served. */
static void remember(struct tui_counter *counter)
{
	const struct tui_verdict *verdict = tui_verdict(counter->verdict);
	const struct tui_counter_subject *subject = &counter->subject;
	const char *line = promo_arena_printf(counter->arena, "%s  %s  %s  %s", verdict->word,
		tui_spoken_code(counter->arena, subject->code),
		tui_spoken_money(counter->arena, subject->amount, subject->currency),
		tui_spoken_text(counter->arena, subject->phone_number));

	tui_counter_copy(counter->last_line, sizeof(counter->last_line), line ? line : "");
	counter->last_verdict = counter->verdict;
}

static void redeemed(struct tui_counter *counter, const struct promo_redemption *done)
{
	struct tui_counter_subject *subject = &counter->subject;
	const struct promo_customer_ref *customer = done->customer;

	subject->amount = done->amount;
	subject->currency = copy(counter, done->currency);
	subject->redeemed_at = done->completed_at ? done->completed_at : done->created_at;
	if (customer && customer->phone_number)
		subject->phone_number = copy(counter, customer->phone_number);
	if (customer)
		subject->person =
			tui_spoken_name(counter->arena, customer->first_name, customer->last_name);
	tui_counter_judge(counter, TUI_VERDICT_DONE);
	counter->step = TUI_STEP_DONE;
}

/* The code cannot be redeemed after all: somebody was faster, or its time ran out meanwhile. */
static void lost(struct tui_counter *counter, int error, const struct promo_reply *reply)
{
	const struct promo_redeemed_member *member = reply->problem.members;
	struct tui_counter_subject *subject = &counter->subject;

	subject->phone_number = NULL;
	if (error == PROMO_E_CODE_ALREADY_REDEEMED && member &&
		reply->problem.member_schema == &promo_redeemed_member_schema) {
		subject->redeemed_at = member->redeemed_at;
		subject->phone_number = copy(counter, member->phone_number);
		subject->redeemed_by =
			member->redeemed_by ? copy(counter, member->redeemed_by->name) : NULL;
	}
	tui_counter_judge(counter, verdict_of_error(error));
	counter->step = TUI_STEP_SHOWN;
}

/* The redemption was not done and may be tried again. */
static void put_off(
	struct tui_counter *counter, int error, const struct promo_reply *reply, int64_t now_ms)
{
	const struct promo_problem *problem = &reply->problem;

	counter->subject.phone_number = NULL;
	if (counter->queued[0] || counter->form.texts[TUI_FIELD_CODE][0])
		tui_counter_note(counter, "this one first; scan the next code again after it");
	counter->queued[0] = '\0';
	counter->form.texts[TUI_FIELD_CODE][0] = '\0';
	if (error == PROMO_E_INVALID_INPUT) {
		tui_counter_judge(counter, TUI_VERDICT_ACTIVE);
		counter->bell = 2;
		counter->step = TUI_STEP_FORM;
		counter->focus = TUI_FIELD_PHONE;
		tui_counter_note(counter, "%s",
			problem->field_count && problem->fields[0].message
				? problem->fields[0].message
				: promo_error_info(error)->text);
		return;
	}
	refused(counter, error, reply, now_ms);
	counter->step = TUI_STEP_SUMMARY;
	counter->focus = TUI_FIELD_NONE;
}

static enum tui_counter_call next_of_queue(struct tui_counter *counter, int64_t now_ms)
{
	char code[TUI_COUNTER_TEXT_SIZE];

	if (!counter->queued[0])
		return TUI_CALL_NONE;
	tui_counter_copy(code, sizeof(code), counter->queued);
	counter->queued[0] = '\0';
	if (counter->step == TUI_STEP_DONE) {
		int bell = counter->bell;
		enum tui_counter_call call = tui_counter_verify(counter, code, now_ms);

		counter->bell = counter->bell > bell ? counter->bell : bell;
		return call;
	}
	/* Bad news is read before the next code takes its place. */
	tui_counter_copy(counter->form.texts[TUI_FIELD_CODE], TUI_COUNTER_TEXT_SIZE, code);
	tui_counter_note(counter, "a code was scanned meanwhile: Enter looks it up");
	return TUI_CALL_NONE;
}

static enum tui_counter_call outcome(
	struct tui_counter *counter, int error, const struct promo_reply *reply, int64_t now_ms)
{
	/* A fault on this side says nothing of what the server did. */
	bool unknown = error == PROMO_E_OUTCOME_UNKNOWN || error < 0;

	if (error == 0) {
		redeemed(counter, reply->out);
	} else if (unknown) {
		tui_counter_judge(counter, TUI_VERDICT_OUTCOME_UNKNOWN);
		counter->step = TUI_STEP_UNKNOWN;
	} else if (verdict_of_error(error)) {
		lost(counter, error, reply);
	} else {
		put_off(counter, error, reply, now_ms);
		return TUI_CALL_NONE;
	}
	remember(counter);
	tui_counter_clear_customer(counter);
	counter->focus = TUI_FIELD_CODE;
	return next_of_queue(counter, now_ms);
}

enum tui_counter_call tui_counter_reply(struct tui_counter *counter, int tag, int error,
	const struct promo_reply *reply, int64_t now_ms)
{
	if (tag / CALLS != counter->turn)
		return TUI_CALL_NONE;
	switch ((enum tui_counter_call)(tag % CALLS)) {
	case TUI_CALL_VERIFY:
		return counter->step == TUI_STEP_VERIFYING ? verified(counter, error, reply, now_ms)
							   : TUI_CALL_NONE;
	case TUI_CALL_CUSTOMER:
		/* The name is a courtesy: without an answer the counter goes on without it. */
		if (error == 0)
			customer_found(counter, reply);
		return TUI_CALL_NONE;
	case TUI_CALL_REDEEM:
		return counter->step == TUI_STEP_REDEEMING ? outcome(counter, error, reply, now_ms)
							   : TUI_CALL_NONE;
	case TUI_CALL_NONE:
		break;
	}
	return TUI_CALL_NONE;
}

void tui_counter_set_unreachable(struct tui_counter *counter, bool unreachable)
{
	counter->unreachable = unreachable;
}

void tui_counter_settled(struct tui_counter *counter, int error, const struct promo_reply *reply)
{
	if (error == PROMO_E_OUTCOME_UNKNOWN || error < 0)
		return;
	if (counter->step != TUI_STEP_UNKNOWN) {
		/* The next customer is served: what is said of the one before is no longer true. */
		if (counter->last_verdict == TUI_VERDICT_OUTCOME_UNKNOWN)
			counter->last_line[0] = '\0';
		return;
	}
	if (error == 0) {
		redeemed(counter, reply->out);
	} else if (verdict_of_error(error)) {
		lost(counter, error, reply);
	} else {
		counter->detail =
			copy(counter, reply->problem.detail ? reply->problem.detail
							    : promo_error_info(error)->text);
		tui_counter_judge(counter, TUI_VERDICT_FAILED);
		counter->step = TUI_STEP_SHOWN;
	}
	remember(counter);
}
