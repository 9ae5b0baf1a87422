/* SPDX-License-Identifier: MIT */
#pragma once

#include <libpq-fe.h>

#include "libpromo/base/arena.h"
#include "libpromo/model/field.h"

/*
 * Rows of the database into structs, by the tables of fields. A plan says once for a statement in
 * which column each field stands; reading a row is then a walk over the plan. How columns are named
 * for objects and lists: sql/README.md.
 */

struct promo_row_plan;

struct promo_row_slot {
	const struct promo_field *field;
	int column;                  /* -1: none, the field gets its null */
	struct promo_row_plan *plan; /* OBJECT and OBJECTS: of its schema */
};

struct promo_row_plan {
	const struct promo_schema *schema;
	int columns; /* how many of the result belong to it */
	struct promo_row_slot slots[];
};

/* Looks the columns up in a result (or in a description of one). */
int promo_row_plan_new(const struct promo_schema *schema, const PGresult *result,
	struct promo_row_plan **ret) PROMO_CHECK;
void promo_row_plan_free(struct promo_row_plan *plan);
void promo_row_plan_freep(struct promo_row_plan **plan);

/* Fills a struct of the plan's schema; its texts go into the arena. A value that is none of its
 * kind is a fault. */
int promo_row_read(const struct promo_row_plan *plan, const PGresult *result, int row,
	struct promo_arena *arena, void *ret) PROMO_CHECK;

/* The items of an array of one dimension as PostgreSQL writes it ("{a,NULL,\"b c\"}"); NULL items
 * stay NULL. PROMO_E_INVALID_INPUT if it is none. */
int promo_row_array(
	const char *text, struct promo_arena *arena, struct promo_texts *ret) PROMO_CHECK;
