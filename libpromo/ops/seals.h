/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_export.h"
#include "libpromo/api/op_system.h"
#include "libpromo/ops/ctx.h"
#include "libpromo/rules/seal.h"

/* The sealed trail, as it is read: by the operation that checks it, and by the export that can be
 * checked elsewhere. Both read in bounded memory, whatever there is. */

PROMO_BEGIN_DECLS

struct promo_pace;
struct promo_pacer;
struct promo_params;
struct promo_runner_config;
struct promo_sealing;
struct promo_store;
struct promo_stream_sink;

/* GET /audit/verify: see the row. */
int promo_audit_verify(struct promo_ctx *ctx, const struct promo_audit_verify_in *in) PROMO_CHECK;

/* The same of a store, without the log: how many problems there are. For a database that was restored. */
int promo_seals_check(const struct promo_sealing *sealing, struct promo_store *store,
	struct promo_arena *arena, size_t *ret_problems) PROMO_CHECK;

/* The whole trail in the order of its seals, each before its rows, and what is not sealed at the end:
 * lines that promo_audit_line_read() reads. */
int promo_seals_write(struct promo_store *store, struct promo_arena *arena,
	struct promo_stream_sink *sink) PROMO_CHECK;

/* Takes some of the rows that audit_search does not know into it: while lanes are at work a few, else many.
 * *ret_more: there are more, and time for them. */
int promo_audit_index(struct promo_store *store, struct promo_arena *arena,
	struct promo_pacer *pacer, struct promo_pace *pace, bool *ret_more) PROMO_CHECK;

/* For how many seconds the oldest entry that is not sealed waits, 0: none does. A few where all is well; a
 * minute or two where counts of repeated attempts were just moved into the trail (audit_folds.h), and longer
 * for one round after a pause of all daemons. What goes on for minutes means that nobody seals, or that
 * somebody keeps it from happening, who owns the database. */
int promo_seal_age(struct promo_ctx *ctx, int64_t *ret_seconds) PROMO_CHECK;

/* *dropped_to is what the last seal says. Raises it to the seal up to which the owner of the database wants rows
 * to be dropped, where one of our keys signed that it is older than privacy.keep_audit_days. */
int promo_seal_wish(const struct promo_runner_config *config, struct promo_store *store,
	struct promo_arena *arena, int64_t *dropped_to) PROMO_CHECK;

/* Adds the parameters of PROMO_Q_SEAL_LEAVES and PROMO_Q_SEAL_LINES. */
void promo_seal_param_ranges(
	struct promo_params *params, const struct promo_seal_range *ranges, size_t count);

PROMO_END_DECLS
