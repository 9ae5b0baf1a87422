/* SPDX-License-Identifier: MIT */
#include "promo-tui/screen_counter.h"

#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "promo-tui/outbox.h"
#include "promo-tui/screen_report.h"
#include "promo-tui/session.h"
#include "promo-tui/spoken.h"

enum {
	TAG_DAY = -1, /* the counter's own tags are not negative */
	DAY_ROWS = 10,
	CALL_BYTES_MAX = 64 * 1024,
};

static void done(
	struct tui_app *app, struct tui_counter_screen *screen, enum tui_counter_call call);

static int counter_open(struct tui_app *app, void *self, const void *argument)
{
	static const size_t most[TUI_FIELD_COUNT] = {
		[TUI_FIELD_CODE] = TUI_COUNTER_CODE_MAX,
		[TUI_FIELD_PHONE] = TUI_COUNTER_PHONE_MAX,
		[TUI_FIELD_FIRST_NAME] = TUI_COUNTER_NAME_MAX,
		[TUI_FIELD_LAST_NAME] = TUI_COUNTER_NAME_MAX,
	};
	struct tui_counter_screen *screen = self;
	const struct tui_counter_config config = {
		.finds_customers = tui_app_may(app, PROMO_P_CUSTOMERS_SEARCH),
	};
	int r = tui_counter_init(&screen->counter, &config);

	(void)argument;
	for (size_t i = 0; !r && i < TUI_FIELD_COUNT; i++)
		r = tui_field_init(&screen->fields[i], most[i], false);
	screen->day.limit = DAY_ROWS;
	tui_counter_signed_in(&screen->counter, tui_app_now_ms(app));
	if (!r && tui_app_may(app, PROMO_P_REDEMPTIONS_CREATE_MANUAL))
		tui_day_ask(&screen->day, app, TAG_DAY);
	return r;
}

static void counter_close(struct tui_app *app, void *self)
{
	struct tui_counter_screen *screen = self;

	(void)app;
	for (size_t i = 0; i < TUI_FIELD_COUNT; i++)
		tui_field_release(&screen->fields[i]);
	tui_counter_release(&screen->counter);
}

/* The redemption was not sent: a refusal of our own, which is no unknown outcome. */
static void not_sent(struct tui_app *app, struct tui_counter_screen *screen, const char *why)
{
	const struct promo_reply reply = { .problem = {
						   .error = PROMO_E_INTERNAL, .detail = why } };

	done(app, screen,
		tui_counter_reply(&screen->counter,
			tui_counter_tag(&screen->counter, TUI_CALL_REDEEM), PROMO_E_INTERNAL,
			&reply, tui_app_now_ms(app)));
}

static void redeem(struct tui_app *app, struct tui_counter_screen *screen)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(CALL_BYTES_MAX);
	struct tui_outbox *outbox = tui_app_outbox(app);
	struct promo_redemption_create_in in;
	struct promo_problem problem = { 0 };
	const char *key = NULL;
	int r = 0;

	tui_counter_redeem_in(&screen->counter, &in);
	if (outbox && arena)
		r = tui_outbox_begin(outbox, &in, tui_app_wall_ms(app), arena, &problem, &key);
	if (r || !key) {
		not_sent(app, screen,
			problem.detail ? problem.detail
				       : "the redemption could not be kept on this disk, and "
					 "without that it is not sent");
		return;
	}
	(void)snprintf(screen->key, sizeof(screen->key), "%s", key);
	tui_app_call(app, tui_counter_tag(&screen->counter, TUI_CALL_REDEEM),
		&promo_op_redemption_create, &in, key);
}

static void call_server(
	struct tui_app *app, struct tui_counter_screen *screen, enum tui_counter_call call)
{
	int tag = tui_counter_tag(&screen->counter, call);
	struct promo_customer_list_in customer;
	struct promo_code_verify_in verify;

	switch (call) {
	case TUI_CALL_VERIFY:
		tui_counter_verify_in(&screen->counter, &verify);
		tui_app_call(app, tag, &promo_op_code_verify, &verify, NULL);
		break;
	case TUI_CALL_CUSTOMER:
		tui_counter_customer_in(&screen->counter, &customer);
		tui_app_call(app, tag, &promo_op_customer_list, &customer, NULL);
		break;
	case TUI_CALL_REDEEM:
		redeem(app, screen);
		break;
	case TUI_CALL_NONE:
		break;
	}
}

/* Something happened: what follows from it for the server, the fields, the ear and the eye. */
static void done(struct tui_app *app, struct tui_counter_screen *screen, enum tui_counter_call call)
{
	struct tui_counter *counter = &screen->counter;
	const char *note;
	int bell;

	call_server(app, screen, call);
	for (int i = 0; i < TUI_FIELD_COUNT; i++)
		if (strcmp(tui_field_text(&screen->fields[i]), counter->form.texts[i]) != 0)
			(void)tui_field_set(&screen->fields[i], counter->form.texts[i]);
	bell = tui_counter_take_bell(counter);
	if (bell)
		tui_app_bell(app, bell);
	note = tui_counter_take_note(counter);
	if (*note)
		tui_app_say(app, bell ? TUI_WARN : TUI_TEXT, "%s", note);
}

