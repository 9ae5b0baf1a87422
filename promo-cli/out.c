/* SPDX-License-Identifier: MIT */
#include "promo-cli/out.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"
#include "promo-cli/cli.h"

enum {
	COLUMNS_MIN = 40,
	COLUMNS_MAX = 1000
};

static size_t terminal_rows(FILE *file)
{
	struct winsize size;

	return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

static size_t terminal_columns(FILE *file, const char *said)
{
	struct winsize size;
	long columns = said ? strtol(said, NULL, 10) : 0;

	if (columns < COLUMNS_MIN || columns > COLUMNS_MAX) {
		columns = 80;
		if (ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col >= COLUMNS_MIN)
			columns = size.ws_col;
	}
	return (size_t)columns;
}

void cli_out_init(struct cli_out *out, FILE *data, FILE *talk, const struct cli_env *env)
{
	*out = (struct cli_out){
		.data = data,
		.talk = talk,
		.data_terminal = isatty(fileno(data)) == 1,
		.talk_terminal = isatty(fileno(talk)) == 1,
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	};
	out->colour = !(env->no_color && env->no_color[0]) &&
		      !(env->term && strcmp(env->term, "dumb") == 0);
	if (out->data_terminal) {
		out->columns = terminal_columns(data, env->columns);
		out->rows = terminal_rows(data);
	}
	if (out->talk_terminal)
		out->talk_columns = terminal_columns(talk, env->columns);
}

void cli_put(const struct cli_out *out, const char *text)
{
	(void)fputs(text, out->data);
}

void cli_putf(const struct cli_out *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vfprintf(out->data, format, arguments);
	va_end(arguments);
}

static const char *tone_sequence(enum cli_tone tone)
{
	static const char *const sequences[] = {
		[CLI_PLAIN] = "",
		[CLI_GOOD] = "\033[32m",
		[CLI_WARN] = "\033[33m",
		[CLI_BAD] = "\033[31m",
		[CLI_MUTED] = "\033[90m",
		[CLI_BOLD] = "\033[1m",
	};

	return sequences[tone];
}

void cli_put_tone(const struct cli_out *out, enum cli_tone tone, const char *text)
{
	if (tone == CLI_PLAIN || !*text || !out->colour || !out->data_terminal)
		cli_put(out, text);
	else
		cli_putf(out, "%s%s\033[0m", tone_sequence(tone), text);
}

void cli_put_json(const struct cli_out *out, struct promo_arena *arena, const char *json)
{
	if (out->quiet)
		return;
	cli_put_json_piece(out, arena, json);
	cli_put(out, "\n");
}

void cli_put_json_piece(const struct cli_out *out, struct promo_arena *arena, const char *json)
{
	cli_put(out, out->data_terminal ? cli_clean(arena, json) : json);
}

void cli_put_blanks(const struct cli_out *out, size_t count)
{
	cli_putf(out, "%*s", (int)count, "");
}

/* Where both streams end in one place, what was printed first stands first. An error of writing stays
 * with the stream until cli_flush() looks. */
static void keep_order(const struct cli_out *out)
{
	(void)fflush(out->data);
}

void cli_say(const struct cli_out *out, const char *format, ...)
{
	va_list arguments;

	keep_order(out);
	va_start(arguments, format);
	(void)vfprintf(out->talk, format, arguments);
	va_end(arguments);
	(void)fputc('\n', out->talk);
}

void cli_complain(const struct cli_out *out, const char *format, ...)
{
	va_list arguments;

	keep_order(out);
	(void)fputs("promo: ", out->talk);
	va_start(arguments, format);
	(void)vfprintf(out->talk, format, arguments);
	va_end(arguments);
	(void)fputc('\n', out->talk);
}

bool cli_flush(const struct cli_out *out)
{
	return fflush(out->data) == 0 && !ferror(out->data);
}

const char *cli_clean(struct promo_arena *arena, const char *text)
{
	char *line = promo_arena_strdup(arena, text);
	const char *clean;

	if (!line)
		return "";
	for (char *at = line; *at; at++)
		if (*at == '\n' || *at == '\t' || *at == '\r')
			*at = ' ';
	return promo_utf8_strip_controls(arena, line, &clean) == 0 ? clean : "";
}

const char *cli_clip(
	const struct cli_out *out, struct promo_arena *arena, const char *text, size_t columns)
{
	char *cut;

	if (columns == 0 || promo_utf8_width(text) <= columns)
		return text;
	cut = promo_arena_printf(arena, "%.*s%s", (int)promo_utf8_fit(text, columns - 1), text,
		out->utf8 ? "…" : "~");
	return cut ? cut : "";
}

const char *cli_number(struct promo_arena *arena, int64_t number)
{
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	char digits[32];
	size_t at = sizeof(digits) - 1;
	char *copy;

	digits[at] = '\0';
	for (int count = 0; rest || count == 0; count++, rest /= 10) {
		if (count && count % 3 == 0)
			digits[--at] = ',';
		digits[--at] = (char)('0' + rest % 10);
	}
	if (number < 0)
		digits[--at] = '-';
	copy = promo_arena_strdup(arena, digits + at);
	return copy ? copy : "";
}

const char *cli_money(struct promo_arena *arena, int64_t minor, const char *currency)
{
	int64_t cents = minor % 100;
	const char *whole = cli_number(arena, minor / 100);
	char *text;

	cents = cents < 0 ? -cents : cents;
	if (cents)
		text = promo_arena_printf(arena, "%s%s.%02d%s%s",
			minor < 0 && minor > -100 ? "-" : "", whole, (int)cents,
			currency ? " " : "", currency ? currency : "");
	else
		text = promo_arena_printf(
			arena, "%s%s%s", whole, currency ? " " : "", currency ? currency : "");
	return text ? text : "";
}

const char *cli_time(struct promo_arena *arena, int64_t at_ms)
{
	time_t seconds = (time_t)(at_ms / 1000);
	char text[64];
	struct tm tm;
	char *copy;

	if (at_ms == 0 || !localtime_r(&seconds, &tm) ||
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M %Z", &tm) == 0)
		return "";
	copy = promo_arena_strdup(arena, text);
	return copy ? copy : "";
}

const char *cli_time_utc(struct promo_arena *arena, int64_t at_ms)
{
	char text[PROMO_TIME_SIZE], *copy;

	if (at_ms == 0)
		return "";
	promo_time_format(at_ms, text);
	copy = promo_arena_printf(arena, "%.10s %.5s UTC", text, text + 11);
	return copy ? copy : "";
}

const char *cli_time_relative(struct promo_arena *arena, int64_t at_ms, int64_t now_ms)
{
	static const struct {
		int64_t below_s, unit_s;
		const char *name;
	} units[] = {
		{ 60, 1, "s" },
		{ 3600, 60, "min" },
		{ 2 * 86400, 3600, "h" },
		{ 31 * 86400, 86400, "days" },
	};
	const bool is_past = at_ms <= now_ms;
	const int64_t seconds = (is_past ? now_ms - at_ms : at_ms - now_ms) / 1000;
	char *text;

	if (at_ms == 0)
		return "";
	for (size_t i = 0; i < PROMO_COUNT(units); i++) {
		if (seconds >= units[i].below_s)
			continue;
		text = promo_arena_printf(arena, "%s%" PRId64 " %s%s", is_past ? "" : "in ",
			seconds / units[i].unit_s, units[i].name, is_past ? " ago" : "");
		return text ? text : "";
	}
	return cli_time(arena, at_ms);
}

const char *cli_symbol(const struct cli_out *out, enum cli_tone tone)
{
	switch (tone) {
	case CLI_GOOD:
		return out->utf8 ? "✓" : "+";
	case CLI_WARN:
		return "!";
	case CLI_BAD:
		return out->utf8 ? "✗" : "x";
	case CLI_PLAIN:
	case CLI_MUTED:
	case CLI_BOLD:
		break;
	}
	return out->utf8 ? "·" : "-";
}
