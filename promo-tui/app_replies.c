/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_system.h"
#include "libpromo/base/error.h"
#include "libpromo/model/ref.h"
#include "promo-tui/app_inside.h"
#include "promo-tui/session.h"

/* Answers: what each says about the connection and about rights, and to which screen it goes. */

static void go_offline(struct tui_app *app)
{
	if (app->offline)
		return;
	app->offline = true;
	app->offline_since_ms = app->wall_ms;
	app->probe_ms = app->now_ms + TUI_PROBE_MS;
}

static void note_connection(struct tui_app *app, const struct tui_reply *reply)
{
	bool offline =
		!reply->reply.http_status &&
		(reply->error == PROMO_E_UNAVAILABLE || reply->error == PROMO_E_OUTCOME_UNKNOWN);

	app->reached = app->reached || reply->reply.http_status;
	if (offline) {
		go_offline(app);
	} else if (app->offline && reply->reply.http_status) {
		app->offline = false;
		tui_app_settle(app);
		if (tui_app_can(app, TUI_REQ_REFRESH))
			tui_app_request(app, TUI_REQ_REFRESH, 0);
		tui_app_say(app, TUI_GOOD, "the server answers again");
	}
}

/* Overlays stand on them. */
bool tui_app_close_forbidden(struct tui_app *app)
{
	struct tui_layer *layer;
	bool any = false;

	tui_app_close_overlays(app);
	layer = app->top;
	while (layer) {
		struct tui_layer *below = layer->below;

		if (!layer->screen->signed_out && !tui_app_may(app, layer->screen->permission)) {
			tui_app_close(app, layer);
			any = true;
		}
		layer = below;
	}
	tui_app_fall_home(app);
	return any;
}

void tui_app_take_rights(struct tui_app *app, const struct promo_texts *permissions)
{
	app->may = 0;
	for (size_t i = 0; i < permissions->count; i++)
		app->may |= UINT64_C(1) << promo_permission_from_key(permissions->items[i]);
	app->may &= ~UINT64_C(1);
}

/* The whole set is read again: one right seldom goes alone. */
static void lose_right(struct tui_app *app, const struct tui_reply *reply)
{
	const struct promo_problem *problem = &reply->reply.problem;
	const struct promo_permission_member *member = problem->members;
	enum promo_permission permission = PROMO_P_NONE;

	if (member && problem->member_schema == &promo_permission_member_schema)
		permission = promo_permission_from_key(member->permission);
	if (!permission || !tui_app_may(app, permission))
		return;
	app->may &= ~(UINT64_C(1) << permission);
	(void)tui_app_close_forbidden(app);
	tui_app_say(app, TUI_BAD, "you may no longer %s: the permission \"%s\" was taken away",
		promo_permission_text(permission), promo_permission_key(permission));
	(void)tui_app_call_own(app, TUI_TAG_RIGHTS, &promo_op_auth_session);
}

void tui_app_watch(struct tui_app *app, const struct tui_reply *reply)
{
	if (!reply->elsewhere)
		note_connection(app, reply);
	/* What is said of the session before does not concern this one. */
	if (reply->op->access == PROMO_ACCESS_PUBLIC || reply->op == &promo_op_auth_logout ||
		!app->token || reply->session != app->session_number)
		return;
	if (reply->error == PROMO_E_UNAUTHENTICATED || reply->error == PROMO_E_SESSION_EXPIRED) {
		app->ended = true;
		tui_session_lock(app, "Your session has ended. Everything is still here.");
	} else if (reply->error == PROMO_E_MFA_ENROLMENT_REQUIRED) {
		tui_session_enrol(app);
	} else if (reply->error == PROMO_E_FORBIDDEN && app->user)
		lose_right(app, reply);
}

static void take_own(struct tui_app *app, const struct tui_reply *reply)
{
	const struct promo_session_answer *answer = reply->reply.out;

	if (reply->tag == TUI_TAG_PROBE)
		app->probing = false;
	if (reply->error || !answer || reply->op != &promo_op_auth_session)
		return;
	if (reply->tag == TUI_TAG_WHO && !app->user)
		tui_app_own_outbox(app, answer->user);
	if (reply->tag != TUI_TAG_RIGHTS || !app->user)
		return;
	tui_app_take_rights(app, &answer->permissions);
	(void)tui_app_close_forbidden(app);
}

static void hand_over(struct tui_app *app, const struct tui_reply *reply)
{
	struct tui_layer *layer = app->top;
	struct tui_running before;

	while (layer && layer->generation != reply->generation)
		layer = layer->below;
	if (!layer || !layer->screen->reply)
		return;
	before = tui_app_enter(app, layer);
	layer->screen->reply(app, layer->self, reply);
	tui_app_leave(app, before);
}

static void probe(struct tui_app *app)
{
	if (!app->offline || app->probing || app->now_ms < app->probe_ms)
		return;
	app->probe_ms = app->now_ms + TUI_PROBE_MS;
	app->probing = tui_app_call_own(app, TUI_TAG_PROBE, &promo_op_server_version);
}

static void lock_when_idle(struct tui_app *app)
{
	if (app->user && !app->locked && app->config.idle_lock_ms > 0 &&
		app->now_ms - app->touched_ms >= app->config.idle_lock_ms)
		tui_session_lock(app, "Locked because nobody was here.");
}

static void tick_front(struct tui_app *app)
{
	struct tui_layer *layer = app->top;
	struct tui_running before;

	if (!layer || !layer->screen->tick)
		return;
	before = tui_app_enter(app, layer);
	layer->screen->tick(app, layer->self, app->now_ms);
	tui_app_leave(app, before);
}

void tui_app_tick(struct tui_app *app)
{
	struct tui_reply reply;

	while (app->config.remote->next(app->config.remote, &reply)) {
		app->running++;
		tui_app_watch(app, &reply);
		tui_app_take_outcome(app, &reply);
		tui_app_take_told(app, &reply);
		if (reply.generation)
			hand_over(app, &reply);
		else
			take_own(app, &reply);
		app->running--;
	}
	if (app->config.remote->is_struggling(app->config.remote))
		go_offline(app);
	tui_app_tick_keys(app);
	lock_when_idle(app);
	probe(app);
	tui_app_ask_again(app);
	tui_app_ask_unread(app);
	tick_front(app);
	tui_app_fall_home(app);
}

static int64_t sooner(int64_t deadline, int64_t other)
{
	return other && other < deadline ? other : deadline;
}

int64_t tui_app_deadline_ms(const struct tui_app *app)
{
	const struct tui_layer *layer = app->top;
	int64_t deadline = app->now_ms + 1000;

	deadline = sooner(deadline, tui_scanner_due_ms(&app->scanner));
	if (layer && layer->screen->deadline)
		deadline = sooner(deadline, layer->screen->deadline(app, layer->self));
	return deadline;
}
