/* SPDX-License-Identifier: MIT */
#include <malloc.h>
#include <string.h>

#include "libpromo/api/json.h"

/*
 * jansson reads a text although memory lacks: a byte for which its buffer cannot grow is left out,
 * and what comes out of it is another text, in silence. Another code, another phone number. So its
 * allocations are watched, and a reading in which one failed does not count.
 */

static json_malloc_t allocate_next;
static json_free_t release_next;
static _Thread_local bool memory_lacked;

static void *allocate(size_t size)
{
	void *memory = allocate_next(size);

	memory_lacked = memory_lacked || !memory;
	return memory;
}

/* What a text says may be a password. */
static void release(void *memory)
{
	if (memory)
		explicit_bzero(memory, malloc_usable_size(memory));
	release_next(memory);
}

/* Before there are threads: jansson asks for its functions without a lock. */
__attribute__((constructor)) static void watch_allocations(void)
{
	json_get_alloc_funcs(&allocate_next, &release_next);
	json_set_alloc_funcs(allocate, release);
}

json_t *promo_json_load(const char *text, size_t size, size_t flags, json_error_t *error)
{
	json_t *json;

	memory_lacked = false;
	json = json_loadb(text, size, flags, error);
	if (!memory_lacked)
		return json;
	json_decref(json);
	/* Where jansson keeps the code. */
	error->text[JSON_ERROR_TEXT_LENGTH - 1] = (char)json_error_out_of_memory;
	return NULL;
}

json_t *promo_json_load_text(const char *text, size_t flags)
{
	json_error_t error;

	return promo_json_load(text, strlen(text), flags, &error);
}
