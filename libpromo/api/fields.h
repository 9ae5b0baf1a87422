/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/arena.h"

/*
 * Some fields of an answer, chosen by name: "id", "batch.batch_name". A name is looked up in the
 * tables once; what it finds is good for every object of the noun. Through a list of objects a name
 * means that field of each of them.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_PATH_STEPS_MAX = 4,
	PROMO_CHOSEN_MAX = 128,
};

/* The way from a noun to one of its fields, or to one of an object inside it. */
struct promo_path {
	const char *name;
	const struct promo_field *steps[PROMO_PATH_STEPS_MAX];
	size_t count; /* 0: the noun has no such field */
};

struct promo_chosen {
	struct promo_path paths[PROMO_CHOSEN_MAX];
	size_t count; /* 0: nothing was chosen, so all of it */
};

/* Looks up a dotted name, which has to last. False if the noun has no such field; then *ret has its
 * name and no steps. */
bool promo_path_find(const struct promo_schema *schema, const char *name, struct promo_path *ret);

/* One object with the chosen fields as members, nested as they are in the whole answer. */
int promo_encode_chosen(const struct promo_schema *schema, const void *object,
	const struct promo_chosen *chosen, struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* Items of a page, separated by commas, `before` of which were written already: what stands between
 * promo_encode_list_head() and promo_encode_list_tail(). */
int promo_encode_list_items(const struct promo_op *op, const struct promo_list *page,
	const struct promo_chosen *chosen, size_t before, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;

PROMO_END_DECLS
