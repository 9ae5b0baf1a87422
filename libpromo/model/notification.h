/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/words.h"

/* What a user is told of without having asked: that a job of his has ended. */

PROMO_BEGIN_DECLS

struct promo_notification {
	const char *id, *kind, *title, *body;
	const char *link; /* JSON: the kind and the id of what it is about */
	int64_t read_at, created_at;
};
extern const struct promo_schema promo_notification_schema;

PROMO_END_DECLS
