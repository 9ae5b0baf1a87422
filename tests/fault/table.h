/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Texts by number: each different text gets the next number from 0 up, in constant time. The texts
 * have to outlive the table. Who runs out of memory ends the program.
 */

#define TABLE_NONE SIZE_MAX

struct table {
	const char **texts; /* by number */
	size_t count;
	size_t *slots; /* number + 1; 0: free */
	size_t slot_count;
};

/* The number of a text, a new one if it was not there. */
size_t table_put(struct table *table, const char *text);
/* TABLE_NONE: it is not there. */
size_t table_find(const struct table *table, const char *text);
void table_free(struct table *table);

/* `count` zeroed items; never NULL. */
void *table_allocate(size_t count, size_t size);
/* Room for one more item behind `count` of them, grown in powers of two; never NULL. */
void *table_room(void *items, size_t count, size_t size);
