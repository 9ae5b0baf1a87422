/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"

/* Codes on paper. */

PROMO_BEGIN_DECLS

struct promo_code_print_in {
	struct promo_set set;
	const char *id;
	struct promo_texts status;
	bool qr; /* unless it is given, there are QR codes: ask promo_present() */
};

extern const struct promo_schema promo_code_print_in_schema;
extern const struct promo_op promo_op_code_print;

PROMO_END_DECLS
