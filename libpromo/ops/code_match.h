/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/bulk.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/store/store.h"

/* Which codes a filter means: the same for who lists them and for who changes them. Not installed. */

PROMO_BEGIN_DECLS

struct promo_code_match {
	struct promo_code_filter filter;
	const char *part; /* q as codes are stored: upper case, no blanks or dashes; NULL: no q */
	const char *pattern; /* of LIKE: anywhere; NULL: no q */
	const char *prefix;  /* of LIKE: at the beginning */
	bool nothing;        /* q has a character that no code has */
};

/* PROMO_E_INVALID_INPUT naming `pointer` where q has no character that counts. */
int promo_code_match(struct promo_ctx *ctx, const struct promo_code_filter *filter,
	const char *pointer, struct promo_code_match *ret) PROMO_CHECK;

/* How many codes fit, counted. */
int promo_code_match_count(
	struct promo_ctx *ctx, const struct promo_code_match *match, int64_t *ret) PROMO_CHECK;
/* The same for ?count=true, as promo_list_count() says. */
int promo_code_match_total(
	struct promo_ctx *ctx, const struct promo_code_match *match, int64_t *ret) PROMO_CHECK;

PROMO_END_DECLS
