/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/*
 * The one way out for messages of the libraries. They never print: without a sink, which only a
 * program sets, everything is dropped. Never put a code, a phone number or a secret into a message.
 */

PROMO_BEGIN_DECLS

enum promo_log_level { /* numbers of syslog(3), for the <N> prefix that journald reads */
	PROMO_LOG_ERROR = 3,
	PROMO_LOG_WARNING = 4,
	PROMO_LOG_INFO = 6,
	PROMO_LOG_DEBUG = 7,
};

/* Called from any thread with one line without a line end. */
typedef void promo_log_sink(enum promo_log_level level, const char *line);

/* Sets the sink of the process (NULL: silence); before threads are started. */
void promo_log_set_sink(promo_log_sink *sink);

/* Formats and hands to the sink; the id of this thread's request is added as `request_id=...`. */
void promo_log(enum promo_log_level level, const char *format, ...) PROMO_PRINTF(2, 3);

/* Names the request that this thread works on; NULL: none. The text has to outlive its use. */
void promo_log_set_request(const char *request_id);

PROMO_END_DECLS
