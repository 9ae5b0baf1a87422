/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_print.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/ops/stream.h"

/*
 * The codes of a batch as sheets of vouchers (print/voucher.h): for an answer that is made while it
 * is sent, and for the file of a job. What is printed, and in which state, is decided by one
 * snapshot of the database; which place a code has, by its serial alone.
 */

PROMO_BEGIN_DECLS

/* Which sheets. */
struct promo_sheets_order {
	const char *batch_id;
	struct promo_texts status; /* effective ones; none: all */
	bool qr;
};

/* Writes them into a sink: a promo_stream_fill_fn, whose context is a struct promo_sheets_order in
 * the arena. Names, logo and time zone come from the settings at that moment. Progress is counted in
 * serials, so the total is what the batch has in ready_codes. */
int promo_sheets_fill(void *context, struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink) PROMO_CHECK;

/* The operation: sets ctx->spool, which a thread with a connection of its own then fills. */
int promo_code_print(struct promo_ctx *ctx, const struct promo_code_print_in *in) PROMO_CHECK;

PROMO_END_DECLS
