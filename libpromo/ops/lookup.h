/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"
#include "libpromo/rules/code_status.h"
#include "libpromo/store/rows_codes.h"

/* A code that somebody brings: the same steps for verification, redemption and report. */

PROMO_BEGIN_DECLS

/* Optional texts arrive as NULL or, typed and deleted again, as nothing: NULL for both. */
const char *promo_text_given(const char *text);

/* PROMO_E_INVALID_INPUT with field code `code_malformed` where the form of a canonical code alone
 * shows that it was never issued. NULL is fine. */
int promo_code_check(struct promo_ctx *ctx, const char *code) PROMO_CHECK;

/* Whether the actor may see a code that was looked for (NULL: there is none), which is noted for the
 * audit trail. PROMO_E_CODE_NOT_FOUND; PROMO_E_FORBIDDEN where the shop's setting limits him to
 * batches of his own or of nobody. */
int promo_code_judge(struct promo_ctx *ctx, const struct promo_code_found *found) PROMO_CHECK;

/* Looks up what decides about a canonical code; refuses as promo_code_check() and promo_code_judge()
 * have it. */
int promo_code_lookup(
	struct promo_ctx *ctx, const char *code, struct promo_code_found *ret) PROMO_CHECK;

/* The facts as the rules take them. */
struct promo_code_facts promo_code_facts_of(const struct promo_code_found *found);
struct promo_batch_facts promo_batch_facts_of(const struct promo_code_found *found);

/* Notes that the own status of the code was changed, for the audit trail. */
int promo_code_note_change(struct promo_ctx *ctx, enum promo_code_status before,
	enum promo_code_status after) PROMO_CHECK;

PROMO_END_DECLS
