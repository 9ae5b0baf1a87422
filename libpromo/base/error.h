/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/macros.h"

/*
 * Results. Every function that can fail returns int:
 *   0   done;
 *   >0  a refusal from errors.def: expected, shown to people, may be compared;
 *   <0  a fault (-ENOMEM, -EIO, ...): born in promo_fault(), which logs it once, then only handed
 *       on. Nobody compares it and nobody logs it again; a client sees `internal` and the id of
 *       the request.
 * Outputs are written on success only.
 */

PROMO_BEGIN_DECLS

enum promo_error {
	PROMO_OK = 0,
#define PROMO_ERR(name, http, exit_code, wire, text) PROMO_E_##name,
#include "libpromo/base/errors.def"
#undef PROMO_ERR
	PROMO_E_COUNT
};

struct promo_error_info {
	int http_status;
	int exit_code; /* of `promo` */
	const char *wire;
	const char *text; /* a sentence for people: lower case, no full stop */
};

/* The row of an error; of `internal` for a fault (<0) or a number that is none. Never NULL. */
const struct promo_error_info *promo_error_info(int error);

/* The error with this wire code, 0 if there is none (a newer server may know more). */
int promo_error_from_wire(const char *wire);

/* Gives birth to a fault: logs the message once with its place and the request id, returns error
 * (a negative errno value), so that `return promo_fault(-EIO, "could not ...")` reads well. */
#define promo_fault(error, ...) promo_fault_at((error), __FILE__, __LINE__, __VA_ARGS__)
int promo_fault_at(int error, const char *file, int line, const char *format, ...)
	PROMO_PRINTF(4, 5);

PROMO_END_DECLS
