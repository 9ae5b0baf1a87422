/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "libpromo/model/ref.h"
#include "promo-tui/clock.h"
#include "promo-tui/plain_inside.h"
#include "promo-tui/spoken.h"

/* Beside the counter: the fraud report, and the own day. */

enum {
	DAY_ROWS = 10
};

static const char *ask_text(struct tui_plain *plain, const char *prompt, struct promo_arena *arena)
{
	return tui_plain_ask(plain, prompt) && *plain->line ? promo_arena_strdup(arena, plain->line)
							    : NULL;
}

/* Sends it until it was answered or is given up; always with the same key, so that it counts once. */
static void send_report(struct tui_plain *plain, const struct promo_fraud_report_create_in *in)
{
	const struct promo_fraud_report *done;
	char key[PROMO_UUID_SIZE];
	struct tui_reply reply;

	promo_uuid_new(key);
	for (;;) {
		if (!tui_plain_ask(
			    plain, "Type report to send it, or anything else to leave it: ") ||
			strcmp(plain->line, "report") != 0) {
			tui_plain_say(plain, "Not reported.");
			return;
		}
		if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_fraud_report_create, in,
			    key, &reply))
			return;
		if (promo_client_settles(reply.error, &reply.reply))
			break;
		if (reply.error == PROMO_E_OUTCOME_UNKNOWN || reply.error < 0)
			tui_plain_say(plain, "No answer: perhaps it was reported. Sent again it "
					     "counts once.");
		else
			tui_plain_say_refusal(plain, &reply);
	}
	done = reply.reply.out;
	if (reply.error == PROMO_E_CODE_ALREADY_REPORTED)
		tui_plain_say(plain, "Reported before: this claim was added to the open case.");
	else if (reply.error)
		tui_plain_say_refusal(plain, &reply);
	else
		tui_plain_say(plain, "Reported as %s. The redemption stays as it was.",
			done && done->number ? done->number : "a fraud");
}

void tui_plain_report(struct tui_plain *plain)
{
	const struct tui_counter *counter = &plain->counter;
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(TUI_PLAIN_BYTES_MAX);
	struct promo_fraud_report_create_in in = { 0 };

	if (counter->step != TUI_STEP_SHOWN || (counter->verdict != TUI_VERDICT_REDEEMED &&
						       counter->verdict != TUI_VERDICT_REPORTED)) {
		tui_plain_say(plain, "Look a redeemed code up first, then report it.");
		return;
	}
	if (!arena)
		return;
	in.code = counter->subject.code;
	in.phone_number =
		ask_text(plain, "Phone of who brings it now (Enter to leave it): ", arena);
	if (!in.phone_number) {
		tui_plain_say(plain, "Not reported.");
		return;
	}
	in.first_name = ask_text(plain, "First name (Enter for none): ", arena);
	in.last_name = ask_text(plain, "Last name (Enter for none): ", arena);
	in.description = ask_text(plain, "What happened (Enter for nothing): ", arena);
	send_report(plain, &in);
}

static void say_row(struct tui_plain *plain, const struct promo_redemption *row)
{
	const struct promo_customer_ref *customer = row->customer;
	char clock[TUI_CLOCK_SIZE];

	tui_clock_time(row->completed_at ? row->completed_at : row->created_at, clock);
	tui_plain_say(plain, "%s, %s, %s%s%s", clock, tui_spoken_code(plain->arena, row->code),
		tui_spoken_money(plain->arena, row->amount, row->currency), customer ? ", " : "",
		customer ? tui_spoken_text(plain->arena, customer->phone_number) : "");
}

void tui_plain_day(struct tui_plain *plain)
{
	static const char *const completed[] = { "completed" };
	struct promo_me_redemptions_in in;
	char today[PROMO_TIME_SIZE];
	const struct promo_list *list;
	const struct promo_redemption_totals *totals;
	struct tui_reply reply;

	promo_set_nulls(promo_op_me_redemptions.in, &in);
	promo_time_format(promo_now_ms(), today);
	in.limit = DAY_ROWS;
	in.from = in.to = today;
	in.status = (struct promo_texts){ completed, PROMO_COUNT(completed) };
	if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_me_redemptions, &in, NULL, &reply))
		return;
	if (reply.error) {
		tui_plain_say_refusal(plain, &reply);
		return;
	}
	list = reply.reply.out;
	totals = list->totals;
	tui_plain_say(plain, "Today: %" PRId64 " redeemed.",
		totals ? totals->count : (int64_t)list->count);
	for (size_t i = 0; totals && i < totals->amount.count; i++) {
		const struct promo_sum *sum = &((const struct promo_sum *)totals->amount.items)[i];

		tui_plain_say(
			plain, "%s", tui_spoken_money(plain->arena, sum->amount, sum->currency));
	}
	for (size_t i = 0; i < list->count; i++)
		say_row(plain, &((const struct promo_redemption *)list->items)[i]);
}
