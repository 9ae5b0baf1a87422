/* SPDX-License-Identifier: MIT */
#include "promo-tui/decode.h"

#include <string.h>

#include "libpromo/base/macros.h"
#include "libpromo/base/utf8.h"

enum {
	ESCAPE = 27,
	DEL = 127,
	CHARACTER_BYTES = 4
};

static const char *const controls[32] = {
	[1] = "ctrl-a",
	[2] = "ctrl-b",
	[3] = "ctrl-c",
	[4] = "ctrl-d",
	[5] = "ctrl-e",
	[6] = "ctrl-f",
	[7] = "ctrl-g",
	[8] = "backspace",
	[9] = "tab",
	[10] = "enter",
	[11] = "ctrl-k",
	[12] = "ctrl-l",
	[13] = "enter",
	[14] = "ctrl-n",
	[15] = "ctrl-o",
	[16] = "ctrl-p",
	[17] = "ctrl-q",
	[18] = "ctrl-r",
	[19] = "ctrl-s",
	[20] = "ctrl-t",
	[21] = "ctrl-u",
	[22] = "ctrl-v",
	[23] = "ctrl-w",
	[24] = "ctrl-x",
	[25] = "ctrl-y",
};

static const char *const alts[] = {
	"alt-a",
	"alt-b",
	"alt-c",
	"alt-d",
	"alt-e",
	"alt-f",
	"alt-g",
	"alt-h",
	"alt-i",
	"alt-j",
	"alt-k",
	"alt-l",
	"alt-m",
	"alt-n",
	"alt-o",
	"alt-p",
	"alt-q",
	"alt-r",
	"alt-s",
	"alt-t",
	"alt-u",
	"alt-v",
	"alt-w",
	"alt-x",
	"alt-y",
	"alt-z",
};

