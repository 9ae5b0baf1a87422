/* SPDX-License-Identifier: MIT */
#include "libpromo/base/log.h"

#include <stdarg.h>
#include <stdio.h>

static promo_log_sink *log_sink;
static _Thread_local const char *log_request_id;

void promo_log_set_sink(promo_log_sink *sink)
{
	log_sink = sink;
}

void promo_log_set_request(const char *request_id)
{
	log_request_id = request_id;
}

void promo_log(enum promo_log_level level, const char *format, ...)
{
	char line[2048];
	va_list arguments;
	int length;

	if (!log_sink)
		return;
	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	/* A message is one line, whatever a server's text brings along. */
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	if (log_request_id && (size_t)length < sizeof(line))
		(void)snprintf(line + length, sizeof(line) - (size_t)length, " request_id=%s",
			log_request_id);
	log_sink(level, line);
}
