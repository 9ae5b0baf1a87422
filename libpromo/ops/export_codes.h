/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/stream.h"

/* The codes of a batch as CSV, for an answer or for a job. */

PROMO_BEGIN_DECLS

/* A context for promo_export_codes_fill(). `status`: effective ones, none for all; redemptions: with
 * when, for whom and by whom each was redeemed. NULL without memory. */
void *promo_export_codes_new(struct promo_arena *arena, const char *batch_id,
	struct promo_texts status, bool redemptions);

/* Its progress is told in serials, of as many as the batch has ready codes. */
promo_stream_fill_fn promo_export_codes_fill;

PROMO_END_DECLS
