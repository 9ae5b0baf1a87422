/* SPDX-License-Identifier: MIT */
#include "promo-tui/screen_report.h"

#include <stdio.h>

#include "libpromo/api/op_code.h"
#include "libpromo/base/error.h"
#include "libpromo/base/uuid.h"
#include "libpromo/rules/code.h"
#include "promo-tui/card.h"
#include "promo-tui/form.h"

/*
 * The fraud report: somebody else brings a code that was redeemed. The key of the request is made
 * with the form and renewed only by an answer, so that a report whose answer was lost and that is
 * sent again stands there once.
 */

enum {
	IN_BYTES_MAX = 64 * 1024,
	SUBJECT_SIZE = 512,
	DROP_AGAIN_MS = 5000,
	LABEL_COLUMNS = 17,
	CARD_WIDTH = 76,
	CARD_HEIGHT = 17,
};

struct report {
	struct tui_form form;
	char code[PROMO_CODE_SIZE], redeemed[SUBJECT_SIZE];
	char key[PROMO_UUID_SIZE];
	int64_t drop_ms; /* when Esc was pressed over what was typed; 0: it was not */
	bool busy;
};

static const struct tui_form_row rows[] = {
	{ .name = "phone_number", .label = "Phone" },
	{ .name = "first_name", .label = "First name" },
	{ .name = "last_name", .label = "Last name" },
	{ .name = "description", .label = "What happened" },
};

static int report_open(struct tui_app *app, void *self, const void *argument)
{
	const struct tui_report_subject *subject = argument;
	struct report *report = self;

	if (!subject) {
		tui_app_say(app, TUI_WARN, "look a redeemed code up first, then report it");
		return PROMO_E_CODE_NOT_REDEEMED;
	}
	(void)snprintf(report->code, sizeof(report->code), "%s", subject->code);
	(void)snprintf(report->redeemed, sizeof(report->redeemed), "%s", subject->redeemed);
	promo_uuid_new(report->key);
	return tui_form_init(&report->form, &promo_op_fraud_report_create, rows, PROMO_COUNT(rows));
}

static void report_close(struct tui_app *app, void *self)
{
	(void)app;
	tui_form_release(&((struct report *)self)->form);
}

static void submit(struct tui_app *app, struct report *report)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(IN_BYTES_MAX);
	struct promo_fraud_report_create_in *in;
	void *read;

	if (report->busy || !arena || tui_form_read(&report->form, arena, &read))
		return;
	in = read;
	in->code = report->code;
	report->busy = true;
	tui_app_call(app, 0, &promo_op_fraud_report_create, in, report->key);
}

static bool is_filled(const struct report *report)
{
	for (size_t i = 0; i < report->form.count; i++)
		if (*tui_field_text(&report->form.fields[i].edit))
			return true;
	return false;
}

/* What was typed goes only when that is asked for twice. */
static enum tui_handled leave(struct tui_app *app, struct report *report)
{
	const int64_t now_ms = tui_app_now_ms(app);

	if (report->busy) {
		tui_app_say(app, TUI_TEXT, "the report is under way; wait for its answer");
		return TUI_HANDLED;
	}
	if (!is_filled(report) || (report->drop_ms && now_ms - report->drop_ms <= DROP_AGAIN_MS))
		return TUI_UNHANDLED;
	report->drop_ms = now_ms;
	tui_app_say(app, TUI_WARN, "it is not sent: F3 sends it, Esc once more throws it away");
	return TUI_HANDLED;
}

static enum tui_handled report_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct report *report = self;

	if (request == TUI_REQ_BACK)
		return leave(app, report);
	report->drop_ms = 0;
	if (request == TUI_REQ_REPORT) {
		submit(app, report);
		return TUI_HANDLED;
	}
	if (request != TUI_REQ_ACCEPT)
		return tui_form_request(&report->form, request, argument);
	if (!tui_form_next(&report->form))
		tui_app_say(app, TUI_TEXT, "F3 sends the report");
	return TUI_HANDLED;
}

