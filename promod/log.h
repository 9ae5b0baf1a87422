/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/log.h"

/*
 * What the daemon says, on stderr: one line each, logfmt, never torn, with the <N> in front
 * that journald reads (not on a terminal). Lines hold route patterns and ids, never a
 * path as it came, a query, a code, a phone number or a secret.
 */

/* Makes it the sink of promo_log(); what is less urgent than `level` is dropped. */
void promod_log_start(enum promo_log_level level);

struct promod_log_request {
	const char *request_id;
	const char *method; /* by promod_log_method() */
	const char *route;  /* pattern, such as "/api/v1/batches/{id}"; NULL: no route */
	const char *operation;
	const char *user_id; /* NULL: anonymous */
	const char *error;   /* wire code; NULL: none */
	int status;          /* 0: the connection ended before there was an answer */
	int64_t duration_us;
	uint64_t bytes; /* of the answer's body */
	bool complete;
};

/* One of the API's methods, or "other". */
const char *promod_log_method(const char *method);

/* The one line of a request: kept until promod_log_flush(), or until there is no more room. Both are
 * for the event loop's thread alone. */
void promod_log_request(const struct promod_log_request *request);
void promod_log_flush(void);