/* RFC 3629; 0 for what is no character. */
static size_t encode(int32_t c, char ret[CHARACTER_BYTES])
{
	static const int heads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	const size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (c <= 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	for (size_t i = size - 1; i > 0; i--) {
		ret[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	ret[0] = (char)(heads[size] | c);
	return size;
}

static bool take(
	struct tui_decoder *decoder, tui_unit_source *source, void *context, struct tui_unit *ret)
{
	if (decoder->has_held) {
		*ret = decoder->held;
		decoder->has_held = false;
		return true;
	}
	return source(context, ret);
}

static void hold(struct tui_decoder *decoder, const struct tui_unit *unit)
{
	decoder->held = *unit;
	decoder->has_held = true;
}

static bool give_name(const char *name, struct tui_key *ret)
{
	*ret = (struct tui_key){ .kind = TUI_KEY_NAMED, .name = name };
	return name != NULL;
}

static bool give_text(struct tui_decoder *decoder, struct tui_key *ret)
{
	*ret = (struct tui_key){ .kind = TUI_KEY_TEXT };
	memcpy(ret->text, decoder->text, decoder->text_size);
	decoder->text_size = 0;
	return true;
}

/* Whether the character belongs to the cluster so far, and was added to it. */
static bool join(struct tui_decoder *decoder, int32_t character)
{
	char text[TUI_KEY_TEXT_BYTES + CHARACTER_BYTES] = "";
	size_t columns, length;

	memcpy(text, decoder->text, decoder->text_size);
	length = encode(character, text + decoder->text_size);
	if (length == 0 || decoder->text_size + length >= TUI_KEY_TEXT_BYTES)
		return false;
	if (promo_utf8_cluster(text, &columns) != decoder->text_size + length)
		return false;
	memcpy(decoder->text, text, decoder->text_size + length);
	decoder->text_size += length;
	return true;
}

static bool is_alt(int32_t character)
{
	return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/* What follows an Esc at once is no key of its own. True: *ret is a key. */
static bool after_escape(
	struct tui_decoder *decoder, const struct tui_unit *unit, struct tui_key *ret)
{
	const int32_t c = unit->character;

	decoder->state = TUI_DECODE_PLAIN;
	if (unit->kind == TUI_UNIT_CHARACTER && c == '[') {
		decoder->state = TUI_DECODE_CSI;
		return false;
	}
	if (unit->kind == TUI_UNIT_CHARACTER && c == 'O') {
		decoder->state = TUI_DECODE_SS3;
		return false;
	}
	if (unit->kind == TUI_UNIT_CHARACTER && is_alt(c))
		return give_name(alts[(c | 0x20) - 'a'], ret);
	hold(decoder, unit);
	return give_name("esc", ret);
}

/* Within a sequence that the terminal's description does not have (ECMA-48, 5.4): its bytes up to
 * the final one mean nothing here. Anything else ends it. */
static void in_sequence(struct tui_decoder *decoder, const struct tui_unit *unit)
{
	const int32_t c = unit->character;
	const bool is_final = c >= 0x40 && c <= 0x7e;

	if (unit->kind != TUI_UNIT_CHARACTER || c < 0x20 || c > 0x7e) {
		decoder->state = TUI_DECODE_PLAIN;
		hold(decoder, unit);
	} else if (is_final || decoder->state == TUI_DECODE_SS3) {
		decoder->state = TUI_DECODE_PLAIN;
	}
}

static void add_to_paste(struct tui_decoder *decoder, int32_t character)
{
	const bool joined = character == '\n' && decoder->after_return;
	char bytes[CHARACTER_BYTES];
	size_t length;

	decoder->after_return = character == '\r';
	if (joined)
		return;
	if (character == '\r' || character == '\n' || character == '\t')
		character = ' ';
	if (promo_utf8_is_control(character))
		return;
	length = encode(character, bytes);
	if (decoder->paste_size + length > TUI_PASTE_BYTES_MAX)
		return;
	memcpy(decoder->paste + decoder->paste_size, bytes, length);
	decoder->paste_size += length;
}

bool tui_decode_end_paste(struct tui_decoder *decoder, struct tui_key *ret)
{
	size_t begin = 0, end = decoder->paste_size;

	if (!decoder->pasting)
		return false;
	decoder->pasting = false;
	while (end > 0 && decoder->paste[end - 1] == ' ')
		end--;
	while (begin < end && decoder->paste[begin] == ' ')
		begin++;
	decoder->paste[end] = '\0';
	if (begin == end)
		return false;
	*ret = (struct tui_key){ .kind = TUI_KEY_PASTE, .paste = decoder->paste + begin };
	return true;
}

static bool in_paste(struct tui_decoder *decoder, const struct tui_unit *unit, struct tui_key *ret)
{
	if (unit->kind == TUI_UNIT_PASTE_END)
		return tui_decode_end_paste(decoder, ret);
	if (unit->kind == TUI_UNIT_CHARACTER)
		add_to_paste(decoder, unit->character);
	else if (unit->kind == TUI_UNIT_NAME && strcmp(unit->name, "enter") == 0)
		add_to_paste(decoder, '\n');
	return false;
}

static bool character(struct tui_decoder *decoder, const struct tui_unit *unit, struct tui_key *ret)
{
	const int32_t c = unit->character;

	if (c >= 0 && c < 32) {
		if (c == ESCAPE)
			decoder->state = TUI_DECODE_ESCAPE;
		return c != ESCAPE && give_name(controls[c], ret);
	}
	if (c == DEL)
		return give_name("backspace", ret);
	if (!promo_utf8_is_control(c))
		(void)join(decoder, c);
	return false;
}

static bool plain(struct tui_decoder *decoder, const struct tui_unit *unit, struct tui_key *ret)
{
	switch (unit->kind) {
	case TUI_UNIT_CHARACTER:
		return character(decoder, unit, ret);
	case TUI_UNIT_NAME:
		return give_name(unit->name, ret);
	case TUI_UNIT_MOUSE:
		*ret = (struct tui_key){ .kind = TUI_KEY_MOUSE, .x = unit->x, .y = unit->y };
		return true;
	case TUI_UNIT_PASTE_BEGIN:
		decoder->pasting = true;
		decoder->after_return = false;
		decoder->paste_size = 0;
		return false;
	case TUI_UNIT_PASTE_END:
		return false;
	}
	return false;
}

bool tui_decode(
	struct tui_decoder *decoder, tui_unit_source *source, void *context, struct tui_key *ret)
{
	struct tui_unit unit;

	while (take(decoder, source, context, &unit)) {
		bool is_key = false;

		if (decoder->pasting) {
			is_key = in_paste(decoder, &unit, ret);
		} else if (decoder->state == TUI_DECODE_ESCAPE) {
			is_key = after_escape(decoder, &unit, ret);
		} else if (decoder->state != TUI_DECODE_PLAIN) {
			in_sequence(decoder, &unit);
		} else if (decoder->text_size > 0) {
			const bool joined = unit.kind == TUI_UNIT_CHARACTER &&
					    !promo_utf8_is_control(unit.character) &&
					    join(decoder, unit.character);

			if (!joined) {
				hold(decoder, &unit);
				is_key = give_text(decoder, ret);
			}
		} else {
			is_key = plain(decoder, &unit, ret);
		}
		if (is_key)
			return true;
	}
	if (decoder->text_size > 0)
		return give_text(decoder, ret);
	if (decoder->state == TUI_DECODE_ESCAPE) {
		decoder->state = TUI_DECODE_PLAIN;
		return give_name("esc", ret);
	}
	return false;
}