static enum tui_handled report_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	(void)app;
	return tui_form_key(&((struct report *)self)->form, key);
}

static void report_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	(void)app;
	(void)at_ms;
	((struct report *)self)->drop_ms = 0;
	tui_form_text(&((struct report *)self)->form, text);
}

static bool report_wants_text(const struct tui_app *app, const void *self, const char *text)
{
	(void)app;
	return (text[0] != ':' && text[0] != '?') ||
	       !tui_form_is_empty(&((const struct report *)self)->form);
}

static void report_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	const struct promo_fraud_report *done = reply->reply.out;
	struct report *report = self;

	report->busy = false;
	if (reply->error == PROMO_E_OUTCOME_UNKNOWN || reply->error < 0) {
		tui_app_say(app, TUI_BAD,
			"no answer: perhaps it was reported; F3 sends the same again, it counts "
			"once");
		tui_app_bell(app, 3);
		return;
	}
	if (reply->error && reply->error != PROMO_E_CODE_ALREADY_REPORTED) {
		/* After an answer that was lost the key may be bound: then only a word about it
		 * lets it go. */
		if (promo_client_settles(reply->error, &reply->reply))
			promo_uuid_new(report->key);
		(void)tui_form_refuse(&report->form, &reply->reply.problem);
		tui_app_say_refusal(app, reply);
		tui_app_bell(app, 2);
		return;
	}
	tui_app_back(app);
	if (reply->error)
		tui_app_say(app, TUI_GOOD,
			"the code was reported before: this claim was added to the open case");
	else
		tui_app_say(app, TUI_GOOD, "reported as %s; the redemption stays as it was",
			done && done->number ? done->number : "a fraud");
	tui_app_bell(app, 1);
}

static void report_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct report *report = self;
	struct tui_rect room = tui_card_draw(
		canvas, tui_card_place(area, CARD_WIDTH, CARD_HEIGHT), "Report a fraud");
	char shown[PROMO_CODE_SHOWN_SIZE];
	int y = room.y;

	(void)app;
	promo_code_show(report->code, shown);
	(void)tui_put(canvas, room.x, y, LABEL_COLUMNS, TUI_LABEL, "Code");
	(void)tui_put(
		canvas, room.x + LABEL_COLUMNS, y++, room.width - LABEL_COLUMNS, TUI_TITLE, shown);
	(void)tui_put(canvas, room.x, y, LABEL_COLUMNS, TUI_LABEL, "Redeemed");
	(void)tui_put(canvas, room.x + LABEL_COLUMNS, y++, room.width - LABEL_COLUMNS, TUI_TEXT,
		report->redeemed);
	if (room.height > 12)
		(void)tui_put(canvas, room.x, ++y, room.width, TUI_MUTED,
			"Who brings it now, and what happened:");
	y += room.height > 12;
	y += tui_form_draw(&report->form, canvas,
		(struct tui_rect){ room.x, y, room.width, room.y + room.height - 1 - y }, true);
	if (y >= room.y + room.height)
		y = room.y + room.height - 1;
	if (report->busy)
		(void)tui_put(canvas, room.x + LABEL_COLUMNS, y, room.width - LABEL_COLUMNS,
			TUI_MUTED, "reporting ...");
	else
		(void)tui_card_button(
			canvas, room.x + LABEL_COLUMNS, y, "Report (F3)", TUI_REQ_REPORT, 0);
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, "next field", "next" },
	{ "f3", TUI_REQ_REPORT, "send the report", "report" },
	TUI_FORM_KEYS,
	{ 0 },
};

const struct tui_screen tui_screen_report = {
	.name = "report",
	.title = "Fraud report",
	.permission = PROMO_P_CODES_FRAUD_REPORT,
	.takes_text = true,
	.keys = keys,
	.size = sizeof(struct report),
	.open = report_open,
	.draw = report_draw,
	.request = report_request,
	.key = report_key,
	.wants_text = report_wants_text,
	.text = report_text,
	.reply = report_reply,
	.close = report_close,
};
