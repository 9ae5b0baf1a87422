/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "promod/http.h"

/*
 * An HTTP server on a loop and thread of its own, with a handler that knows a few paths:
 *   /now      answers at once; /later after some turns of the loop; /never does not answer
 *   /echo     the size of the body it was sent
 *   /stream   100,000 numbered lines, a piece now and then; /broken cuts them in the middle
 *   /silent   a stream that says nothing after its head, and ends with its client
 *   else      404
 */

struct stub {
	unsigned port;
	/* Counted by the handler. */
	atomic_int begun, ended, refused, answered, sources_closed;
	atomic_size_t bytes;
	struct stub_inside *inside;
};

extern const struct promod_http_config stub_config;

void stub_start(struct stub *stub, const struct promod_http_config *config);
/* Stops listening and lets what is busy end; waits for it. */
void stub_drain(struct stub *stub);
/* Stops at once and frees everything. */
void stub_stop(struct stub *stub);
