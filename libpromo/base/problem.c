/* SPDX-License-Identifier: MIT */
#include "libpromo/base/problem.h"

#include <errno.h>
#include <stdarg.h>

#include "libpromo/base/error.h"

int promo_refuse(struct promo_problem *problem, struct promo_arena *arena, int error,
	const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	problem->detail = promo_arena_vprintf(arena, format, arguments);
	va_end(arguments);
	problem->error = error;
	return error;
}

int promo_refuse_field(struct promo_problem *problem, struct promo_arena *arena,
	const char *pointer, const char *code, const char *format, ...)
{
	struct promo_field_error *field;
	va_list arguments;

	problem->error = PROMO_E_INVALID_INPUT;
	if (problem->field_count == PROMO_FIELD_ERRORS_MAX)
		return PROMO_E_INVALID_INPUT;
	if (!problem->fields) {
		problem->fields = promo_arena_alloc_array(
			arena, PROMO_FIELD_ERRORS_MAX, sizeof(*problem->fields));
		if (!problem->fields)
			return promo_fault(-ENOMEM, "could not note a bad field");
	}
	field = &problem->fields[problem->field_count++];
	field->pointer = promo_arena_strdup(arena, pointer);
	field->code = code;
	va_start(arguments, format);
	field->message = promo_arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return PROMO_E_INVALID_INPUT;
}
