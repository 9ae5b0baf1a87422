/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/audit.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "libpromo/model/ref.h"
#include "libpromo/ops/auth.h"
#include "libpromo/ops/call.h"
#include "libpromo/store/rows_access.h"
#include "libpromo/store/store.h"

enum {
	CHANGES_MAX = 256 /* as many as there are settings */
};

int promo_audit_open(struct promo_store *store, struct promo_arena *arena, const char *process,
	int64_t *ret_writer)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_writer_row writer;
	int r;

	promo_param_text(&params, process);
	r = promo_store_one(store, arena, PROMO_Q_AUDIT_OPEN, &params, &writer);
	if (r)
		return r;
	*ret_writer = writer.id;
	return 0;
}

bool promo_audit_of_call(
	const struct promo_call *call, int64_t writer, int error, struct promo_audit_row *ret)
{
	const struct promo_permission_member *member = call->ctx.problem.members;
	const struct promo_op *op = call->ctx.op;

	if (op->flags & PROMO_OP_UNAUDITED)
		return false;
	*ret = (struct promo_audit_row){
		.writer = writer,
		.actor = &call->actor,
		.request = &call->request,
		.action = op->name,
		.permission = promo_permission_key(promo_auth_permission(op, call->in)),
		.error = error,
		.note = &call->ctx.audit,
		.hash_key = call->ctx.config->hash_key,
		.reads = !(op->flags & PROMO_OP_WRITES),
	};
	if (error == PROMO_E_FORBIDDEN &&
		call->ctx.problem.member_schema == &promo_permission_member_schema && member &&
		member->permission)
		ret->permission = member->permission;
	return true;
}

int promo_audit_write(struct promo_store *store, struct promo_arena *arena,
	struct promo_audit_folds *folds, const struct promo_audit_row *row)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_audit_batch batch;
	int r;

	r = promo_audit_batch_init(&batch, arena, folds, row->writer, 1);
	if (!r)
		r = promo_audit_batch_add(&batch, row, /* if_redemption= */ NULL);
	if (r)
		return r;
	if (batch.fold_count > 0) {
		promo_audit_batch_fold_params(&batch, &params);
		return promo_store_exec(store, PROMO_Q_AUDIT_FOLD, &params, NULL);
	}
	promo_audit_batch_params(&batch, &params);
	return promo_store_exec(store, PROMO_Q_AUDIT_INSERT, &params, NULL);
}

bool promo_audit_writer_closed(const struct promo_store *store)
{
	const char *constraint = promo_store_constraint(store);

	return constraint && strcmp(constraint, "audit_log_seq_check") == 0;
}

void promo_audit_entity(struct promo_ctx *ctx, const char *kind, const char *id)
{
	ctx->audit.entity_kind = kind;
	ctx->audit.entity_id = id;
}

static int add_change(struct promo_ctx *ctx, struct promo_audit_changed change)
{
	struct promo_objects *changes = &ctx->audit.changes;
	struct promo_audit_changed *items;

	assert(changes->count < CHANGES_MAX);
	items = promo_arena_alloc_array(ctx->arena, changes->count + 1, sizeof(*items));
	if (!items)
		return promo_fault(-ENOMEM, "could not note a change");
	if (changes->count > 0)
		memcpy(items, changes->items, changes->count * sizeof(*items));
	items[changes->count] = change;
	*changes = (struct promo_objects){ .items = items, .count = changes->count + 1 };
	return 0;
}

int promo_audit_change(struct promo_ctx *ctx, const struct promo_schema *schema, const char *field,
	const void *before, const void *after)
{
	const struct promo_field *found = promo_schema_field(schema, field);
	struct promo_audit_changed change = { .field = field };
	int r = 0;

	assert(found && found->kind != PROMO_SECRET);
	if (before)
		r = promo_encode_value(found, before, ctx->arena, &change.before);
	if (!r && after)
		r = promo_encode_value(found, after, ctx->arena, &change.after);
	if (r)
		return r;
	return add_change(ctx, change);
}

int promo_audit_change_json(
	struct promo_ctx *ctx, const char *field, const char *before, const char *after)
{
	return add_change(ctx, (struct promo_audit_changed){ field, before, after });
}

int promo_audit_change_hidden(struct promo_ctx *ctx, const char *field)
{
	return add_change(ctx, (struct promo_audit_changed){ .field = field });
}
