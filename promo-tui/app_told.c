/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_notification.h"
#include "libpromo/api/op_system.h"
#include "libpromo/base/error.h"
#include "promo-tui/app_inside.h"
#include "promo-tui/session.h"
#include "promo-tui/spoken.h"

/*
 * What the server tells without being asked by a screen: whose shop it is, and how much its user has not
 * read. The count is asked for between two keys, never while somebody types or scans, and only while he
 * is there: a terminal that nobody touches would otherwise keep its session alive for ever.
 */

enum {
	UNREAD_MS = 60 * 1000,    /* between two looks */
	QUIET_MS = 2 * 1000,      /* since the last key */
	THERE_MS = 5 * 60 * 1000, /* since when nobody is there */
	SPOKEN_BYTES_MAX = 64 * 1024,
};

void tui_app_ask_brand(struct tui_app *app)
{
	app->company[0] = app->tagline[0] = '\0';
	(void)tui_app_call_own(app, TUI_TAG_BRAND, &promo_op_server_version);
}

static void take_brand(struct tui_app *app, const struct promo_version_answer *answer)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(SPOKEN_BYTES_MAX);

	if (!arena)
		return;
	(void)snprintf(app->company, sizeof(app->company), "%s",
		tui_spoken_text(arena, answer->company_name));
	(void)snprintf(app->tagline, sizeof(app->tagline), "%s",
		tui_spoken_text(arena, answer->company_tagline));
}

const char *tui_app_company(const struct tui_app *app)
{
	return app->company;
}

const char *tui_app_tagline(const struct tui_app *app)
{
	return app->tagline;
}

bool tui_app_is_attended(const struct tui_app *app)
{
	return app->now_ms - app->touched_ms <= THERE_MS;
}

void tui_app_ask_unread(struct tui_app *app)
{
	const int64_t quiet_ms = app->now_ms - app->touched_ms;
	struct promo_notification_list_in in;
	const struct tui_call call = {
		.op = &promo_op_notification_list,
		.in = &in,
		.tag = TUI_TAG_UNREAD,
		.session = app->session_number,
	};

	if (!tui_session_is_open(app) || app->enrolling || app->offline ||
		app->now_ms < app->unread_ms || quiet_ms < QUIET_MS || !tui_app_is_attended(app))
		return;
	app->unread_ms = app->now_ms + UNREAD_MS;
	promo_set_nulls(promo_op_notification_list.in, &in);
	in.unread = in.count = true;
	in.limit = 1;
	(void)app->config.remote->begin(app->config.remote, &call);
}

void tui_app_take_told(struct tui_app *app, const struct tui_reply *reply)
{
	const struct promo_list *list = reply->reply.out;

	if (reply->error || reply->elsewhere)
		return;
	if (reply->op == &promo_op_server_version && reply->reply.out && !reply->generation)
		take_brand(app, reply->reply.out);
	if (reply->session != app->session_number)
		return;
	if (reply->tag == TUI_TAG_UNREAD && !reply->generation && list)
		app->unread = list->total;
	/* However many there were. */
	if (reply->op == &promo_op_notification_read ||
		reply->op == &promo_op_notification_read_all)
		app->unread_ms = app->now_ms;
}
