/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "libpromo/base/macros.h"

/*
 * Memory of one request: what lives as long as it comes from here, nobody frees a piece, and its
 * end frees all. Not thread-safe; an arena belongs to one thread at a time. A limit stops a request
 * that wants more than it may have.
 */

PROMO_BEGIN_DECLS

struct promo_arena;

/* A new arena that hands out at most limit_bytes; NULL without memory. */
struct promo_arena *promo_arena_new(size_t limit_bytes);
/* The same for what holds passwords and tokens: its memory is overwritten before it is given back. */
struct promo_arena *promo_arena_new_secret(size_t limit_bytes);
void promo_arena_free(struct promo_arena *arena);   /* NULL is fine */
void promo_arena_freep(struct promo_arena **arena); /* for PROMO_CLEANUP */
/* Gives everything back and keeps the arena. */
void promo_arena_clear(struct promo_arena *arena);

/* Zeroed memory, aligned for any type; NULL when the limit or the memory is used up. */
void *promo_arena_alloc(struct promo_arena *arena, size_t size);
void *promo_arena_alloc_array(struct promo_arena *arena, size_t count, size_t size);

/* Copies; NULL when out of memory. promo_arena_strdup(arena, NULL) is NULL. */
char *promo_arena_strdup(struct promo_arena *arena, const char *text);
char *promo_arena_strndup(struct promo_arena *arena, const char *text, size_t length);
char *promo_arena_printf(struct promo_arena *arena, const char *format, ...) PROMO_PRINTF(2, 3);
char *promo_arena_vprintf(struct promo_arena *arena, const char *format, va_list arguments)
	PROMO_PRINTF(2, 0);

PROMO_END_DECLS