static struct tui_field *focused(struct tui_counter_screen *screen)
{
	enum tui_counter_field focus = screen->counter.focus;

	return focus == TUI_FIELD_NONE ? NULL : &screen->fields[focus];
}

static void typed(struct tui_app *app, struct tui_counter_screen *screen)
{
	enum tui_counter_field focus = screen->counter.focus;

	tui_counter_type(&screen->counter, focus, tui_field_text(&screen->fields[focus]));
	done(app, screen, TUI_CALL_NONE);
}

/* Where typing would take a result out of sight it waits until it is known not to be the second half
 * of the scan that is shown: it comes as a key then. */
static bool is_held(const struct tui_counter *counter)
{
	switch (counter->step) {
	case TUI_STEP_SHOWN:
	case TUI_STEP_SUMMARY:
	case TUI_STEP_DONE:
	case TUI_STEP_UNKNOWN:
		return true;
	case TUI_STEP_CODE:
	case TUI_STEP_VERIFYING:
	case TUI_STEP_FORM:
	case TUI_STEP_REDEEMING:
		break;
	}
	return false;
}

static bool is_command(const char *text)
{
	return text[0] == ':' || text[0] == '?';
}

static bool counter_wants_text(const struct tui_app *app, const void *self, const char *text)
{
	const struct tui_counter_screen *screen = self;

	(void)app;
	if (is_held(&screen->counter))
		return false;
	return !is_command(text) || !tui_field_is_empty(&screen->fields[screen->counter.focus]);
}

static void counter_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	struct tui_counter_screen *screen = self;
	struct tui_field *field = focused(screen);

	if (field) {
		if (!tui_field_insert(field, text))
			tui_app_bell(app, 2);
		typed(app, screen);
		return;
	}
	tui_counter_type_at_summary(&screen->counter, text, at_ms);
	done(app, screen, TUI_CALL_NONE);
}

static enum tui_handled counter_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	struct tui_counter_screen *screen = self;
	struct tui_field *field = focused(screen);

	if (key->kind == TUI_KEY_TEXT && is_held(&screen->counter) && !is_command(key->text)) {
		counter_text(app, self, key->text, key->at_ms);
		return TUI_HANDLED;
	}
	if (!field || key->kind != TUI_KEY_NAMED || !tui_field_key(field, key->name))
		return TUI_UNHANDLED;
	typed(app, screen);
	return TUI_HANDLED;
}

static void counter_scan(struct tui_app *app, void *self, const char *code, int64_t at_ms)
{
	struct tui_counter_screen *screen = self;

	done(app, screen, tui_counter_scan(&screen->counter, code, at_ms));
}

static bool can_be_reported(const struct tui_counter *counter)
{
	return counter->verdict == TUI_VERDICT_REDEEMED || counter->verdict == TUI_VERDICT_REPORTED;
}

static bool counter_offers(const struct tui_app *app, const void *self, enum tui_request request)
{
	const struct tui_counter *counter = &((const struct tui_counter_screen *)self)->counter;

	(void)app;
	if (request == TUI_REQ_REDEEM)
		return counter->step == TUI_STEP_SUMMARY;
	if (request == TUI_REQ_BACK)
		return counter->step != TUI_STEP_REDEEMING && tui_counter_can_go_back(counter);
	if (request == TUI_REQ_ACCEPT)
		return counter->step != TUI_STEP_SUMMARY && counter->step != TUI_STEP_REDEEMING;
	if (request == TUI_REQ_REPORT)
		return can_be_reported(counter);
	return request != TUI_REQ_RECALL || counter->kept_count > 0;
}

static void report(struct tui_app *app, const struct tui_counter *counter)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(CALL_BYTES_MAX);
	const struct tui_counter_subject *subject = &counter->subject;
	struct tui_report_subject argument = { .code = subject->code };
	const char *by = subject->redeemed_by;

	if (!arena || !can_be_reported(counter)) {
		tui_app_say(app, TUI_WARN, "only a redeemed code can be reported");
		return;
	}
	argument.redeemed = promo_arena_printf(arena, "%s  %s%s%s",
		tui_spoken_time(arena, subject->redeemed_at),
		tui_spoken_text(arena, subject->phone_number), by ? "  by " : "",
		tui_spoken_text(arena, by));
	(void)tui_app_open(app, &tui_screen_report, &argument);
}

