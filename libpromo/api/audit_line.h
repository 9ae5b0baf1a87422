/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/codec.h"
#include "libpromo/rules/seal.h"

/* Lines of an exported trail that can be checked, and of seals.log. */

PROMO_BEGIN_DECLS

/* PROMO_E_INVALID_INPUT: it is no such line. */
int promo_audit_line_read(
	const char *text, struct promo_arena *arena, struct promo_audit_line *ret) PROMO_CHECK;

/* The columns of an entry, as they are hashed; `text` is the line that it was read from. */
int promo_audit_line_columns(const char *text, const struct promo_audit_line *line,
	struct promo_arena *arena, const char *ret[PROMO_SEAL_COLUMNS]) PROMO_CHECK;

PROMO_END_DECLS
