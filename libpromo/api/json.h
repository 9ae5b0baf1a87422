/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"
#include "libpromo/model/field.h"

/*
 * Structs as values of jansson, for the files of this folder only: the codec, problems and OpenAPI
 * build on it. Not installed. Every json_t that is handed out is the caller's.
 */

/* The value of one field, JSON null where the field holds its null. */
int promo_json_value(const struct promo_field *field, const void *object, json_t **ret) PROMO_CHECK;

/* Puts the members of an output into an object that exists: by the flags OMIT_NULL and INTERNAL. */
int promo_json_put_members(
	const struct promo_schema *schema, const void *object, json_t *into) PROMO_CHECK;

/* The way back, for a client: the members of an object into a struct, whose nulls are set first.
 * PROMO_E_UNAVAILABLE if it is no object, or a member cannot be what its field says. */
int promo_json_take_members(const struct promo_schema *schema, json_t *json,
	struct promo_arena *arena, void *ret) PROMO_CHECK;

/* Like json_object_set_new(), with a fault instead of -1 (also where value is NULL). */
int promo_json_put(json_t *into, const char *name, json_t *value) PROMO_CHECK;

/* The text of a value, in the arena; flags of json_dumps(). */
int promo_json_text(
	const json_t *value, size_t flags, struct promo_arena *arena, const char **ret) PROMO_CHECK;

/* A pointer inside an object, by its field. */
static inline const void *promo_json_at(const struct promo_field *field, const void *object)
{
	return (const char *)object + field->offset;
}
