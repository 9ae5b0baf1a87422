/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_export.h"
#include "libpromo/model/words.h"
#include "libpromo/ops/stream.h"

/*
 * What formats the codes of a batch are exported in, one row each: the same fill function makes the
 * file of an answer and that of a job.
 */

PROMO_BEGIN_DECLS

/* What is wanted. */
struct promo_export_order {
	const char *batch_id;
	struct promo_texts status; /* effective ones; none: all */
	bool redemptions;          /* with who redeemed what */
	bool qr;                   /* with QR codes */
};

/* A context for the fill function, with copies of all of the order, in `arena`; NULL without memory. */
typedef void *promo_export_make_fn(
	struct promo_arena *arena, const struct promo_export_order *order);

struct promo_export_format_row {
	enum promo_export_format format;
	enum promo_job_kind kind; /* of the job that makes it */
	const char *extension, *media_type;
	promo_export_make_fn *make;
	promo_stream_fill_fn *fill;
};
extern const struct promo_export_format_row promo_export_formats[];
extern const size_t promo_export_format_count;

/* NULL if it is none. */
const struct promo_export_format_row *promo_export_format_of(int format);
/* By the kind of the job; NULL if it is none that exports. */
const struct promo_export_format_row *promo_export_format_find(int kind);

PROMO_END_DECLS
