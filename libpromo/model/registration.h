/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/ref.h"
#include "libpromo/model/words.h"

/* Somebody who asked for an account and waits for approval. */

PROMO_BEGIN_DECLS

struct promo_registration {
	const char *id, *first_name, *last_name, *email, *phone_number;
	int status; /* enum promo_approval */
	const struct promo_ref *decided_by;
	int64_t created_at, decided_at;
};
extern const struct promo_schema promo_registration_schema;

PROMO_END_DECLS