static enum tui_handled counter_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct tui_counter_screen *screen = self;
	struct tui_counter *counter = &screen->counter;
	int64_t now_ms = tui_app_now_ms(app);
	enum tui_counter_call call = TUI_CALL_NONE;

	(void)argument;
	switch ((int)request) {
	case TUI_REQ_ACCEPT:
	case TUI_REQ_VERIFY:
		call = tui_counter_accept(counter, now_ms);
		break;
	case TUI_REQ_REDEEM:
		call = tui_counter_redeem(counter, now_ms);
		break;
	case TUI_REQ_RECALL:
		call = tui_counter_recall(counter, now_ms);
		break;
	case TUI_REQ_NEXT_FIELD:
		call = tui_counter_move(counter, 1);
		break;
	case TUI_REQ_PREVIOUS_FIELD:
		call = tui_counter_move(counter, -1);
		break;
	case TUI_REQ_BACK:
	case TUI_REQ_CHECK_OTHER:
		if (!tui_counter_back(counter))
			return TUI_UNHANDLED;
		break;
	case TUI_REQ_REPORT:
		report(app, counter);
		break;
	default:
		return TUI_UNHANDLED;
	}
	done(app, screen, call);
	return TUI_HANDLED;
}

static void counter_resumed(struct tui_app *app, void *self)
{
	struct tui_counter_screen *screen = self;

	tui_counter_signed_in(&screen->counter, tui_app_now_ms(app));
	done(app, screen, TUI_CALL_NONE);
}

static void counter_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct tui_counter_screen *screen = self;

	if (reply->tag == TAG_DAY) {
		tui_day_take(&screen->day, app, reply, TAG_DAY);
		return;
	}
	done(app, screen,
		tui_counter_reply(&screen->counter, reply->tag, reply->error, &reply->reply,
			tui_app_now_ms(app)));
	/* It was asked in a session that has been renewed meanwhile. */
	if (screen->counter.verdict == TUI_VERDICT_SIGNED_OUT && tui_session_is_open(app))
		counter_resumed(app, self);
	if (reply->op == &promo_op_redemption_create && reply->error == 0)
		tui_day_ask(&screen->day, app, TAG_DAY);
}

static void counter_settled(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct tui_counter_screen *screen = self;

	if (reply->idempotency_key && strcmp(reply->idempotency_key, screen->key) == 0) {
		tui_counter_settled(&screen->counter, reply->error, &reply->reply);
		done(app, screen, TUI_CALL_NONE);
	}
	tui_day_ask(&screen->day, app, TAG_DAY);
}

static void counter_tick(struct tui_app *app, void *self, int64_t now_ms)
{
	struct tui_counter_screen *screen = self;

	tui_counter_set_unreachable(&screen->counter, !tui_app_is_online(app));
	if (now_ms >= tui_counter_due_ms(&screen->counter))
		done(app, screen, tui_counter_tick(&screen->counter, now_ms));
	if (tui_app_may(app, PROMO_P_REDEMPTIONS_CREATE_MANUAL))
		tui_day_tick(&screen->day, app, TAG_DAY);
}

static int64_t counter_deadline(const struct tui_app *app, const void *self)
{
	int64_t due_ms = tui_counter_due_ms(&((const struct tui_counter_screen *)self)->counter);

	(void)app;
	return due_ms == INT64_MAX ? 0 : due_ms;
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, "look the code up; go on to the summary", "go on" },
	{ "f2", TUI_REQ_REDEEM, "redeem what the summary shows", "redeem" },
	{ "r", TUI_REQ_REDEEM, "the same, on the summary only" },
	{ "f3", TUI_REQ_REPORT, "report a redeemed code brought once more", "report" },
	{ "f4", TUI_REQ_RECALL, NULL, "bring back" },
	{ "f5", TUI_REQ_DAY, NULL, "my day" },
	{ "tab", TUI_REQ_NEXT_FIELD },
	{ "backtab", TUI_REQ_PREVIOUS_FIELD },
	{ "down", TUI_REQ_NEXT_FIELD },
	{ "up", TUI_REQ_PREVIOUS_FIELD },
	{ 0 },
};

const struct tui_screen tui_screen_counter = {
	.name = "counter",
	.title = "Verify and redeem",
	.permission = PROMO_P_CODES_SEARCH,
	.takes_text = true,
	.in_menu = true,
	.opened_by = TUI_REQ_COUNTER,
	.keys = keys,
	.size = sizeof(struct tui_counter_screen),
	.open = counter_open,
	.draw = tui_counter_screen_draw,
	.request = counter_request,
	.offers = counter_offers,
	.key = counter_key,
	.wants_text = counter_wants_text,
	.text = counter_text,
	.scan = counter_scan,
	.reply = counter_reply,
	.settled = counter_settled,
	.resumed = counter_resumed,
	.tick = counter_tick,
	.deadline = counter_deadline,
	.close = counter_close,
};
