/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"

/*
 * The audit trail's writing side. A connection is a writer with a dense sequence of its own: one
 * statement raises the sequence and inserts the rows, in the transaction of what they tell. Rows hold
 * ids and keyed hashes, never names, phones, codes or secrets.
 */

PROMO_BEGIN_DECLS

struct promo_audit_folds;
struct promo_call;
struct promo_params;

/* Registers this connection as a new writer: once after every (re)connect. */
int promo_audit_open(struct promo_store *store, struct promo_arena *arena, const char *process,
	int64_t *ret_writer) PROMO_CHECK;

/* One row. */
struct promo_audit_row {
	int64_t writer;
	const struct promo_actor *actor;
	const struct promo_request *request; /* ip, user agent and request id */
	const char *action;                  /* name of the operation */
	const char *permission;
	int error; /* 0, a refusal, or a fault: outcome and wire code follow from it */
	const struct promo_audit_note *note;
	const unsigned char *hash_key; /* 32 bytes */
	bool reads;                    /* the operation writes nothing */
};

/* The row of a call that ended with `error`; false where the operation leaves none. */
bool promo_audit_of_call(
	const struct promo_call *call, int64_t writer, int error, struct promo_audit_row *ret);

/* Writes one row, or counts it where it repeats another (audit_folds.h; NULL: never). */
int promo_audit_write(struct promo_store *store, struct promo_arena *arena,
	struct promo_audit_folds *folds, const struct promo_audit_row *row) PROMO_CHECK;
/* Whether the last statement failed because the writer may write no more: the connection has to be
 * registered anew, and the transaction to be run again. */
bool promo_audit_writer_closed(const struct promo_store *store);

/* Rows of one writer that are written together, in the order they were added: those of `count` by
 * PROMO_Q_AUDIT_INSERT, and what repeats by PROMO_Q_AUDIT_FOLD. Both belong into the transaction of
 * what they tell; neither is run for nothing. */
struct promo_audit_batch {
	struct promo_arena *arena;
	struct promo_audit_folds *folds;
	int64_t writer;
	size_t max, count, fold_count;
	/* One column after the other, each with room for `max` values. */
	const char **columns, **fold_columns;
	struct promo_audit_fold *folded;
};
/* With `folds` NULL nothing is folded: fold_count stays 0. */
int promo_audit_batch_init(struct promo_audit_batch *batch, struct promo_arena *arena,
	struct promo_audit_folds *folds, int64_t writer, size_t max) PROMO_CHECK;
/* Adds a row, whose texts are borrowed until the parameters are taken. Where `if_redemption` is
 * given, the row is written only if this transaction has inserted the redemption of that id, or the
 * attempt that was refused, by then: who was overtaken leaves no trace. */
int promo_audit_batch_add(struct promo_audit_batch *batch, const struct promo_audit_row *row,
	const char *if_redemption) PROMO_CHECK;
/* Adds the parameters of PROMO_Q_AUDIT_INSERT, where count > 0. */
void promo_audit_batch_params(const struct promo_audit_batch *batch, struct promo_params *params);
/* Adds the parameters of PROMO_Q_AUDIT_FOLD, where fold_count > 0. */
void promo_audit_batch_fold_params(
	const struct promo_audit_batch *batch, struct promo_params *params);

/* One changed field of a row: values as JSON texts. */
struct promo_audit_changed {
	const char *field, *before, *after;
};

/* Notes on what the operation acted. Both texts have to outlive the operation. */
void promo_audit_entity(struct promo_ctx *ctx, const char *kind, const char *id);

/* Notes a changed field; the values are those of `field` of the schema in two structs, either of
 * which may be NULL (nothing before, nothing after). promo_audit_change_hidden() says that it
 * changed and not how: for names, addresses, phones and secrets. */
int promo_audit_change(struct promo_ctx *ctx, const struct promo_schema *schema, const char *field,
	const void *before, const void *after) PROMO_CHECK;
int promo_audit_change_json(struct promo_ctx *ctx, const char *field, const char *before,
	const char *after) PROMO_CHECK; /* the same of values that are JSON already */
int promo_audit_change_hidden(struct promo_ctx *ctx, const char *field) PROMO_CHECK;

PROMO_END_DECLS
