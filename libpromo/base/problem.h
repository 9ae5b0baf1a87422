/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/macros.h"

/*
 * What is said beside the number of a refusal: a sentence with the particulars, the bad fields, and
 * the extra members of the answer. On the wire it is an RFC 9457 problem; in C it travels beside
 * the int that every function returns. All of it lives in the arena of the request.
 */

PROMO_BEGIN_DECLS

struct promo_schema;

enum {
	PROMO_FIELD_ERRORS_MAX = 64
}; /* named in one answer; more are not listed */

struct promo_field_error {
	const char *pointer; /* JSON pointer (RFC 6901), or "?name" for a query parameter */
	const char *code;    /* "required", "unknown_field", "wrong_type", ... */
	const char *message;
};

struct promo_problem {
	int error;
	const char *detail; /* NULL: the error's own sentence */
	struct promo_field_error *fields;
	size_t field_count;
	const struct promo_schema *member_schema; /* of what members points to, else NULL */
	const void *members;
	int64_t retry_after_s; /* above 0: seconds for Retry-After */
};

/* Notes a refusal with its particulars; returns error, for `return promo_refuse(...)`. */
int promo_refuse(struct promo_problem *problem, struct promo_arena *arena, int error,
	const char *format, ...) PROMO_PRINTF(4, 5);

/* Adds a bad field (`code` is a literal; the other texts are copied) and sets
 * PROMO_E_INVALID_INPUT, which it returns; -ENOMEM without memory. */
int promo_refuse_field(struct promo_problem *problem, struct promo_arena *arena,
	const char *pointer, const char *code, const char *format, ...) PROMO_PRINTF(5, 6);

PROMO_END_DECLS
