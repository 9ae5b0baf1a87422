/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"

/* Live events. */

PROMO_BEGIN_DECLS

struct promo_event_stream_in {
	struct promo_set set;
	struct promo_texts topics;
	const char *last_event_id;
};
extern const struct promo_schema promo_event_stream_in_schema;

extern const struct promo_op promo_op_event_stream;

PROMO_END_DECLS
