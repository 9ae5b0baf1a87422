/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"

/*
 * Text or bytes that grow in an arena. A failure (limit or memory) sticks: appending goes on
 * without effect, and whoever takes the result in the end learns of it, so that code that composes
 * reads straight down. Growing leaves the smaller pieces in the arena until its end: keep one
 * buffer and clear it where much goes through.
 */

PROMO_BEGIN_DECLS

struct promo_buffer {
	struct promo_arena *arena;
	char *bytes; /* always with a NUL behind them; NULL while nothing was appended */
	size_t size;
	size_t capacity;
	size_t limit;
	int error;
};

#define PROMO_BUFFER(arena_, limit_)                                                               \
	{                                                                                          \
		.arena = (arena_), .limit = (limit_)                                               \
	}

void promo_buffer_append(struct promo_buffer *buffer, const void *bytes, size_t size);
void promo_buffer_text(struct promo_buffer *buffer, const char *text);
void promo_buffer_char(struct promo_buffer *buffer, char c);
void promo_buffer_printf(struct promo_buffer *buffer, const char *format, ...) PROMO_PRINTF(2, 3);

/* Makes a fault of whoever composes stick like one of the buffer's own; the first one stays. */
void promo_buffer_fail(struct promo_buffer *buffer, int fault);

/* Empties it and keeps its memory; a failure is forgotten. */
void promo_buffer_clear(struct promo_buffer *buffer);

/* The text so far ("" for nothing), or the fault of an append that went beyond the limit or found
 * no memory. It stays the buffer's: the next append may move it. */
int promo_buffer_end(struct promo_buffer *buffer, const char **ret) PROMO_CHECK;

PROMO_END_DECLS
