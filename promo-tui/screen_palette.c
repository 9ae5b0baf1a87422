/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "promo-tui/card.h"
#include "promo-tui/field.h"
#include "promo-tui/screens.h"

/* Every action by its name, as far as it can be done now: type the beginning, Tab completes. */

enum {
	NAME_CHARACTERS_MAX = 40
};

struct palette {
	struct tui_field name;
	int chosen;
};

static int palette_open(struct tui_app *app, void *self, const void *argument)
{
	(void)app;
	(void)argument;
	return tui_field_init(&((struct palette *)self)->name, NAME_CHARACTERS_MAX, false);
}

static void palette_close(struct tui_app *app, void *self)
{
	(void)app;
	tui_field_release(&((struct palette *)self)->name);
}

static int matches(const struct tui_app *app, const struct palette *palette,
	enum tui_request ret[TUI_REQ_COUNT])
{
	size_t count = tui_request_match(tui_field_text(&palette->name), ret);
	int kept = 0;

	for (size_t i = 0; i < count; i++)
		if (tui_app_can(app, ret[i]))
			ret[kept++] = ret[i];
	return kept;
}

/* As far as all that match agree. */
static void complete(struct palette *palette, const enum tui_request *found, int count)
{
	const char *first = tui_request_info(found[0])->command;
	char common[NAME_CHARACTERS_MAX + 1];
	size_t length = strlen(first);

	for (int i = 1; i < count; i++) {
		const char *other = tui_request_info(found[i])->command;
		size_t same = 0;

		while (same < length && first[same] == other[same])
			same++;
		length = same;
	}
	if (length > NAME_CHARACTERS_MAX)
		return;
	memcpy(common, first, length);
	common[length] = '\0';
	(void)tui_field_set(&palette->name, common);
	palette->chosen = 0;
}

static void run(struct tui_app *app, enum tui_request request)
{
	tui_app_back(app);
	tui_app_request(app, request, 0);
}

static enum tui_handled palette_request(
	struct tui_app *app, void *self, enum tui_request request, int argument)
{
	struct palette *palette = self;
	enum tui_request found[TUI_REQ_COUNT];
	int count = matches(app, palette, found);

	switch ((int)request) {
	case TUI_REQ_UP:
	case TUI_REQ_DOWN:
		if (count)
			palette->chosen =
				(palette->chosen + (request == TUI_REQ_UP ? count - 1 : 1)) % count;
		return TUI_HANDLED;
	case TUI_REQ_NEXT_FIELD:
		if (count)
			complete(palette, found, count);
		return TUI_HANDLED;
	case TUI_REQ_SELECT:
		palette->chosen = argument;
		break;
	case TUI_REQ_ACCEPT:
		break;
	default:
		return TUI_UNHANDLED;
	}
	if (palette->chosen < 0 || palette->chosen >= count)
		tui_app_say(app, TUI_BAD, "there is no such action here");
	else
		run(app, found[palette->chosen]);
	return TUI_HANDLED;
}

static enum tui_handled palette_key(struct tui_app *app, void *self, const struct tui_key *key)
{
	struct palette *palette = self;

	(void)app;
	if (key->kind != TUI_KEY_NAMED || !tui_field_key(&palette->name, key->name))
		return TUI_UNHANDLED;
	palette->chosen = 0;
	return TUI_HANDLED;
}

static void palette_text(struct tui_app *app, void *self, const char *text, int64_t at_ms)
{
	struct palette *palette = self;

	(void)app;
	(void)at_ms;
	(void)tui_field_insert(&palette->name, text);
	palette->chosen = 0;
}

static void palette_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct palette *palette = self;
	enum tui_request found[TUI_REQ_COUNT];
	int count = matches(app, palette, found);
	struct tui_rect room = tui_card_draw(canvas, tui_card_place(area, 76, 24), "Actions");
	int shown = room.height - 2;
	int top = palette->chosen >= shown ? palette->chosen - shown + 1 : 0;

	(void)tui_put(canvas, room.x, room.y, 1, TUI_KEY, ":");
	tui_field_draw(&palette->name, canvas, room.x + 2, room.y, room.width - 2, true);
	for (int i = top; i < count && i - top < shown; i++) {
		struct tui_rect line = { room.x, room.y + 2 + i - top, room.width, 1 };
		const struct tui_request_info *info = tui_request_info(found[i]);
		enum tui_style style = i == palette->chosen ? TUI_SELECTED : TUI_TEXT;

		tui_fill(canvas, line, style);
		(void)tui_putf(canvas, line.x, line.y, 16, style, "%s %s",
			i == palette->chosen ? ">" : " ", info->command);
		(void)tui_put(canvas, line.x + 17, line.y, line.width - 17,
			i == palette->chosen ? TUI_SELECTED : TUI_MUTED, info->help);
		tui_hit(canvas, line, TUI_REQ_SELECT, i);
	}
}

static const struct tui_binding keys[] = {
	{ "enter", TUI_REQ_ACCEPT, "do it", "do it" },
	{ "tab", TUI_REQ_NEXT_FIELD, "complete the name", "complete" },
	{ "up", TUI_REQ_UP },
	{ "down", TUI_REQ_DOWN },
	{ 0 },
};

const struct tui_screen tui_screen_palette = {
	.name = "palette",
	.title = "Actions",
	.signed_out = true,
	.overlay = true,
	.takes_text = true,
	.keys = keys,
	.size = sizeof(struct palette),
	.open = palette_open,
	.draw = palette_draw,
	.request = palette_request,
	.key = palette_key,
	.text = palette_text,
	.close = palette_close,
};
