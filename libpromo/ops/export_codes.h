/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/export_formats.h"

/* The codes of a batch as CSV, for an answer or for a job. */

PROMO_BEGIN_DECLS

/* A context for promo_export_codes_fill(), beside which `order` has to last. NULL without memory. */
void *promo_export_codes_new(struct promo_arena *arena, const struct promo_export_order *order);

/* Its progress is told in serials, of as many as the batch has ready codes. */
promo_stream_fill_fn promo_export_codes_fill;

PROMO_END_DECLS
