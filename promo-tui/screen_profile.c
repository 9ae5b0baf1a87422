/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/base/error.h"
#include "promo-tui/clock.h"
#include "promo-tui/screens.h"
#include "promo-tui/session.h"

/* Who one is here, and where else one is signed in. */

enum {
	SESSIONS_MAX = 50,
	ID_SIZE = 40,
	SHORT_SIZE = 64,
	LABEL_COLUMNS = 12,
	END_AGAIN_MS = 5000,
	TAG_SHOW = 1,
	TAG_SESSIONS,
	TAG_END,
};

struct session_line {
	char id[ID_SIZE], ip[SHORT_SIZE], program[SHORT_SIZE];
	int64_t created_at, last_seen_at;
	bool current;
};

struct profile {
	char name[2 * SHORT_SIZE], email[256], phone[SHORT_SIZE], roles[256],
		last_login[TUI_CLOCK_SIZE];
	struct session_line sessions[SESSIONS_MAX];
	int count, chosen;
	int64_t end_ms; /* when F8 was pressed for the chosen one; 0: it was not */
	bool shown, listed;
};

static void refresh(struct tui_app *app)
{
	const struct promo_session_list_in in = { .limit = SESSIONS_MAX };

	tui_app_call(app, TAG_SHOW, &promo_op_me_show, NULL, NULL);
	tui_app_call(app, TAG_SESSIONS, &promo_op_session_list, &in, NULL);
}

static int profile_open(struct tui_app *app, void *self, const void *argument)
{
	(void)self;
	(void)argument;
	refresh(app);
	return 0;
}

static const char *or_none(const char *text)
{
	return text && *text ? text : "-";
}

static void take_user(struct profile *profile, const struct promo_user *user)
{
	const struct promo_ref *roles = user->roles.items;
	size_t used = 0;

	(void)snprintf(profile->name, sizeof(profile->name), "%s %s",
		user->first_name ? user->first_name : "", user->last_name ? user->last_name : "");
	(void)snprintf(profile->email, sizeof(profile->email), "%s", or_none(user->email));
	(void)snprintf(profile->phone, sizeof(profile->phone), "%s", or_none(user->phone_number));
	profile->roles[0] = '\0';
	for (size_t i = 0; i < user->roles.count && used < sizeof(profile->roles); i++)
		used += (size_t)snprintf(profile->roles + used, sizeof(profile->roles) - used,
			"%s%s", i ? ", " : "", roles[i].name);
	profile->last_login[0] = '\0';
	if (user->last_login_at)
		tui_clock_text(user->last_login_at, profile->last_login);
	profile->shown = true;
}

static void take_sessions(struct profile *profile, const struct promo_list *list)
{
	const struct promo_session *sessions = list->items;

	profile->count = 0;
	for (size_t i = 0; i < list->count && i < SESSIONS_MAX; i++) {
		struct session_line *line = &profile->sessions[profile->count++];

		*line = (struct session_line){
			.created_at = sessions[i].created_at,
			.last_seen_at = sessions[i].last_seen_at,
			.current = sessions[i].current,
		};
		(void)snprintf(line->id, sizeof(line->id), "%s", sessions[i].id);
		(void)snprintf(line->ip, sizeof(line->ip), "%s", or_none(sessions[i].ip));
		(void)snprintf(line->program, sizeof(line->program), "%s",
			or_none(sessions[i].user_agent));
	}
	if (profile->chosen >= profile->count)
		profile->chosen = profile->count ? profile->count - 1 : 0;
	profile->end_ms = 0;
	profile->listed = true;
}

static void profile_reply(struct tui_app *app, void *self, const struct tui_reply *reply)
{
	struct profile *profile = self;

	if (reply->error) {
		tui_app_say_refusal(app, reply);
	} else if (reply->tag == TAG_SHOW && reply->reply.out) {
		take_user(profile, reply->reply.out);
	} else if (reply->tag == TAG_SESSIONS && reply->reply.out) {
		take_sessions(profile, reply->reply.out);
	} else if (reply->tag == TAG_END) {
		tui_app_say(app, TUI_GOOD, "the session has ended");
		refresh(app);
	}
}

