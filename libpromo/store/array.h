/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"

/*
 * An array as a parameter of a statement, item by item: the text that PostgreSQL reads
 * ("{1,NULL,\"a b\"}"). Columns of many rows travel as such arrays, and are made on the thread that
 * serves everybody: one pass, and memory that is taken once where the size was guessed well.
 *
 * A lack of memory is remembered and found by promo_param_array().
 */

PROMO_BEGIN_DECLS

struct promo_params;

struct promo_array {
	struct promo_arena *arena;
	char *text;
	size_t size, capacity;
	bool failed;
};

/* Room for `count` items of about item_size bytes each; it grows where that was too little. */
struct promo_array promo_array_new(struct promo_arena *arena, size_t count, size_t item_size);

/* Add an item; NULL, PROMO_NULL_INT: null. promo_array_plain() takes what can mean nothing else in
 * an array, and does not look at it: ids, phones, hashes, words. A code is none: "NULL" is one. */
void promo_array_text(struct promo_array *array, const char *value);
void promo_array_plain(struct promo_array *array, const char *value);
void promo_array_int(struct promo_array *array, int64_t value);
void promo_array_money(struct promo_array *array, int64_t minor);

/* Ends it and adds it as the next parameter. */
void promo_param_array(struct promo_params *params, struct promo_array *array);

PROMO_END_DECLS
