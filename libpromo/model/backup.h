/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"
#include "libpromo/model/words.h"

/* A copy of everything that the database held at one moment, in a file of the server's backup folder. */

PROMO_BEGIN_DECLS

struct promo_backup {
	const char *id;
	int kind;            /* enum promo_backup_kind */
	int status;          /* enum promo_backup_status */
	int64_t size_bytes;  /* PROMO_NULL_INT until it is made, as is what follows */
	const char *sha256;  /* of the file as it is downloaded */
	const char *counts;  /* JSON: rows and sums that it holds */
	int64_t verified_at; /* when it was last restored on trial and found whole; 0: not yet */
	int64_t created_at;
	int64_t expires_at; /* when it is taken away; 0: not by itself */
};
extern const struct promo_schema promo_backup_schema;

PROMO_END_DECLS
