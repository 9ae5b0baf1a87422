/* SPDX-License-Identifier: MIT */
#include "tests/fault/table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory)
{
	if (!memory) {
		(void)fprintf(stderr, "there is not enough memory\n");
		exit(2);
	}
	return memory;
}

void *table_allocate(size_t count, size_t size)
{
	return or_end(calloc(count ? count : 1, size));
}

void *table_room(void *items, size_t count, size_t size)
{
	enum {
		FIRST = 64
	};

	if (count == 0)
		return or_end(realloc(items, FIRST * size));
	if (count < FIRST || (count & (count - 1)) != 0)
		return items;
	return or_end(reallocarray(items, count * 2, size));
}

/* FNV-1a, 64 bits. */
static size_t hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	return (size_t)(h ^ (h >> 32));
}

/* Where the text stands, or the free slot where it would. */
static size_t slot_of(const struct table *table, const char *text)
{
	size_t at = hash(text) & (table->slot_count - 1);

	while (table->slots[at] && strcmp(table->texts[table->slots[at] - 1], text) != 0)
		at = (at + 1) & (table->slot_count - 1);
	return at;
}

static void grow(struct table *table)
{
	free(table->slots);
	table->slot_count = table->slot_count ? table->slot_count * 2 : 256;
	table->slots = table_allocate(table->slot_count, sizeof(*table->slots));
	for (size_t i = 0; i < table->count; i++)
		table->slots[slot_of(table, table->texts[i])] = i + 1;
}

size_t table_put(struct table *table, const char *text)
{
	size_t at;

	if ((table->count + 1) * 2 > table->slot_count)
		grow(table);
	at = slot_of(table, text);
	if (table->slots[at])
		return table->slots[at] - 1;
	table->texts = table_room(table->texts, table->count, sizeof(*table->texts));
	table->texts[table->count++] = text;
	table->slots[at] = table->count;
	return table->count - 1;
}

size_t table_find(const struct table *table, const char *text)
{
	size_t at;

	if (!table->slot_count)
		return TABLE_NONE;
	at = slot_of(table, text);
	return table->slots[at] ? table->slots[at] - 1 : TABLE_NONE;
}

void table_free(struct table *table)
{
	free(table->texts);
	free(table->slots);
	*table = (struct table){ 0 };
}
