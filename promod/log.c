/* SPDX-License-Identifier: MIT */
#include "promod/log.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/api/op.h"
#include "libpromo/base/time.h"

enum {
	LINE_MAX_BYTES = PIPE_BUF /* what goes into a pipe in one piece, whoever else writes */
};

static enum promo_log_level level_wanted = PROMO_LOG_INFO;
static bool with_priority;

static const char *level_name(enum promo_log_level level)
{
	switch (level) {
	case PROMO_LOG_ERROR:
		return "error";
	case PROMO_LOG_WARNING:
		return "warning";
	case PROMO_LOG_INFO:
		return "info";
	case PROMO_LOG_DEBUG:
		break;
	}
	return "debug";
}

struct line {
	char text[LINE_MAX_BYTES];
	size_t size;
};

/* Lines of requests, of the loop's thread alone, until the end of its turn: a call of the kernel for
 * each would cost more than the line. */
static struct line waiting;

static void add(struct line *line, const char *text, size_t size)
{
	/* One byte is kept for the line end: a line that is too long is cut, not lost. */
	size_t room = sizeof(line->text) - 1 - line->size;

	if (size > room)
		size = room;
	memcpy(line->text + line->size, text, size);
	line->size += size;
}

static void add_text(struct line *line, const char *text)
{
	add(line, text, strlen(text));
}

static void add_number(struct line *line, const char *name, int64_t number)
{
	char text[64];

	(void)snprintf(text, sizeof(text), " %s=%" PRId64, name, number);
	add_text(line, text);
}

/* In quotes where it has to be. */
static void add_value(struct line *line, const char *name, const char *value)
{
	if (!value)
		return;
	add_text(line, " ");
	add_text(line, name);
	add_text(line, "=");
	if (value[0] && !strpbrk(value, " \"=\\")) {
		add_text(line, value);
		return;
	}
	add_text(line, "\"");
	for (const char *at = value; *at; at++) {
		if (*at == '"' || *at == '\\')
			add_text(line, "\\");
		add(line, at, 1);
	}
	add_text(line, "\"");
}

static void begin(struct line *line, enum promo_log_level level)
{
	char time[PROMO_TIME_SIZE], priority[8];

	line->size = 0;
	if (with_priority) {
		(void)snprintf(priority, sizeof(priority), "<%d>", (int)level);
		add_text(line, priority);
	}
	promo_time_format(promo_now_ms(), time);
	add_text(line, "time=");
	add_text(line, time);
	add_value(line, "level", level_name(level));
}

static void put(const struct line *line)
{
	/* There is nobody left to tell if stderr is gone. */
	if (line->size > 0)
		(void)!write(STDERR_FILENO, line->text, line->size);
}

void promod_log_flush(void)
{
	put(&waiting);
	waiting.size = 0;
}

static void on_message(enum promo_log_level level, const char *text)
{
	struct line line;

	if (level > level_wanted)
		return;
	begin(&line, level);
	add_value(&line, "msg", text);
	line.text[line.size++] = '\n';
	put(&line);
}

void promod_log_start(enum promo_log_level level)
{
	level_wanted = level;
	with_priority = isatty(STDERR_FILENO) != 1;
	promo_log_set_sink(on_message);
}

const char *promod_log_method(const char *method)
{
	for (int known = PROMO_GET; known <= PROMO_DELETE; known++)
		if (strcmp(promo_method_name((enum promo_method)known), method) == 0)
			return promo_method_name((enum promo_method)known);
	return strcmp(method, "HEAD") == 0 ? "HEAD" : "other";
}

void promod_log_request(const struct promod_log_request *request)
{
	enum promo_log_level level = request->status >= 500 ? PROMO_LOG_WARNING : PROMO_LOG_INFO;
	struct line line;

	if (level > level_wanted)
		return;
	begin(&line, level);
	add_value(&line, "msg", "request");
	add_value(&line, "request_id", request->request_id);
	add_value(&line, "method", request->method);
	add_value(&line, "route", request->route ? request->route : "-");
	add_value(&line, "operation", request->operation);
	add_number(&line, "status", request->status);
	add_value(&line, "error", request->error);
	add_number(&line, "duration_us", request->duration_us);
	add_number(&line, "bytes", (int64_t)request->bytes);
	add_value(&line, "user_id", request->user_id);
	if (!request->complete)
		add_value(&line, "complete", "no");
	line.text[line.size++] = '\n';
	if (waiting.size + line.size > sizeof(waiting.text))
		promod_log_flush();
	memcpy(waiting.text + waiting.size, line.text, line.size);
	waiting.size += line.size;
}
