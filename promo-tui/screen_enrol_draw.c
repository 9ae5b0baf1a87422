/* SPDX-License-Identifier: MIT */
#include "promo-tui/card.h"
#include "promo-tui/screen_enrol.h"

enum {
	TEXT_COLUMNS_MIN = 30, /* beside the picture */
	TEXT_COLUMNS_MAX = 72,
	CODE_COLUMNS = 24, /* of a recovery code, with what is between two */
	FIELD_COLUMNS = 12,
	AROUND_ROWS = 3, /* of the program, around a screen */
};

bool tui_enrol_has_form(const struct tui_enrol *enrol)
{
	return enrol->stage == TUI_ENROL_RENEW || enrol->stage == TUI_ENROL_REMOVE;
}

static int put_text(
	struct tui_canvas *canvas, struct tui_rect *room, enum tui_style style, const char *text)
{
	int used = tui_put_wrapped(canvas, *room, style, text);

	used = used < room->height ? used : room->height;
	room->y += used;
	room->height -= used;
	return used;
}

static void skip(struct tui_rect *room, int rows)
{
	if (room->height > rows) {
		room->y += rows;
		room->height -= rows;
	}
}

static bool has_room_for_picture(
	const struct tui_enrol *enrol, const struct tui_canvas *canvas, struct tui_rect area)
{
	return enrol->qr.modules && !tui_canvas_ascii(canvas) &&
	       area.height >= tui_qr_rows(&enrol->qr) &&
	       area.width >= tui_qr_columns(&enrol->qr) + TEXT_COLUMNS_MIN + 3;
}

static void draw_code_field(
	const struct tui_enrol *enrol, struct tui_canvas *canvas, struct tui_rect *room)
{
	(void)tui_put(canvas, room->x, room->y, 6, TUI_TITLE, "Code");
	tui_field_draw(&enrol->code, canvas, room->x + 6, room->y, FIELD_COLUMNS, true);
	skip(room, 2);
	if (enrol->busy)
		(void)tui_put(canvas, room->x, room->y, room->width, TUI_MUTED, "asking ...");
	else
		(void)tui_card_button(canvas, room->x, room->y, "Go on", TUI_REQ_ACCEPT, 1);
}

static void draw_seed(
	const struct tui_enrol *enrol, struct tui_canvas *canvas, struct tui_rect area)
{
	bool picture = has_room_for_picture(enrol, canvas, area);
	int left = picture ? tui_qr_columns(&enrol->qr) + 1 : 1;
	struct tui_rect room = { area.x + left + 1, area.y + (area.height > 13), 0,
		area.height - (area.height > 13) };
	bool roomy = area.height > 13;

	room.width =
		area.width - left - 2 < TEXT_COLUMNS_MAX ? area.width - left - 2 : TEXT_COLUMNS_MAX;
	if (picture)
		tui_qr_draw(&enrol->qr, canvas, area.x, area.y);
	(void)put_text(canvas, &room, TUI_TEXT,
		picture ? "1. Scan the picture with an authenticator app on your phone, or type "
			  "this key into it:"
			: "1. Type this key into an authenticator app on your phone:");
	skip(&room, roomy);
	(void)put_text(canvas, &room, TUI_TITLE, enrol->secret);
	skip(&room, roomy);
	(void)put_text(canvas, &room, TUI_TEXT, "2. Type the six digits that the app shows then:");
	skip(&room, roomy);
	draw_code_field(enrol, canvas, &room);
	skip(&room, 2);
	if (!picture && enrol->qr.modules && !tui_canvas_ascii(canvas))
		(void)tui_putf(canvas, room.x, room.y, room.width, TUI_MUTED,
			"A window of %d columns and %d rows shows it as a picture.",
			tui_qr_columns(&enrol->qr) + TEXT_COLUMNS_MIN + 3,
			tui_qr_rows(&enrol->qr) + AROUND_ROWS);
}

static void draw_codes(
	const struct tui_enrol *enrol, struct tui_canvas *canvas, struct tui_rect area)
{
	struct tui_rect room = { area.x + 2, area.y + (area.height > 13), area.width - 4,
		area.height - (area.height > 13) };
	int half = (enrol->code_count + 1) / 2;

	(void)put_text(canvas, &room, TUI_WARN,
		"Write these recovery codes down: they are not shown again.");
	(void)put_text(canvas, &room, TUI_TEXT,
		"Each lets you sign in once without the app. Keep them where the phone is not.");
	skip(&room, 1);
	for (int i = 0; i < enrol->code_count; i++)
		(void)tui_put(canvas, room.x + (i / half) * CODE_COLUMNS, room.y + i % half,
			CODE_COLUMNS - 1, TUI_TITLE, enrol->codes[i]);
	skip(&room, half + 1);
	(void)tui_card_button(
		canvas, room.x, room.y, "I have written them down (F2)", TUI_REQ_SAVED, 0);
}

static void draw_done(struct tui_canvas *canvas, struct tui_rect area)
{
	struct tui_rect room = { area.x + 2, area.y + 1, area.width - 4, area.height - 1 };

	(void)put_text(canvas, &room, TUI_GOOD, "A second factor is enrolled.");
	(void)put_text(canvas, &room, TUI_TEXT,
		"Signing in asks for a code of your authenticator app, or for one of your recovery "
		"codes, each of which works once.");
	skip(&room, 1);
	(void)tui_card_button(
		canvas, room.x, room.y, "New recovery codes (F4)", TUI_REQ_RENEW_CODES, 0);
	skip(&room, 2);
	(void)tui_card_button(
		canvas, room.x, room.y, "Remove the app (F8)", TUI_REQ_REMOVE_FACTOR, 0);
}

static void draw_form(
	const struct tui_enrol *enrol, struct tui_canvas *canvas, struct tui_rect area)
{
	bool renew = enrol->stage == TUI_ENROL_RENEW;
	struct tui_rect room = tui_card_draw(canvas, tui_card_place(area, 62, 11),
		renew ? "New recovery codes" : "Remove the authenticator app");

	(void)put_text(canvas, &room, TUI_TEXT,
		renew ? "The codes that you have end. Your password proves that it is you."
		      : "Signing in will want the password alone. Your password, and a code of the "
			"app or a recovery code, prove that it is you.");
	skip(&room, 1);
	skip(&room, tui_form_draw(&enrol->form, canvas,
			    (struct tui_rect){ room.x, room.y, room.width, 5 }, true));
	if (enrol->busy)
		(void)tui_put(canvas, room.x, room.y, room.width, TUI_MUTED, "asking ...");
	else
		(void)tui_card_button(canvas, room.x, room.y,
			renew ? "Make new codes" : "Remove it", TUI_REQ_ACCEPT, 1);
}

void tui_enrol_draw(const struct tui_app *app, const void *self, struct tui_canvas *canvas,
	struct tui_rect area)
{
	const struct tui_enrol *enrol = self;

	(void)app;
	switch (enrol->stage) {
	case TUI_ENROL_ASKING:
		(void)tui_put(canvas, area.x + 2, area.y + 1, area.width - 4, TUI_MUTED,
			enrol->busy ? "asking ..." : "F5 tries again.");
		break;
	case TUI_ENROL_SEED:
		draw_seed(enrol, canvas, area);
		break;
	case TUI_ENROL_CODES:
		draw_codes(enrol, canvas, area);
		break;
	case TUI_ENROL_DONE:
		draw_done(canvas, area);
		break;
	case TUI_ENROL_RENEW:
	case TUI_ENROL_REMOVE:
		draw_form(enrol, canvas, area);
		break;
	}
}
