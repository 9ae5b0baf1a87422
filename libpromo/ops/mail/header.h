/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"

/*
 * Lines of a mail's head (RFC 5322), without their line end. Whatever a value holds, one line comes out
 * (with folds where it is long), in ASCII: other characters stand in encoded words (RFC 2047), control
 * characters become blanks. Pure but for its memory. Not installed.
 */

/* "Subject: text" */
int promo_header_text(const char *name, const char *text, struct promo_arena *arena,
	const char **ret) PROMO_CHECK;
/* "From: Name <address>"; the address is one that promo_email_normalize() has seen, the name may be NULL. */
int promo_header_address(const char *name, const char *who, const char *address,
	struct promo_arena *arena, const char **ret) PROMO_CHECK;
/* "Date: Mon, 23 Nov 2026 01:02:03 +0000" */
int promo_header_date(int64_t ms, struct promo_arena *arena, const char **ret) PROMO_CHECK;
