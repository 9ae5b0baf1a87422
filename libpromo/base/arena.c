/* SPDX-License-Identifier: MIT */
#include "libpromo/base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_SIZE = 16 * 1024
};

struct block {
	struct block *next;
	size_t size; /* of the bytes behind the header */
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct promo_arena {
	struct block *blocks; /* the newest first, which is the one with room */
	size_t limit;
	size_t total;
	bool secret;
};

struct promo_arena *promo_arena_new(size_t limit_bytes)
{
	struct promo_arena *arena = calloc(1, sizeof(*arena));

	if (arena)
		arena->limit = limit_bytes;
	return arena;
}

struct promo_arena *promo_arena_new_secret(size_t limit_bytes)
{
	struct promo_arena *arena = promo_arena_new(limit_bytes);

	if (arena)
		arena->secret = true;
	return arena;
}

void promo_arena_clear(struct promo_arena *arena)
{
	struct block *block = arena->blocks;

	while (block) {
		struct block *next = block->next;

		if (arena->secret)
			explicit_bzero(block->bytes, block->used);
		free(block);
		block = next;
	}
	arena->blocks = NULL;
	arena->total = 0;
}

void promo_arena_free(struct promo_arena *arena)
{
	if (!arena)
		return;
	promo_arena_clear(arena);
	free(arena);
}

void promo_arena_freep(struct promo_arena **arena)
{
	promo_arena_free(*arena);
}

/* A block with room for `size` bytes, and for more pieces where the limit leaves it. */
static struct block *block_new(struct promo_arena *arena, size_t size)
{
	size_t left = arena->limit - arena->total;
	struct block *block;

	if (size > left)
		return NULL;
	if (size < BLOCK_SIZE)
		size = left < BLOCK_SIZE ? left : BLOCK_SIZE;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return NULL;
	block->size = size;
	block->used = 0;
	arena->total += size;
	return block;
}

void *promo_arena_alloc(struct promo_arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *block = arena->blocks;
	void *memory;

	if (size > arena->limit)
		return NULL;
	size = (size + align - 1) & ~(align - 1);
	if (size == 0)
		size = align;
	if (!block || block->size - block->used < size) {
		block = block_new(arena, size);
		if (!block)
			return NULL;
		/* A block for one large piece is full at once: it goes behind the one with room. */
		if (size > BLOCK_SIZE && arena->blocks) {
			block->next = arena->blocks->next;
			arena->blocks->next = block;
		} else {
			block->next = arena->blocks;
			arena->blocks = block;
		}
	}
	memory = block->bytes + block->used;
	block->used += size;
	memset(memory, 0, size);
	return memory;
}

void *promo_arena_alloc_array(struct promo_arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return promo_arena_alloc(arena, total);
}

char *promo_arena_strndup(struct promo_arena *arena, const char *text, size_t length)
{
	char *copy = promo_arena_alloc(arena, length + 1);

	if (copy)
		memcpy(copy, text, length);
	return copy;
}

char *promo_arena_strdup(struct promo_arena *arena, const char *text)
{
	return text ? promo_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *promo_arena_vprintf(struct promo_arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char room[128], *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(room, sizeof(room), format, again);
	va_end(again);
	if (length < 0)
		return NULL;
	if ((size_t)length < sizeof(room))
		return promo_arena_strndup(arena, room, (size_t)length);
	text = promo_arena_alloc(arena, (size_t)length + 1);
	if (text)
		(void)vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *promo_arena_printf(struct promo_arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = promo_arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}