/* Asked for twice, since it throws somebody out. */
static void end_session(struct tui_app *app, struct profile *profile)
{
	const struct session_line *line = &profile->sessions[profile->chosen];
	const struct promo_id_in in = { .id = line->id };

	if (profile->count == 0)
		return;
	if (line->current) {
		tui_app_say(app, TUI_TEXT, "this is the session you are in; sign out ends it");
		return;
	}
	if (!profile->end_ms || tui_app_now_ms(app) - profile->end_ms > END_AGAIN_MS) {
		profile->end_ms = tui_app_now_ms(app);
		tui_app_say(app, TUI_WARN, "F8 once more to end the session from %s", line->ip);
		return;
	}
	profile->end_ms = 0;
	tui_app_call(app, TAG_END, &promo_op_session_end, &in, NULL);
}

static void choose(struct profile *profile, int index)
{
	if (index >= 0 && index < profile->count)
		profile->chosen = index;
	profile->end_ms = 0;
}

static enum tui_handled profile_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct profile *profile = self;

	switch ((int)request) {
	case TUI_REQ_UP:
		choose(profile, profile->chosen - 1);
		return TUI_HANDLED;
	case TUI_REQ_DOWN:
		choose(profile, profile->chosen + 1);
		return TUI_HANDLED;
	case TUI_REQ_SELECT:
		choose(profile, argument);
		return TUI_HANDLED;
	case TUI_REQ_END_SESSION:
		end_session(app, profile);
		return TUI_HANDLED;
	case TUI_REQ_REFRESH:
		refresh(app);
		return TUI_HANDLED;
	default:
		return TUI_UNHANDLED;
	}
}

static void draw_pair(struct tui_canvas *canvas, struct tui_rect area, int row, const char *label,
	const char *text)
{
	(void)tui_put(canvas, area.x, area.y + row, LABEL_COLUMNS, TUI_LABEL, label);
	(void)tui_put(canvas, area.x + LABEL_COLUMNS, area.y + row, area.width - LABEL_COLUMNS,
		TUI_TEXT, text);
}

static void draw_session(struct tui_canvas *canvas, struct tui_rect line,
	const struct session_line *session, bool chosen)
{
	enum tui_style style = chosen ? TUI_SELECTED : TUI_TEXT;
	char created[TUI_CLOCK_SIZE], seen[TUI_CLOCK_SIZE];

	tui_clock_text(session->created_at, created);
	tui_clock_text(session->last_seen_at, seen);
	tui_fill(canvas, line, style);
	(void)tui_putf(canvas, line.x, line.y, line.width, style, "%s %-17s%-17s%-16s%s",
		chosen ? ">" : " ", created, session->current ? "this one, now" : seen, session->ip,
		session->program);
}

static void profile_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct profile *profile = self;
	struct tui_rect room = { area.x + 2, area.y, area.width - 4, area.height };
	int list = room.y + 6 + (area.height > 16), shown = area.y + area.height - list - 1;
	int top = profile->chosen >= shown ? profile->chosen - shown + 1 : 0;

	draw_pair(canvas, room, 0, "Name", profile->shown ? profile->name : "...");
	draw_pair(canvas, room, 1, "E-mail", profile->email);
	draw_pair(canvas, room, 2, "Phone", profile->phone);
	draw_pair(canvas, room, 3, "Roles", profile->roles);
	draw_pair(canvas, room, 4, "Signed in", profile->last_login);
	draw_pair(canvas, room, 5, "Server", tui_app_server(app));
	(void)tui_put(canvas, room.x, list, room.width, TUI_HEADER,
		"  Session since    Last seen        Address         Program");
	for (int i = top; i < profile->count && i - top < shown; i++) {
		struct tui_rect line = { room.x, list + 1 + i - top, room.width, 1 };

		draw_session(canvas, line, &profile->sessions[i], i == profile->chosen);
		tui_hit(canvas, line, TUI_REQ_SELECT, i);
	}
	if (!profile->listed)
		(void)tui_put(canvas, room.x + 2, list + 1, room.width, TUI_MUTED, "asking ...");
}

static const struct tui_binding keys[] = {
	{ "f2", TUI_REQ_PASSWORD, NULL, "password" },
	{ "f4", TUI_REQ_ENROL, NULL, "second factor" },
	{ "f5", TUI_REQ_REFRESH, NULL, "refresh" },
	{ "f8", TUI_REQ_END_SESSION, "end the chosen session (twice)", "end session" },
	{ "up", TUI_REQ_UP },
	{ "down", TUI_REQ_DOWN },
	{ 0 },
};

const struct tui_screen tui_screen_profile = {
	.name = "profile",
	.title = "Profile",
	.opened_by = TUI_REQ_PROFILE,
	.in_menu = true,
	.keys = keys,
	.size = sizeof(struct profile),
	.open = profile_open,
	.draw = profile_draw,
	.request = profile_request,
	.reply = profile_reply,
};
